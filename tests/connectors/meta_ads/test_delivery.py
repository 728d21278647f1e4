"""Delivery: each row of insights becomes one record with exact money and counts."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import Account, ContractError, Delivery, Unit, Window
from adtally_connectors.meta_ads import MetaAds

if TYPE_CHECKING:
    from tests.connectors.meta_ads.conftest import Api, Json

DAY = date(2026, 10, 20)
PIXEL = "offsite_conversion.fb_pixel_purchase"


def test_every_metric_lands_in_its_column_with_exact_money(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on("IMPRESSIONS")
    api.insights(
        api.row(
            actions=[
                api.action("link_click", "190", c1d="190"),
                api.action(PIXEL, "4", c1d="2"),
                api.action("purchase", "4", c1d="2"),
                api.action("onsite_conversion.lead_grouped", "3"),
                api.action("mobile_app_install", "5"),
            ],
            action_values=[api.action(PIXEL, "199.6"), api.action("purchase", "199.6")],
            video_thruplay_watched_actions=[api.action("video_view", "120")],
            video_p100_watched_actions=[api.action("video_view", "80")],
        )
    )

    assert list(meta.campaign_daily(october)) == [
        Delivery(
            day=DAY,
            campaign_id="1201",
            currency="EUR",
            view_definition="meta_thruplay",
            impressions=10234,
            clicks=190,
            interactions=190,
            engagements=120,
            video_views=120,
            video_completions=80,
            leads=3,
            installs=5,
            conversions_micros=12_000_000,
            purchases=4,
            revenue_micros=199_600_000,
            billable_units=10234,
            cost_micros=57_310_000,
        )
    ]


def test_what_a_row_leaves_out_is_zero_since_it_was_asked_for(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on("IMPRESSIONS")
    api.insights(
        {
            "campaign_id": "1201",
            "impressions": "12",
            "spend": "0",
            "date_start": "2026-10-20",
            "date_stop": "2026-10-20",
        }
    )

    assert list(meta.campaign_daily(october)) == [
        Delivery(
            day=DAY,
            campaign_id="1201",
            view_definition="meta_thruplay",
            impressions=12,
            clicks=0,
            interactions=0,
            engagements=0,
            video_views=0,
            video_completions=0,
            leads=0,
            installs=0,
            conversions_micros=0,
            purchases=0,
            revenue_micros=0,
            billable_units=12,
            cost_micros=0,
        )
    ]


def test_impressions_and_cost_that_a_row_leaves_out_are_unknown(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    api.billed_on("IMPRESSIONS")
    api.insights({"campaign_id": "1201", "date_start": "2026-10-20", "date_stop": "2026-10-20"})

    [record] = meta.campaign_daily(october)

    assert (record.impressions, record.cost_micros, record.billable_units) == (None, None, None)


@pytest.mark.parametrize(
    ("currency", "spend", "micros"), [("TWD", "1853", 1_853_000_000), ("JPY", "5731", 5_731_000_000)]
)
def test_spend_is_in_major_units_whatever_the_offset_of_the_currency(
    api: Api, meta: MetaAds, october: Unit, currency: str, spend: str, micros: int
) -> None:
    account = Account(id="900100201", currency=currency, timezone="Asia/Tokyo")
    api.billed_on("IMPRESSIONS", account=account.id)
    api.insights(api.row(account_currency=currency, spend=spend), account=account.id)

    [record] = meta.campaign_daily(Unit(account, october.window, october.today))

    assert (record.cost_micros, record.currency) == (micros, currency)


def test_an_empty_answer_yields_nothing(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on()
    api.insights()

    assert list(meta.campaign_daily(october)) == []


def test_days_are_asked_for_whole_and_in_every_state(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on()
    api.insights()

    list(meta.campaign_daily(october))

    asked = api.asked[1]
    assert asked["level"] == "campaign"
    assert asked["time_increment"] == "1"
    assert json.loads(asked["time_range"]) == {"since": "2026-10-01", "until": "2026-10-31"}
    assert json.loads(asked["filtering"]) == [
        {
            "field": "campaign.effective_status",
            "operator": "IN",
            "value": ["ACTIVE", "PAUSED", "DELETED", "ARCHIVED", "IN_PROCESS", "WITH_ISSUES"],
        }
    ]


@pytest.mark.parametrize(
    ("report", "level", "states"), [("ad_group_daily", "adset", 7), ("ad_daily", "ad", 12)]
)
def test_each_level_is_filtered_by_its_own_states(
    api: Api, meta: MetaAds, october: Unit, report: str, level: str, states: int
) -> None:
    api.billed_on()
    if level == "ad":
        api.run()
        api.result()
    else:
        api.insights()

    assert list(getattr(meta, report)(october)) == []

    [condition] = json.loads(api.asked[1]["filtering"])
    assert condition["field"] == f"{level}.effective_status"
    assert len(set(condition["value"])) == states


def test_ad_sets_and_ads_name_what_they_belong_to(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on("LINK_CLICKS", "IMPRESSIONS")
    api.insights(api.row(adset_id="1301"), api.row(adset_id="1302"))
    api.billed_on("LINK_CLICKS", "IMPRESSIONS")
    api.run()
    api.result(api.row(adset_id="1301", ad_id="1401"))

    groups = [(r.campaign_id, r.ad_group_id, r.ad_id, r.billable_units) for r in meta.ad_group_daily(october)]
    ads = [(r.campaign_id, r.ad_group_id, r.ad_id, r.billable_units) for r in meta.ad_daily(october)]

    assert groups == [("1201", "1301", "", 190), ("1201", "1302", "", 10234)]
    assert ads == [("1201", "1301", "1401", 190)]


@pytest.mark.parametrize(
    ("event", "units", "interactions"),
    [
        ("IMPRESSIONS", 10234, 190),
        ("CLICKS", 310, 310),
        ("LINK_CLICKS", 190, 190),
        ("THRUPLAY", 120, 120),
        ("APP_INSTALLS", 3, 3),
        ("POST_ENGAGEMENT", 40, 40),
        ("PAGE_LIKES", 6, 6),
        ("PURCHASE", 2, 2),
        ("OFFER_CLAIMS", None, 190),
        ("NONE", None, 190),
    ],
)
def test_billable_units_count_what_the_ad_sets_pay_for_actions_within_a_day_of_the_click(
    api: Api, meta: MetaAds, october: Unit, event: str, units: int | None, interactions: int
) -> None:
    api.billed_on(event, event)
    api.insights(
        api.row(
            actions=[
                api.action("mobile_app_install", "9", c1d="3"),
                api.action("post_engagement", "90", c1d="40"),
                api.action("like", "8", c1d="6"),
                api.action(PIXEL, "4", c1d="2"),
            ],
            video_thruplay_watched_actions=[api.action("video_view", "120")],
        )
    )

    [record] = meta.campaign_daily(october)

    assert (record.billable_units, record.interactions) == (units, interactions)


def test_a_campaign_of_several_billing_events_has_no_billable_units(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    api.billed_on("IMPRESSIONS", "LINK_CLICKS", "IMPRESSIONS")
    api.insights(api.row())

    [record] = meta.campaign_daily(october)

    assert (record.billable_units, record.interactions) == (None, 190)


def test_all_clicks_are_clicks_only_where_all_clicks_are_charged(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    api.billed_on("CLICKS")
    api.insights(api.row())

    [record] = meta.campaign_daily(october)

    assert (record.clicks, record.engagements) == (310, 0)


@pytest.mark.parametrize(
    ("actions", "purchases"),
    [
        ({PIXEL: "4"}, 4),
        ({PIXEL: "4", "onsite_conversion.purchase": "1"}, 5),
        ({"purchase": "4", "omni_purchase": "4"}, 4),
        ({PIXEL: "4", "purchase": "4", "omni_purchase": "4"}, 4),
        ({PIXEL: "4", "omni_purchase": "6"}, None),
        ({"purchase": "4", "omni_purchase": "6"}, None),
        ({PIXEL: "3.5"}, None),
        ({}, 0),
    ],
)
def test_a_total_is_never_added_to_its_parts_and_counts_that_disagree_are_none(
    api: Api, meta: MetaAds, october: Unit, actions: dict[str, str], purchases: int | None
) -> None:
    api.billed_on("IMPRESSIONS")
    api.insights(api.row(actions=[api.action(kind, value) for kind, value in actions.items()]))

    assert [record.purchases for record in meta.campaign_daily(october)] == [purchases]


def test_a_row_of_several_days_is_not_booked_on_one_of_them(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on("IMPRESSIONS")
    api.insights(api.row(date_stop="2026-10-21"))

    with pytest.raises(ContractError, match="campaign 1201 spans 2026-10-20 to 2026-10-21"):
        list(meta.campaign_daily(october))


def test_a_row_that_names_no_ad_is_refused(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on("IMPRESSIONS")
    api.run()
    api.result(api.row(adset_id="1301"))

    with pytest.raises(ContractError, match="has no ad_id"):
        list(meta.ad_daily(october))


def test_a_row_without_its_campaign_is_named_by_its_path(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on("IMPRESSIONS")
    api.insights({"date_start": "2026-10-20", "date_stop": "2026-10-20"})

    with pytest.raises(ContractError, match=r"missing required field `campaign_id` - at `\$.data\[0\]`"):
        list(meta.campaign_daily(october))


def test_the_same_answer_gives_the_same_records(api: Api, meta: MetaAds, october: Unit) -> None:
    for _ in range(2):
        api.billed_on("IMPRESSIONS")
        api.insights(api.row(), api.row(date_start="2026-10-21", date_stop="2026-10-21"))

    first, second = list(meta.campaign_daily(october)), list(meta.campaign_daily(october))

    assert first == second
    assert all(record.day in october.window for record in first)
    assert len({(record.day, record.campaign_id) for record in first}) == len(first)


def total(api: Api, **changes: object) -> Json:
    """A row of insights of level account: it names no campaign."""
    return {name: value for name, value in api.row(**changes).items() if name != "campaign_id"}


def test_a_day_of_the_whole_account_tells_what_does_not_depend_on_a_billing_event(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    api.billed_on("IMPRESSIONS", "LINK_CLICKS")
    api.insights(
        total(
            api,
            actions=[api.action(PIXEL, "4", c1d="2"), api.action("mobile_app_install", "5")],
            action_values=[api.action(PIXEL, "199.6")],
            video_thruplay_watched_actions=[api.action("video_view", "120")],
            video_p100_watched_actions=[api.action("video_view", "80")],
        )
    )

    assert list(meta.account_daily(october)) == [
        Delivery(
            day=DAY,
            currency="EUR",
            view_definition="meta_thruplay",
            impressions=10234,
            clicks=190,
            video_views=120,
            video_completions=80,
            leads=0,
            installs=5,
            conversions_micros=9_000_000,
            purchases=4,
            revenue_micros=199_600_000,
            cost_micros=57_310_000,
        )
    ]
    asked = api.asked[1]
    assert (asked["level"], asked["time_increment"]) == ("account", "1")
    assert asked["fields"].startswith("account_currency,impressions,")
    assert "filtering" not in asked


def test_clicks_of_the_whole_account_are_unknown_where_some_ad_sets_count_other_clicks(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    api.billed_on("IMPRESSIONS", "CLICKS")
    api.insights(total(api))

    assert [(r.clicks, r.impressions) for r in meta.account_daily(october)] == [(None, 10234)]


def test_a_total_that_spans_days_is_refused(api: Api, meta: MetaAds, october: Unit) -> None:
    api.billed_on()
    api.insights(total(api, date_stop="2026-10-21"))

    with pytest.raises(ContractError, match="a row of the account spans 2026-10-20 to 2026-10-21"):
        list(meta.account_daily(october))


@pytest.mark.parametrize("report", ["campaign_daily", "conversions"])
def test_a_campaigns_row_without_its_campaign_is_refused(
    api: Api, meta: MetaAds, october: Unit, report: str
) -> None:
    if report == "conversions":
        api.run()
        api.result(total(api))
    else:
        api.billed_on()
        api.insights(total(api))

    with pytest.raises(ContractError, match="missing required field `campaign_id`"):
        list(getattr(meta, report)(october))


@pytest.mark.parametrize(
    ("report", "level"),
    [("campaign_daily", "campaign"), ("ad_group_daily", "adset"), ("ad_daily", "ad"), ("conversions", "ad")],
)
def test_named_campaigns_are_asked_for_alone(
    api: Api, meta: MetaAds, october: Unit, report: str, level: str
) -> None:
    if report != "conversions":
        api.billed_on()
    if level == "ad":
        api.run()
        api.result()
    else:
        api.insights()

    assert list(getattr(meta, report)(october.within(Window(DAY, DAY), ("1201", "1202")))) == []

    [filtering] = {asked["filtering"] for asked in api.asked if "filtering" in asked}
    status, campaigns = json.loads(filtering)
    assert status["field"] == f"{level}.effective_status"
    assert campaigns == {"field": "campaign.id", "operator": "IN", "value": ["1201", "1202"]}
    assert {one.name for one in meta.declared() if one.by_campaign} >= {report}


def test_more_campaigns_than_a_url_holds_are_asked_for_as_a_report(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    names = tuple(str(number) for number in range(1201, 1302))
    api.billed_on()
    api.run()
    api.edge("777000111222333/insights", api.row())

    found = list(meta.campaign_daily(october.within(Window(DAY, DAY), names)))

    assert [record.campaign_id for record in found] == ["1201"]
    assert json.loads(api.asked[1]["filtering"])[1]["value"] == list(names)


def test_past_days_are_read_again_while_conversions_move(meta: MetaAds) -> None:
    declared = {report.name: report for report in meta.declared()}

    assert list(declared) == [
        *("campaigns", "ad_groups", "ads", "balances", "changes", "terms", "campaign_daily"),
        *("account_daily", "ad_group_daily", "ad_daily", "conversions", "campaign_hourly"),
        *("country_monthly", "invoices", "charges"),
    ]
    assert declared["campaign_daily"].final_after == {"cost": 3, "clicks": 3, "conversions": 28}
    assert {name: report.restated_days for name, report in declared.items() if report.cadence == "daily"} == {
        "changes": 1,
        "campaign_daily": 28,
        "account_daily": 28,
        "ad_group_daily": 28,
        "ad_daily": 28,
        "conversions": 28,
    }
