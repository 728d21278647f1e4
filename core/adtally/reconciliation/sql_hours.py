"""The queries about hours: only for accounts and days where a bill names another time zone."""

from . import sql

ZONES = """
SELECT i.connector, a.platform, i.invoice_id, i.number, i.account_id, i.timezone
FROM invoices AS i
  JOIN (SELECT DISTINCT connector, platform FROM accounts) AS a ON a.connector = i.connector
WHERE i.timezone <> '' AND i.status NOT IN ('open', 'draft', 'pending', 'void')
  AND COALESCE(i.issue_day, '') <= :known_on
ORDER BY COALESCE(i.issue_day, i.last_day, ''), i.connector, i.invoice_id
"""

EDGE_DAYS = """
CREATE TEMP TABLE IF NOT EXISTS edge_days (
  account_key INTEGER NOT NULL, day INTEGER NOT NULL, PRIMARY KEY (account_key, day)
) STRICT, WITHOUT ROWID
"""

FORGET_EDGE_DAYS = "DELETE FROM temp.edge_days"

HOUR_FEEDS = "(SELECT feed, account_key FROM feeds WHERE records LIKE '%HourlyCost%')"

CELLS = sql.CELLS.replace("money_feeds", HOUR_FEEDS)

EDGE_HOURS = """
CREATE TEMP TABLE IF NOT EXISTS edge_hours (
  feed INTEGER NOT NULL, day INTEGER NOT NULL, account_key INTEGER NOT NULL, PRIMARY KEY (feed, day)
) STRICT, WITHOUT ROWID
"""
"""The days by the feeds that bring their hours, so that these are looked up and not gone through."""

FORGET_EDGE_HOURS = "DELETE FROM temp.edge_hours"

FILL_EDGE_HOURS = f"""
INSERT INTO temp.edge_hours
SELECT m.feed, w.day, w.account_key
FROM edge_days AS w JOIN {HOUR_FEEDS} AS m ON m.account_key = w.account_key
"""

HOURS = """
SELECT w.account_key, w.day, h.hour, h.span_hours, c.text AS currency, COUNT(*) AS row_count,
  COUNT(h.cost_micros) AS cost_known, SUM(h.cost_micros) AS cost_micros
FROM edge_hours AS w
  CROSS JOIN believed_hours AS h
  JOIN texts AS c ON c.text_key = h.currency
WHERE h.feed = w.feed AND h.day = w.day
GROUP BY w.account_key, w.day, h.hour, h.span_hours, c.text
ORDER BY w.account_key, w.day, h.hour, h.span_hours, c.text
"""

DAY_COSTS = """
SELECT w.account_key, w.day, c.text AS currency, COUNT(*) AS row_count,
  COUNT(d.cost_micros) AS cost_known, SUM(d.cost_micros) AS cost_micros
FROM edge_days AS w
  JOIN money_feeds AS m ON m.account_key = w.account_key
  JOIN believed AS d ON d.feed = m.feed AND d.day = w.day
  JOIN texts AS c ON c.text_key = d.currency
GROUP BY w.account_key, w.day, c.text
ORDER BY w.account_key, w.day, c.text
"""
