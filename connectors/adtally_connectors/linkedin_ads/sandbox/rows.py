"""The elements of ``adAnalytics``: by day and by one to three pivots, all at once.

Source: "Reporting" and "Metrics Available" of the LinkedIn Marketing API 202607; read 2026-11. An element
whose metrics are all zero is left out, and what is beyond 15,000 elements is cut off without a word. Days are
UTC's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

import msgspec

from adtally import Window, world

from .entities import RULES, urn
from .envelope import Refusal, check_names, invalid
from .restli import shaped


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


MOST_ELEMENTS, MOST_FIELDS, MOST_PIVOTS = 15_000, 20, 3
IDENTITY = ("dateRange", "pivotValues")
PIVOTS = {
    "ACCOUNT": "urn:li:sponsoredAccount",
    "CAMPAIGN_GROUP": "urn:li:sponsoredCampaignGroup",
    "CAMPAIGN": "urn:li:sponsoredCampaign",
    "CREATIVE": "urn:li:sponsoredCreative",
    "CONVERSION": "urn:lla:llaPartnerConversion",
}
FACETS = {
    "accounts": "ACCOUNT",
    "campaignGroups": "CAMPAIGN_GROUP",
    "campaigns": "CAMPAIGN",
    "creatives": "CREATIVE",
}
COUNTS = {
    "impressions": "impressions",
    "clicks": "clicks",
    "landingPageClicks": "clicks",
    "totalEngagements": "engaged",
    "reactions": "engagements",
    "videoStarts": "plays",
    "videoViews": "video_views",
    "videoCompletions": "video_completions",
    "oneClickLeads": "leads",
    "externalWebsiteConversions": "conversions",
    "externalWebsitePostClickConversions": "clicked",
    "externalWebsitePostViewConversions": "view_through",
}
"""Counts, by what they are the sum of."""
MONEY = {"costInLocalCurrency": "cost_micros", "conversionValueInLocalCurrency": "revenue_micros"}
OF_RULES = {
    *("externalWebsiteConversions", "externalWebsitePostClickConversions"),
    *("externalWebsitePostViewConversions", "conversionValueInLocalCurrency"),
}
"""The metrics that a rule has."""
NOTHING = _names(
    """companyPageClicks cardClicks actionClicks adUnitClicks textUrlClicks downloadClicks subscriptionClicks
    comments commentLikes likes shares follows otherEngagements sends opens fullScreenPlays viralImpressions
    viralClicks videoFirstQuartileCompletions videoMidpointCompletions videoThirdQuartileCompletions
    documentFirstQuartileCompletions documentMidpointCompletions documentThirdQuartileCompletions
    documentCompletions oneClickLeadFormOpens qualifiedLeads validWorkEmailLeads talentLeads
    leadGenerationMailContactInfoShares leadGenerationMailInterestedClicks jobApplications jobApplyClicks
    registrations"""
)
"""Counts that are zero in this world."""
METRICS = COUNTS.keys() | MONEY.keys() | NOTHING
Sums: TypeAlias = dict[str, int]


class Day(msgspec.Struct, forbid_unknown_fields=True):
    year: int
    month: int
    day: int


class Range(msgspec.Struct, forbid_unknown_fields=True):
    start: Day
    end: Day | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A checked request for a report."""

    pivots: tuple[str, ...]
    fields: tuple[str, ...]
    window: Window
    wanted: Mapping[str, frozenset[str]]
    """URNs by the pivot that they belong to."""


def query(given: Mapping[str, str], today: date) -> Query:
    """What is asked, or a Refusal."""
    finder = given.get("q", "")
    pivot = {"analytics": "pivot", "statistics": "pivots"}.get(finder)
    if pivot is None:
        raise invalid(f"Finder {finder!r} is not known")
    check_names(given, ("fields", *FACETS), ("q", pivot, "timeGranularity", "dateRange"))
    pivots = [given[pivot]] if finder == "analytics" else shaped(given[pivot], list[str], pivot)
    if not 1 <= len(pivots) <= MOST_PIVOTS or set(pivots) - PIVOTS.keys():
        raise invalid(f"{pivot}: one to {MOST_PIVOTS} known ones are possible")
    if given["timeGranularity"] != "DAILY":
        raise invalid("timeGranularity: the sandbox has days only")
    wanted = {
        of: frozenset(shaped(given[facet], list[str], facet))
        for facet, of in FACETS.items()
        if facet in given
    }
    if not wanted:
        raise Refusal(400, "MISSING_FIELD", "At least one facet is needed")
    for of, urns in wanted.items():
        if not urns or any(name.rpartition(":")[0] != PIVOTS[of] for name in urns):
            raise invalid(f"{of}: URNs of {PIVOTS[of]} are needed")
    return Query(tuple(pivots), _fields(given), _window(given, today), wanted)


def report(
    asked: Query, accounts: Mapping[str, world.Account], played: world.World
) -> list[dict[str, object]]:
    """The elements of a query; accounts that may not be seen have none."""
    sums: defaultdict[tuple[date, tuple[str, ...]], Sums] = defaultdict(lambda: defaultdict(int))
    for account in accounts.values():
        for campaign in account.campaigns if account.access != "denied" else ():
            for row in played.days[campaign.campaign_id]:
                _place(sums, asked, account, campaign, row)
    metrics = [name for name in asked.fields if name not in IDENTITY]
    found = [
        _element(asked, day, pivots, total)
        for (day, pivots), total in sorted(sums.items())
        if not metrics or any(_micros(name, total) for name in metrics)
    ]
    return found[:MOST_ELEMENTS]


def _fields(given: Mapping[str, str]) -> tuple[str, ...]:
    fields = tuple(given.get("fields", "impressions,clicks").split(","))
    if len(fields) > MOST_FIELDS:
        raise invalid(f"fields: {len(fields)} were asked for, {MOST_FIELDS} are possible")
    for name in fields:
        if name not in METRICS and name not in IDENTITY:
            raise invalid(f"fields: {name} is not known")
    return fields


def _window(given: Mapping[str, str], today: date) -> Window:
    asked = shaped(given["dateRange"], Range, "dateRange")
    try:
        first, last = (
            today if day is None else date(day.year, day.month, day.day) for day in (asked.start, asked.end)
        )
        return Window(first, last)
    except ValueError as error:
        raise invalid(f"dateRange: {error}") from error


def _place(
    sums: defaultdict[tuple[date, tuple[str, ...]], Sums],
    asked: Query,
    account: world.Account,
    campaign: world.Campaign,
    row: world.Row,
) -> None:
    """Add the row where it belongs, if it was asked for; only purchases have a rule that counts them."""
    names = {
        "ACCOUNT": urn("sponsoredAccount", account.account_id),
        "CAMPAIGN_GROUP": urn("sponsoredCampaignGroup", campaign.campaign_id),
        "CAMPAIGN": urn("sponsoredCampaign", row.ad_group_id),
        "CREATIVE": urn("sponsoredCreative", row.ad_id),
        "CONVERSION": f"{PIVOTS['CONVERSION']}:{next(iter(RULES))}",
    }
    by_rule = "CONVERSION" in asked.pivots
    if row.day in asked.window and all(names[of] in urns for of, urns in asked.wanted.items()):
        into = sums[row.day, tuple(names[pivot] for pivot in asked.pivots)]
        for name, count in _counted(campaign, row):
            if not by_rule or name in {(COUNTS | MONEY)[metric] for metric in OF_RULES}:
                into[name] += count


def _counted(campaign: world.Campaign, row: world.Row) -> Iterator[tuple[str, int]]:
    """Conversions are those of campaigns with that goal: only they have a rule."""
    conversions = row.conversions_micros // 1_000_000 if campaign.goal else 0
    view_through = row.view_through if campaign.goal else 0
    yield from {
        "impressions": row.impressions,
        "clicks": row.clicks,
        "engaged": row.clicks + row.engagements,
        "engagements": row.engagements,
        "plays": row.impressions * 9 // 10 if campaign.channel == "reel" else 0,
        "video_views": row.video_views,
        "video_completions": row.video_completions,
        "leads": row.leads,
        "conversions": conversions,
        "clicked": conversions - view_through,
        "view_through": view_through,
        "cost_micros": row.cost_micros,
        "revenue_micros": row.revenue_micros if campaign.goal else 0,
    }.items()


def _element(asked: Query, day: date, pivots: tuple[str, ...], total: Sums) -> dict[str, object]:
    told = {"year": day.year, "month": day.month, "day": day.day}
    identity = {"dateRange": {"start": told, "end": told}, "pivotValues": list(pivots)}
    return {
        name: identity[name]
        if name in identity
        else money(_micros(name, total))
        if name in MONEY
        else _micros(name, total)
        for name in asked.fields
    }


def _micros(name: str, total: Sums) -> int:
    return total[(COUNTS | MONEY)[name]] if name not in NOTHING else 0


def money(micros: int) -> str:
    """The amount as LinkedIn writes it: decimals of a binary float, ``612.33000000000004093``."""
    return f"{Decimal(micros / 1_000_000):.20g}"
