"""Invoices: lines at one level of detail that add up to what is billed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

import pytest

from adtally import Account, Invoice, InvoiceAccount, InvoiceLine, InvoiceLink, NotOffered, Unit
from adtally_connectors.google_ads import GoogleAds

if TYPE_CHECKING:
    from tests.connectors.google_ads.conftest import Api

Json: TypeAlias = Mapping[str, object]
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
SETUP = {"billingSetup": {"id": "77", "status": "APPROVED"}}
INVALID = {
    "originalMonthOfService": "AUGUST",
    "originalYearOfService": "2026",
    "originalInvoiceId": "4999999990",
    "originalAccountBudgetName": "2026",
    "amountMicros": "-15000000",
}
CAMPAIGNS = [
    {
        "campaignDescription": "Brand search",
        "quantity": "2000",
        "unitOfMeasure": "CLICKS",
        "amountMicros": "900000000",
    },
    {
        "campaignDescription": "Video views",
        "quantity": "5000",
        "unitOfMeasure": "VIDEO_PLAYS",
        "amountMicros": "100000000",
    },
]


def budget(**changes: object) -> Json:
    return {
        "customer": "customers/1112223334",
        "customerDescriptiveName": "Shop DE",
        "accountBudget": "customers/1112223334/accountBudgets/9",
        "accountBudgetName": "2026",
        "purchaseOrderNumber": "PO-7",
        "subtotalAmountMicros": "985000000",
        "taxAmountMicros": "187150000",
        "totalAmountMicros": "1172150000",
        "billableActivityDateRange": {"startDate": "2026-10-01", "endDate": "2026-10-31"},
        "servedAmountMicros": "1004000000",
        "billedAmountMicros": "1000000000",
        "overdeliveryAmountMicros": "-4000000",
        "invalidActivityAmountMicros": "-15000000",
        "invalidActivitySummaries": [INVALID],
        "campaignSummaries": CAMPAIGNS,
        **changes,
    }


def plain(customer: str = "1112223334", amount: int = 100_000_000, tax: int = 0) -> Json:
    """An account budget whose campaigns are not told."""
    return {
        "customer": f"customers/{customer}",
        "accountBudget": f"customers/{customer}/accountBudgets/9",
        "accountBudgetName": "2026",
        "subtotalAmountMicros": str(amount),
        "taxAmountMicros": str(tax),
        "servedAmountMicros": str(amount),
        "billedAmountMicros": str(amount),
    }


def document(*budgets: Json, **changes: object) -> Json:
    return {
        "resourceName": "customers/1112223334/invoices/5000000001",
        "id": "5000000001",
        "type": "INVOICE",
        "billingSetup": "customers/1112223334/billingSetups/77",
        "paymentsAccountId": "1234-5678-9012-3456",
        "issueDate": "2026-10-31",
        "dueDate": "2026-11-30",
        "serviceDateRange": {"startDate": "2026-10-01", "endDate": "2026-10-31"},
        "currencyCode": "EUR",
        "subtotalAmountMicros": "985000000",
        "taxAmountMicros": "187150000",
        "totalAmountMicros": "1172150000",
        "pdfUrl": "https://example.invalid/invoice.pdf",
        "accountBudgetSummaries": list(budgets) or [budget()],
        **changes,
    }


def fetched(api: Api, google: GoogleAds, unit: Unit, *documents: Json) -> list[Invoice]:
    """What becomes of documents that are all issued in the service month."""
    api.search(SETUP)
    api.invoices(*documents)
    api.invoices()
    api.invoices()
    return list(google.invoices(unit))


def line(number: int, amount: int, **changes: object) -> InvoiceLine:
    common = {
        "account_id": "1112223334",
        "budget_id": "9",
        "purchase_order": "PO-7",
        "first_day": FIRST,
        "last_day": LAST,
    }
    return InvoiceLine(line=str(number), amount_micros=amount, **(common | changes))  # type: ignore[arg-type]


def added(invoice: Invoice) -> int:
    return sum(line.amount_micros for line in invoice.lines)


def kinds(invoice: Invoice) -> list[tuple[str, str, int]]:
    return [(line.kind, line.description, line.amount_micros) for line in invoice.lines]


def test_an_invoice_walks_from_served_to_total(api: Api, google: GoogleAds, october: Unit) -> None:
    [invoice] = fetched(api, google, october, document())

    assert invoice == Invoice(
        invoice_id="5000000001",
        number="5000000001",
        account_id="1234567890123456",
        kind="invoice",
        issue_day=LAST,
        due_day=date(2026, 11, 30),
        first_day=FIRST,
        last_day=LAST,
        timezone="Europe/Berlin",
        currency="EUR",
        subtotal_micros=985_000_000,
        adjustments_micros=0,
        fees_micros=0,
        tax_micros=187_150_000,
        total_micros=1_172_150_000,
        purchase_order="PO-7",
        url="https://example.invalid/invoice.pdf",
        lines=(
            line(1, 900_000_000, campaign_name="Brand search", quantity=2000, unit="clicks"),
            line(2, 100_000_000, campaign_name="Video views", quantity=5000, unit="video_views"),
            line(3, 4_000_000, description="served beyond the named campaigns"),
            line(4, -4_000_000, kind="overdelivery", description="served above the budget"),
            line(
                5,
                -15_000_000,
                kind="invalid_traffic",
                description="invalid activity of an earlier month",
                purchase_order="",
                first_day=date(2026, 8, 1),
                last_day=date(2026, 8, 31),
                original_invoice_id="4999999990",
            ),
            line(
                6,
                187_150_000,
                kind="tax",
                description="tax of the account budget",
                base_micros=985_000_000,
            ),
        ),
        accounts=(InvoiceAccount(account_id="1112223334", amount_micros=985_000_000),),
    )
    assert added(invoice) == invoice.total_micros


def test_without_campaigns_a_budget_is_one_media_line_of_what_was_served(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    lump = budget(campaignSummaries=[], invalidActivitySummaries=[])

    [invoice] = fetched(api, google, october, document(lump))

    assert kinds(invoice) == [
        ("media", "2026", 1_004_000_000),
        ("overdelivery", "served above the budget", -4_000_000),
        ("invalid_traffic", "invalid activity of earlier months", -15_000_000),
        ("tax", "tax of the account budget", 187_150_000),
    ]
    assert invoice.lines[0].served_micros == 1_004_000_000
    assert added(invoice) == invoice.total_micros


def test_campaigns_that_already_add_up_to_what_was_served_leave_no_rest(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    served = [CAMPAIGNS[0], CAMPAIGNS[1] | {"amountMicros": "104000000"}]

    [invoice] = fetched(api, google, october, document(budget(campaignSummaries=served)))

    assert [kind for kind, _, _ in kinds(invoice)] == [
        "media",
        "media",
        "overdelivery",
        "invalid_traffic",
        "tax",
    ]
    assert added(invoice) == invoice.total_micros


def test_a_budget_that_tells_only_its_subtotal_still_adds_up(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    bare = {"customer": "customers/1112223334", "subtotalAmountMicros": "985000000"}

    [invoice] = fetched(api, google, october, document(bare, taxAmountMicros="187150000"))

    assert kinds(invoice) == [
        ("media", "", 985_000_000),
        ("tax", "tax beyond the account budgets", 187_150_000),
    ]
    assert added(invoice) == invoice.total_micros


@pytest.mark.parametrize("sign", [1, -1])
def test_a_credit_memo_is_negative_whatever_the_wire_says(
    api: Api, google: GoogleAds, october: Unit, sign: int
) -> None:
    memo = document(
        plain(amount=sign * 100_000_000, tax=sign * 19_000_000),
        type="CREDIT_MEMO",
        subtotalAmountMicros=str(sign * 100_000_000),
        taxAmountMicros=str(sign * 19_000_000),
        totalAmountMicros=str(sign * 119_000_000),
        correctedInvoice="customers/1112223334/invoices/4999999990",
    )

    [invoice] = fetched(api, google, october, memo)

    assert (invoice.kind, invoice.total_micros, invoice.subtotal_micros, invoice.tax_micros) == (
        "credit_memo",
        -119_000_000,
        -100_000_000,
        -19_000_000,
    )
    assert [(line.amount_micros, line.base_micros, line.served_micros) for line in invoice.lines] == [
        (-100_000_000, None, -100_000_000),
        (-19_000_000, -100_000_000, None),
    ]
    assert invoice.accounts == (InvoiceAccount(account_id="1112223334", amount_micros=-100_000_000),)
    assert invoice.links == (InvoiceLink(kind="corrects", other_id="4999999990"),)
    assert added(invoice) == invoice.total_micros


def test_a_replacing_invoice_names_all_that_it_replaces(api: Api, google: GoogleAds, october: Unit) -> None:
    replaced = ["customers/1112223334/invoices/41", "customers/2223334445/invoices/42"]

    [invoice] = fetched(api, google, october, document(replacedInvoices=replaced))

    assert invoice.links == (
        InvoiceLink(kind="replaces", other_id="41"),
        InvoiceLink(kind="replaces", other_id="42"),
    )


def test_one_document_for_two_accounts_splits_by_account(api: Api, google: GoogleAds, october: Unit) -> None:
    both = document(
        plain("1112223334", 100_000_000, 19_000_000),
        plain("2223334445", 50_000_000, 9_500_000),
        subtotalAmountMicros="150000000",
        taxAmountMicros="28500000",
        totalAmountMicros="178500000",
    )

    [invoice] = fetched(api, google, october, both)

    assert [(line.account_id, line.kind, line.amount_micros) for line in invoice.lines] == [
        ("1112223334", "media", 100_000_000),
        ("1112223334", "tax", 19_000_000),
        ("2223334445", "media", 50_000_000),
        ("2223334445", "tax", 9_500_000),
    ]
    assert invoice.accounts == (
        InvoiceAccount(account_id="1112223334", amount_micros=100_000_000),
        InvoiceAccount(account_id="2223334445", amount_micros=50_000_000),
    )
    assert added(invoice) == invoice.total_micros


def test_a_shared_document_reads_the_same_whichever_account_asks(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    both = document(plain("1112223334"), plain("2223334445"))
    sister = Account(
        id="2223334445", currency="EUR", timezone="Asia/Kolkata", reached_by=october.account.reached_by
    )
    api.search(SETUP, account=sister.id)
    for listed in ([both], [], []):
        api.invoices(*listed, account=sister.id)

    assert list(google.invoices(Unit(sister, october.window, october.today))) == fetched(
        api, google, october, both
    )


def test_a_document_that_bills_only_a_sister_account_is_left_to_it(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    assert fetched(api, google, october, document(plain("2223334445"))) == []


def test_regulatory_costs_and_export_charge_are_fees_by_country(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    taxed_fees = document(
        plain(amount=100_000_000, tax=19_000_000),
        subtotalAmountMicros="100000000",
        taxAmountMicros="20140000",
        regulatoryCostsSubtotalAmountMicros="5000000",
        regulatoryCostsTaxAmountMicros="950000",
        exportChargeSubtotalAmountMicros="1000000",
        exportChargeTaxAmountMicros="190000",
        totalAmountMicros="126140000",
        accountSummaries=[
            {
                "customer": "customers/1112223334",
                "regulatoryCostsSubtotalAmountMicros": "5000000",
                "exportChargeSubtotalAmountMicros": "1000000",
                "regulatoryCostSummaries": [
                    {"regulatoryFeeType": "AUSTRIA_DST_FEE", "amountMicros": "3000000"},
                    {"regulatoryFeeType": "OPERATING_CHARGES", "amountMicros": "2000000"},
                ],
            }
        ],
    )

    [invoice] = fetched(api, google, october, taxed_fees)

    assert [
        (line.kind, line.description, line.jurisdiction, line.amount_micros) for line in invoice.lines
    ] == [
        ("media", "2026", "", 100_000_000),
        ("tax", "tax of the account budget", "", 19_000_000),
        ("fee", "austria dst fee", "AT", 3_000_000),
        ("fee", "operating charges", "", 2_000_000),
        ("fee", "export charge", "", 1_000_000),
        ("tax", "tax beyond the account budgets", "", 1_140_000),
    ]
    assert invoice.fees_micros == 6_000_000
    assert added(invoice) == invoice.total_micros


def test_details_that_do_not_add_up_give_way_to_the_level_above(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    summary = {
        "customer": "customers/1112223334",
        "regulatoryCostsSubtotalAmountMicros": "5000000",
        "regulatoryCostSummaries": [{"regulatoryFeeType": "UK_DST_FEE", "amountMicros": "4000000"}],
    }
    fees = document(
        plain(),
        subtotalAmountMicros="100000000",
        taxAmountMicros="0",
        regulatoryCostsSubtotalAmountMicros="5000000",
        totalAmountMicros="105000000",
        accountSummaries=[summary],
    )

    [invoice] = fetched(api, google, october, fees)

    assert kinds(invoice) == [("media", "2026", 100_000_000), ("fee", "regulatory costs", 5_000_000)]
    assert added(invoice) == invoice.total_micros


@pytest.mark.parametrize(
    ("coupon", "lines"),
    [
        (
            "-20000000",
            [
                ("adjustment", "billing correction", -5_000_000),
                ("promotion", "coupon", -20_000_000),
                ("credit", "excess credit", -1_000_000),
            ],
        ),
        ("-1", [("adjustment", "adjustments of the invoice", -26_000_000)]),
    ],
)
def test_adjustments_are_told_once_by_account_or_for_the_document(
    api: Api, google: GoogleAds, october: Unit, coupon: str, lines: list[tuple[str, str, int]]
) -> None:
    adjusted = document(
        plain(),
        subtotalAmountMicros="74000000",
        adjustmentsSubtotalAmountMicros="-26000000",
        taxAmountMicros="0",
        totalAmountMicros="74000000",
        accountSummaries=[
            {
                "customer": "customers/1112223334",
                "billingCorrectionSubtotalAmountMicros": "-5000000",
                "couponAdjustmentSubtotalAmountMicros": coupon,
                "excessCreditAdjustmentSubtotalAmountMicros": "-1000000",
                "adjustmentSummaries": [{"adjustmentDescription": "discount", "amountMicros": "-26000000"}],
            }
        ],
    )

    [invoice] = fetched(api, google, october, adjusted)

    assert kinds(invoice) == [("media", "2026", 100_000_000), *lines]
    assert invoice.adjustments_micros == -26_000_000
    assert added(invoice) == invoice.total_micros


def test_what_google_prints_wrongly_is_not_smoothed_over(api: Api, google: GoogleAds, october: Unit) -> None:
    wrong = document(totalAmountMicros="1182150000")

    [invoice] = fetched(api, google, october, wrong)

    assert added(invoice) - invoice.total_micros == -10_000_000


@pytest.mark.parametrize(
    ("measure", "unit"),
    [
        ("CLICKS", "clicks"),
        ("IMPRESSIONS", "impressions"),
        ("VIDEO_PLAYS", "video_views"),
        ("ACQUISITIONS", "conversions"),
        ("LEADS", "leads"),
        ("ENGAGEMENTS", "engagements"),
        ("PHONE_CALLS", "phone_calls"),
        ("GUEST_STAYS", "guest_stays"),
    ],
)
def test_units_bear_the_names_of_the_ledgers_columns(
    api: Api, google: GoogleAds, october: Unit, measure: str, unit: str
) -> None:
    summary = CAMPAIGNS[0] | {"unitOfMeasure": measure}

    [invoice] = fetched(api, google, october, document(budget(campaignSummaries=[summary])))

    assert invoice.lines[0].unit == unit


def test_documents_of_the_month_are_found_by_later_months_of_issue_and_kept_once(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    september = {"startDate": "2026-09-01", "endDate": "2026-09-30"}
    november = {"startDate": "2026-11-01", "endDate": "2026-11-30"}
    api.search(SETUP, {"billingSetup": {"id": "78", "status": "CANCELLED"}})
    api.invoices(document(id="1", serviceDateRange=september), document(id="2"))
    api.invoices(document(id="2"), document(id="3"), document(id="4", serviceDateRange=november))
    api.invoices(document(id="5"))

    assert [invoice.invoice_id for invoice in google.invoices(october)] == ["2", "3", "5"]
    assert [urlsplit(str(call.request.url)).query for call in api.calls[1:]] == [
        "billingSetup=customers%2F1112223334%2FbillingSetups%2F77"
        f"&issueYear=2026&issueMonth={month}&includeGranularLevelInvoiceDetails=true"
        for month in ("OCTOBER", "NOVEMBER", "DECEMBER")
    ]
    assert api.calls[1].request.headers["login-customer-id"] == "9990001112"


def test_a_month_that_has_not_come_is_not_asked_for(api: Api, google: GoogleAds, october: Unit) -> None:
    api.search(SETUP)
    api.invoices(document())

    early = Unit(october.account, october.window, date(2026, 10, 31))

    assert len(list(google.invoices(early))) == 1


def test_a_document_without_a_service_period_belongs_to_its_month_of_issue(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search(SETUP)
    api.invoices(document(id="1", serviceDateRange=None))
    api.invoices(document(id="2", serviceDateRange=None))
    api.invoices()

    assert [(invoice.invoice_id, invoice.first_day) for invoice in google.invoices(october)] == [("1", None)]


def test_an_account_without_an_approved_billing_setup_has_no_invoices(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    api.search({"billingSetup": {"id": "77", "status": "PENDING"}})

    with pytest.raises(NotOffered, match="monthly invoicing"):
        list(google.invoices(october))


def test_a_setup_that_refuses_does_not_hide_the_invoices_of_another(
    api: Api, google: GoogleAds, october: Unit
) -> None:
    url = "https://googleads.googleapis.com/v26/customers/1112223334/invoices"
    api.search(SETUP, {"billingSetup": {"id": "78", "status": "APPROVED"}})
    api.mock.get(url, json=api.refusal("invoiceError.BILLING_SETUP_NOT_ON_MONTHLY_INVOICING"), status=400)
    api.invoices(document())
    api.invoices()
    api.invoices()

    assert [invoice.invoice_id for invoice in google.invoices(october)] == ["5000000001"]


def test_an_account_that_is_not_invoiced_says_so(api: Api, google: GoogleAds, october: Unit) -> None:
    url = "https://googleads.googleapis.com/v26/customers/1112223334/invoices"
    api.search(SETUP)
    api.mock.get(url, json=api.refusal("invoiceError.NOT_INVOICED_CUSTOMER"), status=400)

    with pytest.raises(NotOffered, match="monthly invoicing"):
        list(google.invoices(october))
