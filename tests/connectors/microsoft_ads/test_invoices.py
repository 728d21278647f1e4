"""Billing documents: what they are, when they are asked for, and which month they bill."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Literal

import msgspec
import pytest

from adtally import ContractError, Invoice, Unit, Window
from adtally.calendar import month
from adtally_connectors.microsoft_ads import MicrosoftAds

from .builders import document, order

if TYPE_CHECKING:
    from .conftest import Api

NOVEMBER, OCTOBER = month("2026-11"), month("2026-10")


def of(unit: Unit, window: Window, payment: Literal["invoice", "threshold", "unknown"]) -> Unit:
    account = msgspec.structs.replace(unit.account, payment=payment)
    return replace(unit, account=account, window=window)


def test_an_invoice_of_the_first_days_bills_the_month_before(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.documents(document())

    assert list(microsoft.invoices(of(october, NOVEMBER, "invoice"))) == [
        Invoice(
            invoice_id="990001",
            number="E0400TEST1",
            account_id="180001",
            issue_day=date(2026, 11, 1),
            first_day=OCTOBER.first_day,
            last_day=OCTOBER.last_day,
            currency="USD",
            total_micros=1_412_550_000,
        )
    ]


@pytest.mark.parametrize(
    ("dated", "served"),
    [
        ("2026-11-05", OCTOBER),
        ("2026-11-06", None),
        ("2026-11-15", None),
        ("2026-11-29", None),
        ("2026-11-30", NOVEMBER),
    ],
)
def test_the_service_month_follows_from_the_date_where_it_leaves_no_doubt(
    api: Api, microsoft: MicrosoftAds, october: Unit, dated: str, served: Window | None
) -> None:
    api.documents(document(DocumentDate=f"{dated}T00:00:00"))

    [invoice] = microsoft.invoices(of(october, NOVEMBER, "invoice"))

    told = Window(invoice.first_day, invoice.last_day) if invoice.first_day and invoice.last_day else None
    assert (told, invoice.issue_day) == (served, date.fromisoformat(dated))


def test_an_account_that_does_not_pay_by_invoice_has_documents_without_a_month(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.documents(document())

    [invoice] = microsoft.invoices(of(october, NOVEMBER, "threshold"))

    assert (invoice.first_day, invoice.last_day) == (None, None)


@pytest.mark.parametrize(("has_orders", "first_day"), [(True, OCTOBER.first_day), (False, None)])
def test_where_nobody_says_how_an_account_pays_insertion_orders_tell(
    api: Api, microsoft: MicrosoftAds, october: Unit, has_orders: bool, first_day: date | None
) -> None:
    api.documents(document())
    api.orders(*([order()] if has_orders else []))

    [invoice] = microsoft.invoices(of(october, NOVEMBER, "unknown"))

    assert invoice.first_day == first_day


def test_a_negative_amount_is_a_credit_memo_for_whatever_month(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.documents(document(Amount=-20.10, DocumentId="990002", DocumentDate="2026-11-02T00:00:00"))

    [credit] = microsoft.invoices(of(october, NOVEMBER, "invoice"))

    assert (credit.kind, credit.total_micros, credit.first_day) == ("credit_memo", -20_100_000, None)


def test_documents_are_asked_for_by_their_date_and_a_day_more_is_left_to_the_next_month(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    inside = document(DocumentId="1", DocumentDate="2026-10-31T00:00:00Z")
    api.documents(inside, inside, document(DocumentId="2"))

    found = list(microsoft.invoices(of(october, OCTOBER, "invoice")))

    assert [one.invoice_id for one in found] == ["1"]
    assert api.asked_of("/BillingDocumentsInfo/Query") == [
        {
            "AccountIds": ["180001"],
            "StartDate": "2026-10-01T00:00:00",
            "EndDate": "2026-11-01T00:00:00",
            "ReturnInvoiceNumber": True,
        }
    ]


def test_a_month_that_still_runs_is_asked_for_until_today(
    api: Api, microsoft: MicrosoftAds, october: Unit
) -> None:
    api.documents()

    assert list(microsoft.invoices(replace(october, today=date(2026, 10, 30)))) == []

    [asked] = api.asked_of("/BillingDocumentsInfo/Query")
    assert asked["EndDate"] is None


def test_a_document_of_another_account_is_refused(api: Api, microsoft: MicrosoftAds, october: Unit) -> None:
    api.documents(document(AccountId="180002"))

    with pytest.raises(ContractError, match="billing of account 180002"):
        list(microsoft.invoices(of(october, NOVEMBER, "invoice")))
