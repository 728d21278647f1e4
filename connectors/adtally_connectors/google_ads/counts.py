"""Impressions, interactions, cost and conversions as records.

Source: ``Metrics`` and ``Segments`` of Google Ads API v26; "Conversion action category" for the kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, TypeAlias

from adtally import Delivery, Interaction, to_micros

from . import wire
from .billing import tail
from .charging import COUNTED, to_charge

Kind: TypeAlias = Literal["lead", "install", "purchase", "other"]

VIEW = "google_trueview"
"""In-stream: 30 seconds, the whole of a shorter one, or an interaction; in-feed: a click that plays it."""

KINDS: dict[str, Kind] = {
    **dict.fromkeys(("PURCHASE", "STORE_SALE", "SUBSCRIBE_PAID"), "purchase"),
    **dict.fromkeys(("SUBMIT_LEAD_FORM", "PHONE_CALL_LEAD", "IMPORTED_LEAD", "QUALIFIED_LEAD"), "lead"),
    **dict.fromkeys(("CONVERTED_LEAD", "MESSAGE_LEAD", "REQUEST_QUOTE", "BOOK_APPOINTMENT"), "lead"),
    **dict.fromkeys(("SIGNUP", "CONTACT"), "lead"),
    "DOWNLOAD": "install",
}


def to_delivery(pages: Iterable[Sequence[wire.DeliveryRow | wire.TotalRow]]) -> Iterator[Delivery]:
    """One record per row of a delivery query; cost and conversion value are of the account's currency.

    ``billable_units`` counts what the campaign pays for now, where that is one event that is counted whole; a
    day of the whole account has none.
    """
    counters: dict[tuple[str, str, str], str] = {}
    for page in pages:
        for row in page:
            campaign, metrics = row.campaign, row.metrics
            settings = (
                campaign.payment_mode,
                campaign.bidding_strategy_type,
                campaign.advertising_channel_type,
            )
            counter = counters.get(settings)
            if counter is None:
                counter = counters[settings] = COUNTED.get(to_charge(*settings).event, "")
            units: int | Decimal | None = getattr(metrics, counter) if counter else None
            if isinstance(units, Decimal):
                units = int(units) if units == units.to_integral_value() else None
            views, impressions = metrics.video_trueview_views, metrics.impressions
            rate, conversions = metrics.video_quartile_p100_rate, metrics.conversions
            value = metrics.conversions_value
            completions = 0 if rate is not None else None
            if rate and impressions:
                completions = int(Decimal(rate * impressions).to_integral_value(ROUND_HALF_UP))
            yield Delivery(
                day=row.segments.date,
                campaign_id=campaign.id,
                ad_group_id=row.ad_group.id,
                ad_id=row.ad_group_ad.ad.id,
                view_definition="" if views is None else VIEW,
                impressions=impressions,
                measurable_impressions=metrics.active_view_measurable_impressions,
                viewable_impressions=metrics.active_view_impressions,
                clicks=metrics.clicks,
                interactions=metrics.interactions,
                engagements=metrics.engagements,
                video_views=views,
                video_completions=completions,
                conversions_micros=to_micros(conversions)
                if conversions
                else None
                if conversions is None
                else 0,
                revenue_micros=to_micros(value) if value else None if value is None else 0,
                invalid_clicks=metrics.invalid_clicks,
                billable_units=units,
                cost_micros=metrics.cost_micros,
            )


def to_interactions(rows: Iterable[wire.ActionRow]) -> Iterator[Interaction]:
    """Conversions by action; the rows of both attributions together are Google's "all conversions".

    ``default`` holds what Google counts in its column "Conversions" and may be added up; ``beyond`` holds
    what only "All conversions" has, so that nothing is in two rows. What Google does not tell has no row.
    """
    for row in rows:
        segments, metrics = row.segments, row.metrics
        action = " ".join(
            filter(None, (segments.conversion_action_name, f"#{tail(segments.conversion_action)}"))
        )
        counted = metrics.conversions, metrics.conversions_value
        every = metrics.all_conversions, metrics.all_conversions_value
        beyond = _less(every[0], counted[0]), _less(every[1], counted[1])
        for attribution, (quantity, value) in (("default", counted), ("beyond", beyond)):
            if quantity is not None and (quantity or value):
                yield Interaction(
                    day=segments.date,
                    campaign_id=row.campaign.id,
                    action=action,
                    attribution=attribution,
                    kind=KINDS.get(segments.conversion_action_category, "other"),
                    quantity_micros=to_micros(quantity),
                    value_micros=None if value is None else to_micros(value),
                    in_total=attribution == "default",
                )


def _less(whole: Decimal | None, part: Decimal | None) -> Decimal | None:
    return None if whole is None or part is None else whole - part


def to_view_through(rows: Iterable[wire.ViewThroughRow]) -> Iterator[Interaction]:
    """Conversions of people who saw the ad and did not interact: beside all others, never added up."""
    for row in rows:
        quantity = row.metrics.view_through_conversions
        if quantity:
            yield Interaction(
                day=row.segments.date,
                campaign_id=row.campaign.id,
                action="view_through",
                attribution="view_through",
                kind="conversion",
                quantity_micros=to_micros(quantity),
                view_through=True,
            )
