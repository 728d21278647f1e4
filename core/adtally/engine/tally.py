"""What happened so far in a run: counted, told to whoever watches, and how far one failure reaches."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from ..calendar import instant_text
from ..errors import AdtallyError, AuthError, DeadlineError, DeniedError, NotReady, QuotaError, TransientError
from .plan import Planned
from .summary import Failure, Progress, Run, UnitEnd

log = logging.getLogger(__name__)

UNITS_IN_A_ROW = 5
"""A platform that fails so many units in a row, each after several tries, is down: the rest can wait."""


class Tally:
    """Touched only by who holds the baton."""

    def __init__(self, run: Run, progress: Progress) -> None:
        self.run, self.progress = run, progress
        self._closed: set[tuple[str, str]] = set()
        self._answered: set[str] = set()
        self._left: dict[str, int] = {}
        self._late: dict[str, int] = {}
        """Units left behind."""
        self._in_a_row: defaultdict[str, int] = defaultdict(int)

    def started(self, connector: str, accounts: int, units: int) -> None:
        """The connector has so many accounts and units to go through."""
        self.run.planned += units
        self._left[connector] = units
        self.progress.started(connector, accounts, units)
        if not units:
            self.progress.finished(connector)

    def is_closed(self, connector: str, account_id: str) -> bool:
        """Whether asking on would be in vain: credentials or a quota are gone, or the platform is down."""
        return not self._closed.isdisjoint({(connector, ""), (connector, account_id)})

    def answers(self, connector: str) -> None:
        """The platform answered: it is up, and the credentials are good."""
        self._answered.add(connector)
        self._in_a_row[connector] = 0

    def ended(self, end: UnitEnd, changed: Mapping[str, int]) -> None:
        """One unit is through, however it went; ``changed`` rows of each table were written."""
        units = self.run.units
        match end.status:
            case "done":
                units.done += 1
            case "failed" | "denied" | "waiting":
                units.failed += 1
            case "not_offered" | "skipped":
                units.skipped += 1
        if end.status == "skipped" and not end.error and end.connector in self._late:
            self._late[end.connector] += 1
        for table, rows in changed.items():
            self.run.rows[table] = self.run.rows.get(table, 0) + rows
        self.progress.unit_ended(end)
        log.info(
            "%s %s %s %s..%s: %s, %d rows, %.1f s",
            *(end.connector, end.account_id, end.report, end.first_day, end.last_day),
            *(end.status, end.rows, end.seconds),
        )
        self._left[end.connector] -= 1
        if not self._left[end.connector]:
            self.progress.finished(end.connector)

    def fail(
        self,
        connector: str,
        error: AdtallyError,
        now: datetime,
        account_id: str = "",
        planned: Planned | None = None,
    ) -> str:
        """Note what did not come; returns it in words, with the time from which on it may."""
        if isinstance(error, DeadlineError):
            self.late(connector, has_begun=planned is not None)
            return str(error)
        failed = failure(connector, error, now, account_id, planned)
        self.run.failures.append(failed)
        if planned is None:
            self.progress.failed(failed)
        log.warning("%s %s %s: %s", connector, account_id, failed.report, failed.message)
        if isinstance(error, QuotaError) and error.of_account and account_id:
            self._closed.add((connector, account_id))  # no sign of a platform that is down
            self._answered.add(connector)
            return failed.message
        if isinstance(error, NotReady):
            self._answered.add(connector)  # it works on it
            return failed.message
        if isinstance(error, TransientError):
            self._in_a_row[connector] += 1
        if _ends_connector(error) or self._in_a_row[connector] >= UNITS_IN_A_ROW:
            self._closed.add((connector, ""))
        elif planned:
            self._answered.add(connector)
        return failed.message

    def late(self, connector: str, *, has_begun: bool) -> None:
        """The run's time is up: whatever the connector has left stays for the next one."""
        self._late.setdefault(connector, 0)
        self._closed.add((connector, ""))
        if has_begun:
            self._answered.add(connector)

    def tell(self, note: str) -> None:
        """Note what was left out on purpose, once."""
        if note not in self.run.notes:
            self.run.notes.append(note)

    def close(self, connectors: Iterable[str]) -> None:
        """Sum up at the end: what the deadline left behind, and who got started at all."""
        for connector, units in self._late.items():
            late = f"the deadline came first, {_left(units)}"
            self.run.failures.append(
                Failure(
                    connector=connector,
                    error=DeadlineError.__name__,
                    message=f"{late}; what came is stored, the next sync goes on there",
                    retry=f"adtally sync {connector}",
                )
            )
            log.warning("%s: %s", connector, late)
        failed = {failure.connector for failure in self.run.failures}
        self.run.started = sum(name in self._answered or name not in failed for name in connectors)


def failure(
    connector: str, error: AdtallyError, now: datetime, account_id: str = "", planned: Planned | None = None
) -> Failure:
    """The failure of a unit, or of a whole account or connector, with the command to run again."""
    window = planned.window if planned and planned.report.cadence != "file" else None
    again = None
    if isinstance(error, QuotaError) and error.retry_after:
        again = instant_text(now + timedelta(seconds=error.retry_after))
    return Failure(
        connector=connector,
        account_id=account_id,
        report=planned.report.name if planned else "",
        first_day=window.first_day if window else None,
        last_day=window.last_day if window else None,
        error=type(error).__name__,
        message=f"{error}; not before {again}" if again else str(error),
        retry=f"adtally sync {connector}" + (f" --account {account_id}" if account_id else ""),
        not_before=again,
    )


def _left(units: int) -> str:
    if not units:
        return "its accounts are not even listed"
    return "1 unit is left" if units == 1 else f"{units:,} units are left"


def _ends_connector(error: AdtallyError) -> bool:
    """Whether credentials or a quota are gone: whatever else the connector asked would fail alike."""
    return isinstance(error, AuthError | QuotaError) and not isinstance(error, DeniedError)
