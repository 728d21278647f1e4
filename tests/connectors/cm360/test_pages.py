"""Lists come whole, each row once, and end."""

import pytest

from adtally import ContractError, Unit
from adtally_connectors.cm360 import Cm360

from .builders import Json, placement
from .conftest import Api


def campaign(number: str) -> Json:
    return {"id": number, "name": number, "advertiserId": "5511"}


def ids(cm360: Cm360, unit: Unit) -> list[str]:
    return [one.campaign_id for one in cm360.campaigns(unit)]


def test_pages_are_followed_with_the_same_question(api: Api, cm360: Cm360, october: Unit) -> None:
    api.listed("campaigns", campaign("1"), campaign("2"), token="t2")
    api.listed("campaigns", campaign("2"), campaign("3"))

    assert ids(cm360, october) == ["1", "2", "3"]
    first, second = map(dict, api.params("campaigns"))
    assert first == {"advertiserIds": "5511", "maxResults": "1000"}
    assert second == {**first, "pageToken": "t2"}


def test_a_page_without_rows_is_the_last_one_whatever_its_token(
    api: Api, cm360: Cm360, october: Unit
) -> None:
    api.listed("campaigns", campaign("1"), token="t2")
    api.listed("campaigns", token="t3")

    assert ids(cm360, october) == ["1"]


def test_pages_that_never_end_are_refused(api: Api, cm360: Cm360, october: Unit) -> None:
    api.listed("campaigns", campaign("1"), token="t2")
    api.listed("campaigns", campaign("2"), token="t2")

    with pytest.raises(ContractError, match="never end"):
        ids(cm360, october)


def test_a_row_of_another_advertiser_is_refused(api: Api, cm360: Cm360, october: Unit) -> None:
    api.listed("placements", placement(advertiserId="9"))

    with pytest.raises(ContractError, match="advertiser 9 was not asked for"):
        list(cm360.ad_groups(october))


def test_groups_are_asked_for_in_smaller_pages(api: Api, cm360: Cm360, october: Unit) -> None:
    api.listed("placementGroups")
    api.listed("placements")

    assert list(cm360.terms(october)) == []
    assert dict(api.params("placementGroups")[0])["maxResults"] == "800"
