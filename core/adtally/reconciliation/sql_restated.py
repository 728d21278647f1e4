"""The queries about numbers that changed after a bill: one pass over the history of the month's days."""

from . import sql

ISSUED = """
CREATE TEMP TABLE IF NOT EXISTS issued (account_key INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT
"""
"""The instant up to which numbers can be in an account's bill."""

FORGET_ISSUED = "DELETE FROM temp.issued"

CHANGED = """
CREATE TEMP TABLE IF NOT EXISTS changed_since (
  account_key INTEGER NOT NULL, campaign_id TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (account_key, campaign_id)
) STRICT, WITHOUT ROWID
"""

FORGET_CHANGED = "DELETE FROM temp.changed_since"

FILL_CHANGED = """
INSERT INTO temp.changed_since
SELECT DISTINCT m.account_key, e.campaign_id, b.at
FROM issued AS b
  JOIN money_feeds AS m ON m.account_key = b.account_key
  JOIN delivery_facts_history AS h ON h.feed = m.feed AND h.day BETWEEN :first AND :last
    AND h.as_of <= b.at AND h.superseded_at > b.at AND h.superseded_at <= :known_at
  JOIN entities AS e ON e.entity = h.entity
"""
"""The campaigns of which a row that was believed then is not believed any more."""

SYNCED = "SELECT 1 FROM runs WHERE command = 'sync' AND started_at >= :over AND started_at < :until LIMIT 1"

_COLUMNS = ", ".join(f"d.{name}" for name in sql.METRICS)

_BELIEVED_THEN = f"""
SELECT b.account_key, e.campaign_id, d.day, d.currency, d.view_definition, {_COLUMNS}
FROM (SELECT account_key, MIN(at) AS at FROM changed_since GROUP BY account_key) AS b
  JOIN money_feeds AS m ON m.account_key = b.account_key
  JOIN {{table}} AS d ON d.feed = m.feed AND d.day BETWEEN :first AND :last AND d.as_of <= b.at {{still}}
  JOIN entities AS e ON e.entity = d.entity
WHERE EXISTS (
  SELECT 1 FROM changed_since AS k WHERE k.account_key = b.account_key AND k.campaign_id = e.campaign_id
)
"""

_SUMS = ", ".join(f"SUM(d.{name}) AS {name}, COUNT(d.{name}) AS {name}_known" for name in sql.METRICS)

THEN = f"""
SELECT d.account_key, d.campaign_id, c.text AS currency, s.segment, COUNT(*) AS row_count,
  MIN(d.view_definition) AS one_view, MAX(d.view_definition) AS other_view, {_SUMS}
FROM (
  {_BELIEVED_THEN.format(table="delivery_facts", still="")}
  UNION ALL
  {_BELIEVED_THEN.format(table="delivery_facts_history", still="AND d.superseded_at > b.at")}
) AS d
  JOIN segments AS s ON d.day BETWEEN s.first_day AND s.last_day
  JOIN texts AS c ON c.text_key = d.currency
GROUP BY d.account_key, d.campaign_id, c.text, s.segment
ORDER BY d.account_key, d.campaign_id, c.text, s.segment
"""
"""The one version of each row that was believed at the instant: versions are never added up."""

_CLOSED = "i.status NOT IN ('open', 'draft', 'pending', 'void') AND i.issue_day <= :known_on"

_PLATFORMS = "(SELECT DISTINCT connector, platform FROM accounts)"

CREDITS = f"""
SELECT a.platform, i.connector, i.invoice_id, i.issue_day, i.currency,
  CASE WHEN l.account_id = '' THEN i.account_id ELSE l.account_id END AS account_id, l.line, l.campaign_id,
  l.campaign_name, l.first_day, l.last_day, l.original_invoice_id, -l.amount_micros AS amount_micros
FROM invoices AS i JOIN {_PLATFORMS} AS a ON a.connector = i.connector
  JOIN {sql.LINES_OF_BILLS} AS l ON l.connector = i.connector AND l.invoice_id = i.invoice_id
WHERE {_CLOSED} AND i.issue_day > :issued_text AND l.amount_micros < 0
  AND (l.kind IN ('credit', 'invalid_traffic', 'adjustment') OR (i.kind = 'credit_memo' AND l.kind = 'media'))
UNION ALL
SELECT a.platform, i.connector, i.invoice_id, i.issue_day, i.currency, i.account_id, '', '', '',
  i.first_day, i.last_day, '', COALESCE(i.tax_micros, 0) - i.total_micros
FROM invoices AS i JOIN {_PLATFORMS} AS a ON a.connector = i.connector
WHERE {_CLOSED} AND i.issue_day > :issued_text AND i.kind = 'credit_memo'
  AND i.total_micros - COALESCE(i.tax_micros, 0) < 0
  AND NOT EXISTS (
    SELECT 1 FROM {sql.LINES_OF_BILLS} AS l WHERE l.connector = i.connector AND l.invoice_id = i.invoice_id
  )
ORDER BY 1, 4, 2, 3, 7
"""
"""Lines that give money back, and credit memos without lines; amounts above zero, without tax."""
