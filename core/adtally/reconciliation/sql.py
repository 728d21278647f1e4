"""The few aggregate queries behind the facts: integers only, no FULL JOIN, no date functions, no REAL.

Days are epoch days and arrive as parameters; text days only where a small table holds them as text.
"""

BELIEVED_NOW = "CREATE TEMP VIEW {view} AS SELECT * FROM main.{table}"
"""The rows that the facts read: delivery as ``believed``, interactions as ``believed_actions``, and so on."""

BELIEVED_AT = """
CREATE TEMP VIEW {view} AS
SELECT * FROM main.{table} WHERE as_of <= {instant}
UNION ALL
SELECT {columns} FROM main.{table}_history WHERE as_of <= {instant} AND superseded_at > {instant}
"""
"""The same rows as they were believed at an instant, in epoch seconds."""

MONEY = (
    "CREATE TEMP TABLE IF NOT EXISTS money (feed INTEGER PRIMARY KEY, account_key INTEGER, platform TEXT, "
    "account_id TEXT)",
    "DELETE FROM temp.money",
    "INSERT INTO temp.money SELECT m.feed, m.account_key, a.platform, a.account_id FROM money_feeds AS m "
    "JOIN accounts AS a ON a.account_key = m.account_key",
)
"""The feeds whose sums are money, worked out once. CROSS JOIN after it: rows are looked up by their feed,
whatever the statistics of the file, which may be older than its rows, make of it."""

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

_SUMS_OF_SUMS = ", ".join(f"SUM(x.{name}) AS {name}, SUM(x.{name}_known) AS {name}_known" for name in METRICS)

CAMPAIGN_SEGMENTS = f"""
SELECT x.account_key, e.campaign_id, c.text AS currency, x.segment, SUM(x.row_count) AS row_count,
  MIN(x.one_view) AS one_view, MAX(x.other_view) AS other_view, {_SUMS_OF_SUMS}
FROM (
  SELECT m.account_key, d.entity, d.currency, s.segment, COUNT(*) AS row_count,
    MIN(d.view_definition) AS one_view, MAX(d.view_definition) AS other_view, {_SUMS}
  FROM money AS m CROSS JOIN believed AS d CROSS JOIN segments AS s
  WHERE d.feed = m.feed AND d.day BETWEEN :first AND :last AND d.day BETWEEN s.first_day AND s.last_day
  GROUP BY m.account_key, d.entity, d.currency, s.segment
) AS x
  JOIN entities AS e ON e.entity = x.entity
  JOIN texts AS c ON c.text_key = x.currency
GROUP BY x.account_key, e.campaign_id, c.text, x.segment
ORDER BY x.account_key, e.campaign_id, c.text, x.segment
"""
"""By ad first, then by campaign: so the many rows are sorted by two integers, and by text only the few."""

ACCOUNT_COST = """
SELECT c.text AS currency, COUNT(*) AS row_count, COUNT(d.cost_micros) AS cost_known,
  SUM(d.cost_micros) AS cost
FROM money AS m CROSS JOIN believed AS d
  JOIN texts AS c ON c.text_key = d.currency
WHERE m.platform = :platform AND m.account_id = :account_id AND d.feed = m.feed
  AND d.day BETWEEN :first AND :last
GROUP BY c.text
ORDER BY c.text
"""

_CELLS = """
SELECT m.account_key, a.timezone, f.final_cost, f.final_clicks, f.final_conversions, u.first_day, u.last_day,
  u.done_on, u.done_at, u.previous_done_at, f.cadence
FROM {feeds} AS m JOIN feeds AS f ON f.feed = m.feed JOIN accounts AS a ON a.account_key = m.account_key
  JOIN unit_cells AS u ON u.feed = m.feed
WHERE u.first_done_at <= :known_at AND u.first_day <= :last AND u.last_day >= :first
"""

_GRADE = "CASE {feed}.grain WHEN 'campaign' THEN 1 WHEN 'ad_group' THEN 2 ELSE 3 END"

_ACTION_FEEDS = f"""(
  SELECT f.feed, f.account_key FROM feeds AS f
  WHERE f.records LIKE '%Interaction%' AND f.grain <> 'account' AND {_GRADE.format(feed="f")} = (
    SELECT MIN({_GRADE.format(feed="g")}) FROM feeds AS g
    WHERE g.account_key = f.account_key AND g.records LIKE '%Interaction%'
  )
)"""
"""Interactions at the coarsest grain that an account has, as ``money_feeds`` is for delivery."""

CELLS = _CELLS.format(feeds="money_feeds")

ACTION_CELLS = _CELLS.format(feeds=_ACTION_FEEDS)

ACTIONS = f"""
SELECT m.account_key, e.campaign_id, k.action, k.attribution, i.view_through, i.in_total,
  SUM(i.quantity_micros) AS quantity_micros
FROM {_ACTION_FEEDS} AS m
  JOIN believed_actions AS i ON i.feed = m.feed AND i.day BETWEEN :first AND :last
  JOIN entities AS e ON e.entity = i.entity
  JOIN actions AS k ON k.action_key = i.action
GROUP BY m.account_key, e.campaign_id, k.action, k.attribution, i.view_through, i.in_total
ORDER BY m.account_key, e.campaign_id, k.action, k.attribution, i.view_through, i.in_total
"""

TRAILS = """
SELECT x.account_key, e.campaign_id, SUM(x.impressions) AS impressions, SUM(x.interactions) AS interactions,
  MIN(x.first_shown) AS first_shown, MAX(x.last_shown) AS last_shown, MAX(x.days_shown) AS days_shown
FROM (
  SELECT m.account_key, d.entity,
    SUM(CASE WHEN d.day <= :last AND COALESCE(d.interactions, d.clicks) IS NOT NULL THEN d.impressions END)
      AS impressions,
    SUM(CASE WHEN d.day <= :last AND d.impressions IS NOT NULL THEN COALESCE(d.interactions, d.clicks) END)
      AS interactions,
    MIN(CASE WHEN d.day >= :edge AND d.impressions > 0 THEN d.day END) AS first_shown,
    MAX(CASE WHEN d.day >= :edge AND d.impressions > 0 THEN d.day END) AS last_shown,
    COUNT(CASE WHEN d.day >= :edge AND d.impressions > 0 THEN 1 END) AS days_shown
  FROM money AS m CROSS JOIN believed AS d
  WHERE d.feed = m.feed AND d.day BETWEEN :first AND :beyond
  GROUP BY m.account_key, d.entity
) AS x
  JOIN entities AS e ON e.entity = x.entity
GROUP BY x.account_key, e.campaign_id
ORDER BY x.account_key, e.campaign_id
"""
"""``days_shown`` is of the ad that was shown on the most days."""

WATCHED_DAYS = """
SELECT m.account_key, e.campaign_id, c.text AS currency, d.day, SUM(d.impressions) AS impressions,
  COUNT(*) AS row_count, COUNT(d.cost_micros) AS cost_known, SUM(d.cost_micros) AS cost_micros
FROM money AS m CROSS JOIN believed AS d
  JOIN entities AS e ON e.entity = d.entity
  JOIN texts AS c ON c.text_key = d.currency
WHERE d.feed = m.feed AND d.day BETWEEN :edge AND :beyond
  AND EXISTS (SELECT 1 FROM watched AS w WHERE w.entity = d.entity)
GROUP BY m.account_key, e.campaign_id, c.text, d.day
ORDER BY m.account_key, e.campaign_id, c.text, d.day
"""

STATUS_CHANGES = """
SELECT a.platform, k.account_id, k.level, k.entity_id, k.at, k.old, k.new
FROM changes AS k JOIN accounts AS a ON a.connector = k.connector AND a.account_id = k.account_id
WHERE k.field = 'status' AND k.level IN ('account', 'campaign')
ORDER BY a.platform, k.account_id, k.level, k.entity_id, k.at
"""

ACCOUNTS = """
SELECT a.account_key, a.connector, a.platform, a.account_id, a.name, a.currency, a.timezone, a.payment,
  EXISTS (SELECT 1 FROM money_feeds AS m WHERE m.account_key = a.account_key) AS delivers
FROM accounts AS a
ORDER BY a.account_key
"""

CAMPAIGN_SETTINGS = """
SELECT a.platform, k.account_id, k.campaign_id, k.name, k.channel, k.first_day, k.last_day
FROM campaigns AS k JOIN accounts AS a ON a.connector = k.connector AND a.account_id = k.account_id
ORDER BY a.platform, k.account_id, k.campaign_id, k.connector
"""

TERMS = """
SELECT t.connector, t.account_id, t.level, t.entity_id, t.campaign_id, t.valid_from, t.valid_to, t.assumed,
  t.model, t.rate_micros, t.kind
FROM terms AS t
WHERE t.valid_from <= :last_text AND (t.valid_to IS NULL OR t.valid_to >= :first_text)
ORDER BY t.connector, t.account_id, t.level, t.entity_id, t.valid_from
"""

_CLOSED = "i.status NOT IN ('open', 'draft', 'pending', 'void') AND COALESCE(i.issue_day, '') <= :known_on"

_PLATFORMS = "(SELECT DISTINCT connector, platform FROM accounts)"

DOCUMENTS = f"""
SELECT CASE WHEN COALESCE(i.last_day, i.issue_day) BETWEEN :first_text AND :last_text THEN 1 ELSE 0 END
    AS ends_here,
  i.connector, a.platform, i.invoice_id, i.number, i.account_id, i.kind, i.issue_day, i.first_day,
  i.last_day, i.currency, i.subtotal_micros, i.adjustments_micros, i.fees_micros, i.tax_micros,
  i.total_micros, i.purchase_order
FROM invoices AS i JOIN {_PLATFORMS} AS a ON a.connector = i.connector
WHERE {_CLOSED} AND (COALESCE(i.last_day, i.issue_day) BETWEEN :first_text AND :last_text
  OR (i.first_day <= :last_text AND i.last_day >= :first_text)
  OR (i.last_day IS NULL AND i.issue_day BETWEEN :first_text AND :issued_text))
ORDER BY a.platform, i.connector, i.invoice_id
"""

LINES = f"""
SELECT a.platform, l.invoice_id, l.connector, l.line, l.account_id, l.campaign_id, l.campaign_name, l.kind,
  l.description, l.quantity, l.unit, l.per, l.unit_price_micros, l.price_is_average, l.amount_micros,
  l.served_micros, l.jurisdiction, l.rate_ppm, l.base_micros, l.purchase_order, l.budget_id,
  l.original_invoice_id, l.first_day, l.last_day
FROM invoice_lines AS l JOIN {_PLATFORMS} AS a ON a.connector = l.connector
ORDER BY a.platform, l.invoice_id, l.connector, l.line
"""

LINES_OF_BILLS = f"""(
  SELECT i.connector, l.invoice_id, l.line, l.account_id, l.campaign_id, l.campaign_name, l.kind,
    l.description, l.jurisdiction, l.amount_micros, l.first_day, l.last_day, l.original_invoice_id
  FROM invoices AS i JOIN {_PLATFORMS} AS p ON p.connector = i.connector
    JOIN {_PLATFORMS} AS q ON q.platform = p.platform
    JOIN invoice_lines AS l ON l.connector = q.connector AND l.invoice_id = i.invoice_id
  WHERE l.connector = COALESCE(
    (SELECT MIN(o.connector) FROM invoice_lines AS o
     WHERE o.connector = i.connector AND o.invoice_id = i.invoice_id),
    (SELECT MIN(o.connector) FROM {_PLATFORMS} AS r JOIN invoice_lines AS o ON o.connector = r.connector
     WHERE r.platform = p.platform AND o.invoice_id = i.invoice_id)
  )
)"""
"""Every line under the connector of its document; another one may bring it, where that one brings none."""

DOCUMENT_ACCOUNTS = """
SELECT connector, invoice_id, account_id FROM invoice_accounts ORDER BY connector, invoice_id, account_id
"""

LINKS = (
    "SELECT connector, invoice_id, kind, other_id FROM invoice_links ORDER BY connector, invoice_id, other_id"
)

_BILLED_ACCOUNTS = """(
  SELECT connector, invoice_id, account_id FROM invoices
  UNION SELECT connector, invoice_id, account_id FROM invoice_accounts
  UNION SELECT connector, invoice_id, account_id FROM invoice_lines WHERE account_id <> ''
)"""

LAST_DOCUMENTS = f"""
SELECT a.platform, b.account_id, i.number, i.invoice_id, COALESCE(i.issue_day, i.last_day) AS day
FROM invoices AS i JOIN {_PLATFORMS} AS a ON a.connector = i.connector
  JOIN {_BILLED_ACCOUNTS} AS b ON b.connector = i.connector AND b.invoice_id = i.invoice_id
WHERE {_CLOSED}
ORDER BY day, i.invoice_id
"""

BILL_CELLS = """
SELECT a.platform, a.account_id, f.cadence, u.status, u.done_on, u.first_done_at,
  CASE WHEN u.first_day <= :last AND u.last_day >= :first THEN 1 ELSE 0 END AS of_month
FROM feeds AS f JOIN accounts AS a ON a.account_key = f.account_key JOIN unit_cells AS u ON u.feed = f.feed
WHERE f.records LIKE '%Invoice%'
"""

BALANCES = """
SELECT a.platform, b.connector, b.account_id, b.at, b.kind, b.amount_micros, b.currency
FROM balances AS b JOIN accounts AS a ON a.connector = b.connector AND a.account_id = b.account_id
ORDER BY a.platform, b.account_id, b.at, b.kind
"""

CHARGES = f"""
SELECT a.platform, i.connector, i.invoice_id, i.account_id, i.kind, COALESCE(i.issue_day, i.last_day) AS day,
  i.currency, i.adjustments_micros, i.fees_micros, i.tax_micros, i.total_micros
FROM invoices AS i JOIN {_PLATFORMS} AS a ON a.connector = i.connector
WHERE {_CLOSED} AND i.kind IN ('charge', 'refund') AND COALESCE(i.issue_day, i.last_day) IS NOT NULL
ORDER BY a.platform, i.account_id, day, i.invoice_id
"""

CHARGE_PARTS = f"""
SELECT l.connector, l.invoice_id, l.kind, SUM(l.amount_micros) AS amount_micros
FROM invoice_lines AS l JOIN invoices AS i ON i.connector = l.connector AND i.invoice_id = l.invoice_id
WHERE {_CLOSED} AND i.kind IN ('charge', 'refund') AND l.kind <> 'media'
GROUP BY l.connector, l.invoice_id, l.kind
ORDER BY l.connector, l.invoice_id, l.kind
"""

CREDITED = """
SELECT COALESCE(SUM(d.credited_micros), 0) AS credited_micros
FROM money AS m CROSS JOIN believed AS d
  JOIN texts AS c ON c.text_key = d.currency
WHERE m.platform = :platform AND m.account_id = :account_id AND c.text = :currency AND d.feed = m.feed
  AND d.day BETWEEN :first AND :last
"""

DELIVERY_DAYS = """
SELECT MIN(u.first_day), MAX(u.last_day)
FROM money_feeds AS m JOIN unit_cells AS u ON u.feed = m.feed
WHERE u.done_at IS NOT NULL AND u.rows > 0
"""

DOCUMENT_DAYS = """
SELECT MIN(COALESCE(last_day, issue_day)), MAX(COALESCE(last_day, issue_day)) FROM invoices
"""
