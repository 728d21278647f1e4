"""How few people clicked: a campaign that is just too unlikely, and one that is just not.

The test is written here a second time, on the world's own numbers: the exact probability of so few
interactions at the rate of the account's other campaigns of the same channel, and the line that
Benjamini and Hochberg draw for all campaigns of a month together (docs/reconciliation.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import exp, lgamma, log

from ..calendar import Window, month_name
from .contract import Spot
from .model import COMPLETE, COUNTS, SEPTEMBER, Account, Campaign, Draft, Kind, Planted, Row, stream, total
from .prices import spread

ALPHA = Fraction(1, 100)
SHOWN = ("impressions", "measurable_impressions", "viewable_impressions", "engagements", "cost_micros")
"""What stays of a day when nobody clicks."""


@dataclass(frozen=True, slots=True)
class Tested:
    """One campaign-month beside the usual rate."""

    spot: Spot
    impressions: int
    interactions: int
    usual_impressions: int
    usual_interactions: int


def plant_attention(draft: Draft) -> None:
    """Make a quiet campaign lose its clicks down to the line, and another one almost; in different months."""
    rng = stream(draft.seed, "attention")
    months = list(COMPLETE)
    rng.shuffle(months)
    quiet = [
        (account, campaign) for account in draft.accounts for campaign in account.campaigns if campaign.quiet
    ]
    chosen = rng.sample(quiet, 2)
    kinds: tuple[Kind, Kind] = ("fault", "decoy")
    # September first: its days are part of what is usual in October.
    for kind, window, (account, campaign) in sorted(
        zip(kinds, months, chosen, strict=True), key=lambda one: one[1] != SEPTEMBER
    ):
        rows = draft.rows(campaign, window)
        clicks = _at_the_line(draft, Spot(account, campaign, window)) + (kind == "decoy")
        _quieten(rows, clicks)
        shown = total(rows, "impressions")
        planted = Planted(
            check_id="impressions-without-interaction",
            subject=f"{account.connector}/{account.account_id}/{campaign.campaign_id}",
            month=month_name(window.first_day),
            currency=account.currency,
            kind=kind,
            note=f"{clicks} clicks of {shown} impressions",
            at_risk_micros=total(rows, "cost_micros") if kind == "fault" else None,
        )
        draft.truth.append(planted)


def _at_the_line(draft: Draft, spot: Spot) -> int:
    """The most clicks with which the campaign is still found, if it is the only one of its month."""
    tested = list(_tested(draft, spot.window))
    line = float(ALPHA / len(tested))
    one = next(each for each in tested if each.spot == spot)
    rate = one.usual_interactions / one.usual_impressions
    clicks, so_far = 0, 0.0
    while True:
        so_far += exp(_log_chance(clicks, one.impressions, rate))
        if so_far > line:
            return clicks - 1
        clicks += 1


def _tested(draft: Draft, window: Window) -> Iterator[Tested]:
    """The campaigns that were shown in the month and have something usual to be compared with."""
    usual: defaultdict[tuple[str, str], list[tuple[str, int, int]]] = defaultdict(list)
    trailing = Window(SEPTEMBER.first_day, window.last_day)  # the sandbox has no day before the 90
    for account in draft.accounts:
        for campaign in account.campaigns:
            rows = draft.rows(campaign, trailing)
            sums = total(rows, "impressions"), _interactions(campaign, rows)
            usual[_format(account, campaign)].append((campaign.campaign_id, *sums))
    for account in draft.accounts:
        for campaign in account.campaigns:
            rows = draft.rows(campaign, window)
            others = [row for row in usual[_format(account, campaign)] if row[0] != campaign.campaign_id]
            shown, acted = sum(row[1] for row in others), sum(row[2] for row in others)
            impressions = total(rows, "impressions")
            if impressions and shown and acted:
                spot = Spot(account, campaign, window)
                yield Tested(spot, impressions, _interactions(campaign, rows), shown, acted)


def _format(account: Account, campaign: Campaign) -> tuple[str, str]:
    """Whose habits are comparable. Publishers name no channel."""
    return account.account_id, "" if campaign.channel == "direct" else campaign.channel


def _interactions(campaign: Campaign, rows: list[Row]) -> int:
    """The main action of the format: a view of a video, an install where that is paid for, else a click."""
    if campaign.channel in ("video", "reel"):
        return total(rows, "video_views")
    return total(rows, "installs" if campaign.channel == "social" and campaign.model == "cpi" else "clicks")


def _log_chance(hits: int, of: int, rate: float) -> float:
    """The logarithm of the chance of exactly so many hits."""
    ways = lgamma(of + 1) - lgamma(hits + 1) - lgamma(of - hits + 1)
    return ways + hits * log(rate) + (of - hits) * log(1 - rate)


def _quieten(rows: list[Row], clicks: int) -> None:
    for row, part in zip(rows, spread(clicks, [row.impressions for row in rows]), strict=True):
        for name in COUNTS:
            if name not in SHOWN:
                setattr(row, name, 0)
        row.clicks = part
