"""Impressions, interactions, cost and conversions as records.

Source: API v1.3, supported metrics of basic reports (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from adtally import ContractError, Delivery, Interaction, to_micros

from . import wire
from .charging import MIXED, Charge
from .queries import Level

Kind: TypeAlias = Literal["video_view", "engagement", "lead", "install", "purchase", "conversion"]
Texts: TypeAlias = Mapping[str, str | None]

VIEWS = {
    "video_play_actions": "tiktok_start",
    "video_watched_2s": "tiktok_2s",
    "video_watched_6s": "tiktok_6s",
    "engaged_view": "tiktok_focused_6s",
    "engaged_view_15s": "tiktok_focused_15s",
}
"""What each count of views counts; a focused view is one of that length, or an interaction before."""

ACTIONS_BILLED = {"clicks", "video_views", "conversions"}
BILLED_COST_SINCE = date(2023, 9, 1)


class Action(NamedTuple):
    """A metric that becomes interactions; ``action`` is its name in the ledger, "" = the metric's own."""

    metric: str
    kind: Kind
    attribution: str = "default"
    action: str = ""
    value: str = ""
    view_through: bool = False
    in_total: bool = False


# "conversion" alone may be added up: the others are parts of it, or the same by another clock.
ACTIONS = (
    Action("conversion", "conversion", in_total=True),
    Action("real_time_conversion", "conversion", "by_conversion_day", "conversion"),
    Action("cta_conversion", "conversion", "click", "conversion"),
    Action("vta_conversion", "conversion", "view_through", "conversion", view_through=True),
    Action("skan_conversion", "conversion", "skan", "conversion"),
    *(Action(name, "lead") for name in ("onsite_form", "form", "total_sales_lead", "offline_form_events")),
    Action("app_install", "install"),
    Action("real_time_app_install", "install", "by_conversion_day", "app_install"),
    Action("cta_app_install", "install", "click", "app_install"),
    Action("vta_app_install", "install", "view_through", "app_install", view_through=True),
    Action("evta_app_install", "install", "engaged_view", "app_install"),
    Action("complete_payment", "purchase", value="total_complete_payment_rate"),
    Action("total_purchase", "purchase", value="total_purchase_value"),
    Action("onsite_shopping", "purchase", value="total_onsite_shopping_value"),
    Action("offline_shopping_events", "purchase", value="offline_shopping_events_value"),
    *(Action(name, "video_view", "") for name in VIEWS),
    *(Action(name, "engagement", "") for name in ("likes", "comments", "shares", "follows")),
    *(Action(name, "engagement", "") for name in ("profile_visits", "clicks_on_music_disc", "anchor_clicks")),
)
METRICS = tuple(name for action in ACTIONS for name in (action.metric, action.value) if name)


def to_delivery(
    pages: Iterable[list[wire.ReportRow[wire.DeliveryMetrics]]], level: Level, charges: Mapping[str, Charge]
) -> Iterator[Delivery]:
    """One record per row of a level; cost and value are of the account's currency.

    ``billable_units`` counts what the ad group pays for, or what all ad groups of the campaign do. Raises
    ContractError for a row that does not name what it is about.
    """
    for page in pages:
        for row in page:
            ids, told = row.dimensions, row.metrics
            if not getattr(ids, level.dimension):
                raise ContractError(f"report: a row of {level.data_level} has no {level.dimension}")
            ad_group_id = ids.adgroup_id or known(told.adgroup_id) or ""
            campaign_id = ids.campaign_id or known(told.campaign_id) or ""
            charge = charges.get(ad_group_id or campaign_id, MIXED)
            record = _told(row, charge)
            record.campaign_id, record.ad_group_id, record.ad_id = campaign_id, ad_group_id, ids.ad_id
            record.interactions = record.billable_units if charge.event in ACTIONS_BILLED else record.clicks
            yield record


def to_totals(pages: Iterable[list[wire.ReportRow[wire.DeliveryMetrics]]]) -> Iterator[Delivery]:
    """One record per day of the whole account.

    Interactions and billable units are None: they depend on what each ad group pays for.
    """
    return (_told(row, MIXED) for page in pages for row in page)


def _told(row: wire.ReportRow[wire.DeliveryMetrics], charge: Charge) -> Delivery:
    """What the row says, with views and billable units as the charge counts them."""
    told, day = row.metrics, row.dimensions.day
    views = count(getattr(told, charge.views)) if charge.views else None
    clicks, engagements = count(told.clicks), count(told.engagements)
    conversions, impressions = micros(told.conversion), count(told.impressions)
    units = {
        "clicks": clicks,
        "impressions": impressions,
        "video_views": views,
        "conversions": _whole(conversions),
    }.get(charge.event)
    cost, billed = micros(told.spend), micros(told.billed_cost)
    credited = None
    if cost is not None and billed is not None and day >= BILLED_COST_SINCE:
        credited = cost - billed
    if engagements is not None:
        engagements = None if clicks is None else max(0, engagements - clicks)
    return Delivery(
        day=day,
        view_definition="" if views is None else VIEWS[charge.views],
        impressions=impressions,
        clicks=clicks,
        engagements=engagements,
        video_views=views,
        video_completions=count(told.video_views_p100),
        leads=_sum(count, told.onsite_form, told.form, told.total_sales_lead, told.offline_form_events),
        installs=count(told.app_install),
        conversions_micros=conversions,
        purchases=_sum(
            count,
            told.complete_payment,
            told.total_purchase,
            told.onsite_shopping,
            told.offline_shopping_events,
        ),
        revenue_micros=_sum(
            micros,
            told.total_complete_payment_rate,
            told.total_purchase_value,
            told.total_onsite_shopping_value,
            told.offline_shopping_events_value,
        ),
        billable_units=units,
        cost_micros=cost,
        credited_micros=credited,
    )


def to_interactions(pages: Iterable[list[wire.ReportRow[dict[str, str | None]]]]) -> Iterator[Interaction]:
    """What people did, one record per action that the row tells and that happened."""
    for page in pages:
        for row in page:
            for action in ACTIONS:
                quantity = micros(row.metrics.get(action.metric))
                value = micros(row.metrics.get(action.value)) if action.value else None
                if quantity is not None and (quantity or value):
                    yield Interaction(
                        day=row.dimensions.day,
                        campaign_id=row.dimensions.campaign_id,
                        action=action.action or action.metric,
                        attribution=action.attribution,
                        kind=action.kind,
                        quantity_micros=quantity,
                        value_micros=value,
                        view_through=action.view_through,
                        in_total=action.in_total,
                    )


def known(text: str | None) -> str | None:
    """The text of a metric, or None for one that is not applicable: ``-`` is never a zero."""
    return None if text is None or text in ("-", "") else text


def count(text: str | None) -> int | None:
    """A whole number. Raises ContractError for anything else."""
    if known(text) is None or text is None:
        return None
    try:
        return int(text)
    except ValueError:
        raise ContractError(f"not a count: {text[:40]!r}") from None


def micros(text: str | None) -> int | None:
    """Micros of an amount or of a count that may be a fraction."""
    return None if known(text) is None or text is None else to_micros(text)


def _whole(quantity_micros: int | None) -> int | None:
    if quantity_micros is None or quantity_micros % 1_000_000:
        return None
    return quantity_micros // 1_000_000


def _sum(parse: Callable[[str | None], int | None], *texts: str | None) -> int | None:
    """The sum of what applies: the families do not overlap. None where one is not told, or none applies."""
    told = [number for text in texts if (number := parse(text)) is not None]
    return sum(told) if told and None not in texts else None
