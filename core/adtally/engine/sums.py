"""Whether the grains of an account agree: their sums by month, and how far rounding explains a gap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ..calendar import Window, from_ordinal, month_name, months, to_ordinal
from ..ledger import Connection
from ..money import exponent, minor, money_text
from .day_states import GapVerdict, GrainGap
from .known_feeds import KnownFeed, retry_command, settled_days


class DaySum(NamedTuple):
    """The rows of one feed on one day. A sum is None where a row does not tell; the currency where two do."""

    rows: int
    currency: str | None
    cost_micros: int | None
    impressions: int | None
    clicks: int | None
    conversions_micros: int | None


class Side(NamedTuple):
    """One grain over some days, in one currency."""

    rows: int = 0
    cost_micros: int | None = 0
    impressions: int | None = 0
    clicks: int | None = 0


GRAINS = {"account": "the account's own total has", "ad_group": "ad groups have", "ad": "ads have"}
"""What is compared with the campaigns."""

_DAY_SUMS = """
SELECT s.day, s.row_count, c.text, s.cost_micros, s.impressions, s.clicks, s.conversions_micros
FROM (
  SELECT day, COUNT(*) AS row_count, MIN(currency) AS currency, MAX(currency) AS other,
    CASE WHEN COUNT(cost_micros) = COUNT(*) THEN SUM(cost_micros) END AS cost_micros,
    CASE WHEN COUNT(impressions) = COUNT(*) THEN SUM(impressions) END AS impressions,
    CASE WHEN COUNT(clicks) = COUNT(*) THEN SUM(clicks) END AS clicks,
    CASE WHEN COUNT(conversions_micros) = COUNT(*) THEN SUM(conversions_micros) END AS conversions_micros
  FROM delivery_facts WHERE feed = ? AND day BETWEEN ? AND ? GROUP BY day
) AS s LEFT JOIN texts AS c ON c.text_key = s.currency AND s.currency = s.other
ORDER BY s.day
"""
_OFF_STEP = """
SELECT 1 FROM delivery_facts WHERE feed = ? AND day BETWEEN ? AND ? AND cost_micros % ? <> 0 LIMIT 1
"""


def day_sums(conn: Connection, feed: int, window: Window) -> dict[int, DaySum]:
    """The sums of a feed's rows by epoch day, read in order of the key; days without rows are absent."""
    rows = conn.execute(_DAY_SUMS, (feed, to_ordinal(window.first_day), to_ordinal(window.last_day)))
    return {day: DaySum(*sums) for day, *sums in rows}


def compare_grains(
    conn: Connection, feeds: Iterable[KnownFeed], sums: Mapping[int, Mapping[int, DaySum]], window: Window
) -> Iterator[GrainGap]:
    """Each grain of one account beside its campaigns, by month and currency; ``sums`` are those of its feeds.

    Nothing where the account has no campaign rows, or only them.
    """
    of_grain: defaultdict[str, list[KnownFeed]] = defaultdict(list)
    for feed in feeds:
        of_grain[feed.grain].append(feed)
    campaigns = of_grain["campaign"]
    for grain in [grain for grain in GRAINS if campaigns and of_grain[grain]]:
        both = [*campaigns, *of_grain[grain]]
        settled = set[int].intersection(*(settled_days(feed, window) for feed in both))
        mixed = {day for feed in both for day, row in sums[feed.feed].items() if row.currency is None}
        for month in months(window):
            days = sorted(day for day in settled - mixed if from_ordinal(day) in month)
            if not days:
                continue
            own, whole = (_sides(sums, side, days) for side in (of_grain[grain], campaigns))
            span = Window(from_ordinal(days[0]), from_ordinal(days[-1]))
            for currency in sorted(own.keys() | whole.keys()):
                steps = [_step(conn, side, span, minor(currency)) for side in (of_grain[grain], campaigns)]
                left = own.get(currency, Side()), steps[0]
                right = whole.get(currency, Side()), steps[1]
                yield _gap(campaigns[0], grain, span, currency, left, right, len(days))


def _sides(
    sums: Mapping[int, Mapping[int, DaySum]], feeds: Iterable[KnownFeed], days: Iterable[int]
) -> dict[str, Side]:
    """The sums over the days by currency; a sum with an unknown part is unknown."""
    found: dict[str, Side] = {}
    for day in days:
        for feed in feeds:
            row = sums[feed.feed].get(day)
            if row is None or row.currency is None:
                continue
            side = found.get(row.currency, Side())
            found[row.currency] = Side(
                side.rows + row.rows,
                _plus(side.cost_micros, row.cost_micros),
                _plus(side.impressions, row.impressions),
                _plus(side.clicks, row.clicks),
            )
    return found


def _plus(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left + right


def _step(conn: Connection, feeds: Iterable[KnownFeed], days: Window, largest: int) -> int:
    """The step that a platform rounds cost to, in micros, as far as its rows tell.

    The largest power of ten of which every cost is a multiple, at most the currency's minor unit: what is
    rounded to 5 cents cannot be told from prices that happen to end so.
    """
    step, first, last = largest, to_ordinal(days.first_day), to_ordinal(days.last_day)
    for feed in feeds:
        while step > 1 and conn.execute(_OFF_STEP, (feed.feed, first, last, step)).fetchone():
            step //= 10
    return step


def rounding_bound(finer: tuple[int, int], coarser: tuple[int, int]) -> int:
    """The most micros by which sums of rounded costs can differ; each side is (rows, step).

    Each finer row is off by half a step at most. Coarser rows of the same step add nothing: a whole of n
    parts is less than n + 1 half steps away from them, and the gap is a multiple of the step.
    """
    (rows, step), (coarser_rows, coarser_step) = finer, coarser
    return (rows * step + (coarser_rows * coarser_step if coarser_step != step else 0)) // 2


def _gap(
    feed: KnownFeed,
    grain: str,
    days: Window,
    currency: str,
    own: tuple[Side, int],
    whole: tuple[Side, int],
    settled: int,
) -> GrainGap:
    """Judge one grain; each side comes with the step of its costs."""
    (left, step), (right, whole_step) = own, whole
    sizes = (left.rows, step), (right.rows, whole_step)
    bound = rounding_bound(*(sizes if grain != "account" else reversed(sizes)))
    cost = _minus(left.cost_micros, right.cost_micros)
    impressions, clicks = _minus(left.impressions, right.impressions), _minus(left.clicks, right.clicks)
    beyond = {
        what: gap
        for what, gap, limit in (
            ("cost", cost, bound),
            ("impressions", impressions, 0),
            ("clicks", clicks, 0),
        )
        if gap is not None and abs(gap) > limit
    }
    if beyond:
        is_normal = grain != "account" and max(beyond.values()) < 0
        verdict: GapVerdict = "lacking" if is_normal else "unexplained"
    else:
        verdict = "rounding" if cost else "equal"
    return GrainGap(
        connector=feed.connector,
        platform=feed.platform,
        account_id=feed.account_id,
        month=month_name(days.first_day),
        currency=currency,
        grain=grain,
        days=settled,
        rows=left.rows,
        campaign_rows=right.rows,
        cost_micros=left.cost_micros,
        campaign_cost_micros=right.cost_micros,
        cost_gap_micros=cost,
        cost_bound_micros=bound,
        impressions=left.impressions,
        campaign_impressions=right.impressions,
        impressions_gap=impressions,
        clicks=left.clicks,
        campaign_clicks=right.clicks,
        clicks_gap=clicks,
        verdict=verdict,
        says=_says(grain, beyond, currency),
        cause=_cause(grain, verdict),
        retry=retry_command(feed, days, full=True) if verdict == "unexplained" else "",
    )


def _minus(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left - right


def _says(grain: str, beyond: Mapping[str, int], currency: str) -> str:
    parts: list[str] = []
    for what, gap in beyond.items():
        if what == "cost":
            decimals = exponent(currency) if gap % minor(currency) == 0 else 6
            size = money_text(abs(gap), currency, decimals=decimals)
            parts.append(f"{size} {'more' if gap > 0 else 'less'} cost")
        else:
            parts.append(f"{abs(gap):,} {'more' if gap > 0 else 'fewer'} {what}")
    return f"{GRAINS[grain]} {', '.join(parts)} than the campaigns" if parts else ""


def _cause(grain: str, verdict: GapVerdict) -> str:
    if verdict == "lacking":
        return "campaigns without ads of their own, such as Performance Max, are the normal cause"
    if verdict != "unexplained":
        return ""
    if grain == "account":
        return "rows of campaigns are missing, or the two were fetched apart"
    return "parts cannot be more than their whole; the two may have been fetched apart"
