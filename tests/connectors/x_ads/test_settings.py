"""Accounts, campaigns, ad groups, ads, orders, balances and terms as they stand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from adtally import (
    Account,
    Ad,
    AdGroup,
    Balance,
    Campaign,
    ContractError,
    DeniedError,
    Model,
    Order,
    RateKind,
    Terms,
    TransientError,
    Unit,
)
from adtally_connectors.x_ads import XAds

from .builders import account, campaign, instrument, item, promoted

if TYPE_CHECKING:
    from .conftest import Api


def test_an_account_has_the_currency_of_its_oldest_funding_instrument(api: Api, x: XAds) -> None:
    api.listed("accounts", account(business_id="b1", deleted=True))
    api.listed(
        "funding_instruments",
        instrument("new", currency="EUR", created_at="2026-06-01T00:00:00Z"),
        instrument("old", currency="JPY", created_at="2020-06-01T00:00:00Z", able_to_fund=False),
    )

    assert list(x.accounts()) == [
        Account(
            id="18ce54d4x5t",
            name="Demo Shop",
            currency="JPY",
            timezone="America/Los_Angeles",
            status="DELETED",
            manager_id="b1",
        )
    ]


def test_an_account_that_cannot_pay_says_so_in_its_status(api: Api, x: XAds) -> None:
    api.listed("accounts", account())
    api.listed("funding_instruments", instrument(able_to_fund=False))

    assert [found.status for found in x.accounts()] == ["ACCEPTED, UNABLE_TO_FUND"]


def test_the_list_of_accounts_is_asked_once_with_deleted_ones(api: Api, x: XAds) -> None:
    api.listed("accounts", account("a1"), account("a2"), account("a1"))
    api.listed("funding_instruments", instrument())

    assert [found.id for found in x.accounts()] == ["a1", "a2"]
    assert api.asked_of("accounts") == [{"count": "1000", "with_deleted": "true"}]


def test_an_account_without_funding_or_access_is_passed_over_and_named(
    api: Api, x: XAds, caplog: pytest.LogCaptureFixture
) -> None:
    api.listed("accounts", account("a1"), account("a2"), account("a3"))
    api.refuse(403, "FUNDING_INSTRUMENT_ACCESS_NOT_ALLOWED", "funding_instruments")
    api.listed("funding_instruments")
    api.listed("funding_instruments", instrument())

    assert [found.id for found in x.accounts()] == ["a3"]
    assert "account a1 is passed over: no permission" in caplog.text
    assert "account a2 is passed over: no funding instrument" in caplog.text


def test_a_user_who_may_read_no_account_is_told_so(api: Api, x: XAds) -> None:
    api.listed("accounts", account())
    api.refuse(403, "ACCOUNT_NOT_FOUND", "funding_instruments")

    with pytest.raises(DeniedError, match="no role"):
        list(x.accounts())


def test_campaigns_have_budgets_in_micros_and_what_pays_for_them(api: Api, x: XAds, day: Unit) -> None:
    api.listed(
        "campaigns",
        campaign("1", daily_budget_amount_local_micro=5_500_000),
        campaign("2", total_budget_amount_local_micro=100_000_000, deleted=True),
        campaign("3", funding_instrument_id=None, effective_status=None),
    )
    api.listed("line_items", item(campaign_id="1"))

    assert list(x.campaigns(day)) == [
        Campaign(
            campaign_id="1",
            name="Autumn",
            status="RUNNING",
            objective="WEBSITE_CLICKS",
            budget_id="lygyi",
            budget_micros=5_500_000,
            budget_period="daily",
        ),
        Campaign(
            campaign_id="2",
            name="Autumn",
            status="DELETED",
            budget_id="lygyi",
            budget_micros=100_000_000,
            budget_period="total",
        ),
        Campaign(campaign_id="3", name="Autumn", status="ACTIVE"),
    ]
    assert {asked["with_deleted"] for asked in api.asked_of("campaigns")} == {"true"}


def test_line_items_have_days_by_the_accounts_clock(api: Api, x: XAds, day: Unit) -> None:
    api.listed(
        "line_items",
        item(
            start_time="2026-10-01T06:59:59Z",
            end_time="2026-11-01T07:00:00Z",
            daily_budget_amount_local_micro=37_500_000,
        ),
        item("open", start_time=None),
    )

    assert list(x.ad_groups(day)) == [
        AdGroup(
            ad_group_id="itttx",
            campaign_id="8wku2",
            name="Prospecting",
            status="ACTIVE",
            first_day=date(2026, 9, 30),
            last_day=date(2026, 10, 31),
            budget_micros=37_500_000,
            budget_period="daily",
        ),
        AdGroup(ad_group_id="open", campaign_id="8wku2", name="Prospecting", status="ACTIVE"),
    ]


def test_ads_are_promoted_posts_and_accounts_below_deleted_line_items_too(
    api: Api, x: XAds, day: Unit
) -> None:
    api.listed("line_items", item(deleted=True))
    api.listed("promoted_tweets", promoted())
    api.listed("promoted_accounts", promoted("19pl2", deleted=True))

    assert list(x.ads(day)) == [
        Ad(ad_id="1efwlo", ad_group_id="itttx", campaign_id="8wku2", status="ACTIVE"),
        Ad(ad_id="19pl2", ad_group_id="itttx", campaign_id="8wku2", status="DELETED"),
    ]
    for kind in ("line_items", "promoted_tweets", "promoted_accounts"):
        assert {asked["with_deleted"] for asked in api.asked_of(kind)} == {"true"}


def test_an_ad_without_its_line_item_is_asked_for_again_later(api: Api, x: XAds, day: Unit) -> None:
    api.listed("promoted_tweets", promoted())

    with pytest.raises(TransientError, match="itttx is told of and not listed"):
        list(x.ads(day))


@pytest.mark.parametrize(
    ("kind", "cap"),
    [
        ("CREDIT_CARD", 50_000_000_000),
        ("CREDIT_LINE", 50_000_000_000),
        ("INSERTION_ORDER", 7_000_000),
        ("AGENCY_CREDIT_LINE", None),
        ("NEW", None),
    ],
)
def test_a_funding_instrument_is_an_order_bounded_by_what_its_type_says(
    api: Api, x: XAds, day: Unit, kind: str, cap: int | None
) -> None:
    api.listed(
        "funding_instruments",
        instrument(
            type=kind,
            currency="EUR",
            io_header="IO-7",
            funded_amount_local_micro=7_000_000,
            end_time="2027-01-01T08:00:00Z",
        ),
    )

    assert list(x.orders(day)) == [
        Order(
            order_id="lygyi",
            purchase_order="IO-7",
            paid_type=kind,
            first_day=date(2026, 1, 1),
            last_day=date(2026, 12, 31),
            cap_micros=cap,
            currency="EUR",
        )
    ]


@pytest.mark.parametrize(
    ("header", "numbers", "expected"),
    [
        ("IO-7", ("PO-1", "PO-1"), "IO-7"),
        (None, ("PO-1", "PO-1"), "PO-1"),
        (None, ("PO-1", "PO-2"), ""),
        (None, ("PO-1", None), ""),
    ],
)
def test_an_order_carries_the_number_that_all_its_campaigns_share(
    api: Api, x: XAds, day: Unit, header: str | None, numbers: tuple[str | None, ...], expected: str
) -> None:
    api.listed("funding_instruments", instrument(io_header=header))
    api.listed("campaigns", *(campaign(f"c{n}", purchase_order_number=one) for n, one in enumerate(numbers)))

    assert [order.purchase_order for order in x.orders(day)] == [expected]


def test_what_is_left_of_credit_lines_is_told_by_line_and_only_of_these(api: Api, x: XAds, day: Unit) -> None:
    api.listed(
        "funding_instruments",
        instrument(),
        instrument("agency", type="AGENCY_CREDIT_LINE", currency="EUR", credit_remaining_local_micro=1),
        instrument("card", type="CREDIT_CARD", credit_remaining_local_micro=5),
        instrument("untold", credit_remaining_local_micro=None),
    )

    at = datetime(2026, 12, 15, 8, tzinfo=UTC)
    assert list(x.balances(day)) == [
        Balance(at=at, kind="credit_remaining lygyi", amount_micros=41_250_000_000, currency="USD"),
        Balance(at=at, kind="credit_remaining agency", amount_micros=1, currency="EUR"),
    ]


@pytest.mark.parametrize(
    ("settings", "model", "event", "rate", "kind"),
    [
        ({}, "cpc", "clicks", 320_000, "cap"),
        ({"bid_strategy": "TARGET"}, "cpc", "clicks", 320_000, "target"),
        ({"bid_strategy": "AUTO"}, "cpc", "clicks", None, "auto"),
        ({"bid_strategy": "NEW"}, "cpc", "clicks", None, "auto"),
        ({"pay_by": "IMPRESSION"}, "cpm", "impressions", None, "target"),
        (
            {"pay_by": "IMPRESSION", "goal": "MAX_REACH", "bid_strategy": "TARGET"},
            *("cpm", "impressions", 320_000, "target"),
        ),
        ({"pay_by": "APP_CLICK", "goal": "APP_CLICKS"}, "cpc", "clicks", 320_000, "cap"),
        ({"pay_by": "APP_CLICK", "goal": "APP_INSTALLS"}, "cpc", "clicks", None, "target"),
        ({"pay_by": "APP_INSTALL", "goal": "APP_INSTALLS"}, "cpi", "installs", 320_000, "cap"),
        ({"pay_by": "ENGAGEMENT", "goal": "ENGAGEMENT"}, "cpe", "engagements", 320_000, "cap"),
        ({"pay_by": "FOLLOW", "goal": "FOLLOWERS"}, "cpa", "follows", 320_000, "cap"),
        ({"pay_by": "VIEW", "goal": "VIEW_15S"}, "cpv", "video_views", 320_000, "cap"),
        ({"pay_by": "VIEW", "goal": "PREROLL"}, "cpv", "video_views", None, "target"),
        ({"pay_by": "LEAD"}, "cpl", "leads", None, "target"),
        ({"pay_by": "NEW"}, None, "", None, "target"),
        ({"pay_by": None}, None, "", None, "target"),
        ({"pay_by": None, "objective": "REACH", "goal": "MAX_REACH"}, "cpm", "impressions", 320_000, "cap"),
        ({"pay_by": None, "objective": "APP_INSTALLS"}, None, "", None, "target"),
        ({"placements": ["SPOTLIGHT"], "bid_strategy": "MAX"}, "flat", "", None, "fixed"),
    ],
)
def test_terms_follow_what_is_paid_for_and_a_bid_for_something_else_is_no_price(
    api: Api,
    x: XAds,
    day: Unit,
    settings: dict[str, object],
    model: Model | None,
    event: str,
    rate: int | None,
    kind: RateKind,
) -> None:
    api.listed("line_items", item(**settings))

    [found] = x.terms(day)

    assert (found.model, found.billable_event, found.rate_micros, found.kind) == (model, event, rate, kind)


def test_terms_quote_the_settings_that_explain_them(api: Api, x: XAds, day: Unit) -> None:
    api.listed("line_items", item(target_cpa_local_micro=0))

    assert list(x.terms(day)) == [
        Terms(
            level="ad_group",
            entity_id="itttx",
            campaign_id="8wku2",
            first_day=date(2026, 10, 1),
            model="cpc",
            billable_event="clicks",
            rate_micros=320_000,
            kind="cap",
            native="pay_by=LINK_CLICK, goal=LINK_CLICKS, objective=WEBSITE_CLICKS, bid_strategy=MAX, "
            "bid_amount_local_micro=320000, product_type=PROMOTED_TWEETS, currency=USD, "
            "placements=ALL_ON_TWITTER",
        )
    ]


def test_pages_are_followed_and_a_row_that_moves_comes_once(api: Api, x: XAds, day: Unit) -> None:
    api.listed("line_items", item("1"), item("2"), cursor="c-9xk2")
    api.listed("line_items", item("2"), item("3"))

    assert [found.ad_group_id for found in x.ad_groups(day)] == ["1", "2", "3"]
    assert [asked.get("cursor") for asked in api.asked_of("line_items")] == [None, "c-9xk2"]


def test_pages_that_never_end_are_refused(api: Api, x: XAds, day: Unit) -> None:
    api.listed("line_items", item(), cursor="c-9xk2")

    with pytest.raises(ContractError, match="never end"):
        list(x.ad_groups(day))


def test_there_are_no_invoices_to_be_had() -> None:
    assert {one.name for one in XAds.declared() if one.cadence == "monthly"} == set()
