"""The queries about evidence: integers only, one pass over the month's rows."""

REFUSED = (
    "'cancelled', 'test', 'duplicate', 'invalid', 'refunded', 'rejected', 'failed', 'pending', 'not_found'"
)
"""Statuses of records that confirm nothing: refused, taken back, or not decided yet."""

LISTED = """
CREATE TEMP TABLE IF NOT EXISTS listed (
  key_kind TEXT NOT NULL, key_value TEXT NOT NULL, platform TEXT NOT NULL, account_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL, PRIMARY KEY (key_kind, key_value)
) STRICT, WITHOUT ROWID
"""
"""The campaigns of click, lead and order ids by the billers' own lists; ids of two campaigns are left out."""

FORGET_LISTED = "DELETE FROM temp.listed"

FILL_LISTED = """
INSERT INTO temp.listed
SELECT v.key_kind, v.key_value, MIN(a.platform), MIN(a.account_id), MIN(v.refers_to)
FROM believed_evidence AS v JOIN feeds AS f ON f.feed = v.feed
  JOIN accounts AS a ON a.account_key = f.account_key
WHERE v.evidence_class = 'E0' AND v.refers_to <> '' AND v.key_value <> ''
  AND v.key_kind IN ('click_id', 'lead_id', 'order_id')
GROUP BY v.key_kind, v.key_value
HAVING MIN(a.platform) = MAX(a.platform) AND MIN(a.account_id) = MAX(a.account_id)
  AND MIN(v.refers_to) = MAX(v.refers_to)
"""

SUMS = f"""
SELECT f.account_key, v.source_id, v.kind, v.evidence_class, v.flags, v.key_kind,
  CASE WHEN v.key_kind IN ('click_id', 'lead_id', 'order_id') THEN '' ELSE v.key_value END AS key,
  CASE WHEN v.key_kind = 'campaign_id' THEN v.refers_to ELSE '' END AS account_hint,
  l.platform, l.account_id, l.campaign_id,
  SUM(COALESCE(v.quantity_micros, 1000000)) AS quantity_micros, COUNT(*) AS records,
  MIN(v.day) AS first_day, MAX(v.day) AS last_day
FROM believed_evidence AS v JOIN feeds AS f ON f.feed = v.feed
  LEFT JOIN temp.listed AS l ON l.key_kind = v.key_kind AND l.key_value = v.key_value
WHERE v.day BETWEEN :first AND :last AND v.evidence_class <> 'E0' AND v.status NOT IN ({REFUSED})
GROUP BY f.account_key, v.source_id, v.kind, v.evidence_class, v.flags, v.key_kind, key, account_hint,
  l.platform, l.account_id, l.campaign_id
ORDER BY f.account_key, v.source_id, v.kind, v.evidence_class, v.flags, v.key_kind, key, account_hint,
  l.platform, l.account_id, l.campaign_id
"""

CELLS = """
SELECT f.account_key, a.timezone, f.final_cost, f.final_clicks, f.final_conversions, u.first_day, u.last_day,
  u.done_on, u.done_at, u.previous_done_at, f.cadence
FROM feeds AS f JOIN accounts AS a ON a.account_key = f.account_key JOIN unit_cells AS u ON u.feed = f.feed
WHERE f.records LIKE '%Evidence%'
  AND u.first_done_at <= :known_at AND u.first_day <= :last AND u.last_day >= :first
"""

FILES = """
SELECT DISTINCT f.account_key FROM feeds AS f WHERE f.records LIKE '%Evidence%' AND f.cadence = 'file'
"""
