"""Which rate is in force for a campaign on which days: agreements first, then what the platform says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ..calendar import DAY, Window
from ..ledger import Connection
from ..money import MICROS
from ..records import Model, RateKind
from ..settings import Agreement
from ..settings.tables import Price
from . import sql
from .facts import Clauses, Rate, RateTier

Agreed = tuple[int, Agreement]
"""An agreement with its number in the configuration, from 1."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One row of the platform's terms, as the ledger observed it."""

    level: str
    entity_id: str
    valid: Window
    assumed: bool
    model: Model | None
    rate_micros: int | None
    kind: RateKind


def segments(month: Window, agreements: Iterable[Agreement], observed: Iterable[Observed]) -> list[Window]:
    """The month cut wherever some rate begins or ends, so that inside a piece no rate changes."""
    starts = {month.first_day}
    for agreement in agreements:
        starts |= {agreement.first_day} if agreement.first_day else set()
        starts |= (
            {agreement.last_day + DAY} if agreement.last_day and agreement.last_day < date.max else set()
        )
    for row in observed:
        starts.add(row.valid.first_day)
        if row.valid.last_day < date.max:
            starts.add(row.valid.last_day + DAY)
    ordered = sorted(day for day in starts if day in month)
    ends = [day - DAY for day in ordered[1:]] + [month.last_day]
    return [Window(first, last) for first, last in zip(ordered, ends, strict=True)]


class RateBook:
    """Finds what is agreed about a campaign, and its rate on a day of the month."""

    def __init__(self, conn: Connection, agreements: Sequence[Agreement], month: Window) -> None:
        self._agreements = agreements
        self._observed: defaultdict[tuple[str, str, str], list[Observed]] = defaultdict(list)
        rows = list(_observed(conn, month))
        for key, row in rows:
            self._observed[key].append(row)
        self.pieces = segments(month, agreements, (row for _, row in rows))
        """The month, cut so that inside a piece no rate changes."""

    def agreed(self, connector: str, account_id: str, campaign_id: str, name: str) -> list[Agreed]:
        """The agreements about the campaign, whenever their rates are in force."""
        return [
            (number, agreement)
            for number, agreement in enumerate(self._agreements, start=1)
            if agreement.matches(connector, account_id, campaign_id, name)
        ]

    def rate(
        self, agreed: Iterable[Agreed], connector: str, account_id: str, campaign_id: str, day: date
    ) -> Rate | None:
        """The rate agreed for the day, else the platform's terms; None when neither names a pricing model."""
        in_force = governing(agreed, day)
        if in_force and (rate := agreed_rate(*in_force)):
            return rate
        rows = [row for row in self._observed[connector, account_id, campaign_id] if day in row.valid]
        return _shared([row for row in rows if row.level == "campaign"] or rows)


def agreed_rate(number: int, agreement: Agreement) -> Rate | None:
    """The price that an agreement sets; None where it sets none."""
    if agreement.model is None:
        return None
    price = agreement.rate or Price()
    return Rate(
        model=agreement.model,
        kind=agreement.kind,
        rate_micros=price.rate_micros,
        share_ppm=price.share_ppm,
        tiers=tuple(
            RateTier(up_to=tier.up_to, rate_micros=tier.rate.rate_micros, share_ppm=tier.rate.share_ppm)
            for tier in agreement.tiers
        ),
        source=f"agreement {number}",
        flight=agreement.flight.window if agreement.flight else None,
        clauses=Clauses(
            counted_by=agreement.counted_by,
            discrepancy_ppm=agreement.discrepancy,
            denominator=agreement.denominator,
            beyond=agreement.beyond,
            validation_days=agreement.validation_days,
            negative_months=agreement.negative_months,
        ),
    )


def promised_rate(agreed: Sequence[Agreed], days: Iterable[date]) -> tuple[int, str] | None:
    """The least interaction rate that a seller promised for these days, in ppm, and by which agreement.

    Of several agreements in force the first that promises one; None unless it is the same on every day. A
    promise of nothing, or of an interaction for every impression, is none that chance could break.
    """
    found = {
        next(
            (
                (agreement.min_interaction_rate, f"agreement {number}")
                for number, agreement in agreed
                if agreement.min_interaction_rate is not None and agreement.valid_on(day)
            ),
            None,
        )
        for day in days
    }
    promise = found.pop() if len(found) == 1 else None
    return promise if promise and 0 < promise[0] < MICROS else None


def governing(agreed: Iterable[Agreed], day: date) -> Agreed | None:
    """The agreement whose rate is in force on the day: of several that name a model the first."""
    return next(
        ((number, agreement) for number, agreement in agreed if agreement.model and agreement.valid_on(day)),
        None,
    )


def _shared(rows: Sequence[Observed]) -> Rate | None:
    """What the rows have in common: a model that they share, and a rate only where that is one, too."""
    first = rows[0] if rows else None
    if first is None or first.model is None or any(row.model != first.model for row in rows):
        return None
    kinds, rates = {row.kind for row in rows}, {row.rate_micros for row in rows}
    return Rate(
        model=first.model,
        kind=first.kind if len(kinds) == 1 and len(rates) == 1 else "auto",
        rate_micros=first.rate_micros if len(rates) == 1 else None,
        source="platform terms",
        assumed=any(row.assumed for row in rows),
    )


def _observed(conn: Connection, month: Window) -> Iterator[tuple[tuple[str, str, str], Observed]]:
    """The terms of the month, by connector, account and campaign."""
    bounds = {"first_text": month.first_day.isoformat(), "last_text": month.last_day.isoformat()}
    for connector, account, level, entity, campaign, since, until, assumed, model, rate, kind in conn.execute(
        sql.TERMS, bounds
    ):
        valid = Window(date.fromisoformat(since), date.fromisoformat(until) if until else date.max)
        row = Observed(level, entity, valid, bool(assumed), model, rate, kind)
        yield (connector, account, campaign or entity), row
