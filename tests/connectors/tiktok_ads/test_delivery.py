"""Delivery and interactions: each row becomes records with exact money and counts."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, Delivery, Interaction, NotOffered, Unit, Window
from adtally_connectors.tiktok_ads import TikTokAds

from .builders import ACCOUNT_ID, REPORT, group, row

if TYPE_CHECKING:
    from .conftest import Api

DAY = date(2026, 10, 20)
CAMPAIGN, GROUP, AD = "1780000000000000001", "1785000000000000001", "1790000000000000001"

EVERYTHING = {
    "spend": "42.17",
    "billed_cost": "40.00",
    "impressions": "10310",
    "clicks": "118",
    "engagements": "150",
    "video_play_actions": "9800",
    "video_watched_2s": "4000",
    "video_watched_6s": "1500",
    "engaged_view": "1600",
    "engaged_view_15s": "700",
    "video_views_p100": "300",
    "conversion": "3",
    "onsite_form": "2",
    "form": "1",
    "total_sales_lead": "-",
    "offline_form_events": "0",
    "app_install": "0",
    "complete_payment": "2",
    "total_complete_payment_rate": "80.50",
    "total_purchase": "1",
    "total_purchase_value": "19.50",
    "onsite_shopping": "-",
    "total_onsite_shopping_value": "-",
    "offline_shopping_events": "-",
    "offline_shopping_events_value": "-",
}


def test_every_metric_lands_in_its_column_with_exact_money(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.groups(group())
    api.report(row(**EVERYTHING))

    assert list(tiktok.campaign_daily(october)) == [
        Delivery(
            day=DAY,
            campaign_id=CAMPAIGN,
            view_definition="tiktok_start",
            impressions=10310,
            clicks=118,
            interactions=118,
            engagements=32,
            video_views=9800,
            video_completions=300,
            leads=3,
            installs=0,
            conversions_micros=3_000_000,
            purchases=3,
            revenue_micros=100_000_000,
            billable_units=118,
            cost_micros=42_170_000,
            credited_micros=2_170_000,
        )
    ]


def test_what_is_not_applicable_or_absent_stays_unknown_and_told_zeros_stay_zero(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.groups(group())
    api.report(row(spend="0.00", impressions="0", clicks="0", conversion="-", engagements="-"))

    assert list(tiktok.campaign_daily(october)) == [
        Delivery(
            day=DAY,
            campaign_id=CAMPAIGN,
            impressions=0,
            clicks=0,
            interactions=0,
            billable_units=0,
            cost_micros=0,
        )
    ]


def test_a_sum_of_which_a_part_is_left_out_is_unknown(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    told = {name: text for name, text in EVERYTHING.items() if name not in ("form", "total_purchase")}
    api.groups(group())
    api.report(row(**told))

    [record] = tiktok.campaign_daily(october)

    assert (record.leads, record.purchases, record.revenue_micros) == (None, None, 100_000_000)


def test_an_empty_answer_yields_nothing(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.groups()
    api.report()

    assert list(tiktok.campaign_daily(october)) == []


def test_money_is_the_text_that_tiktok_wrote_and_no_binary_fraction(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.groups()
    api.report(row(spend="9007199254.740993"), row("1780000000000000002", spend="0.1"))

    assert [r.cost_micros for r in tiktok.campaign_daily(october)] == [9_007_199_254_740_993, 100_000]


def test_ids_beyond_two_to_the_53_are_not_rounded(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.groups()
    api.report(row("9223372036854775807"), row("9223372036854775806"))

    assert [r.campaign_id for r in tiktok.campaign_daily(october)] == [
        "9223372036854775807",
        "9223372036854775806",
    ]


def test_a_count_that_is_no_whole_number_is_refused(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.groups()
    api.report(row(clicks="1.5"))

    with pytest.raises(ContractError, match=r"not a count: '1\.5'"):
        list(tiktok.campaign_daily(october))


def test_nothing_was_credited_before_tiktok_began_to_tell_it(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.groups()
    api.report(row(day="2023-08-31", billed_cost="0.00"), row(day="2023-09-01", billed_cost="40.00"))

    assert [r.credited_micros for r in tiktok.campaign_daily(october)] == [None, 2_170_000]


@pytest.mark.parametrize(
    ("settings", "units", "interactions", "views"),
    [
        ({"billing_event": "CPC"}, 118, 118, (9800, "tiktok_start")),
        ({"billing_event": "OCPC"}, 118, 118, (9800, "tiktok_start")),
        ({"billing_event": "CPM"}, 10310, 118, (9800, "tiktok_start")),
        ({"billing_event": "OCPM"}, 10310, 118, (9800, "tiktok_start")),
        ({"billing_event": "CPA"}, 3, 3, (9800, "tiktok_start")),
        ({"billing_event": "CPV", "cpv_video_duration": "TWO_SECONDS"}, 4000, 4000, (4000, "tiktok_2s")),
        ({"billing_event": "CPV", "cpv_video_duration": "SIX_SECONDS"}, 1500, 1500, (1500, "tiktok_6s")),
        (
            {"billing_event": "CPV", "optimization_goal": "ENGAGED_VIEW"},
            1600,
            1600,
            (1600, "tiktok_focused_6s"),
        ),
        (
            {"billing_event": "CPV", "optimization_goal": "ENGAGED_VIEW_FIFTEEN"},
            700,
            700,
            (700, "tiktok_focused_15s"),
        ),
        ({"billing_event": "CPV"}, None, None, (None, "")),
        ({"billing_event": "GD", "rf_purchased_type": "FIXED_SHOW"}, 10310, 118, (9800, "tiktok_start")),
        ({"billing_event": "GD", "rf_purchased_type": "FIXED_REACH"}, None, 118, (9800, "tiktok_start")),
        ({"billing_event": "NEW"}, None, 118, (9800, "tiktok_start")),
    ],
)
def test_billable_units_count_what_the_ad_group_pays_for(
    api: Api,
    tiktok: TikTokAds,
    october: Unit,
    settings: dict[str, str],
    units: int | None,
    interactions: int | None,
    views: tuple[int | None, str],
) -> None:
    api.groups(group(**settings))
    api.report(row(**EVERYTHING, ad_group=GROUP, campaign_id=CAMPAIGN))

    [record] = tiktok.ad_group_daily(october)

    assert (record.billable_units, record.interactions) == (units, interactions)
    assert (record.video_views, record.view_definition) == views


@pytest.mark.parametrize(
    ("second", "units", "views"),
    [
        ({"billing_event": "CPV", "cpv_video_duration": "SIX_SECONDS"}, 1500, 1500),
        ({"billing_event": "CPV", "cpv_video_duration": "TWO_SECONDS"}, None, None),
        ({"billing_event": "CPC"}, None, 9800),
    ],
)
def test_a_campaign_counts_billable_units_only_where_its_ad_groups_agree(
    api: Api, tiktok: TikTokAds, october: Unit, second: dict[str, str], units: int | None, views: int | None
) -> None:
    api.groups(
        group(billing_event="CPV", cpv_video_duration="SIX_SECONDS"), group("1785000000000000002", **second)
    )
    api.report(row(**EVERYTHING))

    [record] = tiktok.campaign_daily(october)

    assert (record.billable_units, record.video_views) == (units, views)


def test_display_text_of_the_billing_event_is_not_asked_for(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.groups()
    api.report()

    list(tiktok.campaign_daily(october))

    [asked] = api.asked_of(REPORT)
    assert "billing_event" not in json.loads(asked["metrics"])


@pytest.mark.parametrize(
    ("report", "level", "dimension", "status", "parents"),
    [
        ("campaign_daily", "AUCTION_CAMPAIGN", "campaign_id", "campaign_status", []),
        ("ad_group_daily", "AUCTION_ADGROUP", "adgroup_id", "adgroup_status", ["campaign_id"]),
        ("ad_daily", "AUCTION_AD", "ad_id", "ad_status", ["campaign_id", "adgroup_id"]),
    ],
)
def test_deleted_things_are_asked_for_with_the_filter_of_their_level(
    api: Api,
    tiktok: TikTokAds,
    october: Unit,
    report: str,
    level: str,
    dimension: str,
    status: str,
    parents: list[str],
) -> None:
    api.groups()
    api.report()

    assert list(getattr(tiktok, report)(october)) == []

    [asked] = api.asked_of(REPORT)
    metrics = json.loads(asked.pop("metrics"))
    assert metrics[: len(parents) + 2] == [*parents, "spend", "billed_cost"]
    assert asked == {
        "advertiser_id": "7011111111111111111",
        "report_type": "BASIC",
        "data_level": level,
        "dimensions": f'["{dimension}","stat_time_day"]',
        "start_date": "2026-10-01",
        "end_date": "2026-10-30",
        "filtering": f'[{{"field_name":"{status}","filter_type":"IN","filter_value":"[\\"STATUS_ALL\\"]"}}]',
        "page": "1",
        "page_size": "1000",
    }


def test_an_ad_names_its_ad_group_and_campaign(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.groups(group())
    api.report(row(ad=AD, campaign_id=CAMPAIGN, adgroup_id=GROUP))

    assert [(r.campaign_id, r.ad_group_id, r.ad_id, r.billable_units) for r in tiktok.ad_daily(october)] == [
        (CAMPAIGN, GROUP, AD, 118)
    ]


def test_daily_reports_stay_within_thirty_days() -> None:
    assert {one.name: one.max_days for one in TikTokAds.declared() if one.cadence == "daily"} == {
        "campaign_daily": 30,
        "account_daily": 30,
        "ad_group_daily": 14,
        "ad_daily": 7,
        "conversions": 30,
    }


def test_a_day_of_the_whole_account_tells_what_does_not_depend_on_an_ad_group(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.answer("adgroup/get", asked="RESERVATION_TOP_VIEW")
    total = row(**EVERYTHING)
    days = {"advertiser_id": ACCOUNT_ID, "stat_time_day": "2026-10-20 00:00:00"}
    api.report({**total, "dimensions": days})

    assert list(tiktok.account_daily(october)) == [
        Delivery(
            day=DAY,
            view_definition="tiktok_start",
            impressions=10310,
            clicks=118,
            engagements=32,
            video_views=9800,
            video_completions=300,
            leads=3,
            installs=0,
            conversions_micros=3_000_000,
            purchases=3,
            revenue_micros=100_000_000,
            cost_micros=42_170_000,
            credited_micros=2_170_000,
        )
    ]
    [asked] = api.asked_of(REPORT)
    assert (asked["data_level"], asked["dimensions"]) == (
        "AUCTION_ADVERTISER",
        '["advertiser_id","stat_time_day"]',
    )
    assert "filtering" not in asked


def test_totals_of_an_account_with_top_view_campaigns_are_not_taken(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.answer("adgroup/get", group(), asked="RESERVATION_TOP_VIEW")

    with pytest.raises(NotOffered, match="TopView"):
        list(tiktok.account_daily(october))


@pytest.mark.parametrize(
    ("report", "missing"), [("campaign_daily", "campaign_id"), ("ad_group_daily", "adgroup_id")]
)
def test_a_row_that_does_not_name_what_it_is_about_is_refused(
    api: Api, tiktok: TikTokAds, october: Unit, report: str, missing: str
) -> None:
    api.groups()
    api.report(row(""))

    with pytest.raises(ContractError, match=f"has no {missing}"):
        list(getattr(tiktok, report)(october))


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily", "conversions"])
def test_named_campaigns_are_asked_for_alone_a_hundred_at_a_time(
    api: Api, tiktok: TikTokAds, october: Unit, report: str
) -> None:
    names = tuple(str(number) for number in range(1, 102))
    if report == "conversions":
        api.answer("adgroup/get", asked="RESERVATION_TOP_VIEW")
    else:
        api.groups()
    for _ in range(2):
        api.report()

    assert list(getattr(tiktok, report)(october.within(Window(DAY, DAY), names))) == []

    filters = [json.loads(asked["filtering"]) for asked in api.asked_of(REPORT)]
    assert [[each["field_name"] for each in conditions][1:] for conditions in filters] == [
        ["campaign_ids"],
        ["campaign_ids"],
    ]
    assert [json.loads(conditions[1]["filter_value"]) for conditions in filters] == [
        list(names[:100]),
        ["101"],
    ]
    assert {one.name for one in tiktok.declared() if one.by_campaign} >= {report}


def test_top_view_rows_come_by_a_question_of_their_own_and_once(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.groups(top_view=(group("9", campaign_id="77", billing_event="GD", cpm=11.33),))
    api.report(row("77"), asked="RESERVATION_TOP_VIEW")
    api.report(row("77"), row("78"))

    assert [(r.campaign_id, r.billable_units) for r in tiktok.campaign_daily(october)] == [
        ("77", 10310),
        ("78", None),
    ]


def test_what_smart_plus_ad_groups_pay_for_is_known_too(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.groups(smart_plus=(group(billing_event="OCPM"),))
    api.report(row())

    assert [r.billable_units for r in tiktok.campaign_daily(october)] == [10310]


def test_cost_is_told_also_where_the_app_may_not_read_smart_plus(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    for asked in ('{"primary_status":"STATUS_ALL"}', "RESERVATION_TOP_VIEW"):
        api.answer("adgroup/get", asked=asked)
    api.refuse(40001, "smart_plus/adgroup/get")
    api.report(row())

    assert [(r.cost_micros, r.billable_units) for r in tiktok.campaign_daily(october)] == [(42_170_000, None)]


def interaction(action: str, kind: str, quantity: int, **changes: object) -> Interaction:
    common = {"day": DAY, "campaign_id": CAMPAIGN, "attribution": "default"}
    given = {"action": action, "kind": kind, "quantity_micros": quantity * 1_000_000}
    return Interaction(**(common | given | changes))  # type: ignore[arg-type]


def test_every_family_of_actions_is_told_and_only_conversions_add_up(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.answer("adgroup/get", asked="RESERVATION_TOP_VIEW")
    api.report(
        row(
            conversion="3",
            real_time_conversion="4",
            cta_conversion="2",
            vta_conversion="1",
            skan_conversion="-",
            onsite_form="2",
            app_install="0",
            complete_payment="2",
            total_complete_payment_rate="80.50",
            onsite_shopping="1",
            total_onsite_shopping_value="5.00",
            engaged_view="1600",
            likes="7",
        )
    )

    assert list(tiktok.conversions(october)) == [
        interaction("conversion", "conversion", 3, in_total=True),
        interaction("conversion", "conversion", 4, attribution="by_conversion_day"),
        interaction("conversion", "conversion", 2, attribution="click"),
        interaction("conversion", "conversion", 1, attribution="view_through", view_through=True),
        interaction("onsite_form", "lead", 2),
        interaction("complete_payment", "purchase", 2, value_micros=80_500_000),
        interaction("onsite_shopping", "purchase", 1, value_micros=5_000_000),
        interaction("engaged_view", "video_view", 1600, attribution=""),
        interaction("likes", "engagement", 7, attribution=""),
    ]


def test_a_value_without_its_count_is_no_action(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.answer("adgroup/get", asked="RESERVATION_TOP_VIEW")
    api.report(row(complete_payment="-", total_complete_payment_rate="80.50"))

    assert list(tiktok.conversions(october)) == []


def test_engagements_are_unknown_without_the_clicks_that_are_among_them(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    api.groups()
    api.report(row(clicks="-", engagements="150"))

    assert [(r.clicks, r.engagements) for r in tiktok.campaign_daily(october)] == [(None, None)]


def test_no_action_and_attribution_has_two_rows(api: Api, tiktok: TikTokAds, october: Unit) -> None:
    api.answer("adgroup/get", asked="RESERVATION_TOP_VIEW")
    api.report()
    list(tiktok.conversions(october))
    asked: list[str] = json.loads(api.asked_of(REPORT)[0]["metrics"])
    api.answer("adgroup/get", asked="RESERVATION_TOP_VIEW")
    api.report(row(**dict.fromkeys(asked, "1")))

    keys = [(r.day, r.campaign_id, r.action, r.attribution) for r in tiktok.conversions(october)]

    assert len(keys) == len(set(keys))
    assert len(asked) == len(set(asked))


def test_a_second_identical_fetch_yields_identical_records(
    api: Api, tiktok: TikTokAds, october: Unit
) -> None:
    for _ in range(2):
        api.groups(group())
        api.report(row(**EVERYTHING), row("1780000000000000002"))

    assert list(tiktok.campaign_daily(october)) == list(tiktok.campaign_daily(october))
