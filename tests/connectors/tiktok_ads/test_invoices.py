"""Invoices, credit notes and payments."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import Account, Invoice, InvoiceAccount, InvoiceLine, InvoiceLink, Unit
from adtally_connectors.tiktok_ads import TikTokAds

from .builders import ACCOUNT_ID, CENTER_ID, Json, bill, transaction

if TYPE_CHECKING:
    from .conftest import Api

INVOICES, GROUPS, TRANSACTIONS = "bc/invoice/get", "bc/billing_group/get", "bc/account/transaction/get"
SISTER = "7022222222222222222"


def billing_group(*accounts: str) -> Json:
    return {"billing_group_id": "55", "advertisers": [{"advertiser_id": number} for number in accounts]}


def fetched(api: Api, center: TikTokAds, unit: Unit, *bills: Json) -> list[Invoice]:
    api.answer(GROUPS, billing_group(ACCOUNT_ID))
    api.answer(INVOICES, *bills)
    return list(center.invoices(unit))


def added(invoice: Invoice) -> int:
    return sum(line.amount_micros for line in invoice.lines)


def test_an_invoice_has_its_tax_and_neither_days_nor_campaigns(
    api: Api, center: TikTokAds, october: Unit
) -> None:
    [invoice] = fetched(api, center, october, bill())

    assert invoice == Invoice(
        invoice_id="900001",
        number="TTUS26100001",
        account_id=CENTER_ID,
        kind="invoice",
        status="approved",
        issue_day=date(2026, 11, 5),
        due_day=date(2026, 12, 5),
        currency="USD",
        subtotal_micros=1_000_000_000,
        tax_micros=100_000_000,
        total_micros=1_100_000_000,
        lines=(
            InvoiceLine(line="1", description="amount excluding tax", amount_micros=1_000_000_000),
            InvoiceLine(line="2", kind="tax", description="Sales tax", amount_micros=100_000_000),
        ),
        accounts=(InvoiceAccount(account_id=ACCOUNT_ID),),
    )


@pytest.mark.parametrize("sign", [1, -1])
def test_a_credit_note_is_negative_whatever_the_wire_says_and_names_what_it_corrects(
    api: Api, center: TikTokAds, october: Unit, sign: int
) -> None:
    note = bill(
        invoice_id="900002",
        invoice_type="CREDIT",
        amount=sign * 110.0,
        amount_excluding_tax=sign * 100.0,
        total_tax_amount=sign * 10.0,
        tax_amount1=sign * 10.0,
        positive_invoice_ids=[{"invoice_id": "900001", "serial_number": "TTUS26100001"}],
    )

    [invoice] = fetched(api, center, october, note)

    assert (invoice.kind, invoice.subtotal_micros, invoice.tax_micros, invoice.total_micros) == (
        "credit_memo",
        -100_000_000,
        -10_000_000,
        -110_000_000,
    )
    assert [(line.kind, line.amount_micros) for line in invoice.lines] == [
        ("credit", -100_000_000),
        ("tax", -10_000_000),
    ]
    assert invoice.links == (InvoiceLink(kind="corrects", other_id="900001"),)


def test_an_invoice_does_not_correct_its_credit_note(api: Api, center: TikTokAds, october: Unit) -> None:
    linked = bill(negative_invoice_ids=[{"invoice_id": "900002", "serial_number": "TTUS26100001-C"}])

    [invoice] = fetched(api, center, october, linked)

    assert invoice.links == ()


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("CREATED", "draft"),
        ("SUBMITTED", "pending"),
        ("DELETED", "void"),
        ("APPROVED", "approved"),
        (None, ""),
    ],
)
def test_documents_that_are_not_closed_say_so(
    api: Api, center: TikTokAds, october: Unit, status: str | None, expected: str
) -> None:
    [invoice] = fetched(api, center, october, bill(status=status))

    assert invoice.status == expected


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        (
            {"tax_amount1": 60.0, "tax_type2": "City tax", "tax_amount2": 40.0},
            [("media", 1000), ("tax", 60), ("tax", 40)],
        ),
        ({"tax_amount1": 60.0}, [("media", 1000), ("tax", 100)]),
        ({"amount_excluding_tax": None}, [("media", 1000), ("tax", 100)]),
        ({"total_tax_amount": None, "amount": 1000.0, "tax_amount1": None}, [("media", 1000)]),
    ],
)
def test_lines_add_up_to_the_total(
    api: Api, center: TikTokAds, october: Unit, changes: dict[str, object], lines: list[tuple[str, int]]
) -> None:
    [invoice] = fetched(api, center, october, bill(**changes))

    assert [(line.kind, line.amount_micros // 1_000_000) for line in invoice.lines] == lines
    assert added(invoice) == invoice.total_micros


def test_what_tiktok_prints_wrongly_is_not_smoothed_over(api: Api, center: TikTokAds, october: Unit) -> None:
    [invoice] = fetched(api, center, october, bill(amount=1110.0))

    assert (invoice.total_micros, added(invoice)) == (1_110_000_000, 1_100_000_000)


def test_bills_are_asked_for_by_month_and_automatic_payments_left_to_charges(
    api: Api, center: TikTokAds, october: Unit
) -> None:
    fetched(api, center, october)

    assert api.asked_of(INVOICES) == [
        {
            "bc_id": CENTER_ID,
            "invoice_types": '["RECON","CREDIT"]',
            "start_time": "2026-10-01 00:00:00",
            "end_time": "2026-10-30 23:59:59",
            "page": "1",
            "page_size": "50",
        }
    ]


def test_a_shared_document_reads_the_same_whichever_account_asks(
    api: Api, center: TikTokAds, october: Unit
) -> None:
    sister = replace(october, account=Account(id=SISTER, currency="USD", timezone="Asia/Tokyo"))
    for _ in range(2):
        api.answer(GROUPS, billing_group(SISTER, ACCOUNT_ID))
        api.answer(INVOICES, bill())

    first, second = list(center.invoices(october)), list(center.invoices(sister))

    assert first == second
    assert first[0].accounts == (InvoiceAccount(account_id=ACCOUNT_ID), InvoiceAccount(account_id=SISTER))


def test_a_document_of_another_billing_group_is_left_to_its_accounts(
    api: Api, center: TikTokAds, october: Unit
) -> None:
    api.answer(GROUPS, billing_group(SISTER))
    api.answer(INVOICES, bill())

    assert list(center.invoices(october)) == []


def test_a_document_of_an_unknown_billing_group_is_the_centers(
    api: Api, center: TikTokAds, october: Unit
) -> None:
    api.answer(GROUPS)
    api.answer(INVOICES, bill())

    [invoice] = center.invoices(october)

    assert (invoice.account_id, invoice.accounts) == (CENTER_ID, ())


def test_money_in_json_numbers_keeps_every_digit(api: Api, center: TikTokAds, october: Unit) -> None:
    api.answer(GROUPS)
    page = '{"code":0,"data":{"list":[{"invoice_id":"1","currency_code":"USD","amount":9007199254.740993}]}}'
    api.mock.get("https://business-api.tiktok.com/open_api/v1.3/bc/invoice/get/", body=page)

    assert [invoice.total_micros for invoice in center.invoices(october)] == [9_007_199_254_740_993]


def charged(api: Api, center: TikTokAds, unit: Unit, *moved: Json) -> list[Invoice]:
    api.answer(TRANSACTIONS, *moved, under="transaction_list")
    return list(center.charges(unit))


def test_a_payment_is_a_charge_of_the_account(api: Api, center: TikTokAds, october: Unit) -> None:
    assert charged(api, center, october, transaction(invoice_id="900001", serial_number="TTUS26100001")) == [
        Invoice(
            invoice_id="300001",
            number="300001",
            account_id=ACCOUNT_ID,
            kind="charge",
            issue_day=date(2026, 10, 7),
            currency="USD",
            subtotal_micros=50_000_000,
            tax_micros=5_000_000,
            total_micros=55_000_000,
        )
    ]
    [asked] = api.asked_of(TRANSACTIONS)
    assert (asked["bc_id"], asked["transaction_level"], asked["page_size"]) == (CENTER_ID, "ADVERTISER", "50")
    assert json.loads(asked["filtering"]) == {
        "account_ids": [ACCOUNT_ID],
        "start_time": "2026-10-01 00:00:00",
        "end_time": "2026-10-30 23:59:59",
    }


@pytest.mark.parametrize("told", ["POSITIVE", "NEGATIVE", "OTHER"])
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("BILL_PAYMENT", ("charge", 55_000_000)),
        ("ADD_BALANCE", ("charge", 55_000_000)),
        ("CARD_VERIFICATION", ("charge", 55_000_000)),
        ("REFUND", ("refund", -55_000_000)),
        ("CARD_VERIFICATION_REFUND", ("refund", -55_000_000)),
    ],
)
def test_who_owes_follows_from_the_type_and_not_from_the_balance(
    api: Api, center: TikTokAds, october: Unit, kind: str, expected: tuple[str, int], told: str
) -> None:
    [invoice] = charged(api, center, october, transaction(kind, amount_type=told))

    assert (invoice.kind, invoice.total_micros) == expected


def test_moves_inside_tiktok_and_ad_credit_are_no_payments(
    api: Api, center: TikTokAds, october: Unit
) -> None:
    inside = ("INCREASE_BALANCE", "DECREASE_BALANCE", "ORDER_CREATION_PAYMENT", "ORDER_EDIT_PAYMENT")
    others = ("RETURN_OF_REMAINING_BUDGET", "PROMOTION_ISSUED", "PROMOTION_EXPIRED", "CANCELLATION")

    moved = [transaction(kind, transaction_id=kind) for kind in (*inside, *others)]

    assert charged(api, center, october, *moved) == []


def test_billing_is_read_only_with_a_business_center(tiktok: TikTokAds, center: TikTokAds) -> None:
    billing = {"invoices", "charges"}

    assert billing & {report.name for report in tiktok.reports()} == set()
    assert billing & {report.name for report in center.reports()} == billing
