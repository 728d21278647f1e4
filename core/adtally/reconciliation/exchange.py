"""The exchange rate of a bill: the one of its day, or the last one of the week before; never a guess."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from math import gcd
from typing import NamedTuple

from msgspec.structs import replace

from ..ledger import Connection
from . import sql_documents
from .bills import merged
from .document_facts import ExchangeRate
from .facts import BillGroup, Delivered, Document

STALE = timedelta(days=7)
"""A rate that is older than this says nothing."""
THROUGH = "EUR"
"""The currency that the European Central Bank quotes all others in."""


class _Quote(NamedTuple):
    num: int
    den: int
    source: str

    @property
    def inverse(self) -> _Quote:
        return _Quote(self.den, self.num, self.source)


def with_exchange(conn: Connection, groups: Iterable[BillGroup]) -> Iterator[BillGroup]:
    """The groups, with the rates that turn their delivery into the currency of their bills, if all are known.

    The rate of the day of issue is due, without one that of the last day of service; of several bills those
    of the last one.
    """

    @cache
    def quotes(base: str, quote: str, day: date) -> dict[date, _Quote]:
        named = {"base": base, "quote": quote}
        bounds = {"first_text": (day - STALE).isoformat(), "last_text": day.isoformat()}
        return {
            date.fromisoformat(text): _Quote(num, den, source)
            for text, num, den, source in conn.execute(sql_documents.RATES, named | bounds)
            if num > 0 and den > 0
        }

    def quoted(base: str, quote: str, day: date) -> dict[date, _Quote]:
        inverse = {on: one.inverse for on, one in quotes(quote, base, day).items()}
        return inverse | quotes(base, quote, day)

    def rate(base: str, quote: str, day: date) -> ExchangeRate | None:
        direct, found = quoted(base, quote, day), dict[date, _Quote]()
        if not direct and THROUGH not in (base, quote):
            one, other = quoted(base, THROUGH, day), quoted(THROUGH, quote, day)
            found = {on: _through(one[on], other[on]) for on in one.keys() & other.keys()}
        found |= direct
        if not found:
            return None
        on = max(found)
        num, den, source = found[on]
        shared = gcd(num, den)
        return ExchangeRate(
            base=base, quote=quote, num=num // shared, den=den // shared, day=on, source=source
        )

    for group in groups:
        billed, delivered = ({one.currency for one in side} for side in (group.documents, group.delivered))
        day = rate_day(group.documents)
        if len(billed) != 1 or delivered <= billed or day is None:
            yield group
            continue
        [quote] = billed
        rates = [rate(base, quote, day) for base in sorted(delivered - billed)]
        known = tuple(one for one in rates if one)
        yield replace(group, exchange=known if len(known) == len(rates) else (), exchange_day=day)


def rate_day(documents: Iterable[Document]) -> date | None:
    """The day whose exchange rate is due for these bills; None where none of them names any day."""
    days = [
        (document.total_micros >= 0, day)
        for document in documents
        if (day := document.issue_day or (document.window.last_day if document.window else None))
    ]
    return max(days)[1] if days else None


def _through(one: _Quote, other: _Quote) -> _Quote:
    source = one.source if one.source == other.source else f"{one.source} and {other.source}"
    return _Quote(one.num * other.num, one.den * other.den, f"{source} over {THROUGH}")


def in_bill_currency(group: BillGroup) -> Delivered | None:
    """What was delivered in the currency of the bills, converted where it must be; None where it cannot.

    What the clock moves is converted along: the converted cost is that of the bills' own days.
    """
    if len({document.currency for document in group.documents}) != 1 or not group.delivered:
        return None
    quote, rates = group.documents[0].currency, {rate.base: rate for rate in group.exchange}
    foreign = {one.currency for one in group.delivered} - {quote}
    if not foreign:
        return group.delivered[0]
    if not foreign <= rates.keys():
        return None
    costs = list[int | None]()
    for one in group.delivered:
        micros = None if one.cost_micros is None else one.cost_micros + one.moved_micros
        rate = rates.get(one.currency)
        costs.append(rate.convert(micros) if rate and micros is not None else micros)
    return Delivered(
        currency=quote,
        cost_micros=None if None in costs else sum(cost or 0 for cost in costs),
        accounts=group.delivered[0].accounts,
        window=group.delivered[0].window,
        coverage=merged([one.coverage for one in group.delivered]),
    )
