"""Findings over time: one question about one subject and month is one finding, run after run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from ..calendar import instant_text, month_name
from ..errors import ConfigError
from ..ledger import Connection, Ledger
from ..ledger.tables import StateTable
from .result import Finding, State
from .verdicts import Outcome

_TABLE = StateTable(
    "findings", ("finding_id",), tuple(name for name in Finding.__struct_fields__ if name != "finding_id")
)
_SEVERITY = ("critical", "high", "medium", "low", "info")
_ASKS = ("claim", "ask", "waste", "info")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a finding."""

    at: datetime
    action: str
    note: str
    amount_micros: int | None


def finding_id(check_id: str, subject: str, month: str) -> str:
    digest = hashlib.sha256("\n".join((check_id, subject, month)).encode()).hexdigest()
    return f"F-{digest[:5]}-{digest[5:10]}"


def as_findings(outcomes: Iterable[Outcome], now: datetime) -> list[Finding]:
    """The findings among the outcomes, as new ones."""
    return [_finding(outcome, now) for outcome in outcomes if outcome.verdict == "finding"]


def store(conn: Connection, month: str, outcomes: Sequence[Outcome], now: datetime) -> list[Finding]:
    """Keep the verdicts of one month and bring its findings up to date; returns the month's open story.

    A known finding keeps its id, its state and its first day. One that was closed or resolved and comes with
    another amount is open again. One whose question was judged anew and is gone is resolved; where it could
    not be judged, it stays as it was. To be called inside a transaction.
    """
    _store_verdicts(conn, month, outcomes, now)
    known = {finding.finding_id: finding for finding in read_findings(conn, month)}
    current = [_aged(finding, known.get(finding.finding_id)) for finding in as_findings(outcomes, now)]
    for finding in current:
        old = known.pop(finding.finding_id, None)
        action = _action(old, finding)
        if action:
            _event(conn, finding, action, "", now)
        _write(conn, finding)
    undecided = {
        (outcome.check_id, outcome.subject)
        for outcome in outcomes
        if outcome.verdict in ("pending", "not_checkable")
    }
    for gone in known.values():
        if gone.state != "resolved" and (gone.check_id, gone.subject) not in undecided:
            resolved = msgspec.structs.replace(gone, state="resolved", last_seen=now)
            _event(conn, resolved, "resolved", "", now)
            _write(conn, resolved)
    return sorted_findings(current)


def merged(conn: Connection, month: str, outcomes: Sequence[Outcome], now: datetime) -> list[Finding]:
    """The month's findings with the states that the ledger knows, and nothing stored."""
    known = {finding.finding_id: finding for finding in read_findings(conn, month)}
    return sorted_findings(
        [_aged(finding, known.get(finding.finding_id)) for finding in as_findings(outcomes, now)]
    )


def sorted_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Claims first; then by currency, the largest money first."""
    return sorted(
        findings,
        key=lambda f: (
            _ASKS.index(f.asks),
            f.currency,
            -f.at_risk_micros,
            _SEVERITY.index(f.severity),
            f.finding_id,
        ),
    )


def read_findings(conn: Connection, month: str | None = None) -> list[Finding]:
    """The stored findings, of one month or of all."""
    columns = ", ".join((*_TABLE.key, *_TABLE.values))
    where = "WHERE month = ?" if month else ""
    rows = conn.execute(f"SELECT {columns} FROM findings {where}", (month,) if month else ())
    return sorted_findings(_from_row(row) for row in rows)


def find(conn: Connection, text: str) -> Finding:
    """The finding whose id begins with the text. Raises ConfigError when there is none, or more than one."""
    matches = [finding for finding in read_findings(conn) if finding.finding_id.startswith(text)]
    if len(matches) != 1:
        what = "no finding has" if not matches else f"{len(matches)} findings have"
        raise ConfigError(f"{what} an id that begins with {text!r}: see adtally findings list")
    return matches[0]


def work(
    ledger: Ledger, text: str, action: Literal["acknowledged", "closed"], note: str, now: datetime
) -> Finding:
    """Acknowledge or close a finding with a note; returns it as it is now."""
    with ledger.transaction():
        finding = msgspec.structs.replace(find(ledger.conn, text), state=action)
        _event(ledger.conn, finding, action, note, now)
        _write(ledger.conn, finding)
    return finding


def read_events(conn: Connection, finding: str) -> list[Event]:
    """What happened to a finding, newest first."""
    rows = conn.execute(
        "SELECT at, action, note, amount_micros FROM finding_events WHERE finding_id = ? ORDER BY event DESC",
        (finding,),
    )
    return [
        Event(at=datetime.fromisoformat(at), action=action, note=note, amount_micros=amount)
        for at, action, note, amount in rows
    ]


def _finding(outcome: Outcome, now: datetime) -> Finding:
    own = {name: getattr(outcome, name) for name in Finding.__struct_fields__ if hasattr(outcome, name)}
    month = month_name(outcome.window.last_day)
    return Finding(
        **own,
        finding_id=finding_id(outcome.check_id, outcome.subject, month),
        month=month,
        first_day=outcome.window.first_day,
        last_day=outcome.window.last_day,
        evidence=outcome.proof,
        first_seen=now,
        last_seen=now,
    )


def _aged(finding: Finding, old: Finding | None) -> Finding:
    """The finding with the past of its earlier self."""
    if old is None:
        return finding
    state: State = old.state
    if state == "resolved" or (state == "closed" and old.diff_micros != finding.diff_micros):
        state = "open"
    return msgspec.structs.replace(finding, state=state, first_seen=old.first_seen)


def _action(old: Finding | None, new: Finding) -> str:
    if old is None:
        return "found"
    if old.state in ("closed", "resolved") and new.state == "open":
        return "reopened"
    same = (old.diff_micros, old.at_risk_micros) == (new.diff_micros, new.at_risk_micros)
    return "" if same else "changed"


def _event(conn: Connection, finding: Finding, action: str, note: str, now: datetime) -> None:
    if action == "found":
        _write(conn, finding)
    conn.execute(
        "INSERT INTO finding_events (finding_id, at, action, note, amount_micros) VALUES (?, ?, ?, ?, ?)",
        (finding.finding_id, instant_text(now), action, note, finding.at_risk_micros),
    )


def _write(conn: Connection, finding: Finding) -> None:
    values = msgspec.structs.asdict(finding)
    values["evidence"] = msgspec.json.encode(finding.evidence).decode()
    values["figures"] = msgspec.json.encode(finding.figures).decode()
    values["flags"] = " ".join(finding.flags)
    for name in ("first_day", "last_day"):
        values[name] = values[name].isoformat()
    for name in ("first_seen", "last_seen"):
        values[name] = instant_text(values[name])
    conn.execute(_TABLE.upsert(), [values[name] for name in (*_TABLE.key, *_TABLE.values)])


def _from_row(row: Sequence[object]) -> Finding:
    values = dict(zip((*_TABLE.key, *_TABLE.values), row, strict=True))
    for name in ("evidence", "figures"):
        values[name] = msgspec.json.decode(str(values[name]))
    values["flags"] = str(values["flags"]).split()
    return msgspec.convert(values, Finding)


def _store_verdicts(conn: Connection, month: str, outcomes: Sequence[Outcome], now: datetime) -> None:
    table = StateTable(
        "verdicts", ("check_id", "subject", "month"), ("verdict", "flags", "input_hash", "judged_at")
    )
    known = {
        (check_id, subject): (verdict, flags, digest)
        for check_id, subject, verdict, flags, digest in conn.execute(
            "SELECT check_id, subject, verdict, flags, input_hash FROM verdicts WHERE month = ?", (month,)
        )
    }
    for outcome in outcomes:
        digest = hashlib.sha256(msgspec.json.encode(outcome)).hexdigest()[:16]
        row = (outcome.verdict, " ".join(outcome.flags), digest)
        if known.pop((outcome.check_id, outcome.subject), None) != row:
            conn.execute(table.upsert(), (outcome.check_id, outcome.subject, month, *row, instant_text(now)))
    gone = [(check_id, subject, month) for check_id, subject in known]
    conn.executemany("DELETE FROM verdicts WHERE check_id = ? AND subject = ? AND month = ?", gone)
