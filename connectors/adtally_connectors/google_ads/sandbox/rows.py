"""The rows that a query selects: entities by their fields, split by segments, measured over days.

Source: "Segmentation" and "Zero metrics" guides of Google Ads API v26: a selected segment splits rows and
drops those whose selected metrics are all zero; without one, a row of zeros stays. Read 2026-11.
"""

from __future__ import annotations

import fnmatch
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from adtally import world

from .entities import NETWORKS, Entity
from .fields import ACTION_SEGMENTS, DATES, EVENT_TYPES, HOUR, METRICS
from .gaql import Condition, Query

COUNTED = (
    *("impressions", "measurable_impressions", "viewable_impressions", "clicks", "engagements"),
    *("video_views", "video_completions", "conversions_micros", "view_through", "revenue_micros"),
    *("invalid_clicks", "cost_micros"),
)
ACTIONS = (
    ("Purchase", "PURCHASE", ("conversions_micros", "revenue_micros", "view_through")),
    ("Newsletter sign-up", "SIGNUP", ("sign_ups_micros",)),
)


def select(query: Query, entities: Iterable[Entity]) -> list[dict[str, object]]:
    """The rows of a checked query, in the wire's names and types."""
    of_days = [condition for condition in query.conditions if condition.field in DATES]

    @cache
    def is_asked(day: date) -> bool:
        return all(_holds(condition, _period(condition.field, day)) for condition in of_days)

    flat = [row for entity in entities for row in _selected(query, entity, is_asked)]
    for name, falling in reversed(query.order):
        flat.sort(key=lambda row: _sortable(row.get(name)), reverse=falling)
    names = (f"{query.resource}.resource_name", *query.fields)
    return [_on_the_wire(row, names) for row in flat[: query.limit]]


def _selected(query: Query, entity: Entity, is_asked: Callable[[date], bool]) -> Iterator[dict[str, object]]:
    segments = [name for name in query.fields if name.startswith("segments.")]
    metrics = [name for name in query.fields if name.startswith("metrics.")]
    others = [c for c in query.conditions if c.field not in DATES]
    of_rows = [c for c in others if c.field.startswith(("segments.", "metrics."))]
    if not all(_holds(c, entity.fields.get(c.field)) for c in others if c not in of_rows):
        return
    days = [pair for pair in entity.days if is_asked(pair[1].day)]
    if not segments and not metrics and not of_rows:
        yield dict(entity.fields)
        return
    wanted = {*metrics, *(c.field for c in of_rows if c.field.startswith("metrics."))}
    for found in _grouped(segments, days, str(entity.fields.get("customer.time_zone"))):
        sums = found.sums
        measured = {name: METRICS[name.removeprefix("metrics.")](sums) for name in wanted - {EVENT_TYPES}}
        if segments and metrics and not any(measured[name] not in ("0", 0.0) for name in measured):
            continue
        row = {**entity.fields, **found.segments, **measured, EVENT_TYPES: found.event_types()}
        if all(_holds(c, row.get(c.field)) for c in of_rows):
            yield row


@dataclass(slots=True)
class _Group:
    segments: dict[str, object]
    sums: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    videos: bool = False

    def event_types(self) -> list[str]:
        return ["VIDEO_VIEW" if self.videos else "CLICK"] if self.sums["interactions"] else []


def _by_hour(
    days: Iterable[tuple[world.Campaign, world.Row]], timezone: str
) -> Iterator[tuple[world.Campaign, world.Row, int]]:
    """Each hour of the days, by its number on the account's clock; one that is repeated bears it twice."""
    clock = ZoneInfo(timezone)
    for campaign, row in days:
        for hour, part in world.by_hour(row, timezone):
            yield campaign, part, hour.astimezone(clock).hour


def _grouped(
    segments: list[str], days: list[tuple[world.Campaign, world.Row]], timezone: str
) -> Iterable[_Group]:
    by_date = [name for name in segments if name not in ACTION_SEGMENTS]
    groups: dict[tuple[object, ...], _Group] = {} if by_date else {(): _Group({})}
    for campaign, row, hour in _by_hour(days, timezone) if HOUR in by_date else ((*pair, 0) for pair in days):
        key = tuple(
            hour if name == HOUR else _period(name, row.day) if name in DATES else NETWORKS[campaign.channel]
            for name in by_date
        )
        group = groups.get(key)
        if group is None:
            group = groups[key] = _Group(dict(zip(by_date, key, strict=True)))
        sums = group.sums
        for name in COUNTED:
            sums[name] += getattr(row, name)
        sums["sign_ups_micros"] += row.sign_ups * 1_000_000
        group.videos = campaign.channel == "video"
        sums["interactions"] += row.video_views if group.videos else row.clicks
    if ACTION_SEGMENTS.isdisjoint(segments):
        return groups.values()
    return (part for group in groups.values() for part in _by_action(group))


def _by_action(group: _Group) -> Iterator[_Group]:
    for number, (name, category, counts) in enumerate(ACTIONS, 1):
        named = {
            "segments.conversion_action": f"customers/0/conversionActions/{number}",
            "segments.conversion_action_name": name,
            "segments.conversion_action_category": category,
        }
        part = _Group(group.segments | named)
        part.sums.update({count: group.sums[count] for count in counts})
        yield part


def _period(name: str, day: date) -> str:
    """The day, or the first day of its week or month."""
    if name == "segments.week":
        return (day - timedelta(days=day.weekday())).isoformat()
    return (day.replace(day=1) if name == "segments.month" else day).isoformat()


def _holds(condition: Condition, value: object) -> bool:
    if condition.operator in ("IS NULL", "IS NOT NULL"):
        return (value is None) == (condition.operator == "IS NULL")
    if value is None:
        return condition.operator in ("!=", "NOT IN")
    here = _sortable(value)
    there = [_sortable(text) for text in condition.values]
    compare: dict[str, Callable[[], bool]] = {
        "=": lambda: here == there[0],
        "!=": lambda: here != there[0],
        "<": lambda: here < there[0],
        "<=": lambda: here <= there[0],
        ">": lambda: here > there[0],
        ">=": lambda: here >= there[0],
        "IN": lambda: here in there,
        "NOT IN": lambda: here not in there,
        "BETWEEN": lambda: there[0] <= here <= there[1],
        "LIKE": lambda: fnmatch.fnmatchcase(str(value), condition.values[0].replace("%", "*")),
    }
    return compare[condition.operator]()


def _sortable(value: object) -> tuple[int, float, str]:
    """Numbers by size and texts by letter; a number that the wire writes as text is a number."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    try:
        return 0, float(text), ""
    except ValueError:
        return 1, 0.0, text


def _on_the_wire(row: Mapping[str, object], names: Iterable[str]) -> dict[str, object]:
    """The named fields that have a value, with int64 as text."""
    named = dict.fromkeys((*names, *_resource_names(row, names)))
    return _nested(
        (
            [camel(part) for part in name.split(".")],
            str(value) if type(value) is int and name != HOUR else value,
        )
        for name in named
        if (value := row.get(name)) is not None
    )


def _nested(pairs: Iterable[tuple[list[str], object]]) -> dict[str, object]:
    """Values by path as objects in objects: ``campaign.targetCpa.targetCpaMicros``."""
    leaves: dict[str, object] = {}
    branches: dict[str, list[tuple[list[str], object]]] = defaultdict(list)
    for (first, *rest), value in pairs:
        if rest:
            branches[first].append((rest, value))
        else:
            leaves[first] = value
    return leaves | {name: _nested(inner) for name, inner in branches.items()}


def _resource_names(row: Mapping[str, object], names: Iterable[str]) -> Iterator[str]:
    """Each selected thing names itself, asked or not."""
    things = dict.fromkeys(name.partition(".")[0] for name in names)
    return (f"{thing}.resource_name" for thing in things if f"{thing}.resource_name" in row)


@cache
def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
