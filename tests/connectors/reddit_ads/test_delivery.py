"""Reports by day: their units, bounds and days, and the records that come of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from adtally import Account, ContractError, Delivery, Interaction, TransientError, Unit, Window
from adtally_connectors.reddit_ads import RedditAds

from .builders import ACCOUNT, ACCOUNT_ID, account, campaign, group, row

if TYPE_CHECKING:
    from .conftest import Api

DAY = date(2026, 10, 20)


def in_zone(unit: Unit, timezone: str) -> Unit:
    return replace(unit, account=Account(id=ACCOUNT_ID, currency="USD", timezone=timezone))


def test_spend_is_in_micros_and_the_value_of_conversions_in_cents(
    api: Api, reddit: RedditAds, october: Unit
) -> None:
    api.inventory(group(), campaigns=(campaign(),))
    api.report(
        row(
            key_conversion_total_count=4,
            conversion_purchase_clicks=2,
            conversion_purchase_views=1,
            conversion_purchase_total_value=8990,
            app_install_purchase_count=1,
            app_install_revenue=1990000,
            app_install_install_count=3,
            conversion_lead_clicks=5,
            conversion_lead_views=None,
            reddit_leads=1,
            video_viewable_impressions=70,
            video_watched_100_percent=30,
        )
    )

    assert list(reddit.campaign_daily(october)) == [
        Delivery(
            day=DAY,
            campaign_id="1001",
            currency="USD",
            view_definition="reddit_viewable",
            impressions=10020,
            clicks=95,
            interactions=95,
            video_views=70,
            video_completions=30,
            leads=6,
            installs=3,
            conversions_micros=4_000_000,
            purchases=4,
            revenue_micros=91_890_000,
            billable_units=95,
            cost_micros=51_036_973,
        )
    ]


@pytest.mark.parametrize("told", [{}, {"spend": None, "impressions": None, "clicks": None}])
def test_null_and_what_is_left_out_are_unknown(
    api: Api, reddit: RedditAds, october: Unit, told: dict[str, None]
) -> None:
    api.inventory(group(), campaigns=(campaign(),))
    api.report({"campaign_id": "1001", "date": "2026-10-20", **told})

    assert list(reddit.campaign_daily(october)) == [Delivery(day=DAY, campaign_id="1001")]


def test_a_sum_without_one_of_its_parts_is_unknown(api: Api, reddit: RedditAds, october: Unit) -> None:
    api.inventory(group(), campaigns=(campaign(),))
    api.report(
        row(conversion_purchase_clicks=2, conversion_purchase_views=1, conversion_purchase_total_value=1)
    )

    (record,) = reddit.campaign_daily(october)

    assert (record.purchases, record.revenue_micros) == (None, None)


@pytest.mark.parametrize(
    ("bid_type", "units", "interactions", "views"),
    [
        ("CPC", 95, 95, (7, "reddit_viewable")),
        ("CPM", 10020, 95, (7, "reddit_viewable")),
        ("CPV", 7, 7, (7, "reddit_viewable")),
        ("CPV6", 5, 5, (5, "reddit_6s")),
        ("CPV15", 3, 3, (3, "reddit_15s")),
        ("CPX", None, 95, (7, "reddit_viewable")),
    ],
)
def test_what_is_paid_for_is_counted(
    api: Api,
    reddit: RedditAds,
    october: Unit,
    bid_type: str,
    units: int | None,
    interactions: int,
    views: tuple[int, str],
) -> None:
    api.inventory(group(bid_type=bid_type), campaigns=(campaign(),))
    api.report(
        row(
            ad_group="2001",
            video_viewable_impressions=7,
            video_viewable_watched_6_seconds=5,
            video_viewable_watched_15_seconds=3,
        )
    )

    (record,) = reddit.ad_group_daily(october)

    assert (record.billable_units, record.interactions) == (units, interactions)
    assert (record.video_views, record.view_definition) == views


@pytest.mark.parametrize(
    ("other", "told"),
    [("CPC", (95, 95, 7)), ("CPM", (None, 95, 7)), ("CPV6", (None, 95, 7))],
)
def test_a_campaign_counts_what_all_its_ad_groups_pay_for(
    api: Api, reddit: RedditAds, october: Unit, other: str, told: tuple[int | None, ...]
) -> None:
    api.inventory(group(), group("2002", bid_type=other), campaigns=(campaign(),))
    api.report(row(video_viewable_impressions=7))

    (record,) = reddit.campaign_daily(october)

    assert (record.billable_units, record.interactions, record.video_views) == told


def test_a_campaign_that_pays_for_views_of_two_lengths_has_no_count_of_them(
    api: Api, reddit: RedditAds, october: Unit
) -> None:
    api.inventory(group(bid_type="CPV"), group("2002", bid_type="CPV6"), campaigns=(campaign(),))
    api.report(row(video_viewable_impressions=7, video_viewable_watched_6_seconds=5))

    (record,) = reddit.campaign_daily(october)

    assert (record.video_views, record.view_definition, record.billable_units) == (None, "", None)
    assert record.interactions is None


def test_an_ad_group_pays_as_its_campaign_says_where_it_says_nothing(
    api: Api, reddit: RedditAds, october: Unit
) -> None:
    api.inventory(group(bid_type=None), campaigns=(campaign(bid_type="CPM"),))
    api.report(row())

    (record,) = reddit.campaign_daily(october)

    assert record.billable_units == 10020


def test_an_ad_is_in_the_campaign_of_its_ad_group(api: Api, reddit: RedditAds, october: Unit) -> None:
    api.inventory(group(), campaigns=(campaign(),))
    api.report(row(ad_group="2001", ad="t3_x"))

    (record,) = reddit.ad_daily(october)

    assert (record.campaign_id, record.ad_group_id, record.ad_id) == ("1001", "2001", "t3_x")
    assert api.asked[0]["breakdowns"] == ["AD_ID", "AD_GROUP_ID", "DATE"]


def test_the_accounts_own_total_is_asked_for_without_its_campaigns(
    api: Api, reddit: RedditAds, october: Unit
) -> None:
    api.report({"ad_account_id": ACCOUNT_ID, "date": "2026-10-20", "spend": 5, "impressions": 2, "clicks": 1})

    (record,) = reddit.account_daily(october)

    assert api.asked[0]["breakdowns"] == ["AD_ACCOUNT_ID", "DATE"]
    assert (record.day, record.campaign_id, record.cost_micros, record.clicks) == (DAY, "", 5, 1)
    assert (record.interactions, record.billable_units) == (None, None)


@pytest.mark.parametrize(
    ("timezone", "starts_at", "ends_at"),
    [
        ("UTC", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"),
        ("America/New_York", "2026-10-01T04:00:00Z", "2026-11-01T04:00:00Z"),
        ("Europe/Berlin", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"),
        ("Asia/Kolkata", "2026-09-29T18:00:00Z", "2026-11-01T19:00:00Z"),
        ("Australia/Lord_Howe", "2026-09-29T13:00:00Z", "2026-11-01T13:00:00Z"),
    ],
)
def test_bounds_are_the_accounts_midnights_and_a_day_more_where_these_are_no_whole_hours(
    api: Api, reddit: RedditAds, october: Unit, timezone: str, starts_at: str, ends_at: str
) -> None:
    api.report()

    list(reddit.account_daily(in_zone(october, timezone)))

    asked = api.asked[0]
    assert (asked["starts_at"], asked["ends_at"], asked["time_zone_id"]) == (starts_at, ends_at, timezone)


def test_days_that_the_end_bound_brings_in_are_dropped(api: Api, reddit: RedditAds, october: Unit) -> None:
    api.inventory(group(), campaigns=(campaign(),))
    days = ("2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01", "2026-11-03")
    api.report(*(row(day=day) for day in days))

    records = list(reddit.campaign_daily(october))

    assert [record.day for record in records] == [date(2026, 10, 1), date(2026, 10, 31)]


@pytest.mark.parametrize("day", ["2026-09-27", "2026-11-04", "1999-01-01"])
def test_days_that_no_bound_explains_are_refused(
    api: Api, reddit: RedditAds, october: Unit, day: str
) -> None:
    api.inventory(group(), campaigns=(campaign(),))
    api.report(row(day=day))

    with pytest.raises(ContractError, match=f"is of {day}"):
        list(reddit.campaign_daily(october))


@pytest.mark.parametrize(
    ("strange", "says"),
    [
        ({"ad_account_id": "a2_other"}, "of account a2_other"),
        ({"campaign_id": "9999"}, "campaign 9999, which was not asked for"),
        ({"campaign_id": ""}, "has no campaign_id"),
    ],
)
def test_rows_of_others_are_refused(
    api: Api, reddit: RedditAds, october: Unit, strange: dict[str, str], says: str
) -> None:
    api.inventory(group(), campaigns=(campaign(),))
    api.report({**row(), **strange})

    with pytest.raises(ContractError, match=says):
        list(reddit.campaign_daily(october.within(october.window, ("1001",))))


def test_only_some_campaigns_are_asked_for_a_hundred_at_once(
    api: Api, reddit: RedditAds, october: Unit
) -> None:
    ids = tuple(str(number) for number in range(1000, 1101))
    api.inventory(group(), campaigns=(campaign(),))
    api.report(row("1001"))
    api.report(row("1100"))

    records = list(reddit.campaign_daily(october.within(october.window, ids)))

    assert [record.campaign_id for record in records] == ["1001", "1100"]
    filters = [str(asked["filter"]) for asked in api.asked]
    assert [text.count("campaign:id==") for text in filters] == [100, 1]
    assert filters[1] == "campaign:id==1100"


@pytest.mark.parametrize(
    ("updated_at", "days_later", "waits"),
    [
        ("2026-10-22T03:59:59Z", 4, True),
        ("2026-10-22T04:00:00Z", 4, False),
        ("2026-10-22T03:59:59Z", 3, False),  # read again anyway
        ("2026-10-22T03:59:59Z", 10, True),
        ("2026-10-22T03:59:59Z", 11, False),  # perhaps nothing newer ever comes
        (None, 4, False),
    ],
)
def test_a_day_that_is_final_was_closed_a_day_after_its_end(
    api: Api, reddit: RedditAds, october: Unit, updated_at: str | None, days_later: int, waits: bool
) -> None:
    api.report({"ad_account_id": ACCOUNT_ID, "date": "2026-10-20", "spend": 5}, updated_at=updated_at)
    unit = Unit(october.account, Window(DAY, DAY), DAY + timedelta(days=days_later))

    if waits:
        with pytest.raises(TransientError, match="too early for 2026-10-20"):
            list(reddit.account_daily(unit))
    else:
        assert [record.cost_micros for record in reddit.account_daily(unit)] == [5]


def test_what_people_did_is_told_by_the_windows_of_the_account(
    api: Api, reddit: RedditAds, october: Unit
) -> None:
    api.one(ACCOUNT, account())
    api.report(
        {
            "campaign_id": "1001",
            "date": "2026-10-20",
            "key_conversion_total_count": 3,
            "key_conversion_clicks": 2,
            "key_conversion_views": 1,
            "conversion_sign_up_clicks": 4,
            "conversion_sign_up_views": None,
            "conversion_signup_total_value": 1250,
            "conversion_page_visit_clicks": 0,
            "conversion_page_visit_views": 0,
            "app_install_install_count": 6,
            "app_install_skan_install_count": 7,
            "video_started": 9,
        }
    )

    found = list(reddit.conversions(october))

    def did(action: str, attribution: str, kind: str, count: int, **more: object) -> Interaction:
        told = {"day": DAY, "campaign_id": "1001", "action": action, "attribution": attribution, "kind": kind}
        return Interaction(**told, quantity_micros=count * 1_000_000, **more)  # type: ignore[arg-type]

    assert found == [
        did("key_conversion", "click_month", "conversion", 2),
        did("key_conversion", "view_day", "conversion", 1, view_through=True),
        did("key_conversion", "click_month_view_day", "conversion", 3, in_total=True),
        did("conversion_sign_up", "click_month", "conversion", 4),
        did("conversion_sign_up", "click_month_view_day", "conversion", 4, value_micros=12_500_000),
        did("video_started", "", "video_view", 9),
        did("app_install_install_count", "app_click_view", "install", 6),
        did("app_install_skan_install_count", "skan", "install", 7),
    ]


def test_fields_are_asked_for_in_capitals_by_reddits_two_spellings_of_sign_up(
    api: Api, reddit: RedditAds, october: Unit
) -> None:
    api.one(ACCOUNT, account())
    api.report()

    list(reddit.conversions(october))

    fields = api.asked[0]["fields"]
    assert isinstance(fields, list)
    assert {"CONVERSION_SIGN_UP_CLICKS", "CONVERSION_SIGN_UP_VIEWS", "CONVERSION_SIGNUP_TOTAL_VALUE"} <= set(
        fields
    )
    assert all(name == name.upper() for name in fields)
    assert not {"DATE", "CAMPAIGN_ID"} & set(fields)
