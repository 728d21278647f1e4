"""Accounts, campaigns, ad sets, ads, balances, terms and changes as they stand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from adtally import Account, Ad, AdGroup, Balance, Campaign, Change, Terms, Unit, Window
from adtally_connectors.meta_ads import MetaAds

if TYPE_CHECKING:
    from tests.connectors.meta_ads.conftest import Api

ACT = "act_900100200"
CAMPAIGNS, AD_SETS, ADS = f"{ACT}/campaigns", f"{ACT}/adsets", f"{ACT}/ads"


def account(**changes: object) -> dict[str, object]:
    return {
        "id": "act_900100200",
        "account_id": "900100200",
        "name": "Shop DE",
        "currency": "EUR",
        "timezone_name": "Europe/Berlin",
        "account_status": 1,
        **changes,
    }


def test_accounts_have_canonical_ids_and_say_how_they_pay(api: Api, meta: MetaAds) -> None:
    api.edge(
        "me/adaccounts",
        account(business={"id": "555000", "name": "Shop"}, extended_credit_invoice_group={"id": "9"}),
        account(account_id="900100201", account_status=101, is_prepay_account=True),
        following="after=MQ",
    )
    api.edge(
        "me/adaccounts",
        account(
            account_id="act_900100202", account_status=424, funding_source_details={"id": "1", "type": 1}
        ),
        account(account_id="900100203", name="", currency="TWD", timezone_name="Asia/Taipei"),
    )

    assert list(meta.accounts()) == [
        Account(
            id="900100200",
            name="Shop DE",
            currency="EUR",
            timezone="Europe/Berlin",
            status="ACTIVE",
            manager_id="555000",
            payment="invoice",
        ),
        Account(
            id="900100201",
            name="Shop DE",
            currency="EUR",
            timezone="Europe/Berlin",
            status="CLOSED",
            payment="prepaid",
        ),
        Account(
            id="900100202",
            name="Shop DE",
            currency="EUR",
            timezone="Europe/Berlin",
            status="424",
            payment="threshold",
        ),
        Account(id="900100203", currency="TWD", timezone="Asia/Taipei", status="ACTIVE"),
    ]


@pytest.mark.parametrize(("code", "status"), [(200, 403), (100, 400)])
def test_accounts_are_listed_also_where_meta_does_not_tell_how_they_pay(
    api: Api, meta: MetaAds, code: int, status: int
) -> None:
    api.refuse("me/adaccounts", code, status=status)
    api.edge("me/adaccounts", account())

    assert [(found.id, found.payment) for found in meta.accounts()] == [("900100200", "unknown")]
    assert api.asked[1]["fields"] == "account_id,name,currency,timezone_name,account_status,business"


def campaign(number: str = "1201", **changes: object) -> dict[str, object]:
    return {
        "id": number,
        "name": "Autumn sale",
        "effective_status": "ACTIVE",
        "objective": "OUTCOME_SALES",
        "start_time": "2026-10-01T00:00:00+0200",
        **changes,
    }


def test_a_campaign_has_its_flight_and_its_budget(api: Api, meta: MetaAds, october: Unit) -> None:
    api.edge(
        CAMPAIGNS,
        campaign(daily_budget="5000", lifetime_budget="0", stop_time="2026-11-01T00:00:00+0100"),
        campaign("1202", effective_status="ARCHIVED", daily_budget="0", lifetime_budget="90050"),
        campaign("1203", effective_status="PAUSED", start_time="2026-09-30T22:00:00+0000"),
    )
    api.insights()
    common = {"name": "Autumn sale", "objective": "OUTCOME_SALES", "first_day": date(2026, 10, 1)}

    assert list(meta.campaigns(october)) == [
        Campaign(
            campaign_id="1201",
            status="ACTIVE",
            last_day=date(2026, 10, 31),
            budget_micros=50_000_000,
            budget_period="daily",
            **common,  # type: ignore[arg-type]
        ),
        Campaign(
            campaign_id="1202",
            status="ARCHIVED",
            budget_micros=900_500_000,
            budget_period="total",
            **common,  # type: ignore[arg-type]
        ),
        Campaign(campaign_id="1203", status="PAUSED", **common),  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize(
    ("currency", "micros"),
    [
        ("EUR", 50_000_000),
        ("JPY", 5_000_000_000),
        ("TWD", 5_000_000_000),
        ("HUF", 5_000_000_000),
        ("BHD", 50_000_000),
        ("JOD", 50_000_000),
    ],
)
def test_budgets_and_bids_count_in_metas_own_units_of_the_currency(
    api: Api, meta: MetaAds, october: Unit, currency: str, micros: int
) -> None:
    there = Unit(Account(id="7", currency=currency, timezone="Asia/Tokyo"), october.window, october.today)
    api.edge("act_7/campaigns", campaign(daily_budget="5000"))
    api.insights(account="7")
    api.edge("act_7/adsets", priced(lifetime_budget="5000"))
    api.insights(account="7")
    api.edge("act_7/campaigns")
    api.edge("act_7/adsets", capped("LINK_CLICKS", "LINK_CLICKS", "5000"))
    api.mock.get("https://graph.facebook.com/v26.0/act_7", json={"balance": "5000", "spend_cap": "0"})

    assert [record.budget_micros for record in meta.campaigns(there)] == [micros]
    assert [record.budget_micros for record in meta.ad_groups(there)] == [micros]
    assert [record.rate_micros for record in meta.terms(there)] == [micros]
    assert [record.amount_micros for record in meta.balances(there)] == [micros]


def test_what_was_deleted_and_spent_is_named_from_insights(api: Api, meta: MetaAds, october: Unit) -> None:
    ids = {"campaign_id": "1201", "adset_id": "1301", "ad_id": "1401"}
    gone = {"campaign_id": "1209", "campaign_name": "Old", "adset_id": "1309", "adset_name": "Old set"}
    gone |= {"ad_id": "1409", "ad_name": "Old ad"}
    api.edge(CAMPAIGNS, {"id": "1201"})
    api.insights(ids, gone, gone)
    api.edge(AD_SETS, {"id": "1301", "campaign_id": "1201"})
    api.insights(ids, gone)
    api.edge(
        ADS, {"id": "1401", "adset_id": "1301", "campaign_id": "1201", "effective_status": "DISAPPROVED"}
    )
    api.insights(ids, gone)

    assert list(meta.campaigns(october)) == [
        Campaign(campaign_id="1201"),
        Campaign(campaign_id="1209", name="Old", status="DELETED"),
    ]
    assert list(meta.ad_groups(october)) == [
        AdGroup(ad_group_id="1301", campaign_id="1201"),
        AdGroup(ad_group_id="1309", campaign_id="1209", name="Old set", status="DELETED"),
    ]
    assert list(meta.ads(october)) == [
        Ad(ad_id="1401", ad_group_id="1301", campaign_id="1201", status="DISAPPROVED"),
        Ad(ad_id="1409", ad_group_id="1309", campaign_id="1209", name="Old ad", status="DELETED"),
    ]
    assert json.loads(api.asked[1]["time_range"]) == {"since": "2023-11-18", "until": "2026-12-15"}


def test_every_state_is_asked_for_by_name(api: Api, meta: MetaAds, october: Unit) -> None:
    for edge in (CAMPAIGNS, AD_SETS, ADS):
        api.edge(edge)
        api.insights()

    for report in (meta.campaigns, meta.ad_groups, meta.ads):
        assert list(report(october)) == []

    states = [json.loads(asked["effective_status"]) for asked in api.asked[::2]]
    assert states[0] == ["ACTIVE", "PAUSED", "DELETED", "ARCHIVED", "IN_PROCESS", "WITH_ISSUES"]
    assert states[1] == [*states[0], "CAMPAIGN_PAUSED"]
    assert states[2] == [
        *(*states[1], "ADSET_PAUSED", "DISAPPROVED"),
        *("PENDING_REVIEW", "PENDING_BILLING_INFO", "PREAPPROVED"),
    ]


def test_balances_stand_at_the_beginning_of_the_accounts_day(api: Api, meta: MetaAds, october: Unit) -> None:
    node = {"id": ACT, "balance": "1234", "amount_spent": "560000", "spend_cap": "1000000"}
    api.mock.get(f"https://graph.facebook.com/v26.0/{ACT}", json=node)
    at = datetime(2026, 12, 14, 23, tzinfo=UTC)

    assert list(meta.balances(october)) == [
        Balance(at=at, kind="amount_due", amount_micros=12_340_000),
        Balance(at=at, kind="lifetime_spent", amount_micros=5_600_000_000),
        Balance(at=at, kind="spend_cap", amount_micros=10_000_000_000),
    ]


def test_no_cap_is_no_balance(api: Api, meta: MetaAds, october: Unit) -> None:
    api.mock.get(
        f"https://graph.facebook.com/v26.0/{ACT}",
        json={"balance": "0", "amount_spent": "0", "spend_cap": "0"},
    )

    assert [(found.kind, found.amount_micros) for found in meta.balances(october)] == [
        ("amount_due", 0),
        ("lifetime_spent", 0),
    ]


def priced(event: str = "IMPRESSIONS", **changes: object) -> dict[str, object]:
    return {
        "id": "1301",
        "campaign_id": "1201",
        "billing_event": event,
        "optimization_goal": "OFFSITE_CONVERSIONS",
        "start_time": "2026-10-01T00:00:00+0200",
        **changes,
    }


def capped(event: str, goal: str, bid: str = "1500") -> dict[str, object]:
    strategy = "LOWEST_COST_WITH_BID_CAP"
    return priced(event, optimization_goal=goal, bid_strategy=strategy, bid_amount=bid)


def terms(api: Api, meta: MetaAds, unit: Unit, ad_set: object, **of_campaign: object) -> Terms:
    api.edge(CAMPAIGNS, {"id": "1201", **of_campaign})
    api.edge(AD_SETS, ad_set)  # type: ignore[arg-type]
    [found] = meta.terms(unit)
    return found


@pytest.mark.parametrize(
    ("event", "charged"),
    [
        ("IMPRESSIONS", ("cpm", "impressions")),
        ("CLICKS", ("cpc", "clicks")),
        ("LINK_CLICKS", ("cpc", "clicks")),
        ("THRUPLAY", ("cpv", "video_views")),
        ("APP_INSTALLS", ("cpi", "installs")),
        ("POST_ENGAGEMENT", ("cpe", "engagements")),
        ("PURCHASE", ("cps", "purchases")),
        ("PAGE_LIKES", ("cpr", "page_likes")),
        ("OFFER_CLAIMS", ("cpr", "offer_claims")),
        ("LISTING_INTERACTION", ("cpr", "listing_interactions")),
        ("NONE", (None, "")),
        ("SOMETHING_NEW", (None, "")),
    ],
)
def test_the_billing_event_tells_the_model(
    api: Api, meta: MetaAds, october: Unit, event: str, charged: tuple[str | None, str]
) -> None:
    found = terms(api, meta, october, priced(event))

    assert (found.model, found.billable_event) == charged
    assert (found.kind, found.rate_micros) == ("auto", None)


def test_a_bid_is_worth_a_result_and_says_nothing_about_the_price_of_impressions(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    found = terms(api, meta, october, priced(bid_strategy="COST_CAP", bid_amount=1500), buying_type="AUCTION")

    assert found == Terms(
        level="ad_group",
        entity_id="1301",
        campaign_id="1201",
        first_day=date(2026, 10, 1),
        model="cpm",
        billable_event="impressions",
        kind="target",
        native="buying_type=AUCTION, billing_event=IMPRESSIONS, optimization_goal=OFFSITE_CONVERSIONS, "
        "bid_strategy=COST_CAP, bid_amount=1500",
    )


@pytest.mark.parametrize(
    ("event", "goal", "bound"),
    [
        ("IMPRESSIONS", "OFFSITE_CONVERSIONS", ("target", None)),
        ("IMPRESSIONS", "LINK_CLICKS", ("target", None)),
        ("IMPRESSIONS", "IMPRESSIONS", ("cap", 15_000_000)),
        ("LINK_CLICKS", "LINK_CLICKS", ("cap", 15_000_000)),
        ("THRUPLAY", "THRUPLAY", ("cap", 15_000_000)),
    ],
)
def test_a_bid_cap_bounds_the_price_only_where_its_result_is_what_is_charged(
    api: Api, meta: MetaAds, october: Unit, event: str, goal: str, bound: tuple[str, int | None]
) -> None:
    found = terms(api, meta, october, capped(event, goal))

    assert (found.kind, found.rate_micros) == bound


@pytest.mark.parametrize(
    ("of_ad_set", "of_campaign", "kind", "words"),
    [
        ({}, {"bid_strategy": "LOWEST_COST_WITHOUT_CAP"}, "auto", "bid_strategy=LOWEST_COST_WITHOUT_CAP"),
        ({"bid_amount": "900"}, {"bid_strategy": "COST_CAP"}, "target", "bid_strategy=COST_CAP"),
        (
            {},
            {
                "bid_strategy": "LOWEST_COST_WITH_MIN_ROAS",
                "bid_constraints": {"roas_average_floor": 20000},
            },
            "target",
            "roas_average_floor=20000",
        ),
        ({"bid_strategy": "COST_CAP"}, {"bid_strategy": "LOWEST_COST_WITHOUT_CAP"}, "target", "COST_CAP"),
    ],
)
def test_what_an_ad_set_leaves_open_is_its_campaigns(
    api: Api,
    meta: MetaAds,
    october: Unit,
    of_ad_set: dict[str, object],
    of_campaign: dict[str, object],
    kind: str,
    words: str,
) -> None:
    found = terms(api, meta, october, priced() | of_ad_set, **of_campaign)

    assert found.kind == kind
    assert words in found.native


@pytest.mark.parametrize("buying_type", ["RESERVED", "FIXED_CPM"])
def test_what_is_booked_ahead_has_a_fixed_price_per_thousand_that_is_not_told(
    api: Api, meta: MetaAds, october: Unit, buying_type: str
) -> None:
    found = terms(api, meta, october, priced("NONE"), buying_type=buying_type)

    assert (found.model, found.billable_event, found.kind, found.rate_micros) == (
        *("cpm", "impressions", "fixed", None),
    )


def test_an_ad_set_whose_campaign_is_gone_still_has_terms(api: Api, meta: MetaAds, october: Unit) -> None:
    api.edge(CAMPAIGNS)
    api.edge(AD_SETS, priced(start_time="", created_time="2026-09-30T22:30:00+0000"))

    assert [(found.model, found.first_day) for found in meta.terms(october)] == [("cpm", date(2026, 10, 1))]


def event(kind: str, extra: object, number: str = "1301", **changes: object) -> dict[str, object]:
    return {
        "event_type": kind,
        "event_time": "2026-10-20T07:30:00+0000",
        "object_id": number,
        "object_type": "CAMPAIGN",
        "extra_data": extra if isinstance(extra, str) else json.dumps(extra),
        **changes,
    }


AT = datetime(2026, 10, 20, 7, 30, tzinfo=UTC)


def changes(api: Api, meta: MetaAds, unit: Unit, *events: object) -> list[Change]:
    api.edge(f"{ACT}/activities", *events)  # type: ignore[arg-type]
    day = date(2026, 10, 20)
    return list(meta.changes(unit.within(Window(day, day))))


def test_changes_are_told_by_the_ledgers_levels_and_columns(api: Api, meta: MetaAds, october: Unit) -> None:
    nested = {
        "old_value": {"type": "payment_amount", "currency": "EUR", "old_value": 9250},
        "new_value": {"type": "payment_amount", "currency": "EUR", "new_value": 5000},
        "type": "composite_data",
    }

    found = changes(
        api,
        meta,
        october,
        event("update_campaign_run_status", {"old_value": "Active", "new_value": "Inactive"}, "1201"),
        event("update_ad_set_budget", nested),
        event("update_campaign_budget", {"old_value": "5000", "new_value": "7500"}, "1201"),
        event("update_ad_run_status", {"new_value": "Active"}, "1401"),
        event("ad_account_reset_spend_limit", {"old_value": 100000, "new_value": 0}, "900100200"),
        event("update_ad_set_bid_strategy", {"old_value": "Lowest cost", "new_value": "Cost cap"}),
        event("ad_account_billing_charge", {"new_value": 14368}),
        event("update_audience", {"old_value": 1, "new_value": 2}),
    )

    assert found == [
        Change(level="campaign", entity_id="1201", at=AT, field="status", old="Active", new="Inactive"),
        Change(
            level="ad_group", entity_id="1301", at=AT, field="budget_micros", old="92500000", new="50000000"
        ),
        Change(
            level="campaign", entity_id="1201", at=AT, field="budget_micros", old="50000000", new="75000000"
        ),
        Change(level="ad", entity_id="1401", at=AT, field="status", old="", new="Active"),
        Change(
            level="account",
            entity_id="900100200",
            at=AT,
            field="lifetime_spent_micros",
            old="1000000000",
            new="0",
        ),
        Change(
            level="ad_group", entity_id="1301", at=AT, field="bid_strategy", old="Lowest cost", new="Cost cap"
        ),
    ]


@pytest.mark.parametrize(
    "steps",
    [
        [("Active", "Pending Process"), ("Pending Process", "Inactive")],
        [("Pending Process", "Inactive"), ("Active", "Pending Process")],
    ],
)
def test_several_events_of_one_second_are_one_change(
    api: Api, meta: MetaAds, october: Unit, steps: list[tuple[str, str]]
) -> None:
    found = changes(
        api,
        meta,
        october,
        *(event("update_ad_run_status", {"old_value": old, "new_value": new}, "1401") for old, new in steps),
    )

    assert [(change.old, change.new) for change in found] == [("Active", "Inactive")]


@pytest.mark.parametrize("extra", ["", "not json", "[1, 2]", '{"new_value": null}', "{}"])
def test_an_entry_that_says_nothing_readable_is_a_change_all_the_same(
    api: Api, meta: MetaAds, october: Unit, extra: str
) -> None:
    [found] = changes(api, meta, october, event("update_ad_set_budget", extra))

    assert (found.field, found.old, found.new) == ("budget_micros", "", "")


def test_the_log_is_asked_for_with_room_and_cut_to_the_accounts_days(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    found = changes(
        api,
        meta,
        october,
        event("update_ad_run_status", {"new_value": "A"}, "1", event_time="2026-10-19T21:59:59+0000"),
        event("update_ad_run_status", {"new_value": "A"}, "2", event_time="2026-10-19T22:00:00+0000"),
        event("update_ad_run_status", {"new_value": "A"}, "3", event_time="2026-10-20T22:00:00+0000"),
        event("update_ad_set_run_status", {"old_value": "Active", "new_value": "Active"}, "4"),
    )

    assert [change.entity_id for change in found] == ["2"]
    assert (api.asked[0]["since"], api.asked[0]["until"]) == ("2026-10-19", "2026-10-22")
