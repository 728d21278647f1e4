"""Accounts, campaigns, ad squads, ads, funding sources and terms as they stand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from adtally import (
    Account,
    Ad,
    AdGroup,
    Balance,
    Campaign,
    ContractError,
    DeniedError,
    NotOffered,
    Order,
    Terms,
    Unit,
)
from adtally_connectors.snapchat_ads import SnapchatAds

from .builders import ACCOUNT_ID, CAMPAIGN, ORGANIZATION_ID, PACIFIC, SQUAD, Json, ad_account, squad

if TYPE_CHECKING:
    from .conftest import Api

OTHER = "0f000000-0000-4000-8000-00000000000b"


def account(**changes: str) -> Account:
    known = {"id": ACCOUNT_ID, "name": "Demo Shop", "currency": "USD", "timezone": PACIFIC}
    rest = {"status": "ACTIVE", "manager_id": ORGANIZATION_ID, "payment": "invoice"}
    return Account(**(known | rest | changes))  # type: ignore[arg-type]


def test_accounts_are_those_of_all_organizations_and_those_that_others_share_each_once(
    api: Api, snapchat: SnapchatAds
) -> None:
    closed = ad_account("2", status="DISABLED", billing_type="REVOLVING", name=None)
    api.listed("me/organizations", {"id": ORGANIZATION_ID})
    api.listed("me/source_organizations", {"id": OTHER}, {"id": ORGANIZATION_ID})
    api.listed(f"organizations/{ORGANIZATION_ID}/adaccounts", ad_account(), closed)
    api.listed(f"organizations/{OTHER}/adaccounts", ad_account())

    assert list(snapchat.accounts()) == [
        account(),
        account(id="2", name="", status="DISABLED", payment="unknown"),
    ]
    assert api.asked_of("/source_organizations") == [{"shared_entity_type": "ad_account"}]
    assert api.asked_of("/adaccounts") == [{"limit": "1000"}] * 2
    assert {call.request.headers["Authorization"] for call in api.calls} == {"Bearer token-1"}


def test_only_the_named_organization_is_asked(api: Api, snapchat: SnapchatAds) -> None:
    named = snapchat.model_copy(update={"organization_id": OTHER})
    api.listed(f"organizations/{OTHER}/adaccounts", ad_account())

    assert list(named.accounts()) == [account()]


def test_an_organization_that_refuses_is_passed_over(
    api: Api, snapchat: SnapchatAds, caplog: pytest.LogCaptureFixture
) -> None:
    api.listed("me/organizations", {"id": OTHER}, {"id": ORGANIZATION_ID})
    api.refuse("me/source_organizations", 403, "E3002")
    api.refuse(f"organizations/{OTHER}/adaccounts", 404, "E3003")
    api.listed(f"organizations/{ORGANIZATION_ID}/adaccounts", ad_account())

    assert list(snapchat.accounts()) == [account()]
    assert f"organization {OTHER} is passed over" in caplog.text
    assert "accounts that others share are not looked for" in caplog.text


def test_where_nothing_is_found_a_refusal_is_the_answer(api: Api, snapchat: SnapchatAds) -> None:
    api.listed("me/organizations", {"id": OTHER})
    api.listed("me/source_organizations")
    api.refuse(f"organizations/{OTHER}/adaccounts", 403, "E3002")

    with pytest.raises(DeniedError):
        list(snapchat.accounts())


def test_an_account_without_currency_or_zone_is_refused(api: Api, snapchat: SnapchatAds) -> None:
    api.listed("me/organizations", {"id": OTHER})
    api.listed("me/source_organizations")
    api.listed(f"organizations/{OTHER}/adaccounts", {"id": "1", "currency": "EUR"})

    with pytest.raises(ContractError, match="timezone"):
        list(snapchat.accounts())


def test_a_campaign_has_its_objective_flight_and_budget_by_the_accounts_clock(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.of_account(
        "campaigns",
        {
            "id": "1",
            "name": "Reach",
            "status": "ACTIVE",
            "objective": "OLD",
            "objective_v2_properties": {"objective_v2_type": "SALES"},
            "daily_budget_micro": 50_500_000,
            "lifetime_spend_cap_micro": 900_000_000,
            "start_time": "2026-10-01T06:30:00.000Z",
            "end_time": "2026-10-16T07:00:00.000Z",
        },
        {"id": "2", "status": "PAUSED", "deleted": True, "lifetime_spend_cap_micro": 900_000_000},
        {"id": "3", "objective": "BRAND_AWARENESS", "status": "ODD", "daily_budget_micro": 0},
    )

    assert list(snapchat.campaigns(october)) == [
        Campaign(
            campaign_id="1",
            name="Reach",
            status="ACTIVE",
            objective="SALES",
            first_day=date(2026, 9, 30),
            last_day=date(2026, 10, 15),
            budget_micros=50_500_000,
            budget_period="daily",
        ),
        Campaign(campaign_id="2", status="DELETED", budget_micros=900_000_000, budget_period="total"),
        Campaign(campaign_id="3", status="ODD", objective="BRAND_AWARENESS"),
    ]
    assert api.asked_of("/campaigns") == [{"limit": "1000", "read_deleted_entities": "true"}]


def test_ad_squads_and_ads_name_what_they_belong_to(api: Api, snapchat: SnapchatAds, october: Unit) -> None:
    api.of_account("adsquads", squad(lifetime_budget_micro=70_000_000))
    api.of_account("adsquads", squad())
    api.of_account(
        "ads",
        {"id": "1", "ad_squad_id": SQUAD, "name": "Clip", "status": "ACTIVE"},
        {"id": "2", "ad_squad_id": "gone", "status": "ACTIVE", "deleted": True},
    )

    assert list(snapchat.ad_groups(october)) == [
        AdGroup(
            ad_group_id=SQUAD,
            campaign_id=CAMPAIGN,
            name="Shoes",
            status="ACTIVE",
            budget_micros=70_000_000,
            budget_period="total",
        )
    ]
    assert list(snapchat.ads(october)) == [
        Ad(ad_id="1", ad_group_id=SQUAD, campaign_id=CAMPAIGN, name="Clip", status="ACTIVE"),
        Ad(ad_id="2", ad_group_id="gone", campaign_id="", status="DELETED"),
    ]


def test_keys_in_camel_case_are_the_same_keys(api: Api, snapchat: SnapchatAds, october: Unit) -> None:
    api.of_account(
        "campaigns",
        {"id": "1", "dailyBudgetMicro": 1_000_000, "objectiveV2Properties": {"objectiveV2Type": "SALES"}},
    )

    assert list(snapchat.campaigns(october)) == [
        Campaign(campaign_id="1", objective="SALES", budget_micros=1_000_000, budget_period="daily")
    ]


def terms(**changes: object) -> Terms:
    common: dict[str, object] = {
        "level": "ad_group",
        "entity_id": SQUAD,
        "campaign_id": CAMPAIGN,
        "model": "cpm",
        "billable_event": "impressions",
    }
    return Terms(**(common | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "rate", "kind"),
    [
        ({"bid_strategy": "AUTO_BID"}, None, "auto"),
        ({"bid_strategy": "AUTO_BID", "bid_micro": 4_500_000}, None, "auto"),
        ({"bid_strategy": "LOWEST_COST_WITH_MAX_BID", "bid_micro": 4_500_000}, 4_500_000, "cap"),
        ({"bid_strategy": "TARGET_COST", "bid_micro": 4_500_000}, 4_500_000, "target"),
        ({"bid_strategy": "MIN_ROAS", "bid_micro": 1, "roas_value_micro": 2_000_000}, None, "target"),
        ({"bid_strategy": "NEW", "bid_micro": 4_500_000}, None, "auto"),
        ({"bid_strategy": None, "auto_bid": True, "bid_micro": 0}, None, "auto"),
        ({"bid_strategy": None, "auto_bid": False, "bid_micro": 4_500_000}, 4_500_000, "cap"),
        ({"bid_strategy": None, "target_bid": True, "bid_micro": 4_500_000}, 4_500_000, "target"),
    ],
)
def test_a_bid_for_impressions_is_a_price_of_a_thousand(
    api: Api,
    snapchat: SnapchatAds,
    october: Unit,
    settings: dict[str, object],
    rate: int | None,
    kind: str,
) -> None:
    api.of_account("campaigns", {"id": CAMPAIGN, "buy_model": "AUCTION"})
    api.of_account("adsquads", squad(optimization_goal="IMPRESSIONS", **settings))

    [found] = snapchat.terms(october)

    assert structs.replace(found, native="") == terms(rate_micros=rate, kind=kind)


@pytest.mark.parametrize(
    ("strategy", "kind"),
    [("LOWEST_COST_WITH_MAX_BID", "target"), ("TARGET_COST", "target"), ("AUTO_BID", "auto")],
)
@pytest.mark.parametrize("goal", ["SWIPES", "VIDEO_VIEWS", "PIXEL_PURCHASE", "NEW"])
def test_a_bid_for_anything_else_is_no_price_and_impressions_are_paid_all_the_same(
    api: Api, snapchat: SnapchatAds, october: Unit, goal: str, strategy: str, kind: str
) -> None:
    api.of_account("campaigns")
    api.of_account("adsquads", squad(optimization_goal=goal, bid_strategy=strategy, bid_micro=500_000))

    words = f"bid_strategy={strategy}, bid_micro=500000, optimization_goal={goal}"
    assert list(snapchat.terms(october)) == [terms(kind=kind, native=f"billing_event=IMPRESSION, {words}")]


def test_a_shared_budget_keeps_strategy_and_goal_on_the_campaign(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    shared = {
        "shared_optimization_goal": "IMPRESSIONS",
        "shared_ad_squad_bid_strategy": "LOWEST_COST_WITH_MAX_BID",
    }
    api.of_account("campaigns", {"id": CAMPAIGN, "pacing_level": "CAMPAIGN", "shared_properties": shared})
    api.of_account("adsquads", squad(optimization_goal=None, bid_strategy=None, bid_micro=3_200_000))

    assert list(snapchat.terms(october)) == [
        terms(
            rate_micros=3_200_000,
            kind="cap",
            native=(
                "billing_event=IMPRESSION, bid_micro=3200000, pacing_level=CAMPAIGN, "
                "shared_optimization_goal=IMPRESSIONS, shared_ad_squad_bid_strategy=LOWEST_COST_WITH_MAX_BID"
            ),
        )
    ]


@pytest.mark.parametrize(
    ("goal", "rate", "kind"), [("IMPRESSIONS", 6_000_000, "cap"), ("SWIPES", None, "target")]
)
def test_a_campaign_may_cap_automatic_bids(
    api: Api, snapchat: SnapchatAds, october: Unit, goal: str, rate: int | None, kind: str
) -> None:
    api.of_account("campaigns", {"id": CAMPAIGN, "auto_bid_max_bid_micro": 6_000_000})
    api.of_account("adsquads", squad(optimization_goal=goal))

    [found] = snapchat.terms(october)

    assert (found.rate_micros, found.kind) == (rate, kind)


@pytest.mark.parametrize(
    ("booking", "rate"),
    [
        ({"reach_and_frequency_micro": 5_000_000_000, "impression_goal": 1_500_000}, 3_333_333),
        ({"reach_and_frequency_micro": 5_000_000_000}, None),
        ({}, None),
    ],
)
def test_what_is_booked_has_the_price_that_follows_from_the_booking(
    api: Api, snapchat: SnapchatAds, october: Unit, booking: dict[str, int], rate: int | None
) -> None:
    api.of_account("campaigns", {"id": CAMPAIGN, "buy_model": "RESERVED"})
    api.of_account("adsquads", squad(bid_strategy="LOWEST_COST_WITH_MAX_BID", bid_micro=9, **booking))

    [found] = snapchat.terms(october)

    assert (found.model, found.rate_micros, found.kind) == ("cpm", rate, "fixed")
    assert "buy_model=RESERVED" in found.native


def test_an_unknown_billing_event_is_quoted_and_not_judged(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.of_account("campaigns")
    api.of_account(
        "adsquads",
        squad(
            billing_event="SWIPE",
            optimization_goal="IMPRESSIONS",
            bid_strategy="TARGET_COST",
            bid_micro=7,
            start_time="2026-10-01T07:00:00.000Z",
        ),
    )

    [found] = snapchat.terms(october)

    assert (found.model, found.billable_event, found.rate_micros) == (None, "", None)
    assert found.first_day == date(2026, 10, 1)
    assert found.native.startswith("billing_event=SWIPE, ")


def funding(number: str = "f1", /, **changes: object) -> Json:
    source = {
        "id": number,
        "type": "LINE_OF_CREDIT",
        "status": "ACTIVE",
        "currency": "USD",
        "total_budget_micro": 50_000_000_000,
        "budget_spent_micro": 12_345_670_000,
        "available_credit_micro": 37_000_000_000,
        "start_date": "2026-01-01T08:00:00.000Z",
        "end_date": "2027-01-01T08:00:00.000Z",
    }
    return source | changes


def arrange_funding(api: Api, *sources: Json) -> None:
    used = ad_account(funding_source_ids=["f1", "f2"])
    api.listed(f"organizations/{ORGANIZATION_ID}/adaccounts", ad_account("other"), used)
    api.listed(f"organizations/{ORGANIZATION_ID}/fundingsources", *sources)


def test_funding_sources_of_the_account_are_its_orders(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    coupon: Json = {"id": "f2", "type": "COUPON", "currency": "EUR", "value_micro": 75_000_000}
    arrange_funding(api, funding(), coupon, funding("f3"))

    assert list(snapchat.orders(october)) == [
        Order(
            order_id=f"f1/{ACCOUNT_ID}",
            paid_type="LINE_OF_CREDIT",
            first_day=date(2026, 1, 1),
            last_day=date(2026, 12, 31),
            cap_micros=50_000_000_000,
            currency="USD",
        ),
        Order(order_id=f"f2/{ACCOUNT_ID}", paid_type="COUPON", cap_micros=75_000_000, currency="EUR"),
    ]
    assert api.asked_of("/fundingsources") == [{}]


def test_what_a_funding_source_still_allows_is_a_balance_of_the_morning(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    arrange_funding(api, funding(), funding("f2", total_budget_micro=None, available_credit_micro=0))
    at = datetime(2026, 12, 15, 8, tzinfo=UTC)

    assert list(snapchat.balances(october)) == [
        Balance(at=at, kind="available_credit f1", amount_micros=37_000_000_000, currency="USD"),
        Balance(at=at, kind="rest_of_budget f1", amount_micros=37_654_330_000, currency="USD"),
        Balance(at=at, kind="available_credit f2", amount_micros=0, currency="USD"),
    ]


def test_an_account_that_does_not_tell_its_funding_sources_has_none_to_offer(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.listed(f"organizations/{ORGANIZATION_ID}/adaccounts", ad_account(funding_source_ids=None))

    with pytest.raises(NotOffered, match="does not tell"):
        list(snapchat.balances(october))
