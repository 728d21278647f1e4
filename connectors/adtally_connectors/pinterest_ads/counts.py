"""Impressions, interactions, cost and conversions as records.

Source: API v5, OpenAPI document 5.23.0, columns of reports (read 2026-11). ``_1`` is what happened on the ad,
``_2`` what followed from somebody's saving it: only the first is paid for and read here. Columns named
``MICRO_DOLLAR`` are micros of the account's currency. That clicks on the Pin are what CPC charges, and that
engagements hold them, is taken from Pinterest's help.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from adtally import Delivery, Interaction, to_micros

from . import wire
from .charging import MIXED, Charge
from .entities import to_id
from .queries import Attribution

Kind: TypeAlias = Literal["click", "video_view", "engagement", "lead", "install", "purchase", "conversion"]
Part: TypeAlias = Literal["click", "engagement", "view"]

VIEWS = "pinterest_mrc_2s"
"""``VIDEO_MRC_VIEWS_1``: half of the Pin in view for two seconds."""
ACTIONS_BILLED = {"clicks", "video_views"}
PARTS: tuple[Part, ...] = ("click", "engagement", "view")
DONE: dict[str, Kind] = {
    "outbound_click_1": "click",
    "engagement_1": "engagement",
    "repin_1": "engagement",
    "video_mrc_views_1": "video_view",
    "video_3sec_views_1": "video_view",
}
"""Columns without attribution: what people did on the ad itself."""


class Event(NamedTuple):
    """A conversion; with ``in_parts`` it is also told by what came before it."""

    column: str
    kind: Kind = "conversion"
    in_total: bool = False
    in_parts: bool = False


EVENTS = (
    Event("total_checkout", "purchase", in_total=True, in_parts=True),
    Event("total_signup", "lead", in_total=True, in_parts=True),
    Event("total_lead", "lead", in_total=True, in_parts=True),
    Event("leads", "lead", in_total=True),
    Event("total_app_install", "install", in_total=True, in_parts=True),
    Event("total_conversions"),
    *(Event(f"total_{name}") for name in ("add_to_cart", "page_visit", "search", "watch_video")),
    *(Event(f"total_{name}") for name in ("view_category", "custom", "subscribe")),
)
"""Only ends of the way may be added up: ``total_conversions`` holds every step of it."""


def to_delivery(rows: Iterable[wire.DeliveryRow], charges: Mapping[str, Charge]) -> Iterator[Delivery]:
    """One record per row; ``billable_units`` counts what the ad group pays for, or all of the campaign's do.

    ``charges`` is by ad group, or by campaign where the rows are campaigns.
    """
    for row in rows:
        campaign_id, ad_group_id = to_id(row.campaign_id), to_id(row.ad_group_id)
        charge = charges.get(ad_group_id or campaign_id, MIXED)
        record = _told(row)
        record.campaign_id, record.ad_group_id, record.ad_id = campaign_id, ad_group_id, to_id(row.ad_id)
        record.video_completions = row.video_p100_complete_1
        record.installs = _whole(row.total_app_install)
        record.credited_micros = _micros(row.ads_credit_spend_in_micro_dollar)
        units = {
            "clicks": record.clicks,
            "impressions": record.impressions,
            "video_views": record.video_views,
        }
        record.billable_units = units.get(charge.event)
        record.interactions = record.billable_units if charge.event in ACTIONS_BILLED else record.clicks
        yield record


def to_totals(rows: Iterable[wire.TotalRow]) -> Iterator[Delivery]:
    """One record per day of the whole account.

    Interactions and billable units are None: they depend on what each ad group pays for.
    """
    return map(_told, rows)


def to_interactions(rows: Iterable[wire.ActionRow], attribution: Attribution) -> Iterator[Interaction]:
    """What people did by campaign, one record per action and attribution that happened."""
    for row in rows:
        for column, kind in DONE.items():
            yield from _done(row, column, kind)
        for event in EVENTS:
            yield from _done(row, event.column, event.kind, attribution.named(*PARTS), event.in_total)
            for part in PARTS if event.in_parts else ():
                column = event.column.replace("total_", f"total_{part}_", 1)
                yield from _done(row, column, event.kind, attribution.named(part), action=event.column)


def _told(row: wire.TotalRow) -> Delivery:
    """What the row says of a thing, or of the account."""
    clicks, engagements = row.clickthrough_1, row.engagement_1
    others = None if clicks is None or engagements is None else max(0, engagements - clicks)
    leads, tagged = row.leads, _whole(row.total_lead)
    return Delivery(
        day=row.date,
        view_definition="" if row.video_mrc_views_1 is None else VIEWS,
        impressions=row.impression_1,
        clicks=clicks,
        engagements=others,
        video_views=row.video_mrc_views_1,
        leads=None if leads is None or tagged is None else leads + tagged,
        conversions_micros=None if row.total_conversions is None else to_micros(row.total_conversions),
        purchases=_whole(row.total_checkout),
        revenue_micros=_micros(row.total_checkout_value_in_micro_dollar),
        cost_micros=_micros(row.spend_in_micro_dollar),
    )


def _done(
    row: wire.ActionRow,
    column: str,
    kind: Kind,
    attribution: str = "",
    in_total: bool = False,
    action: str = "",
) -> Iterator[Interaction]:
    """One column of a row as a record; none, where nothing happened or is not told."""
    quantity: Decimal | None = getattr(row, column)
    value: Decimal | None = getattr(row, f"{column}_value_in_micro_dollar", None)
    if quantity is not None and (quantity or value):
        yield Interaction(
            day=row.date,
            campaign_id=to_id(row.campaign_id),
            action=(action or column).upper(),
            attribution=attribution,
            kind=kind,
            quantity_micros=to_micros(quantity),
            value_micros=_micros(value),
            view_through=bool(action) and column.startswith("total_view_"),
            in_total=in_total,
        )


def _micros(amount: Decimal | None) -> int | None:
    """Whole micros of an amount that is micros already."""
    return None if amount is None else to_micros(amount, scale=1)


def _whole(count: Decimal | None) -> int | None:
    """A count of whole events; None for a part of one."""
    return None if count is None or count % 1 else int(count)
