"""Google's invoices for ad serving: a fee for what was served, by campaign and month, and one correction.

Source: Campaign Manager 360 API v5, schemas Invoice and CampaignSummary; read 2026-11.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from adtally import Window, rounded, world

from .entities import publishers
from .envelope import check_names, invalid, page
from .rows import counted

FEE = 50_000
"""Micros per 1,000 served impressions."""
CENT = 10_000
TAX_PPM = 80_000
PAYABLE = timedelta(days=30)
MONTHS = (date(2026, 9, 1), date(2026, 10, 1))
CORRECTED, CORRECTED_ON, CORRECTION = MONTHS[0], date(2026, 11, 5), 10
"""One part in ten of the first campaign's fee was too much."""


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice, or a credit memo, whose amounts are positive as well."""

    invoice_id: str
    issued: date
    served: Window
    fees: Mapping[str, int]
    """By CM360 campaign, before tax."""
    corrects: str = ""

    @property
    def tax(self) -> int:
        return sum(map(tax_of, self.fees.values()))


def documents(played: world.World) -> Iterator[Document]:
    """Every document that has been issued."""
    found: list[Document] = []
    for month in MONTHS:
        served = Window(month, month.replace(day=monthrange(month.year, month.month)[1]))
        fees = {f"22{one.account_id.removeprefix('NB-')}": 0 for one in publishers(played) if one.campaigns}
        for one in counted(played, served):
            fees[one.booking.campaign_id] += one.counts["dfa:impressions"]
        billed = {number: _cents(rounded(served_units * FEE, 1000)) for number, served_units in fees.items()}
        issued = served.last_day + timedelta(days=2)
        found.append(Document(f"59{month:%Y%m}01", issued, served, billed))
        if month == CORRECTED:
            number, fee = next(iter(billed.items()))
            back = {number: _cents(fee // CORRECTION)}
            found.append(Document(f"59{month:%Y%m}02", CORRECTED_ON, served, back, found[-1].invoice_id))
    return (one for one in found if one.issued <= played.today)


def invoices(played: world.World, given: Mapping[str, str]) -> dict[str, object]:
    check_names(given, ("maxResults", "pageToken"), ("issueMonth",))
    month = given["issueMonth"]
    if len(month) != 6 or not month.isdigit():
        raise invalid(f"Invalid value {month!r} for issueMonth.")
    return page(
        "invoices", [_invoice(one) for one in documents(played) if f"{one.issued:%Y%m}" == month], given
    )


def tax_of(fee: int) -> int:
    return _cents(rounded(fee * TAX_PPM, 1_000_000))


def _invoice(one: Document) -> dict[str, object]:
    fees = sum(one.fees.values())
    found: dict[str, object] = {
        "kind": "dfareporting#invoice",
        "id": one.invoice_id,
        "invoiceType": "INVOICE_TYPE_CREDIT" if one.corrects else "INVOICE_TYPE_INVOICE",
        "currencyCode": "USD",
        "issueDate": str(one.issued),
        "dueDate": str(one.issued + PAYABLE),
        "serviceStartDate": str(one.served.first_day),
        "serviceEndDate": str(one.served.last_day),
        "subtotalAmountMicros": str(fees),
        "totalTaxAmountMicros": str(one.tax),
        "totalAmountMicros": str(fees + one.tax),
        "paymentsAccountId": "1111-2222-3333",
        "campaign_summaries": [
            {
                "campaignId": number,
                "billingInvoiceCode": f"NB-{number.removeprefix('22')}",
                "preTaxAmountMicros": str(fee),
                "taxAmountMicros": str(tax_of(fee)),
                "totalAmountMicros": str(fee + tax_of(fee)),
            }
            for number, fee in one.fees.items()
        ],
    }
    return {**found, "correctedInvoiceId": one.corrects} if one.corrects else found


def _cents(micros: int) -> int:
    return rounded(micros, CENT) * CENT
