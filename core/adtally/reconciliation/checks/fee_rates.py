"""What a regulatory fee may be: by the dated table, by the law, and by what other bills charge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...money import MICROS, minor, rounded
from ..document_facts import FeeMonth
from ..facts import Facts
from ..rate_tables import SERVED, Surcharge, ceilings, in_force, surcharges_on
from ..rules import Rules


class Rates(NamedTuple):
    """The rates of one country in one month: the least and the most, where one changes within it."""

    rows: tuple[Surcharge, ...]
    least_ppm: int
    most_ppm: int
    whole_ppm: int
    """Of all that the account spent anywhere, at most: a second fee by where the buyer is."""

    @property
    def verified(self) -> bool:
        return all(row.verified for row in self.rows)


def rates_of(table: Sequence[Surcharge], fee: FeeMonth) -> Rates | None:
    """The rates of the fee's month; None where the table has no row of the platform for the country."""
    rows = [row for row in table if (row.platform, row.jurisdiction) == (fee.platform, fee.jurisdiction)]
    if not rows:
        return None
    used = dict[Surcharge, None]()
    served, whole = set[int](), set[int]()
    for day in fee.month:
        valid = surcharges_on(rows, day)
        used |= dict.fromkeys(valid)
        served.add(sum(row.rate_ppm for row in valid if row.basis == SERVED))
        whole.add(sum(row.rate_ppm for row in valid if row.basis != SERVED))
    return Rates(tuple(used), min(served), max(served), max(whole))


def due(fee: FeeMonth, rates: Rates, *, unknown: bool = False) -> tuple[int, int]:
    """The least and the most that may be due; with ``unknown`` as if all that has no place was spent here."""
    spent = (fee.spend.cost_micros or 0) + (fee.spend.unknown_micros if unknown else 0)
    whole = rounded((fee.spend.total_micros or spent) * rates.whole_ppm, MICROS)
    low = rounded((fee.spend.cost_micros or 0) * rates.least_ppm, MICROS)
    return low, rounded(spent * rates.most_ppm, MICROS) + whole


def above_law(fee: FeeMonth, rules: Rules) -> int | None:
    """The country's own rate, if the fee is above it; None too where the law is not known."""
    laws = in_force((one for one in ceilings() if one.jurisdiction == fee.jurisdiction), fee.month.last_day)
    if not laws:
        return None
    most = max(law.rate_ppm for law in laws)
    spent = (fee.spend.cost_micros or 0) + fee.spend.unknown_micros
    limit = rounded(spent * most, MICROS)
    room = rules.money_match.micros(limit, fee.currency)
    return most if fee.fee_micros > limit + room else None


def usual_elsewhere(fee: FeeMonth, facts: Facts, rules: Rules) -> int | None:
    """The rate of this fee, where another bill has just that rate and the table explains neither."""
    span = _span(fee)
    if span is None:
        return None
    documents = {line.document for line in fee.lines}
    for other in facts.fees:
        same = (other.platform, other.jurisdiction) == (fee.platform, fee.jurisdiction)
        apart = other is not fee and not documents & {line.document for line in other.lines}
        if not same or not apart or (there := _span(other)) is None:
            continue
        rates = rates_of(rules.surcharges, other)
        low, high = due(other, rates) if rates else (0, 0)
        room = rules.money_match.micros(high, other.currency)
        if low - room <= other.fee_micros <= high + room:
            continue
        if max(span[0], there[0]) <= min(span[1], there[1]):
            return rounded(fee.fee_micros * MICROS, fee.spend.cost_micros or 1)
    return None


def _span(fee: FeeMonth) -> tuple[int, int] | None:
    """The rates, in ppm, that may have been rounded to this fee; None where that is too vague to tell."""
    spent, rounding = fee.spend.cost_micros, minor(fee.currency) * len(fee.lines)
    if not spent or spent < 0 or fee.spend.unknown_micros or fee.fee_micros < 20 * rounding:
        return None
    return (fee.fee_micros - rounding) * MICROS // spent, (fee.fee_micros + rounding) * MICROS // spent + 1
