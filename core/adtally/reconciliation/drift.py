"""What became of a closed month: restated costs, bills and credits that came, findings that changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Literal, TypeAlias, TypeVar

from msgspec import Struct

from .closed_facts import ClosedAmounts, ClosedDocument, ClosedFinding, Closing

Row = TypeVar("Row")
What: TypeAlias = Literal["cost", "billed", "expected", "estimate", "document", "finding"]
AMOUNTS: tuple[What, ...] = ("cost", "billed", "expected", "estimate")


class Change(Struct, frozen=True, kw_only=True):
    """One amount that is not what it was. None: it was not there, or is not any more."""

    what: What
    connector: str
    account_id: str
    campaign_id: str = ""
    key: str = ""
    """The document's number, or the finding's id."""
    says: str = ""
    """The kind of the document, or the check."""
    currency: str
    then_micros: int | None
    now_micros: int | None

    @property
    def diff_micros(self) -> int:
        return (self.now_micros or 0) - (self.then_micros or 0)


class Drift(Struct, frozen=True, kw_only=True):
    """A closing beside what is known now."""

    month: str
    closing_id: int
    closed_at: datetime
    version: str
    at: datetime
    changes: tuple[Change, ...]

    @property
    def of_accounts(self) -> list[Change]:
        """Without the campaigns, whose amounts are in those of their accounts."""
        return [change for change in self.changes if not change.campaign_id]


def drift(then: Closing, now: Closing) -> Drift:
    """Every amount, document and finding of the month that differs; [] for a month that stands still."""
    return Drift(
        month=then.month,
        closing_id=then.closing_id,
        closed_at=then.closed_at,
        version=then.version,
        at=now.closed_at,
        changes=(
            *_amounts(then.amounts, now.amounts),
            *_documents(then.documents, now.documents),
            *_findings(then.findings, now.findings),
        ),
    )


def _amounts(then: Iterable[ClosedAmounts], now: Iterable[ClosedAmounts]) -> Iterator[Change]:
    for old, new in _pairs(then, now, _place):
        one = new or old
        for what in AMOUNTS:
            before, after = _micros(old, what), _micros(new, what)
            if one and before != after:
                yield Change(
                    what=what,
                    connector=one.connector,
                    account_id=one.account_id,
                    campaign_id=one.campaign_id,
                    currency=one.currency,
                    then_micros=before,
                    now_micros=after,
                )


def _place(row: ClosedAmounts) -> tuple[str, ...]:
    """Accounts before campaigns."""
    level = "campaign" if row.campaign_id else "account"
    return level, row.connector, row.account_id, row.campaign_id, row.currency


def _micros(row: ClosedAmounts | None, what: What) -> int | None:
    if row is None:
        return None
    values = {
        "cost": row.cost_micros,
        "billed": row.billed_micros,
        "expected": row.expected_micros,
        "estimate": row.estimate_micros,
    }
    return values[what]


def _documents(then: Iterable[ClosedDocument], now: Iterable[ClosedDocument]) -> Iterator[Change]:
    for old, new in _pairs(then, now, lambda row: (row.connector, row.invoice_id, row.currency)):
        one = new or old
        if one and (old is None or new is None or old.total_micros != new.total_micros):
            yield Change(
                what="document",
                connector=one.connector,
                account_id=one.account_id,
                key=one.number or one.invoice_id,
                says=one.kind,
                currency=one.currency,
                then_micros=old.total_micros if old else None,
                now_micros=new.total_micros if new else None,
            )


def _findings(then: Iterable[ClosedFinding], now: Iterable[ClosedFinding]) -> Iterator[Change]:
    for old, new in _pairs(then, now, lambda row: (row.connector, row.finding_id, row.currency)):
        one = new or old
        if one and (old is None or new is None or _money(old) != _money(new)):
            yield Change(
                what="finding",
                connector=one.connector,
                account_id=one.account_id,
                key=one.finding_id,
                says=one.check_id,
                currency=one.currency,
                then_micros=old.at_risk_micros if old else None,
                now_micros=new.at_risk_micros if new else None,
            )


def _money(row: ClosedFinding) -> tuple[int | None, int]:
    return row.diff_micros, row.at_risk_micros


def _pairs(
    then: Iterable[Row], now: Iterable[Row], key: Callable[[Row], tuple[str, ...]]
) -> Iterator[tuple[Row | None, Row | None]]:
    """The rows of one key, side by side, in the order of the keys."""
    before = {key(row): row for row in then}
    after = {key(row): row for row in now}
    for name in sorted({*before, *after}):
        yield before.get(name), after.get(name)
