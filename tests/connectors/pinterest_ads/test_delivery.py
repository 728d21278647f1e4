"""Delivery and interactions: which column becomes which, and in what unit."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace as replaced

from adtally import ContractError, Delivery, Interaction, Unit, Window
from adtally_connectors.pinterest_ads import PinterestAds
from adtally_connectors.pinterest_ads.queries import AD, columns
from adtally_connectors.pinterest_ads.wire import ActionRow, DeliveryRow

from .builders import ACCOUNT_ID, AD as AD_ID, CAMPAIGN, DAY, FILE, GROUP, Json, group, row
from .conftest import connector

if TYPE_CHECKING:
    from .conftest import Api

TOLD = {
    "ENGAGEMENT_1": 100,
    "VIDEO_MRC_VIEWS_1": 2100,
    "VIDEO_P100_COMPLETE_1": 300,
    "LEADS": 2,
    "TOTAL_LEAD": 3,
    "TOTAL_APP_INSTALL": 4,
    "TOTAL_CONVERSIONS": 45,
    "TOTAL_CHECKOUT": 6,
    "TOTAL_CHECKOUT_VALUE_IN_MICRO_DOLLAR": 199_600_000,
    "ADS_CREDIT_SPEND_IN_MICRO_DOLLAR": 1_500_000,
}
RECORD = Delivery(
    day=date(2026, 10, 20),
    campaign_id=CAMPAIGN,
    view_definition="pinterest_mrc_2s",
    impressions=8300,
    clicks=61,
    interactions=61,
    engagements=39,
    video_views=2100,
    video_completions=300,
    leads=5,
    installs=4,
    conversions_micros=45_000_000,
    purchases=6,
    revenue_micros=199_600_000,
    billable_units=61,
    cost_micros=12_500_001,
    credited_micros=1_500_000,
)
DEFAULT = "30d_click,30d_engagement,1d_view,ad_action"


def test_a_day_of_a_campaign_has_all_that_pinterest_tells(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    api.groups()
    api.finished(row(**TOLD))

    assert list(pinterest.campaign_daily(october)) == [RECORD]


def test_what_is_left_out_is_zero_and_what_is_null_stays_unknown(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    api.groups()
    api.finished(
        {"DATE": DAY, "CAMPAIGN_ID": CAMPAIGN, "IMPRESSION_1": 1, "LEADS": None, "ENGAGEMENT_1": None}
    )

    [record] = pinterest.campaign_daily(october)

    assert (record.clicks, record.cost_micros, record.credited_micros, record.purchases) == (0, 0, 0, 0)
    assert (record.leads, record.engagements) == (None, None)


def as_table(*rows: Json) -> str:
    """The same rows as CSV: zeros are written, and ids are text."""
    text = StringIO()
    names = ["DATE", *columns(AD, DeliveryRow)]
    writer = csv.DictWriter(text, names, restval="0")
    writer.writeheader()
    for one in rows:
        ids = {name: one.get(name, ACCOUNT_ID) for name in names[:5]}
        writer.writerow({**one, **ids})
    return text.getvalue()


def test_json_and_csv_give_equal_records(api: Api, october: Unit) -> None:
    rows = [
        row(AD_ID=AD_ID, AD_GROUP_ID=GROUP, **TOLD),
        row(AD_ID=int(AD_ID), AD_GROUP_ID=f"AG{GROUP}", DATE="2026-10-21", SPEND_IN_MICRO_DOLLAR=7),
    ]
    api.groups()
    api.finished(*rows)
    api.groups()
    api.ordered("def456")
    api.looked_at("FINISHED", url=f"{FILE}.csv")
    api.mock.get(f"{FILE}.csv", body="\ufeff" + as_table(*rows))

    by_json = list(connector().ad_daily(october))
    by_csv = list(connector(report_format="CSV").ad_daily(replace(october, remembered={})))

    assert by_csv == by_json
    assert by_json[0] == replaced(RECORD, ad_group_id=GROUP, ad_id=AD_ID)
    assert [body["report_format"] for body in api.bodies] == ["JSON", "CSV"]


@pytest.mark.parametrize(
    ("events", "units", "interactions"),
    [
        (["CLICKTHROUGH"], 61, 61),
        (["IMPRESSION"], 8300, 61),
        (["VIDEO_V_50_MRC"], 2100, 2100),
        (["CLICKTHROUGH", "CLICKTHROUGH"], 61, 61),
        (["CLICKTHROUGH", "IMPRESSION"], None, 61),
        (["SOMETHING_NEW"], None, 61),
    ],
)
def test_billable_units_count_what_all_ad_groups_of_the_campaign_pay_for(
    api: Api,
    pinterest: PinterestAds,
    october: Unit,
    events: list[str],
    units: int | None,
    interactions: int,
) -> None:
    api.groups(*(group(f"26{n}", billable_event=event) for n, event in enumerate(events)))
    api.finished(row(**TOLD))

    [record] = pinterest.campaign_daily(october)

    assert (record.billable_units, record.interactions) == (units, interactions)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"DATE": "2026-11-01"}, "a row of 2026-11-01"),
        ({"AD_ACCOUNT_ID": "549700000002"}, "account 549700000002"),
        ({"CAMPAIGN_ID": None}, "CAMPAIGN_ID"),
        ({"CAMPAIGN_ID": ""}, "has no CAMPAIGN_ID"),
        ({"CAMPAIGN_ID": "6.267E+11"}, "not an id: '6.267E"),
        ({"CAMPAIGN_ID": "999"}, "campaign 999 came, which was not asked for"),
        ({"SPEND_IN_MICRO_DOLLAR": "n/a"}, "SPEND_IN_MICRO_DOLLAR"),
        ({"IMPRESSION_1": 1.5}, "IMPRESSION_1"),
        ({"CLICKTHROUGH_1": {"value": 1}}, "CLICKTHROUGH_1"),
        ({}, f"{DAY} {CAMPAIGN} came twice"),
    ],
)
def test_a_row_that_is_not_what_was_asked_for_is_refused(
    api: Api, pinterest: PinterestAds, october: Unit, wrong: dict[str, object], says: str
) -> None:
    api.groups()
    api.finished(row(), row(**wrong))

    with pytest.raises(ContractError, match=says.replace("+", r"\+")):
        list(pinterest.campaign_daily(october.within(october.window, (CAMPAIGN,))))


def test_a_row_without_a_day_is_refused(api: Api, pinterest: PinterestAds, october: Unit) -> None:
    api.groups()
    api.finished({"CAMPAIGN_ID": CAMPAIGN})

    with pytest.raises(ContractError, match="DATE"):
        list(pinterest.campaign_daily(october))


def test_the_days_of_the_whole_account_come_at_once_and_without_what_only_reports_tell(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    told = {name: value for name, value in TOLD.items() if name in ("LEADS", "TOTAL_CHECKOUT")}
    day = {"DATE": DAY, "AD_ACCOUNT_ID": ACCOUNT_ID, "SPEND_IN_MICRO_DOLLAR": 12_500_001}
    api.days({**day, "CLICKTHROUGH_1": 61, "ENGAGEMENT_1": 100, **told})

    assert list(pinterest.account_daily(october)) == [
        Delivery(
            day=date(2026, 10, 20),
            view_definition="pinterest_mrc_2s",
            impressions=0,
            clicks=61,
            engagements=39,
            video_views=0,
            leads=2,
            conversions_micros=0,
            purchases=6,
            revenue_micros=0,
            cost_micros=12_500_001,
        )
    ]
    [asked] = api.asked_of("/analytics")
    names = asked.pop("columns")[0].split(",")
    assert asked == {
        "start_date": ["2026-10-01"],
        "end_date": ["2026-10-31"],
        "granularity": ["DAY"],
        "reporting_timezone": ["PINTEREST_TIME_ZONE"],
        "click_window_days": ["30"],
        "engagement_window_days": ["30"],
        "view_window_days": ["1"],
        "conversion_report_time": ["TIME_OF_AD_ACTION"],
    }
    assert names[0] == "AD_ACCOUNT_ID"
    assert not {"ADS_CREDIT_SPEND_IN_MICRO_DOLLAR", "VIDEO_P100_COMPLETE_1", "TOTAL_APP_INSTALL"} & {*names}


def test_older_days_of_the_account_come_by_a_report_with_the_same_columns(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    told = {"DATE": DAY, "AD_ACCOUNT_ID": int(ACCOUNT_ID), "SPEND_IN_MICRO_DOLLAR": 12_500_001}
    api.days(told)
    api.finished(told)

    recent = list(pinterest.account_daily(replace(october, today=date(2026, 12, 29))))
    older = list(pinterest.account_daily(replace(october, today=date(2026, 12, 30))))

    assert recent == older
    [body] = api.bodies
    assert body["level"] == "ADVERTISER"
    assert body["columns"] == api.asked_of("/analytics")[0]["columns"][0].split(",")


def interaction(action: str, kind: str, quantity: int, **changes: object) -> Interaction:
    given = {"action": action, "kind": kind, "quantity_micros": quantity * 1_000_000}
    common = {"day": date(2026, 10, 20), "campaign_id": CAMPAIGN, "attribution": DEFAULT}
    return Interaction(**(common | given | changes))  # type: ignore[arg-type]


def test_actions_are_told_by_what_came_before_them_and_only_ends_of_the_way_add_up(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    counts = {
        "OUTBOUND_CLICK_1": 44,
        "REPIN_1": 5,
        "TOTAL_CHECKOUT": 4,
        "TOTAL_CHECKOUT_VALUE_IN_MICRO_DOLLAR": 199_600_000,
        "TOTAL_CLICK_CHECKOUT": 3,
        "TOTAL_CLICK_CHECKOUT_VALUE_IN_MICRO_DOLLAR": 150_000_000,
        "TOTAL_VIEW_CHECKOUT": 1,
        "TOTAL_LEAD": 2,
        "LEADS": 1,
        "TOTAL_CONVERSIONS": 17,
        "TOTAL_PAGE_VISIT": 10,
        "TOTAL_VIEW_CATEGORY": 6,
    }
    api.finished(row(**counts))

    assert list(pinterest.conversions(october)) == [
        interaction("OUTBOUND_CLICK_1", "click", 44, attribution=""),
        interaction("REPIN_1", "engagement", 5, attribution=""),
        interaction("TOTAL_CHECKOUT", "purchase", 4, value_micros=199_600_000, in_total=True),
        interaction(
            "TOTAL_CHECKOUT", "purchase", 3, value_micros=150_000_000, attribution="30d_click,ad_action"
        ),
        interaction(
            "TOTAL_CHECKOUT",
            "purchase",
            1,
            value_micros=0,
            attribution="1d_view,ad_action",
            view_through=True,
        ),
        interaction("TOTAL_LEAD", "lead", 2, value_micros=0, in_total=True),
        interaction("LEADS", "lead", 1, in_total=True),
        interaction("TOTAL_CONVERSIONS", "conversion", 17, value_micros=0),
        interaction("TOTAL_PAGE_VISIT", "conversion", 10),
        interaction("TOTAL_VIEW_CATEGORY", "conversion", 6),
    ]


def test_other_windows_are_asked_for_and_named_and_days_are_read_again_for_as_long(
    api: Api, october: Unit
) -> None:
    windows = {"click_window_days": 60, "engagement_window_days": 0, "view_window_days": 7}
    asking = connector(**windows, conversion_report_time="TIME_OF_CONVERSION")
    api.finished(row(TOTAL_SIGNUP=1))

    [record] = asking.conversions(october)

    assert record.attribution == "60d_click,0d_engagement,7d_view,conversion"
    assert api.bodies[0].items() >= {**windows, "conversion_report_time": "TIME_OF_CONVERSION"}.items()
    daily = [one for one in asking.reports() if one.cadence == "daily"]
    assert {(one.restated_days, one.final_after["conversions"]) for one in daily} == {(63, 63)}
    assert {one.restated_days for one in asking.reports() if one.cadence != "daily"} == {0}


def test_days_move_for_a_month_and_are_asked_for_in_parts(pinterest: PinterestAds) -> None:
    daily = {one.name: one for one in pinterest.reports() if one.cadence == "daily"}

    assert {name: one.max_days for name, one in daily.items()} == {
        "campaign_daily": 30,
        "account_daily": 30,
        "ad_group_daily": 30,
        "ad_daily": 15,
        "conversions": 30,
    }
    assert {(one.restated_days, one.retention_days) for one in daily.values()} == {(33, 913)}
    assert {tuple(one.final_after.items()) for one in daily.values()} == {
        (("cost", 3), ("clicks", 3), ("conversions", 33))
    }
    assert [one.name for one in daily.values() if not one.by_campaign] == ["account_daily"]


def test_only_paid_columns_are_asked_for() -> None:
    names = {*columns(AD, DeliveryRow), *columns(AD, ActionRow)}

    assert not [name for name in names if name.endswith(("_2", "_IN_DOLLAR", "_GROSS"))]
    assert not names & {"TOTAL_IMPRESSION", "TOTAL_CLICKTHROUGH", "TOTAL_ENGAGEMENT"}


def test_a_second_identical_fetch_yields_identical_records(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    for _ in range(2):
        api.groups()
        api.finished(row(**TOLD))

    first = list(pinterest.campaign_daily(replace(october, remembered={})))

    assert first == list(pinterest.campaign_daily(replace(october, remembered={})))


def test_a_day_alone_and_campaigns_alone_are_asked_for_alone(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    day = date(2026, 10, 20)
    api.groups()
    api.finished(row())

    list(pinterest.campaign_daily(october.within(Window(day, day), (CAMPAIGN,))))

    assert api.bodies[0].items() >= {"start_date": DAY, "end_date": DAY, "campaign_ids": [CAMPAIGN]}.items()
