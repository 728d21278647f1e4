"""The queries about leads and sales: what billers list, what the advertiser's records say, what came back.

Integers only. Records are put into classes here, so that only counts and a few ids leave the database.
"""

from __future__ import annotations

CLASSES = {
    "accepted": ("accepted", "paid", "won"),
    "refunded": ("refunded",),
    "duplicate": ("duplicate",),
    "invalid": ("invalid", "rejected", "failed"),
    "out of area": ("out_of_area",),
    "cancelled": ("cancelled",),
    "test": ("test",),
    "not found": ("not_found",),
}
"""What each status makes of a record; any other one is undecided."""
ACCEPTED, REFUNDED, UNDECIDED, NOT_FOUND, TWICE = (
    "accepted",
    "refunded",
    "undecided",
    "not found",
    "billed twice",
)
ORDER: tuple[str, ...] = (
    ACCEPTED,
    REFUNDED,
    UNDECIDED,
    "cancelled",
    "duplicate",
    "out of area",
    "invalid",
    "test",
    NOT_FOUND,
)
"""Of several records about one lead or sale the earliest of these counts: the best for the biller."""


def _class(status: str) -> str:
    """The place in ``ORDER`` of a status."""
    cases = " ".join(
        f"WHEN {status} IN ({', '.join(map(repr, statuses))}) THEN {ORDER.index(name)}"
        for name, statuses in CLASSES.items()
    )
    return f"CASE {cases} ELSE {ORDER.index(UNDECIDED)} END"


_LOWER_BOUND = " OR ".join(
    f"(' ' || v.flags || ' ') LIKE '% {flag} %'"
    for flag in ("sampled", "thresholded", "other_row", "truncated")
)

CLAIMED = """
CREATE TEMP TABLE IF NOT EXISTS claimed (
  kind TEXT NOT NULL, id TEXT NOT NULL, platform TEXT NOT NULL, account_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL, day INTEGER NOT NULL, claims INTEGER NOT NULL, value_micros INTEGER,
  PRIMARY KEY (kind, id, platform, account_id, campaign_id)
) STRICT, WITHOUT ROWID
"""
"""The month's leads and sales by the billers' own lists; ``value_micros`` is NULL where a row has none."""

FORGET_CLAIMED = "DELETE FROM temp.claimed"

_LEFT_OUT = ", ".join(
    repr(status) for name, statuses in CLASSES.items() if name != ACCEPTED for status in statuses
)
"""Statuses of what the biller's own list says is not billed."""

FILL_CLAIMED = f"""
INSERT INTO temp.claimed
SELECT CASE v.key_kind WHEN 'lead_id' THEN 'lead' ELSE 'sale' END AS kind, v.key_value, a.platform,
  a.account_id, v.refers_to, MAX(v.day), COUNT(*),
  CASE WHEN COUNT(v.value_micros) = COUNT(*) THEN SUM(v.value_micros) END
FROM believed_evidence AS v JOIN feeds AS f ON f.feed = v.feed
  JOIN accounts AS a ON a.account_key = f.account_key
WHERE v.day BETWEEN :first AND :last AND v.evidence_class = 'E0' AND v.key_value <> '' AND v.refers_to <> ''
  AND v.key_kind IN ('lead_id', 'order_id') AND v.kind IN ('lead', 'purchase', 'order')
  AND v.status NOT IN ({_LEFT_OUT})
GROUP BY CASE v.key_kind WHEN 'lead_id' THEN 'lead' ELSE 'sale' END, v.key_value, a.platform, a.account_id,
  v.refers_to
"""

ANSWERED = """
CREATE TEMP TABLE IF NOT EXISTS answered (
  kind TEXT NOT NULL, id TEXT NOT NULL, class INTEGER NOT NULL, account_key INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID
"""
"""What the records say of the claimed ids: an order before a payment before a tag's purchase."""

FORGET_ANSWERED = "DELETE FROM temp.answered"

_IDS = {
    "record_id": "v.kind IN ('lead', 'order', 'payment', 'purchase')",
    "key_value": "v.key_kind IN ('lead_id', 'order_id') AND v.kind NOT IN ('refund', 'dispute')",
    "refers_to": "v.kind = 'payment'",
}
"""Where a record may say the id that the biller lists, and when it does."""

_ANSWERS = " UNION ALL ".join(
    f"""
SELECT c.kind, c.id, f.account_key,
  CASE v.kind WHEN 'payment' THEN 16 WHEN 'purchase' THEN 32 ELSE 0 END + {_class("v.status")} AS place
FROM feeds AS f CROSS JOIN believed_evidence AS v CROSS JOIN temp.claimed AS c
WHERE v.feed = f.feed AND v.day >= :since AND v.evidence_class IN ('E2', 'E3') AND {holds}
  AND c.kind = CASE v.kind WHEN 'lead' THEN 'lead' ELSE 'sale' END AND c.id = v.{column}
"""
    for column, holds in _IDS.items()
)

FILL_ANSWERED = f"""
INSERT INTO temp.answered
SELECT kind, id, MIN(place) % 16, MIN(account_key) FROM ({_ANSWERS}) AS answers GROUP BY kind, id
"""

_JUDGED = "FROM temp.claimed AS c LEFT JOIN temp.answered AS a ON a.kind = c.kind AND a.id = c.id"

LISTED = f"""
SELECT c.kind, c.platform, c.account_id, c.campaign_id, a.class, COUNT(*) AS ids, SUM(c.claims) AS claims,
  MAX(c.day) AS day, CASE WHEN COUNT(c.value_micros) = COUNT(*) THEN SUM(c.value_micros / c.claims) END
    AS value_micros, SUM(c.value_micros) AS all_micros
{_JUDGED}
GROUP BY c.kind, c.platform, c.account_id, c.campaign_id, a.class
ORDER BY c.kind, c.platform, c.account_id, c.campaign_id, a.class
"""
"""The billers' lists by campaign and class; NULL as class: not found."""

LISTED_IDS = f"""
SELECT kind, platform, account_id, campaign_id, class, id FROM (
  SELECT c.kind, c.platform, c.account_id, c.campaign_id, a.class, c.id, ROW_NUMBER() OVER (
      PARTITION BY c.kind, c.platform, c.account_id, c.campaign_id, a.class ORDER BY c.id) AS place
  {_JUDGED}
  WHERE a.class IS NULL OR a.class > {ORDER.index(UNDECIDED)}
) AS refused
WHERE place <= :shown
ORDER BY kind, platform, account_id, campaign_id, class, id
"""

CLAIMED_BY_SEVERAL = f"""
SELECT account_key, COUNT(*) AS ids, SUM(claimants - 1) AS duplicates, MIN(id) AS one_id FROM (
  SELECT a.account_key, c.id, COUNT(DISTINCT c.platform || ' ' || c.account_id) AS claimants
  FROM temp.claimed AS c JOIN temp.answered AS a ON a.kind = c.kind AND a.id = c.id
  WHERE c.kind = 'sale' AND a.class <= {ORDER.index(UNDECIDED)}
  GROUP BY a.account_key, c.id
) AS claims
WHERE claimants > 1
GROUP BY account_key
ORDER BY account_key
"""
"""Orders that the lists of more than one ad account claim, by the source that has them."""

RECORDS = f"""
SELECT f.account_key, v.source_id, v.kind, v.evidence_class, {_class("v.status")} AS class, v.key_kind,
  CASE WHEN v.key_kind IN ('click_id', 'lead_id', 'order_id') THEN '' ELSE v.key_value END AS key,
  CASE WHEN v.key_kind = 'campaign_id' THEN v.refers_to ELSE '' END AS account_hint,
  l.platform, l.account_id, l.campaign_id, v.currency,
  MAX(CASE WHEN {_LOWER_BOUND} THEN 1 ELSE 0 END) AS lower, MAX(v.day) AS day,
  SUM(COALESCE(v.quantity_micros, 1000000)) AS quantity_micros,
  CASE WHEN COUNT(v.value_micros) = COUNT(*) THEN SUM(v.value_micros) END AS value_micros
FROM believed_evidence AS v JOIN feeds AS f ON f.feed = v.feed
  LEFT JOIN temp.listed AS l ON l.key_kind = v.key_kind AND l.key_value = v.key_value
WHERE v.day BETWEEN :first AND :last AND v.evidence_class IN ('E2', 'E3')
  AND v.kind IN ('lead', 'order', 'payment', 'purchase')
GROUP BY f.account_key, v.source_id, v.kind, v.evidence_class, class, v.key_kind, key, account_hint,
  l.platform, l.account_id, l.campaign_id, v.currency
ORDER BY f.account_key, v.source_id, v.kind, v.evidence_class, class, v.key_kind, key, account_hint,
  l.platform, l.account_id, l.campaign_id, v.currency
"""
"""Every lead and sale of the month by its key and class; those without a key count among all of a source."""

_TAKEN_BACK = """(
  (v.kind = 'refund' AND v.status NOT IN ('cancelled', 'test', 'duplicate', 'invalid', 'rejected', 'failed',
    'pending', 'not_found'))
  OR (v.kind = 'dispute' AND v.status = 'lost'))"""

RETURNED = """
CREATE TEMP TABLE IF NOT EXISTS returned (
  account_key INTEGER NOT NULL, sale TEXT NOT NULL, day INTEGER NOT NULL, value_micros INTEGER,
  is_gross INTEGER NOT NULL, PRIMARY KEY (account_key, sale, day)
) STRICT, WITHOUT ROWID
"""
"""What came back of each sale on each day; ``value_micros`` is NULL where a row says no amount: all of it."""

FORGET_RETURNED = "DELETE FROM temp.returned"

FILL_RETURNED = f"""
INSERT INTO temp.returned
SELECT f.account_key, v.refers_to, v.day,
  CASE WHEN COUNT(v.value_micros) = COUNT(*) THEN SUM(ABS(v.value_micros)) END,
  MAX(CASE WHEN (' ' || v.flags || ' ') LIKE '% gross %' OR (' ' || v.flags || ' ') LIKE '% with_tax %'
    THEN 1 ELSE 0 END)
FROM believed_evidence AS v JOIN feeds AS f ON f.feed = v.feed
WHERE v.day >= :since AND v.evidence_class IN ('E2', 'E3') AND {_TAKEN_BACK}
GROUP BY f.account_key, v.refers_to, v.day
"""

OWED = """
CREATE TEMP TABLE IF NOT EXISTS owed (
  id TEXT NOT NULL, platform TEXT NOT NULL, account_id TEXT NOT NULL, campaign_id TEXT NOT NULL,
  PRIMARY KEY (id, platform, account_id, campaign_id)
) STRICT, WITHOUT ROWID
"""
"""The orders on billers' lists, also those of earlier months and those that several claim."""

FORGET_OWED = "DELETE FROM temp.owed"

FILL_OWED = f"""
INSERT INTO temp.owed
SELECT DISTINCT v.key_value, a.platform, a.account_id, v.refers_to
FROM believed_evidence AS v JOIN feeds AS f ON f.feed = v.feed
  JOIN accounts AS a ON a.account_key = f.account_key
WHERE v.day BETWEEN :since AND :last AND v.evidence_class = 'E0' AND v.key_kind = 'order_id'
  AND v.key_value <> '' AND v.refers_to <> '' AND v.status NOT IN ({_LEFT_OUT})
"""

SOLD = f"""
SELECT f.account_key, v.source_id, v.kind, v.record_id, {_class("v.status")} AS class, v.day AS sold_on,
  v.value_micros, v.currency, v.key_kind,
  CASE WHEN v.key_kind IN ('click_id', 'lead_id') THEN '' ELSE v.key_value END AS key,
  CASE WHEN v.key_kind = 'campaign_id' THEN v.refers_to ELSE '' END AS account_hint,
  l.platform, l.account_id, l.campaign_id, r.day, r.value_micros AS returned_micros, r.is_gross,
  o.platform AS owed_platform, o.account_id AS owed_account, o.campaign_id AS owed_campaign
FROM feeds AS f CROSS JOIN believed_evidence AS v CROSS JOIN temp.returned AS r
  LEFT JOIN temp.listed AS l ON l.key_kind = v.key_kind AND l.key_value = v.key_value
  LEFT JOIN temp.owed AS o ON o.id = CASE WHEN v.kind = 'payment' AND v.refers_to <> '' THEN v.refers_to
    WHEN v.kind = 'payment' AND v.key_kind = 'order_id' THEN v.key_value ELSE v.record_id END
WHERE v.feed = f.feed AND v.day BETWEEN :since AND :last AND v.evidence_class IN ('E2', 'E3')
  AND v.kind IN ('order', 'payment') AND r.account_key = f.account_key AND r.sale = v.record_id
ORDER BY f.account_key, v.source_id, v.kind, v.record_id, r.day
"""
"""The sales of which something came back, whenever: a row for each day on which it did and each claimant."""

RETURNS = """
SELECT account_key, COUNT(*) AS returns FROM temp.returned
WHERE day BETWEEN :first AND :last
GROUP BY account_key
"""
"""How many sales of each source something came back of, counted by day; also of unknown sales."""

FIRST_DAYS = """
SELECT f.account_key, MIN((SELECT MIN(v.day) FROM believed_evidence AS v WHERE v.feed = f.feed)) AS first_day
FROM feeds AS f WHERE f.records LIKE '%Evidence%' GROUP BY f.account_key
"""
"""From when on each source is known."""

OPEN_DISPUTES = """
SELECT f.account_key, v.key_kind, v.key_value,
  CASE WHEN v.key_kind = 'campaign_id' THEN v.refers_to ELSE '' END AS account_hint, COUNT(*) AS disputes
FROM believed_evidence AS v JOIN feeds AS f ON f.feed = v.feed
WHERE v.kind = 'dispute' AND v.status = 'open' AND v.day BETWEEN :first AND :last
GROUP BY f.account_key, v.key_kind, v.key_value, account_hint
ORDER BY f.account_key, v.key_kind, v.key_value, account_hint
"""

REFUNDING = """
SELECT DISTINCT f.account_key FROM feeds AS f
WHERE f.records LIKE '%Evidence%' AND (f.report LIKE '%refund%' OR EXISTS (
  SELECT 1 FROM temp.returned AS r WHERE r.account_key = f.account_key))
"""
"""The sources that tell what came back."""

FEED_CELLS = """
SELECT f.feed, a.timezone, f.final_cost, f.final_clicks, f.final_conversions, u.first_day, u.last_day,
  u.done_on, u.done_at, u.previous_done_at, f.cadence
FROM feeds AS f JOIN accounts AS a ON a.account_key = f.account_key JOIN unit_cells AS u ON u.feed = f.feed
WHERE f.records LIKE '%Evidence%' AND f.cadence <> 'file'
  AND u.first_done_at <= :known_at AND u.first_day <= :last AND u.last_day >= :first
"""
"""The fetched days of each report for itself: orders may be there where refunds are not."""

FEEDS = """
SELECT f.feed, f.account_key,
  CASE WHEN f.report LIKE '%refund%' OR f.report LIKE '%dispute%' THEN 1 ELSE 0 END AS of_returns
FROM feeds AS f WHERE f.records LIKE '%Evidence%' AND f.cadence <> 'file'
ORDER BY f.feed
"""

SALES_CLAIMS = """
SELECT m.account_key, e.campaign_id, k.attribution, SUM(i.quantity_micros) AS quantity_micros
FROM feeds AS m
  JOIN believed_actions AS i ON i.feed = m.feed AND i.day BETWEEN :first AND :last
  JOIN entities AS e ON e.entity = i.entity
  JOIN actions AS k ON k.action_key = i.action
WHERE m.grain = 'campaign' AND m.records LIKE '%Interaction%' AND i.kind = 'purchase' AND i.in_total = 1
GROUP BY m.account_key, e.campaign_id, k.attribution
ORDER BY m.account_key, e.campaign_id, k.attribution
"""
"""Purchases that the platforms count in their totals."""

CARRYING = """
CREATE TEMP TABLE IF NOT EXISTS carrying (
  entity INTEGER NOT NULL, segment INTEGER NOT NULL, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL,
  PRIMARY KEY (entity, segment)
) STRICT, WITHOUT ROWID
"""
"""The months before, of the campaigns whose months below zero are carried over."""

FORGET_CARRYING = "DELETE FROM temp.carrying"

FILL_CARRYING = """
INSERT INTO temp.carrying
SELECT e.entity, :segment, :first, :last
FROM entities AS e JOIN accounts AS a ON a.account_key = e.account_key
WHERE a.platform = :platform AND a.account_id = :account_id AND e.campaign_id = :campaign_id
"""

EARLIER = """
SELECT m.account_key, e.campaign_id, s.segment, COUNT(*) AS row_count,
  COUNT(d.revenue_micros) AS revenue_known, SUM(d.revenue_micros) AS revenue_micros,
  COUNT(d.purchases) AS purchases_known, SUM(d.purchases) AS purchases,
  COUNT(d.conversions_micros) AS conversions_known, SUM(d.conversions_micros) AS conversions_micros
FROM money_feeds AS m
  JOIN believed AS d ON d.feed = m.feed AND d.day BETWEEN :first AND :last
  JOIN temp.carrying AS s ON d.day BETWEEN s.first_day AND s.last_day AND s.entity = d.entity
  JOIN entities AS e ON e.entity = d.entity
GROUP BY m.account_key, e.campaign_id, s.segment
ORDER BY m.account_key, e.campaign_id, s.segment
"""
