"""The rows of a report: dimensions, and metrics as text; a dash where a metric does not apply.

Source: ``report/integrated/get`` of TikTok API for Business v1.3; read 2026-11. Without a status filter, what
was deleted is left out. A day is one of the account's own clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from adtally import Window, world

from . import entities
from .envelope import decoded, invalid, named
from .fields import (
    ATTRIBUTES,
    BY_ADVERTISER,
    CONVERSIONS,
    COUNTS,
    FILTER_TYPES,
    ID_FILTERS,
    LEVELS,
    METRICS,
    MONEY,
    NOTHING,
    STATUS_FILTERS,
    STATUSES,
    TIMES,
    VIDEO,
)

DAYS, MOST_IDS = {"stat_time_hour": 1, "stat_time_day": 30, "": 365}, 100
TOP_VIEW = "RESERVATION_TOP_VIEW"
TYPES = {"BASIC", "AUDIENCE", "PLAYABLE_MATERIAL", "CATALOG", "BC", "TT_SHOP"}
Sums: TypeAlias = dict[str, int]
Key: TypeAlias = tuple[str, str]


class Filter(msgspec.Struct, forbid_unknown_fields=True):
    field_name: str
    filter_type: str
    filter_value: str


@dataclass(frozen=True, slots=True)
class Query:
    """A checked request for a report."""

    level: str
    by: str
    """``stat_time_day``, ``stat_time_hour``, or "" for none."""
    metrics: tuple[str, ...]
    window: Window
    all_states: bool
    wanted: Mapping[str, frozenset[str]]
    """Ids by their dimension."""


def query(given: Mapping[str, str], today: date) -> Query:
    """What is asked, or a Refusal."""
    if given.get("report_type") not in TYPES:
        raise invalid("report_type: Missing data for required field.")
    if given["report_type"] != "BASIC":
        raise invalid("report_type: the sandbox has BASIC reports only.")
    level = given.get("data_level", "")
    if level not in LEVELS:
        raise invalid("data_level: Not a valid choice.")
    dimensions = named(given, "dimensions", {LEVELS[level], *TIMES}, [])
    if LEVELS[level] not in dimensions:
        raise invalid(f"dimensions: exactly one ID dimension is needed, {LEVELS[level]} at {level}.")
    times = [name for name in TIMES if name in dimensions]
    if len(times) > 1:
        raise invalid("dimensions: only one time dimension is possible.")
    by = "".join(times)
    window = _window(given, by)
    if window.first_day > today:
        raise invalid("start_date: must not be in the future.")
    return Query(level, by, _metrics(given, level, by), window, *_filters(given, level))


def _metrics(given: Mapping[str, str], level: str, by: str) -> tuple[str, ...]:
    names = named(given, "metrics", METRICS, ["spend", "impressions"])
    places = list(LEVELS)
    above = frozenset[str]().union(*(ATTRIBUTES[each] for each in places[: places.index(level) + 1]))
    attributes = frozenset[str]().union(*ATTRIBUTES.values())
    for name in names:
        if name in BY_ADVERTISER and (level != "AUCTION_ADVERTISER" or by != "stat_time_day"):
            raise invalid(f"metrics: {name} is available at AUCTION_ADVERTISER by stat_time_day only.")
        if name in attributes and name not in above:
            raise invalid(f"metrics: {name} is not available at {level}.")
    return tuple(dict.fromkeys(names))


def _window(given: Mapping[str, str], by: str) -> Window:
    try:
        first, last = (date.fromisoformat(given.get(name, "")) for name in ("start_date", "end_date"))
    except ValueError:
        raise invalid("start_date, end_date: must be YYYY-MM-DD.") from None
    if first > last:
        raise invalid("end_date: must not be before start_date.")
    window, most = Window(first, last), DAYS[by]
    if window.days > most:
        raise invalid(f"The time span can't exceed {most} days.")
    return window


def _filters(given: Mapping[str, str], level: str) -> tuple[bool, dict[str, frozenset[str]]]:
    """Whether deleted ones count too, and the ids that are wanted."""
    all_states, wanted = level == "AUCTION_ADVERTISER", dict[str, frozenset[str]]()
    for condition in decoded(given, "filtering", list[Filter], []):
        name = condition.field_name
        if condition.filter_type not in FILTER_TYPES:
            raise invalid(f"filtering.filter_type: Not a valid choice: {condition.filter_type}.")
        try:
            values = frozenset(msgspec.json.decode(condition.filter_value, type=list[str]))
        except msgspec.DecodeError:
            raise invalid(f"filtering.filter_value: must be a JSON list as text for {name}.") from None
        if name == "buying_type":
            if TOP_VIEW in values:
                wanted["ad_id"] = frozenset()  # nothing in this world was bought so
        elif name in ID_FILTERS:
            if len(values) > MOST_IDS:
                raise invalid(f"filtering.filter_value: at most {MOST_IDS} ids are possible for {name}.")
            wanted[ID_FILTERS[name]] = values
        elif name == STATUS_FILTERS.get(level):
            if values - STATUSES:
                raise invalid(f"filtering.filter_value: Not a valid choice for {name}.")
            all_states = "STATUS_ALL" in values
        else:
            raise invalid(f"filtering.field_name: {name} is not available at {level}.")
    return all_states, wanted


def dimensions(asked: Query) -> list[str]:
    return [LEVELS[asked.level], *([asked.by] if asked.by else [])]


def report(asked: Query, account: world.Account, played: world.World) -> list[dict[str, dict[str, str]]]:
    """The rows of a query; who was not shown has none."""
    sums: defaultdict[Key, Sums] = defaultdict(lambda: defaultdict(int))
    owners: dict[str, tuple[world.Campaign, world.AdGroup | None]] = {}
    for campaign in account.campaigns:
        if campaign.status == "removed" and not asked.all_states:
            continue
        groups = {group.ad_group_id: group for group in campaign.ad_groups}
        for row in played.days[campaign.campaign_id]:
            ids = {
                "advertiser_id": account.account_id,
                "campaign_id": campaign.campaign_id,
                "adgroup_id": row.ad_group_id,
                "ad_id": row.ad_id,
            }
            if row.day not in asked.window or any(ids[name] not in of for name, of in asked.wanted.items()):
                continue
            key = ids[LEVELS[asked.level]]
            owners[key] = campaign, groups.get(row.ad_group_id)
            for time, part in _parts(asked, row, account):
                _add(sums[key, time], campaign, part, account)
    return [
        {
            "dimensions": {LEVELS[asked.level]: key} | ({asked.by: time} if asked.by else {}),
            "metrics": {
                name: _shown(name, total, account, asked.level, key, *owners[key]) for name in asked.metrics
            },
        }
        for (key, time), total in sorted(sums.items(), key=lambda item: (item[0][1], item[0][0]))
    ]


def _parts(asked: Query, row: world.Row, account: world.Account) -> Iterator[tuple[str, world.Row]]:
    """The row's time in TikTok's words with the row, or with its part in each hour of the account's clock."""
    if asked.by != "stat_time_hour":
        yield f"{row.day} 00:00:00" if asked.by else "", row
        return
    for hour, part in world.by_hour(row, account.timezone, account.row_micros):
        yield f"{hour.astimezone(ZoneInfo(account.timezone)):%Y-%m-%d %H}:00:00", part


def _add(sums: Sums, campaign: world.Campaign, row: world.Row, account: world.Account) -> None:
    credited = row.cost_micros * account.voucher_ppm // 1_000_000 // account.row_micros * account.row_micros
    conversions = row.conversions_micros // 1_000_000
    for name, count in {
        "impressions": row.impressions,
        "gross": row.impressions + row.impressions // 50,
        "people": row.impressions * 4 // 5,
        "clicks": row.clicks,
        "engaged": row.clicks + row.engagements,
        "engagements": row.engagements,
        "conversions": conversions,
        "clicked": conversions - row.view_through,
        "view_through": row.view_through,
        "purchases": row.purchases,
        "leads": row.leads,
        "installs": row.installs,
        "plays": row.impressions * 9 // 10,
        "two_seconds": row.video_views * 2,
        "video_views": row.video_views,
        "video_completions": row.video_completions,
        "revenue_micros": row.revenue_micros,
        "cost_micros": row.cost_micros,
        "credited": credited,
        "billed": row.cost_micros - credited,
        "on_video": row.impressions if campaign.channel == "reel" else 0,
    }.items():
        sums[name] += count


def _shown(
    name: str,
    sums: Sums,
    account: world.Account,
    level: str,
    key: str,
    campaign: world.Campaign,
    group: world.AdGroup | None,
) -> str:
    if name in NOTHING or (name in VIDEO and not sums["on_video"]):
        return "-"
    if name in CONVERSIONS and not campaign.goal and level != "AUCTION_ADVERTISER":
        return "-"
    if name in COUNTS:
        return str(sums[COUNTS[name]])
    if name in MONEY or name in BY_ADVERTISER:
        return money(sums[(MONEY | BY_ADVERTISER)[name]], account.currency)
    attributes = {
        "advertiser_id": account.account_id,
        "advertiser_name": account.name,
        "currency": account.currency,
        "timezone": account.timezone,
        "campaign_id": campaign.campaign_id,
        "campaign_name": campaign.name,
        "objective_type": entities.objective(campaign),
        "billing_event": entities.DISPLAYED[entities.charged(campaign)[0]],
        "adgroup_id": group.ad_group_id if group else "",
        "adgroup_name": group.name if group else "",
        "ad_name": entities.ad_name(group, key) if group and level == "AUCTION_AD" else "",
    }
    return attributes.get(name, "-")


def money(micros: int, currency: str) -> str:
    """Decimal text with the currency's decimals: ``"42.17"``, and ``"4217"`` in yen."""
    if currency == "JPY":
        return str(micros // 1_000_000)
    return f"{Decimal(micros).scaleb(-6):.2f}"
