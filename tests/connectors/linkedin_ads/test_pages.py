"""Lists to the last element: a short page, an empty page or a moved element changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, Unit
from adtally_connectors.linkedin_ads import LinkedInAds

from .builders import (
    ACCOUNTS,
    CAMPAIGNS,
    CREATIVES,
    RULES,
    account,
    campaign,
    campaign_urn,
    creative_urn,
    row,
)

if TYPE_CHECKING:
    from .conftest import Api


def ids(linkedin: LinkedInAds, unit: Unit) -> list[str]:
    return [record.ad_group_id for record in linkedin.ad_groups(unit)]


def test_a_page_that_is_shorter_than_asked_for_is_not_the_last_one(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    api.page(CAMPAIGNS, campaign("1"), campaign("2"), token="t1")
    api.page(CAMPAIGNS, token="t2")
    api.page(CAMPAIGNS, campaign("3"))

    assert ids(linkedin, october) == ["1", "2", "3"]
    states = "ACTIVE,ARCHIVED,CANCELED,DRAFT,PAUSED,PENDING_DELETION,REMOVED,COMPLETED"
    first = f"q=search&search=(status:(values:List({states})))&pageSize=500"
    assert api.asked_of(CAMPAIGNS) == [first, f"{first}&pageToken=t1", f"{first}&pageToken=t2"]


def test_an_element_that_comes_on_two_pages_counts_once(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    api.page(ACCOUNTS, account("1"), account("2"), token="t1")
    api.page(ACCOUNTS, account("2"), account("3"))

    assert [found.id for found in linkedin.accounts()] == ["1", "2", "3"]


def test_creatives_are_asked_for_by_the_hundred_and_by_their_finder(
    api: Api, linkedin: LinkedInAds, october: Unit
) -> None:
    api.campaigns(campaign())
    api.page(CREATIVES, {"id": creative_urn("1"), "campaign": campaign_urn()}, token="t1")
    api.page(CREATIVES, {"id": creative_urn("2"), "campaign": campaign_urn()})

    assert [ad.ad_id for ad in linkedin.ads(october)] == ["1", "2"]
    first = "q=criteria&pageSize=100&sortOrder=ASCENDING"
    assert api.asked_of(CREATIVES) == [first, f"{first}&pageToken=t1"]
    assert [call.request.headers.get("X-RestLi-Method") for call in api.mock.calls] == [
        None,
        "FINDER",
        "FINDER",
    ]


def test_pages_that_never_end_are_refused(api: Api, linkedin: LinkedInAds, october: Unit) -> None:
    for _ in range(2):
        api.page(CAMPAIGNS, campaign("1"), token="t1")

    with pytest.raises(ContractError, match="never end"):
        ids(linkedin, october)


@pytest.mark.parametrize("href", ["/rest/conversions?start=1&count=1", "/rest/conversions"])
def test_a_list_of_rules_that_never_ends_or_leads_nowhere_is_refused(
    api: Api, linkedin: LinkedInAds, october: Unit, href: str
) -> None:
    api.report(row(externalWebsiteConversions=1))
    api.report(row())
    for _ in range(2 if "start" in href else 1):
        links = [{"rel": "prev", "href": "/"}, {"rel": "next", "href": href}]
        api.one(RULES, {"paging": {"links": links}, "elements": [{"id": 1}]})

    with pytest.raises(ContractError, match=r"never end|does not say where it starts"):
        list(linkedin.conversions(october))
