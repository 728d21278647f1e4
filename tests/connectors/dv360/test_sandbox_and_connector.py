"""What only this platform has, against the fake over real HTTP; what all have is in the folder above."""

from collections.abc import Iterator

import pytest

from adtally import Interaction, Invoice, Order, Terms
from adtally.calendar import month

from ..sandboxed import SEPTEMBER, Served, owned, owned_groups, served
from ..trials import played

BERLIN, NEW_YORK = "4560101", "4560102"


@pytest.fixture(scope="module")
def dv360() -> Iterator[Served]:
    with served("dv360") as one:
        yield one


@pytest.mark.parametrize(
    ("account_id", "definition", "charged"),
    [(BERLIN, "dv360_start", ("cpm", "impressions")), (NEW_YORK, "youtube_trueview", ("cpv", "video_views"))],
)
def test_line_items_say_what_their_delivery_is_counted_by(
    dv360: Served, account_id: str, definition: str, charged: tuple[str, str]
) -> None:
    terms = dv360.told(Terms, "terms", account_id, SEPTEMBER)
    records = dv360.deliveries("ad_group_daily", account_id, SEPTEMBER)

    assert {(one.model, one.billable_event) for one in terms} == {charged}
    assert {one.entity_id for one in terms} == {group.ad_group_id for _, group in owned_groups(account_id)}
    assert {one.view_definition for one in records} == {definition}
    assert all(one.billable_units == getattr(one, charged[1]) for one in records)


@pytest.mark.parametrize(("account_id", "linked"), [(BERLIN, True), (NEW_YORK, False)])
def test_conversions_are_those_of_the_delivery_and_their_value_is_told_where_it_can_be(
    dv360: Served, account_id: str, linked: bool
) -> None:
    records = dv360.told(Interaction, "conversions", account_id, SEPTEMBER)
    days = dv360.deliveries("campaign_daily", account_id, SEPTEMBER)

    assert sum(one.quantity_micros for one in records) == sum(one.conversions_micros or 0 for one in days) > 0
    assert {one.view_through for one in records} == {True, False}
    values = {one.value_micros for one in records if not one.view_through}
    assert (None in values, len(values) > 1) == (not linked, linked)


def test_insertion_orders_name_the_text_that_google_prints(dv360: Served) -> None:
    orders = dv360.told(Order, "orders", BERLIN, SEPTEMBER)

    assert [one.purchase_order for one in orders] == [
        f"PO {campaign.campaign_id[-5:]}" for campaign in owned(BERLIN).campaigns
    ]
    assert all(one.cap_micros for one in orders)


def test_each_invoice_comes_back_by_its_service_month(dv360: Served) -> None:
    found = {
        (account_id, window.first_day, invoice.invoice_id): (invoice.total_micros, invoice.tax_micros)
        for account_id in (BERLIN, NEW_YORK)
        for window in (month("2026-09"), month("2026-10"), month("2026-11"))
        for invoice in dv360.told(Invoice, "invoices", account_id, window)
    }

    assert found
    assert found == {
        (bill.account_id, bill.service.first_day, bill.invoice_id): (bill.total_micros, bill.summed("tax"))
        for bill in played().bills
        if bill.connector == "dv360"
    }
