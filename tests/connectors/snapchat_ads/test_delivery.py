"""Delivery and interactions: which metric becomes which column, and in what unit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, Delivery, Interaction, Unit, Window
from adtally_connectors.snapchat_ads import SnapchatAds

from .builders import ACCOUNT_ID, AD, CAMPAIGN, SQUAD, Json, bucket, series, squad, stat
from .conftest import connector

if TYPE_CHECKING:
    from .conftest import Api

DAY = date(2026, 10, 20)
EVERYTHING: dict[str, object] = {
    "impressions": 15200,
    "swipes": 260,
    "spend": 38_120_001,
    "shares": 7,
    "saves": 5,
    "video_views": 5100,
    "view_completion": 900,
    "native_leads": 3,
    "total_installs": 2,
    "conversion_purchases": 4,
    "conversion_purchases_value": 199_600_000,
}
DEFAULT = "28_DAY_swipe,1_DAY_view,conversion"


def told(**changes: object) -> Json:
    return bucket(DAY, **(EVERYTHING | changes))


def test_a_day_of_a_campaign_has_all_that_snapchat_tells(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.of_account("adsquads", squad())
    api.broken_down("campaign", series(CAMPAIGN, told()))

    assert list(snapchat.campaign_daily(october)) == [
        Delivery(
            day=DAY,
            campaign_id=CAMPAIGN,
            view_definition="snapchat_2s",
            impressions=15200,
            clicks=260,
            interactions=260,
            engagements=12,
            video_views=5100,
            video_completions=900,
            leads=3,
            installs=2,
            purchases=4,
            revenue_micros=199_600_000,
            billable_units=15200,
            cost_micros=38_120_001,
        )
    ]


def test_what_is_left_out_stays_unknown_and_told_zeros_stay_zero(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.of_account("adsquads", squad())
    api.broken_down("campaign", series(CAMPAIGN, bucket(DAY, impressions=0, spend=0, shares=4)))

    assert list(snapchat.campaign_daily(october)) == [
        Delivery(day=DAY, campaign_id=CAMPAIGN, impressions=0, billable_units=0, cost_micros=0)
    ]


def test_rates_and_parts_of_conversions_are_no_counts_and_a_value_may_have_a_fraction(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    parts: dict[str, object] = {"conversion_purchases": 2.5, "conversion_purchases_value": 19_960_000.5}
    api.of_account("adsquads")
    api.broken_down("campaign", series(CAMPAIGN, told(**parts, swipe_up_percent=0.0171)))

    [record] = snapchat.campaign_daily(october)

    assert (record.purchases, record.revenue_micros) == (None, 19_960_001)


@pytest.mark.parametrize("wrong", [{"spend": 1.5}, {"spend": "n/a"}, {"impressions": {"value": 1}}])
def test_another_kind_of_number_is_refused(
    api: Api, snapchat: SnapchatAds, october: Unit, wrong: dict[str, object]
) -> None:
    api.of_account("adsquads")
    api.broken_down("campaign", series(CAMPAIGN, told(**wrong)))

    with pytest.raises(ContractError, match=next(iter(wrong))):
        list(snapchat.campaign_daily(october))


def test_an_empty_answer_yields_nothing(api: Api, snapchat: SnapchatAds, october: Unit) -> None:
    api.of_account("adsquads")
    api.broken_down("campaign")

    assert list(snapchat.campaign_daily(october)) == []


def test_one_question_per_account_asks_for_times_windows_and_days_by_name(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.of_account("adsquads")
    api.broken_down("campaign")

    list(snapchat.campaign_daily(october))

    assert api.asked_of("/stats") == [
        {
            "granularity": "DAY",
            "breakdown": "campaign",
            "fields": ",".join(EVERYTHING),
            "start_time": "2026-10-01T00:00:00.000-07:00",
            "end_time": "2026-10-29T00:00:00.000-07:00",
            "swipe_up_attribution_window": "28_DAY",
            "view_attribution_window": "1_DAY",
            "action_report_time": "conversion",
            "omit_empty": "true",
            "limit": "200",
        }
    ]
    assert api.asked_of("/adsquads") == [{"limit": "1000", "read_deleted_entities": "true"}]


@pytest.mark.parametrize(
    ("second", "units"),
    [({"billing_event": "IMPRESSION"}, 15200), ({"billing_event": "SWIPE"}, None), ({}, 15200)],
)
def test_billable_units_count_impressions_only_where_all_ad_squads_pay_for_them(
    api: Api, snapchat: SnapchatAds, october: Unit, second: dict[str, str], units: int | None
) -> None:
    api.of_account("adsquads", squad(), squad("5a2", **second))
    api.broken_down("campaign", series(CAMPAIGN, told()))

    [record] = snapchat.campaign_daily(october)

    assert (record.billable_units, record.interactions) == (units, 260)


def test_an_ad_names_its_ad_squad_and_campaign(api: Api, snapchat: SnapchatAds, october: Unit) -> None:
    api.of_account("adsquads", squad())
    api.of_account("ads", {"id": AD, "ad_squad_id": SQUAD})
    api.broken_down("ad", series(AD, told()))

    assert [
        (r.campaign_id, r.ad_group_id, r.ad_id, r.billable_units) for r in snapchat.ad_daily(october)
    ] == [(CAMPAIGN, SQUAD, AD, 15200)]


@pytest.mark.parametrize(
    ("report", "level", "expected"),
    [("ad_group_daily", "adsquad", ("", "gone", "")), ("ad_daily", "ad", ("", "", "gone"))],
)
def test_cost_of_a_thing_that_has_left_the_lists_is_told_all_the_same(
    api: Api,
    snapchat: SnapchatAds,
    october: Unit,
    caplog: pytest.LogCaptureFixture,
    report: str,
    level: str,
    expected: tuple[str, str, str],
) -> None:
    api.of_account("adsquads")
    if level == "ad":
        api.of_account("ads")
    api.broken_down(level, series("gone", told()))

    [record] = getattr(snapchat, report)(october)

    assert (record.campaign_id, record.ad_group_id, record.ad_id) == expected
    assert (record.cost_micros, record.billable_units) == (38_120_001, None)
    assert f"{level} gone is in no list" in caplog.text


def test_a_day_of_the_whole_account_is_its_cost_and_nothing_else_is_asked_for(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.stats(stat(timeseries=[bucket(DAY, spend=38_120_001), bucket(date(2026, 10, 21), spend=0)]))

    assert list(snapchat.account_daily(october)) == [
        Delivery(day=DAY, cost_micros=38_120_001),
        Delivery(day=date(2026, 10, 21), cost_micros=0),
    ]
    assert api.asked_of("/stats") == [
        {
            "granularity": "DAY",
            "fields": "spend",
            "start_time": "2026-10-01T00:00:00.000-07:00",
            "end_time": "2026-10-29T00:00:00.000-07:00",
        }
    ]


@pytest.mark.parametrize(
    ("report", "below"), [("campaign_daily", None), ("ad_group_daily", "adsquad"), ("conversions", None)]
)
def test_named_campaigns_are_asked_for_one_by_one(
    api: Api, snapchat: SnapchatAds, october: Unit, report: str, below: str | None
) -> None:
    if report != "conversions":
        api.of_account("adsquads")
    for number in ("1", "2"):
        days = [told(conversion_sign_ups=1)]
        parts = {"breakdown_stats": {below: [series(f"s{number}", *days)]}} if below else {"timeseries": days}
        api.stats(stat(number, **parts), owner=f"campaigns/{number}")

    records = list(getattr(snapchat, report)(october.within(Window(DAY, DAY), ("1", "2"))))

    assert list(dict.fromkeys(record.campaign_id for record in records)) == ["1", "2"]
    assert [asked.get("breakdown") for asked in api.asked_of("/stats")] == [below, below]
    assert {one.name for one in snapchat.declared() if one.by_campaign} >= {report}


def test_a_day_may_change_for_a_month_and_no_report_asks_for_more_than_four_weeks() -> None:
    daily = {one.name: one for one in SnapchatAds.declared() if one.cadence == "daily"}

    assert {name: one.max_days for name, one in daily.items()} == {
        "campaign_daily": 28,
        "account_daily": 28,
        "ad_group_daily": 14,
        "ad_daily": 7,
        "conversions": 28,
    }
    assert {one.restated_days for one in daily.values()} == {31}
    assert {tuple(one.final_after.items()) for one in daily.values()} == {
        (("cost", 7), ("clicks", 7), ("conversions", 31))
    }


def interaction(action: str, kind: str, quantity: int, **changes: object) -> Interaction:
    given = {"action": action, "kind": kind, "quantity_micros": quantity * 1_000_000}
    common = {"day": DAY, "campaign_id": CAMPAIGN, "attribution": DEFAULT}
    return Interaction(**(common | given | changes))  # type: ignore[arg-type]


def test_actions_are_told_with_their_attribution_and_only_ends_of_the_way_add_up(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    counts = {
        "conversion_purchases": 4,
        "conversion_purchases_value": 199_600_000,
        "conversion_sign_ups": 2,
        "native_leads": 1,
        "total_installs": 0,
        "conversion_add_cart": 9,
        "custom_event_3": 6,
        "video_views": 5100,
        "saves": 5,
    }
    api.broken_down("campaign", series(CAMPAIGN, bucket(DAY, **counts)))

    assert list(snapchat.conversions(october)) == [
        interaction("conversion_purchases", "purchase", 4, value_micros=199_600_000, in_total=True),
        interaction("conversion_sign_ups", "lead", 2, in_total=True),
        interaction("native_leads", "lead", 1, in_total=True),
        interaction("conversion_add_cart", "conversion", 9),
        interaction("custom_event_3", "conversion", 6),
        interaction("video_views", "video_view", 5100, attribution=""),
        interaction("saves", "engagement", 5, attribution=""),
    ]


def test_other_windows_are_asked_for_and_named(api: Api, october: Unit) -> None:
    windows = {"swipe_up_attribution_window": "7_DAY", "view_attribution_window": "none"}
    echoed = {"swipe_up_attribution_window": "7_DAY", "view_attribution_window": "NONE"}
    api.broken_down("campaign", series(CAMPAIGN, bucket(DAY, conversion_sign_ups=2)), **echoed)

    asking = connector(**windows, action_report_time="impression", compare_totals=False)
    [record] = asking.conversions(october)

    assert record.attribution == "7_DAY_swipe,none_view,impression"
    [asked] = api.asked_of("/stats")
    assert asked.items() >= {**windows, "action_report_time": "impression"}.items()


@pytest.mark.parametrize("name", ["swipe_up_attribution_window", "view_attribution_window"])
def test_numbers_of_other_windows_than_asked_for_are_refused(
    api: Api, snapchat: SnapchatAds, october: Unit, name: str
) -> None:
    api.broken_down("campaign", **{name: "7_DAY"})

    with pytest.raises(ContractError, match="the attribution window is 7_DAY where"):
        list(snapchat.conversions(october))


@pytest.mark.parametrize(
    ("told_stat", "says"),
    [
        (stat("other", breakdown_stats={"campaign": []}), f"stats of other .* {ACCOUNT_ID}"),
        (stat(breakdown_stats={"ad": []}), "has ad where campaign"),
        (stat(timeseries=[]), "has nothing where campaign"),
    ],
)
def test_stats_of_something_else_are_refused(
    api: Api, snapchat: SnapchatAds, october: Unit, told_stat: Json, says: str
) -> None:
    api.stats(told_stat)

    with pytest.raises(ContractError, match=says):
        list(snapchat.conversions(october))


def test_a_second_identical_fetch_yields_identical_records(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    for _ in range(2):
        api.of_account("adsquads", squad())
        api.broken_down("campaign", series(CAMPAIGN, told()))

    assert list(snapchat.campaign_daily(october)) == list(snapchat.campaign_daily(october))
