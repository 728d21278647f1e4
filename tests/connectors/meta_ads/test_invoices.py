"""Invoices with lines that add up, and the charges of accounts without any."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import pytest
from msgspec.structs import replace

from adtally import (
    Account,
    ContractError,
    DeniedError,
    Invoice,
    InvoiceAccount,
    InvoiceLine,
    InvoiceLink,
    NotOffered,
    Unit,
)
from adtally_connectors.meta_ads import MetaAds

if TYPE_CHECKING:
    from tests.connectors.meta_ads.conftest import Api

Json: TypeAlias = Mapping[str, object]
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
EDGE, LINES = "555000/business_invoices", "880001/campaigns"


def document(**changes: object) -> Json:
    return {
        "id": "880001",
        "invoice_id": "230011223",
        "type": "INV",
        "invoice_date": "2026-11-03T00:00:00+0000",
        "due_date": "2026-12-03T00:00:00+0000",
        "billing_period": "2026-10-01",
        "currency": "EUR",
        "amount": "12100.00",
        "billed_amount_details": {
            "currency": "EUR",
            "net_amount": "10000.00",
            "tax_amount": "2100.00",
            "total_amount": "12100.00",
        },
        "ad_account_ids": ["900100200", "900100201"],
        "payment_status": "OPEN",
        "download_uri": "https://example.invalid/invoice.pdf",
        **changes,
    }


def billed(campaign: str, net: str, account: str = "900100200", **changes: object) -> Json:
    return {
        "ad_account_id": account,
        "campaign_id": campaign,
        "campaign_name": f"Campaign {campaign}",
        "impressions": "1000",
        "billed_amount_details": {"net_amount": net},
        **changes,
    }


def line(number: int, amount: int, **changes: object) -> InvoiceLine:
    common = {"first_day": FIRST, "last_day": LAST}
    return InvoiceLine(line=str(number), amount_micros=amount, **(common | changes))  # type: ignore[arg-type]


def fetched(api: Api, meta: MetaAds, unit: Unit, bill: Json, *lines: Json) -> Invoice:
    api.edge(EDGE, bill)
    api.edge(LINES, *lines)
    [invoice] = meta.invoices(unit)
    return invoice


def kinds(invoice: Invoice) -> list[tuple[str, str, int]]:
    return [(line.kind, line.description, line.amount_micros) for line in invoice.lines]


def added(invoice: Invoice) -> int:
    return sum(line.amount_micros for line in invoice.lines)


def test_an_invoice_splits_by_campaign_and_account(api: Api, meta: MetaAds, october: Unit) -> None:
    invoice = fetched(
        api, meta, october, document(), billed("1201", "7500.00"), billed("1301", "2500.00", "act_900100201")
    )

    assert invoice == Invoice(
        invoice_id="230011223",
        number="230011223",
        account_id="555000",
        kind="invoice",
        issue_day=date(2026, 11, 3),
        due_day=date(2026, 12, 3),
        first_day=FIRST,
        last_day=LAST,
        currency="EUR",
        subtotal_micros=10_000_000_000,
        tax_micros=2_100_000_000,
        total_micros=12_100_000_000,
        url="https://example.invalid/invoice.pdf",
        lines=(
            line(
                1,
                7_500_000_000,
                account_id="900100200",
                campaign_id="1201",
                campaign_name="Campaign 1201",
                quantity=1000,
                unit="impressions",
            ),
            line(
                2,
                2_500_000_000,
                account_id="900100201",
                campaign_id="1301",
                campaign_name="Campaign 1301",
                quantity=1000,
                unit="impressions",
            ),
            line(3, 2_100_000_000, kind="tax", description="tax", base_micros=10_000_000_000),
        ),
        accounts=(
            InvoiceAccount(account_id="900100200", amount_micros=7_500_000_000),
            InvoiceAccount(account_id="900100201", amount_micros=2_500_000_000),
        ),
    )
    assert added(invoice) == invoice.total_micros


def test_invoices_are_asked_for_by_billing_period_with_both_bounds(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    api.edge(EDGE)

    assert list(meta.invoices(october)) == []
    assert (api.asked[0]["start_date"], api.asked[0]["end_date"]) == ("2026-10-01", "2026-11-01")


def test_without_lines_a_document_of_one_account_is_that_accounts(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    invoice = fetched(api, meta, october, document(ad_account_ids=["900100200"]))

    assert kinds(invoice) == [
        ("media", "the whole document", 10_000_000_000),
        ("tax", "tax", 2_100_000_000),
    ]
    assert invoice.timezone == "Europe/Berlin"
    assert {line.account_id for line in invoice.lines} == {"900100200"}
    assert invoice.accounts == (InvoiceAccount(account_id="900100200", amount_micros=10_000_000_000),)


def test_without_lines_a_document_of_several_accounts_is_not_split(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    invoice = fetched(api, meta, october, document())

    assert (invoice.timezone, {line.account_id for line in invoice.lines}) == ("", {""})
    assert invoice.accounts == (
        InvoiceAccount(account_id="900100200"),
        InvoiceAccount(account_id="900100201"),
    )


@pytest.mark.parametrize(
    ("net", "rest"),
    [
        ("9000.00", ("media", "beyond the named campaigns", 1_000_000_000)),
        ("10400.00", ("adjustment", "beyond the named campaigns", -400_000_000)),
    ],
)
def test_what_the_campaigns_leave_open_is_a_line(
    api: Api, meta: MetaAds, october: Unit, net: str, rest: tuple[str, str, int]
) -> None:
    invoice = fetched(api, meta, october, document(ad_account_ids=["900100200"]), billed("1201", net))

    assert kinds(invoice)[1] == rest
    assert added(invoice) == invoice.total_micros


def test_fields_that_meta_does_not_tell_are_left_open(api: Api, meta: MetaAds, october: Unit) -> None:
    bare = {"id": "880001", "type": "INV", "currency": "EUR", "amount": "121.00", "due_date": None}

    invoice = fetched(api, meta, october, bare, {"campaign_id": "1201", "clicks": 7})

    assert invoice == Invoice(
        invoice_id="880001",
        account_id="555000",
        timezone="",
        currency="EUR",
        total_micros=121_000_000,
        lines=(InvoiceLine(line="1", description="the whole document", amount_micros=121_000_000),),
    )


def test_a_document_is_known_by_the_accounts_of_its_lines_where_it_names_none(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    api.edge(EDGE, document(ad_account_ids=[]), document(id="880002", ad_account_ids=[]))
    api.edge(LINES, billed("1201", "10000.00"))
    api.edge("880002/campaigns", billed("1301", "10000.00", "900100201"))

    [invoice] = meta.invoices(october)

    assert invoice.accounts == (InvoiceAccount(account_id="900100200", amount_micros=10_000_000_000),)


def test_a_document_of_other_accounts_is_theirs(api: Api, meta: MetaAds, october: Unit) -> None:
    api.edge(EDGE, document(ad_account_ids=["900100201"]))

    assert list(meta.invoices(october)) == []


def test_a_shared_document_reads_the_same_whichever_account_asks(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    other = Unit(
        Account(id="900100201", currency="EUR", timezone="Asia/Tokyo"), october.window, october.today
    )
    lines = [billed("1201", "7500.00"), billed("1301", "2500.00", "900100201")]

    first = fetched(api, meta, october, document(), *lines)
    second = fetched(api, meta, other, document(), *lines)

    assert first == second


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_credit_memo_is_negative_whatever_the_wire_says(
    api: Api, meta: MetaAds, october: Unit, sign: str
) -> None:
    memo = document(
        type="CM",
        amount=f"{sign}121.00",
        billed_amount_details={
            "net_amount": f"{sign}100.00",
            "tax_amount": f"{sign}21.00",
            "total_amount": f"{sign}121.00",
        },
        ad_account_ids=["900100200"],
    )

    invoice = fetched(api, meta, october, memo, billed("1201", "100.00"))

    assert (invoice.kind, invoice.total_micros, invoice.subtotal_micros, invoice.tax_micros) == (
        *("credit_memo", -121_000_000, -100_000_000, -21_000_000),
    )
    assert [(line.amount_micros, line.base_micros) for line in invoice.lines] == [
        (-100_000_000, None),
        (-21_000_000, -100_000_000),
    ]
    assert invoice.accounts == (InvoiceAccount(account_id="900100200", amount_micros=-100_000_000),)


@pytest.mark.parametrize(
    ("kind", "ours", "status"),
    [("INV", "invoice", ""), ("DM", "invoice", ""), ("PRO_FORMA", "invoice", "open")],
)
def test_a_pro_forma_document_is_open_and_an_unpaid_one_is_not(
    api: Api, meta: MetaAds, october: Unit, kind: str, ours: str, status: str
) -> None:
    invoice = fetched(api, meta, october, document(type=kind))

    assert (invoice.kind, invoice.status) == (ours, status)


def test_a_currency_without_decimals_is_still_in_major_units(api: Api, meta: MetaAds, october: Unit) -> None:
    bill = document(currency="JPY", amount="12100", billed_amount_details={"total_amount": "12100"})

    assert fetched(api, meta, october, bill).total_micros == 12_100_000_000


@pytest.mark.parametrize(("code", "subcode", "status"), [(10, 0, 403), (100, 33, 400)])
def test_a_document_whose_lines_are_denied_is_one_line(
    api: Api,
    meta: MetaAds,
    october: Unit,
    caplog: pytest.LogCaptureFixture,
    code: int,
    subcode: int,
    status: int,
) -> None:
    api.edge(EDGE, document())
    api.refuse(LINES, code, subcode, status=status)

    [invoice] = meta.invoices(october)

    assert kinds(invoice) == [
        ("media", "the whole document", 10_000_000_000),
        ("tax", "tax", 2_100_000_000),
    ]
    assert "invoice 230011223 is not broken down" in caplog.text


def test_lines_that_cannot_be_read_are_not_taken_for_none(api: Api, meta: MetaAds, october: Unit) -> None:
    with pytest.raises(
        ContractError, match=r"^\S+/880001/campaigns: Invalid decimal string - at .*net_amount`"
    ):
        fetched(api, meta, october, document(), billed("1201", "much"))


def test_a_question_for_lines_that_meta_does_not_understand_is_our_fault(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    api.edge(EDGE, document())
    api.refuse(LINES, 100)

    with pytest.raises(
        ContractError, match=r"^\S+/880001/campaigns: refused: told by Meta \(HTTP 400, code 100,"
    ):
        list(meta.invoices(october))


def test_a_line_that_comes_twice_is_refused_and_not_billed_twice(
    api: Api, meta: MetaAds, october: Unit
) -> None:
    lines = [billed("1201", "5000.00"), billed("1202", "5000.00"), billed("1201", "5000.00")]

    with pytest.raises(ContractError, match=r"^invoice 230011223: the line of campaign 1201 came twice$"):
        fetched(api, meta, october, document(), *lines)


@pytest.mark.parametrize(
    "lines",
    [
        [billed("1201", "5000.00"), billed("1201", "2500.00")],
        [billed("1201", "5000.00"), billed("1201", "5000.00", "900100201")],
        [{"clicks": 7}, {"clicks": 7}],
    ],
)
def test_lines_that_differ_or_name_no_campaign_stand_side_by_side(
    api: Api, meta: MetaAds, october: Unit, lines: list[Json]
) -> None:
    invoice = fetched(api, meta, october, document(), *lines)

    assert added(invoice) == invoice.total_micros


def test_a_document_without_an_amount_is_refused(api: Api, meta: MetaAds, october: Unit) -> None:
    with pytest.raises(ContractError, match="invoice 230011223 has no amount"):
        fetched(api, meta, october, document(amount=None, billed_amount_details={}))


def test_a_token_without_a_finance_role_is_denied(api: Api, meta: MetaAds, october: Unit) -> None:
    api.refuse(EDGE, 10, status=403)

    with pytest.raises(DeniedError, match="business_management"):
        list(meta.invoices(october))


@pytest.mark.parametrize("payment", ["threshold", "prepaid"])
def test_accounts_that_pay_otherwise_have_no_invoices(meta: MetaAds, october: Unit, payment: str) -> None:
    account = replace(october.account, payment=payment)

    with pytest.raises(NotOffered, match="charges"):
        list(meta.invoices(Unit(account, october.window, october.today)))


def test_without_a_business_there_are_no_invoices(meta: MetaAds, october: Unit) -> None:
    alone = meta.model_copy(update={"business_id": ""})

    with pytest.raises(NotOffered, match="business_id"):
        list(alone.invoices(october))


def event(kind: str, extra: object, at: str = "2026-10-20T07:30:00+0000") -> Json:
    return {
        "event_type": f"ad_account_billing_{kind}",
        "event_time": at,
        "object_id": "900100200",
        "extra_data": json.dumps(extra),
    }


def test_charges_and_refunds_come_from_the_activity_log(api: Api, meta: MetaAds, october: Unit) -> None:
    paid = {"currency": "EUR", "new_value": 14368, "transaction_id": "55-66", "type": "payment_amount"}
    api.edge(
        "act_900100200/activities",
        event("charge", paid),
        event("charge", paid),
        event("refund", {"currency": "EUR", "new_value": 368, "transaction_id": "55-66"}),
        event("chargeback", {"new_value": 1000}),
        event("charge_failed", paid),
        event("decline", paid),
        event("charge", {"new_value": 500}, at="2026-10-31T23:00:00+0000"),
    )
    common = {
        "account_id": "",
        "issue_day": date(2026, 10, 20),
        "timezone": "Europe/Berlin",
        "currency": "EUR",
    }

    assert list(meta.charges(october)) == [
        Invoice(
            invoice_id="55-66",
            number="55-66",
            kind="charge",
            total_micros=143_680_000,
            **common,  # type: ignore[arg-type]
        ),
        Invoice(
            invoice_id="55-66-refund-20261020T073000Z",
            number="55-66",
            kind="refund",
            total_micros=-3_680_000,
            links=(InvoiceLink(kind="corrects", other_id="55-66"),),
            **common,  # type: ignore[arg-type]
        ),
        Invoice(
            invoice_id="900100200-chargeback-20261020T073000Z",
            kind="refund",
            total_micros=-10_000_000,
            **common,  # type: ignore[arg-type]
        ),
    ]
    assert (api.asked[0]["since"], api.asked[0]["until"]) == ("2026-09-30", "2026-11-02")


@pytest.mark.parametrize(
    ("currency", "value", "micros"),
    [("TWD", 14368, 14_368_000_000), ("EUR", "143.68", 143_680_000), ("EUR", {"new_value": 100}, 1_000_000)],
)
def test_a_whole_number_counts_in_metas_units_and_a_decimal_one_is_the_amount(
    api: Api, meta: MetaAds, october: Unit, currency: str, value: object, micros: int
) -> None:
    api.edge("act_900100200/activities", event("charge", {"currency": currency, "new_value": value}))

    assert [(c.currency, c.total_micros) for c in meta.charges(october)] == [(currency, micros)]


@pytest.mark.parametrize("extra", [{}, {"new_value": "n/a"}, {"new_value": None}, [1], {"new_value": "NaN"}])
def test_an_entry_without_an_amount_is_passed_over_with_a_warning(
    api: Api, meta: MetaAds, october: Unit, caplog: pytest.LogCaptureFixture, extra: object
) -> None:
    api.edge("act_900100200/activities", event("charge", extra))

    assert list(meta.charges(october)) == []
    assert "ad_account_billing_charge of account 900100200 at 2026-10-20" in caplog.text


def test_accounts_on_invoicing_are_not_charged(meta: MetaAds, october: Unit) -> None:
    account = replace(october.account, payment="invoice")

    with pytest.raises(NotOffered, match="invoice"):
        list(meta.charges(Unit(account, october.window, october.today)))
