"""Stats by day or hour: of a thing, or of what is below it.

Source: developers.snap.com, Ads API v1, "Measurement"; read 2026-11. A day goes from the account's midnight
to its next one, so that some have 23 or 25 hours; times are written with the offset that holds then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from adtally import Window, day_start, world

from . import fields
from .envelope import check_names, flag, invalid, items, limit, page, unsupported

DAY = timedelta(days=1)
MOST_DAYS, MOST_THINGS, SENT_THINGS = {"DAY": 31, "HOUR": 7}, 200, 2
"""Days of a question, things that a page may be asked for, and what it holds at most."""
FINAL_AFTER = 2
KNOWN = (
    *("fields", "breakdown", "limit", "cursor", "omit_empty"),
    *("action_report_time", "swipe_up_attribution_window", "view_attribution_window"),
)
NEEDED = ("granularity", "start_time", "end_time")


@dataclass(frozen=True, slots=True)
class Query:
    """A checked question about the days of one thing."""

    owner: str
    owner_id: str
    account: world.Account
    metrics: tuple[str, ...]
    window: Window
    breakdown: str
    omit_empty: bool
    swipe: str
    view: str
    granularity: str

    @property
    def percent(self) -> int:
        """How many of all conversions the windows let count, in ten-thousandths."""
        return fields.SWIPE_WINDOWS[self.swipe] * fields.VIEW_WINDOWS[self.view]


def query(owner: str, owner_id: str, account: world.Account, given: Mapping[str, str], today: date) -> Query:
    """What is asked, or a Refusal."""
    check_names(given, KNOWN, NEEDED)
    granularity = given["granularity"]
    if granularity not in MOST_DAYS:
        raise invalid("granularity: the sandbox has DAY and HOUR")
    breakdown = given.get("breakdown", "")
    if breakdown and breakdown not in fields.BREAKDOWNS[owner]:
        raise unsupported(f"{owner} have no breakdown {breakdown}.")
    if "limit" in given and not breakdown:
        raise invalid("limit is for breakdowns")
    metrics = tuple(given.get("fields", "impressions,swipes,spend").split(","))
    for name in metrics:
        if name not in fields.METRICS:
            raise unsupported(f"{name!r} is not a field.")
    if owner == "adaccounts" and not breakdown and metrics != ("spend",):
        raise unsupported("Only field 'spend' should be used when querying AdAccount stats.")
    swipe = given.get("swipe_up_attribution_window", "28_DAY")
    view = given.get("view_attribution_window", "1_DAY")
    if swipe not in fields.SWIPE_WINDOWS or view not in fields.VIEW_WINDOWS:
        raise invalid("the attribution window is not known")
    if given.get("action_report_time", "conversion") not in fields.REPORT_TIMES:
        raise invalid("action_report_time must be conversion or impression")
    window = _window(given, account.timezone, today, MOST_DAYS[granularity])
    omit_empty = flag(given, "omit_empty")
    return Query(owner, owner_id, account, metrics, window, breakdown, omit_empty, swipe, view, granularity)


def answer(asked: Query, path: str, given: Mapping[str, str], played: world.World) -> dict[str, object]:
    """The document for one page; its status is in lower case, unlike that of lists."""
    timezone = asked.account.timezone
    stat: dict[str, object] = {
        "id": asked.owner_id,
        "type": fields.TYPES[asked.owner],
        "granularity": asked.granularity,
        "start_time": local(asked.window.first_day, timezone),
        "end_time": local(asked.window.last_day + DAY, timezone),
        "finalized_data_end_time": local(played.today - (FINAL_AFTER - 1) * DAY, timezone),
        "swipe_up_attribution_window": asked.swipe,
        "view_attribution_window": asked.view,
    }
    times = _times(asked, played)
    paging: dict[str, str] = {}
    if asked.breakdown:
        size = min(limit(given, 1, MOST_THINGS), SENT_THINGS)
        things, paging = page(sorted(times), path, given, size)
        stat["breakdown_stats"] = {
            asked.breakdown: [
                {
                    "id": thing,
                    "type": fields.TYPES[asked.breakdown],
                    "granularity": asked.granularity,
                    "timeseries": _series(asked, times[str(thing)]),
                }
                for thing in things
            ]
        }
    else:
        stat["timeseries"] = _series(asked, times.get(asked.owner_id, {}))
    return {
        "request_status": "success",
        "paging": paging,
        "timeseries_stats": items([stat], "timeseries_stat", "success"),
    }


def local(day: date, timezone: str) -> str:
    return there(day_start(day, timezone), timezone)


def there(instant: datetime, timezone: str) -> str:
    return instant.astimezone(ZoneInfo(timezone)).isoformat(timespec="milliseconds")


def _window(given: Mapping[str, str], timezone: str, today: date, most: int) -> Window:
    start, end = (_instant(given[name]) for name in ("start_time", "end_time"))
    if end <= start:
        raise unsupported("End time should be after start time.")
    days: list[date] = []
    for name, instant in (("start", start), ("end", end)):
        there = instant.astimezone(ZoneInfo(timezone))
        if there.minute or there.second or there.microsecond:
            raise unsupported(f"{name.title()} time should {name} at the beginning of an hour.")
        if there.time() != time():
            raise unsupported(
                f"Timeseries queries with DAY granularity must have a {name} time that is the start of day "
                "(00:00:00) for the account's timezone."
            )
        days.append(there.date())
    window = Window(days[0], days[1] - DAY)
    if window.days > most:
        raise unsupported(
            f"Timeseries queries with DAY granularity cannot query time intervals of more than {most} days."
        )
    if window.last_day > today + DAY:
        raise unsupported("End time is in the future.")
    return window


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"not a time: {text}") from None
    if instant.tzinfo is None:
        raise invalid(f"a time without an offset: {text}")
    return instant


def _times(asked: Query, played: world.World) -> dict[str, dict[datetime, dict[str, int]]]:
    """The counts by thing and start of day or hour; deleted things are among them."""
    found: dict[str, dict[datetime, dict[str, int]]] = {}
    for campaign in asked.account.campaigns:
        for row in played.days[campaign.campaign_id]:
            ids = {
                "adaccounts": asked.account.account_id,
                "campaigns": campaign.campaign_id,
                "adsquads": row.ad_group_id,
                "ads": row.ad_id,
            }
            if row.day not in asked.window or ids[asked.owner] != asked.owner_id:
                continue
            thing = ids[f"{asked.breakdown}s"] if asked.breakdown else asked.owner_id
            for start, part in _parts(asked, row):
                sums = found.setdefault(thing, {}).setdefault(start, defaultdict(int))
                for name in asked.metrics:
                    sums[name] += fields.METRICS[name](part)
    return found


def _parts(asked: Query, row: world.Row) -> Iterable[tuple[datetime, world.Row]]:
    timezone = asked.account.timezone
    if asked.granularity == "DAY":
        return [(day_start(row.day, timezone), row)]
    return world.by_hour(row, timezone, asked.account.row_micros)


def _starts(asked: Query) -> list[datetime]:
    """Every day or hour that is asked for, and the end of the last one."""
    timezone = asked.account.timezone
    if asked.granularity == "DAY":
        days = [*asked.window, asked.window.last_day + DAY]
        return [day_start(day, timezone) for day in days]
    begin, end = (day_start(day, timezone) for day in (asked.window.first_day, asked.window.last_day + DAY))
    return [begin + timedelta(hours=hour) for hour in range((end - begin) // timedelta(hours=1) + 1)]


def _series(asked: Query, times: Mapping[datetime, Mapping[str, int]]) -> list[dict[str, object]]:
    """The days or hours in their order; those without anything only if they are not left out."""
    timezone = asked.account.timezone
    return [
        {
            "start_time": there(start, timezone),
            "end_time": there(end, timezone),
            "stats": {name: _count(asked, name, times.get(start, {})) for name in asked.metrics},
        }
        for start, end in pairwise(_starts(asked))
        if start in times or not asked.omit_empty
    ]


def _count(asked: Query, name: str, sums: Mapping[str, int]) -> int:
    count = sums.get(name, 0)
    return count * asked.percent // 10_000 if name in fields.CONVERSIONS else count
