"""Impressions, clicks, cost and purchases as records.

Source: report types and columns of Reporting version 3 (as of 2026-07, read 2026-11). Sponsored Products name
the window of their purchases: the 14 days that the other products take by default are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from adtally import Account, ContractError, Delivery, Interaction, to_micros

from . import wire
from .charging import to_charge
from .queries import Grain

Kind: TypeAlias = Literal["video_view", "engagement", "lead", "install", "purchase", "conversion"]

DEPTH: dict[Grain, int] = {"campaign": 1, "ad_group": 2, "ad": 3}


class Action(NamedTuple):
    """A column that becomes interactions under the name of ``action``."""

    field: str
    action: str
    kind: Kind
    attribution: str = "default"
    value: str = ""
    view_through: bool = False
    in_total: bool = False


# The purchases by default may be added up: the others are parts of them, or the same in another window.
ACTIONS = (
    Action("purchases", "purchases", "purchase", value="sales", in_total=True),
    Action("purchases_clicks", "purchases", "purchase", "click", "sales_clicks"),
    Action("purchases_views", "purchases", "purchase", "view_through", view_through=True),
    Action("purchases1d", "purchases", "purchase", "1d_click", "sales1d"),
    Action("purchases7d", "purchases", "purchase", "7d_click", "sales7d"),
    Action("purchases14d", "purchases", "purchase", value="sales14d", in_total=True),
    Action("purchases30d", "purchases", "purchase", "30d_click", "sales30d"),
    Action("off_amazon_purchases", "offAmazonPurchases", "purchase"),
    Action("leads", "leads", "lead"),
    Action("lead", "lead", "lead"),
    Action("lead_form_opens", "leadFormOpens", "engagement"),
    Action("sign_up", "signUp", "conversion"),
    Action("mobile_app_first_starts", "mobileAppFirstStarts", "install"),
    Action("video5_second_views", "video5SecondViews", "video_view", ""),
)


class Invalid(NamedTuple):
    """What one or several campaigns of a name had on a day: the last one, and how many there are."""

    clicks: int | None
    invalid_clicks: int | None
    times: int


Named: TypeAlias = tuple[date, str]
"""A day and the name of a campaign."""
NOTHING = Invalid(None, None, 0)


def to_invalid(rows: Iterable[wire.ReportRow]) -> dict[Named, Invalid]:
    """Invalid clicks by day and name of the campaign: these reports name no ids."""
    found: dict[Named, Invalid] = {}
    for row in rows:
        key = row.date, row.campaign_name or ""
        found[key] = Invalid(row.clicks, row.invalid_click_throughs, found.get(key, NOTHING).times + 1)
    return found


def to_delivery(
    rows: Iterable[wire.ReportRow],
    ad_product: str,
    grain: Grain,
    account: Account,
    cost_types: Mapping[str, str],
    invalid: Mapping[Named, Invalid],
) -> Iterator[Delivery]:
    """One record per row; ``cost_types`` by campaign, for rows that do not tell theirs."""
    for row in rows:
        found = invalid.get((row.date, row.campaign_name or ""), NOTHING)
        fits = found.times == 1 and found.clicks == row.clicks
        campaign_id, ad_group_id, ad_id = _ids(row, grain, account)
        charge = to_charge(ad_product, row.cost_type or cost_types.get(campaign_id))
        viewable = _first(row.viewable_impressions, row.impressions_views)
        views = _first(row.video5_second_views, row.video_ad_start)
        starts = row.video5_second_views is None
        currency = row.campaign_budget_currency_code or row.order_currency
        yield Delivery(
            day=row.date,
            campaign_id=campaign_id,
            ad_group_id=ad_group_id,
            ad_id=ad_id,
            currency="" if currency in (None, account.currency) else currency or "",
            view_definition="" if views is None else "amazon_start" if starts else "amazon_5s",
            impressions=row.impressions,
            measurable_impressions=row.measurable_impressions,
            viewable_impressions=viewable,
            clicks=row.clicks,
            interactions=row.clicks,
            video_views=views,
            video_completions=_first(row.video_complete_views, row.video_ad_complete),
            leads=row.leads,
            purchases=_first(row.purchases, row.purchases14d),
            revenue_micros=_micros(row.sales if row.sales is not None else row.sales14d),
            invalid_clicks=found.invalid_clicks if fits else row.invalid_click_throughs,
            billable_units={
                "clicks": row.clicks,
                "impressions": row.impressions,
                "viewable_impressions": viewable,
            }.get(charge.event),
            cost_micros=_micros(row.cost if row.cost is not None else row.total_cost),
        )


def to_interactions(rows: Iterable[wire.ReportRow], account: Account) -> Iterator[Interaction]:
    """What people did, one record per action that the row tells and that happened."""
    for row in rows:
        campaign_id, _, _ = _ids(row, "campaign", account)
        for action in ACTIONS:
            quantity: int | None = getattr(row, action.field)
            value: Decimal | None = getattr(row, action.value) if action.value else None
            if quantity is not None and (quantity or value):
                yield Interaction(
                    day=row.date,
                    campaign_id=campaign_id,
                    action=action.action,
                    attribution=action.attribution,
                    kind=action.kind,
                    quantity_micros=to_micros(quantity),
                    value_micros=_micros(value),
                    view_through=action.view_through,
                    in_total=action.in_total,
                )


def _ids(row: wire.ReportRow, grain: Grain, account: Account) -> tuple[str, str, str]:
    """Campaign, ad group and ad of the row; "" below the grain.

    Raises ContractError where one is not told, and for a row of another advertiser of the DSP.
    """
    if account.manager_id and wire.text(row.advertiser_id) != account.id:
        raise ContractError(f"a row of advertiserId {row.advertiser_id} came, {account.id} was asked for")
    told = (
        wire.text(row.campaign_id) or wire.text(row.order_id),
        wire.text(row.ad_group_id) or wire.text(row.line_item_id),
        wire.text(row.ad_id) or wire.text(row.creative_id),
    )
    if not all(told[: DEPTH[grain]]):
        raise ContractError(f"a row of {row.date} does not name its {grain}")
    return told


def _first(one: int | None, other: int | None) -> int | None:
    return other if one is None else one


def _micros(amount: Decimal | None) -> int | None:
    return None if amount is None else to_micros(amount)
