"""Reports of every product as records of ours."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
import pytest

from adtally import ContractError, Delivery, Interaction, Unit
from adtally_connectors.amazon_ads import AmazonAds

from .builders import ADVERTISER, CAMPAIGN, HOST, Json, campaign, dsp_row, row

if TYPE_CHECKING:
    from .conftest import Api

DAY = date(2026, 10, 1)


def by_campaign(records: list[Delivery]) -> dict[str, Delivery]:
    assert len({record.campaign_id for record in records}) == len(records)
    return {record.campaign_id: record for record in records}


def test_each_product_is_counted_once_by_what_it_is_paid_for(
    api: Api, amazon: AmazonAds, october: Unit
) -> None:
    api.reports(
        {
            "spCampaigns": [row(purchases14d=2, sales14d=39.98)],
            "sbCampaigns": [
                row(campaignId=2, costType="VCPM", viewableImpressions=900, cost=4.5, video5SecondViews=7)
            ],
            "sdCampaigns": [row(campaignId=3, costType="vcpm", impressionsViews=800, purchases=1, leads=4)],
            "stCampaigns": [row(campaignId=4, videoCompleteViews=1200, cost=13.788)],
        }
    )

    found = by_campaign(list(amazon.campaign_daily(october)))

    def told(campaign_id: object, **numbers: object) -> Delivery:
        common = {"day": DAY, "impressions": 1532, "clicks": 12, "interactions": 12}
        return msgspec.convert({"campaign_id": str(campaign_id), **common, **numbers}, Delivery)

    assert found == {
        str(CAMPAIGN): told(
            CAMPAIGN,
            purchases=2,
            revenue_micros=39_980_000,
            billable_units=12,
            cost_micros=8_460_000,
        ),
        "2": told(
            2,
            viewable_impressions=900,
            video_views=7,
            view_definition="amazon_5s",
            billable_units=900,
            cost_micros=4_500_000,
        ),
        "3": told(
            3,
            viewable_impressions=800,
            purchases=1,
            leads=4,
            billable_units=800,
            cost_micros=8_460_000,
        ),
        "4": told(
            4,
            video_completions=1200,
            billable_units=1532,
            cost_micros=13_788_000,
        ),
    }


def test_a_report_is_ordered_by_day_with_its_own_columns(api: Api, amazon: AmazonAds, october: Unit) -> None:
    api.reports({})

    assert list(amazon.campaign_daily(october)) == []

    asked = {one["configuration"]["reportTypeId"]: one for one in api.bodies("/reporting/reports")}
    assert sorted(asked) == [
        *("sbCampaigns", "sbGrossAndInvalids", "sdCampaigns", "sdGrossAndInvalids"),
        *("spCampaigns", "spGrossAndInvalids", "stCampaigns"),
    ]
    assert asked["spGrossAndInvalids"]["configuration"]["columns"] == [
        *("date", "campaignName", "clicks", "invalidClickThroughs")
    ]
    assert asked["spCampaigns"] == {
        "startDate": "2026-10-01",
        "endDate": "2026-10-31",
        "configuration": {
            "adProduct": "SPONSORED_PRODUCTS",
            "groupBy": ["campaign"],
            "columns": [
                *("date", "campaignId", "campaignBudgetCurrencyCode", "impressions", "clicks", "cost"),
                *("purchases14d", "sales14d", "campaignName"),
            ],
            "reportTypeId": "spCampaigns",
            "timeUnit": "DAILY",
            "format": "GZIP_JSON",
        },
    }


def gross(name: str, clicks: int, invalid: int) -> Json:
    """A row of a gross-and-invalid report, which names no id."""
    told = {"date": str(DAY), "campaignName": name}
    return {**told, "clicks": clicks, "invalidClickThroughs": invalid}


def test_invalid_clicks_are_told_where_a_name_and_its_clicks_leave_no_doubt(
    api: Api, amazon: AmazonAds, october: Unit
) -> None:
    names = {1: "Alone", 2: "Twice", 3: "Twice", 4: "Other clicks", 5: "Absent", 6: "Display"}
    told = {number: row(campaignId=number, campaignName=name) for number, name in names.items()}
    api.reports(
        {
            "spCampaigns": [told[number] for number in range(1, 6)],
            "spGrossAndInvalids": [
                *(gross("Alone", 12, 3), gross("Twice", 12, 1), gross("Twice", 12, 2)),
                *(gross("Other clicks", 13, 4), gross("Display", 12, 9)),
            ],
            "sdCampaigns": [told[6]],
            "sdGrossAndInvalids": [gross("Display", 12, 0)],
        }
    )

    found = by_campaign(list(amazon.campaign_daily(october)))

    assert {name: record.invalid_clicks for name, record in found.items()} == {
        "1": 3,
        **dict.fromkeys(("2", "3", "4", "5")),
        "6": 0,
    }


def test_invalid_clicks_need_not_be_asked_for(api: Api, amazon: AmazonAds, october: Unit) -> None:
    api.reports({"spCampaigns": [row()]})
    silent = amazon.model_copy(update={"invalid_clicks": False})

    assert [record.invalid_clicks for record in silent.campaign_daily(october)] == [None]
    assert len(api.bodies("/reporting/reports")) == 4


def test_an_advertiser_of_the_dsp_is_asked_for_through_its_agency(
    api: Api, amazon: AmazonAds, dsp: Unit
) -> None:
    api.reports({"dspCampaign": [dsp_row(viewableImpressions=2500, invalidClickThroughs=1)]})

    [record] = list(amazon.campaign_daily(dsp))

    assert record == Delivery(
        day=DAY,
        campaign_id="576460000000001",
        impressions=4000,
        viewable_impressions=2500,
        clicks=3,
        interactions=3,
        invalid_clicks=1,
        billable_units=4000,
        cost_micros=14_200_000,
    )
    [order] = api.calls("/reporting/reports")
    assert order.headers["Amazon-Advertising-API-Scope"] == dsp.account.manager_id
    [asked] = api.bodies("/reporting/reports")
    assert asked["configuration"]["filters"] == [{"field": "advertiserId", "values": [ADVERTISER]}]


@pytest.mark.parametrize(
    ("report", "type_id", "ids"),
    [
        ("ad_group_daily", "sdAdGroup", {"adGroupId": 7}),
        ("ad_daily", "sdAdvertisedProduct", {"adGroupId": 7, "adId": 8}),
    ],
)
def test_below_the_campaign_the_cost_type_of_sponsored_display_comes_from_its_list(
    api: Api, amazon: AmazonAds, october: Unit, report: str, type_id: str, ids: dict[str, object]
) -> None:
    api.reports({type_id: [row(impressionsViews=800, **ids)]})
    api.mock.get(f"{HOST}/sd/campaigns/extended", json=[campaign(CAMPAIGN, costType="vcpm")])
    api.mock.get(f"{HOST}/sd/campaigns/extended", json=[])

    [record] = list(getattr(amazon, report)(october))

    assert (record.campaign_id, record.ad_group_id, record.ad_id) == (
        str(CAMPAIGN),
        "7",
        str(ids.get("adId", "")),
    )
    assert record.billable_units == record.viewable_impressions == 800


def test_there_is_no_report_of_ads_of_sponsored_tv(api: Api, amazon: AmazonAds, october: Unit) -> None:
    api.reports({})
    api.empty_lists()

    assert list(amazon.ad_daily(october)) == []

    types = {one["configuration"]["reportTypeId"] for one in api.bodies("/reporting/reports")}
    assert types == {"spAdvertisedProduct", "sbAds", "sdAdvertisedProduct"}


def test_an_unknown_cost_type_is_not_judged(api: Api, amazon: AmazonAds, october: Unit) -> None:
    api.reports({"sbCampaigns": [row(costType="CPA", viewableImpressions=1), row("2026-10-02")]})

    assert [record.billable_units for record in amazon.campaign_daily(october)] == [None, None]


def test_zero_is_zero_and_what_is_left_out_is_unknown(api: Api, amazon: AmazonAds, october: Unit) -> None:
    api.reports({"spCampaigns": [row(clicks=0, cost=0), {"date": "2026-10-02", "campaignId": CAMPAIGN}]})

    first, second = list(amazon.campaign_daily(october))

    assert (first.clicks, first.billable_units, first.cost_micros) == (0, 0, 0)
    assert second == Delivery(day=date(2026, 10, 2), campaign_id=str(CAMPAIGN))


def test_an_amount_in_another_currency_says_so(api: Api, amazon: AmazonAds, october: Unit) -> None:
    api.reports({"spCampaigns": [row(campaignBudgetCurrencyCode="GBP")]})

    assert [record.currency for record in amazon.campaign_daily(october)] == ["GBP"]


def test_a_row_of_another_advertiser_is_refused(api: Api, amazon: AmazonAds, dsp: Unit) -> None:
    api.reports({"dspCampaign": [dsp_row(advertiserId=1)]})

    with pytest.raises(ContractError, match="advertiserId 1 came"):
        list(amazon.campaign_daily(dsp))


def test_a_row_that_names_no_campaign_is_refused(api: Api, amazon: AmazonAds, october: Unit) -> None:
    api.reports({"spCampaigns": [row(campaignId=None)]})

    with pytest.raises(ContractError, match="does not name its campaign"):
        list(amazon.campaign_daily(october))


def test_purchases_come_by_their_windows_and_only_the_default_may_be_added_up(
    api: Api, amazon: AmazonAds, october: Unit
) -> None:
    api.reports(
        {
            "spCampaigns": [row(purchases1d=1, sales1d=9.99, purchases14d=2, sales14d=19.98, purchases7d=0)],
            "stCampaigns": [row(campaignId=4, purchases=3, sales=30, purchasesViews=3)],
        }
    )

    found = list(amazon.conversions(october))

    def bought(
        campaign_id: object,
        attribution: str,
        count: int,
        value: int | None,
        *,
        view_through: bool = False,
        in_total: bool = False,
    ) -> Interaction:
        return Interaction(
            day=DAY,
            campaign_id=str(campaign_id),
            action="purchases",
            attribution=attribution,
            kind="purchase",
            quantity_micros=count * 1_000_000,
            value_micros=value,
            view_through=view_through,
            in_total=in_total,
        )

    assert found == [
        bought(CAMPAIGN, "1d_click", 1, 9_990_000),
        bought(CAMPAIGN, "default", 2, 19_980_000, in_total=True),
        bought(4, "default", 3, 30_000_000, in_total=True),
        bought(4, "view_through", 3, None, view_through=True),
    ]


def test_days_that_any_product_has_forgotten_are_never_asked_for() -> None:
    daily = [report for report in AmazonAds.declared() if report.cadence == "daily"]

    assert {(report.max_days, report.retention_days) for report in daily} == {(31, 59)}
    assert {report.final_after["cost"] for report in daily} == {3}
