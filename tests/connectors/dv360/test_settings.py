"""Accounts, campaigns, line items, creatives, insertion orders and terms."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import Account, Ad, AdGroup, Campaign, ContractError, Order, Terms, Unit
from adtally_connectors.dv360 import Dv360

from .builders import advertiser, campaign, creative, day, days, item, order, youtube

if TYPE_CHECKING:
    from .conftest import Api

SEPTEMBER = days("2026-09-01", "2026-09-30")
ARCHIVED = 'entityStatus="ENTITY_STATUS_ARCHIVED"'


def test_every_advertiser_of_the_partner_is_listed_once_archived_ones_too(api: Api, dv360: Dv360) -> None:
    api.listed("advertisers", advertiser(), token="CAEQAQ")
    api.listed("advertisers", advertiser("457", entityStatus="ENTITY_STATUS_SCHEDULED_FOR_DELETION"))
    old = advertiser("458", entityStatus="ENTITY_STATUS_ARCHIVED")
    api.listed("advertisers", advertiser(), old, archived=True)

    found = list(dv360.accounts())

    assert found[0] == Account(
        id="456",
        name="Nordwind",
        currency="EUR",
        timezone="Europe/Berlin",
        status="ENTITY_STATUS_ACTIVE",
        manager_id="123",
    )
    assert [one.id for one in found] == ["456", "457", "458"]
    usual = {"partnerId": "123", "pageSize": "200"}
    assert api.asked_of("advertisers") == [
        usual,
        usual | {"pageToken": "CAEQAQ"},
        usual | {"filter": ARCHIVED},
    ]


def test_campaigns_have_their_planned_days_and_the_only_budget(api: Api, dv360: Dv360, october: Unit) -> None:
    budget = {"budgetId": "31", "budgetUnit": "BUDGET_UNIT_CURRENCY", "budgetAmountMicros": "1500000000"}
    shown = budget | {"budgetUnit": "BUDGET_UNIT_IMPRESSIONS"}
    api.listed(
        "campaigns",
        campaign(campaignBudgets=[budget]),
        campaign("7702", campaignBudgets=[budget, budget], campaignFlight={}),
        campaign("7703", campaignBudgets=[shown]),
    )
    api.listed("campaigns", campaign("7704", entityStatus="ENTITY_STATUS_ARCHIVED"), archived=True)

    found = list(dv360.campaigns(october))

    assert found[0] == Campaign(
        campaign_id="7701",
        name="Autumn",
        status="ENTITY_STATUS_ACTIVE",
        objective="CAMPAIGN_GOAL_TYPE_BRAND_AWARENESS",
        first_day=date(2026, 10, 1),
        last_day=date(2026, 12, 31),
        budget_id="31",
        budget_micros=1_500_000_000,
        budget_period="total",
    )
    assert [(one.campaign_id, one.budget_micros, one.status[14:]) for one in found[1:]] == [
        ("7702", None, "ACTIVE"),
        ("7703", None, "ACTIVE"),
        ("7704", None, "ARCHIVED"),
    ]
    assert found[1].first_day is None


def test_line_items_are_ad_groups(api: Api, dv360: Dv360, october: Unit) -> None:
    daily = {"pacingPeriod": "PACING_PERIOD_DAILY", "dailyMaxMicros": "90000000"}
    whole = {"pacingPeriod": "PACING_PERIOD_FLIGHT", "dailyMaxMicros": "90000000"}
    shown = {"budgetUnit": "BUDGET_UNIT_IMPRESSIONS", "maxAmount": "5000"}
    api.listed(
        "lineItems",
        item(),
        item("9902", budget={}, pacing=daily, flight={}),
        item("9903", budget=shown, pacing=whole),
    )

    found = list(dv360.ad_groups(october))

    assert found[0] == AdGroup(
        ad_group_id="9901",
        campaign_id="7701",
        name="Prospecting",
        status="ENTITY_STATUS_ACTIVE",
        first_day=date(2026, 10, 1),
        last_day=date(2026, 12, 31),
        budget_micros=2_500_000_000,
        budget_period="total",
    )
    assert [(one.budget_micros, one.budget_period) for one in found[1:]] == [
        (90_000_000, "daily"),
        (None, ""),
    ]
    assert found[1].first_day is None


def test_creatives_are_ads_of_every_line_item_that_they_run_in(api: Api, dv360: Dv360, october: Unit) -> None:
    api.listed("creatives", creative())
    api.listed("creatives", creative("5502", entityStatus="ENTITY_STATUS_ARCHIVED"), archived=True)
    api.listed("lineItems", item(), item("9902", creativeIds=["5501", "5501", "5599"]))

    found = list(dv360.ads(october))

    assert found[0] == Ad(
        ad_id="5501",
        ad_group_id="9901",
        campaign_id="7701",
        name="Banner",
        status="ENTITY_STATUS_ACTIVE",
    )
    assert [(one.ad_group_id, one.ad_id, one.status[14:]) for one in found] == [
        ("9901", "5501", "ACTIVE"),
        ("9901", "5502", "ARCHIVED"),
        ("9902", "5501", "ACTIVE"),
        ("9902", "5599", ""),
    ]


def test_an_insertion_order_spans_its_segments_and_names_the_text_of_the_invoice(
    api: Api, dv360: Dv360, october: Unit
) -> None:
    api.listed("insertionOrders", order())

    assert list(dv360.orders(october)) == [
        Order(
            order_id="8801",
            purchase_order="PO-7781",
            paid_type="RTB",
            first_day=date(2026, 10, 1),
            last_day=date(2026, 11, 30),
            cap_micros=3_000_000_000,
            currency="EUR",
        )
    ]
    assert [asked["pageSize"] for asked in api.asked_of("insertionOrders")] == ["100", "100"]


@pytest.mark.parametrize(
    ("unit", "segments", "expected"),
    [
        (
            "CURRENCY",
            [
                {"budgetAmountMicros": "5", "description": "PO-1", "dateRange": days("2026-10-01")},
                {
                    "budgetAmountMicros": "6",
                    "description": "PO-2",
                    "dateRange": days("2026-09-01", "2026-09-30"),
                },
            ],
            ("PO-1, PO-2", date(2026, 9, 1), None, 11),
        ),
        ("CURRENCY", [{"budgetAmountMicros": "5"}, {}], ("", None, None, None)),
        ("IMPRESSIONS", [{"budgetAmountMicros": "5000000"}], ("", None, None, None)),
        ("CURRENCY", [], ("", None, None, None)),
    ],
)
def test_what_segments_do_not_say_is_not_made_up(
    api: Api,
    dv360: Dv360,
    october: Unit,
    unit: str,
    segments: list[object],
    expected: tuple[object, ...],
) -> None:
    budget = {"budgetUnit": f"BUDGET_UNIT_{unit}", "budgetSegments": segments}
    api.listed("insertionOrders", order(budget=budget))

    [found] = dv360.orders(october)

    assert (found.purchase_order, found.first_day, found.last_day, found.cap_micros) == expected


def test_a_bid_bounds_media_cost_and_is_no_price_of_what_is_billed(
    api: Api, dv360: Dv360, october: Unit
) -> None:
    markup = {"markupType": "PARTNER_REVENUE_MODEL_MARKUP_TYPE_CPM", "markupAmount": "700000"}
    api.listed("lineItems", item(partnerRevenueModel=markup))

    assert list(dv360.terms(october)) == [
        Terms(
            level="ad_group",
            entity_id="9901",
            campaign_id="7701",
            first_day=date(2026, 10, 1),
            model="cpm",
            billable_event="impressions",
            rate_micros=None,
            kind="cap",
            native=(
                "lineItemType=DISPLAY_DEFAULT, reservationType=NOT_GUARANTEED, fixedBid=5000000, "
                "markupType=CPM, markupAmount=700000"
            ),
        )
    ]


GOAL = {
    "performanceGoalType": "BIDDING_STRATEGY_PERFORMANCE_GOAL_TYPE_CPC",
    "performanceGoalAmountMicros": "9",
}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (item(bidStrategy={"maximizeSpendAutoBid": {}}), ("cpm", "impressions", "auto")),
        (item(bidStrategy={"performanceGoalAutoBid": GOAL}), ("cpm", "impressions", "target")),
        (item(bidStrategy={}), ("cpm", "impressions", "auto")),
        (
            item(reservationType="RESERVATION_TYPE_PROGRAMMATIC_GUARANTEED"),
            ("cpm", "impressions", "fixed"),
        ),
        (item(lineItemType="LINE_ITEM_TYPE_AUDIO_DEFAULT"), ("cpm", "impressions", "cap")),
        (youtube("9901", "MANUAL_CPV"), ("cpv", "video_views", "cap")),
        (youtube("9901", "TARGET_CPV"), ("cpv", "video_views", "target")),
        (youtube("9901", "MANUAL_CPM"), ("cpm", "impressions", "cap")),
        (youtube("9901", "TARGET_CPM"), ("cpm", "impressions", "target")),
        (youtube("9901", "RESERVE_CPM"), ("cpm", "impressions", "fixed")),
        (youtube("9901", "MAXIMIZE_LIFT"), ("cpm", "impressions", "auto")),
        (youtube("9901", "TARGET_CPA"), (None, "", "target")),
        (youtube("9901", "MAXIMIZE_CONVERSIONS"), (None, "", "auto")),
        (youtube("9901", "BID_OF_TOMORROW"), (None, "", "auto")),
        (
            item(
                lineItemType="LINE_ITEM_TYPE_DEMAND_GEN",
                bidStrategy={"demandGenBid": {"type": "DEMAND_GEN_BIDDING_STRATEGY_TYPE_TARGET_CPC"}},
            ),
            (None, "", "target"),
        ),
        (item(lineItemType="LINE_ITEM_TYPE_OF_TOMORROW"), (None, "", "cap")),
    ],
)
def test_the_type_and_the_bid_say_what_is_paid_for(
    api: Api, dv360: Dv360, october: Unit, row: dict[str, object], expected: tuple[str | None, str, str]
) -> None:
    api.listed("lineItems", row)

    [terms] = dv360.terms(october)

    assert (terms.model, terms.billable_event, terms.kind) == expected
    assert terms.rate_micros is None


def test_a_goal_of_the_bid_is_told_in_googles_words(api: Api, dv360: Dv360, october: Unit) -> None:
    api.listed("lineItems", item(bidStrategy={"performanceGoalAutoBid": GOAL}), youtube("9902"))

    goal, video = dv360.terms(october)

    assert goal.native.endswith("performanceGoal=CPC, performanceGoalAmount=9")
    assert video.native.endswith("bid=TARGET_CPV, bidValue=40000")


def test_pages_that_never_end_are_refused(api: Api, dv360: Dv360, october: Unit) -> None:
    for _ in range(3):
        api.listed("campaigns", campaign(), token="again")

    with pytest.raises(ContractError, match="never end"):
        list(dv360.campaigns(october))


def test_a_row_that_moves_to_the_next_page_comes_once(api: Api, dv360: Dv360, october: Unit) -> None:
    api.listed("campaigns", campaign("1"), campaign("2"), token="t")
    api.listed("campaigns", campaign("2"), campaign("3"))

    assert [one.campaign_id for one in dv360.campaigns(october)] == ["1", "2", "3"]


def test_a_day_that_no_calendar_has_is_refused(api: Api, dv360: Dv360, october: Unit) -> None:
    flight = {"plannedDates": {"startDate": {**day("2026-10-01"), "day": 32}}}
    api.listed("campaigns", campaign(campaignFlight=flight))

    with pytest.raises(ContractError, match="no day: 2026-10-32"):
        list(dv360.campaigns(october))
