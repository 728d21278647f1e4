"""Builders for the checks of documents: overlaps, chains of credits, fees of countries and of agencies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from adtally.calendar import Window, month as days_of
from adtally.money import to_micros
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.document_facts import (
    AgencyMonth,
    ChainEntry,
    CountrySpend,
    CreditChain,
    ExchangeRate,
    FeeLine,
    FeeMonth,
    FeeShare,
)
from adtally.reconciliation.facts import Delivered, Document, Facts, Overlap
from adtally.reconciliation.rate_tables import read_surcharges
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import Outcome

from .cases import OCTOBER, document, facts, group, line

PRESET = Rules(surcharges=read_surcharges())
OUR_DAY = date(2026, 11, 3)


def run(check: str, given: Facts, rules: Rules = PRESET) -> list[Outcome]:
    return list(CHECKS[check].run(given, rules))


def ran(cost: str | None, *, currency: str = "USD", coverage: Coverage | None = None) -> Delivered:
    return Delivered(
        currency=currency,
        cost_micros=None if cost is None else to_micros(cost),
        accounts=("1",),
        window=OCTOBER,
        coverage=coverage or Coverage(),
    )


def overlap(
    shared: Delivered | None, union: Delivered | None, *documents: Document, **fields: object
) -> Facts:
    values: dict[str, object] = {
        "accounts": ("1",),
        "days": (Window(date(2026, 10, 15), date(2026, 10, 15)),),
    }
    found = Overlap(documents=documents, shared=shared, union=union, **{**values, **fields})  # type: ignore[arg-type]
    return replace(facts(), overlaps=(found,))


def halves(first: str = "600.00", second: str = "700.00") -> tuple[Document, Document]:
    """Two bills that both have the 15th."""
    days = (
        Window(date(2026, 10, 1), date(2026, 10, 15)),
        Window(date(2026, 10, 15), date(2026, 10, 31)),
    )
    return (
        document(first, "A", line(first), window=days[0]),
        document(second, "B", line(second), window=days[1]),
    )


def entry(amount: str, name: str, day: date | None = OUR_DAY, currency: str = "USD") -> ChainEntry:
    return ChainEntry(
        table="invoices",
        key=f"google/{name}",
        label=name,
        day=day,
        currency=currency,
        amount_micros=to_micros(amount),
    )


def chain(
    originals: Iterable[ChainEntry], credits_of: Iterable[ChainEntry], unknown: tuple[str, ...] = ()
) -> Facts:
    found = CreditChain(
        connector="google",
        platform="google_ads",
        account_id="1",
        originals=tuple(originals),
        credits=tuple(credits_of),
        unknown=unknown,
    )
    return replace(facts(), chains=(found,))


def rate(num: int, den: int, base: str = "USD", quote: str = "EUR", day: date = OUR_DAY) -> ExchangeRate:
    return ExchangeRate(base=base, quote=quote, num=num, den=den, day=day, source="ECB")


def converted(
    cost: str | None, bill: Document, *rates: ExchangeRate, coverage: Coverage | None = None
) -> Facts:
    found = group(cost, bill, coverage=coverage)
    return replace(facts(), groups=(replace(found, exchange=rates, exchange_day=OUR_DAY),))


def fee(
    amount: str,
    spent: str | None,
    place: str = "AT",
    *,
    month: str = "2026-10",
    name: str = "INV-1",
    unknown: str = "0",
    total: str | None = None,
    platform: str = "google_ads",
    **fields: object,
) -> FeeMonth:
    cost = None if spent is None else to_micros(spent)
    values: dict[str, object] = {
        "connector": "google",
        "platform": platform,
        "accounts": ("1",),
        "currency": "EUR",
        "jurisdiction": place,
        "month": days_of(month),
        "lines": (
            FeeLine(
                document=f"google/{name}",
                line="2",
                says="fee",
                amount_micros=to_micros(amount),
                window=days_of(month),
            ),
        ),
        "spend": CountrySpend(
            cost_micros=cost,
            unknown_micros=to_micros(unknown),
            total_micros=None if total is None else to_micros(total),
        ),
        **fields,
    }
    return FeeMonth(**values)  # type: ignore[arg-type]


def of_fees(*fees: FeeMonth) -> Facts:
    found = replace(facts(), fees=fees)
    months = {one.month for one in fees}
    return found if OCTOBER in months else replace(found, month=max(months))


def agency(
    cost: str | None,
    *documents: Document,
    share_ppm: int = 150_000,
    of_gross: bool = True,
    currency: str = "USD",
    **fields: object,
) -> Facts:
    share = FeeShare(
        source="agreement 1",
        share_ppm=share_ppm,
        of_gross=of_gross,
        cost_micros=None if cost is None else to_micros(cost),
        campaigns=3,
    )
    values: dict[str, object] = {"shares": (share,), "documents": tuple(one.subject for one in documents)}
    found = AgencyMonth(connector="agency", currency=currency, **{**values, **fields})  # type: ignore[arg-type]
    return replace(facts(documents=documents), agencies=(found,))


def fee_bill(total: str, *lines: object, **fields: object) -> Document:
    return document(total, "AG-1", *lines, connector="agency", platform="agency", **fields)  # type: ignore[arg-type]
