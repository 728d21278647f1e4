"""Impressions, interactions, cost and conversions as records.

Source: Reddit Ads API v3, report fields and their units (types of a client made from its OpenAPI file; live
notes of clients of 2026; read 2026-11). Spend and app revenue are micros, ``CONVERSION_*_TOTAL_VALUE`` is in
cents. Conversions are counted on the day of the ad's click or view, within the windows of the account.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from msgspec import UNSET, UnsetType

from adtally import Delivery, Interaction, to_micros

from . import wire
from .charging import MIXED, Charge

Kind: TypeAlias = Literal["click", "video_view", "lead", "install", "purchase", "conversion"]

MICROS, CENTS, ONE = 1, 10_000, 1_000_000
"""Micros per unit of an amount or a count."""

VIEWS = {
    "video_viewable_impressions": "reddit_viewable",
    "video_viewable_watched_6_seconds": "reddit_6s",
    "video_viewable_watched_15_seconds": "reddit_15s",
}
"""What each count of views counts."""


class Event(NamedTuple):
    """What people did after a click and after a view; the action begins the names of both fields.

    ``total`` and ``value`` (in cents) are the fields that hold the count and the worth of both, "" = none.
    """

    action: str
    kind: Kind
    total: str = ""
    value: str = ""


class Single(NamedTuple):
    """A count that is not parted into clicks and views; ``value`` is in micros."""

    field: str
    kind: Kind
    attribution: str = ""
    value: str = ""


# The key conversion alone may be added up: it is that of the other events which the account chose.
KEY = "key_conversion"
EVENTS = (
    Event(KEY, "conversion", total="key_conversion_total_count"),
    Event("conversion_purchase", "purchase", value="conversion_purchase_total_value"),
    Event("conversion_lead", "lead", value="conversion_lead_total_value"),
    Event("conversion_sign_up", "conversion", value="conversion_signup_total_value"),  # Reddit's spelling
    Event("conversion_add_to_cart", "conversion", value="conversion_add_to_cart_total_value"),
    Event("conversion_page_visit", "conversion"),
    Event("conversion_view_content", "conversion"),
    Event("conversion_custom", "conversion", value="conversion_custom_total_value"),
)
APP = "app"
SINGLES = (
    Single("engaged_click", "click"),
    *(Single(name, "video_view") for name in ("video_started", "video_watched_3_seconds", *VIEWS)),
    Single("reddit_leads", "lead"),
    Single("app_install_install_count", "install", APP),
    Single("app_install_mmp_install_count", "install", "mmp"),
    Single("app_install_skan_install_count", "install", "skan"),
    Single("app_install_purchase_count", "purchase", APP, "app_install_revenue"),
)


class Windows(NamedTuple):
    """The account's attribution windows, as the attribution of interactions."""

    click: str
    view: str
    both: str
    app: str


def to_windows(account: wire.Account) -> Windows:
    """Such as ``click_week``, ``view_day``, ``click_week_view_day`` and ``app_click_month_view_day``."""

    def text(kind: str, window: str | None) -> str:
        return f"{kind}_{window.lower()}" if window else kind

    click = text("click", account.click_attribution_window)
    view = text("view", account.view_attribution_window)
    app_click = text("click", account.app_click_attribution_window)
    app_view = text("view", account.app_view_attribution_window)
    return Windows(click, view, f"{click}_{view}", f"{APP}_{app_click}_{app_view}")


def to_delivery(
    pages: Iterable[list[wire.DeliveryRow]], charges: Mapping[str, Charge], parents: Mapping[str, str]
) -> Iterator[Delivery]:
    """One record per row of a report by campaign, ad group or ad.

    ``charges`` are by ad group or campaign, ``parents`` the campaigns of ad groups. ``billable_units`` counts
    what the ad group pays for, or what all ad groups of the campaign do.
    """
    for page in pages:
        for row in page:
            charge = charges.get(row.ad_group_id or row.campaign_id, MIXED)
            record = _told(row, charge)
            record.campaign_id = row.campaign_id or parents.get(row.ad_group_id, "")
            record.ad_group_id, record.ad_id = row.ad_group_id, row.ad_id
            pays_for_action = charge.event in ("clicks", "video_views")
            record.interactions = record.billable_units if pays_for_action else record.clicks
            yield record


def to_totals(pages: Iterable[list[wire.DeliveryRow]]) -> Iterator[Delivery]:
    """One record per day of the whole account.

    Interactions and billable units are None: they depend on what each ad group pays for.
    """
    return (_told(row, MIXED) for page in pages for row in page)


def to_interactions(pages: Iterable[list[wire.ActionRow]], windows: Windows) -> Iterator[Interaction]:
    """What people did, one record per action and attribution that the row tells and that happened."""
    for page in pages:
        for row in page:
            for event in EVENTS:
                yield from _event(row, event, windows)
            for single in SINGLES:
                attribution = windows.app if single.attribution == APP else single.attribution
                value = _amount(getattr(row, single.value), MICROS) if single.value else None
                yield from _happened(
                    row, single.field, single.kind, attribution, known(getattr(row, single.field)), value
                )


def _told(row: wire.DeliveryRow, charge: Charge) -> Delivery:
    """What the row says, with views and billable units as the charge counts them."""
    views = known(getattr(row, charge.views)) if charge.views else None
    clicks, impressions = known(row.clicks), known(row.impressions)
    conversions = known(row.key_conversion_total_count)
    return Delivery(
        day=row.date,
        currency=row.currency or "",
        view_definition="" if views is None else VIEWS[charge.views],
        impressions=impressions,
        clicks=clicks,
        video_views=views,
        video_completions=known(row.video_watched_100_percent),
        leads=_sum(row.reddit_leads, row.conversion_lead_clicks, row.conversion_lead_views),
        installs=known(row.app_install_install_count),
        conversions_micros=None if conversions is None else conversions * ONE,
        purchases=_sum(
            row.conversion_purchase_clicks, row.conversion_purchase_views, row.app_install_purchase_count
        ),
        revenue_micros=_sum(
            _amount(row.conversion_purchase_total_value, CENTS), _amount(row.app_install_revenue, MICROS)
        ),
        billable_units={"clicks": clicks, "impressions": impressions, "video_views": views}.get(charge.event),
        cost_micros=known(_amount(row.spend, MICROS)),
    )


def _event(row: wire.ActionRow, event: Event, windows: Windows) -> Iterator[Interaction]:
    """The event after clicks, after views, and both together with their worth."""
    clicks: wire.Count = getattr(row, f"{event.action}_clicks")
    views: wire.Count = getattr(row, f"{event.action}_views")
    both = known(getattr(row, event.total)) if event.total else _sum(clicks, views)
    value = _amount(getattr(row, event.value), CENTS) if event.value else None
    of = row, event.action, event.kind
    yield from _happened(*of, windows.click, known(clicks))
    yield from _happened(*of, windows.view, known(views), view_through=True)
    yield from _happened(*of, windows.both, both, value, in_total=event.action == KEY)


def _happened(
    row: wire.ActionRow,
    action: str,
    kind: Kind,
    attribution: str,
    quantity: int | None,
    value: wire.Count = None,
    *,
    view_through: bool = False,
    in_total: bool = False,
) -> Iterator[Interaction]:
    if quantity is not None and (quantity or value):
        yield Interaction(
            day=row.date,
            campaign_id=row.campaign_id,
            action=action,
            attribution=attribution,
            kind=kind,
            quantity_micros=quantity * ONE,
            value_micros=known(value),
            view_through=view_through,
            in_total=in_total,
        )


def known(number: wire.Count) -> int | None:
    """The number, or None where the answer says null or nothing."""
    return None if isinstance(number, UnsetType) else number


def _amount(amount: wire.Amount, scale: int) -> wire.Count:
    """Micros of an amount that counts in units of ``scale`` micros; what is not told stays so."""
    return to_micros(amount, scale=scale) if isinstance(amount, Decimal) else amount


def _sum(*numbers: wire.Count) -> int | None:
    """The sum of what is told: the parts do not overlap. None where one is missing, or all are null."""
    told = [number for number in numbers if isinstance(number, int)]
    return sum(told) if told and UNSET not in numbers else None
