"""The queries about documents and what they rest on: chains, exchange rates, fees by country."""

from . import sql

_CLOSED = "i.status NOT IN ('open', 'draft', 'pending', 'void') AND COALESCE(i.issue_day, '') <= :known_on"

_PLATFORMS = "(SELECT DISTINCT connector, platform FROM accounts)"

HEADS = f"""
SELECT i.connector, a.platform, i.invoice_id, i.number, i.account_id, i.kind,
  COALESCE(i.last_day, i.issue_day) AS judged_day, COALESCE(i.issue_day, i.last_day) AS day, i.currency,
  i.total_micros
FROM invoices AS i JOIN {_PLATFORMS} AS a ON a.connector = i.connector
WHERE {_CLOSED}
ORDER BY a.platform, i.connector, i.invoice_id
"""

NAMING_LINES = f"""
SELECT l.connector, l.invoice_id, l.line, l.amount_micros, l.original_invoice_id
FROM {sql.LINES_OF_BILLS} AS l
WHERE l.original_invoice_id <> ''
ORDER BY l.connector, l.invoice_id, l.line
"""

LINKS = sql.LINKS

DOCUMENT_ACCOUNTS = sql.DOCUMENT_ACCOUNTS

RATES = """
SELECT day, num, den, source FROM fx_rates
WHERE base = :base AND quote = :quote AND day BETWEEN :first_text AND :last_text
ORDER BY day DESC
"""

FEE_LINES = f"""
SELECT a.platform, i.connector, i.invoice_id, i.account_id AS billed_to, i.currency, i.first_day, i.last_day,
  COALESCE(i.last_day, i.issue_day) AS judged_day, l.line, l.account_id, l.description, l.jurisdiction,
  l.amount_micros, l.first_day AS line_first_day, l.last_day AS line_last_day
FROM {sql.LINES_OF_BILLS} AS l JOIN invoices AS i ON i.connector = l.connector AND i.invoice_id = l.invoice_id
  JOIN {_PLATFORMS} AS a ON a.connector = i.connector
WHERE {_CLOSED} AND l.kind = 'fee' AND l.jurisdiction <> '' AND i.kind NOT IN ('charge', 'refund')
  AND COALESCE(l.last_day, i.last_day, i.issue_day) BETWEEN :first_text AND :last_text
ORDER BY a.platform, i.connector, i.invoice_id, l.line
"""

COUNTRY_COSTS = """
SELECT a.platform, a.account_id, c.text AS currency, d.day, d.country, COUNT(*) AS row_count,
  COUNT(d.cost_micros) AS cost_known, SUM(d.cost_micros) AS cost_micros, MAX(d.as_of) AS as_of
FROM feeds AS f JOIN accounts AS a ON a.account_key = f.account_key
  JOIN believed_countries AS d ON d.feed = f.feed AND d.day BETWEEN :first AND :last
  JOIN texts AS c ON c.text_key = d.currency
WHERE f.records LIKE '%CountryCost%'
GROUP BY a.platform, a.account_id, c.text, d.day, d.country
ORDER BY a.platform, a.account_id, c.text, d.day, d.country
"""
