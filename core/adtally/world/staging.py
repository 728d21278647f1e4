"""Scenes that stand in the days and their cost: paused days, budgets, orders, steps of a price."""

from __future__ import annotations

from dataclasses import replace

from ..calendar import Window
from ..money import minor, rounded
from . import scenes
from .contract import Spot, edge_of
from .model import (
    COMPLETE,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    Account,
    Campaign,
    Draft,
    Row,
    Withdrawn,
    total,
)
from .paper import BillLine
from .prices import LEAST_MINOR_UNITS, RATE_PPM, tolerance
from .scenes import say, say_of

LOOKED_AGAIN = OCTOBER.last_day
"""The day from which the withdrawn clicks are not told any more."""
OVERDELIVERED = 14_000_000
"""What a bill gives back of an order that ran over its budget."""


def play(draft: Draft) -> None:
    """All that must be there before bills are written."""
    _paused_days(draft)
    _steps(draft)
    _withdrawn(draft)
    _daily_budgets(draft)
    _orders(draft)


def _paused_days(draft: Draft) -> None:
    """Campaigns that stood still on a day cost something on it: as much as late clicks may, or more."""
    for account in scenes.of(draft, "alpine"):
        still = [campaign for campaign in account.campaigns if campaign.still_on]
        for kind, campaign in scenes.roles(draft, f"paused {account.connector}", still):
            amount = (LEAST_MINOR_UNITS + (kind == "fault")) * minor(account.currency)
            rows, day = draft.days[campaign.campaign_id], scenes.STOCKTAKING
            late = Row(day, rows[0].ad_group_id, rows[0].ad_id, impressions=1, clicks=1, cost_micros=amount)
            draft.days[campaign.campaign_id] = sorted([*rows, late], key=lambda row: row.day)
            note = f"{amount} micros of late clicks on {day}, paused from midnight to midnight"
            spot = Spot(account, campaign, OCTOBER)
            say_of(draft, "spend-while-paused", spot, kind, note, amount)


def _steps(draft: Draft) -> None:
    """A price in steps, billed to the edge of the tolerance and a unit beyond, in different months."""
    [account] = scenes.of(draft, "steps")
    [campaign] = account.campaigns
    for kind, window in scenes.roles(draft, "steps", COMPLETE):
        edge_of(draft, Spot(account, campaign, window), "expected-charge-vs-billed", kind)


def _withdrawn(draft: Draft) -> None:
    """Clicks that were told when September was billed, and are not told any more; their cost stays."""
    [account] = scenes.of(draft, "withdrawn")
    for kind, campaign in scenes.roles(draft, "withdrawn", account.campaigns):
        rate = campaign.agreement.rate_micros if campaign.agreement else 0
        rows = draft.rows(campaign, SEPTEMBER)
        worth = rate * total(rows, "clicks")
        clicks = tolerance(worth, account.currency, ppm=RATE_PPM) // rate + (kind == "fault")
        row = max(rows, key=lambda row: row.clicks)
        row.cost_micros += rate * clicks
        draft.withdrawn.append(Withdrawn(campaign.campaign_id, row.day, clicks, LOOKED_AGAIN))
        note = f"{clicks} clicks of {row.day} were withdrawn after the bill"
        spot = Spot(account, campaign, SEPTEMBER)
        say_of(draft, "restated-after-billing", spot, kind, note, rate * clicks)


def _daily_budgets(draft: Draft) -> None:
    """Google's daily budgets: the smallest that the days fit, and for one campaign a unit less."""
    for account in draft.accounts:
        if account.platform == "google_ads":
            for campaign in account.campaigns:
                draft.change(campaign, budget_micros=_fitting(draft, campaign, minor(account.currency)))
    [account], exceeded = scenes.of(draft, "alpine", "google"), list[Window]()
    for kind, campaign in scenes.roles(draft, "daily budgets", scenes.called(account, scenes.PURSE.name)):
        budget = campaign.budget_micros - (minor(account.currency) if kind == "fault" else 0)
        draft.change(campaign, budget_micros=budget)
        for window in COMPLETE if kind == "fault" else exceeded:
            excess = _beyond(draft, campaign, window, budget)
            if excess or kind == "decoy":
                exceeded += [window] if excess else []
                note = f"{excess} micros beyond what Google's rule makes of {budget} a day"
                say_of(draft, "spend-over-budget", Spot(account, campaign, window), kind, note, excess)


def _fitting(draft: Draft, campaign: Campaign, unit: int) -> int:
    """By Google's rule a day may cost twice the budget, and a month 30.4 times, in proportion to its days."""
    budget = unit
    for window in (*COMPLETE, NOVEMBER):
        cost, days = total(draft.rows(campaign, window), "cost_micros"), _days_on(campaign, window)
        if days:
            budget = max(budget, -(-cost * 10 * window.days // (304 * days)))
        if campaign.goal != "pay_per_conversion":
            budget = max(budget, -(-max(_by_day(draft, campaign, window), default=0) // 2))
    budget = -(-budget // unit) * unit
    while any(_beyond(draft, campaign, window, budget) for window in (*COMPLETE, NOVEMBER)):
        budget += unit
    return budget


def _days_on(campaign: Campaign, window: Window) -> int:
    """The days of the month on which the campaign may run; one that runs still may do so until its end."""
    if campaign.status == "enabled" and campaign.days.first_day <= window.first_day:
        return window.days - (campaign.still_on is not None and campaign.still_on in window)
    days = campaign.days.overlap(window)
    return days.days if days else 0


def _by_day(draft: Draft, campaign: Campaign, window: Window) -> list[int]:
    days: dict[object, int] = {}
    for row in draft.rows(campaign, window):
        if row.day != campaign.still_on:
            days[row.day] = days.get(row.day, 0) + row.cost_micros
    return list(days.values())


def _beyond(draft: Draft, campaign: Campaign, window: Window, budget: int) -> int:
    cost, days = total(draft.rows(campaign, window), "cost_micros"), _days_on(campaign, window)
    if not days:
        return 0
    heavy = sum(max(0, day - 2 * budget) for day in _by_day(draft, campaign, window))
    by_day = 0 if campaign.goal == "pay_per_conversion" else heavy
    return max(by_day, cost - rounded(304 * budget * days, 10 * window.days), 0)


def _orders(draft: Draft) -> None:
    """Orders over September and October: a cap a unit too low, units that did not come."""
    [account] = scenes.of(draft, "budgets")
    unit = minor(account.currency)
    pairs = [scenes.called(account, name) for name in ("Ordered", "Capped")]
    for kind, pair in scenes.roles(draft, "order budgets", pairs):
        order = f"IO-{2609 + (kind == 'decoy')}"
        cost = sum(total(draft.days[campaign.campaign_id], "cost_micros") for campaign in pair)
        budget = cost - (unit if kind == "fault" else OVERDELIVERED)
        _agree(draft, pair, order=order, budget_micros=budget)
        note = "a unit above the order's budget" if kind == "fault" else "credited on the bill"
        say(draft, "spend-over-budget", f"{account.connector}/order:{order}", OCTOBER, account.currency, kind,
            note, at_risk=cost - budget)  # fmt: skip
    [account] = scenes.of(draft, "units")
    for kind, campaign in scenes.roles(draft, "order units", account.campaigns):
        order = f"IO-{2611 + (kind == 'decoy')}"
        delivered = total(draft.days[campaign.campaign_id], "impressions")
        units = delivered * 100 // (94 if kind == "fault" else 95)
        _agree(draft, [campaign], order=order, units=units)
        subject, note = f"{account.connector}/order:{order}", f"{delivered} of {units} ordered impressions"
        say(draft, "under-delivery-make-good", subject, OCTOBER, account.currency, kind, note, at_risk=0)


def _agree(draft: Draft, campaigns: list[Campaign], **terms: object) -> None:
    for campaign in campaigns:
        if campaign.agreement:
            draft.change(campaign, agreement=replace(campaign.agreement, **terms))  # type: ignore[arg-type]


def overdelivery(draft: Draft, account: Account, campaign: Campaign) -> BillLine:
    """The line by which a bill gives back what ran over the order's budget."""
    return BillLine("overdelivery", -OVERDELIVERED, account.account_id, OCTOBER.first_day, OCTOBER.last_day,
                    campaign_id=campaign.campaign_id, campaign_name=campaign.name)  # fmt: skip
