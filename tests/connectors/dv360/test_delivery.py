"""Rows of reports as records: which number goes where, and what a row says about itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, Delivery, Interaction, Unit
from adtally_connectors.dv360 import Dv360

from .builders import item, row, youtube

if TYPE_CHECKING:
    from .conftest import Api

TOLD = {
    "BILLABLE_IMPRESSIONS": "120400",
    "ACTIVE_VIEW_MEASURABLE_IMPRESSIONS": "110000",
    "ACTIVE_VIEW_VIEWABLE_IMPRESSIONS": "70000",
    "ENGAGEMENTS": "33",
    "RICH_MEDIA_VIDEO_PLAYS": "900",
    "RICH_MEDIA_VIDEO_COMPLETIONS": "400",
    "TRUEVIEW_VIEWS": "800",
    "TOTAL_CONVERSIONS": "3.500000",
    "REFUND_BILLABLE_COST_ADVERTISER_CURRENCY": "-1.250000",
    "INVALID_CLICKS": "12",
}


def test_each_number_has_its_column(api: Api, dv360: Dv360, october: Unit) -> None:
    api.listed("lineItems", item())
    api.tell(row(**TOLD))

    assert list(dv360.campaign_daily(october)) == [
        Delivery(
            day=date(2026, 10, 20),
            campaign_id="7701",
            view_definition="dv360_start",
            impressions=120_500,
            measurable_impressions=110_000,
            viewable_impressions=70_000,
            clicks=210,
            interactions=210,
            engagements=33,
            video_views=900,
            video_completions=400,
            conversions_micros=3_500_000,
            invalid_clicks=12,
            billable_units=120_400,
            cost_micros=361_500_000,
            credited_micros=1_250_000,
        )
    ]


def test_views_are_what_a_youtube_line_item_is_paid_by(api: Api, dv360: Dv360, october: Unit) -> None:
    api.listed("lineItems", youtube("9901"))
    api.tell(row(**TOLD))

    [record] = dv360.ad_group_daily(october)

    assert (record.view_definition, record.video_views) == ("youtube_trueview", 800)
    assert (record.billable_units, record.interactions, record.clicks) == (800, 800, 210)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ((youtube("1"), youtube("2", "MANUAL_CPV")), ("youtube_trueview", 800, 800, 800)),
        ((youtube("1"), youtube("2", "TARGET_CPM")), ("youtube_trueview", 800, None, 210)),
        ((youtube("1", "TARGET_CPM"), item("2")), ("", None, 120_400, 210)),
        ((youtube("1"), item("2")), ("", None, None, 210)),
        ((youtube("1", "MAXIMIZE_CONVERSIONS"),), ("youtube_trueview", 800, None, 210)),
        ((item("1", lineItemType="LINE_ITEM_TYPE_DEMAND_GEN"),), ("", None, None, 210)),
        ((item("1", lineItemType="LINE_ITEM_TYPE_OF_TOMORROW"),), ("", None, None, 210)),
        ((item("1", campaignId="7702"),), ("", None, None, 210)),
    ],
)
def test_a_campaign_counts_what_all_its_line_items_pay_for(
    api: Api,
    dv360: Dv360,
    october: Unit,
    items: tuple[dict[str, object], ...],
    expected: tuple[str, int | None, int | None, int],
) -> None:
    api.listed("lineItems", *items)
    api.tell(row(**TOLD))

    [record] = dv360.campaign_daily(october)

    told = (record.view_definition, record.video_views, record.billable_units, record.interactions)
    assert told == expected


def test_a_line_item_that_is_archived_counts_as_before(api: Api, dv360: Dv360, october: Unit) -> None:
    api.listed("lineItems", youtube("9901"), archived=True)
    api.tell(row(**TOLD))

    assert [record.billable_units for record in dv360.campaign_daily(october)] == [800]


def test_every_grain_has_its_ids_and_a_report_of_its_own(api: Api, dv360: Dv360, october: Unit) -> None:
    api.listed("lineItems", item())
    api.tell(row())

    records = [
        record
        for report in (dv360.account_daily, dv360.campaign_daily, dv360.ad_group_daily, dv360.ad_daily)
        for record in report(october)
    ]

    assert [(one.campaign_id, one.ad_group_id, one.ad_id) for one in records] == [
        *(("", "", ""), ("7701", "", ""), ("7701", "9901", ""), ("7701", "9901", "5501")),
    ]
    groups = ("DATE", "ADVERTISER", "MEDIA_PLAN", "LINE_ITEM", "CREATIVE_ID")
    assert [body["params"]["groupBys"] for body in api.bodies] == [
        [f"FILTER_{name}" for name in groups[:depth]] for depth in (2, 3, 4, 5)
    ]


def test_totals_of_the_account_say_nothing_that_depends_on_line_items(
    api: Api, dv360: Dv360, october: Unit
) -> None:
    api.tell(row(**TOLD))

    [record] = dv360.account_daily(october)

    assert (record.cost_micros, record.impressions, record.credited_micros) == (
        361_500_000,
        120_500,
        1_250_000,
    )
    assert (record.interactions, record.video_views, record.billable_units) == (None, None, None)
    assert api.asked_of("lineItems") == []


def test_what_a_cell_does_not_say_is_not_zero(api: Api, dv360: Dv360, october: Unit) -> None:
    api.tell(row(CLICKS="-", ENGAGEMENTS="Unknown", INVALID_CLICKS="", CREATIVE_ID="Unknown"))

    [record] = dv360.ad_daily(october)

    assert (record.clicks, record.engagements, record.invalid_clicks) == (None, None, None)
    assert (record.ad_group_id, record.ad_id) == ("9901", "")


def test_the_cost_is_what_google_bills_and_not_what_the_agency_charges(
    api: Api, dv360: Dv360, october: Unit
) -> None:
    api.tell(row(BILLABLE_COST_ADVERTISER="9007199254.740993", REVENUE_ADVERTISER="99"))

    assert [record.cost_micros for record in dv360.account_daily(october)] == [9_007_199_254_740_993]
    [body] = api.bodies
    metrics = body["params"]["metrics"]
    assert isinstance(metrics, list)
    assert metrics[:3] == ["METRIC_IMPRESSIONS", "METRIC_CLICKS", "METRIC_BILLABLE_COST_ADVERTISER"]
    assert not [name for name in metrics if "REVENUE" in name or "MEDIA_COST" in name]


def test_conversions_after_a_click_and_after_a_view_come_from_a_report_of_their_own(
    api: Api, dv360: Dv360, october: Unit
) -> None:
    told = {"LAST_CLICKS": "3.5", "LAST_IMPRESSIONS": "2", "CM360_POST_CLICK_REVENUE": "199.990000"}
    api.tell(row(**told), row(day="2026/10/21", LAST_CLICKS="0", LAST_IMPRESSIONS="0.000000"))

    after_click, after_view = dv360.conversions(october)

    assert after_click == Interaction(
        day=date(2026, 10, 20),
        campaign_id="7701",
        action="post_click_conversions",
        attribution="default",
        kind="conversion",
        quantity_micros=3_500_000,
        value_micros=199_990_000,
        in_total=True,
    )
    assert (after_view.action, after_view.quantity_micros) == ("post_view_conversions", 2_000_000)
    assert (after_view.view_through, after_view.in_total, after_view.value_micros) == (True, True, 0)
    [body] = api.bodies
    assert body["params"]["metrics"] == [
        "METRIC_LAST_CLICKS",
        "METRIC_LAST_IMPRESSIONS",
        "METRIC_CM360_POST_CLICK_REVENUE",
        "METRIC_CM360_POST_VIEW_REVENUE",
    ]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ADVERTISER": "457"}, "advertiser 457, not 456"),
        ({"DATE": "2026/11/01"}, "2026-11-01, outside of"),
        ({"DATE": "yesterday"}, "no day: 'yesterday'"),
        ({"DATE": "2026/02/30"}, "no day"),
        ({"IMPRESSIONS": "1.5"}, "METRIC_IMPRESSIONS: not a count"),
        ({"IMPRESSIONS": "many"}, "METRIC_IMPRESSIONS: not a count"),
        ({"BILLABLE_COST_ADVERTISER": "free"}, "not an amount of money"),
    ],
)
def test_rows_of_others_and_of_nothing_known_are_refused(
    api: Api, dv360: Dv360, october: Unit, changes: dict[str, str], says: str
) -> None:
    cells = row() | changes
    names = ("DATE", "ADVERTISER", "IMPRESSIONS", "CLICKS", "BILLABLE_COST_ADVERTISER")
    line = [*(cells[name] for name in names), *["0"] * 10]
    api.text = f"{','.join('h' * 15)}\n{','.join(line)}\n{',' * 14}\n\nReport Time:,now\n"

    with pytest.raises(ContractError, match=says):
        list(dv360.account_daily(october))


def test_a_campaign_that_was_not_asked_for_is_refused(api: Api, dv360: Dv360, october: Unit) -> None:
    part = october.within(october.window, ("7702", "7703"))
    api.tell(row("7701"))

    with pytest.raises(ContractError, match="campaign 7701, which was not asked for"):
        list(dv360.campaign_daily(part))

    [body] = api.bodies
    assert body["params"]["filters"] == [
        {"type": "FILTER_PARTNER", "value": "123"},
        {"type": "FILTER_ADVERTISER", "value": "456"},
        {"type": "FILTER_MEDIA_PLAN", "value": "7702"},
        {"type": "FILTER_MEDIA_PLAN", "value": "7703"},
    ]


@pytest.mark.parametrize("text", ["2026/10/20", "2026-10-20"])
def test_days_are_read_with_slashes_and_with_dashes(api: Api, dv360: Dv360, october: Unit, text: str) -> None:
    api.tell(row(day=text, IMPRESSIONS="120500.00"))

    [record] = dv360.account_daily(october)

    assert (record.day, record.impressions) == (date(2026, 10, 20), 120_500)
