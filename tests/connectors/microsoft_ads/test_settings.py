"""Accounts, campaigns, ad groups, ads, insertion orders and terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec
import pytest

from adtally import Account, AdGroup, Balance, ContractError, Order, Unit
from adtally.calendar import zone
from adtally_connectors.microsoft_ads import MicrosoftAds, queries, wire
from adtally_connectors.microsoft_ads.charging import ad_group_terms, campaign_terms
from adtally_connectors.microsoft_ads.entities import to_account, to_campaign
from adtally_connectors.microsoft_ads.zones import SPELLED_IN_REPORTS, to_iana, to_report_zone

from .builders import account, ad_group, campaign, csv_text, order
from .conftest import connector

if TYPE_CHECKING:
    from .builders import Json
    from .conftest import Api


def test_every_account_of_the_user_is_listed_once_over_full_pages(
    api: Api, microsoft: MicrosoftAds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    api.me()
    api.accounts(account("180001"), account("180002", TimeZone="PacificTimeUSCanadaTijuana"))
    api.accounts(account("180002"), account("180003", AccountLifeCycleStatus="Inactive"))
    api.accounts()

    found = list(microsoft.accounts())

    assert [(one.id, one.timezone, one.status) for one in found] == [
        ("180001", "America/New_York", "Active"),
        ("180002", "America/Los_Angeles", "Active"),
        ("180003", "America/New_York", "Inactive"),
    ]
    asked = api.asked_of("/Accounts/Search")
    assert [one["PageInfo"] for one in asked] == [{"Index": number, "Size": 2} for number in range(3)]
    assert asked[0]["Predicates"] == [{"Field": "UserId", "Operator": "Equals", "Value": "77"}]
    assert "CustomerId" not in api.heads_of("/Accounts/Search")[0]


def test_with_customer_id_the_accounts_of_that_customer_are_listed(api: Api) -> None:
    api.signed_in()
    api.accounts(account())

    [found] = connector(customer_id="5").accounts()

    assert found == Account(
        id="180001",
        name="Shop US",
        currency="USD",
        timezone="America/New_York",
        status="Active",
        manager_id="5",
    )
    [asked] = api.asked_of("/Accounts/Search")
    assert asked["Predicates"] == [{"Field": "CustomerId", "Operator": "Equals", "Value": "5"}]


def test_pages_that_repeat_themselves_are_refused(
    api: Api, microsoft: MicrosoftAds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 1)
    api.me()
    api.accounts(account())

    with pytest.raises(ContractError, match="pages never end"):
        list(microsoft.accounts())


@pytest.mark.parametrize(
    ("told", "payment"),
    [("Invoice", "invoice"), ("CreditCard", "threshold"), ("Boleto", "unknown"), (None, "unknown")],
)
def test_how_an_account_pays_is_known_where_it_is_told(told: str | None, payment: str) -> None:
    row = msgspec.convert(account(PaymentMethodType=told), wire.Account)

    assert to_account(row).payment == payment


def test_every_zone_has_one_place_and_a_spelling_of_its_own_in_reports() -> None:
    table = files("adtally_connectors.microsoft_ads").joinpath("zones.csv").read_text(encoding="ascii")
    known = [line.partition(",")[0] for line in table.splitlines()[1:]]
    places = [to_iana(name) for name in known]

    assert len(known) == len({*places}) == 74
    assert all(zone(place).key == place for place in places)
    assert {name: to_report_zone(place) for name, place in zip(known, places, strict=True)} == {
        name: SPELLED_IN_REPORTS.get(name, name) for name in known
    }


@pytest.mark.parametrize(
    ("told", "place", "in_reports"),
    [
        ("AthensBuckarestIstanbul", "Europe/Athens", "AthensIslandanbulMinsk"),
        ("IslamabadKarachiTashkent", "Asia/Karachi", "IslandamabadKarachiTashkent"),
        ("IslandamabadKarachiTashkent", "Asia/Karachi", "IslandamabadKarachiTashkent"),
        ("MidwayIslandAndSamoa", "Pacific/Pago_Pago", "MidwayIslandandSamoa"),
        ("SolomonIslandNewCaledonia", "Pacific/Guadalcanal", "MagadanSolomonIslandNewCaledonia"),
        ("InternationalDatelineWest", "Etc/GMT+12", "InternationalDateLineWest"),
    ],
)
def test_zones_are_known_in_both_spellings(told: str, place: str, in_reports: str) -> None:
    assert (to_iana(told), to_report_zone(place)) == (place, in_reports)


@pytest.mark.parametrize("told", ["AlmatyNovosibirsk", "LunarNearSide"])
def test_an_unknown_zone_is_an_error_of_its_account_and_no_guess(
    api: Api, microsoft: MicrosoftAds, told: str
) -> None:
    api.me()
    api.accounts(account(TimeZone=told), account("180002"))

    unknown, known = microsoft.accounts()

    with pytest.raises(ContractError, match=f"unknown time zone '{told}'"):
        zone(unknown.timezone)
    with pytest.raises(ContractError, match=f"no name for the time zone {told}"):
        to_report_zone(unknown.timezone)
    assert known.timezone == "America/New_York"


def to_wire(row: Json) -> wire.Campaign:
    return msgspec.json.decode(msgspec.json.encode(row), type=wire.Campaign)


def to_wire_group(row: Json) -> wire.AdGroup:
    return msgspec.json.decode(msgspec.json.encode(row), type=wire.AdGroup)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"budget_micros": 50_500_000, "budget_period": "daily", "budget_id": ""}),
        ({"BudgetId": "900"}, {"budget_micros": 50_500_000, "budget_period": "daily", "budget_id": "900"}),
        ({"BudgetId": "0"}, {"budget_id": ""}),
        ({"BudgetType": "LifetimeBudgetStandard"}, {"budget_period": "total"}),
        ({"DailyBudget": None}, {"budget_micros": None, "budget_period": ""}),
        ({"EndDate": {"Day": 31, "Month": 12, "Year": 2026}}, {"last_day": date(2026, 12, 31)}),
        ({"Status": "SomethingNew"}, {"status": "SomethingNew"}),
    ],
)
def test_campaigns_have_their_budget_and_flight(changes: Json, expected: Json) -> None:
    record = to_campaign(to_wire(campaign(**changes)))

    told = {"name": "Brand, US", "channel": "Search", "first_day": date(2026, 8, 20), **expected}
    assert {name: getattr(record, name) for name in told} == told


def test_every_kind_of_campaign_is_asked_for_and_performance_max_has_no_ad_groups(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.campaigns(campaign(), campaign("42", CampaignType="PerformanceMax"))
    api.ad_groups(ad_group())
    api.finished(
        csv_text(
            ["180001", "40", "50", "Boots", "Deleted", "7"],
            ["180001", "41", "51", "Shoes", "Active", "9"],
            level=queries.EVER_AD_GROUPS,
        )
    )

    records = list(microsoft.ad_groups(october))

    assert records == [
        AdGroup(ad_group_id="51", campaign_id="41", name="Shoes", status="Active"),
        AdGroup(ad_group_id="50", campaign_id="40", name="Boots", status="Deleted"),
    ]
    [asked] = api.asked_of("/QueryByAccountId")
    assert set(str(asked["CampaignType"]).split(", ")) >= {"Search", "Audience", "PerformanceMax", "App"}
    assert [one["CampaignId"] for one in api.asked_of("/QueryByCampaignId")] == ["41"]


def test_ads_are_named_by_what_their_type_has(api: Api, microsoft: MicrosoftAds, october: Unit) -> None:
    api.campaigns()
    api.ad_groups(ad_group())
    api.ads(
        {"Id": "61", "Type": "Text", "Status": "Active", "Title": "Buy shoes"},
        {"Id": "62", "Type": "ResponsiveAd", "Status": "Paused", "BusinessName": "Shop"},
        {"Id": "63", "Type": "ResponsiveSearch", "Status": "Inactive"},
    )
    api.finished(csv_text(["180001", "41", "51", "60", "Old ad", "Deleted", "7"], level=queries.EVER_ADS))

    records = list(microsoft.ads(october))

    assert [(one.ad_id, one.ad_group_id, one.campaign_id, one.name, one.status) for one in records] == [
        ("61", "51", "41", "Buy shoes", "Active"),
        ("62", "51", "41", "Shop", "Paused"),
        ("63", "51", "41", "", "Inactive"),
        ("60", "51", "41", "Old ad", "Deleted"),
    ]


@pytest.mark.parametrize(
    ("scheme", "model", "event", "rate", "kind"),
    [
        ({"Type": "EnhancedCpc"}, "cpc", "clicks", None, "target"),
        ({"Type": "EnhancedCpcBiddingScheme"}, "cpc", "clicks", None, "target"),
        ({"Type": "ManualCpc", "ManualCpc": 0.35}, "cpc", "clicks", 350_000, "cap"),
        ({"Type": "MaxClicks", "MaxCpc": {"Amount": 1.25}}, "cpc", "clicks", 1_250_000, "cap"),
        ({"Type": "MaxClicksBiddingScheme", "MaxCpc": None}, "cpc", "clicks", None, "auto"),
        ({"Type": "MaxConversions", "TargetCpa": 25.0}, "cpc", "clicks", None, "target"),
        (
            {"Type": "TargetRoas", "TargetRoas": 4.0, "MaxCpc": {"Amount": 2}},
            "cpc",
            "clicks",
            2_000_000,
            "cap",
        ),
        ({"Type": "TargetImpressionShare"}, "cpc", "clicks", None, "target"),
        ({"Type": "ManualCpm"}, "cpm", "impressions", None, "auto"),
        ({"Type": "ManualCpv"}, "cpv", "video_views", None, "auto"),
        ({"Type": "PercentCpc", "MaxPercentCpc": 10.0}, "cpc", "clicks", None, "auto"),
        ({"Type": "Commission", "CommissionRate": 8.0}, "cps", "", None, "auto"),
        ({"Type": "CostPerSale", "TargetCostPerSale": 3.5}, "cps", "", None, "auto"),
        ({"Type": "ManualCpa", "ManualCpi": 2.0}, None, "", None, "auto"),
        (
            {"Type": "InheritFromParent", "InheritedBidStrategyType": "MaxClicks"},
            "cpc",
            "clicks",
            None,
            "auto",
        ),
        ({"Type": "SomethingNew"}, None, "", None, "auto"),
        (None, None, "", None, "auto"),
    ],
)
def test_terms_follow_the_bidding_scheme_by_its_short_or_long_name(
    scheme: Json | None, model: str | None, event: str, rate: int | None, kind: str
) -> None:
    terms = campaign_terms(to_wire(campaign(BiddingScheme=scheme)))

    assert (terms.model, terms.billable_event, terms.rate_micros, terms.kind) == (model, event, rate, kind)
    assert terms.native.startswith(
        f"bidding_scheme={scheme['Type']}" if scheme else "bidding_scheme not told"
    )


def test_a_programmatic_deal_has_a_fixed_price_that_is_not_told() -> None:
    deal = campaign(IsDealCampaign=True, BiddingScheme={"Type": "MaxClicks", "MaxCpc": {"Amount": 1}})

    terms = campaign_terms(to_wire(deal))

    assert (terms.model, terms.rate_micros, terms.kind) == ("cpm", None, "fixed")


@pytest.mark.parametrize(
    ("scheme", "bids", "rate", "kind"),
    [
        ("ManualCpm", {"CpmBid": {"Amount": 3.8}}, 3_800_000, "cap"),
        ("ManualCpv", {"CpvBid": {"Amount": 0.03}}, 30_000, "cap"),
        ("ManualCpcBiddingScheme", {}, 450_000, "cap"),
        ("EnhancedCpc", {}, None, "target"),
        ("PercentCpc", {"PercentCpcBid": {"RateAmount": {"Amount": 5.0}}}, None, "auto"),
    ],
)
def test_a_bid_of_an_ad_group_bounds_what_it_pays_for(
    scheme: str, bids: Json, rate: int | None, kind: str
) -> None:
    group = to_wire_group(ad_group(**bids))

    terms = ad_group_terms(group, to_wire(campaign(BiddingScheme={"Type": scheme})))

    assert terms is not None
    assert (terms.entity_id, terms.campaign_id, terms.rate_micros, terms.kind) == ("51", "41", rate, kind)
    assert terms.first_day == date(2026, 8, 20)
    assert "cpc_bid=0.45" in terms.native


def test_an_ad_group_without_bids_has_no_terms_of_its_own(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.campaigns()
    api.ad_groups(ad_group(CpcBid=None), ad_group("52", CpcBid={"Amount": 0}))

    assert [(one.level, one.entity_id) for one in microsoft.terms(october)] == [("campaign", "41")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"cap_micros": 9_000_000_000, "last_day": date(2026, 12, 31)}),
        ({"IsUnlimited": True}, {"cap_micros": None}),
        ({"SpendCapAmount": None}, {"cap_micros": None}),
        ({"IsEndless": True, "EndDate": "2050-01-01T00:00:00"}, {"last_day": None}),
    ],
)
def test_insertion_orders_are_orders(
    api: Api, microsoft: MicrosoftAds, october: Unit, changes: Json, expected: dict[str, object]
) -> None:
    api.orders(order(**changes), order("701", Status="Declined"), order("702", Status="PendingUserReview"))

    [record] = microsoft.orders(october)

    usual = Order(
        order_id="700",
        purchase_order="PO-77",
        first_day=date(2026, 9, 1),
        last_day=date(2026, 12, 31),
        cap_micros=9_000_000_000,
        currency="USD",
    )
    assert {name: getattr(record, name) for name in record.__struct_fields__} == {
        name: getattr(usual, name) for name in usual.__struct_fields__
    } | expected
    [asked] = api.asked_of("/InsertionOrders/Search")
    assert asked["Predicates"] == [{"Field": "AccountId", "Operator": "Equals", "Value": "180001"}]
    assert asked["ReturnAdditionalFields"] == "UnlimitedAndEndlessFlags"


def test_what_is_left_of_an_insertion_order_is_a_balance(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.orders(order(), order("701", IsUnlimited=True), order("702", BudgetRemaining=None))

    assert list(microsoft.balances(replace(october, today=date(2026, 10, 31)))) == [
        Balance(
            at=datetime(2026, 10, 31, 4, tzinfo=UTC),
            kind="rest_of_budget 700",
            amount_micros=1_250_250_000,
            currency="USD",
        )
    ]
