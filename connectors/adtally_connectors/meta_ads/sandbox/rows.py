"""The rows of insights: who delivered, by level and day, with what people did under each attribution window.

Source: ``AdsInsights`` and ``AdsActionStats`` of facebook-business 26.0.3 (API v26.0), read 2026-11. Every
scalar is text, a count of zero is absent, and a window without a result is absent from its list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias
from zoneinfo import ZoneInfo

from adtally import world

from . import entities
from .fields import GONE, LEVELS
from .query import Query

SYNC_ROWS = 250
"""More rows than that are not answered at once."""
COUNTED = (
    *("impressions", "clicks", "engagements", "video_views", "video_completions", "leads", "installs"),
    *("purchases", "revenue_micros", "view_through", "cost_micros"),
)
Sums: TypeAlias = dict[str, int]
Place: TypeAlias = tuple[date, str, str, str, str]
"""The first day of a row, its campaign, ad set and ad, and what it is broken down by."""


def insights(asked: Query, account: world.Account, played: world.World) -> list[dict[str, object]]:
    """The rows of a query; whoever did not deliver has none."""
    sums: defaultdict[Place, Sums] = defaultdict(lambda: defaultdict(int))
    depth = max(LEVELS.index(asked.level), 1)
    for campaign_id, row, part in _parts(asked, account, played):
        keys = (campaign_id, row.ad_group_id, row.ad_id)
        own = [key if place < depth else "" for place, key in enumerate(keys)]
        total = sums[_start(asked, row.day), own[0], own[1], own[2], part]
        for name in COUNTED:
            total[name] += getattr(row, name)
    if asked.level == "account":
        sums = _of_account(sums)
    by_id = {campaign.campaign_id: campaign for campaign in account.campaigns}
    found: list[dict[str, object]] = []
    for (start, campaign_id, group, ad, part), total in sorted(sums.items(), key=lambda item: item[0]):
        if total["impressions"] or total["cost_micros"]:
            values = _row(asked, account, by_id.get(campaign_id), group, ad, total, start)
            broken_down = {asked.breakdown: part} if part else {}
            found.append({name: values[name] for name in asked.fields if values.get(name)} | broken_down)
    return found


def _parts(asked: Query, account: world.Account, played: world.World) -> Iterator[tuple[str, world.Row, str]]:
    """The campaign's id and each row that counts, with the hour or country where it is asked for."""
    rows = [
        (campaign.campaign_id, row)
        for campaign in account.campaigns
        if _is_asked(asked, campaign)
        for row in played.days[campaign.campaign_id]
        if row.day in asked.window
    ]
    if asked.breakdown == "country":
        for country, row in world.by_country(account, (row for _, row in rows)):
            yield "", row, country or "unknown"
        return
    clock = ZoneInfo(account.timezone)
    for campaign_id, row in rows:
        if not asked.breakdown:
            yield campaign_id, row, ""
            continue
        for instant, part in world.by_hour(row, account.timezone, account.row_micros):
            hour = instant.astimezone(clock).hour
            yield campaign_id, part, f"{hour:02}:00:00 - {hour:02}:59:59"


def _of_account(campaigns: Mapping[Place, Sums]) -> defaultdict[Place, Sums]:
    """What the rows of the campaigns add up to; they show no revenue where nothing was bought."""
    sums: defaultdict[Place, Sums] = defaultdict(lambda: defaultdict(int))
    for (start, *_, part), own in campaigns.items():
        for name in COUNTED:
            if name != "revenue_micros" or own["purchases"]:
                sums[start, "", "", "", part][name] += own[name]
    return sums


def _is_asked(asked: Query, campaign: world.Campaign) -> bool:
    if asked.campaigns is not None and campaign.campaign_id not in asked.campaigns:
        return False
    if asked.level == "account":
        return True
    state = entities.state(campaign, asked.level)
    return state in asked.states if asked.states is not None else state not in GONE


def _start(asked: Query, day: date) -> date:
    if not asked.increment:
        return asked.window.first_day
    passed = (day - asked.window.first_day).days // asked.increment * asked.increment
    return asked.window.first_day + timedelta(days=passed)


def _row(
    asked: Query,
    account: world.Account,
    campaign: world.Campaign | None,
    group_id: str,
    ad: str,
    sums: Sums,
    start: date,
) -> dict[str, object]:
    length = asked.increment or asked.window.days
    found: dict[str, object] = {
        "account_id": account.account_id,
        "account_name": account.name,
        "account_currency": account.currency,
        "date_start": start.isoformat(),
        "date_stop": min(start + timedelta(days=length - 1), asked.window.last_day).isoformat(),
        "impressions": str(sums["impressions"]),
        "spend": money(sums["cost_micros"], account.currency),
        "clicks": _text(sums["clicks"] + sums["engagements"]),
        "inline_link_clicks": _text(sums["clicks"]),
        "inline_post_engagement": _text(sums["clicks"] + sums["engagements"]),
        "reach": _text(sums["impressions"] * 4 // 5),
    }
    if campaign is not None:
        group = next((one for one in campaign.ad_groups if one.ad_group_id == group_id), None)
        found |= {
            "campaign_id": campaign.campaign_id,
            "campaign_name": campaign.name,
            "objective": entities.objective(campaign),
            "buying_type": "AUCTION",
            "attribution_setting": "7d_click_1d_view",
        }
        if group is not None:
            found |= {
                "adset_id": group_id,
                "adset_name": group.name,
                "optimization_goal": entities.charged(campaign)[1],
            }
            if ad:
                found |= {"ad_id": ad, "ad_name": entities.ad_name(group, ad)}
    return found | dict(_lists(asked.windows, sums, account.currency))


def _lists(windows: Sequence[str], sums: Sums, currency: str) -> Iterator[tuple[str, object]]:
    """The nested lists: what people did, what it was worth, and how long they watched."""
    clicks, views, seen = sums["clicks"], sums["video_views"], sums["view_through"]
    bought_by_view = 0 if sums["installs"] else seen
    engaged = _stat(clicks + sums["engagements"], windows)
    leads, installs = _stat(sums["leads"], windows), _stat(sums["installs"], windows, by_view=seen)
    bought = _stat(sums["purchases"], windows, by_view=bought_by_view, slowly=True)
    stats = {
        "link_click": _stat(clicks, windows),
        "post_engagement": engaged,
        "page_engagement": engaged,
        "video_view": _stat(views, windows),
        "onsite_conversion.lead_grouped": leads,
        "lead": leads,
        "mobile_app_install": installs,
        "omni_app_install": installs,
        "offsite_conversion.fb_pixel_purchase": bought,
        "purchase": bought,
        "omni_purchase": bought,
    }
    yield "actions", _named(stats)
    worth = _worth(sums, bought_by_view, windows, currency)
    totals = ("offsite_conversion.fb_pixel_purchase", "purchase", "omni_purchase")
    yield "action_values", _named(dict.fromkeys(totals, worth))
    yield "outbound_clicks", _named({"outbound_click": _stat(clicks, windows)})
    yield "video_play_actions", _named({"video_view": _stat(views * 2, ())})
    yield "video_thruplay_watched_actions", _named({"video_view": _stat(views, windows)})
    completed = _stat(sums["video_completions"], windows)
    for quartile in ("p25", "p50", "p75", "p95", "p100"):
        yield f"video_{quartile}_watched_actions", _named({"video_view": completed})


def _named(stats: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    return [{"action_type": action, **stat} for action, stat in stats.items() if stat]


def _stat(count: int, windows: Sequence[str], *, by_view: int = 0, slowly: bool = False) -> dict[str, str]:
    """A count by window; the default one holds clicks of seven days and views of one.

    Of what people do slowly, some comes later than a day after the click.
    """
    clicked = count - by_view
    parts = {
        "1d_click": clicked - clicked // 5 if slowly else clicked,
        "7d_click": clicked,
        "28d_click": clicked,
        "1d_view": by_view,
        "default": count,
    }
    named = {name: str(parts[name]) for name in windows if parts.get(name)}
    return {"value": str(count), **named} if count else {}


def _worth(sums: Sums, by_view: int, windows: Sequence[str], currency: str) -> dict[str, str]:
    """The revenue by window, in proportion to its purchases."""
    count, revenue = sums["purchases"], sums["revenue_micros"]
    if not count or not revenue:
        return {}
    seen = revenue * by_view // count
    parts = {"7d_click": revenue - seen, "28d_click": revenue - seen, "1d_view": seen, "default": revenue}
    named = {name: money(parts[name], currency) for name in windows if parts.get(name)}
    return {"value": money(revenue, currency), **named}


def money(micros: int, currency: str) -> str:
    """Decimal text in major units, with the decimals that Meta shows of the currency."""
    if currency in entities.WHOLE:
        return str(micros // 1_000_000)
    return f"{Decimal(micros).scaleb(-6):.2f}"


def _text(count: int) -> str:
    """A zero is absent."""
    return str(count) if count else ""
