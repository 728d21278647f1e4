"""Accounts, campaigns, ad groups, ads, order lines and terms as they stand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from adtally import Account, Ad, AdGroup, Campaign, ContractError, Order, Terms, Unit
from adtally_connectors.pinterest_ads import PinterestAds

from .builders import ACCOUNT_ID, CAMPAIGN, GROUP, ROOT, Json, group
from .conftest import connector

if TYPE_CHECKING:
    from .conftest import Api

EVERY_STATE = {"entity_statuses": ["ACTIVE", "PAUSED", "ARCHIVED"], "page_size": ["250"]}


def test_accounts_are_listed_once_and_count_by_utc_whatever_zone_they_name(
    api: Api, pinterest: PinterestAds, caplog: pytest.LogCaptureFixture
) -> None:
    known = {"id": ACCOUNT_ID, "name": "Demo", "currency": "GBP", "time_zone": "America/New_York"}
    pages: list[Json] = [
        {"items": [known, {"id": "2", "currency": "UNK"}, {"id": "3"}], "bookmark": "Y2M6MQ=="},
        {"items": [known, {"id": "4", "currency": "EUR", "name": "Shared"}], "bookmark": None},
    ]
    for page in pages:
        api.mock.get(f"{ROOT}/ad_accounts", json=page)

    assert list(pinterest.accounts()) == [
        Account(id=ACCOUNT_ID, name="Demo", currency="GBP", timezone="UTC"),
        Account(id="4", name="Shared", currency="EUR", timezone="UTC"),
    ]
    first = {"page_size": ["250"], "include_shared_accounts": ["true"]}
    assert api.asked_of("/ad_accounts") == [first, {**first, "bookmark": ["Y2M6MQ=="]}]
    assert [line.split("account ")[1][:1] for line in caplog.messages] == ["2", "3"]


def test_campaigns_of_every_state_are_asked_for_with_their_budget_and_order(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    api.listed(
        "campaigns",
        {
            "id": CAMPAIGN,
            "name": "Autumn",
            "status": "ARCHIVED",
            "objective_type": "AWARENESS",
            "daily_spend_cap": 50_500_000,
            "lifetime_spend_cap": 0,
            "order_line_id": "2690000000001",
            "start_time": 1_790_812_799,
            "end_time": 1_792_022_400,
        },
        {"id": "C2", "lifetime_spend_cap": 900_000_000, "end_time": 1_792_022_401},
        {"id": "3", "objective_type": "SOMETHING_NEW", "daily_spend_cap": None, "end_time": 0},
    )

    assert list(pinterest.campaigns(october)) == [
        Campaign(
            campaign_id=CAMPAIGN,
            name="Autumn",
            status="ARCHIVED",
            objective="AWARENESS",
            first_day=date(2026, 9, 30),
            last_day=date(2026, 10, 14),
            budget_id="2690000000001",
            budget_micros=50_500_000,
            budget_period="daily",
        ),
        Campaign(
            campaign_id="2", last_day=date(2026, 10, 15), budget_micros=900_000_000, budget_period="total"
        ),
        Campaign(campaign_id="3", objective="SOMETHING_NEW"),
    ]
    assert api.asked_of("/campaigns") == [EVERY_STATE]


def test_ad_groups_and_ads_name_their_parents_without_letters(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    api.groups(
        group(campaign_id=f"C{CAMPAIGN}", status="PAUSED"),
        group("2", budget_type="CBO_ADGROUP", start_time=None),
        group("3", budget_type="LIFETIME", start_time=None),
    )
    api.listed(
        "ads",
        {
            "id": "687",
            "ad_group_id": f"AG{GROUP}",
            "campaign_id": CAMPAIGN,
            "name": None,
            "status": "ARCHIVED",
        },
    )

    assert list(pinterest.ad_groups(october)) == [
        AdGroup(
            ad_group_id=GROUP,
            campaign_id=CAMPAIGN,
            name="AG 1",
            status="PAUSED",
            first_day=date(2026, 10, 1),
            budget_micros=20_000_000,
            budget_period="daily",
        ),
        AdGroup(ad_group_id="2", campaign_id=CAMPAIGN, name="AG 1", status="ACTIVE"),
        AdGroup(
            ad_group_id="3",
            campaign_id=CAMPAIGN,
            name="AG 1",
            status="ACTIVE",
            budget_micros=20_000_000,
            budget_period="total",
        ),
    ]
    assert list(pinterest.ads(october)) == [
        Ad(ad_id="687", ad_group_id=GROUP, campaign_id=CAMPAIGN, status="ARCHIVED")
    ]
    assert api.asked_of("/ad_groups") == api.asked_of("/ads") == [EVERY_STATE]


def test_order_lines_say_whether_they_are_paid_for(api: Api, pinterest: PinterestAds, october: Unit) -> None:
    line = {"id": "269", "budget": 5_000_000, "paid_budget": 4_000_000, "purchase_order_id": "PO12345"}
    api.listed(
        "order_lines",
        {**line, "paid_type": "PAID", "start_time": 1_790_812_800.0, "end_time": 1_793_491_200},
        {"id": "270", "paid_type": "MAKE_GOOD", "budget": None, "paid_budget": 0},
        {"id": "271", "paid_type": None, "paid_budget": 7},
    )

    assert list(pinterest.orders(october)) == [
        Order(
            order_id="269",
            purchase_order="PO12345",
            paid_type="PAID",
            first_day=date(2026, 10, 1),
            last_day=date(2026, 10, 31),
            cap_micros=5_000_000,
            currency="USD",
        ),
        Order(order_id="270", paid_type="MAKE_GOOD", currency="USD"),
        Order(order_id="271", cap_micros=7, currency="USD"),
    ]
    assert api.asked_of("/order_lines") == [{"page_size": ["250"]}]


def test_terms_are_the_bid_of_the_ad_group_with_pinterests_own_words(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    api.groups()

    assert list(pinterest.terms(october)) == [
        Terms(
            level="ad_group",
            entity_id=GROUP,
            campaign_id=CAMPAIGN,
            first_day=date(2026, 10, 1),
            model="cpc",
            billable_event="clicks",
            rate_micros=450_000,
            kind="cap",
            native="billable_event=CLICKTHROUGH, bid_strategy_type=MAX_BID, bid_in_micro_currency=450000",
        )
    ]


GOAL = {
    "conversion_tag_v3_goal_metadata": {
        "conversion_event": "CHECKOUT",
        "cpa_goal_value_in_micro_currency": "9000000",
        "is_roas_optimized": False,
    }
}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"billable_event": "IMPRESSION"}, ("cpm", "impressions", 450_000, "cap")),
        ({"billable_event": "VIDEO_V_50_MRC"}, ("cpv", "video_views", 450_000, "cap")),
        ({"bid_strategy_type": "TARGET_AVG"}, ("cpc", "clicks", 450_000, "target")),
        ({"bid_strategy_type": "AUTOMATIC_BID"}, ("cpc", "clicks", None, "auto")),
        ({"bid_strategy_type": "SOMETHING_NEW"}, ("cpc", "clicks", None, "auto")),
        ({"bid_strategy_type": None, "bid_in_micro_currency": None}, ("cpc", "clicks", None, "auto")),
        ({"bid_in_micro_currency": None}, ("cpc", "clicks", None, "auto")),
        ({"bid_multiplier": 0}, ("cpc", "clicks", 450_000, "cap")),
        ({"bid_multiplier": 1.5}, ("cpc", "clicks", None, "cap")),
        ({"billable_event": "SOMETHING_NEW"}, (None, "", None, "cap")),
        (
            {"billable_event": "IMPRESSION", "optimization_goal_metadata": GOAL},
            ("cpm", "impressions", None, "target"),
        ),
        (
            {"optimization_goal_metadata": GOAL, "bid_strategy_type": "AUTOMATIC_BID"},
            ("cpc", "clicks", None, "auto"),
        ),
    ],
)
def test_each_kind_of_bid_is_what_it_bounds(
    api: Api,
    pinterest: PinterestAds,
    october: Unit,
    settings: dict[str, object],
    expected: tuple[str | None, str, int | None, str],
) -> None:
    api.groups(group(**settings))

    [found] = pinterest.terms(october)

    assert (found.model, found.billable_event, found.rate_micros, found.kind) == expected
    for name, value in settings.items():
        if name != "optimization_goal_metadata" and value:
            assert f"{name}={Decimal(str(value)) if name == 'bid_multiplier' else value}" in found.native
        elif value:
            assert "conversion_event=CHECKOUT, cpa_goal_value_in_micro_currency=9000000" in found.native


def test_lists_are_followed_to_the_last_page_and_a_row_that_moves_comes_once(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    api.listed("campaigns", {"id": "1"}, {"id": "2"}, bookmark="a")
    api.listed("campaigns", bookmark="b")
    api.listed("campaigns", {"id": "2"}, {"id": "3"})

    assert [found.campaign_id for found in pinterest.campaigns(october)] == ["1", "2", "3"]
    assert [asked.get("bookmark") for asked in api.asked_of("/campaigns")] == [None, ["a"], ["b"]]
    assert [asked["entity_statuses"] for asked in api.asked_of("/campaigns")] == [
        ["ACTIVE", "PAUSED", "ARCHIVED"]
    ] * 3


@pytest.mark.parametrize("bookmarks", [["a", "a"], [str(n) for n in range(11)]])
def test_pages_that_never_end_are_refused(
    api: Api, pinterest: PinterestAds, october: Unit, bookmarks: list[str]
) -> None:
    for bookmark in bookmarks:
        api.listed("campaigns", bookmark=bookmark)

    with pytest.raises(ContractError, match="never end"):
        list(pinterest.campaigns(october))


@pytest.mark.parametrize("item", [{}, {"id": None}, {"id": 626700000001}, {"id": "x1"}])
def test_a_thing_without_an_id_of_digits_is_refused(
    api: Api, pinterest: PinterestAds, october: Unit, item: Json
) -> None:
    api.listed("campaigns", item)

    with pytest.raises(ContractError, match="id"):
        list(pinterest.campaigns(october))


APP = {"client_id": "id", "client_secret": "hush", "refresh_token": "pinr_1"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"access_token": ""},
        {**APP},
        {**APP, "access_token": "", "client_secret": ""},
        {"click_window_days": 3},
        {"view_window_days": 90},
        {"conversion_report_time": "DAY"},
        {"report_format": "XLSX"},
        {"poll_seconds": -1},
    ],
)
def test_a_wrong_setting_is_refused_without_showing_secrets(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as caught:
        connector(**wrong)

    assert "hush" not in str(caught.value)


def test_no_secret_shows_in_the_settings() -> None:
    shown = repr(connector()) + repr(connector(access_token="", **APP))

    assert "hush" not in shown
    assert "pinr_1" not in shown
