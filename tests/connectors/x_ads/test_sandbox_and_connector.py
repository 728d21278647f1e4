"""What only X has, against the fake over real HTTP; what all have is in the folder above."""

from collections.abc import Iterator

import pytest

from adtally import Interaction, Terms

from ..sandboxed import SEPTEMBER, Served, happened, owned_groups, served

ANGELES, TOKYO = "18ce54d4xa1", "18ce54d4xa2"


@pytest.fixture(scope="module")
def x() -> Iterator[Served]:
    with served("x_ads") as one:
        yield one


@pytest.mark.parametrize("account_id", [ANGELES, TOKYO])
def test_terms_are_those_of_the_world(x: Served, account_id: str) -> None:
    records = x.told(Terms, "terms", account_id, SEPTEMBER)

    assert {(record.entity_id, record.model, record.rate_micros) for record in records} == {
        (group.ad_group_id, campaign.model, None if campaign.goal else group.bid_micros)
        for campaign, group in owned_groups(account_id)
    }


def test_what_may_be_added_up_is_what_the_world_counts_as_results(x: Served) -> None:
    records = x.told(Interaction, "conversions", ANGELES, SEPTEMBER)

    assert sum(record.quantity_micros for record in records if record.in_total) == sum(
        row.conversions_micros for _, row in happened(ANGELES, SEPTEMBER)
    )
