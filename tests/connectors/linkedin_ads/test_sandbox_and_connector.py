"""What only LinkedIn has, against the fake over real HTTP; what all have is in the folder above."""

from collections.abc import Iterator

import pytest

from adtally import Interaction, Terms

from ..sandboxed import SEPTEMBER, Served, happened, owned, owned_groups, served

LINDENHOF, PACIFIC = "512345601", "512345602"


@pytest.fixture(scope="module")
def linkedin() -> Iterator[Served]:
    with served("linkedin_ads") as one:
        yield one


@pytest.mark.parametrize("report", ["campaign_daily", "ad_group_daily", "ad_daily"])
def test_each_campaign_counts_what_it_pays_for(linkedin: Served, report: str) -> None:
    accounts = (LINDENHOF, PACIFIC)
    models = {one.campaign_id: one.model for name in accounts for one in owned(name).campaigns}
    columns = {"cpm": "impressions", "cpc": "clicks", "cpv": "video_views"}

    records = [record for name in accounts for record in linkedin.deliveries(report, name, SEPTEMBER)]

    assert set(models.values()) == {"cpm", "cpc", "cpv"}
    assert {record.campaign_id for record in records} == set(models)
    for record in records:
        assert record.billable_units == getattr(record, columns[models[record.campaign_id]])


def test_results_are_those_of_the_campaigns_that_aim_at_them(linkedin: Served) -> None:
    sums: dict[tuple[str, str], list[int]] = {}

    for record in linkedin.told(Interaction, "conversions", LINDENHOF, SEPTEMBER):
        if record.attribution:
            total = sums.setdefault((record.action, record.attribution), [0, 0])
            total[0] += record.quantity_micros
            total[1] += record.value_micros or 0

    rows = [row for campaign, row in happened(LINDENHOF, SEPTEMBER) if campaign.goal]
    all_of_them = [sum(row.conversions_micros for row in rows), sum(row.revenue_micros for row in rows)]
    seen = sum(row.view_through for row in rows) * 1_000_000
    assert seen
    assert sums == {
        (action, attribution): told
        for action in ("externalWebsiteConversions", "Purchase #104001")
        for attribution, told in (
            ("default", all_of_them),
            ("click", [all_of_them[0] - seen, 0]),
            ("view_through", [seen, 0]),
        )
    }


def test_terms_are_a_cap_or_left_to_the_platform(linkedin: Served) -> None:
    terms = linkedin.told(Terms, "terms", LINDENHOF, SEPTEMBER)

    assert {one.entity_id: (one.campaign_id, one.model, one.kind, one.rate_micros) for one in terms} == {
        group.ad_group_id: (
            campaign.campaign_id,
            campaign.model,
            *(("auto", None) if campaign.goal else ("cap", group.bid_micros)),
        )
        for campaign, group in owned_groups(LINDENHOF)
    }
