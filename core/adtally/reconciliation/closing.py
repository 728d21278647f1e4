"""Closed months: a snapshot of what was known and said on the day of closing, kept for good."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from ..calendar import from_ordinal, instant_text, month_name
from ..errors import ConfigError
from ..ledger import Connection, Ledger
from . import sql_closing
from .accruals import accruals
from .checks.bill import distinct
from .closed_facts import (
    ClosedAmounts,
    ClosedDocument,
    ClosedFinding,
    ClosedVerdicts,
    Closing,
    Lack,
)
from .facts import Facts
from .reading import bounds
from .result import Finding, Month
from .verdicts import Outcome, Verdict

Row = TypeVar("Row", bound=Struct)
TOTAL, CHARGE = "invoice-total-vs-delivered", "expected-charge-vs-billed"


def refuse_running(month: date, today: date) -> None:
    """Raise ConfigError for a month that is not over; ``month`` is its last day."""
    if month >= today:
        name = month_name(month)
        raise ConfigError(
            f"{name} is not over: it ends on {month}; run adtally close --month {name} after that"
        )


def snapshot(conn: Connection, month: Month, now: datetime, version: str) -> Closing:
    """What is known and said of a judged month now; nothing is stored.

    Raises ConfigError where nothing is known of any account.
    """
    facts, outcomes = month.facts, month.outcomes
    name = month_name(month.month.last_day)
    if not facts.accounts:
        raise ConfigError(f"nothing is known of {name}: run adtally sync first")
    counts = Counter[tuple[str, Verdict]]((outcome.check_id, outcome.verdict) for outcome in outcomes)
    return Closing(
        closing_id=0,
        month=name,
        closed_at=now,
        version=version,
        warnings=tuple(_warnings(conn, facts, outcomes)),
        amounts=tuple(sorted(_amounts(facts, outcomes), key=_key)),
        verdicts=tuple(
            ClosedVerdicts(check_id=check_id, verdict=verdict, results=count)
            for (check_id, verdict), count in sorted(counts.items())
        ),
        findings=tuple(_finding(finding) for finding in month.findings),
        documents=tuple(_documents(conn, facts)),
    )


def store_closing(ledger: Ledger, closing: Closing) -> Closing:
    """Keep the closing beside all earlier ones; returns it with its number."""
    with ledger.transaction():
        conn = ledger.conn
        row = (
            closing.month,
            instant_text(closing.closed_at),
            closing.version,
            int(closing.complete),
            msgspec.json.encode(closing.warnings).decode(),
        )
        number = conn.execute(
            "INSERT INTO closings (month, closed_at, version, complete, warnings) VALUES (?, ?, ?, ?, ?)", row
        ).lastrowid
        closing = msgspec.structs.replace(closing, closing_id=number or 0)
        _write(conn, "closing_amounts", ClosedAmounts, closing.closing_id, closing.amounts)
        _write(conn, "closing_verdicts", ClosedVerdicts, closing.closing_id, closing.verdicts)
        _write(conn, "closing_findings", ClosedFinding, closing.closing_id, closing.findings)
        _write(conn, "closing_documents", ClosedDocument, closing.closing_id, closing.documents)
    return closing


def read_closing(conn: Connection, month: str) -> Closing | None:
    """The newest closing of the month; None if it was never closed."""
    row = conn.execute(sql_closing.NEWEST, (month,)).fetchone()
    if row is None:
        return None
    number, name, closed_at, version, warnings = row
    return Closing(
        closing_id=number,
        month=name,
        closed_at=datetime.fromisoformat(closed_at),
        version=version,
        warnings=msgspec.json.decode(warnings, type=tuple[Lack, ...]),
        amounts=_read(conn, "closing_amounts", ClosedAmounts, number),
        verdicts=_read(conn, "closing_verdicts", ClosedVerdicts, number),
        findings=_read(conn, "closing_findings", ClosedFinding, number),
        documents=_read(conn, "closing_documents", ClosedDocument, number),
    )


def _write(conn: Connection, table: str, kind: type[Row], closing_id: int, rows: Iterable[Row]) -> None:
    text = sql_closing.insert(table, kind.__struct_fields__)
    conn.executemany(text, [(closing_id, *msgspec.to_builtins(row).values()) for row in rows])


def _read(conn: Connection, table: str, kind: type[Row], closing_id: int) -> tuple[Row, ...]:
    names = kind.__struct_fields__
    rows = conn.execute(sql_closing.select(table, names), (closing_id,))
    return tuple(msgspec.convert(dict(zip(names, row, strict=True)), kind) for row in rows)


def _key(row: ClosedAmounts) -> tuple[str, str, str, str]:
    return row.connector, row.account_id, row.campaign_id, row.currency


def _amounts(facts: Facts, outcomes: Iterable[Outcome]) -> Iterator[ClosedAmounts]:
    charges = {o.subject: o.expected_micros for o in outcomes if o.check_id == CHARGE}
    residuals = {o.subject: o.residual_micros for o in outcomes if o.check_id == TOTAL}
    billed, expected = _bills(facts, residuals)
    estimates = {(one.connector, one.account_id, one.currency): one for one in accruals(facts.accounts)}
    for account in facts.accounts:
        estimate = estimates.get((account.connector, account.account_id, account.currency))
        bill = (account.platform, account.account_id, account.currency)
        yield ClosedAmounts(
            connector=account.connector,
            account_id=account.account_id,
            currency=account.currency,
            platform=account.platform,
            cost_micros=account.cost_micros,
            billed_micros=billed.get(bill),
            expected_micros=expected.get(bill),
            estimate_micros=estimate.estimate_micros if estimate else None,
        )
    for campaign in facts.campaigns:
        yield ClosedAmounts(
            connector=campaign.connector,
            account_id=campaign.account_id,
            campaign_id=campaign.campaign_id,
            currency=campaign.currency,
            platform=campaign.platform,
            cost_micros=campaign.counts.cost_micros,
            billed_micros=sum(line.amount_micros for line in campaign.lines) if campaign.lines else None,
            expected_micros=charges.get(campaign.subject),
        )


Sums: TypeAlias = dict[tuple[str, str, str], int | None]
"""By platform, account and currency."""


def _bills(facts: Facts, residuals: dict[str, int | None]) -> tuple[Sums, Sums]:
    """What the documents of single accounts bill, and what they should after the documented bridge.

    None where a bill is for several accounts together, and where its total could not be judged.
    """
    billed: Sums = {}
    expected: Sums = {}
    totals: defaultdict[tuple[str, str, str], list[tuple[int | None, int | None]]] = defaultdict(list)
    for group in facts.groups:
        documents = distinct(group.documents)
        accounts = {(one.platform, account, one.currency) for one in documents for account in one.accounts}
        total, residual = sum(one.total_micros for one in documents), residuals.get(group.subject)
        for account in accounts:
            whole = total if len(accounts) == 1 else None
            judged = None if whole is None or residual is None else whole - residual
            totals[account].append((whole, judged))
    for account, found in totals.items():
        for sums, values in ((billed, [one for one, _ in found]), (expected, [one for _, one in found])):
            sums[account] = None if None in values else sum(value or 0 for value in values)
    return billed, expected


def _finding(finding: Finding) -> ClosedFinding:
    names = ClosedFinding.__struct_fields__
    return ClosedFinding(**{name: getattr(finding, name) for name in names})


def _documents(conn: Connection, facts: Facts) -> Iterator[ClosedDocument]:
    days = {"first_text": facts.month.first_day.isoformat(), "last_text": facts.month.last_day.isoformat()}
    names = ClosedDocument.__struct_fields__
    for row in conn.execute(sql_closing.DOCUMENTS, days):
        yield msgspec.convert(dict(zip(names, row, strict=True)), ClosedDocument)


def _warnings(conn: Connection, facts: Facts, outcomes: Iterable[Outcome]) -> Iterator[Lack]:
    """What is not there, with what to do; then what may still change."""
    first = facts.month.first_day
    delivering = set(conn.execute(sql_closing.DELIVERING))
    for subject, account in {account.subject: account for account in facts.accounts}.items():
        days = account.coverage.missing_days
        if days and (account.connector, account.account_id) in delivering:
            sync = f"adtally sync {account.connector} --first-day {first}"
            yield Lack(kind="missing", says=f"{subject}: {days} days were not fetched; run {sync}")
    for connector, account_id, report, status, since, until in conn.execute(
        sql_closing.UNDONE, bounds(facts.month)
    ):
        does = {"waiting": "is still being made by the platform", "denied": "was denied"}
        span = f"{from_ordinal(since)} to {from_ordinal(until)}"
        says = (
            f"{connector}/{account_id}: {report} of {span} {does.get(status, 'failed')}; see adtally status"
        )
        yield Lack(kind=status, says=says)
    pending = Counter(outcome.check_id for outcome in outcomes if outcome.verdict == "pending")
    for check_id, count in sorted(pending.items()):
        yield Lack(kind="pending", says=f"{check_id}: {count} results may still change")
