"""The queries about orders, budgets and logs of changes: integers only, one pass over the days."""

from ..ledger import Connection
from .sql import METRICS

LOG_CELLS = """
SELECT a.platform, a.account_id, u.first_day, u.last_day, u.done_on
FROM feeds AS f JOIN accounts AS a ON a.account_key = f.account_key
  LEFT JOIN unit_cells AS u ON u.feed = f.feed AND u.last_day >= :first AND u.first_done_at <= :known_at
WHERE f.records LIKE '%Change%'
ORDER BY a.platform, a.account_id, u.first_day
"""

BUDGET_CHANGES = """
SELECT a.platform, k.account_id, k.entity_id, k.at, k.old, k.new
FROM changes AS k JOIN accounts AS a ON a.connector = k.connector AND a.account_id = k.account_id
WHERE k.field = 'budget_micros' AND k.level IN ('account', 'campaign')
ORDER BY a.platform, k.account_id, k.entity_id, k.at
"""

CONTROLS = """
SELECT a.platform, k.account_id, k.campaign_id, k.status, k.budget_id, k.budget_micros, k.budget_period
FROM campaigns AS k JOIN accounts AS a ON a.connector = k.connector AND a.account_id = k.account_id
ORDER BY a.platform, k.account_id, k.campaign_id, k.connector
"""

BUDGETED = """
CREATE TEMP TABLE IF NOT EXISTS budgeted (
  entity INTEGER PRIMARY KEY, account_key INTEGER NOT NULL, budget INTEGER NOT NULL, floor INTEGER NOT NULL
)
"""
"""The entities of each budget, and the cost in micros above which a day may be too much."""

FORGET_BUDGETED = "DELETE FROM temp.budgeted"

FILL_BUDGETED = """
INSERT OR IGNORE INTO temp.budgeted
SELECT entity, account_key, ?, ? FROM entities WHERE account_key = ? AND campaign_id = ?
"""

FEEDS = "CREATE TEMP TABLE IF NOT EXISTS needed_feeds (feed INTEGER PRIMARY KEY)"
"""The feeds of the accounts that have such budgets or orders: no other rows are looked at."""

FORGET_FEEDS = "DELETE FROM temp.needed_feeds"

FILL_FEEDS = """
INSERT INTO temp.needed_feeds
SELECT m.feed FROM money_feeds AS m WHERE m.account_key IN (SELECT k.account_key FROM temp.{table} AS k)
"""

HEAVY_DAYS = """
SELECT b.budget, d.day, SUM(d.cost_micros) AS cost_micros
FROM needed_feeds AS m CROSS JOIN believed AS d CROSS JOIN budgeted AS b
WHERE d.feed = m.feed AND d.day BETWEEN :first AND :last AND b.entity = d.entity
GROUP BY b.budget, d.day
HAVING SUM(d.cost_micros) > MAX(b.floor)
ORDER BY b.budget, d.day
"""

ORDERS = """
SELECT o.connector, a.platform, o.account_id, o.order_id, o.paid_type, o.first_day, o.last_day, o.cap_micros,
  o.currency
FROM orders AS o JOIN accounts AS a ON a.connector = o.connector AND a.account_id = o.account_id
WHERE o.cap_micros > 0 AND o.first_day IS NOT NULL AND o.first_day <= :last_text
  AND (o.last_day IS NULL OR o.last_day >= :first_text)
ORDER BY o.connector, o.account_id, o.order_id
"""

ORDERED = """
CREATE TEMP TABLE IF NOT EXISTS ordered (
  entity INTEGER NOT NULL, ordered INTEGER NOT NULL, account_key INTEGER NOT NULL, first_day INTEGER NOT NULL,
  last_day INTEGER NOT NULL, PRIMARY KEY (entity, ordered)
) WITHOUT ROWID
"""
"""The entities of each order, and the days of its flight until the month's end."""

FORGET_ORDERED = "DELETE FROM temp.ordered"

FILL_ORDERED = """
INSERT OR IGNORE INTO temp.ordered
SELECT entity, ?, account_key, ?, ? FROM entities WHERE account_key = ? AND campaign_id = ?
"""

CAMPAIGNS = """
SELECT DISTINCT account_key, campaign_id FROM entities WHERE campaign_id <> ''
ORDER BY account_key, campaign_id
"""

_SUMS = ", ".join(f"SUM(d.{name}) AS {name}, COUNT(d.{name}) AS {name}_known" for name in METRICS)

FLOWN = f"""
SELECT o.ordered, c.text AS currency, CASE WHEN d.day >= :month THEN 1 ELSE 0 END AS in_month,
  COUNT(*) AS row_count, MIN(d.view_definition) AS one_view, MAX(d.view_definition) AS other_view, {_SUMS}
FROM needed_feeds AS m CROSS JOIN believed AS d CROSS JOIN ordered AS o CROSS JOIN texts AS c
WHERE d.feed = m.feed AND d.day BETWEEN :first AND :last
  AND o.entity = d.entity AND d.day BETWEEN o.first_day AND o.last_day AND c.text_key = d.currency
GROUP BY o.ordered, c.text, in_month
ORDER BY o.ordered, c.text, in_month
"""

REFUTED_CLICKS = """
SELECT f.account_key, v.source_id, v.key_kind, v.key_value,
  CASE WHEN v.key_kind = 'campaign_id' THEN v.refers_to ELSE '' END AS account_hint, v.day,
  SUM(COALESCE(v.quantity_micros, 1000000)) AS quantity_micros
FROM believed_evidence AS v JOIN feeds AS f ON f.feed = v.feed
WHERE v.day BETWEEN :first AND :last AND v.kind = 'invalid_click' AND v.evidence_class IN ('E2', 'E3')
GROUP BY f.account_key, v.source_id, v.key_kind, v.key_value, account_hint, v.day
ORDER BY f.account_key, v.source_id, v.key_kind, v.key_value, account_hint, v.day
"""


def need_feeds(conn: Connection, table: str) -> None:
    """Limit the next query to the accounts in this temporary table."""
    conn.execute(FEEDS)
    conn.execute(FORGET_FEEDS)
    conn.execute(FILL_FEEDS.format(table=table))
