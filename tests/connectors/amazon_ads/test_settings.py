"""Accounts, campaigns, ad groups, ads and terms."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import Account, Ad, AdGroup, Campaign, ContractError, DeniedError, Terms, TransientError, Unit
from adtally_connectors.amazon_ads import AmazonAds

from .builders import ADVERTISER, AGENCY, HOST, PROFILE, Json, campaign, profile
from .conftest import connector

if TYPE_CHECKING:
    from .conftest import Api

ADVERTISERS = f"{HOST}/dsp/advertisers"


def advertiser(number: str = ADVERTISER) -> Json:
    return {"advertiserId": number, "name": "Brand", "currency": "EUR", "timezone": "Europe/Paris"}


def test_profiles_are_accounts_and_agencies_stand_for_their_advertisers(api: Api, amazon: AmazonAds) -> None:
    api.mock.get(f"{HOST}/v2/profiles", json=[profile(), profile(AGENCY, "agency")])
    api.mock.get(ADVERTISERS, json={"totalResults": 2, "response": [advertiser("1")]})
    api.mock.get(ADVERTISERS, json={"totalResults": 2, "response": [advertiser("2")]})

    assert list(amazon.accounts()) == [
        Account(id=PROFILE, name="Demo Shop", currency="EUR", timezone="Europe/Berlin"),
        Account(id="1", name="Brand", currency="EUR", timezone="Europe/Paris", manager_id=AGENCY),
        Account(id="2", name="Brand", currency="EUR", timezone="Europe/Paris", manager_id=AGENCY),
    ]
    assert [asked["startIndex"] for asked in api.asked("/dsp/advertisers")] == ["0", "1"]
    assert {call.headers["Amazon-Advertising-API-Scope"] for call in api.calls("/dsp/advertisers")} == {
        AGENCY
    }


def test_an_advertiser_below_two_agencies_is_one_account(api: Api, amazon: AmazonAds) -> None:
    api.mock.get(f"{HOST}/v2/profiles", json=[profile("1", "agency"), profile("2", "agency")])
    api.mock.get(ADVERTISERS, json={"totalResults": 1, "response": [advertiser()]})

    assert [(account.id, account.manager_id) for account in amazon.accounts()] == [(ADVERTISER, "1")]


def test_an_agency_that_may_not_be_read_is_passed_over(
    api: Api, amazon: AmazonAds, caplog: pytest.LogCaptureFixture
) -> None:
    api.mock.get(f"{HOST}/v2/profiles", json=[profile(), profile(AGENCY, "agency")])
    api.refuse(403, "no", method="GET", url=ADVERTISERS)

    assert [account.id for account in amazon.accounts()] == [PROFILE]
    assert f"agency {AGENCY} is passed over" in caplog.text


def test_the_refusal_of_the_only_agency_is_told(api: Api, amazon: AmazonAds) -> None:
    api.mock.get(f"{HOST}/v2/profiles", json=[profile(AGENCY, "agency")])
    api.refuse(403, "no", method="GET", url=ADVERTISERS)

    with pytest.raises(DeniedError):
        list(amazon.accounts())


@pytest.mark.parametrize(
    ("region", "api_host", "token_host"),
    [
        ("na", "advertising-api.amazon.com", "api.amazon.com"),
        ("eu", "advertising-api-eu.amazon.com", "api.amazon.co.uk"),
        ("fe", "advertising-api-fe.amazon.com", "api.amazon.co.jp"),
    ],
)
def test_a_region_has_its_own_hosts(api: Api, region: str, api_host: str, token_host: str) -> None:
    api.mock.post(f"https://{token_host}/auth/o2/token", json={"access_token": "Atza|1"})
    api.mock.get(f"https://{api_host}/v2/profiles", json=[profile()])

    assert [account.id for account in connector(region=region).accounts()] == [PROFILE]

    [*_, asked] = api.mock.calls
    assert asked.request.headers["Authorization"] == "Bearer Atza|1"
    assert asked.request.headers["Amazon-Advertising-API-ClientId"] == "amzn1.application-oa2-client.demo"


@pytest.mark.parametrize("region", ["na", "eu", "fe"])
def test_a_base_url_stands_for_every_host_of_every_region(api: Api, region: str) -> None:
    proxy = "https://proxy.example/amazon"
    api.mock.post(f"{proxy}/auth/o2/token", json={"access_token": "Atza|1"})
    api.mock.get(f"{proxy}/v2/profiles", json=[profile()])

    assert [one.id for one in connector(region=region, base_url=proxy).accounts()] == [PROFILE]


def test_campaigns_of_all_products_come_in_every_state(api: Api, amazon: AmazonAds, october: Unit) -> None:
    api.listed(
        "/sp/campaigns/list",
        campaign(
            "1",
            state="ARCHIVED",
            startDate="2026-09-01",
            budget={"budget": 50.5, "budgetType": "DAILY"},
        ),
        totalResults=1,
    )
    api.listed("/sb/v4/campaigns/list", campaign("2", budget=80, budgetType="LIFETIME"), totalCount=1)
    api.mock.get(
        f"{HOST}/sd/campaigns/extended",
        json=[campaign(3, state="paused", startDate="20260902", endDate="20261002", budget=1.01)],
    )
    api.mock.get(f"{HOST}/sd/campaigns/extended", json=[])
    budget = {"monetaryBudgetValue": {"monetaryBudget": {"currencyCode": "EUR", "value": 900.0}}}
    api.listed(
        "/adsApi/v1/query/campaigns",
        campaign(
            "4",
            startDateTime="2026-09-02T23:30:00Z",
            budgets=[{"budgetType": "MONETARY", "budgetValue": budget, "recurrenceTimePeriod": "DAILY"}],
        ),
    )

    found = list(amazon.campaigns(october))

    name = "DE | Kaffee"
    assert found == [
        Campaign(
            campaign_id="1",
            name=name,
            status="ARCHIVED",
            objective="SPONSORED_PRODUCTS",
            channel="products",
            first_day=date(2026, 9, 1),
            budget_micros=50_500_000,
            budget_period="daily",
        ),
        Campaign(
            campaign_id="2",
            name=name,
            status="ENABLED",
            objective="SPONSORED_BRANDS",
            channel="brand",
            budget_micros=80_000_000,
            budget_period="lifetime",
        ),
        Campaign(
            campaign_id="3",
            name=name,
            status="paused",
            objective="SPONSORED_DISPLAY",
            channel="brand",
            first_day=date(2026, 9, 2),
            last_day=date(2026, 10, 2),
            budget_micros=1_010_000,
        ),
        Campaign(
            campaign_id="4",
            name=name,
            status="ENABLED",
            objective="SPONSORED_TELEVISION",
            channel="brand",
            first_day=date(2026, 9, 3),  # in Berlin
            budget_micros=900_000_000,
            budget_period="daily",
        ),
    ]
    [products], [brands] = api.bodies("/sp/campaigns/list"), api.bodies("/sb/v4/campaigns/list")
    assert {"ARCHIVED", "USER_DELETED"} < set(products["stateFilter"]["include"])
    assert brands["stateFilter"] == {"include": ["ENABLED", "PAUSED", "ARCHIVED"]}
    assert api.asked("/sd/campaigns/extended")[0]["stateFilter"] == "enabled,paused,archived"
    [asked] = api.calls("/sp/campaigns/list")
    assert asked.headers["Content-Type"] == asked.headers["Accept"] == "application/vnd.spCampaign.v3+json"


def test_pages_are_read_to_the_last_one_and_each_row_once(api: Api, amazon: AmazonAds, october: Unit) -> None:
    api.listed("/sp/adGroups/list", group("1"), group("2"), nextToken="t", totalResults=3)
    api.listed("/sp/adGroups/list", group("2"), group("3"), totalResults=3)
    for rows in ([group(4)], [group(5)], []):
        api.mock.get(f"{HOST}/sd/adGroups/extended", json=rows)
    api.empty_lists()

    found = [record.ad_group_id for record in amazon.ad_groups(october)]

    assert found == ["1", "2", "3", "4", "5"]
    assert [body.get("nextToken") for body in api.bodies("/sp/adGroups/list")] == [None, "t"]
    assert [asked["startIndex"] for asked in api.asked("/sd/adGroups/extended")] == ["0", "1", "2"]


def group(number: object) -> Json:
    return {"adGroupId": number, "campaignId": "9", "name": "exact", "state": "ENABLED"}


def test_fewer_rows_than_amazon_counts_are_not_taken_for_all(
    api: Api, amazon: AmazonAds, october: Unit
) -> None:
    api.listed("/sp/adGroups/list", group("1"), totalResults=2)

    with pytest.raises(TransientError, match="rows are missing"):
        list(amazon.ad_groups(october))


@pytest.mark.parametrize("product", ["/sp/adGroups/list", "/sd/adGroups/extended"])
def test_pages_without_an_end_are_noticed(api: Api, amazon: AmazonAds, october: Unit, product: str) -> None:
    if product.startswith("/sp"):
        api.listed(product, group("1"), nextToken="again")
    else:
        api.mock.get(HOST + product, json=[group(1)])
    api.empty_lists(but=product)

    with pytest.raises(ContractError, match="never end"):
        list(amazon.ad_groups(october))


def test_a_product_that_an_author_may_not_use_has_no_campaigns(
    api: Api, amazon: AmazonAds, october: Unit
) -> None:
    api.listed("/sp/campaigns/list", campaign("1"))
    words = "KDP authors do not have access to Sponsored Brands functionality"
    api.refuse(403, words, url=f"{HOST}/sb/v4/campaigns/list")
    api.empty_lists()

    assert [record.campaign_id for record in amazon.campaigns(october)] == ["1"]


def test_ads_are_called_by_what_they_show(api: Api, amazon: AmazonAds, october: Unit) -> None:
    place = {"adGroupId": "5", "campaignId": "9", "state": "ENABLED"}
    api.listed("/sp/productAds/list", {"adId": "1", "asin": "B01", "sku": "S1", **place})
    api.listed("/sb/v4/ads/list", {"adId": "2", "name": "Video", **place})
    api.empty_lists()

    def ad(number: str, name: str) -> Ad:
        return Ad(ad_id=number, ad_group_id="5", campaign_id="9", name=name, status="ENABLED")

    assert list(amazon.ads(october)) == [ad("1", "B01"), ad("2", "Video")]


def test_a_creative_of_the_dsp_is_an_ad_in_each_line_item_that_shows_it(
    api: Api, amazon: AmazonAds, dsp: Unit
) -> None:
    api.listed("/adsApi/v1/query/adGroups", group("5"), group("6"))
    api.listed("/adsApi/v1/query/ads", {"adId": "1", "name": "Banner", "state": "ENABLED"})
    shown = {"adId": "1", "state": "PAUSED"}
    api.listed(
        "/adsApi/v1/query/adAssociations",
        {"adAssociationId": "a", "adGroupId": "5", **shown},
        {"adAssociationId": "b", "adGroupId": "6", **shown},
    )

    assert list(amazon.ads(dsp)) == [
        Ad(ad_id="1", ad_group_id=number, campaign_id="9", name="Banner", status="PAUSED")
        for number in ("5", "6")
    ]
    for path in ("adGroups", "ads", "adAssociations"):
        [asked] = api.calls(f"/adsApi/v1/query/{path}")
        assert asked.headers["Amazon-Ads-AccountId"] == ADVERTISER
        assert asked.headers["Amazon-Ads-ClientId"] == "amzn1.application-oa2-client.demo"
        assert "Amazon-Advertising-API-Scope" not in asked.headers


def test_line_items_are_ad_groups(api: Api, amazon: AmazonAds, dsp: Unit) -> None:
    api.listed("/adsApi/v1/query/adGroups", {**group("5"), "startDateTime": "2026-09-02T12:00:00Z"})

    assert list(amazon.ad_groups(dsp)) == [
        AdGroup(
            ad_group_id="5",
            campaign_id="9",
            name="exact",
            status="ENABLED",
            first_day=date(2026, 9, 2),
        )
    ]


@pytest.mark.parametrize(
    ("path", "changes", "model", "event", "kind"),
    [
        ("/sp/campaigns/list", {"dynamicBidding": {"strategy": "MANUAL"}}, "cpc", "clicks", "auto"),
        ("/sb/v4/campaigns/list", {"costType": "CPC"}, "cpc", "clicks", "auto"),
        ("/sb/v4/campaigns/list", {"costType": "VCPM"}, "vcpm", "viewable_impressions", "auto"),
        ("/sb/v4/campaigns/list", {"costType": "FIXED_PRICE"}, "flat", "", "fixed"),
        ("/sb/v4/campaigns/list", {"costType": "SOMETHING"}, None, "", "auto"),
        ("/sb/v4/campaigns/list", {}, None, "", "auto"),
        ("/adsApi/v1/query/campaigns", {}, "cpm", "impressions", "auto"),
    ],
)
def test_terms_follow_the_product_and_the_cost_type(
    api: Api,
    amazon: AmazonAds,
    october: Unit,
    path: str,
    changes: dict[str, object],
    model: str | None,
    event: str,
    kind: str,
) -> None:
    api.listed(path, campaign("1", **changes))
    api.empty_lists()

    [terms] = list(amazon.terms(october))

    assert (terms.level, terms.entity_id, terms.rate_micros) == ("campaign", "1", None)
    assert (terms.model, terms.billable_event, terms.kind) == (model, event, kind)


def test_goals_of_the_dsp_are_words_and_no_charge(api: Api, amazon: AmazonAds, dsp: Unit) -> None:
    optimizations = {
        "bidSettings": {"bidStrategy": "SPEND_BUDGET_IN_FULL"},
        "goalSettings": {"goal": "CONVERSIONS", "kpi": "COST_PER_INSTALL", "kpiValue": 2.5},
    }
    api.listed("/adsApi/v1/query/campaigns", campaign("1", optimizations=optimizations))

    assert list(amazon.terms(dsp)) == [
        Terms(
            level="campaign",
            entity_id="1",
            campaign_id="1",
            model="cpm",
            billable_event="impressions",
            native=(
                "adProduct=DEMAND_SIDE_PLATFORM, goal=CONVERSIONS, kpi=COST_PER_INSTALL, "
                "bidStrategy=SPEND_BUDGET_IN_FULL"
            ),
        )
    ]
