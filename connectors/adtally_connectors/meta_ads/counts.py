"""Impressions, interactions, cost and actions as records.

Source: "Insights", "Ads Action Stats", Marketing API v26; "Cost per action ads" (2025-11-11) for what is
billed. Action types overlap: a total such as ``purchase`` stands beside its parts, and one person's click is
a ``link_click``, a ``post_engagement`` and a ``page_engagement``.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Literal, TypeAlias

from adtally import ContractError, Delivery, Interaction, to_micros

from . import wire
from .queries import Level

Kind: TypeAlias = Literal[
    "click", "video_view", "engagement", "lead", "install", "purchase", "conversion", "other"
]

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

COLUMNS = {"IMPRESSIONS": "impressions", "CLICKS": "clicks", "LINK_CLICKS": "inline_link_clicks"}
BILLED: dict[str, Whole] = {
    "APP_INSTALLS": INSTALLS,
    "PURCHASE": PURCHASES,
    "POST_ENGAGEMENT": (("post_engagement",), ()),
    "PAGE_LIKES": (("like",), ()),
}
"""What counts each billing event: a field of the row, or actions within one day after a click."""

KINDS: dict[str, Kind] = {
    **dict.fromkeys(("link_click", "outbound_click"), "click"),
    "video_view": "video_view",
    **dict.fromkeys(
        ("post_engagement", "page_engagement", "post_reaction", "like", "comment", "post"), "engagement"
    ),
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


def to_delivery(
    pages: Iterable[Sequence[wire.DeliveryRow]], level: Level, events: Mapping[str, str]
) -> Iterator[Delivery]:
    """One record per row of insights of a level; cost and revenue are of the row's currency.

    ``events`` are the billing events by ad set or campaign id. ``billable_units`` counts what is charged for
    now, and is None where that is unknown or differs within a campaign. Raises ContractError for a row that
    spans days, or that does not name what it is about.
    """
    for row in chain.from_iterable(pages):
        if not getattr(row, f"{level}_id"):
            raise ContractError(f"insights: a row of level {level} has no {level}_id")
        event = events.get(row.adset_id or row.campaign_id, "")
        units = _units(row, event)
        clicks = row.clicks if event == "CLICKS" else row.inline_link_clicks
        record = _told(row)
        record.clicks = clicks
        record.interactions = clicks if units is None or event == "IMPRESSIONS" else units
        record.engagements = units if event == "POST_ENGAGEMENT" else max(row.clicks - clicks, 0)
        record.billable_units = units
        yield record


def to_totals(pages: Iterable[Sequence[wire.TotalRow]], events: Container[str]) -> Iterator[Delivery]:
    """One record per day of the whole account; ``events`` are the billing events of its ad sets.

    What depends on the billing event is None: the account has several. So are clicks where some ad sets count
    other clicks than the rest. Raises ContractError for a row that spans days.
    """
    for row in chain.from_iterable(pages):
        record = _told(row)
        record.clicks = None if "CLICKS" in events else row.inline_link_clicks
        yield record


def _told(row: wire.DeliveryRow | wire.TotalRow) -> Delivery:
    """What the row says, whatever is charged for."""
    _check_day(row)
    counts = {action.action_type: _default(action) for action in row.actions}
    values = {action.action_type: _default(action) for action in row.action_values}
    return Delivery(
        day=row.date_start,
        campaign_id=row.campaign_id,
        ad_group_id=row.adset_id,
        ad_id=row.ad_id,
        currency=row.account_currency,
        view_definition=VIEW,
        impressions=row.impressions,
        video_views=_whole(_sum(row.video_thruplay_watched_actions)),
        video_completions=_whole(_sum(row.video_p100_watched_actions)),
        leads=_whole(_one_count(counts, LEADS)),
        installs=_whole(_one_count(counts, INSTALLS)),
        conversions_micros=sum(to_micros(counts[name]) for name in ADDABLE & counts.keys()),
        purchases=_whole(_one_count(counts, PURCHASES)),
        revenue_micros=_micros(_one_count(values, PURCHASES)),
        cost_micros=_micros(row.spend),
    )


def to_interactions(pages: Iterable[Sequence[wire.ActionRow]]) -> Iterator[Interaction]:
    """The actions of the rows of ads, added up by campaign, day, action type and attribution.

    ``default`` is each ad set's own attribution setting, whatever that is at the time: a setting that changes
    changes the number and not the key. The windows stand beside it and are parts and doubles of it.
    """
    totals: dict[tuple[date, str, str, str], tuple[int, int | None]] = {}
    seen: set[tuple[date, str]] = set()
    for row in chain.from_iterable(pages):
        _check_day(row)
        if (row.date_start, row.ad_id) in seen:
            raise ContractError(f"insights: two rows for ad {row.ad_id} on {row.date_start}")
        seen.add((row.date_start, row.ad_id))
        for (action, attribution), (quantity, value) in _by_attribution(row).items():
            key = row.date_start, row.campaign_id, action, attribution
            known, worth = totals.get(key, (0, None))
            totals[key] = known + quantity, worth if value is None else value + (worth or 0)
    for (day, campaign_id, action, attribution), (quantity, value) in totals.items():
        if quantity or value:
            yield Interaction(
                day=day,
                campaign_id=campaign_id,
                action=action,
                attribution=attribution,
                kind=to_kind(action),
                quantity_micros=quantity,
                value_micros=value,
                view_through=attribution in VIEW_THROUGH,
                in_total=attribution == "default" and action in ADDABLE,
            )


def to_kind(action: str) -> Kind:
    """The kind of an action type; a purchase by its last word, wherever it happened."""
    if action.endswith("purchase"):
        return "purchase"
    return KINDS.get(action) or ("conversion" if action.startswith(CONVERSIONS) else "other")


def _by_attribution(row: wire.ActionRow) -> dict[tuple[str, str], tuple[int, int | None]]:
    """Quantity and value in micros by action type and attribution.

    The list of conversions tells some types that the list of actions has, too: the first one counts.
    """
    quantities: dict[tuple[str, str], int] = {}
    values: dict[tuple[str, str], int] = {}
    for found, lists in (
        (quantities, (row.actions, row.conversions, row.outbound_clicks)),
        (values, (row.action_values, row.conversion_values)),
    ):
        for action in chain.from_iterable(lists):
            for attribution, amount in _amounts(action):
                found.setdefault((action.action_type, attribution), to_micros(amount))
    return {key: (quantities.get(key, 0), values.get(key)) for key in quantities | values}


def _amounts(action: wire.Action) -> Iterator[tuple[str, Decimal]]:
    yield "default", _default(action)
    for attribution, name in ATTRIBUTES.items():
        amount: Decimal | None = getattr(action, name)
        if amount is not None:
            yield attribution, amount


def _default(action: wire.Action) -> Decimal:
    """The count by the ad set's own attribution setting; asked for by name, it may come under that, too."""
    return action.value if action.default is None else action.default


def _units(row: wire.DeliveryRow, event: str) -> int | None:
    """How many of the billing event the row has; None where no count of the row says so."""
    if event in COLUMNS:
        count: int | None = getattr(row, COLUMNS[event])
        return count
    if event == "THRUPLAY":
        return _whole(_sum(row.video_thruplay_watched_actions))
    billed = {action.action_type: action.click_1d or Decimal(0) for action in row.actions}
    return _whole(_one_count(billed, BILLED[event])) if event in BILLED else None


def _one_count(counts: Mapping[str, Decimal], whole: Whole) -> Decimal | None:
    """The count that the parts and the totals of the row agree on; None where they do not.

    A total is never added to its parts. Nothing of either is a zero.
    """
    parts, totals = whole
    answers = {counts[name] for name in totals if name in counts}
    known = [counts[name] for name in parts if name in counts]
    if known:
        answers.add(sum(known, Decimal(0)))
    if not answers:
        return Decimal(0)
    return answers.pop() if len(answers) == 1 else None


def _sum(actions: Iterable[wire.Action]) -> Decimal:
    return sum((_default(action) for action in actions), Decimal(0))


def _whole(count: Decimal | None) -> int | None:
    """A count of whole things; a fraction is none."""
    return int(count) if count is not None and count == count.to_integral_value() else None


def _micros(amount: Decimal | None) -> int | None:
    return None if amount is None else to_micros(amount)


def _check_day(row: wire.DeliveryRow | wire.TotalRow | wire.ActionRow) -> None:
    """Raise ContractError for a row of several days: all of it would be booked on the first."""
    if row.date_start != row.date_stop:
        raise ContractError(
            f"insights: a row of {f'campaign {row.campaign_id}' if row.campaign_id else 'the account'} "
            f"spans {row.date_start} to {row.date_stop}"
        )
