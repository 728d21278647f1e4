"""How long a platform's numbers really move: what was superseded, by its age at that time.

Only rows of daily reports that are their account's money are looked at; a row that first appeared in a later
fetch superseded nothing and is not seen. Ages are days of UTC, and those at which a change was noticed: who
syncs once a week may notice a week late.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..calendar import Window, to_ordinal
from ..connector import MetricGroup
from ..ledger import Connection
from ..ledger.units import SECONDS_A_DAY
from ..money import rounded
from ..platforms import platform_name
from .day_states import Drift, MetricDrift, Moved
from .known_feeds import KnownFeed
from .sums import DaySum

AGES = (("1", 1), ("2-3", 3), ("4-7", 7), ("8-14", 14), ("15-30", 30), ("31-60", 60), ("61-90", 90))
"""Ages in days, each up to its last one; what is younger than a day counts as one."""
OLDER = ">90"
METRICS: tuple[MetricGroup, ...] = ("cost", "clicks", "conversions")

_MOVED = """
WITH versions AS (
  SELECT day, entity, currency, superseded_at, cost_micros, clicks, conversions_micros,
    LEAD(as_of) OVER later AS next_as_of, LEAD(cost_micros) OVER later AS next_cost,
    LEAD(clicks) OVER later AS next_clicks, LEAD(conversions_micros) OVER later AS next_conversions
  FROM delivery_facts_history WHERE feed = :feed AND day BETWEEN :first AND :last
  WINDOW later AS (PARTITION BY day, entity ORDER BY rowid)
)
SELECT s.age, c.text, s.cost, s.clicks, s.conversions
FROM (
  SELECT MAX(v.superseded_at / 86400 - v.day, 1) AS age, v.currency,
    SUM(ABS(v.cost_micros - CASE v.superseded_at
      WHEN v.next_as_of THEN v.next_cost WHEN f.as_of THEN f.cost_micros ELSE 0 END)) AS cost,
    SUM(ABS(v.clicks - CASE v.superseded_at
      WHEN v.next_as_of THEN v.next_clicks WHEN f.as_of THEN f.clicks ELSE 0 END)) AS clicks,
    SUM(ABS(v.conversions_micros - CASE v.superseded_at
      WHEN v.next_as_of THEN v.next_conversions WHEN f.as_of THEN f.conversions_micros ELSE 0 END))
      AS conversions
  FROM versions AS v
    LEFT JOIN delivery_facts AS f ON f.feed = :feed AND f.day = v.day AND f.entity = v.entity
  GROUP BY age, v.currency
) AS s JOIN texts AS c ON c.text_key = s.currency
"""


@dataclass(slots=True)
class Tally:
    """What was seen of one platform so far."""

    restated_days: int = 0
    watched_until: int | None = None
    final_after: Counter[MetricGroup] = field(default_factory=Counter[MetricGroup])
    changed: Counter[tuple[MetricGroup, str, int]] = field(
        default_factory=Counter[tuple[MetricGroup, str, int]]
    )
    """Absolute changes by metric, currency and age."""
    watched: Counter[tuple[MetricGroup, str, str]] = field(
        default_factory=Counter[tuple[MetricGroup, str, str]]
    )
    """Newest sums by metric, currency and range of ages."""


def watch(conn: Connection, feed: KnownFeed, sums: Mapping[int, DaySum], window: Window, into: Tally) -> None:
    """Add what one feed's numbers did; ``sums`` are those of its days. Reads its history in order of the key.

    A change is to the next version of the row, or to zero where the row was gone; from or to a number that is
    not told nothing changed.
    """
    finals = (feed.final_cost, feed.final_clicks, feed.final_conversions)
    into.restated_days = max(into.restated_days, feed.restated_days)
    for metric, after in zip(METRICS, finals, strict=True):
        into.final_after[metric] = max(into.final_after[metric], after)
    bounds = {
        "feed": feed.feed,
        "first": to_ordinal(window.first_day),
        "last": to_ordinal(window.last_day),
    }
    for age, currency, *changes in conn.execute(_MOVED, bounds):
        for metric, changed in zip(METRICS, changes, strict=True):
            into.changed[metric, _unit(metric, currency), age] += changed or 0
    for day, youngest, oldest in _watched_days(feed, window):
        into.watched_until = max(into.watched_until or oldest, oldest)
        if day in sums:
            _add_watched(sums[day], set(_ranges(youngest, oldest)), into)


def drift(platform: str, tally: Tally) -> Drift:
    """How long the platform's numbers moved, and whether adtally asks again for long enough."""
    metrics = tuple(_metric(metric, tally) for metric in METRICS)
    late = [
        f"{metric.metric} at {metric.moved_until_days}"
        for metric in metrics
        if metric.moved_until_days is not None and metric.moved_until_days >= tally.restated_days - 1
    ]
    return Drift(
        platform=platform,
        restated_days=tally.restated_days,
        watched_until_days=tally.watched_until,
        metrics=metrics,
        warning=f"{platform_name(platform)} still changed {', '.join(late)} days, and adtally asks again for "
        f"{tally.restated_days}: later changes are missed. Set restated_days of its connectors higher; "
        "adtally sync --full asks for all days again"
        if late
        else "",
    )


def _metric(metric: MetricGroup, tally: Tally) -> MetricDrift:
    moved = [age for (one, _, age), changed in tally.changed.items() if one == metric and changed]
    changed: Counter[tuple[str, str]] = Counter()
    for (one, currency, age), size in tally.changed.items():
        if one == metric and size:
            changed[next(_ranges(age, age)), currency] += size
    of = {(ages, currency): sum_ for (one, currency, ages), sum_ in tally.watched.items() if one == metric}
    order = [*(name for name, _ in AGES), OLDER]
    return MetricDrift(
        metric=metric,
        final_after=tally.final_after[metric],
        moved_until_days=max(moved, default=None),
        ages=tuple(
            Moved(
                ages=ages,
                currency=currency,
                changed=changed[ages, currency],
                of=of.get((ages, currency), 0),
                share_ppm=_ppm(changed[ages, currency], of.get((ages, currency), 0)),
            )
            for ages, currency in sorted(
                changed.keys() | of.keys(), key=lambda key: (order.index(key[0]), key[1])
            )
        ),
    )


def _watched_days(feed: KnownFeed, window: Window) -> Iterator[tuple[int, int, int]]:
    """Yield each day that was looked at again, with its ages from its first to its newest fetch.

    Which fetches lay between is not kept: the day counts as watched at all ages between the two.
    """
    first, last = to_ordinal(window.first_day), to_ordinal(window.last_day)
    for cell in feed.cells:
        if cell.done_at is None or cell.first_done_at is None or cell.done_at == cell.first_done_at:
            continue
        began, newest = cell.first_done_at // SECONDS_A_DAY, cell.done_at // SECONDS_A_DAY
        for day in range(max(cell.first, first), min(cell.last, last, newest - 1) + 1):
            yield day, max(began - day, 1), newest - day


def _add_watched(row: DaySum, ages: Iterable[str], into: Tally) -> None:
    if row.currency is None:
        return
    sums = (row.cost_micros, row.clicks, row.conversions_micros)
    for metric, sum_ in zip(METRICS, sums, strict=True):
        if sum_ is not None:
            for name in ages:
                into.watched[metric, _unit(metric, row.currency), name] += sum_


def _ranges(youngest: int, oldest: int) -> Iterator[str]:
    """The ranges of ages that these ages touch."""
    first = 0
    for name, last in AGES:
        if youngest <= last and oldest > first:
            yield name
        first = last
    if oldest > first:
        yield OLDER


def _unit(metric: MetricGroup, currency: str) -> str:
    return currency if metric == "cost" else ""


def _ppm(part: int, whole: int) -> int | None:
    return rounded(part * 1_000_000, whole) if whole > 0 else None
