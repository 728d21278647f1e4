"""Google's invoices for ad serving: fees, never media."""

from datetime import date

import pytest

from adtally import ContractError, Invoice, InvoiceAccount, InvoiceLine, InvoiceLink, Unit
from adtally_connectors.cm360 import Cm360

from .builders import ADVERTISER, HOST, Json, bill, fee
from .conftest import Api

PATH = f"advertisers/{ADVERTISER}/invoices"
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


def issued(
    api: Api, *october: Json, november: tuple[Json, ...] = (), december: tuple[Json, ...] = ()
) -> None:
    """What was issued in each month."""
    for rows in (october, november, december):
        api.listed(PATH, *rows)


def amounts(invoice: Invoice) -> list[tuple[str, str, int]]:
    return [(line.kind, line.campaign_id, line.amount_micros) for line in invoice.lines]


def test_an_invoice_is_told_with_a_fee_for_each_campaign_and_its_tax(
    api: Api, cm360: Cm360, october: Unit
) -> None:
    issued(api, november=(bill(),))

    [invoice] = cm360.invoices(october)

    assert invoice == Invoice(
        invoice_id="5012345678",
        number="5012345678",
        account_id="111122223333",
        issue_day=date(2026, 11, 2),
        due_day=date(2026, 12, 2),
        first_day=FIRST,
        last_day=LAST,
        timezone="America/New_York",
        currency="USD",
        fees_micros=1_000_000_000,
        tax_micros=100_000_000,
        total_micros=1_100_000_000,
        purchase_order="PO-7",
        url="https://dfareporting.example.test/5012345678.pdf",
        lines=(
            _line("1", "220011", 700_000_000),
            _line("2", "220012", 300_000_000),
            InvoiceLine(
                line="3",
                account_id=ADVERTISER,
                kind="tax",
                description="tax",
                amount_micros=100_000_000,
                first_day=FIRST,
                last_day=LAST,
            ),
        ),
        accounts=(InvoiceAccount(account_id=ADVERTISER, amount_micros=1_000_000_000),),
    )
    assert sum(line.amount_micros for line in invoice.lines) == invoice.total_micros
    months = [dict(params)["issueMonth"] for params in api.params(PATH)]
    assert months == ["202610", "202611", "202612"]


@pytest.mark.parametrize("sign", [1, -1], ids=["positive on the wire", "negative on the wire"])
def test_a_credit_is_negative_throughout_whatever_the_wire_says(
    api: Api, cm360: Cm360, october: Unit, sign: int
) -> None:
    credit = bill(
        id="5012345700",
        invoiceType="INVOICE_TYPE_CREDIT",
        subtotalAmountMicros=str(sign * 310_000_000),
        totalTaxAmountMicros=str(sign * 31_000_000),
        totalAmountMicros=str(sign * 341_000_000),
        campaign_summaries=[fee("220011", sign * 310_000_000)],
        correctedInvoiceId="5012345678",
        replacedInvoiceIds=["1", "2"],
    )
    issued(api, december=(credit,))

    [invoice] = cm360.invoices(october)

    assert (invoice.kind, invoice.fees_micros, invoice.tax_micros, invoice.total_micros) == (
        "credit_memo",
        -310_000_000,
        -31_000_000,
        -341_000_000,
    )
    assert amounts(invoice) == [("fee", "220011", -310_000_000), ("tax", "", -31_000_000)]
    assert {line.original_invoice_id for line in invoice.lines} == {"5012345678"}
    assert invoice.accounts[0].amount_micros == -310_000_000
    assert invoice.links == (
        InvoiceLink(kind="corrects", other_id="5012345678"),
        InvoiceLink(kind="replaces", other_id="1"),
        InvoiceLink(kind="replaces", other_id="2"),
    )


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"campaign_summaries": []}, [("fee", "", 1_000_000_000), ("tax", "", 100_000_000)]),
        (
            {"campaign_summaries": [fee("220011", 700_000_000)]},
            [("fee", "220011", 700_000_000), ("fee", "", 300_000_000), ("tax", "", 100_000_000)],
        ),
        (
            {"campaign_summaries": [], "campaignSummaries": [fee("9", 1_000_000_000)]},
            [("fee", "9", 1_000_000_000), ("tax", "", 100_000_000)],
        ),
        (
            {"subtotalAmountMicros": None, "campaign_summaries": []},
            [("fee", "", 1_000_000_000), ("tax", "", 100_000_000)],
        ),
        (
            {"totalTaxAmountMicros": None, "totalAmountMicros": "1000000000", "campaign_summaries": []},
            [("fee", "", 1_000_000_000)],
        ),
    ],
    ids=["no campaigns", "not all campaigns", "the other spelling", "no subtotal", "no tax"],
)
def test_lines_add_up_to_the_total(
    api: Api, cm360: Cm360, october: Unit, changes: dict[str, object], lines: list[tuple[str, str, int]]
) -> None:
    issued(api, november=(bill(**changes),))

    [invoice] = cm360.invoices(october)

    assert amounts(invoice) == lines
    assert sum(amount for _, _, amount in lines) == invoice.total_micros


def test_a_document_belongs_to_the_month_that_it_bills(api: Api, cm360: Cm360, october: Unit) -> None:
    of_september = bill(id="1", serviceStartDate="2026-09-01", serviceEndDate="2026-09-30")
    undated = bill(id="2", serviceStartDate=None, serviceEndDate=None)
    as_instants = bill(id="3", serviceStartDate="2026-10-01T00:00:00Z", serviceEndDate="2026-10-31T00:00:00Z")
    issued(api, of_september, undated, november=(as_instants, bill(id="2")))

    assert [(one.invoice_id, one.first_day) for one in cm360.invoices(october)] == [("2", None), ("3", FIRST)]


def test_an_account_that_is_billed_as_a_whole_has_no_documents(api: Api, cm360: Cm360, october: Unit) -> None:
    for _ in range(3):
        api.mock.get(f"{HOST}/{PATH}", json={"kind": "dfareporting#advertiserInvoicesListResponse"})

    assert list(cm360.invoices(october)) == []


def test_a_day_that_is_not_understood_is_refused(api: Api, cm360: Cm360, october: Unit) -> None:
    api.listed(PATH, bill(serviceStartDate="October 2026"))

    with pytest.raises(ContractError, match="October 2026"):
        list(cm360.invoices(october))


def _line(number: str, campaign: str, micros: int) -> InvoiceLine:
    return InvoiceLine(
        line=number,
        account_id=ADVERTISER,
        campaign_id=campaign,
        kind="fee",
        description="ad serving, code NORD",
        amount_micros=micros,
        purchase_order="PO-7",
        first_day=FIRST,
        last_day=LAST,
    )
