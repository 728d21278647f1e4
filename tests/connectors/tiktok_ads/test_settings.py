"""Accounts, campaigns, ad groups, ads, balances and terms as they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from adtally import Account, Ad, AdGroup, Balance, Campaign, ContractError, Terms, Unit
from adtally_connectors.tiktok_ads import TikTokAds

from .builders import ACCOUNT_ID, CENTER_ID, HOST, Json, advertiser, group

if TYPE_CHECKING:
    from .conftest import Api

AUTHORISED, INFO = "oauth2/advertiser/get", "advertiser/info"


def account(**changes: str) -> Account:
    known = {"id": ACCOUNT_ID, "name": "Demo Shop", "currency": "USD", "timezone": "America/New_York"}
    rest = {"status": "STATUS_ENABLE", "manager_id": CENTER_ID}
    return Account(**(known | rest | changes))  # type: ignore[arg-type]


def test_accounts_are_those_that_the_app_is_authorised_for(api: Api, tiktok: TikTokAds) -> None:
    api.answer(AUTHORISED, {"advertiser_id": ACCOUNT_ID}, {"advertiser_id": "7022222222222222222"})
    api.answer(
        INFO,
        advertiser(),
        advertiser("7022222222222222222", name="Closed", status="STATUS_DISABLE", owner_bc_id=None),
    )

    assert list(tiktok.accounts()) == [
        account(),
        account(id="7022222222222222222", name="Closed", status="STATUS_DISABLE", manager_id=""),
    ]
    asked = {asked["advertiser_ids"] for asked in api.asked_of(INFO)}
    assert asked == {f'["{ACCOUNT_ID}","7022222222222222222"]'}
    assert api.asked_of(AUTHORISED) == [{"app_id": "7", "secret": "hush"}]
    assert {call.request.headers["Access-Token"] for call in api.mock.calls} == {"tok_x"}


def test_many_accounts_are_asked_about_by_the_hundred(api: Api, tiktok: TikTokAds) -> None:
    ids = [f"70{number:017}" for number in range(101)]
    api.answer(AUTHORISED, *({"advertiser_id": number} for number in ids))
    api.answer(INFO, *(advertiser(number) for number in ids[:100]))
    api.answer(INFO, advertiser(ids[100]))

    assert [found.id for found in tiktok.accounts()] == ids


def test_a_zone_without_a_city_is_taken_as_it_is(api: Api, tiktok: TikTokAds) -> None:
    api.answer(AUTHORISED, {"advertiser_id": ACCOUNT_ID})
    api.answer(INFO, advertiser(display_timezone=None))

    assert [found.timezone for found in tiktok.accounts()] == ["Etc/GMT+5"]


def test_accounts_that_are_told_only_in_part_are_used_and_the_rest_named(
    api: Api, tiktok: TikTokAds, caplog: pytest.LogCaptureFixture
) -> None:
    api.answer(AUTHORISED, {"advertiser_id": ACCOUNT_ID}, {"advertiser_id": "7033333333333333333"})
    told = {"code": 20001, "message": "partly", "request_id": "r", "data": {"list": [advertiser()]}}
    api.mock.get(f"{HOST}/{INFO}/", json=told)

    assert list(tiktok.accounts()) == [account()]
    assert "7033333333333333333 is passed over" in caplog.text


def test_a_campaign_has_its_objective_and_budget(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    def campaign(number: str, **changes: object) -> Json:
        return {"campaign_id": number, "campaign_name": f"C{number}", "operation_status": "ENABLE", **changes}

    api.answer(
        "campaign/get",
        campaign("1", objective_type="TRAFFIC", budget=50.5, budget_mode="BUDGET_MODE_DAY"),
        campaign("2", secondary_status="CAMPAIGN_STATUS_DELETE", budget=900, budget_mode="BUDGET_MODE_TOTAL"),
        campaign("3", budget=0.0, budget_mode="BUDGET_MODE_INFINITE"),
        campaign("4", budget=20, budget_mode="BUDGET_MODE_DYNAMIC_DAILY_BUDGET"),
        asked='{"primary_status":"STATUS_ALL"}',
    )
    api.answer(
        "campaign/get",
        campaign("5", objective_type="RF_REACH", rf_campaign_type="TOPVIEW"),
        asked='"buying_types":["RESERVATION_TOP_VIEW"]',
    )

    assert list(tiktok.campaigns(october)) == [
        Campaign(
            campaign_id="1",
            name="C1",
            objective="TRAFFIC",
            budget_micros=50_500_000,
            budget_period="daily",
            status="ENABLE",
        ),
        Campaign(
            campaign_id="2",
            name="C2",
            status="CAMPAIGN_STATUS_DELETE",
            budget_micros=900_000_000,
            budget_period="total",
        ),
        Campaign(campaign_id="3", name="C3", status="ENABLE"),
        Campaign(
            campaign_id="4",
            name="C4",
            budget_micros=20_000_000,
            budget_period="dynamic_daily_budget",
            status="ENABLE",
        ),
        Campaign(campaign_id="5", name="C5", objective="RF_REACH", channel="TOPVIEW", status="ENABLE"),
    ]


def test_deleted_things_are_asked_for_by_name(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    for path in ("campaign/get", "campaign/get", "ad/get", "ad/get"):
        api.answer(path)
    api.groups()

    for report in (tiktok.campaigns, tiktok.ads, tiktok.ad_groups):
        assert list(report(october)) == []

    sizes = [(asked["filtering"].split('"')[3], asked["page_size"]) for asked in api.asked]
    assert sizes == [("STATUS_ALL", size) for size in ("1000", "100", "1000", "100", "1000", "100", "1000")]


def test_the_flight_of_an_ad_group_is_told_by_utc_and_kept_by_the_accounts_clock(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.groups(
        group(schedule_start_time="2026-09-30 16:00:00", schedule_end_time="2026-10-31 16:00:00"),
        group("2", schedule_start_time="2026-09-30 15:59:59", schedule_end_time="2026-10-31 16:00:01"),
        group("3", schedule_type="SCHEDULE_FROM_NOW", schedule_end_time="2036-10-01 00:00:00"),
    )
    singapore = replace(october, account=account(timezone="Asia/Singapore"))

    assert [(r.first_day, r.last_day) for r in tiktok.ad_groups(singapore)] == [
        (date(2026, 10, 1), date(2026, 10, 31)),
        (date(2026, 9, 30), date(2026, 11, 1)),
        (None, None),
    ]


def test_ad_groups_of_all_three_lists_come_once(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.groups(
        group("1", operation_status="DISABLE", budget=50, budget_mode="BUDGET_MODE_DAY"),
        top_view=(group("2"),),
        smart_plus=(group("1"), group("3")),
    )

    campaign = "1780000000000000001"
    assert list(tiktok.ad_groups(october)) == [
        AdGroup(
            ad_group_id="1",
            campaign_id=campaign,
            name="Shoes",
            status="DISABLE",
            budget_micros=50_000_000,
            budget_period="daily",
        ),
        AdGroup(ad_group_id="2", campaign_id=campaign, name="Shoes"),
        AdGroup(ad_group_id="3", campaign_id=campaign, name="Shoes"),
    ]


def test_ads_name_what_they_belong_to(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    ids = {"ad_id": "9", "adgroup_id": "8", "campaign_id": "7"}
    api.answer("ad/get", ids | {"ad_name": "Red", "secondary_status": "AD_STATUS_DELETE"})
    api.answer("ad/get")

    assert list(tiktok.ads(october)) == [
        Ad(ad_id="9", ad_group_id="8", campaign_id="7", name="Red", status="AD_STATUS_DELETE")
    ]


@pytest.mark.parametrize(
    ("settings", "model", "event", "rate", "kind"),
    [
        ({"bid_type": "BID_TYPE_CUSTOM", "bid_price": 0.4}, "cpc", "clicks", 400_000, "cap"),
        ({"bid_type": "BID_TYPE_NO_BID", "bid_price": 0.4}, "cpc", "clicks", None, "auto"),
        ({"billing_event": "CPM"}, "cpm", "impressions", None, "auto"),
        (
            {"billing_event": "CPM", "bid_type": "BID_TYPE_CUSTOM", "bid_price": 4.2},
            "cpm",
            "impressions",
            4_200_000,
            "cap",
        ),
        (
            {
                "billing_event": "CPV",
                "bid_type": "BID_TYPE_CUSTOM",
                "bid_price": 12.345,
                "bid_display_mode": "CPMV",
            },
            "cpv",
            "video_views",
            12_345,
            "cap",
        ),
        (
            {
                "billing_event": "CPV",
                "bid_type": "BID_TYPE_CUSTOM",
                "bid_price": 0.02,
                "bid_display_mode": "CPV",
            },
            "cpv",
            "video_views",
            20_000,
            "cap",
        ),
        (
            {"billing_event": "OCPM", "bid_type": "BID_TYPE_CUSTOM", "conversion_bid_price": 12.5},
            "cpm",
            "impressions",
            None,
            "target",
        ),
        ({"billing_event": "OCPM"}, "cpm", "impressions", None, "auto"),
        ({"billing_event": "OCPM", "roas_bid": 2.5}, "cpm", "impressions", None, "target"),
        ({"billing_event": "OCPC", "bid_type": "BID_TYPE_CUSTOM"}, "cpc", "clicks", None, "target"),
        ({"billing_event": "CPA", "conversion_bid_price": 9}, "cpa", "conversions", 9_000_000, "target"),
        ({"billing_event": "GD", "rf_purchased_type": "FIXED_SHOW"}, "cpm", "impressions", None, "fixed"),
        (
            {"billing_event": "GD", "rf_purchased_type": "FIXED_REACH", "rf_estimated_cpr": 3.1},
            "cpr",
            "reach",
            None,
            "fixed",
        ),
        ({"billing_event": "GD", "cpm": 11.33}, "cpm", "impressions", 11_330_000, "fixed"),
        ({"billing_event": "SOMETHING_NEW", "bid_type": "BID_TYPE_CUSTOM"}, None, "", None, "auto"),
        ({"billing_event": None}, None, "", None, "auto"),
    ],
)
def test_terms_follow_the_billing_event(
    api: Api,
    tiktok: TikTokAds,
    october: Unit,
    settings: dict[str, object],
    model: str | None,
    event: str,
    rate: int | None,
    kind: str,
) -> None:
    api.groups(group(**settings))

    [terms] = tiktok.terms(october)

    assert (terms.model, terms.billable_event, terms.rate_micros, terms.kind) == (model, event, rate, kind)


def test_terms_are_the_ad_groups_and_quote_its_settings(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.groups(
        group(
            billing_event="OCPM",
            optimization_goal="CONVERT",
            bid_type="BID_TYPE_CUSTOM",
            conversion_bid_price=12.5,
            schedule_start_time="2026-10-01 03:00:00",
            click_attribution_window="SEVEN_DAYS",
            view_attribution_window="ONE_DAY",
        )
    )

    assert list(tiktok.terms(october)) == [
        Terms(
            level="ad_group",
            entity_id="1785000000000000001",
            campaign_id="1780000000000000001",
            first_day=date(2026, 9, 30),
            model="cpm",
            billable_event="impressions",
            kind="target",
            native="billing_event=OCPM, optimization_goal=CONVERT, bid_type=BID_TYPE_CUSTOM, "
            "conversion_bid_price=12.5, click_attribution_window=SEVEN_DAYS, view_attribution_window=ONE_DAY",
        )
    ]


def balance(kind: str, amount: int) -> Balance:
    at = datetime(2026, 12, 15, 5, tzinfo=UTC)
    return Balance(at=at, kind=kind, amount_micros=amount, currency="USD")


def test_without_a_business_center_the_balance_is_one_sum(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.answer(INFO, advertiser())

    assert list(tiktok.balances(october)) == [balance("available", 5_325_430_000)]


def test_the_business_center_tells_the_balance_by_kind(api: Api, center: TikTokAds, october: Unit) -> None:
    told = {"account_balance": 120, "valid_account_balance": 100.5, "frozen_balance": 9.5, "tax": 10}
    api.answer(
        "advertiser/balance/get",
        {"advertiser_id": f"{ACCOUNT_ID}9", "account_balance": 7},
        {"advertiser_id": ACCOUNT_ID, "currency": "USD", **told, "cash_balance": 90, "grant_balance": 30},
        under="advertiser_account_list",
    )

    assert list(center.balances(october)) == [
        balance("total", 120_000_000),
        balance("available", 100_500_000),
        balance("frozen", 9_500_000),
        balance("tax", 10_000_000),
        balance("cash", 90_000_000),
        balance("ad_credit", 30_000_000),
    ]


def test_an_account_that_the_business_center_does_not_hold_tells_its_own_sum(
    api: Api, center: TikTokAds, october: Unit
) -> None:
    api.answer("advertiser/balance/get", under="advertiser_account_list")
    api.answer(INFO, advertiser())

    assert list(center.balances(october)) == [balance("available", 5_325_430_000)]


def test_a_row_without_its_key_is_named_by_its_path(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.answer("campaign/get", {"campaign_name": "nameless"})

    with pytest.raises(ContractError, match=r"missing required field `campaign_id` - at `\$.data.list\[0\]`"):
        list(tiktok.campaigns(october))
