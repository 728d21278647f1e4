"""Campaigns, ad groups, ads, account budgets, terms and changes as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from adtally import Account, Ad, AdGroup, Campaign, Change, ContractError, Order, Terms, Unit, Window
from adtally_connectors.google_ads import GoogleAds

if TYPE_CHECKING:
    from tests.connectors.google_ads.conftest import Api

FIRST = date(2026, 1, 1)


def campaign(**changes: object) -> dict[str, object]:
    settings = {
        "id": "501",
        "name": "Brand search",
        "status": "ENABLED",
        "advertisingChannelType": "SEARCH",
        "biddingStrategyType": "MANUAL_CPC",
        "paymentMode": "CLICKS",
        "startDateTime": "2026-01-01 00:00:00",
    }
    return {"campaign": settings | changes}


def test_a_campaign_has_its_flight_and_its_shared_budget(api: Api, google: GoogleAds, october: Unit) -> None:
    daily = {"amountMicros": "50000000", "period": "DAILY"}
    whole = {"amountMicros": "1", "totalAmountMicros": "900000000", "period": "CUSTOM_PERIOD"}
    shared = "customers/1112223334/campaignBudgets/88"
    api.search(
        campaign(campaignBudget=shared, endDateTime="2026-12-31 23:59:59") | {"campaignBudget": daily},
        campaign(id="502", status="REMOVED", name="Sale", campaignBudget=shared) | {"campaignBudget": whole},
        campaign(id="503", status="PAUSED", name="Old"),
    )

    assert list(google.campaigns(october)) == [
        Campaign(
            campaign_id="501",
            name="Brand search",
            status="ENABLED",
            channel="SEARCH",
            first_day=FIRST,
            last_day=date(2026, 12, 31),
            budget_id="88",
            budget_micros=50_000_000,
            budget_period="daily",
        ),
        Campaign(
            campaign_id="502",
            name="Sale",
            status="REMOVED",
            channel="SEARCH",
            first_day=FIRST,
            budget_id="88",
            budget_micros=900_000_000,
            budget_period="total",
        ),
        Campaign(campaign_id="503", name="Old", status="PAUSED", channel="SEARCH", first_day=FIRST),
    ]


@pytest.mark.parametrize(
    ("end", "last_day"),
    [
        ("2026-03-31 23:59:59", date(2026, 3, 31)),
        ("2026-04-01 00:00:00", date(2026, 3, 31)),
        ("2026-03-31", date(2026, 3, 31)),
        ("2037-12-30 23:59:59", None),
        ("2037-12-30", None),
        ("", None),
    ],
)
def test_an_end_becomes_the_last_day_that_runs(
    api: Api, google: GoogleAds, october: Unit, end: str, last_day: date | None
) -> None:
    api.search(campaign(endDateTime=end))

    assert [record.last_day for record in google.campaigns(october)] == [last_day]


def test_removed_things_are_asked_for_by_name(api: Api, google: GoogleAds, october: Unit) -> None:
    for _ in range(3):
        api.search()

    for report in (google.campaigns, google.ad_groups, google.ads):
        assert list(report(october)) == []

    assert [query.partition("WHERE ")[2] for query in api.queries] == [
        "campaign.status IN ('ENABLED', 'PAUSED', 'REMOVED')",
        "ad_group.status IN ('ENABLED', 'PAUSED', 'REMOVED')",
        "ad_group_ad.status IN ('ENABLED', 'PAUSED', 'REMOVED')",
    ]


def test_ad_groups_and_ads_name_what_they_belong_to(api: Api, google: GoogleAds, october: Unit) -> None:
    ids = {"campaign": {"id": "501"}, "adGroup": {"id": "7", "name": "Shoes", "status": "PAUSED"}}
    api.search(ids)
    api.search(ids | {"adGroupAd": {"ad": {"id": "42"}, "status": "REMOVED"}})

    assert list(google.ad_groups(october)) == [
        AdGroup(ad_group_id="7", campaign_id="501", name="Shoes", status="PAUSED")
    ]
    assert list(google.ads(october)) == [Ad(ad_id="42", ad_group_id="7", campaign_id="501", status="REMOVED")]


def test_account_budgets_are_orders_and_a_pending_one_is_none(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search(
        {
            "accountBudget": {
                "id": "9",
                "status": "APPROVED",
                "purchaseOrderNumber": "PO-7",
                "approvedStartDateTime": "2026-01-01 00:00:00",
                "approvedEndDateTime": "2026-12-31 23:59:59",
                "approvedSpendingLimitMicros": "5000000000",
                "adjustedSpendingLimitMicros": "5100000000",
            }
        },
        {
            "accountBudget": {
                "id": "10",
                "status": "CANCELLED",
                "approvedStartDateTime": "2025-01-01 00:00:00",
            }
        },
        {"accountBudget": {"id": "11", "status": "PENDING"}},
    )

    assert list(google.account_budgets(october)) == [
        Order(
            order_id="9",
            purchase_order="PO-7",
            first_day=FIRST,
            last_day=date(2026, 12, 31),
            cap_micros=5_100_000_000,
            currency="EUR",
        ),
        Order(order_id="10", first_day=date(2025, 1, 1), currency="EUR"),
    ]


def priced(
    strategy: str, *, mode: str = "CLICKS", channel: str = "SEARCH", **more: object
) -> dict[str, object]:
    return campaign(biddingStrategyType=strategy, paymentMode=mode, advertisingChannelType=channel, **more)


@pytest.mark.parametrize(
    ("row", "charged"),
    [
        (priced("MANUAL_CPC"), ("cpc", "clicks", "cap")),
        (priced("ENHANCED_CPC"), ("cpc", "clicks", "auto")),
        (priced("TARGET_SPEND"), ("cpc", "clicks", "auto")),
        (priced("TARGET_CPA"), ("cpc", "clicks", "target")),
        (priced("TARGET_ROAS", channel="SHOPPING"), ("cpc", "clicks", "target")),
        (priced("MAXIMIZE_CONVERSIONS", channel="PERFORMANCE_MAX"), ("cpc", "clicks", "auto")),
        (priced("TARGET_CPA", channel="VIDEO"), ("dynamic", "", "auto")),
        (priced("MAXIMIZE_CONVERSIONS", channel="DEMAND_GEN"), ("dynamic", "", "auto")),
        (priced("TARGET_CPA", channel="MULTI_CHANNEL"), ("dynamic", "", "auto")),
        (priced("TARGET_CPA", mode="CONVERSIONS", channel="DISPLAY"), ("cpa", "conversions", "target")),
        (
            priced("COMMISSION", mode="CONVERSION_VALUE", channel="HOTEL"),
            ("cps", "conversion_value", "fixed"),
        ),
        (priced("COMMISSION", mode="GUEST_STAY", channel="HOTEL"), ("cps", "conversion_value", "fixed")),
        (priced("MANUAL_CPM", channel="DISPLAY"), ("vcpm", "viewable_impressions", "cap")),
        (priced("TARGET_CPM", channel="VIDEO"), ("cpm", "impressions", "target")),
        (priced("FIXED_CPM", channel="VIDEO"), ("cpm", "impressions", "fixed")),
        (priced("FIXED_SHARE_OF_VOICE", channel="VIDEO"), (None, "", "auto")),
        (priced("MANUAL_CPV", channel="VIDEO"), ("cpv", "video_views", "cap")),
        (priced("TARGET_CPV", channel="VIDEO"), ("cpv", "video_views", "target")),
        (priced("MANUAL_CPA", channel="LOCAL_SERVICES"), ("cpl", "leads", "cap")),
        (priced("INVALID"), (None, "", "auto")),
    ],
)
def test_payment_mode_strategy_and_channel_tell_the_model(
    api: Api,
    google: GoogleAds,
    october: Unit,
    row: dict[str, object],
    charged: tuple[str | None, str, str],
) -> None:
    api.search()
    api.search(row)

    [terms] = google.terms(october)

    assert (terms.model, terms.billable_event, terms.kind) == charged
    assert (terms.level, terms.entity_id, terms.first_day, terms.rate_micros) == (
        "campaign",
        "501",
        FIRST,
        None,
    )


def test_a_target_is_told_in_words_and_is_no_price(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search()
    api.search(priced("TARGET_CPA", targetCpa={"targetCpaMicros": "5000000"}))

    assert list(google.terms(october)) == [
        Terms(
            level="campaign",
            entity_id="501",
            campaign_id="501",
            first_day=FIRST,
            model="cpc",
            billable_event="clicks",
            kind="target",
            native="payment_mode=CLICKS, bidding_strategy_type=TARGET_CPA, target_cpa_micros=5000000",
        )
    ]


def test_a_ceiling_on_the_bid_is_a_cap(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search()
    api.search(priced("TARGET_SPEND", targetSpend={"cpcBidCeilingMicros": "800000"}))

    assert [(terms.kind, terms.rate_micros) for terms in google.terms(october)] == [("cap", 800_000)]


def test_a_manual_bid_stays_with_its_ad_group(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search(
        priced("MANUAL_CPC") | {"adGroup": {"id": "7", "cpcBidMicros": "400000", "cpmBidMicros": "10000"}},
        priced("MANUAL_CPC") | {"adGroup": {"id": "8"}},
    )
    api.search(priced("MANUAL_CPC"))

    found = [(terms.level, terms.entity_id, terms.kind, terms.rate_micros) for terms in google.terms(october)]

    assert found == [("ad_group", "7", "cap", 400_000), ("campaign", "501", "cap", None)]


@pytest.mark.parametrize(("other", "rate"), [("6000000", 6_000_000), ("7000000", None)])
def test_a_fixed_price_is_the_campaigns_where_its_ad_groups_agree(
    api: Api, google: GoogleAds, october: Unit, other: str, rate: int | None
) -> None:
    row = priced("FIXED_CPM", channel="VIDEO")
    api.search(
        row | {"adGroup": {"id": "7", "fixedCpmMicros": "6000000"}},
        row | {"adGroup": {"id": "8", "fixedCpmMicros": other}},
    )
    api.search(row)

    *_, terms = google.terms(october)

    assert (terms.level, terms.model, terms.kind, terms.rate_micros) == ("campaign", "cpm", "fixed", rate)


def event(
    kind: str, name: str, old: Mapping[str, object], new: Mapping[str, object], **changes: str
) -> dict[str, object]:
    holder = {"CAMPAIGN": "campaign", "AD_GROUP": "adGroup", "AD_GROUP_AD": "adGroupAd"}
    key = holder.get(kind, "campaignBudget")
    return {
        "changeEvent": {
            "changeDateTime": "2026-10-20 09:30:00.5",
            "changeResourceType": kind,
            "changeResourceName": f"customers/1112223334/{name}",
            "resourceChangeOperation": "UPDATE",
            "oldResource": {key: old},
            "newResource": {key: new},
        }
        | changes
    }


def day(unit: Unit, number: int = 20) -> Unit:
    asked = date(2026, 10, number)
    return Unit(unit.account, Window(asked, asked), date(2026, 10, 30))


AT = datetime(2026, 10, 20, 7, 30, 0, 500_000, tzinfo=UTC)


def test_changes_are_told_by_the_ledgers_columns_at_utc(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search(
        event("CAMPAIGN", "campaigns/501", {"status": "ENABLED"}, {"status": "PAUSED"}),
        event(
            "CAMPAIGN",
            "campaigns/502",
            {"endDateTime": "2026-10-31 23:59:59"},
            {"endDateTime": "2037-12-30 23:59:59"},
        ),
        event("AD_GROUP", "adGroups/7", {"status": "PAUSED"}, {"status": "ENABLED"}),
        event("AD_GROUP_AD", "adGroupAds/7~42", {}, {"status": "ENABLED"}, resourceChangeOperation="CREATE"),
        event("CAMPAIGN", "campaigns/503", {"status": "PAUSED"}, {}, resourceChangeOperation="REMOVE"),
    )

    assert list(google.changes(day(october))) == [
        Change(level="campaign", entity_id="501", at=AT, field="status", old="ENABLED", new="PAUSED"),
        Change(level="campaign", entity_id="502", at=AT, field="last_day", old="2026-10-31", new=""),
        Change(level="ad_group", entity_id="7", at=AT, field="status", old="PAUSED", new="ENABLED"),
        Change(level="ad", entity_id="42", at=AT, field="status", old="", new="ENABLED"),
        Change(level="campaign", entity_id="503", at=AT, field="status", old="PAUSED", new="REMOVED"),
    ]


def test_a_budget_change_is_its_campaigns_or_of_the_account_when_shared(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    before, after = {"amountMicros": "50000000", "status": "ENABLED"}, {"amountMicros": "90000000"}
    name = "campaignBudgets/88"
    api.search(
        event("CAMPAIGN_BUDGET", name, before, after, campaign="customers/1112223334/campaigns/501"),
        event("CAMPAIGN_BUDGET", name, before, after),
    )

    assert [(c.level, c.entity_id, c.field, c.old, c.new) for c in google.changes(day(october))] == [
        ("campaign", "501", "budget_micros", "50000000", "90000000"),
        ("account", "88", "budget_micros", "50000000", "90000000"),
    ]


def test_two_events_of_one_instant_are_one_change(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search(
        event("CAMPAIGN", "campaigns/501", {"status": "ENABLED"}, {"status": "PAUSED"}),
        event("CAMPAIGN", "campaigns/501", {"status": "PAUSED"}, {"status": "REMOVED"}),
    )

    assert [(c.old, c.new) for c in google.changes(day(october))] == [("ENABLED", "REMOVED")]


def test_a_change_at_the_next_midnight_is_the_next_days(api: Api, google: GoogleAds, october: Unit) -> None:
    late = event("CAMPAIGN", "campaigns/501", {}, {"status": "PAUSED"}, changeDateTime="2026-10-21 00:00:00")
    api.search(late)
    api.search(late)

    assert list(google.changes(day(october, 20))) == []
    assert [c.new for c in google.changes(day(october, 21))] == ["PAUSED"]


def test_changes_are_asked_for_with_a_finite_range_and_a_limit(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search()

    list(google.changes(day(october)))

    assert api.queries[0].partition("WHERE ")[2] == (
        "change_event.change_date_time >= '2026-10-20 00:00:00'"
        " AND change_event.change_date_time <= '2026-10-21 00:00:00'"
        " AND change_event.change_resource_type IN ('CAMPAIGN', 'CAMPAIGN_BUDGET', 'AD_GROUP', 'AD_GROUP_AD')"
        " ORDER BY change_event.change_date_time LIMIT 10000"
    )


def test_more_changes_than_google_lists_are_asked_for_in_halves(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    morning = event("AD_GROUP", "adGroups/7", {}, {"status": "PAUSED"})
    evening = event("AD_GROUP", "adGroups/8", {}, {"status": "PAUSED"}, changeDateTime="2026-10-20 20:00:00")
    api.search(*[morning] * 10_000)
    api.search(morning)
    api.search(evening)

    assert [c.entity_id for c in google.changes(day(october))] == ["7", "8"]
    assert "'2026-10-20 12:00:00'" in api.queries[1]
    assert "'2026-10-20 12:00:00'" in api.queries[2]


def test_an_hour_that_the_clock_repeats_keeps_its_day(api: Api, google: GoogleAds) -> None:
    account = Account(id="1112223334", currency="USD", timezone="America/Los_Angeles", reached_by="1")
    api.search(
        event("CAMPAIGN", "campaigns/501", {}, {"status": "PAUSED"}, changeDateTime="2026-11-01 01:30:00")
    )
    asked = Unit(account, Window(date(2026, 11, 1), date(2026, 11, 1)), date(2026, 11, 2))

    assert [c.at for c in google.changes(asked)] == [datetime(2026, 11, 1, 8, 30, tzinfo=UTC)]


def test_a_row_without_its_key_is_named_by_its_path(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search({"campaign": {"name": "nameless"}})

    with pytest.raises(ContractError, match=r"missing required field `id` - at `\$.results\[0\].campaign`"):
        list(google.campaigns(october))
