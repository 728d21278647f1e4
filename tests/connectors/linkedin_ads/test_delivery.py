"""Delivery and interactions: each element becomes records with exact money and counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, Delivery, DeniedError, Interaction, TooLarge, Unit, Window
from adtally_connectors.linkedin_ads import LinkedInAds

from .builders import (
    ACCOUNT,
    ACCOUNT_ID,
    CAMPAIGN,
    CREATIVE,
    GROUP,
    REPORT,
    RULES,
    Json,
    account,
    campaign,
    campaign_urn,
    creative_urn,
    group_urn,
    row,
)

if TYPE_CHECKING:
    from .conftest import Api

DAY = date(2026, 10, 5)
ACCOUNT_URN = f"urn:li:sponsoredAccount:{ACCOUNT_ID}"
EVERYTHING = {
    "totalEngagements": 190,
    "videoViews": 900,
    "videoCompletions": 80,
    "sends": 0,
    "oneClickLeads": 6,
    "externalWebsiteConversions": 3,
    "conversionValueInLocalCurrency": "120.5",
}


def told(**changes: object) -> Delivery:
    """The record of an element with everything, charged by click."""
    known = {
        "day": DAY,
        "campaign_id": GROUP,
        "view_definition": "linkedin_2s",
        "impressions": 18250,
        "clicks": 143,
        "interactions": 143,
        "engagements": 47,
        "video_views": 900,
        "video_completions": 80,
        "leads": 6,
        "conversions_micros": 3_000_000,
        "revenue_micros": 120_500_000,
        "billable_units": 143,
        "cost_micros": 612_330_000,
    }
    return Delivery(**(known | changes))  # type: ignore[arg-type]


def test_every_metric_lands_in_its_column_with_exact_money(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    api.campaigns(campaign())
    api.report(row(**EVERYTHING))

    assert list(linkedin.campaign_daily(october)) == [told()]


def test_what_is_absent_stays_unknown_and_told_zeros_stay_zero(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    api.campaigns(campaign())
    api.report(row(impressions=0, clicks=0, costInLocalCurrency="0"))

    assert list(linkedin.campaign_daily(october)) == [
        Delivery(
            day=DAY,
            campaign_id=GROUP,
            impressions=0,
            clicks=0,
            interactions=0,
            billable_units=0,
            cost_micros=0,
        )
    ]


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("576.05000000000014868", 576_050_000),
        ("19.91833", 19_918_330),
        ("252", 252_000_000),
        ("9007199254.740993", 9_007_199_254_740_993),
        ("0.0000005", 0),
        ("0.0000015", 2),
        ("-1.10000000000000008882", -1_100_000),
    ],
)
def test_money_is_major_units_without_the_noise_of_a_float(
    api: Api, linkedin: LinkedInAds, october: Unit, text: str, micros: int
) -> None:
    api.campaigns(campaign())
    api.report(row(costInLocalCurrency=text))

    assert [record.cost_micros for record in linkedin.campaign_daily(october)] == [micros]


@pytest.mark.parametrize("text", ["NaN", "1e99", "n/a"])
def test_what_is_no_amount_is_refused(api: Api, linkedin: LinkedInAds, october: Unit, text: str) -> None:
    api.campaigns(campaign())
    api.report(row(costInLocalCurrency=text))

    with pytest.raises(ContractError):
        list(linkedin.campaign_daily(october))


def test_each_grain_names_its_parents_by_the_kind_of_their_urns(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    for _ in range(2):
        api.campaigns(campaign())
    api.report(row("2026-10-05", group_urn(), campaign_urn(), **EVERYTHING))
    api.report(row("2026-10-05", creative_urn(), campaign_urn(), group_urn(), **EVERYTHING))
    api.report(row("2026-10-05", ACCOUNT_URN, **EVERYTHING))

    assert list(linkedin.ad_group_daily(october)) == [told(ad_group_id=CAMPAIGN)]
    assert list(linkedin.ad_daily(october)) == [told(ad_group_id=CAMPAIGN, ad_id=CREATIVE)]
    assert list(linkedin.account_daily(october)) == [
        told(campaign_id="", interactions=None, billable_units=None)
    ]
    finders = [query.partition("&timeG")[0] for query in api.asked_of(REPORT)]
    assert finders == [
        "q=statistics&pivots=List(CAMPAIGN_GROUP,CAMPAIGN)",
        "q=statistics&pivots=List(CAMPAIGN_GROUP,CAMPAIGN,CREATIVE)",
        "q=analytics&pivot=ACCOUNT",
    ]


@pytest.mark.parametrize(
    ("settings", "units", "interactions"),
    [
        ({"costType": "CPM"}, 18250, 143),
        ({"costType": "CPC"}, 143, 143),
        ({"costType": "CPV"}, 900, 900),
        ({"costType": "CPM", "type": "SPONSORED_INMAILS"}, 420, 143),
        ({"costType": "CPX"}, None, 143),
    ],
)
def test_billable_units_count_what_the_campaign_pays_for(
    api: Api,
    linkedin: LinkedInAds,
    october: Unit,
    settings: dict[str, str],
    units: int | None,
    interactions: int,
) -> None:
    api.campaigns(campaign(**settings))
    api.report(row("2026-10-05", group_urn(), campaign_urn(), **(EVERYTHING | {"sends": 420})))

    [record] = linkedin.ad_group_daily(october)

    assert (record.billable_units, record.interactions) == (units, interactions)


def test_a_group_whose_campaigns_pay_for_different_things_has_no_billable_units(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    api.campaigns(campaign(), campaign("7", costType="CPM"))
    api.report(row(**EVERYTHING))

    assert list(linkedin.campaign_daily(october)) == [told(billable_units=None)]


def full(number: int) -> list[Json]:
    return [row("2026-10-05", group_urn(str(one + 1))) for one in range(number)]


def test_an_answer_of_fifteen_thousand_elements_was_cut(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    api.campaigns()
    api.campaigns()
    api.report(*full(14_999))
    api.report(*full(15_000))

    assert sum(1 for _ in linkedin.campaign_daily(october)) == 14_999
    with pytest.raises(TooLarge, match="15000 elements"):
        list(linkedin.campaign_daily(october))


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily", "conversions"])
def test_a_day_that_is_too_much_can_be_asked_by_campaign_groups(linkedin: LinkedInAds, report: str) -> None:
    assert next(one for one in linkedin.declared() if one.name == report).by_campaign


def test_parts_of_the_campaign_groups_are_asked_for_by_fifty(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    ids = tuple(str(number) for number in range(1, 52))
    api.campaigns()
    api.report(row("2026-10-05", group_urn("50")))
    api.report(row("2026-10-05", group_urn("51")))

    records = list(linkedin.campaign_daily(october.within(october.window, ids)))

    assert [record.campaign_id for record in records] == ["50", "51"]
    facets = [query.partition("&fields")[0].partition("day:31))&")[2] for query in api.asked_of(REPORT)]
    assert facets[0].count("urn%3Ali%3AsponsoredCampaignGroup%3A") == 50
    assert facets[1] == "campaignGroups=List(urn%3Ali%3AsponsoredCampaignGroup%3A51)"


def day(number: int) -> Json:
    return {"year": 2026, "month": 10, "day": number}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([row("2026-11-01")], "a row of 2026-11-01 came"),
        ([{**row(), "dateRange": {"start": day(5), "end": day(6)}}], "was asked for by day"),
        ([row("2026-10-05", campaign_urn())], "is about"),
        ([row("2026-10-05", "UNKNOWN")], "is about"),
        ([row(), row()], "two rows for 2026-10-05"),
        ([{"dateRange": {"start": {"year": 2026, "month": 13, "day": 1}}}], "month must be in 1..12"),
        ([{"pivotValues": [group_urn()]}], "missing required field `dateRange`"),
    ],
)  # fmt: skip
def test_rows_that_were_not_asked_for_are_refused(
    api: Api, linkedin: LinkedInAds, october: Unit, rows: list[Json], says: str
) -> None:
    api.campaigns()
    api.report(*rows)

    with pytest.raises(ContractError, match=says):
        list(linkedin.campaign_daily(october))


def test_rows_of_somebody_else_are_refused(api: Api, linkedin: LinkedInAds, october: Unit) -> None:
    api.report(row("2026-10-05", "urn:li:sponsoredAccount:7"))
    api.campaigns()
    api.report(row("2026-10-05", group_urn("8")))

    with pytest.raises(ContractError, match="a row of 7 came"):
        list(linkedin.account_daily(october))
    with pytest.raises(ContractError, match="a row of 8 came"):
        list(linkedin.campaign_daily(october.within(october.window, (GROUP,))))


@pytest.mark.parametrize("report", ["account_daily", "conversions"])
def test_an_empty_answer_is_believed_only_if_the_account_may_be_read(
    api: Api, linkedin: LinkedInAds, october: Unit, report: str
) -> None:
    ask: Callable[[Unit], object] = getattr(linkedin, report)
    answers = 1 if report == "account_daily" else 2
    for _ in range(2 * answers):
        api.report()
    api.one(ACCOUNT, account())
    api.refuse(403, ACCOUNT)

    assert list(ask(october)) == []  # type: ignore[call-overload]
    with pytest.raises(DeniedError, match="lacks a role"):
        list(ask(october))  # type: ignore[call-overload]


def test_metrics_come_by_eighteen_and_are_put_together_by_day_and_pivot(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    api.report(row(landingPageClicks=9), row("2026-10-06", landingPageClicks=1))
    api.report(row("2026-10-07", oneClickLeads=4), row(oneClickLeads=2))

    found = {
        (record.day.day, record.action): record.quantity_micros for record in linkedin.conversions(october)
    }

    assert found == {
        (5, "landingPageClicks"): 9_000_000,
        (5, "oneClickLeads"): 2_000_000,
        (6, "landingPageClicks"): 1_000_000,
        (7, "oneClickLeads"): 4_000_000,
    }
    asked = [query.partition("fields=")[2].split(",") for query in api.asked_of(REPORT)]
    assert [len(fields) for fields in asked] == [20, 20]
    assert {tuple(fields[:2]) for fields in asked} == {("dateRange", "pivotValues")}
    assert len({name for fields in asked for name in fields}) == 38


CONVERTED = {
    "externalWebsiteConversions": 5,
    "externalWebsitePostClickConversions": 3,
    "externalWebsitePostViewConversions": 2,
    "conversionValueInLocalCurrency": "120.49999999999999",
}


def interaction(action: str, attribution: str, quantity: int, **more: object) -> Interaction:
    known = {"day": DAY, "campaign_id": GROUP, "kind": "conversion", "quantity_micros": quantity * 1_000_000}
    return Interaction(action=action, attribution=attribution, **(known | more))  # type: ignore[arg-type]


def test_conversions_are_told_in_all_and_by_the_rule_that_counts_them(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    api.report(row(**CONVERTED))
    api.report(row())
    following = [{"rel": "next", "href": "/rest/conversions?q=account&start=1&count=1"}]
    shop, unknown = "urn:lla:llaPartnerConversion:104001", "urn:lla:llaPartnerConversion:9"
    api.one(RULES, {"paging": {"links": following}, "elements": [{"id": 3, "name": "Other"}]})
    api.one(RULES, {"elements": [{"id": 104001, "name": "Shop", "type": "PURCHASE"}]})
    api.report(
        row("2026-10-05", group_urn(), shop, **CONVERTED | {"externalWebsiteConversions": 4}),
        row("2026-10-05", unknown, group_urn(), externalWebsiteConversions=1),
    )

    assert list(linkedin.conversions(october)) == [
        interaction("externalWebsiteConversions", "default", 5, value_micros=120_500_000, in_total=True),
        interaction("externalWebsiteConversions", "click", 3),
        interaction("externalWebsiteConversions", "view_through", 2, view_through=True),
        interaction("Shop #104001", "default", 4, kind="purchase", value_micros=120_500_000),
        interaction("Shop #104001", "click", 3, kind="purchase"),
        interaction("Shop #104001", "view_through", 2, kind="purchase", view_through=True),
        interaction("#9", "default", 1),
    ]
    assert api.asked_of(RULES) == [
        f"q=account&account=urn%3Ali%3AsponsoredAccount%3A{ACCOUNT_ID}&start={start}&count=500"
        for start in (0, 1)
    ]


def test_viral_counts_are_never_asked_for(api: Api, linkedin: LinkedInAds, october: Unit) -> None:
    api.report(row())
    api.report(row())

    list(linkedin.conversions(october))

    assert not any("viral" in query for query in api.asked_of(REPORT))


def test_one_question_tells_all_campaign_groups_and_days_of_a_window(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    window = Window(date(2026, 10, 1), date(2026, 10, 31))
    api.campaigns(campaign())
    api.report(*(row(str(day), group_urn(number)) for day in window for number in ("1", "2")))

    assert len(list(linkedin.campaign_daily(october))) == 62
    assert len(api.mock.calls) == 2
