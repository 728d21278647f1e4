"""Impressions, interactions, cost and conversions as records.

Source: Bid Manager API v2, "Filters & metrics"; Display & Video 360 help 15100836, 9631036; read 2026-11.
The cost is what Google bills, in the advertiser's currency; what it gave back is told apart, not taken off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from adtally import Delivery, Interaction

from . import queries
from .charging import MIXED, Charge
from .sheets import Row

VIEWS = {queries.TRUEVIEW: "youtube_trueview", queries.PLAYS: "dv360_start"}
"""What each count of views counts."""


class Result(NamedTuple):
    """A count of conversions, and what they are worth."""

    action: str
    metric: str
    value: str
    view_through: bool


RESULTS = (
    Result("post_click_conversions", queries.AFTER_CLICK, queries.VALUE_AFTER_CLICK, view_through=False),
    Result("post_view_conversions", queries.AFTER_VIEW, queries.VALUE_AFTER_VIEW, view_through=True),
)


def to_delivery(
    rows: Iterable[Row], charges: Mapping[str, Charge], by: Literal["ad_group_id", "campaign_id"]
) -> Iterator[Delivery]:
    """One record per row.

    ``billable_units`` counts what the line item pays for, or what all line items of the campaign do.
    """
    for row in rows:
        charge = charges.get(getattr(row, by), MIXED)
        record = _told(row, charge)
        record.interactions = record.billable_units if charge.event == "video_views" else record.clicks
        yield record


def to_totals(rows: Iterable[Row]) -> Iterator[Delivery]:
    """One record per day of the whole account.

    Views, interactions and billable units are None: they depend on what each line item pays for.
    """
    return (_told(row, MIXED) for row in rows)


def to_interactions(rows: Iterable[Row]) -> Iterator[Interaction]:
    """What people did after a click and after a view; both together are all conversions."""
    for row in rows:
        for result in RESULTS:
            quantity, value = row.told.get(result.metric), row.told.get(result.value)
            if quantity is not None and (quantity or value):
                yield Interaction(
                    day=row.day,
                    campaign_id=row.campaign_id,
                    action=result.action,
                    attribution="default",
                    kind="conversion",
                    quantity_micros=quantity,
                    value_micros=value,
                    view_through=result.view_through,
                    in_total=True,
                )


def _told(row: Row, charge: Charge) -> Delivery:
    """What the row says, with views and billable units as the charge counts them."""
    told = row.told
    views = told.get(charge.views) if charge.views else None
    impressions, billed = told.get(queries.IMPRESSIONS), told.get(queries.BILLABLE_IMPRESSIONS)
    refund = told.get(queries.REFUND)
    units = {"impressions": impressions if billed is None else billed, "video_views": views}
    return Delivery(
        day=row.day,
        campaign_id=row.campaign_id,
        ad_group_id=row.ad_group_id,
        ad_id=row.ad_id,
        view_definition="" if views is None else VIEWS[charge.views],
        impressions=impressions,
        measurable_impressions=told.get(queries.MEASURABLE),
        viewable_impressions=told.get(queries.VIEWABLE),
        clicks=told.get(queries.CLICKS),
        engagements=told.get(queries.ENGAGEMENTS),
        video_views=views,
        video_completions=told.get(queries.COMPLETIONS),
        conversions_micros=told.get(queries.CONVERSIONS),
        invalid_clicks=told.get(queries.INVALID_CLICKS),
        billable_units=units.get(charge.event),
        cost_micros=told.get(queries.COST),
        credited_micros=None if refund is None else abs(refund),
    )
