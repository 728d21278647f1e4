"""What only Google has, against the fake over real HTTP; what all have is in the folder above."""

from collections.abc import Iterator
from datetime import date

import pytest

from adtally import Ad, Campaign, Change, Invoice, NotOffered, Window
from adtally.calendar import month

from ..sandboxed import OCTOBER, Served, owned, served
from ..trials import played

BERLIN, PACIFIC, TOKYO = "2000000101", "2000000103", "2000000104"
BAKERY, CLOSED, ALPINE = "2000000105", "2000000106", "2000000108"


@pytest.fixture(scope="module")
def google() -> Iterator[Served]:
    with served("google_ads") as one:
        yield one


def test_performance_max_has_no_ads(google: Served) -> None:
    ads = google.told(Ad, "ads", BERLIN, OCTOBER)

    every = owned(BERLIN).campaigns
    with_ads = {one.campaign_id for one in every if one.ad_groups}
    assert {one.campaign_id for one in ads} == with_ads < {one.campaign_id for one in every}


def test_each_invoice_comes_back_with_lines_that_add_up(google: Served) -> None:
    found: dict[str, int] = {}

    for account_id in (BERLIN, PACIFIC, TOKYO, ALPINE):
        for name in ("2026-09", "2026-10"):
            for invoice in google.told(Invoice, "invoices", account_id, month(name)):
                assert sum(line.amount_micros for line in invoice.lines) == invoice.total_micros
                found[invoice.invoice_id] = invoice.total_micros

    assert found == {
        bill.invoice_id: bill.total_micros for bill in played().bills if bill.connector == "google"
    }


def test_fees_for_a_country_and_what_stopped_for_a_day_come_through(google: Served) -> None:
    [bill] = google.told(Invoice, "invoices", ALPINE, OCTOBER)
    fees = [(line.jurisdiction, line.amount_micros) for line in bill.lines if line.kind == "fee"]
    changes = google.told(Change, "changes", ALPINE, Window(date(2026, 10, 15), OCTOBER.last_day))

    [planted] = [one for one in played().bills if one.billed_to == "alpine" and one.service == OCTOBER]
    assert fees == [("AT", planted.summed("fee"))]
    still = [one.campaign_id for one in owned(ALPINE).campaigns if one.still_on]
    assert {one.entity_id: [c.new for c in changes if c.entity_id == one.entity_id] for one in changes} == {
        number: ["PAUSED", "ENABLED"] for number in still
    }
    budgets = {
        one.campaign_id: one.budget_micros for one in google.told(Campaign, "campaigns", ALPINE, OCTOBER)
    }
    assert budgets == {one.campaign_id: one.budget_micros for one in owned(ALPINE).campaigns}


@pytest.mark.parametrize(
    ("account_id", "report", "reason"),
    [(CLOSED, "campaign_daily", "cancelled"), (BAKERY, "invoices", "monthly invoicing")],
)
def test_what_an_account_does_not_have_is_not_offered(
    google: Served, account_id: str, report: str, reason: str
) -> None:
    with pytest.raises(NotOffered, match=reason):
        google.fetch(report, account_id, OCTOBER)
