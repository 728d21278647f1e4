"""Impressions, interactions, cost and actions as records.

Source: "Insights", "Ads Action Stats", Marketing API v26; "Cost per action ads" (2025-11-11) for what is billed.
Action types overlap: a total such as ``purchase`` stands beside its parts, and one person's click is a
``link_click``, a ``post_engagement`` and a ``page_engagement``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Literal, TypeAlias

from adtally import ContractError, Delivery, Interaction, to_micros

from . import wire

Kind: TypeAlias = Literal["click", "video_view", "engagement", "lead", "install", "purchase", "conversion", "other"]

VIEW = "meta_thruplay"
"""15 seconds, or the whole of a shorter video."""

PIXEL_PURCHASE, SHOP_PURCHASE = "offsite_conversion.fb_pixel_purchase", "onsite_conversion.purchase"
PIXEL_LEAD, FORM_LEAD = "offsite_conversion.fb_pixel_lead", "onsite_conversion.lead_grouped"
INSTALL = "mobile_app_install"
ADDABLE = frozenset(
    {PIXEL_PURCHASE, SHOP_PURCHASE, PIXEL_LEAD, FORM_LEAD, "offsite_conversion.fb_pixel_custom", INSTALL}
)
"""Action types that never count the same event: only these may be added up."""

Whole: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
LEADS: Whole = (FORM_LEAD, PIXEL_LEAD), ("lead",)
INSTALLS: Whole = (INSTALL,), ("omni_app_install",)
PURCHASES: Whole = (PIXEL_PURCHASE, SHOP_PURCHASE), ("purchase", "omni_purchase")
"""The parts of a count, and the action types that are its total."""

KINDS: dict[str, Kind] = {
    **dict.fromkeys(("link_click", "outbound_click"), "click"),
    "video_view": "video_view",
    **dict.fromkeys(("post_engagement", "page_engagement", "post_reaction", "like", "comment", "post"), "engagement"),
    **dict.fromkeys(("photo_view", "landing_page_view"), "engagement"),
    **dict.fromkeys(("lead", FORM_LEAD, PIXEL_LEAD, "onsite_conversion.lead"), "lead"),
    **dict.fromkeys((INSTALL, "omni_app_install", "app_install"), "install"),
}
CONVERSIONS = ("offsite_conversion", "onsite_conversion", "app_custom_event", "omni_")

ATTRIBUTES = {
    "1d_click": "click_1d",
    "7d_click": "click_7d",
    "28d_click": "click_28d",
    "1d_view": "view_1d",
    "1d_ev": "engaged_view_1d",
}
VIEW_THROUGH = frozenset({"1d_view"})


def to_delivery(pages: Iterable[list[wire.Row]], events: Mapping[str, str]) -> Iterator[Delivery]:
    """One record per row; cost and revenue are of the row's currency.

    ``events`` are the billing events by ad set or campaign id. ``billable_units`` counts what is charged for
    now, and is None where that is unknown or differs within a campaign.
    """
    for row in chain.from_iterable(pages):
        yield to_record(row, events.get(row.adset_id or row.campaign_id, ""))
