"""A sync: find the accounts, plan their units, and fetch them side by side under one baton."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version

from ..baton import Baton
from ..errors import (
    AdtallyError,
    ContractError,
    DeadlineError,
    DeniedError,
    LedgerError,
    NotOffered,
    NotReady,
)
from ..exchange import redactor_of
from ..ledger import Ledger
from ..ledger.keys import Keys
from ..ledger.units import Attempt, finish_run, record_failure, start_run
from ..pace import Pace
from ..redaction import Redactor
from ..registry import Configured
from .discovery import Seen, discover, plan_jobs
from .failures import told
from .jobs import Job, Wishes
from .plan import Planned
from .queue import Line, Queue
from .summary import Progress, Run, UnitEnd, UnitStatus
from .tally import Tally
from .unit import Desk, fetch_unit
from .workers import Crew, Tasks

TOLD_AS: dict[type[AdtallyError], UnitStatus] = {
    DeniedError: "denied",
    NotOffered: "not_offered",
    NotReady: "waiting",
}


class Sync:
    """The state of one run, shared by its workers; touched only by who holds the baton."""

    def __init__(
        self,
        ledger: Ledger,
        wishes: Wishes,
        *,
        clock: Callable[[], datetime],
        progress: Progress,
        baton: Baton,
        run_id: str,
        keep_raw: bool,
    ) -> None:
        self.ledger, self.wishes, self.clock, self.progress = ledger, wishes, clock, progress
        self.baton = baton
        self.run = Run(run_id=run_id)
        self.tally = Tally(self.run, progress)
        self.keys = Keys(ledger.conn)
        self._ends = math.inf
        self._desks: dict[int, Desk] = {}
        self._redactors: dict[str, Redactor] = {}
        self._keep_raw = keep_raw

    def go(self, connectors: Sequence[Configured]) -> Run:
        """Sync these connectors.

        Raises LedgerError when the file can no longer be written, and ConfigError for a wanted account that
        no connector sees.
        """
        began = time.monotonic()
        self._ends = math.inf if self.wishes.seconds is None else began + self.wishes.seconds
        self._prepare(connectors)
        seen: Seen = {}
        asking = Tasks(partial(discover, each, seen, self.tally, self.clock) for each in connectors)
        Crew(asking, self.wishes.workers, self.baton).run()
        jobs = plan_jobs(self.ledger, connectors, seen, self.wishes, self.tally, self.clock)
        if not self.wishes.dry_run:
            crew = Crew(Queue(jobs, self._unit, self.baton), self.wishes.workers, self.baton)
            for configured in connectors:
                configured.connector.http.rest = crew.rest
            crew.run()
        self.tally.close(configured.name for configured in connectors)
        self.run.requests = sum(configured.connector.http.requests for configured in connectors)
        self.run.seconds = round(time.monotonic() - began, 3)
        return self.run

    def _prepare(self, connectors: Sequence[Configured]) -> None:
        """Let all connectors wait in our way, and those with the same credentials keep one pace."""
        paces: dict[object, Pace] = {}
        for configured in connectors:
            http = configured.connector.http
            http.baton, http.ends = self.baton, self._ends
            http.sleep = partial(self._sleep, configured.name)
            http.pace = paces.setdefault(configured.connector.credentials(), http.pace)

    def _sleep(self, connector: str, seconds: float) -> None:
        self.progress.waiting(connector, seconds)
        self.baton.pause(seconds)

    def _desk(self, job: Job) -> Desk:
        """What the account's units share; there as long as units of it wait."""
        key = job.account_key
        if key not in self._desks:
            self._desks[key] = Desk(
                self.ledger,
                self.keys,
                job.configured.connector,
                self.keys.entities(key),
                job.today,
                self.run.run_id,
                self.clock,
                self._redactor(job.configured),
            )
        desk = self._desks[key]
        job.left -= 1
        if not job.left:
            del self._desks[key]
        return desk

    def _redactor(self, configured: Configured) -> Redactor | None:
        """What cleans the connector's answers, one for all its accounts; None where none are kept."""
        if not self._keep_raw or configured.connector.answers_name_people:
            return None
        if configured.name not in self._redactors:
            self._redactors[configured.name] = redactor_of(configured.connector)
        return self._redactors[configured.name]

    def _unit(self, line: Line, planned: Planned, remembered: dict[str, str]) -> AdtallyError | None:
        """Fetch one unit and tell how it went; returns a refusal that holds for the whole report."""
        began = time.monotonic()
        status, changed, error = self._outcome(line, planned, remembered)
        end = UnitEnd(
            run_id=self.run.run_id,
            connector=line.feed.connector,
            account_id=line.feed.account.id,
            report=planned.report.name,
            first_day=planned.window.first_day,
            last_day=planned.window.last_day,
            status=status,
            rows=sum(changed.values()),
            seconds=round(time.monotonic() - began, 3),
            error=str(error) if error else "",
        )
        self.tally.ended(end, changed)
        return error if isinstance(error, DeniedError | NotOffered) else None

    def _outcome(
        self, line: Line, planned: Planned, remembered: dict[str, str]
    ) -> tuple[UnitStatus, dict[str, int], AdtallyError | None]:
        """How the unit went, what it changed, and why it did not come; the ledger knows that, too."""
        name, account, started = line.feed.connector, line.feed.account.id, self.clock()
        desk = self._desk(line.job)
        if line.refusal:
            self._note(line, planned, str(line.refusal), line.refusal, started)
            return "skipped", {}, line.refusal
        if time.monotonic() >= self._ends:
            self.tally.late(name, has_begun=True)
        if self.tally.is_closed(name, account):
            return "skipped", {}, None
        try:
            changed = fetch_unit(desk, line.feed, planned, remembered)
        except LedgerError:
            raise
        except DeadlineError:
            self.tally.late(name, has_begun=True)
            return "skipped", {}, None
        except NotOffered as refusal:
            self._note(line, planned, str(refusal), refusal, started)
            self.tally.tell(f"{name}/{account}: {refusal.message}")
            self.tally.answers(name)
            return "not_offered", {}, refusal
        except Exception as reason:  # noqa: BLE001 - a connector's bug must not stop the others
            error = told(reason)
            message = self.tally.fail(name, error, self.clock(), account, planned)
            return self._note(line, planned, message, error, started), {}, error
        self.tally.answers(name)
        return "done", changed, None

    def _note(
        self, line: Line, planned: Planned, message: str, error: AdtallyError, started: datetime
    ) -> UnitStatus:
        """Keep in the ledger why a unit did not come; what came before stays."""
        status: UnitStatus = "failed"
        for kind, refused in TOLD_AS.items():
            if isinstance(error, kind):
                status = refused
        feed = line.feed.feed
        attempt = Attempt(feed, planned.cell, planned.window, self.run.run_id, started, ended=self.clock())
        with self.ledger.transaction():
            forget = isinstance(error, ContractError)
            record_failure(self.ledger.conn, attempt, status, message, forget=forget)
        return status


def run_sync(
    ledger: Ledger,
    connectors: Sequence[Configured],
    wishes: Wishes,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: Progress | None = None,
    baton: Baton | None = None,
    run_id: str,
    keep_raw: bool = False,
) -> Run:
    """Sync under the ledger's lock and note the run; ``baton`` says how workers take turns and wait.

    With ``keep_raw`` the answers that the platforms give are kept with the rows, without secrets.
    Raises LedgerError when another sync holds the lock.
    """
    with ledger.sync_lock():
        sync = Sync(
            ledger,
            wishes,
            clock=clock,
            progress=progress or Progress(),
            baton=baton or Baton(),
            run_id=run_id,
            keep_raw=keep_raw,
        )
        if wishes.dry_run:
            return sync.go(connectors)
        with ledger.transaction():
            start_run(ledger.conn, run_id, "sync", clock(), version("adtally"))
        status = "interrupted"
        try:
            run = sync.go(connectors)
            status = "partial" if run.failures else "done"
        except Exception:
            status = "failed"
            raise
        finally:
            with ledger.transaction():
                finish_run(ledger.conn, run_id, status, clock())
        return run
