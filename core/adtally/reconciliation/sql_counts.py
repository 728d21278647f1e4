"""The queries about counts of others: integers only, each once a month and only where it is needed."""

from . import sql

SESSIONS = """
SELECT f.account_key, v.key_kind, v.key_value,
  CASE WHEN v.key_kind = 'campaign_id' THEN v.refers_to ELSE '' END AS account_hint,
  SUM(COALESCE(v.quantity_micros, 1000000)) AS quantity_micros
FROM believed_evidence AS v JOIN feeds AS f ON f.feed = v.feed
WHERE v.day BETWEEN :first AND :last AND v.kind = 'session' AND v.evidence_class IN ('E2', 'E3')
GROUP BY f.account_key, v.key_kind, v.key_value, account_hint
ORDER BY f.account_key, v.key_kind, v.key_value, account_hint
"""

TRAILING = "CREATE TEMP TABLE IF NOT EXISTS trailing (account_key INTEGER PRIMARY KEY)"

FORGET_TRAILING = "DELETE FROM temp.trailing"

CLICKS = """
SELECT m.account_key, e.campaign_id, SUM(d.clicks) AS clicks
FROM temp.trailing AS t JOIN money_feeds AS m ON m.account_key = t.account_key
  JOIN believed AS d ON d.feed = m.feed AND d.day BETWEEN :first AND :last
  JOIN entities AS e ON e.entity = d.entity
GROUP BY m.account_key, e.campaign_id
HAVING COUNT(*) = COUNT(d.clicks)
ORDER BY m.account_key, e.campaign_id
"""
"""Of campaigns whose clicks are known in every row."""

CREDITS = f"""
SELECT p.platform, i.connector, i.invoice_id, i.number, i.account_id, i.first_day, i.last_day, i.issue_day,
  i.currency, l.line, l.account_id, l.campaign_id, l.campaign_name, l.amount_micros, l.first_day,
  l.last_day, l.original_invoice_id,
  (SELECT MIN(k.other_id) FROM invoice_links AS k
   WHERE k.connector = i.connector AND k.invoice_id = i.invoice_id AND k.kind = 'corrects') AS corrects
FROM {sql.LINES_OF_BILLS} AS l
  JOIN invoices AS i ON i.connector = l.connector AND i.invoice_id = l.invoice_id
  JOIN (SELECT DISTINCT connector, platform FROM accounts) AS p ON p.connector = i.connector
WHERE i.status NOT IN ('open', 'draft', 'pending', 'void') AND COALESCE(i.issue_day, '') <= :known_on
  AND l.amount_micros < 0 AND (l.kind = 'invalid_traffic'
    OR (l.kind IN ('credit', 'adjustment') AND LOWER(l.description) LIKE '%invalid%'))
  AND COALESCE(l.last_day, i.last_day, i.issue_day) >= :first_text
ORDER BY p.platform, i.connector, i.invoice_id, l.line
"""
"""What was ever given back for invalid traffic, for the days of a month or later ones."""

PERIODS = """
SELECT p.platform, i.invoice_id, i.number, i.first_day, i.last_day
FROM invoices AS i JOIN (SELECT DISTINCT connector, platform FROM accounts) AS p
  ON p.connector = i.connector
WHERE i.first_day IS NOT NULL AND i.last_day IS NOT NULL
ORDER BY p.platform, i.invoice_id
"""

BILLED_ACCOUNTS = """
SELECT connector, invoice_id, account_id FROM invoice_accounts ORDER BY connector, invoice_id, account_id
"""
