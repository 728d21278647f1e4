"""Invoices: hundredths, a month in English words, and nothing but a total."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from adtally import ContractError, Invoice, Unit
from adtally.calendar import month
from adtally_connectors.snapchat_ads import SnapchatAds
from adtally_connectors.snapchat_ads.billing import service_month

from .builders import bill

if TYPE_CHECKING:
    from .conftest import Api


def test_an_invoice_is_its_total_in_hundredths(api: Api, snapchat: SnapchatAds, october: Unit) -> None:
    api.of_account("invoices", bill())

    assert list(snapchat.invoices(october.within(month("2026-10")))) == [
        Invoice(
            invoice_id="1f000000-0000-4000-8000-000000000001",
            number="246810",
            status="sent_for_collection",
            issue_day=date(2026, 11, 2),
            due_day=date(2026, 12, 5),
            first_day=date(2026, 10, 1),
            last_day=date(2026, 10, 31),
            currency="EUR",
            total_micros=11_714_960_000,
        )
    ]
    assert api.asked_of("/invoices") == [{}]


def test_only_documents_of_the_month_and_the_account_are_kept(
    api: Api, snapchat: SnapchatAds, october: Unit
) -> None:
    api.of_account(
        "invoices",
        bill(invoice_id="1", billing_period="September 2026"),
        bill(invoice_id="2", billing_period="October 2025"),
        bill(invoice_id="3", ad_account_id="other"),
        bill(invoice_id="4", amount_cent=-5),
        bill(invoice_id="5", ad_account_id=None),
    )

    found = list(snapchat.invoices(october.within(month("2026-10"))))

    assert [(one.invoice_id, one.kind, one.total_micros) for one in found] == [
        ("4", "credit_memo", -50_000),
        ("5", "invoice", 11_714_960_000),
    ]


def test_a_period_that_is_not_understood_counts_by_the_month_of_issue_and_has_no_days(
    api: Api, snapchat: SnapchatAds, october: Unit, caplog: pytest.LogCaptureFixture
) -> None:
    strange = bill(billing_period="KW 41/2026")
    for _ in range(2):
        api.of_account("invoices", strange)

    assert list(snapchat.invoices(october.within(month("2026-10")))) == []
    [found] = snapchat.invoices(october.within(month("2026-11")))

    assert (found.first_day, found.last_day, found.issue_day) == (None, None, date(2026, 11, 2))
    assert "is not understood: 'KW 41/2026'" in caplog.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((f"{name} 2026", number) for number, name in enumerate(("January", "February", "March"), start=1)),
        *(("MAY 2026", 5), ("december 2026", 12), ("Oct. 2026", 10), ("October, 2026", 10), ("Sept 2026", 9)),
        *(("", 0), ("2026", 0), ("Oktober 2026", 0), ("Ma 2026", 0), ("October 26", 0), ("October ٢٠٢٦", 0)),
        *(("October 2026 and more", 0), ("October 0000", 0)),
    ],
)
def test_a_month_is_read_from_english_words_alone(text: str, expected: int) -> None:
    assert service_month(text) == (month(f"2026-{expected:02}") if expected else None)


def test_an_account_that_pays_by_card_has_no_invoices(api: Api, snapchat: SnapchatAds, october: Unit) -> None:
    api.of_account("invoices")

    assert list(snapchat.invoices(october)) == []


@pytest.mark.parametrize("wrong", [{"amount_cent": 11714.96}, {"amount_cent": None}, {"currency": None}])
def test_a_document_without_a_whole_amount_or_a_currency_is_refused(
    api: Api, snapchat: SnapchatAds, october: Unit, wrong: dict[str, object]
) -> None:
    api.of_account("invoices", bill(**wrong))

    with pytest.raises(ContractError, match=next(iter(wrong))):
        list(snapchat.invoices(october))
