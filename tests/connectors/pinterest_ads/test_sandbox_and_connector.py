"""What only Pinterest has, against the fake over real HTTP; what all have is in the folder above."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adtally import Campaign, Delivery, Interaction, Invoice, Order, Terms, world
from adtally.calendar import month

from ..sandboxed import OCTOBER, SEPTEMBER, Served, connector_at, owned, owned_groups, served_by
from ..trials import played

SOCIAL, VIDEO = "549700000101", "549700000102"
REPORTS = ("campaign_daily", "ad_group_daily", "ad_daily", "conversions")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[world.Sandbox]:
    with world.serve(played(), fakes={"pinterest_ads": world.installed()["pinterest_ads"]}) as one:
        yield one


@pytest.fixture(scope="module")
def pinterest(sandbox: world.Sandbox) -> Served:
    return served_by(sandbox, "pinterest_ads")


def test_campaigns_have_the_status_of_the_world_and_the_order_that_pays(pinterest: Served) -> None:
    listed = pinterest.told(Campaign, "campaigns", SOCIAL, OCTOBER)
    orders = pinterest.told(Order, "orders", SOCIAL, OCTOBER)

    statuses = {"enabled": "ACTIVE", "paused": "PAUSED", "removed": "ARCHIVED"}
    assert {one.campaign_id: one.status for one in listed} == {
        one.campaign_id: statuses[one.status] for one in owned(SOCIAL).campaigns
    }
    [paid, bonus] = orders
    assert {one.budget_id for one in listed} == {paid.order_id}
    assert (paid.paid_type, bonus.paid_type) == ("PAID", "BONUS")


def test_terms_are_the_caps_of_the_ad_groups_that_bid(pinterest: Served) -> None:
    records = [
        *pinterest.told(Terms, "terms", SOCIAL, OCTOBER),
        *pinterest.told(Terms, "terms", VIDEO, OCTOBER),
    ]

    assert {one.entity_id: (one.model, one.kind, one.rate_micros) for one in records} == {
        group.ad_group_id: (campaign.model, "auto", None)
        if campaign.goal or campaign.model == "cpv"
        else (campaign.model, "cap", group.bid_micros)
        for account_id in (SOCIAL, VIDEO)
        for campaign, group in owned_groups(account_id)
    }


@pytest.mark.parametrize("report", REPORTS)
def test_a_table_tells_the_same_as_json(pinterest: Served, sandbox: world.Sandbox, report: str) -> None:
    tables = connector_at(sandbox, "pinterest_ads", report_format="CSV")
    by_csv = Served(tables, pinterest.accounts)

    for account_id in (SOCIAL, VIDEO):
        records = pinterest.fetch(report, account_id, SEPTEMBER)

        assert records
        assert by_csv.fetch(report, account_id, SEPTEMBER) == records


def test_what_is_paid_for_is_counted(pinterest: Served) -> None:
    models = {one.campaign_id: one.model for account in (SOCIAL, VIDEO) for one in owned(account).campaigns}
    records = [
        *pinterest.told(Delivery, "campaign_daily", SOCIAL, SEPTEMBER),
        *pinterest.told(Delivery, "campaign_daily", VIDEO, SEPTEMBER),
    ]

    for one in records:
        by_model = {"cpm": one.impressions, "cpc": one.clicks, "cpv": one.video_views}
        assert one.billable_units == by_model[models[one.campaign_id]]


def test_the_parts_of_a_conversion_are_its_total(pinterest: Served) -> None:
    sums: dict[str, int] = {}
    for one in pinterest.told(Interaction, "conversions", SOCIAL, SEPTEMBER):
        if one.action == "TOTAL_CHECKOUT":
            sums[one.attribution] = sums.get(one.attribution, 0) + one.quantity_micros

    total = sums.pop("30d_click,30d_engagement,1d_view,ad_action")
    assert [*sums] == ["30d_click,ad_action", "30d_engagement,ad_action", "1d_view,ad_action"]
    assert sum(sums.values()) == total > 0


@pytest.mark.parametrize("text", ["2026-09", "2026-10"])
@pytest.mark.parametrize("account_id", [SOCIAL, VIDEO])
def test_invoices_of_a_service_month_are_the_bills_of_the_world(
    pinterest: Served, account_id: str, text: str
) -> None:
    records = pinterest.told(Invoice, "invoices", account_id, month(text))

    assert [
        (one.invoice_id, one.kind, one.total_micros, one.currency, one.first_day, one.last_day)
        for one in records
    ] == [
        (
            one.invoice_id,
            one.kind,
            one.total_micros,
            one.currency,
            one.service.first_day,
            one.service.last_day,
        )
        for one in played().bills
        if one.account_id == account_id and one.service == month(text)
    ]
    assert {one.status for one in records} <= {"closed", "unpaid"}
