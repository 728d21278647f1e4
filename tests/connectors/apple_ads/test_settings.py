"""Accounts, campaigns, ad groups, ads, budget orders and terms as they stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import Account, Ad, AdGroup, Campaign, ContractError, DeniedError, NotOffered, Order, Terms, Unit
from adtally_connectors.apple_ads import AppleAds

from .builders import (
    ACCOUNT,
    CAMPAIGN,
    GROUP,
    ROOT,
    Json,
    ad_account,
    ad_group,
    campaign,
    client,
    money,
    strategy,
)

if TYPE_CHECKING:
    from .conftest import Api

Units = Callable[..., Unit]
BOTH_STATES = ("deleted", "IN", [True, False])


def acls(api: Api, *numbers: int, org_id: int = 987) -> None:
    roles = [
        {"adAccount": {"id": number, "name": "App", "orgId": org_id}, "roles": ["Read"]} for number in numbers
    ]
    api.mock.get(f"{ROOT}/acls", json={"result": {"acls": roles}})


def told(api: Api, number: int = ACCOUNT, /, **changes: object) -> None:
    api.mock.get(f"{ROOT}/ad-accounts/{number}", json={"result": ad_account(number, **changes)})


def test_accounts_are_those_with_a_role_each_once_with_their_clock_and_currency(
    api: Api, apple: AppleAds
) -> None:
    acls(api, ACCOUNT, ACCOUNT, 55)
    told(api)
    held = ["PAYMENT_DECLINED", "LOC_EXHAUSTED"]
    told(
        api,
        55,
        currency="RMB",
        timezone="Asia/Shanghai",
        paymentModel="LOC",
        systemStatus="INACTIVE",
        systemStatusReasons=held,
    )

    assert list(apple.accounts()) == [
        Account(
            id="123456789",
            name="App EU",
            currency="USD",
            timezone="America/New_York",
            status="ACTIVE",
            manager_id="987",
            payment="threshold",
        ),
        Account(
            id="55",
            name="App EU",
            currency="CNY",
            timezone="Asia/Shanghai",
            status="INACTIVE, LOC_EXHAUSTED, PAYMENT_DECLINED",
            manager_id="987",
            payment="invoice",
        ),
    ]
    heads = [call.request.headers.get("X-AP-Context") for call in api.mock.calls]
    assert heads == [None, None, "adAccountId=123456789", "adAccountId=55"]


def test_only_the_accounts_of_the_organization_that_is_set(api: Api) -> None:
    api.mock.get(
        f"{ROOT}/acls",
        json={"result": {"acls": [{"adAccount": {"id": n, "orgId": n * 10}} for n in (1, 2)]}},
    )
    told(api, 2)
    apple = client(org_id="20")

    assert [account.id for account in apple.accounts()] == ["2"]


def test_an_account_that_is_not_told_is_passed_over_and_named(
    api: Api, apple: AppleAds, caplog: pytest.LogCaptureFixture
) -> None:
    acls(api, 55, ACCOUNT)
    api.mock.get(f"{ROOT}/ad-accounts/55", json={"error": {"code": "PERMISSION_DENIED"}}, status=403)
    told(api)

    assert [account.id for account in apple.accounts()] == ["123456789"]
    assert "account 55 is passed over" in caplog.text


def test_if_no_account_is_told_its_refusal_is_the_answer(api: Api, apple: AppleAds) -> None:
    acls(api, 55)
    api.mock.get(f"{ROOT}/ad-accounts/55", json={"error": {"code": "PERMISSION_DENIED"}}, status=403)

    with pytest.raises(DeniedError):
        list(apple.accounts())


def test_an_automated_account_is_listed_and_named_and_its_data_denied(
    api: Api, apple: AppleAds, unit: Units, caplog: pytest.LogCaptureFixture
) -> None:
    acls(api, ACCOUNT)
    told(api, productFeatures=["APPSTORE_APP_AUTOMATED"])
    api.refuse(403)

    assert [account.id for account in apple.accounts()] == ["123456789"]
    assert "123456789 is automated" in caplog.text
    with pytest.raises(DeniedError, match="automated"):
        list(apple.campaign_daily(unit()))


def test_a_campaign_has_its_budget_its_order_and_its_days_by_the_accounts_clock(
    api: Api, apple: AppleAds, unit: Units
) -> None:
    api.query(
        "campaigns",
        campaign(
            startTime="2026-01-05T03:00:00.000",
            endTime="2026-12-31T05:00:00.000",
            dailyBudget={"value": money("100.50")},
            sharedBudgets=[{"budgetId": 77001}],
        ),
        campaign(445, displayStatus=None, deleted=True, name=None),
        campaign(446, displayStatus=None, status="PAUSED", promotedObjectType="BUSINESS_BRAND"),
    )

    assert list(apple.campaigns(unit())) == [
        Campaign(
            campaign_id="444",
            name="Brand US",
            status="RUNNING",
            channel="APPSTORE_APP",
            first_day=date(2026, 1, 4),
            last_day=date(2026, 12, 30),
            budget_id="77001",
            budget_micros=100_500_000,
            budget_period="daily",
        ),
        Campaign(campaign_id="445", status="DELETED", channel="APPSTORE_APP"),
        Campaign(campaign_id="446", name="Brand US", status="PAUSED", channel="BUSINESS_BRAND"),
    ]
    assert api.filters_of("campaigns/query") == [[BOTH_STATES]]


def test_ad_groups_and_ads_are_asked_for_by_campaign_in_every_state(
    api: Api, apple: AppleAds, unit: Units
) -> None:
    ad = {"id": 7001, "adAccountId": ACCOUNT, "campaignId": CAMPAIGN, "adGroupId": GROUP, "name": "Default"}
    for _ in range(2):
        api.query("campaigns", campaign(deleted=True))
    api.query("adgroups", ad_group(displayStatus="CAMPAIGN_ON_HOLD"))
    api.query("ads", ad | {"status": "PAUSED", "deleted": True})

    assert [*apple.ad_groups(unit()), *apple.ads(unit())] == [
        AdGroup(
            ad_group_id="9001",
            campaign_id="444",
            name="Exact",
            status="CAMPAIGN_ON_HOLD",
            first_day=date(2026, 1, 4),
        ),
        Ad(ad_id="7001", ad_group_id="9001", campaign_id="444", name="Default", status="DELETED"),
    ]
    for kind in ("adgroups", "ads"):
        assert api.filters_of(f"{kind}/query") == [[BOTH_STATES, ("campaignId", "IN", [444])]]


@pytest.mark.parametrize("changes", [{"adAccountId": 1}, {"campaignId": 2}])
def test_things_of_others_are_refused(
    api: Api, apple: AppleAds, unit: Units, changes: dict[str, object]
) -> None:
    api.query("campaigns", campaign())
    api.query("adgroups", ad_group(**changes))

    with pytest.raises(ContractError, match="something of"):
        list(apple.ad_groups(unit()))


def test_budget_orders_have_their_purchase_order_and_cap(api: Api, apple: AppleAds, unit: Units) -> None:
    order = {
        "id": 77001,
        "startTime": "2026-10-01T04:00:00.000",
        "endTime": "2027-01-01T05:00:00.000",
        "value": money("20000.00"),
        "adAccountIds": [ACCOUNT],
        "invoiceDetail": {"orderNumber": "PO-4711", "clientName": "Shop"},
    }
    api.query(
        "shared-budgets",
        order,
        order | {"id": 77002, "adAccountIds": [1]},
        {"id": 77003, "adAccountIds": None, "invoiceDetail": None, "deleted": True},
    )

    assert list(apple.orders(unit(payment="invoice"))) == [
        Order(
            order_id="77001",
            purchase_order="PO-4711",
            first_day=date(2026, 10, 1),
            last_day=date(2026, 12, 31),
            cap_micros=20_000_000_000,
            currency="USD",
        ),
        Order(order_id="77003"),
    ]
    assert api.filters_of("shared-budgets/query") == [[BOTH_STATES]]


def test_an_account_that_pays_by_card_has_no_budget_orders(apple: AppleAds, unit: Units) -> None:
    with pytest.raises(NotOffered, match="line of credit"):
        list(apple.orders(unit(payment="threshold")))


@pytest.mark.parametrize(
    ("event", "pricing", "bids", "expected"),
    [
        ("TAPS", "CPT", strategy("MANUAL_CPT", "TAP", "1.50"), ("cpc", "clicks", 1_500_000, "cap")),
        ("TAPS", "CPT", strategy("MAX_CONVERSIONS", "INSTALL", "4.00"), ("cpc", "clicks", None, "target")),
        ("TAPS", "CPA", strategy("MAX_CONVERSIONS", "INSTALL"), ("cpc", "clicks", None, "auto")),
        ("TAPS", "CPT", strategy("MAX_ENGAGEMENTS", "TAP", "2.00"), ("cpc", "clicks", 2_000_000, "cap")),
        ("TAPS", "CPT", strategy("MAX_ENGAGEMENTS", "TAP"), ("cpc", "clicks", None, "auto")),
        ("TAPS", "CPT", strategy("MANUAL_CPM", "IMPRESSION", "6.00"), ("cpc", "clicks", None, "auto")),
        (
            "IMPRESSIONS",
            "CPM",
            strategy("MANUAL_CPM", "IMPRESSION", "6"),
            ("cpm", "impressions", 6_000_000, "cap"),
        ),
        (
            "INSTALLS",
            "CPA",
            strategy("MAX_CONVERSIONS", "INSTALL", "4"),
            ("cpi", "installs", 4_000_000, "target"),
        ),
        (None, "CPM", strategy("MANUAL_CPM", "IMPRESSION", "6"), ("cpm", "impressions", 6_000_000, "cap")),
        ("NEW", "CPT", strategy("MANUAL_CPT", "TAP", "1.50"), (None, "", None, "auto")),
        ("TAPS", "CPT", strategy("NEW_ONE", "TAP", "1.50"), ("cpc", "clicks", None, "auto")),
        ("TAPS", "CPT", None, ("cpc", "clicks", None, "auto")),
    ],
)
def test_terms_follow_the_billing_event_and_the_strategy_only_says_what_the_bid_means(
    api: Api,
    apple: AppleAds,
    unit: Units,
    event: str | None,
    pricing: str,
    bids: Json | None,
    expected: tuple[object, ...],
) -> None:
    api.query("campaigns", campaign(billingEvent=event))
    api.query("keywords")
    api.query("adgroups", ad_group(pricingModel=pricing, bidStrategy=bids))

    [terms] = apple.terms(unit())

    assert (terms.model, terms.billable_event, terms.rate_micros, terms.kind) == expected


def test_terms_keep_apples_own_words(api: Api, apple: AppleAds, unit: Units) -> None:
    api.query("campaigns", campaign())
    api.query("keywords")
    api.query(
        "adgroups",
        ad_group(
            bidStrategy=strategy("MAX_CONVERSIONS", "INSTALL", "4.00"), cpaCap={"value": money("5.00", None)}
        ),
    )

    assert list(apple.terms(unit())) == [
        Terms(
            level="ad_group",
            entity_id="9001",
            campaign_id="444",
            first_day=date(2026, 1, 4),
            model="cpc",
            billable_event="clicks",
            kind="target",
            native="billingEvent=TAPS, pricingModel=CPT, bidStrategyType=MAX_CONVERSIONS, "
            "bidStrategyGoal=INSTALL, bid=4.00, cpaCap=5.00",
        )
    ]


def test_the_highest_bid_of_a_keyword_outranks_that_of_its_ad_group(
    api: Api, apple: AppleAds, unit: Units
) -> None:
    def keyword(number: int, group: int, bid: str | None) -> Json:
        told = {"id": number, "adAccountId": ACCOUNT, "campaignId": CAMPAIGN, "adGroupId": group}
        return told | {"bid": money(bid) if bid else None}

    api.query("campaigns", campaign())
    api.query("keywords", keyword(1, GROUP, "2.25"), keyword(2, GROUP, "1.75"), keyword(3, 9002, "0.50"))
    api.query("adgroups", ad_group(), ad_group(9002), ad_group(9003))

    assert [terms.rate_micros for terms in apple.terms(unit())] == [2_250_000, 1_500_000, 1_500_000]
    assert api.filters_of("keywords/query") == [[BOTH_STATES, ("campaignId", "IN", [444])]]
