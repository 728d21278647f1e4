"""The world in Google's words, and the rows that a query selects from it.

Source: "Segmentation" and "Zero metrics" guides of Google Ads API v26: a selected segment splits rows and drops
those whose selected metrics are all zero; without one, a row of zeros stays. Read 2026-11.
"""

from __future__ import annotations

import fnmatch
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from adtally import world

from .sandbox_fields import ACTION_SEGMENTS, DATES, EVENT_TYPES, METRICS
from .sandbox_gaql import Condition, Query

CHANNELS = {"search": "SEARCH", "display": "DISPLAY", "video": "VIDEO", "all": "PERFORMANCE_MAX"}
NETWORKS = {"search": "SEARCH", "display": "CONTENT", "video": "YOUTUBE", "all": "MIXED"}
STRATEGIES = {"cpc": "MANUAL_CPC", "cpm": "TARGET_CPM", "vcpm": "MANUAL_CPM", "cpv": "TARGET_CPV"}
GOALS = {"conversions": "MAXIMIZE_CONVERSIONS", "pay_per_conversion": "TARGET_CPA"}
BIDS = {
    "cpc": "cpc_bid_micros",
    "vcpm": "cpm_bid_micros",
    "cpm": "target_cpm_micros",
    "cpv": "target_cpv_micros",
}
COUNTED = (
    *("impressions", "measurable_impressions", "viewable_impressions", "clicks", "engagements"),
    *("video_views", "video_completions", "conversions_micros", "view_through", "revenue_micros"),
    *("invalid_clicks", "cost_micros"),
)
ACTIONS = (
    ("Purchase", "PURCHASE", ("conversions_micros", "revenue_micros", "view_through")),
    ("Newsletter sign-up", "SIGNUP", ("sign_ups_micros",)),
)


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing that can be selected: its fields, and the days that count for it."""

    fields: Mapping[str, object]
    days: tuple[tuple[world.Campaign, world.Row], ...] = field(default=())


def of_account(account: world.Account, played: world.World) -> dict[str, list[Entity]]:
    """Everything that a serving account has, by resource."""
    owner = customer(account.account_id, account.name, account.currency, account.timezone, manager=False)
    found: dict[str, list[Entity]] = defaultdict(list)
    everything: list[tuple[world.Campaign, world.Row]] = []
    for campaign in account.campaigns:
        own = owner | _campaign(account.account_id, campaign)
        days = tuple((campaign, row) for row in played.days[campaign.campaign_id])
        everything += days
        found["campaign"].append(Entity(own, days))
        for group in campaign.ad_groups:
            inner = own | _ad_group(account.account_id, campaign, group)
            of_group = [pair for pair in days if pair[1].ad_group_id == group.ad_group_id]
            found["ad_group"].append(Entity(inner, tuple(of_group)))
            for ad in group.ads:
                leaf = inner | _ad(account.account_id, campaign, group, ad)
                of_ad = tuple(pair for pair in of_group if pair[1].ad_id == ad)
                found["ad_group_ad"].append(Entity(leaf, of_ad))
        if campaign.status == "paused":
            found["change_event"].append(Entity(owner | _paused(account.account_id, campaign)))
    found["customer"].append(Entity(owner, tuple(everything)))
    return found


def customer(account_id: str, name: str, currency: str, timezone: str, *, manager: bool) -> dict[str, object]:
    return {
        "customer.resource_name": f"customers/{account_id}",
        "customer.id": account_id,
        "customer.descriptive_name": name,
        "customer.currency_code": currency,
        "customer.time_zone": timezone,
        "customer.manager": manager,
        "customer.status": "ENABLED",
        "customer.test_account": False,
        "customer.auto_tagging_enabled": True,
    }


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
    return [_nested(row, names) for row in flat[: query.limit]]


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
    for found in _grouped(segments, days):
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


def _grouped(segments: list[str], days: list[tuple[world.Campaign, world.Row]]) -> Iterable[_Group]:
    by_date = [name for name in segments if name not in ACTION_SEGMENTS]
    groups: dict[tuple[object, ...], _Group] = {} if by_date else {(): _Group({})}
    for campaign, row in days:
        key = tuple(
            NETWORKS[campaign.channel] if name not in DATES else _period(name, row.day) for name in by_date
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
    match name:
        case "segments.week":
            day -= timedelta(days=day.weekday())
        case "segments.month":
            day = day.replace(day=1)
    return day.isoformat()


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


def _nested(row: Mapping[str, object], names: Iterable[str]) -> dict[str, object]:
    """``campaign.target_cpa.x_micros`` as the wire nests it; what has no value is left out."""
    found: dict[str, object] = {}
    for name in (*names, *_resource_names(row, names)):
        value = row.get(name)
        if value is None:
            continue
        here = found
        *above, last = map(camel, name.split("."))
        for part in above:
            inner = here.setdefault(part, {})
            here = inner if isinstance(inner, dict) else found
        here[last] = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return found


def _resource_names(row: Mapping[str, object], names: Iterable[str]) -> Iterator[str]:
    """Each selected thing names itself, asked or not."""
    things = dict.fromkeys(name.partition(".")[0] for name in names)
    return (f"{thing}.resource_name" for thing in things if f"{thing}.resource_name" in row)


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _campaign(account_id: str, campaign: world.Campaign) -> dict[str, object]:
    here, budget = f"customers/{account_id}", str(int(campaign.campaign_id) + 900)
    strategy = GOALS.get(campaign.goal) or STRATEGIES[campaign.model]
    pays = campaign.goal == "pay_per_conversion"
    worth = campaign.volume * campaign.price_micros // 10
    return {
        "campaign.resource_name": f"{here}/campaigns/{campaign.campaign_id}",
        "campaign.id": campaign.campaign_id,
        "campaign.name": campaign.name,
        "campaign.status": campaign.status.upper(),
        "campaign.serving_status": "SERVING" if campaign.status == "enabled" else "SUSPENDED",
        "campaign.advertising_channel_type": CHANNELS[campaign.channel],
        "campaign.bidding_strategy_type": strategy,
        "campaign.payment_mode": "CONVERSIONS" if pays else "CLICKS",
        "campaign.target_cpa.target_cpa_micros": campaign.price_micros if pays else None,
        "campaign.start_date_time": f"{campaign.days.first_day} 00:00:00",
        "campaign.end_date_time": "2037-12-30 23:59:59",
        "campaign.campaign_budget": f"{here}/campaignBudgets/{budget}",
        "campaign_budget.resource_name": f"{here}/campaignBudgets/{budget}",
        "campaign_budget.id": budget,
        "campaign_budget.name": f"{campaign.name} budget",
        "campaign_budget.status": "ENABLED",
        "campaign_budget.amount_micros": worth // 1_000_000 * 1_000_000,
        "campaign_budget.period": "DAILY",
        "campaign_budget.type": "FIXED_CPA" if pays else "STANDARD",
        "campaign_budget.explicitly_shared": False,
    }


def _ad_group(account_id: str, campaign: world.Campaign, group: world.AdGroup) -> dict[str, object]:
    here = f"customers/{account_id}"
    bid = None if campaign.goal else BIDS.get(campaign.model)
    found: dict[str, object] = {
        "ad_group.resource_name": f"{here}/adGroups/{group.ad_group_id}",
        "ad_group.id": group.ad_group_id,
        "ad_group.name": group.name,
        "ad_group.status": "REMOVED" if campaign.status == "removed" else "ENABLED",
        "ad_group.type": f"{CHANNELS[campaign.channel]}_STANDARD",
        "ad_group.campaign": f"{here}/campaigns/{campaign.campaign_id}",
    }
    if bid:
        found[f"ad_group.{bid}"] = group.bid_micros
    if bid == "cpc_bid_micros":
        found["ad_group.effective_cpc_bid_micros"] = group.bid_micros
    return found


def _ad(account_id: str, campaign: world.Campaign, group: world.AdGroup, ad: str) -> dict[str, object]:
    here = f"customers/{account_id}"
    return {
        "ad_group_ad.resource_name": f"{here}/adGroupAds/{group.ad_group_id}~{ad}",
        "ad_group_ad.ad_group": f"{here}/adGroups/{group.ad_group_id}",
        "ad_group_ad.status": "REMOVED" if campaign.status == "removed" else "ENABLED",
        "ad_group_ad.ad.id": ad,
        "ad_group_ad.ad.name": f"{group.name} ad {ad[-1]}",
        "ad_group_ad.ad.type": "VIDEO_AD" if campaign.channel == "video" else "RESPONSIVE_SEARCH_AD",
    }


def _paused(account_id: str, campaign: world.Campaign) -> dict[str, object]:
    """The change that stopped the campaign, at the end of its last day."""
    name = f"customers/{account_id}/campaigns/{campaign.campaign_id}"
    last: date = campaign.days.last_day
    return {
        "change_event.resource_name": f"customers/{account_id}/changeEvents/{campaign.campaign_id}~1",
        "change_event.change_date_time": f"{last} 23:50:12.345678",
        "change_event.change_resource_type": "CAMPAIGN",
        "change_event.change_resource_name": name,
        "change_event.resource_change_operation": "UPDATE",
        "change_event.changed_fields": "status",
        "change_event.old_resource": {"campaign": {"resourceName": name, "status": "ENABLED"}},
        "change_event.new_resource": {"campaign": {"resourceName": name, "status": "PAUSED"}},
        "change_event.user_email": "media@lindenhof.example",
        "change_event.client_type": "GOOGLE_ADS_WEB_CLIENT",
        "change_event.campaign": name,
    }
