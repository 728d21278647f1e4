"""Impressions, clicks, cost and conversions as records.

Source: API v13, column pages of the performance and the goals report (2024-11-06, SDK 13.0.30.1); read
2026-11. Clicks are the billable ones; those of low quality are told beside them. Conversions hold only those
after a click, of goals that are not excluded from bidding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal, TypeAlias

from adtally import ContractError, Delivery, Interaction, to_micros

from . import wire
from .charging import UNKNOWN, VIEWS, Charge
from .sheet import Row, count

Kind: TypeAlias = Literal["lead", "install", "purchase", "conversion"]

VIEW = "microsoft_view"
"""The one threshold of a video view: its end or 30 seconds, by the trade press; Microsoft does not say."""
KINDS: dict[str, Kind] = {
    "Purchase": "purchase",
    "Subscribe": "purchase",
    "SubmitLeadForm": "lead",
    "BookAppointment": "lead",
    "Signup": "lead",
    "RequestQuote": "lead",
    "Contact": "lead",
    "Download": "install",
}
"""By the category of a goal."""
APP_GOALS = {"AppInstall", "AppDownload"}


def to_delivery(rows: Iterable[Row], charges: Mapping[str, Charge]) -> Iterator[Delivery]:
    """One record per row; ``billable_units`` counts what the campaign pays for.

    Of views it is not told: a click on a video ad is charged, too, and one of both counts.
    """
    for row in rows:
        record = _told(row)
        charge = charges.get(record.campaign_id, UNKNOWN)
        record.interactions = record.video_views if charge == VIEWS else record.clicks
        if charge.event in ("clicks", "impressions"):
            record.billable_units = getattr(record, charge.event)
        yield record


def to_totals(rows: Iterable[Row]) -> Iterator[Delivery]:
    """One record per day of the whole account; what is billable and main depends on the campaign."""
    return map(_told, rows)


def to_interactions(rows: Iterable[Row], goals: Mapping[str, wire.Goal]) -> Iterator[Interaction]:
    """What people did by goal, after a click and after a mere view, each that happened.

    Goals whose conversions are left out of bidding are not in the total. A goal that was deleted is told by
    the report alone.
    """
    for row in rows:
        goal_id = row.ids["GoalId"]
        goal = goals.get(goal_id) or wire.Goal(goal_id, type=row.ids["GoalType"])
        name = row.ids["Goal"] or goal.name or ""
        action = f"{name} ({goal_id})" if goal_id else name or "no goal"
        for column, value_column, after_view in (
            ("AllConversionsQualified", "AllRevenue", False),
            ("ViewThroughConversionsQualified", "ViewThroughRevenue", True),
        ):
            quantity, value = micros(row.told[column]), micros(row.told[value_column])
            if quantity is not None and (quantity or value):
                yield Interaction(
                    day=_day(row),
                    campaign_id=row.ids["CampaignId"],
                    action=f"view-through: {action}" if after_view else action,
                    attribution="view_through" if after_view else "default",
                    kind=_kind(goal),
                    quantity_micros=quantity,
                    value_micros=value,
                    view_through=after_view,
                    in_total=not after_view and not goal.exclude_from_bidding,
                )


def micros(text: str | None) -> int | None:
    """Micros of an amount, or of a count that may be a fraction."""
    return None if text is None else to_micros(text)


def _told(row: Row) -> Delivery:
    told = row.told
    views = count(told["VideoViews"])
    return Delivery(
        day=_day(row),
        campaign_id=row.ids.get("CampaignId", ""),
        ad_group_id=row.ids.get("AdGroupId", ""),
        ad_id=row.ids.get("AdId", ""),
        currency=told["CurrencyCode"] or "",
        view_definition="" if views is None else VIEW,
        impressions=count(told["Impressions"]),
        clicks=count(told["Clicks"]),
        video_views=views,
        video_completions=count(told["CompletedVideoViews"]),
        installs=count(told.get("Installs")),
        conversions_micros=micros(told["ConversionsQualified"]),
        revenue_micros=micros(told["Revenue"]),
        invalid_clicks=count(told.get("LowQualityClicks")),
        cost_micros=micros(told["Spend"]),
    )


def _day(row: Row) -> date:
    if row.day is None:
        raise ContractError("the report has a row without a day")
    return row.day


def _kind(goal: wire.Goal) -> Kind:
    return "install" if goal.type in APP_GOALS else KINDS.get(goal.goal_category or "", "conversion")
