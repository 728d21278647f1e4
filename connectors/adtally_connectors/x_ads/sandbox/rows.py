"""Reports: what may be asked, and the file that comes of it, each metric a list by day, or null for zeros.

Source: X Ads API v12, "Analytics", "Metrics and Segmentation" (snapshot of 2026-08-22; read 2026-11).
Here an ad of a reach campaign is shown at the top of the timeline, too: a quarter of its numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from adtally import Window, day_start, world

from .entities import instrument_id
from .envelope import Refusal, check_names, ids, invalid
from .fields import METRICS, OF_INSTRUMENTS, Count

DAY = timedelta(days=1)
MOST_DAYS, MOST_IDS, MOST_FILTERS = 90, 20, 200
PLACEMENTS = ("ALL_ON_TWITTER", "SPOTLIGHT", "TREND")
ENTITIES = ("CAMPAIGN", "FUNDING_INSTRUMENT", "LINE_ITEM", "PROMOTED_ACCOUNT", "PROMOTED_TWEET")
OF_JOB = ("segmentation_type", "country", "platform")
NEEDED = ("entity", "entity_ids", "start_time", "end_time", "granularity", "metric_groups", "placement")
FILTERS = ("campaign_ids", "funding_instrument_ids", "line_item_ids")


@dataclass(frozen=True, slots=True)
class Query:
    """A checked request for a report by day."""

    entity: str
    ids: tuple[str, ...]
    window: Window
    placement: str
    groups: tuple[str, ...]


def query(given: Mapping[str, str], of: world.Account) -> Query:
    """What is asked, or a Refusal."""
    check_names(given, OF_JOB, NEEDED)
    for name in OF_JOB:
        if name in given:
            raise invalid(name, "the sandbox has no segments")
    wanted = tuple(ids(given, "entity_ids", MOST_IDS))
    entity = _one_of(given, "entity", ENTITIES)
    known = {_id_of(entity, of, campaign, row) for campaign, row in _everything(of)}
    for one in wanted:
        if one not in known:
            raise invalid("entity_ids", f"{one} is no {entity} of this account")
    if _one_of(given, "granularity", ("DAY", "HOUR", "TOTAL")) != "DAY":
        raise invalid("granularity", "the sandbox has days only")
    groups = tuple(given["metric_groups"].split(","))
    if unknown := set(groups) - METRICS.keys():
        raise invalid("metric_groups", f"{min(unknown)} is not a valid metric group")
    conversions = [group for group in groups if group.endswith("_CONVERSION")]
    if conversions and len(groups) > 1:
        raise invalid("metric_groups", f"{conversions[0]} should be requested separately")
    if entity == "FUNDING_INSTRUMENT" and set(groups) - {"BILLING", "ENGAGEMENT"}:
        raise invalid("metric_groups", "not available for funding instruments")
    window = days(given, of.timezone)
    return Query(entity, wanted, window, _one_of(given, "placement", PLACEMENTS), groups)


def days(given: Mapping[str, str], timezone: str) -> Window:
    """The days between two midnights of the account; the end is exclusive."""
    first, end = _midnight(given, "start_time", timezone), _midnight(given, "end_time", timezone)
    if not timedelta() < end - first <= timedelta(days=MOST_DAYS):
        raise Refusal(400, "INVALID_TIME_WINDOW", f"the range must be of 1 to {MOST_DAYS} days", "end_time")
    return Window(first, end - DAY)


def bounds(window: Window, timezone: str) -> dict[str, object]:
    """The days as the instants that they are resolved to."""
    return {
        "start_time": _text(day_start(window.first_day, timezone)),
        "end_time": _text(day_start(window.last_day + DAY, timezone)),
    }


def active(given: Mapping[str, str], of: world.Account, played: world.World) -> list[dict[str, object]]:
    """What was shown on the asked days: from when to when, and where."""
    check_names(given, FILTERS, ("entity", "start_time", "end_time"))
    entity, window = _one_of(given, "entity", ENTITIES), days(given, of.timezone)
    if len([name for name in FILTERS if name in given]) > 1:
        raise Refusal(400, "EXCLUSIVE_PARAMETERS", f"only one of {', '.join(FILTERS)}")
    wanted = {name: ids(given, name, MOST_FILTERS) for name in FILTERS if name in given}
    shown = defaultdict[str, set[date]](set)
    places = defaultdict[str, set[str]](set)
    for campaign in of.campaigns:
        for row in played.days[campaign.campaign_id]:
            above = {
                "campaign_ids": campaign.campaign_id,
                "funding_instrument_ids": instrument_id(of),
                "line_item_ids": row.ad_group_id,
            }
            if row.day in window and all(above[name] in some for name, some in wanted.items()):
                one = _id_of(entity, of, campaign, row)
                shown[one].add(row.day)
                places[one].update(_placements(campaign))
    return [
        {
            "entity_id": one,
            "activity_start_time": _text(day_start(min(on), of.timezone) + timedelta(minutes=30, seconds=7)),
            "activity_end_time": _text(day_start(max(on) + DAY, of.timezone) - timedelta(seconds=55)),
            "placements": sorted(places[one]),
        }
        for one, on in sorted(shown.items())
        if one
    ]


def file(asked: Query, of: world.Account, played: world.World) -> dict[str, object]:
    """The document of a finished report."""
    sums: dict[str, defaultdict[tuple[str, str], list[int]]] = {
        one: defaultdict(lambda: [0] * asked.window.days) for one in asked.ids
    }
    metrics = [*_metrics(asked)]
    for campaign in of.campaigns:
        if asked.placement not in _placements(campaign):
            continue
        for row in played.days[campaign.campaign_id]:
            one = _id_of(asked.entity, of, campaign, row)
            if row.day not in asked.window or one not in sums:
                continue
            at = (row.day - asked.window.first_day).days
            for name, part, count in metrics:
                sums[one][name, part][at] += _at_placement(count(campaign, row), campaign, asked.placement)
    return {
        "data_type": "stats",
        "time_series_length": asked.window.days,
        "data": [
            {"id": one, "id_data": [{"segment": None, "metrics": _shown(metrics, numbers)}]}
            for one, numbers in sums.items()
        ],
        "request": {
            "params": {
                **bounds(asked.window, of.timezone),
                "granularity": "DAY",
                "entity": asked.entity,
                "entity_ids": list(asked.ids),
                "placement": asked.placement,
                "metric_groups": list(asked.groups),
            }
        },
    }


def _metrics(asked: Query) -> Iterator[tuple[str, str, Count]]:
    """The metrics of the asked groups, each with the name of its part or ""."""
    for group in asked.groups:
        for name, count in METRICS[group].items():
            if asked.entity == "FUNDING_INSTRUMENT" and group == "ENGAGEMENT" and name not in OF_INSTRUMENTS:
                continue
            if callable(count):
                yield name, "", count
            else:
                yield from ((name, part, of_part) for part, of_part in count.items())


def _shown(
    metrics: list[tuple[str, str, Count]], numbers: Mapping[tuple[str, str], list[int]]
) -> dict[str, object]:
    """The lists of numbers by name; null where all are zero."""
    found: dict[str, object] = {}
    parts: dict[str, dict[str, object]] = {}
    for name, part, _ in metrics:
        told = numbers.get((name, part), [])
        value = told if any(told) else None
        if part:
            found[name] = parts.setdefault(name, {})
            parts[name][part] = value
        else:
            found[name] = value
    return found


def _placements(campaign: world.Campaign) -> tuple[str, ...]:
    return PLACEMENTS[:2] if campaign.model == "cpm" and not campaign.goal else PLACEMENTS[:1]


def _at_placement(number: int, campaign: world.Campaign, placement: str) -> int:
    if len(_placements(campaign)) == 1:
        return number
    return number // 4 if placement == "SPOTLIGHT" else number - number // 4


def _everything(of: world.Account) -> Iterator[tuple[world.Campaign, world.Row]]:
    """A row of each ad, without numbers."""
    for campaign in of.campaigns:
        for group in campaign.ad_groups:
            for ad in group.ads:
                yield campaign, world.Row(campaign.days.first_day, group.ad_group_id, ad)


def _id_of(entity: str, of: world.Account, campaign: world.Campaign, row: world.Row) -> str:
    found = {
        "CAMPAIGN": campaign.campaign_id,
        "FUNDING_INSTRUMENT": instrument_id(of),
        "LINE_ITEM": row.ad_group_id,
        "PROMOTED_TWEET": row.ad_id,
    }
    return found.get(entity, "")


def _one_of(given: Mapping[str, str], name: str, known: Collection[str]) -> str:
    if given.get(name) not in known:
        raise invalid(name, f'Expected one of {", ".join(known)}, got "{given.get(name, "")}" for {name}')
    return given[name]


def _midnight(given: Mapping[str, str], name: str, timezone: str) -> date:
    """The day that begins at a plain date or at an instant; only a whole hour that is a midnight is taken."""
    text = given.get(name, "")
    try:
        told = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        raise invalid(name, f'Expected time, got "{text}" for {name}') from None
    if not isinstance(told, datetime):
        return told
    day = (told.replace(tzinfo=told.tzinfo or UTC) + timedelta(hours=12)).date()
    for candidate in (day - DAY, day, day + DAY):
        if told.tzinfo is not None and day_start(candidate, timezone) == told:
            return candidate
    raise Refusal(400, "INVALID_TIME_WINDOW", f"{name} is not at midnight in {timezone}", name)


def _text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
