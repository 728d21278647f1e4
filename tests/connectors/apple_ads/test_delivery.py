"""Delivery and interactions: each row becomes records with exact money and counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, Delivery, Interaction, TransientError, Unit
from adtally_connectors.apple_ads import AppleAds

from .builders import AD, CAMPAIGN, GROUP, Json, ad_group, campaign, counted, money, row

if TYPE_CHECKING:
    from .conftest import Api

DAY, NEXT = "2026-11-07", "2026-11-08"
REPORT = "reports/apps/campaigns/query"
INSTALLS = {"tapInstalls": 70, "viewInstalls": 5, "totalInstalls": 75}
FULL = counted("90.40", 5000, 160, **INSTALLS)

Units = Callable[..., Unit]


def one_campaign(api: Api, *rows: Json, grand: Json | None = None, **changes: object) -> None:
    api.query("campaigns", campaign(**changes))
    api.report(*rows, grand=grand)


def test_every_metric_lands_in_its_column_and_an_idle_day_is_a_day_of_zeros(
    api: Api, apple: AppleAds, unit: Units
) -> None:
    one_campaign(api, row(days={DAY: FULL, NEXT: {}}, total=FULL), grand=FULL)

    assert list(apple.campaign_daily(unit())) == [
        Delivery(
            day=date(2026, 11, 7),
            campaign_id="444",
            currency="USD",
            impressions=5000,
            clicks=160,
            interactions=160,
            installs=75,
            billable_units=160,
            cost_micros=90_400_000,
        ),
        Delivery(
            day=date(2026, 11, 8),
            campaign_id="444",
            currency="USD",
            impressions=0,
            clicks=0,
            interactions=0,
            installs=0,
            billable_units=0,
            cost_micros=0,
        ),
    ]


def test_days_are_asked_for_by_the_clock_of_the_account_and_for_named_campaigns(
    api: Api, apple: AppleAds, unit: Units
) -> None:
    one_campaign(api)

    assert list(apple.campaign_daily(unit())) == []
    assert api.filters_of("campaigns/query") == [[("deleted", "IN", [True, False])]]
    assert api.asked_of(REPORT) == [
        {
            "timeRange": {"start": DAY, "end": NEXT, "timeZone": "ORTZ", "granularity": "DAILY"},
            "filters": [{"field": "campaignId", "operator": "IN", "value": ["444"]}],
            "sorting": [{"field": "id", "order": "ASC"}],
            "options": {"includeRows": ["GRAND_TOTAL"]},
            "pagination": {"offset": 0, "pageSize": 200},
        }
    ]
    asked = [call.request.headers for call in api.mock.calls[1:]]
    assert {head["X-AP-Context"] for head in asked} == {"adAccountId=123456789"}
    assert {head["Authorization"] for head in asked} == {"Bearer tok_1"}


def test_a_single_day_is_asked_for_without_granularity_and_is_the_total(
    api: Api, apple: AppleAds, unit: Units
) -> None:
    one_campaign(api, row(total=FULL), grand=FULL)

    [record] = apple.campaign_daily(unit(DAY, DAY))

    assert (record.day, record.cost_micros, record.clicks) == (date(2026, 11, 7), 90_400_000, 160)
    [asked] = api.asked_of(REPORT)
    assert asked["timeRange"] == {"start": DAY, "end": DAY, "timeZone": "ORTZ"}


def test_a_deleted_campaign_is_asked_for_and_its_spend_comes(api: Api, apple: AppleAds, unit: Units) -> None:
    one_campaign(api, row(total=FULL, deleted=True), deleted=True, displayStatus="DELETED")

    assert [record.cost_micros for record in apple.campaign_daily(unit(DAY, DAY))] == [90_400_000]


def test_many_campaigns_are_named_by_the_hundred(api: Api, apple: AppleAds, unit: Units) -> None:
    api.query("campaigns", *(campaign(number) for number in range(1, 102)))
    for number in (1, 101):
        api.report(row(number, total=FULL), grand=FULL)

    assert [record.campaign_id for record in apple.campaign_daily(unit(DAY, DAY))] == ["1", "101"]
    named = [filters[0][2] for filters in api.filters_of(REPORT)]
    assert named == [[str(number) for number in range(1, 101)], ["101"]]


def test_only_the_campaigns_of_the_unit_are_asked_for(api: Api, apple: AppleAds, unit: Units) -> None:
    one_campaign(api, row(total=FULL))

    assert len(list(apple.campaign_daily(unit(DAY, DAY, "444")))) == 1
    assert ("id", "IN", [444]) in api.filters_of("campaigns/query")[0]


def test_without_campaigns_nothing_is_asked_for(api: Api, apple: AppleAds, unit: Units) -> None:
    api.query("campaigns")

    assert list(apple.campaign_daily(unit())) == []
    assert api.asked_of(REPORT) == []


@pytest.mark.parametrize(
    ("amount", "micros"),
    [
        ("12.34", 12_340_000),
        ("0.01", 10_000),
        ("1234", 1_234_000_000),
        ("9007199254740.993", 9007199254740993000),
    ],
)
def test_money_is_decimal_text_and_no_binary_fraction(
    api: Api, apple: AppleAds, unit: Units, amount: str, micros: int
) -> None:
    one_campaign(api, row(total=counted(amount)))

    assert [record.cost_micros for record in apple.campaign_daily(unit(DAY, DAY))] == [micros]


@pytest.mark.parametrize(("told", "stored"), [(None, ""), ("USD", "USD"), ("RMB", "CNY")])
def test_money_without_a_currency_is_the_accounts_and_apples_own_code_is_replaced(
    api: Api, apple: AppleAds, unit: Units, told: str | None, stored: str
) -> None:
    one_campaign(api, row(total=counted() | {"localSpend": money("7.50", told)}))

    [record] = apple.campaign_daily(unit(DAY, DAY))

    assert (record.currency, record.cost_micros) == (stored, 7_500_000)


def test_what_is_absent_on_an_active_day_stays_unknown(api: Api, apple: AppleAds, unit: Units) -> None:
    one_campaign(api, row(days={DAY: {"impressions": 5, "taps": None}, NEXT: {"taps": 1}}))

    found = [(r.impressions, r.clicks, r.installs, r.cost_micros) for r in apple.campaign_daily(unit())]

    assert found == [(5, None, None, None), (None, 1, None, None)]


@pytest.mark.parametrize(
    ("event", "pricing", "units", "interactions"),
    [
        ("TAPS", "CPM", 160, 160),
        ("IMPRESSIONS", "CPT", 5000, 160),
        ("INSTALLS", "CPA", 75, 75),
        ("SOMETHING_NEW", "CPT", None, 160),
        (None, "CPT", 160, 160),
        (None, "CPM", 5000, 160),
        (None, "CPA", 75, 75),
        (None, "CPX", None, 160),
    ],
)
def test_billable_units_follow_the_billing_event_and_only_without_one_the_pricing_model(
    api: Api,
    apple: AppleAds,
    unit: Units,
    event: str | None,
    pricing: str,
    units: int | None,
    interactions: int,
) -> None:
    one_campaign(api, row(total=FULL), billingEvent=event)
    if event is None:
        api.query("adgroups", ad_group(pricingModel=pricing))

    [record] = apple.campaign_daily(unit(DAY, DAY))

    assert (record.billable_units, record.interactions) == (units, interactions)


def test_a_campaign_whose_groups_pay_for_different_things_has_no_billable_units(
    api: Api, apple: AppleAds, unit: Units
) -> None:
    one_campaign(api, row(total=FULL), billingEvent=None)
    api.query("adgroups", ad_group(), ad_group(9002, pricingModel="CPM"))

    assert [record.billable_units for record in apple.campaign_daily(unit(DAY, DAY))] == [None]


def test_ad_groups_and_ads_name_what_is_above_them(api: Api, apple: AppleAds, unit: Units) -> None:
    api.query("campaigns", campaign())
    api.report(row(GROUP, total=FULL, campaignId=CAMPAIGN), level="adgroups")
    api.query("campaigns", campaign())
    api.report(row(AD, total=FULL, campaignId=CAMPAIGN, adGroupId=GROUP), level="ads")

    day = unit(DAY, DAY)
    found = [*apple.ad_group_daily(day), *apple.ad_daily(day)]

    assert [(r.campaign_id, r.ad_group_id, r.ad_id, r.billable_units) for r in found] == [
        ("444", "9001", "", 160),
        ("444", "9001", "7001", 160),
    ]


def test_installs_are_told_by_what_came_before_and_only_their_total_adds_up(
    api: Api, apple: AppleAds, unit: Units
) -> None:
    downloads = {
        "totalNewDownloads": 60,
        "tapNewDownloads": 56,
        "viewNewDownloads": 4,
        "totalRedownloads": 15,
    }
    told = FULL | downloads | {"totalPreOrdersPlaced": 2, "tapPreOrdersPlaced": 2, "viewPreOrdersPlaced": 0}
    one_campaign(api, row(days={DAY: told, NEXT: {}}, total=told))

    found = list(apple.conversions(unit()))

    assert found[0] == Interaction(
        day=date(2026, 11, 7),
        campaign_id="444",
        action="totalInstalls",
        attribution="default",
        kind="install",
        quantity_micros=75_000_000,
        in_total=True,
    )
    assert [(one.action, one.attribution, one.quantity_micros // 1_000_000) for one in found[1:]] == [
        ("totalInstalls", "click", 70),
        ("totalInstalls", "view_through", 5),
        ("totalNewDownloads", "default", 60),
        ("totalNewDownloads", "click", 56),
        ("totalNewDownloads", "view_through", 4),
        ("totalRedownloads", "default", 15),
        ("totalPreOrdersPlaced", "default", 2),
        ("totalPreOrdersPlaced", "click", 2),
    ]
    assert [one.view_through for one in found] == [one.attribution == "view_through" for one in found]
    assert [one for one in found if one.in_total] == found[:1]


def test_campaigns_of_maps_have_reports_and_actions_of_their_own(
    api: Api, apple: AppleAds, unit: Units
) -> None:
    told = counted("3.00", 900, 30, actions={"tap": 12}, getDirections={"tap": 9}, tapURL={"tap": 3})
    for _ in range(2):
        api.query("campaigns", campaign(promotedObjectType="BUSINESS_BRAND", billingEvent="IMPRESSIONS"))
        api.report(row(days={DAY: told, NEXT: {}}, total=told), product="business-brands", grand=told)

    delivered, idle = apple.campaign_daily(unit())
    acted = list(apple.conversions(unit()))

    assert (delivered.billable_units, delivered.interactions, delivered.installs) == (900, 30, None)
    assert (idle.billable_units, idle.cost_micros, idle.installs) == (0, 0, None)
    assert [(one.action, one.kind, one.quantity_micros, one.in_total) for one in acted] == [
        ("actions", "engagement", 12_000_000, True),
        ("getDirections", "engagement", 9_000_000, False),
        ("tapURL", "engagement", 3_000_000, False),
    ]


@pytest.mark.parametrize(
    ("grand", "says"),
    [
        (counted("180.80", 10000, 320), "impressions"),
        (counted("90.40", 5000, 161), "taps"),
        (counted("91.40", 5000, 160), "localSpend"),
    ],
)
def test_rows_that_do_not_add_up_to_the_grand_total_are_asked_for_again_later(
    api: Api, apple: AppleAds, unit: Units, grand: Json, says: str
) -> None:
    one_campaign(api, row(total=FULL), grand=grand)

    with pytest.raises(TransientError, match=f"the rows of the report do not add up to .* {says}"):
        list(apple.campaign_daily(unit(DAY, DAY)))


def test_days_that_do_not_add_up_to_their_row_are_asked_for_again_later(
    api: Api, apple: AppleAds, unit: Units
) -> None:
    one_campaign(api, row(days={DAY: counted("40.00", 2000, 60)}, total=FULL))

    with pytest.raises(TransientError, match="the days of 444 do not add up to Apple's total of impressions"):
        list(apple.campaign_daily(unit()))


def test_each_amount_may_be_rounded(api: Api, apple: AppleAds, unit: Units) -> None:
    days = {DAY: counted("0.33", 1, 0), NEXT: counted("0.33", 1, 0)}
    one_campaign(api, row(days=days, total=counted("0.67", 2, 0)), grand=counted("0.68", 2, 0))

    assert [record.cost_micros for record in apple.campaign_daily(unit())] == [330_000, 330_000]


@pytest.mark.parametrize(
    ("level", "told", "says"),
    [
        ("campaigns", row(445, total=FULL), "campaign 445 came, which was not asked for"),
        ("campaigns", row(total=FULL) | {"metadata": {"id": 444, "adAccountId": 1}}, "account 1 came"),
        ("campaigns", row(total=FULL), "the row of 444 has no days"),
        ("campaigns", row(days={"7 November": FULL}), "not a day: '7 November'"),
        ("campaigns", row(days={DAY: {"taps": "many"}}), "taps"),
        ("campaigns", row(days={DAY: {"localSpend": {"currency": "USD"}}}), "amount"),
        ("adgroups", row(GROUP, days={DAY: FULL}), "a row of adgroups has no campaign_id"),
        ("ads", row(AD, days={DAY: FULL}, campaignId=CAMPAIGN), "a row of ads has no ad_group_id"),
    ],
)
def test_what_is_of_others_or_of_another_shape_is_refused(
    api: Api, apple: AppleAds, unit: Units, level: str, told: Json, says: str
) -> None:
    api.query("campaigns", campaign())
    api.report(told, level=level)
    report = {"campaigns": apple.campaign_daily, "adgroups": apple.ad_group_daily, "ads": apple.ad_daily}

    with pytest.raises(ContractError, match=says):
        list(report[level](unit()))
