"""Which rate is in force for a campaign on which days: agreements first, then what the platform says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ..calendar import DAY, Window
from ..records import Model, RateKind
from ..settings import Agreement
from .facts import Rate


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
    """Finds the rate of a campaign on a day."""

    def __init__(
        self, agreements: Sequence[Agreement], observed: Iterable[tuple[tuple[str, str, str], Observed]]
    ):
        self._agreements = agreements
        self._observed: defaultdict[tuple[str, str, str], list[Observed]] = defaultdict(list)
        for key, row in observed:
            self._observed[key].append(row)

    def rate(self, connector: str, account_id: str, campaign_id: str, name: str, day: date) -> Rate | None:
        """The agreed rate, else the platform's terms; None when neither names a pricing model."""
        for number, agreement in enumerate(self._agreements, start=1):
            if agreement.matches(connector, account_id, campaign_id, name) and agreement.valid_on(day):
                return Rate(
                    model=agreement.model,
                    kind=agreement.kind,
                    rate_micros=agreement.rate.rate_micros,
                    share_ppm=agreement.rate.share_ppm,
                    source=f"agreement {number}",
                    flight=agreement.flight.window if agreement.flight else None,
                )
        rows = [row for row in self._observed[connector, account_id, campaign_id] if day in row.valid]
        return _shared([row for row in rows if row.level == "campaign"] or rows)


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
