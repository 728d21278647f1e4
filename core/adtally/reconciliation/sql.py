"""The few aggregate queries behind the facts: integers only, no FULL JOIN, no date functions, no REAL.

Days are epoch days and arrive as parameters; text days only where a small table holds them as text.
"""

BELIEVED_NOW = "CREATE TEMP VIEW believed AS SELECT * FROM main.delivery_facts"
"""The rows that the facts are made of; they read them under the name ``believed``."""

BELIEVED_AT = """
CREATE TEMP VIEW believed AS
SELECT * FROM main.delivery_facts WHERE as_of <= {instant}
UNION ALL
SELECT {columns} FROM main.delivery_facts_history WHERE as_of <= {instant} AND superseded_at > {instant}
"""
"""The same rows as they were believed at an instant, in epoch seconds."""

METRICS = (
    "impressions",
    "measurable_impressions",
    "viewable_impressions",
    "clicks",
    "interactions",
    "engagements",
    "video_views",
    "video_completions",
    "leads",
    "installs",
    "conversions_micros",
    "purchases",
    "revenue_micros",
    "billable_units",
    "cost_micros",
    "credited_micros",
)

_SUMS = ", ".join(f"SUM(d.{name}) AS {name}, COUNT(d.{name}) AS {name}_known" for name in METRICS)

CAMPAIGN_SEGMENTS = f"""
SELECT m.account_key, e.campaign_id, c.text AS currency, s.segment, COUNT(*) AS row_count,
  MIN(d.view_definition) AS one_view, MAX(d.view_definition) AS other_view, MAX(d.as_of) AS as_of, {_SUMS}
FROM money_feeds AS m
  JOIN believed AS d ON d.feed = m.feed AND d.day BETWEEN :first AND :last
  JOIN segments AS s ON d.day BETWEEN s.first_day AND s.last_day
  JOIN entities AS e ON e.entity = d.entity
  JOIN texts AS c ON c.text_key = d.currency
GROUP BY m.account_key, e.campaign_id, c.text, s.segment
ORDER BY m.account_key, e.campaign_id, c.text, s.segment
"""

ACCOUNT_COST = """
SELECT c.text AS currency, COUNT(*) AS row_count, COUNT(d.cost_micros) AS cost_known,
  SUM(d.cost_micros) AS cost
FROM money_feeds AS m
  JOIN accounts AS a ON a.account_key = m.account_key
  JOIN believed AS d ON d.feed = m.feed AND d.day BETWEEN :first AND :last
  JOIN texts AS c ON c.text_key = d.currency
WHERE a.platform = :platform AND a.account_id = :account_id
GROUP BY c.text
ORDER BY c.text
"""

CELLS = """
SELECT m.account_key, f.final_cost, f.final_clicks, f.final_conversions, u.first_day, u.last_day, u.done_on,
  u.done_at
FROM money_feeds AS m JOIN feeds AS f ON f.feed = m.feed JOIN unit_cells AS u ON u.feed = m.feed
WHERE u.first_done_at <= :known_at AND u.first_day <= :last AND u.last_day >= :first
"""

ACCOUNTS = """
SELECT account_key, connector, platform, account_id, name, currency, timezone FROM accounts
"""

CAMPAIGN_NAMES = """
SELECT a.platform, k.account_id, k.campaign_id, k.name
FROM campaigns AS k JOIN accounts AS a ON a.connector = k.connector AND a.account_id = k.account_id
"""

TERMS = """
SELECT t.connector, t.account_id, t.level, t.entity_id, t.campaign_id, t.valid_from, t.valid_to, t.assumed,
  t.model, t.rate_micros, t.kind
FROM terms AS t
WHERE t.valid_from <= :last_text AND (t.valid_to IS NULL OR t.valid_to >= :first_text)
ORDER BY t.connector, t.account_id, t.level, t.entity_id, t.valid_from
"""

EVIDENCE = """
SELECT v.key_value, v.source_id, v.kind, v.evidence_class,
  SUM(COALESCE(v.quantity_micros, 1000000)) AS quantity_micros, COUNT(*) AS records
FROM evidence_facts AS v
WHERE v.day BETWEEN :first AND :last AND v.key_kind IN ('campaign_id', 'utm_id')
  AND v.status NOT IN ('cancelled', 'test', 'duplicate', 'invalid', 'refunded', 'rejected')
GROUP BY v.key_value, v.source_id, v.kind, v.evidence_class
ORDER BY v.key_value, v.source_id, v.kind, v.evidence_class
"""

DOCUMENTS = """
SELECT i.connector, a.platform, i.invoice_id, i.number, i.account_id, i.kind, i.issue_day, i.first_day,
  i.last_day, i.currency, i.subtotal_micros, i.adjustments_micros, i.fees_micros, i.tax_micros,
  i.total_micros, i.purchase_order
FROM invoices AS i
  JOIN (SELECT DISTINCT connector, platform FROM accounts) AS a ON a.connector = i.connector
WHERE COALESCE(i.last_day, i.issue_day) BETWEEN :first_text AND :last_text
  AND i.status NOT IN ('open', 'draft', 'pending', 'void') AND COALESCE(i.issue_day, '') <= :known_on
ORDER BY a.platform, i.connector, i.invoice_id
"""

LINES = """
SELECT a.platform, l.invoice_id, l.line, l.account_id, l.campaign_id, l.campaign_name, l.kind, l.description,
  l.quantity, l.unit, l.per, l.unit_price_micros, l.price_is_average, l.amount_micros, l.served_micros,
  l.jurisdiction, l.purchase_order, l.budget_id, l.original_invoice_id
FROM invoice_lines AS l
  JOIN (SELECT DISTINCT connector, platform FROM accounts) AS a ON a.connector = l.connector
ORDER BY a.platform, l.invoice_id, l.line
"""

DOCUMENT_ACCOUNTS = """
SELECT connector, invoice_id, account_id FROM invoice_accounts ORDER BY connector, invoice_id, account_id
"""

LINKS = (
    "SELECT connector, invoice_id, kind, other_id FROM invoice_links ORDER BY connector, invoice_id, other_id"
)

DELIVERY_DAYS = """
SELECT MIN(u.first_day), MAX(u.last_day)
FROM money_feeds AS m JOIN unit_cells AS u ON u.feed = m.feed
WHERE u.done_at IS NOT NULL AND u.rows > 0
"""

DOCUMENT_DAYS = """
SELECT MIN(COALESCE(last_day, issue_day)), MAX(COALESCE(last_day, issue_day)) FROM invoices
"""
