"""One month from the ledger to its verdicts, and nothing of it twice while nothing changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from ..calendar import Window, instant_text, month_name, months
from ..ledger import Ledger
from ..settings import Agreement
from .findings import as_findings, merged, read_findings, sorted_findings, store
from .gather import gather
from .judge import judge
from .mapping import Mapped
from .result import Detail, Month, Support
from .rules import Rules
from .stamp import stamp
from .support import support

_READ = "SELECT detail, support, judged_at FROM judged_months WHERE month = ? AND stamp = ?"
_WRITE = """
INSERT OR REPLACE INTO judged_months (month, stamp, judged_at, detail, support) VALUES (?, ?, ?, ?, ?)
"""
_SEEN_AGAIN = "UPDATE findings SET last_seen = ? WHERE month = ? AND last_seen = ? AND state <> 'resolved'"


@dataclass(frozen=True, slots=True)
class Judging:
    """What the user told about judging, and when it is done."""

    agreements: Sequence[Agreement]
    mapping: Sequence[Mapped]
    rules: Rules
    now: datetime

    def month(self, ledger: Ledger, month: Window, *, keep: bool, as_of: date | None = None) -> Month:
        """The verdicts of a calendar month, from the ledger's memory where nothing changed since.

        With ``keep`` they and the findings are stored; only whole months as they are known now can be.
        Other days, and what was believed when the day ``as_of`` ended, are judged anew.
        """
        if as_of is not None or list(months(month)) != [month]:
            return self._anew(ledger, month, as_of)
        name = month_name(month.last_day)
        digest = stamp(ledger.conn, month, self.now.date(), self.rules, self.agreements, self.mapping)
        row = ledger.conn.execute(_READ, (name, digest)).fetchone()
        if row is not None:
            return self._again(ledger, month, *row, keep=keep)
        detail = self._detail(ledger, month, None)
        packed, backed = detail.packed(), support(detail.facts.campaigns)
        if not keep:
            found = merged(ledger.conn, name, detail.outcomes, self.now)
            return Month(month=month, detail=packed, findings=tuple(found), support=backed)
        with ledger.transaction():
            found = store(ledger.conn, name, detail.outcomes, self.now)
            row = (name, digest, instant_text(self.now), packed, msgspec.msgpack.encode(backed))
            ledger.conn.execute(_WRITE, row)
        return Month(month=month, detail=packed, findings=tuple(found), support=backed)

    def _anew(self, ledger: Ledger, month: Window, as_of: date | None) -> Month:
        detail = self._detail(ledger, month, as_of)
        if list(months(month)) == [month]:
            found = merged(ledger.conn, month_name(month.last_day), detail.outcomes, self.now)
        else:
            found = sorted_findings(as_findings(detail.outcomes, self.now))
        backed = support(detail.facts.campaigns)
        return Month(month=month, detail=detail.packed(), findings=tuple(found), support=backed)

    def _again(
        self, ledger: Ledger, month: Window, detail: bytes, backed: bytes, judged_at: str, *, keep: bool
    ) -> Month:
        """What was said before: the findings with the states that they have now, seen once more."""
        name, seen = month_name(month.last_day), datetime.fromisoformat(judged_at)
        found = [
            replace(finding, last_seen=self.now)
            for finding in read_findings(ledger.conn, name)
            if finding.state != "resolved" and finding.last_seen == seen
        ]
        if keep and seen != self.now:
            now = instant_text(self.now)
            with ledger.transaction():
                ledger.conn.execute(_SEEN_AGAIN, (now, name, judged_at))
                ledger.conn.execute("UPDATE judged_months SET judged_at = ? WHERE month = ?", (now, name))
        told = msgspec.msgpack.decode(backed, type=tuple[Support, ...])
        return Month(month=month, detail=detail, findings=tuple(found), support=told)

    def _detail(self, ledger: Ledger, month: Window, as_of: date | None) -> Detail:
        today = self.now.date()
        facts = gather(ledger, self.agreements, month, today, mapping=self.mapping, as_of=as_of)
        return Detail(facts=facts, outcomes=tuple(judge(facts, self.rules)))


def narrowed(month: Month, check: str | None, connector: str | None) -> Month:
    """Only what one check, or one connector's accounts, have to do with it."""
    if check is None and connector is None:
        return month
    facts = month.facts
    outcomes = tuple(
        o for o in month.outcomes if check in (None, o.check_id) and connector in (None, o.connector)
    )
    return Month(
        month=month.month,
        detail=Detail(facts=facts, outcomes=outcomes).packed(),
        findings=tuple(
            f for f in month.findings if check in (None, f.check_id) and connector in (None, f.connector)
        ),
        support=support(c for c in facts.campaigns if connector in (None, c.connector)),
    )
