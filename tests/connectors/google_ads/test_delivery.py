"""Delivery and conversions: each row becomes one record with exact money and counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, Delivery, Interaction, Unit, Window
from adtally_connectors.google_ads import GoogleAds

if TYPE_CHECKING:
    from tests.connectors.google_ads.conftest import Api

DAY = date(2026, 10, 20)


def row(
    campaign: str = "501",
    *,
    strategy: str = "MANUAL_CPC",
    mode: str = "CLICKS",
    channel: str = "SEARCH",
    metrics: Mapping[str, object] | None = None,
    **others: object,
) -> dict[str, object]:
    return {
        "campaign": {
            "resourceName": f"customers/1112223334/campaigns/{campaign}",
            "id": campaign,
            "biddingStrategyType": strategy,
            "paymentMode": mode,
            "advertisingChannelType": channel,
        },
        "metrics": {"impressions": "1200", "clicks": "84", "costMicros": "37800000", **(metrics or {})},
        "segments": {"date": "2026-10-20"},
        **others,
    }


EVERYTHING = {
    "interactions": "84",
    "engagements": "0",
    "conversions": 3.5,
    "conversionsValue": 210.07,
    "invalidClicks": "6",
    "videoTrueviewViews": "0",
    "videoQuartileP100Rate": 0.0,
    "activeViewImpressions": "700",
    "activeViewMeasurableImpressions": "900",
}


def test_every_metric_lands_in_its_column_with_exact_money(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search(row(metrics=EVERYTHING))

    assert list(google.campaign_daily(october)) == [
        Delivery(
            day=DAY,
            campaign_id="501",
            view_definition="google_trueview",
            impressions=1200,
            measurable_impressions=900,
            viewable_impressions=700,
            clicks=84,
            interactions=84,
            engagements=0,
            video_views=0,
            video_completions=0,
            conversions_micros=3_500_000,
            revenue_micros=210_070_000,
            invalid_clicks=6,
            billable_units=84,
            cost_micros=37_800_000,
        )
    ]


def test_cost_is_micros_and_conversion_value_is_whole_units(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search(row(metrics={"costMicros": "1000000", "conversionsValue": 1.0}))

    [record] = google.campaign_daily(october)

    assert (record.cost_micros, record.revenue_micros) == (1_000_000, 1_000_000)


def test_binary_dust_of_a_double_is_rounded_once_to_micros(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search(row(metrics={"conversions": 0.30000000000000004, "conversionsValue": 209.99999999999997}))

    [record] = google.campaign_daily(october)

    assert (record.conversions_micros, record.revenue_micros) == (300_000, 210_000_000)


def test_absent_metrics_stay_unknown_and_told_zeros_stay_zero(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search(row(metrics={"clicks": "0", "conversions": 0.0}))

    [record] = google.campaign_daily(october)

    assert record == Delivery(
        day=DAY,
        campaign_id="501",
        impressions=1200,
        clicks=0,
        conversions_micros=0,
        billable_units=0,
        cost_micros=37_800_000,
    )


def test_an_empty_answer_yields_nothing(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search()

    assert list(google.campaign_daily(october)) == []


def test_completed_views_are_the_rate_of_the_impressions_half_away_from_zero(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search(
        row(metrics={"impressions": "9000", "videoQuartileP100Rate": 0.1234, "videoTrueviewViews": "2100"}),
        row(metrics={"impressions": "10", "videoQuartileP100Rate": 0.25}),
    )

    assert [(r.video_views, r.video_completions) for r in google.campaign_daily(october)] == [
        (2100, 1111),
        (None, 3),
    ]


@pytest.mark.parametrize(
    ("settings", "units"),
    [
        ({"strategy": "MANUAL_CPC"}, 84),
        ({"strategy": "TARGET_CPA"}, 84),
        ({"strategy": "TARGET_CPA", "channel": "PERFORMANCE_MAX"}, 84),
        ({"strategy": "TARGET_CPA", "channel": "VIDEO"}, None),
        ({"strategy": "TARGET_CPA", "channel": "DISPLAY", "mode": "CONVERSIONS"}, 4),
        ({"strategy": "MANUAL_CPM", "channel": "DISPLAY"}, 700),
        ({"strategy": "TARGET_CPM", "channel": "VIDEO"}, 1200),
        ({"strategy": "TARGET_CPV", "channel": "VIDEO"}, 2100),
        ({"strategy": "COMMISSION", "channel": "HOTEL", "mode": "CONVERSION_VALUE"}, None),
        ({"strategy": "SOMETHING_NEW"}, None),
    ],
)
def test_billable_units_count_what_the_campaign_pays_for(
    api: Api, google: GoogleAds, october: Unit, settings: dict[str, str], units: int | None
) -> None:
    counts = {"videoTrueviewViews": "2100", "activeViewImpressions": "700", "conversions": 4.0}
    api.search(row(metrics=counts, **settings))

    assert [r.billable_units for r in google.campaign_daily(october)] == [units]


def test_a_fraction_of_a_billed_conversion_is_no_whole_unit(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search(row(strategy="TARGET_CPA", mode="CONVERSIONS", metrics={"conversions": 3.5}))

    [record] = google.campaign_daily(october)

    assert (record.billable_units, record.conversions_micros) == (None, 3_500_000)


def test_one_ad_in_two_ad_groups_is_two_records(api: Api, google: GoogleAds, october: Unit) -> None:
    ad = {"ad": {"id": "42"}}
    api.search(row(adGroup={"id": "7"}, adGroupAd=ad), row(adGroup={"id": "8"}, adGroupAd=ad))

    assert [(r.campaign_id, r.ad_group_id, r.ad_id) for r in google.ad_daily(october)] == [
        ("501", "7", "42"),
        ("501", "8", "42"),
    ]
    assert "FROM ad_group_ad WHERE segments.date BETWEEN '2026-10-01' AND '2026-10-31'" in api.queries[0]
    assert "invalid_clicks" not in api.queries[0]


def test_ad_groups_have_no_ad(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search(row(adGroup={"id": "7"}))

    assert [(r.ad_group_id, r.ad_id) for r in google.ad_group_daily(october)] == [("7", "")]


def test_cost_is_whole_at_campaigns_where_performance_max_has_no_ads(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search(row("501"), row("601", channel="PERFORMANCE_MAX", strategy="MAXIMIZE_CONVERSIONS"))

    assert [r.cost_micros for r in google.campaign_daily(october)] == [37_800_000, 37_800_000]
    assert {report.name: report.grain for report in google.declared()}["campaign_daily"] == "campaign"


def test_pages_are_followed_until_there_is_no_token(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search(row("501"), token="CPii5aS87vfFTBAKGJ")
    api.search(row("502"))

    assert [r.campaign_id for r in google.campaign_daily(october)] == ["501", "502"]
    first, second = api.bodies
    assert first == {"query": first["query"], "searchSettings": {"returnTotalResultsCount": True}}
    assert second == {**first, "pageToken": "CPii5aS87vfFTBAKGJ"}


def test_calls_go_through_the_manager_that_reaches_the_account(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search(row())

    list(google.campaign_daily(october))

    assert api.calls[0].request.headers["login-customer-id"] == "9990001112"
    assert api.calls[0].request.headers["Authorization"] == "Bearer token-1"
    assert "developer-token" not in api.calls[0].request.headers


def test_a_configured_manager_wins_over_the_found_one(api: Api, google: GoogleAds, october: Unit) -> None:
    other = google.model_copy(update={"login_customer_id": "5556667778"})
    api.search(row())

    list(other.campaign_daily(october))

    assert api.calls[0].request.headers["login-customer-id"] == "5556667778"


def action(category: str = "PURCHASE", **metrics: float) -> dict[str, object]:
    return {
        "campaign": {"id": "501"},
        "segments": {
            "date": "2026-10-20",
            "conversionAction": "customers/1112223334/conversionActions/77",
            "conversionActionName": "Order",
            "conversionActionCategory": category,
        },
        "metrics": {
            "conversions": 0.0,
            "conversionsValue": 0.0,
            "allConversions": 0.0,
            "allConversionsValue": 0.0,
        }
        | metrics,
    }


def test_both_attributions_of_an_action_add_up_to_all_conversions(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search(action(conversions=2.5, conversionsValue=100.5, allConversions=3.0, allConversionsValue=120.0))
    api.search()

    records = list(google.conversions(october))

    assert records == [
        Interaction(
            day=DAY,
            campaign_id="501",
            action="Order #77",
            attribution="default",
            kind="purchase",
            quantity_micros=2_500_000,
            value_micros=100_500_000,
            in_total=True,
        ),
        Interaction(
            day=DAY,
            campaign_id="501",
            action="Order #77",
            attribution="beyond",
            kind="purchase",
            quantity_micros=500_000,
            value_micros=19_500_000,
        ),
    ]
    assert sum(record.quantity_micros for record in records) == 3_000_000


def test_an_action_that_google_leaves_out_of_conversions_is_not_in_the_total(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search(action("PAGE_VIEW", allConversions=4.0))
    api.search()

    assert [(r.attribution, r.kind, r.quantity_micros, r.in_total) for r in google.conversions(october)] == [
        ("beyond", "other", 4_000_000, False)
    ]


@pytest.mark.parametrize(
    ("told", "rows"),
    [
        ({"allConversions": 3.0, "allConversionsValue": 120.0}, []),
        ({"conversions": 2.5, "conversionsValue": 100.5}, [("default", 2_500_000, 100_500_000)]),
        (
            {"conversions": 2.5, "allConversions": 3.0},
            [("default", 2_500_000, None), ("beyond", 500_000, None)],
        ),
    ],
)
def test_what_google_does_not_tell_of_an_action_is_no_zero(
    api: Api,
    google: GoogleAds,
    october: Unit,
    told: dict[str, float],
    rows: list[tuple[str, int, int | None]],
) -> None:
    api.search({**action(), "metrics": told})
    api.search()

    found = [(r.attribution, r.quantity_micros, r.value_micros) for r in google.conversions(october)]

    assert found == rows


def test_view_through_conversions_stand_apart_and_are_never_added_up(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search()
    api.search(
        {
            "campaign": {"id": "501"},
            "segments": {"date": "2026-10-20"},
            "metrics": {"viewThroughConversions": "3"},
        },
        {
            "campaign": {"id": "502"},
            "segments": {"date": "2026-10-20"},
            "metrics": {"viewThroughConversions": "0"},
        },
    )

    assert list(google.conversions(october)) == [
        Interaction(
            day=DAY,
            campaign_id="501",
            action="view_through",
            attribution="view_through",
            kind="conversion",
            quantity_micros=3_000_000,
            view_through=True,
        )
    ]


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("SUBSCRIBE_PAID", "purchase"),
        ("SUBMIT_LEAD_FORM", "lead"),
        ("MESSAGE_LEAD", "lead"),
        ("CONTACT", "lead"),
        ("DOWNLOAD", "install"),
        ("ADD_TO_CART", "other"),
        ("A_NEW_ONE", "other"),
    ],
)
def test_category_of_an_action_tells_its_kind(
    api: Api, google: GoogleAds, october: Unit, category: str, kind: str
) -> None:
    api.search(action(category, conversions=1.0, allConversions=1.0))
    api.search()

    assert [r.kind for r in google.conversions(october)] == [kind]


def test_a_day_of_the_whole_account_has_every_metric_and_no_campaign(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search({"metrics": row(metrics=EVERYTHING)["metrics"], "segments": {"date": "2026-10-20"}})

    assert list(google.account_daily(october)) == [
        Delivery(
            day=DAY,
            view_definition="google_trueview",
            impressions=1200,
            measurable_impressions=900,
            viewable_impressions=700,
            clicks=84,
            interactions=84,
            engagements=0,
            video_views=0,
            video_completions=0,
            conversions_micros=3_500_000,
            revenue_micros=210_070_000,
            invalid_clicks=6,
            cost_micros=37_800_000,
        )
    ]
    assert api.queries[0].endswith("FROM customer WHERE segments.date BETWEEN '2026-10-01' AND '2026-10-31'")
    assert "campaign." not in api.queries[0]


def test_a_campaigns_row_without_its_campaign_is_refused(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search({"metrics": {}, "segments": {"date": "2026-10-20"}})

    with pytest.raises(ContractError, match="missing required field `campaign`"):
        list(google.campaign_daily(october))


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily", "conversions"])
def test_named_campaigns_are_asked_for_alone(api: Api, google: GoogleAds, october: Unit, report: str) -> None:
    for _ in range(1 + (report == "conversions")):
        api.search()

    assert list(getattr(google, report)(october.within(Window(DAY, DAY), ("501", "502")))) == []

    assert {query.partition(" WHERE ")[2] for query in api.queries} == {
        "segments.date BETWEEN '2026-10-20' AND '2026-10-20' AND campaign.id IN (501, 502)"
    }
    assert {one.name for one in google.declared() if one.by_campaign} >= {report}


def test_past_days_are_read_again_while_conversions_move(google: GoogleAds) -> None:
    declared = {report.name: report for report in google.declared()}

    assert declared["campaign_daily"].restated_days == 30
    assert declared["campaign_daily"].final_after == {"cost": 3, "clicks": 3, "conversions": 30}
    assert declared["conversions"].restated_days == 30


def test_tenths_of_conversions_add_up_exactly(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search(*(row(str(number), metrics={"conversions": 0.1}) for number in range(10)))

    assert sum(record.conversions_micros or 0 for record in google.campaign_daily(october)) == 1_000_000
