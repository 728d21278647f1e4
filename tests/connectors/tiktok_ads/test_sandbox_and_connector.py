"""What only TikTok has, against the fake over real HTTP; what all have is in the folder above."""

from collections.abc import Iterator

import pytest

from adtally import Invoice
from adtally.calendar import month

from ..sandboxed import SEPTEMBER, Served, served
from ..trials import played

PACIFIC, KEA, TOKYO = (f"701111111111111110{number}" for number in (1, 2, 3))


@pytest.fixture(scope="module")
def tiktok() -> Iterator[Served]:
    with served("tiktok_ads") as one:
        yield one


def test_what_a_voucher_paid_is_credited(tiktok: Served) -> None:
    records = tiktok.deliveries("campaign_daily", TOKYO, SEPTEMBER)
    without = tiktok.deliveries("campaign_daily", PACIFIC, SEPTEMBER)

    assert all(
        0 < (record.credited_micros or 0) <= (record.cost_micros or 0) * 12 // 100 for record in records
    )
    assert {record.credited_micros for record in without} == {0}


def test_each_invoice_comes_back_by_the_month_in_which_it_was_sent(tiktok: Served) -> None:
    found = {
        (account_id, invoice.invoice_id): invoice.total_micros
        for account_id in (PACIFIC, KEA)
        for window in (month("2026-10"), month("2026-11"))
        for invoice in tiktok.told(Invoice, "invoices", account_id, window)
    }

    assert found == {
        (bill.account_id, bill.invoice_id): bill.total_micros
        for bill in played().bills
        if bill.connector == "tiktok"
    }
