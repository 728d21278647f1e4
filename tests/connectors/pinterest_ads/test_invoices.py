"""Invoices and credit memos: totals alone, whose sums are read as they add up."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, DeniedError, Invoice, Unit
from adtally.calendar import month
from adtally_connectors.pinterest_ads import PinterestAds

from .builders import document

if TYPE_CHECKING:
    from .conftest import Api

BILLS = "billing_invoices"


def fetched(api: Api, pinterest: PinterestAds, unit: Unit, **changes: object) -> Invoice:
    api.listed(BILLS, document(**changes))
    [found] = pinterest.invoices(unit)
    return found


def test_an_invoice_has_the_days_that_it_bills_and_no_day_of_issue(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    assert fetched(api, pinterest, october) == Invoice(
        invoice_id="77001",
        status="unpaid",
        due_day=date(2026, 12, 5),
        first_day=date(2026, 10, 1),
        last_day=date(2026, 10, 31),
        timezone="UTC",
        currency="USD",
        subtotal_micros=387_500_000,
        adjustments_micros=0,
        tax_micros=0,
        total_micros=387_500_000,
    )


def test_documents_are_asked_for_by_when_they_are_due_and_kept_by_what_they_bill(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    periods = {
        "1": ("2026-09-01", "2026-09-30"),
        "2": ("2026-09-21", "2026-10-20"),
        "3": ("2026-10-21", "2026-11-20"),
        "4": ("2026-10-01", "2026-10-31"),
    }
    bills = [
        document(id=number, billing_period_start_date=first, billing_period_end_date=last)
        for number, (first, last) in periods.items()
    ]
    none = {"billing_period_start_date": None, "billing_period_end_date": None}
    api.listed(BILLS, *bills[:2], bookmark="b")
    api.listed(BILLS, *bills[2:], bills[1], document(id="5", invoice_due_date="2026-10-09", **none))

    assert [one.invoice_id for one in pinterest.invoices(october)] == ["2", "4", "5"]
    asked = {"page_size": ["250"], "start_due_date": ["2026-10-01"], "end_due_date": ["2027-02-28"]}
    assert api.asked_of(BILLS) == [asked, {**asked, "bookmark": ["b"]}]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_credit_memo_is_negative_whatever_the_wire_says(
    api: Api, pinterest: PinterestAds, october: Unit, sign: int
) -> None:
    found = fetched(
        api,
        pinterest,
        october,
        document_type="CREDIT_MEMO",
        amount_net_micro_currency=sign * 5_000_000,
        amount_tax_micro_currency=sign * 1_000_000,
        amount_discount_micro_currency=None,
        amount_billed_micro_currency=sign * 6_000_000,
        status="CLOSED",
    )

    assert (found.kind, found.status) == ("credit_memo", "closed")
    assert (found.subtotal_micros, found.tax_micros, found.total_micros) == (
        -5_000_000,
        -1_000_000,
        -6_000_000,
    )
    assert found.adjustments_micros is None


@pytest.mark.parametrize(
    ("net", "discount", "tax", "billed", "expected"),
    [
        (100, 0, 19, 119, (100, 0, 19)),
        (90, 10, 19, 109, (90, -10, 19)),
        (100, 10, 19, 109, (90, -10, 19)),
        (100, -10, 19, 109, (90, -10, 19)),
        (119, 0, 19, 119, (100, 0, 19)),
        (119, 10, 19, 109, (90, -10, 19)),
        (100, 0, 19, 150, (100, 0, 19)),
        (None, None, None, 119, (None, None, None)),
        (119, None, None, 119, (119, None, None)),
    ],
    ids=[
        "tax on top",
        "net of the discount",
        "discount on top",
        "a discount below zero",
        "tax inside",
        "tax inside, discount on top",
        "nothing adds up: as printed",
        "a total alone",
        "no tax told",
    ],
)
def test_the_sums_are_read_as_they_add_up(
    api: Api,
    pinterest: PinterestAds,
    october: Unit,
    net: int | None,
    discount: int | None,
    tax: int | None,
    billed: int,
    expected: tuple[int | None, int | None, int | None],
) -> None:
    found = fetched(
        api,
        pinterest,
        october,
        amount_net_micro_currency=net,
        amount_discount_micro_currency=discount,
        amount_tax_micro_currency=tax,
        amount_billed_micro_currency=billed,
    )

    assert (found.subtotal_micros, found.adjustments_micros, found.tax_micros) == expected
    assert found.total_micros == billed


def test_a_discount_of_a_credit_memo_reduces_the_credit(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    found = fetched(
        api,
        pinterest,
        october,
        document_type="CREDIT_MEMO",
        amount_net_micro_currency=100,
        amount_discount_micro_currency=10,
        amount_billed_micro_currency=90,
    )

    assert (found.subtotal_micros, found.adjustments_micros, found.total_micros) == (-90, 10, -90)


@pytest.mark.parametrize(
    ("status", "ends", "expected"),
    [
        ("OPEN", "2026-10-31", "unpaid"),
        ("OPEN", "2026-12-15", "open"),
        ("CLOSED", "2026-10-31", "closed"),
        ("SOMETHING_NEW", "2026-10-31", "something_new"),
    ],
)
def test_a_document_is_open_only_while_its_period_runs(
    api: Api, pinterest: PinterestAds, october: Unit, status: str, ends: str, expected: str
) -> None:
    unit = october.within(month(ends[:7]))

    assert fetched(api, pinterest, unit, status=status, billing_period_end_date=ends).status == expected


def test_an_unknown_type_of_document_counts_as_it_is_printed(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    found = fetched(api, pinterest, october, document_type="SOMETHING_NEW")

    assert (found.kind, found.total_micros) == ("invoice", 387_500_000)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"ad_account_id": "549700000002"}, "account 549700000002"),
        ({"amount_billed_micro_currency": 387.5}, "amount_billed"),
        ({"amount_billed_micro_currency": None}, "amount_billed"),
        ({"currency": None}, "currency"),
        ({"billing_period_end_date": "October"}, "billing_period_end_date"),
    ],
)
def test_a_document_of_another_account_or_shape_is_refused(
    api: Api, pinterest: PinterestAds, october: Unit, wrong: dict[str, object], says: str
) -> None:
    api.listed(BILLS, document(**wrong))

    with pytest.raises(ContractError, match=says):
        list(pinterest.invoices(october))


def test_without_the_scope_for_billing_the_invoices_alone_are_denied(
    api: Api, pinterest: PinterestAds, october: Unit
) -> None:
    api.refuse(403, 29, "You are not permitted to access that resource.", kind=BILLS)
    api.listed("campaigns")

    with pytest.raises(DeniedError, match=r"billing:read.*not permitted"):
        list(pinterest.invoices(october))
    assert list(pinterest.campaigns(october)) == []
