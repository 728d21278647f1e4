"""Invoices and credit memos: signs, sums, links, and the months that they are found in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import Invoice, InvoiceLine, InvoiceLink, NotOffered, Unit
from adtally_connectors.dv360 import Dv360

from .builders import bill, credit, day, days
from .conftest import connector

if TYPE_CHECKING:
    from .conftest import Api

BUDGET = {
    "externalBudgetId": "NORD0012",
    "preTaxAmountMicros": "18370400000",
    "taxAmountMicros": "3490376000",
    "totalAmountMicros": "21860776000",
}


def fetched(api: Api, dv360: Dv360, unit: Unit, *bills: object, month: str = "202610") -> list[Invoice]:
    api.lists[f"invoices {month}"].append({"invoices": list(bills)})
    return list(dv360.invoices(unit))


def of_september(unit: Unit) -> Unit:
    september = unit.within(type(unit.window)(date(2026, 9, 1), date(2026, 9, 30)))
    return Unit(september.account, september.window, unit.today)


def test_an_invoice_tells_its_sums_and_no_lines(api: Api, dv360: Dv360, october: Unit) -> None:
    assert fetched(api, dv360, october, bill()) == [
        Invoice(
            invoice_id="5012345678",
            number="5012345678",
            issue_day=date(2026, 10, 31),
            due_day=date(2026, 11, 30),
            first_day=date(2026, 10, 1),
            last_day=date(2026, 10, 31),
            currency="EUR",
            subtotal_micros=18_250_400_000,
            tax_micros=3_467_576_000,
            total_micros=21_717_976_000,
            purchase_order="PO-7781",
        )
    ]


@pytest.mark.parametrize("sign", ["-", ""])
def test_a_credit_is_negative_whatever_the_wire_says(
    api: Api, dv360: Dv360, october: Unit, sign: str
) -> None:
    amounts = {
        "subtotalAmountMicros": f"{sign}310000000",
        "totalTaxAmountMicros": f"{sign}58900000",
        "totalAmountMicros": f"{sign}368900000",
        "nonBudgetMicros": f"{sign}10000000",
        "budgetSummaries": [{"externalBudgetId": "N1", "preTaxAmountMicros": f"{sign}300000000"}],
    }

    [memo] = fetched(api, dv360, of_september(october), credit(**amounts), month="202611")

    assert memo.kind == "credit_memo"
    assert (memo.subtotal_micros, memo.tax_micros, memo.total_micros) == (
        *(-310_000_000, -58_900_000),
        -368_900_000,
    )
    assert [(line.line, line.kind, line.amount_micros) for line in memo.lines] == [
        ("1", "credit", -300_000_000),
        ("2", "adjustment", -10_000_000),
        ("3", "tax", -58_900_000),
    ]
    assert memo.links == (InvoiceLink(kind="corrects", other_id="5012340001"),)


def test_an_invoice_that_is_negative_stays_an_invoice(api: Api, dv360: Dv360, october: Unit) -> None:
    [found] = fetched(api, dv360, october, bill(totalAmountMicros="-5", subtotalAmountMicros="-5"))

    assert (found.kind, found.total_micros, found.subtotal_micros) == ("invoice", -5, -5)


def test_budgets_are_lines_where_they_are_all_of_the_subtotal(api: Api, dv360: Dv360, october: Unit) -> None:
    [found] = fetched(api, dv360, october, bill(budgetSummaries=[BUDGET], nonBudgetMicros="-120000000"))

    assert found.lines == (
        InvoiceLine(
            line="1",
            kind="media",
            description="budget",
            amount_micros=18_370_400_000,
            budget_id="NORD0012",
            purchase_order="PO-7781",
        ),
        InvoiceLine(line="2", kind="adjustment", description="not of a budget", amount_micros=-120_000_000),
        InvoiceLine(line="3", kind="tax", description="tax", amount_micros=3_467_576_000),
    )
    assert sum(line.amount_micros for line in found.lines) == found.total_micros


def test_cost_without_a_budget_is_media(api: Api, dv360: Dv360, october: Unit) -> None:
    budget = BUDGET | {"preTaxAmountMicros": "18000000000"}
    [found] = fetched(api, dv360, october, bill(budgetSummaries=[budget], nonBudgetMicros="250400000"))

    assert [line.kind for line in found.lines] == ["media", "media", "tax"]
    assert sum(line.amount_micros for line in found.lines) == found.total_micros


@pytest.mark.parametrize(
    "changes",
    [
        {"budgetSummaries": [BUDGET]},
        {"budgetSummaries": [BUDGET], "nonBudgetMicros": "120000000"},
        {"nonBudgetMicros": "18250400000"},
    ],
)
def test_budgets_that_are_not_all_of_it_are_no_lines(
    api: Api, dv360: Dv360, october: Unit, changes: dict[str, object]
) -> None:
    [found] = fetched(api, dv360, october, bill(**changes))

    assert (found.lines, found.total_micros) == ((), 21_717_976_000)


def test_what_google_prints_wrongly_is_not_smoothed_over(api: Api, dv360: Dv360, october: Unit) -> None:
    [found] = fetched(api, dv360, october, bill(totalAmountMicros="21717976001"))

    assert (found.subtotal_micros or 0) + (found.tax_micros or 0) != found.total_micros == 21_717_976_001


def test_a_document_of_an_unknown_type_is_not_judged(api: Api, dv360: Dv360, october: Unit) -> None:
    [found] = fetched(api, dv360, october, bill(invoiceType="INVOICE_TYPE_OF_TOMORROW"))

    assert (found.kind, found.status) == ("invoice", "pending")


def test_a_replaced_invoice_is_named(api: Api, dv360: Dv360, october: Unit) -> None:
    [found] = fetched(api, dv360, october, bill(replacedInvoiceIds=["1", "2"]))

    assert found.links == (
        InvoiceLink(kind="replaces", other_id="1"),
        InvoiceLink(kind="replaces", other_id="2"),
    )


def test_the_link_of_the_pdf_changes_at_each_reading_and_is_not_kept(
    api: Api, dv360: Dv360, october: Unit
) -> None:
    [found] = fetched(api, dv360, october, bill())

    assert found.url == ""


def test_a_month_is_looked_for_in_the_months_in_which_it_may_be_billed(
    api: Api, dv360: Dv360, october: Unit
) -> None:
    api.lists["invoices 202610"].append({"invoices": [bill()], "nextPageToken": "CAEQAQ"})
    api.lists["invoices 202610"].append({"invoices": [credit(issueDate=day("2026-10-31"))]})
    late = bill(invoiceId="2", issueDate=day("2026-11-02"), serviceDateRange=days("2026-10-16", "2026-10-31"))
    november = bill(invoiceId="3", serviceDateRange=days("2026-11-01", "2026-11-30"))
    api.lists["invoices 202611"].append({"invoices": [late, bill(), november]})
    api.lists["invoices 202612"].append({})

    assert [one.invoice_id for one in dv360.invoices(october)] == ["5012345678", "2"]
    assert [(asked["issueMonth"], asked.get("pageToken")) for asked in api.asked_of("invoices")] == [
        ("202610", None),
        ("202610", "CAEQAQ"),
        ("202611", None),
        ("202612", None),
    ]
    assert {asked["pageSize"] for asked in api.asked_of("invoices")} == {"200"}


def test_months_to_come_are_not_asked_for(api: Api, dv360: Dv360, october: Unit) -> None:
    early = Unit(october.account, october.window, date(2026, 11, 3))

    assert list(dv360.invoices(early)) == []
    assert [asked["issueMonth"] for asked in api.asked_of("invoices")] == ["202610", "202611"]


def test_a_document_without_days_is_of_the_month_in_which_it_came(
    api: Api, dv360: Dv360, october: Unit
) -> None:
    [found] = fetched(api, dv360, october, bill(serviceDateRange={}))

    assert (found.first_day, found.last_day) == (None, None)
    assert fetched(api, dv360, of_september(october), bill(serviceDateRange={})) == []


def test_a_bill_may_be_in_another_currency_than_the_advertisers(
    api: Api, dv360: Dv360, october: Unit
) -> None:
    [found] = fetched(api, dv360, october, bill(currencyCode="USD"))

    assert found.currency == "USD"


def test_where_the_partner_is_billed_as_a_whole_nothing_is_listed(
    api: Api, dv360: Dv360, october: Unit
) -> None:
    assert list(dv360.invoices(october)) == []


def test_media_and_platform_are_asked_for_apart_where_the_law_wants_it(api: Api, october: Unit) -> None:
    paris = connector(loi_sapin=True)
    api.lists["invoices 202610"] += [{"invoices": [bill()]}, {"invoices": [bill(invoiceId="2")]}, {}]

    assert [one.invoice_id for one in paris.invoices(october)] == ["5012345678", "2"]
    assert [asked["loiSapinInvoiceType"].rpartition("_")[2] for asked in api.asked_of("invoices")] == [
        "MEDIA",
        "PLATFORM",
    ] * 3


def test_an_advertiser_that_is_not_known_has_no_invoices_to_offer(
    api: Api, dv360: Dv360, october: Unit
) -> None:
    api.refuse(404, "invoices", name="NOT_FOUND")

    with pytest.raises(NotOffered, match="told by Google"):
        list(dv360.invoices(october))
