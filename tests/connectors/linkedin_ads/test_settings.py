"""Accounts, campaign groups, campaigns, creatives, budgets and terms as they stand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import Account, Ad, AdGroup, Campaign, ContractError, Order, Terms, Unit
from adtally_connectors.linkedin_ads import LinkedInAds

from .builders import (
    ACCOUNT,
    ACCOUNTS,
    CAMPAIGN,
    CAMPAIGNS,
    CREATIVES,
    GROUP,
    GROUPS,
    account,
    campaign,
    campaign_urn,
    creative_urn,
)

if TYPE_CHECKING:
    from .conftest import Api

MONDAY_NOON, END = 1_759_147_200_000, 1_761_955_200_000
"""2025-09-29 12:00 and 2025-11-01 00:00 UTC."""


def test_accounts_are_all_that_the_member_sees_but_those_for_tests(api: Api, linkedin: LinkedInAds) -> None:
    api.page(
        ACCOUNTS,
        account(),
        account("2", name="Held", currency="USD", servingStatuses=["STOPPED", "BILLING_HOLD"]),
        account("3", test=True),
        account("4", status="CANCELED", servingStatuses=[]),
    )

    assert list(linkedin.accounts()) == [
        Account(id="512345678", name="Nordwind EU", currency="EUR", timezone="UTC", status="ACTIVE"),
        Account(id="2", name="Held", currency="USD", timezone="UTC", status="ACTIVE STOPPED BILLING_HOLD"),
        Account(id="4", name="Nordwind EU", currency="EUR", timezone="UTC", status="CANCELED"),
    ]
    assert api.asked_of(ACCOUNTS) == ["q=search&pageSize=500"]


def test_a_campaign_group_is_a_campaign_with_its_days_in_utc(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    schedule = {"start": MONDAY_NOON, "end": END}
    api.page(
        GROUPS,
        {
            "id": 1,
            "name": "A",
            "status": "ACTIVE",
            "objectiveType": "LEAD_GENERATION",
            "runSchedule": schedule,
        },
        {
            "id": 2,
            "name": "B",
            "status": "REMOVED",
            "totalBudget": {"amount": "900.50", "currencyCode": "EUR"},
        },
    )

    assert list(linkedin.campaigns(october)) == [
        Campaign(
            campaign_id="1",
            name="A",
            status="ACTIVE",
            objective="LEAD_GENERATION",
            first_day=date(2025, 9, 29),
            last_day=date(2025, 10, 31),
        ),
        Campaign(
            campaign_id="2", name="B", status="REMOVED", budget_micros=900_500_000, budget_period="total"
        ),
    ]
    [query] = api.asked_of(GROUPS)
    assert "List(ACTIVE,ARCHIVED,CANCELED,DRAFT,PAUSED,PENDING_DELETION,REMOVED)" in query


def test_a_campaign_is_an_ad_group_with_the_budget_of_its_day(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    budgets = {"dailyBudget": {"amount": "700.00"}, "totalBudget": {"amount": "5"}}
    api.campaigns(campaign(**budgets), campaign("7", status="ARCHIVED", dailyBudget={"amount": "0"}))

    assert list(linkedin.ad_groups(october)) == [
        AdGroup(
            ad_group_id=CAMPAIGN,
            campaign_id=GROUP,
            name="Leads DE",
            status="ACTIVE",
            budget_micros=700_000_000,
            budget_period="daily",
        ),
        AdGroup(ad_group_id="7", campaign_id=GROUP, name="Leads DE", status="ARCHIVED"),
    ]


def test_a_creative_is_an_ad_of_the_group_that_its_campaign_is_in(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    api.campaigns(campaign())
    api.page(
        CREATIVES,
        {"id": creative_urn("1"), "campaign": campaign_urn(), "name": "Red", "intendedStatus": "REMOVED"},
        {"id": creative_urn("2"), "campaign": campaign_urn("8"), "intendedStatus": "ACTIVE"},
    )

    assert list(linkedin.ads(october)) == [
        Ad(ad_id="1", ad_group_id=CAMPAIGN, campaign_id=GROUP, name="Red", status="REMOVED"),
        Ad(ad_id="2", ad_group_id="8", campaign_id="", status="ACTIVE"),
    ]


def test_an_account_may_have_a_budget_as_a_whole(api: Api, linkedin: LinkedInAds, october: Unit) -> None:
    budget = {"amount": "25000.00", "currencyCode": "EUR"}
    api.one(ACCOUNT, account(totalBudget=budget, totalBudgetEndsAt=END))
    api.one(ACCOUNT, account())

    assert list(linkedin.account_budgets(october)) == [
        Order(order_id="512345678", last_day=date(2025, 10, 31), cap_micros=25_000_000_000, currency="EUR")
    ]
    assert list(linkedin.account_budgets(october)) == []


def test_another_account_than_the_one_asked_for_is_refused(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    api.one(ACCOUNT, account("7"))

    with pytest.raises(ContractError, match="account 7 came"):
        list(linkedin.account_budgets(october))


@pytest.mark.parametrize(
    ("settings", "model", "event", "rate", "kind"),
    [
        ({}, "cpc", "clicks", 4_500_000, "cap"),
        ({"optimizationTargetType": None}, "cpc", "clicks", 4_500_000, "cap"),
        ({"costType": "CPM"}, "cpm", "impressions", 4_500_000, "cap"),
        ({"costType": "CPV", "unitCost": {"amount": "0.0425"}}, "cpv", "video_views", 42_500, "cap"),
        ({"unitCost": {"amount": "0", "currencyCode": "EUR"}}, "cpc", "clicks", None, "auto"),
        ({"unitCost": None}, "cpc", "clicks", None, "auto"),
        ({"unitCost": {"amount": "4.50", "currencyCode": "USD"}}, "cpc", "clicks", None, "cap"),
        ({"optimizationTargetType": "ENHANCED_CONVERSION"}, "cpc", "clicks", 4_500_000, "target"),
        ({"optimizationTargetType": "MAX_LEAD", "costType": "CPM"}, "cpm", "impressions", None, "auto"),
        (
            {"optimizationTargetType": "CAP_COST_AND_MAXIMIZE_LEADS", "costType": "CPM"},
            *("cpm", "impressions", None, "target"),
        ),
        ({"optimizationTargetType": "TARGET_COST_PER_CLICK"}, "cpc", "clicks", 4_500_000, "target"),
        (
            {"optimizationTargetType": "TARGET_COST_PER_CLICK", "costType": "CPM"},
            *("cpm", "impressions", None, "target"),
        ),
        ({"optimizationTargetType": "SOMETHING_NEW"}, "cpc", "clicks", None, "auto"),
        ({"costType": "CPM", "type": "SPONSORED_INMAILS"}, "cpsend", "sends", None, "cap"),
        ({"costType": "CPC", "type": "SPONSORED_INMAILS"}, None, "", None, "auto"),
        ({"costType": "SOMETHING_NEW"}, None, "", None, "auto"),
        ({"costType": None}, None, "", None, "auto"),
    ],
)
def test_terms_follow_the_cost_type_and_the_strategy(
    api: Api,
    linkedin: LinkedInAds,
    october: Unit,
    settings: dict[str, object],
    model: str | None,
    event: str,
    rate: int | None,
    kind: str,
) -> None:
    api.campaigns(campaign(**settings))

    [terms] = linkedin.terms(october)

    assert (terms.model, terms.billable_event, terms.rate_micros, terms.kind) == (model, event, rate, kind)


def test_terms_are_the_campaigns_and_quote_its_settings(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    api.campaigns(
        campaign(
            type="SPONSORED_INMAILS",
            costType="CPM",
            unitCost={"amount": "0.60", "currencyCode": "EUR"},
            runSchedule={"start": MONDAY_NOON},
        )
    )

    assert list(linkedin.terms(october)) == [
        Terms(
            level="ad_group",
            entity_id=CAMPAIGN,
            campaign_id=GROUP,
            first_day=date(2025, 9, 29),
            model="cpsend",
            billable_event="sends",
            rate_micros=None,
            kind="cap",
            native="type=SPONSORED_INMAILS, costType=CPM, unitCost=0.60 EUR, optimizationTargetType=NONE, "
            "objectiveType=WEBSITE_VISIT",
        )
    ]


def test_an_account_without_campaigns_has_no_rows_and_no_error(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    for _ in range(2):
        api.campaigns()
    api.page(CREATIVES)
    api.report()
    api.one(ACCOUNT, account())

    assert list(linkedin.ads(october)) == []
    assert list(linkedin.campaign_daily(october)) == []


def test_a_row_without_its_key_is_named_by_its_path(api: Api, linkedin: LinkedInAds, october: Unit) -> None:
    api.page(CAMPAIGNS, {"name": "nameless"})

    with pytest.raises(ContractError, match=r"missing required field `id` - at `\$.elements\[0\]`"):
        list(linkedin.ad_groups(october))
