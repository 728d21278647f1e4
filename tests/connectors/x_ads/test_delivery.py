"""Delivery and interactions: numbers by position become records by day, with exact money and counts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, Delivery, Interaction, NotOffered, TransientError, Unit
from adtally_connectors.x_ads import XAds

from .builders import MOBILE, WEB, active, instrument, item, numbers, promoted
from .conftest import unit_of

if TYPE_CHECKING:
    from .conftest import Api

CAMPAIGN, ITEM, AD = "8wku2", "itttx", "1efwlo"
EVERYTHING = numbers(
    clicks=[310],
    engagements=[400],
    app_clicks=[9],
    follows=[7],
    billed_engagements=[148],
    video_total_views=[5000],
    video_3s100pct_views=[4000],
    video_6s_views=[1500],
    video_15s_views=[700],
    video_views_100=[300],
)
ON_WEB = {
    "conversion_purchases": {
        "metric": [3],
        "post_view": [1],
        "post_engagement": [2],
        "assisted": None,
        "order_quantity": [4_000_000],
        "sale_amount": [80_500_000],
        "sale_amount_view": [30_500_000],
        "sale_amount_engagement": [50_000_000],
    },
    "conversion_sign_ups": {"metric": [2], "post_view": None, "post_engagement": [2], "assisted": None},
    "conversion_site_visits": {"metric": [60]},
}
IN_APPS = {
    "mobile_conversion_installs": {"post_view": [1], "post_engagement": [4], "assisted": [9]},
    "mobile_conversion_purchases": {"post_view": None, "post_engagement": [1], "sale_amount": [9_500_000]},
}


def told(api: Api, *items: dict[str, object], number: str = CAMPAIGN) -> None:
    api.listed("line_items", *(item(**changes) for changes in items or ({},)))
    api.active(active(number))
    api.tell(number, EVERYTHING)
    api.tell(number, ON_WEB, groups=WEB)
    api.tell(number, IN_APPS, groups=MOBILE)


def test_every_metric_lands_in_its_column_with_exact_money(api: Api, x: XAds, day: Unit) -> None:
    told(api)

    assert list(x.campaign_daily(day)) == [
        Delivery(
            day=date(2026, 10, 20),
            campaign_id=CAMPAIGN,
            view_definition="x_3s_100pct_or_click",
            impressions=12000,
            clicks=150,
            interactions=150,
            engagements=250,
            video_views=5000,
            video_completions=300,
            installs=5,
            purchases=4,
            revenue_micros=90_000_000,
            billable_units=150,
            cost_micros=45_000_000,
        )
    ]


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
def test_charges_are_micros_in_every_currency_and_never_minor_units(
    api: Api, x: XAds, day: Unit, currency: str
) -> None:
    told(api, {"currency": currency})
    api.tell(CAMPAIGN, numbers(billed_charge_local_micro=[100_000_001]))

    [record] = x.campaign_daily(day)

    assert record.cost_micros == 100_000_001
    assert record.currency == ("" if currency == "USD" else currency)


def test_the_value_of_sales_is_micros_already(api: Api, x: XAds, day: Unit) -> None:
    told(api)
    api.tell(CAMPAIGN, {"conversion_purchases": {"metric": [1], "sale_amount": [12_340_000]}}, groups=WEB)
    api.tell(CAMPAIGN, {"mobile_conversion_purchases": {"sale_amount": None}}, groups=MOBILE)

    [record] = x.campaign_daily(day)

    assert record.revenue_micros == 12_340_000


def test_null_is_zero_and_what_is_left_out_is_unknown(api: Api, x: XAds, day: Unit) -> None:
    api.active(active())
    api.tell(CAMPAIGN, {"impressions": [5], "url_clicks": None, "billed_charge_local_micro": [None]})

    assert list(x.campaign_daily(day)) == [
        Delivery(
            day=date(2026, 10, 20),
            campaign_id=CAMPAIGN,
            impressions=5,
            clicks=0,
            interactions=0,
            cost_micros=0,
        )
    ]


def test_days_of_nothing_are_left_out(api: Api, x: XAds) -> None:
    api.active(active())
    api.tell(CAMPAIGN, {"impressions": [0, 7, 0], "url_clicks": [None, None, None]})

    assert [r.day for r in x.campaign_daily(unit_of("2026-10-20", "2026-10-22"))] == [date(2026, 10, 21)]


def test_placements_are_asked_for_one_by_one_and_added_up(api: Api, x: XAds, day: Unit) -> None:
    api.listed("line_items", item())
    api.active(active(CAMPAIGN, "ALL_ON_TWITTER", "SPOTLIGHT", "TREND"))
    for placement, count in {"ALL_ON_TWITTER": 100, "SPOTLIGHT": 20, "TREND": 3}.items():
        api.tell(CAMPAIGN, numbers(impressions=[count], url_clicks=None), placement=placement)

    [record] = x.campaign_daily(day)

    assert (record.impressions, record.clicks, record.cost_micros) == (123, 0, 135_000_000)
    assert {asked["placement"] for asked in api.asked_of("jobs", "POST")} == {
        *("ALL_ON_TWITTER", "SPOTLIGHT", "TREND")
    }


def test_a_metric_that_one_placement_does_not_tell_is_unknown(api: Api, x: XAds, day: Unit) -> None:
    api.active(active(CAMPAIGN, "ALL_ON_TWITTER", "TREND"))
    api.tell(CAMPAIGN, numbers())
    api.tell(CAMPAIGN, {"impressions": [1]}, placement="TREND")

    [record] = x.campaign_daily(day)

    assert (record.impressions, record.cost_micros) == (12001, None)


def test_a_placement_without_reports_is_named_and_not_asked_for(
    api: Api, x: XAds, day: Unit, caplog: pytest.LogCaptureFixture
) -> None:
    api.active(active(CAMPAIGN, "ALL_ON_TWITTER", "PUBLISHER_NETWORK"))

    assert list(x.campaign_daily(day)) == []
    assert {asked["placement"] for asked in api.asked_of("jobs", "POST")} == {"ALL_ON_TWITTER"}
    assert "no reports of the placement PUBLISHER_NETWORK" in caplog.text


@pytest.mark.parametrize(
    ("settings", "units", "interactions", "clicks", "views"),
    [
        ({"pay_by": "LINK_CLICK"}, 150, 150, 150, (5000, "x_3s_100pct_or_click")),
        ({"pay_by": "APP_CLICK"}, 9, 9, 9, (5000, "x_3s_100pct_or_click")),
        ({"pay_by": "IMPRESSION"}, 12000, 150, 150, (5000, "x_3s_100pct_or_click")),
        ({"pay_by": "ENGAGEMENT"}, 400, 400, 150, (5000, "x_3s_100pct_or_click")),
        ({"pay_by": "FOLLOW"}, 7, 7, 150, (5000, "x_3s_100pct_or_click")),
        ({"pay_by": "APP_INSTALL"}, 5, 5, 150, (5000, "x_3s_100pct_or_click")),
        ({"pay_by": "LEAD"}, 148, 148, 150, (5000, "x_3s_100pct_or_click")),
        ({"pay_by": "VIEW", "goal": "VIDEO_VIEW"}, 5000, 5000, 150, (5000, "x_3s_100pct_or_click")),
        ({"pay_by": "VIEW", "goal": "VIEW_3S_100PCT"}, 4000, 4000, 150, (4000, "x_3s_100pct")),
        ({"pay_by": "VIEW", "goal": "VIEW_6S"}, 1500, 1500, 150, (1500, "x_6s")),
        ({"pay_by": "VIEW", "goal": "VIEW_15S"}, 700, 700, 150, (700, "x_15s")),
        ({"pay_by": "VIEW", "goal": "PREROLL"}, None, None, 150, (None, "")),
        ({"pay_by": "NEW"}, None, 150, 150, (5000, "x_3s_100pct_or_click")),
        ({"placements": ["TREND"]}, None, 150, 150, (5000, "x_3s_100pct_or_click")),
    ],
)
def test_billable_units_count_what_the_line_item_pays_for(
    api: Api,
    x: XAds,
    day: Unit,
    settings: dict[str, object],
    units: int | None,
    interactions: int | None,
    clicks: int,
    views: tuple[int | None, str],
) -> None:
    told(api, settings, number=ITEM)

    [record] = x.ad_group_daily(day)

    assert (record.campaign_id, record.ad_group_id) == (CAMPAIGN, ITEM)
    assert (record.billable_units, record.interactions, record.clicks) == (units, interactions, clicks)
    assert (record.video_views, record.view_definition) == views


@pytest.mark.parametrize(
    ("second", "units", "views"),
    [
        ({"pay_by": "VIEW", "goal": "VIEW_6S"}, 1500, 1500),
        ({"pay_by": "VIEW", "goal": "VIEW_15S"}, None, None),
        ({"pay_by": "LINK_CLICK"}, None, 5000),
    ],
)
def test_a_campaign_counts_billable_units_only_where_its_line_items_agree(
    api: Api, x: XAds, day: Unit, second: dict[str, object], units: int | None, views: int | None
) -> None:
    told(api, {"pay_by": "VIEW", "goal": "VIEW_6S"}, second | {"id": "other"})

    [record] = x.campaign_daily(day)

    assert (record.billable_units, record.video_views) == (units, views)


def test_views_of_all_kinds_mean_something_else_since_13_august_2026(api: Api, x: XAds) -> None:
    api.active(active(begins="2026-08-12T08:00:00Z", ends="2026-08-14T06:00:00Z"))
    api.tell(CAMPAIGN, {"video_total_views": [10, 20]})
    unit = unit_of("2026-08-12", "2026-08-13")

    records = list(x.campaign_daily(unit))
    actions = [(one.day.day, one.attribution) for one in x.conversions(unit)]

    assert [(r.video_views, r.view_definition) for r in records] == [
        (10, "x_2s_50pct"),
        (20, "x_3s_100pct_or_click"),
    ]
    assert actions == [(12, "x_2s_50pct"), (13, "x_3s_100pct_or_click")]


def test_an_ad_names_its_ad_group_and_campaign_and_promoted_accounts_are_ads(
    api: Api, x: XAds, day: Unit
) -> None:
    api.listed("line_items", item())
    api.listed("promoted_tweets", promoted())
    api.listed("promoted_accounts", promoted("19pl2"))
    api.active(active(AD))
    api.active(active("19pl2"))
    for number in (AD, "19pl2"):
        api.tell(number, numbers())

    records = list(x.ad_daily(day))

    assert [(r.campaign_id, r.ad_group_id, r.ad_id, r.billable_units) for r in records] == [
        (CAMPAIGN, ITEM, AD, 150),
        (CAMPAIGN, ITEM, "19pl2", 150),
    ]
    assert [a["entity"] for a in api.asked_of("active_entities")] == ["PROMOTED_TWEET", "PROMOTED_ACCOUNT"]


def test_a_thing_that_no_list_has_is_asked_for_again_later(api: Api, x: XAds, day: Unit) -> None:
    api.active(active("young"))
    api.tell("young", numbers())

    with pytest.raises(TransientError, match="young is told of and not listed"):
        list(x.ad_group_daily(day))


def test_a_day_of_the_whole_account_is_what_its_funding_instruments_were_charged(api: Api, x: XAds) -> None:
    api.listed("funding_instruments", instrument(), instrument("other"))
    api.active(active("lygyi"), active("other"))
    for number in ("lygyi", "other"):
        charged = {"billed_engagements": [1, 1], "billed_charge_local_micro": [45_000_000, 1]}
        api.tell(number, charged, groups="BILLING")

    assert list(x.account_daily(unit_of("2026-10-20", "2026-10-21"))) == [
        Delivery(day=date(2026, 10, 20), cost_micros=90_000_000),
        Delivery(day=date(2026, 10, 21), cost_micros=2),
    ]
    assert {(a["entity"], a["metric_groups"]) for a in api.asked_of("jobs", "POST")} == {
        ("FUNDING_INSTRUMENT", "BILLING")
    }


def test_totals_of_several_currencies_are_not_added_up(api: Api, x: XAds, day: Unit) -> None:
    api.listed("funding_instruments", instrument(), instrument("other", currency="EUR"))

    with pytest.raises(NotOffered, match="EUR and USD"):
        list(x.account_daily(day))


def test_conversions_come_by_attribution_and_only_whole_ones_may_be_added_up(
    api: Api, x: XAds, day: Unit
) -> None:
    told(api)
    api.tell(CAMPAIGN, {"likes": [11], "billed_engagements": [148]})

    records = list(x.conversions(day))

    def row(
        action: str, attribution: str, kind: str, count: int, value: int | None = None, total: bool = False
    ) -> Interaction:
        return Interaction(
            day=date(2026, 10, 20),
            campaign_id=CAMPAIGN,
            action=action,
            attribution=attribution,
            kind=kind,  # type: ignore[arg-type]
            quantity_micros=count * 1_000_000,
            value_micros=value,
            view_through=attribution == "post_view",
            in_total=total,
        )

    assert records == [
        row("likes", "", "engagement", 11),
        row("billed_engagements", "", "other", 148),
        row("conversion_purchases", "default", "purchase", 3, 80_500_000, total=True),
        row("conversion_purchases", "post_view", "purchase", 1, 30_500_000),
        row("conversion_purchases", "post_engagement", "purchase", 2, 50_000_000),
        row("conversion_sign_ups", "default", "lead", 2, total=True),
        row("conversion_sign_ups", "post_engagement", "lead", 2),
        row("conversion_site_visits", "default", "conversion", 60),
        row("mobile_conversion_installs", "default", "install", 5, total=True),
        row("mobile_conversion_installs", "post_view", "install", 1),
        row("mobile_conversion_installs", "post_engagement", "install", 4),
        row("mobile_conversion_installs", "assisted", "install", 9),
        row("mobile_conversion_purchases", "default", "purchase", 1, 9_500_000, total=True),
        row("mobile_conversion_purchases", "post_engagement", "purchase", 1),
    ]


def test_conversions_are_asked_for_apart_and_those_of_apps_alone(api: Api, x: XAds, day: Unit) -> None:
    told(api)

    list(x.campaign_daily(day))

    assert [asked["metric_groups"] for asked in api.asked_of("jobs", "POST")] == [
        *("BILLING,ENGAGEMENT,VIDEO", "WEB_CONVERSION", "MOBILE_CONVERSION")
    ]


@pytest.mark.parametrize("code", ["FEATURE_NOT_AVAILABLE", "INVALID_ACCOUNT_SERVICE_LEVEL"])
def test_an_account_without_app_conversions_has_those_of_the_web(
    api: Api, x: XAds, day: Unit, code: str
) -> None:
    told(api)
    api.lacking = {MOBILE: code}

    [record] = x.campaign_daily(day)

    assert (record.purchases, record.revenue_micros, record.installs) == (3, 80_500_000, None)


@pytest.mark.parametrize(
    ("stats", "says"),
    [
        ({"time_series_length": 3}, "time_series_length is 3 for 2 days"),
        ({"data": [{"id": "8wku2", "id_data": []}]}, "in segments"),
        (
            {"data": [{"id": "8wku2", "id_data": [{"metrics": {}}]}, {"id": "zzz", "id_data": []}]},
            "zzz came twice, or was not",
        ),
        (
            {"data": [{"id": "8wku2", "id_data": [{"metrics": {"likes": [1]}}]}]},
            "likes has 1 numbers for 2 days",
        ),
        (
            {"data": [{"id": "8wku2", "id_data": [{"metrics": {}, "segment": {"segment_name": "AGE"}}]}]},
            "in segments",
        ),
        ({"data": [{"id": "8wku2", "id_data": [{"metrics": {"likes": "1"}}]}]}, "likes|metrics"),
        ({"data": [{"id": "8wku2", "id_data": [{"metrics": {}}]}] * 2}, "came twice"),
    ],
)
def test_a_file_about_something_else_is_refused(
    api: Api, x: XAds, stats: dict[str, object], says: str
) -> None:
    api.active(active())
    api.stats = stats

    with pytest.raises(ContractError, match=says):
        list(x.campaign_daily(unit_of("2026-10-20", "2026-10-21")))


def test_an_id_that_the_file_leaves_out_is_missing(api: Api, x: XAds, day: Unit) -> None:
    api.active(active())
    api.stats = {"data": []}

    with pytest.raises(TransientError, match="leaves out 1 of 1 ids: sync again for a new one"):
        list(x.campaign_daily(day))


@pytest.mark.parametrize("params", [{"entity": "LINE_ITEM"}, {"granularity": "TOTAL"}])
def test_a_report_of_another_kind_is_refused(api: Api, x: XAds, day: Unit, params: dict[str, str]) -> None:
    api.active(active())
    api.params = params

    with pytest.raises(ContractError, match="where CAMPAIGN was asked for"):
        list(x.campaign_daily(day))


def test_daily_reports_stay_within_ninety_days_with_what_came_late() -> None:
    assert {one.name: one.max_days for one in XAds.declared() if one.cadence == "daily"} == {
        "campaign_daily": 30,
        "account_daily": 30,
        "ad_group_daily": 30,
        "ad_daily": 15,
        "conversions": 30,
    }
