"""A sync: find the accounts, plan their units, and fetch them side by side under one baton."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version

from ..baton import Baton
from ..connector import Report
from ..errors import AdtallyError, ConfigError, DeniedError, LedgerError, NotOffered, TransientError
from ..ledger import Ledger
from ..ledger.keys import Feed, Keys
from ..ledger.units import Attempt, finish_run, record_failure, start_run
from ..records import Account
from ..registry import Configured
from .failures import ends_connector, failure, told
from .jobs import Job, Owners, Wishes, plan_job, stored_file_accounts
from .plan import Planned
from .summary import Progress, Run
from .unit import Desk, fetch_unit
from .workers import side_by_side

log = logging.getLogger(__name__)

REFUSALS: dict[type[AdtallyError], str] = {DeniedError: "denied", NotOffered: "not_offered"}
UNITS_IN_A_ROW = 5
"""A platform that fails so many units in a row, each after several tries, is down: the rest can wait."""


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
    ) -> None:
        self.ledger, self.wishes, self.clock, self.progress = ledger, wishes, clock, progress
        self.baton = baton
        self.run = Run(run_id=run_id)
        self.keys = Keys(ledger.conn)
        self._seen: dict[str, list[Account]] = {}
        self._closed: set[str] = set()
        self._answered: set[str] = set()
        self._left: dict[str, int] = {}
        self._in_a_row: defaultdict[str, int] = defaultdict(int)

    def go(self, connectors: Sequence[Configured]) -> Run:
        """Sync these connectors.

        Raises LedgerError when the file can no longer be written, and ConfigError for a wanted account that
        no connector sees.
        """
        began = time.monotonic()
        for configured in connectors:
            http = configured.connector.http
            http.baton = self.baton
            http.sleep = self._sleeper(configured.name)
        workers = self.wishes.workers
        side_by_side([partial(self._discover, each) for each in connectors], workers, self.baton)
        jobs = self._jobs(connectors)
        self.run.planned = sum(len(job.units) for job in jobs)
        if not self.wishes.dry_run:
            side_by_side([partial(self._account, job) for job in jobs], workers, self.baton)
        failed = {failure.connector for failure in self.run.failures}
        self.run.started = sum(each.name in self._answered or each.name not in failed for each in connectors)
        self.run.requests = sum(configured.connector.http.requests for configured in connectors)
        self.run.seconds = round(time.monotonic() - began, 3)
        return self.run

    def _discover(self, configured: Configured) -> None:
        try:
            found = {account.id: account for account in configured.connector.accounts()}
        except Exception as error:  # noqa: BLE001 - a connector's bug must not stop the others
            self._fail(configured.name, told(error))
        else:
            self._seen[configured.name] = [found[id_] for id_ in sorted(found)]

    def _jobs(self, connectors: Sequence[Configured]) -> list[Job]:
        """One job an account, the connectors taking turns."""
        self._check_wanted(connectors)
        by_name = {configured.name: configured for configured in connectors}
        owners = Owners(self.ledger.conn)
        jobs = list[list[Job]]()
        for name in self.wishes.configured or by_name:
            if name not in self._seen:
                owners.stored(name)
                continue
            own = self._jobs_of(by_name[name], owners)
            jobs.append(own)
            self._left[name] = len(own)
            self.progress.started(name, len(own), sum(len(job.units) for job in own))
            if not own:
                self.progress.finished(name)
        longest = max(map(len, jobs), default=0)
        return [own[n] for n in range(longest) for own in jobs if n < len(own)]

    def _jobs_of(self, configured: Configured, owners: Owners) -> list[Job]:
        jobs = list[Job]()
        seen = {account.id: account for account in self._seen[configured.name]}
        for missing in sorted(set(configured.accounts) - seen.keys()):
            error = DeniedError(f"account {missing} is not visible to these credentials")
            self._fail(configured.name, error, missing)
        stored = {a.id: a for a in stored_file_accounts(self.ledger.conn, configured.name)}
        for account in (stored | seen).values():
            if not all(
                account.id in wanted for wanted in (configured.accounts, self.wishes.accounts) if wanted
            ):
                continue
            try:
                reports = self._reports(configured, account, owners)
                if reports:
                    now = self.clock()
                    jobs.append(plan_job(self.ledger, configured, account, reports, self.wishes, now))
            except LedgerError:
                raise
            except Exception as error:  # noqa: BLE001 - a connector's bug must not stop the others
                self._fail(configured.name, told(error), account.id)
        return jobs

    def _check_wanted(self, connectors: Sequence[Configured]) -> None:
        """A mistyped account must not look like a sync that had nothing to do."""
        if len(self._seen) < len(connectors):
            return
        visible = {account.id for accounts in self._seen.values() for account in accounts}
        missing = [account for account in self.wishes.accounts if account not in visible]
        if missing:
            raise ConfigError(
                f"no connector sees account {', '.join(missing)}: adtally check lists the visible ones"
            )

    def _reports(self, configured: Configured, account: Account, owners: Owners) -> list[Report]:
        kept = list[Report]()
        for report in configured.connector.reports():
            if report.cadence == "daily" and report.grain not in configured.grains:
                continue
            owner = owners.claim(configured, account, report)
            if owner == configured.name:
                kept.append(report)
            else:
                self._tell(f"{configured.name}/{account.id}: synced by {owner}")
        return kept

    def _tell(self, note: str) -> None:
        if note not in self.run.notes:
            self.run.notes.append(note)

    def _account(self, job: Job) -> None:
        """Fetch the units of one account; what the platform refuses for good is not asked for again now."""
        name = job.configured.name
        entities = self.keys.entities(job.units[0][0].account_key) if job.units else {}
        desk = Desk(
            self.ledger, self.keys, job.configured.connector, entities, job.today, self.run.run_id, self.clock
        )
        refused = dict[str, DeniedError | NotOffered]()
        for feed, planned, remembered in job.units:
            refusal = refused.get(planned.report.name)
            if name in self._closed or refusal:
                self.run.units.skipped += 1
                if refusal:
                    self._note(feed, planned, refusal, self.clock())
            elif refusal := self._unit(desk, feed, planned, remembered):
                refused[planned.report.name] = refusal
        self._left[name] -= 1
        if not self._left[name]:
            self.progress.finished(name)

    def _unit(
        self, desk: Desk, feed: Feed, planned: Planned, remembered: dict[str, str]
    ) -> DeniedError | NotOffered | None:
        """Fetch one unit and note how it went; returns a refusal that holds for the whole report."""
        name, account, report = feed.connector, feed.account.id, planned.report.name
        started, began = self.clock(), time.monotonic()
        try:
            changed = fetch_unit(desk, feed, planned, remembered)
        except LedgerError:
            raise
        except NotOffered as error:
            self.run.units.skipped += 1
            self._note(feed, planned, error, started)
            self._tell(f"{name}/{account}: {error.message}")
            self._answered.add(name)
            return error
        except Exception as error:  # noqa: BLE001 - a connector's bug must not stop the others
            known = told(error)
            self.run.units.failed += 1
            self._note(feed, planned, known, started)
            self._fail(name, known, account, planned)
            return known if isinstance(known, DeniedError) else None
        self._answered.add(name)
        self._in_a_row[name] = 0
        rows = sum(changed.values())
        self.run.units.done += 1
        self.run.rows = {
            table: self.run.rows.get(table, 0) + changed.get(table, 0) for table in self.run.rows | changed
        }
        self.progress.unit_done(name, account, report, rows)
        seconds = time.monotonic() - began
        log.info("%s %s %s %s: %d rows, %.1f s", name, report, account, planned.window, rows, seconds)
        return None

    def _note(self, feed: Feed, planned: Planned, error: AdtallyError, started: datetime) -> None:
        status = next((status for kind, status in REFUSALS.items() if isinstance(error, kind)), "failed")
        attempt = Attempt(
            feed.feed, planned.cell, planned.window, self.run.run_id, started, ended=self.clock()
        )
        with self.ledger.transaction():
            record_failure(self.ledger.conn, attempt, status, str(error))

    def _fail(
        self, connector: str, error: AdtallyError, account_id: str = "", planned: Planned | None = None
    ) -> None:
        failed = failure(connector, error, account_id, planned)
        self.run.failures.append(failed)
        self.progress.unit_failed(connector, failed.message)
        log.warning("%s %s %s: %s", connector, account_id, failed.report, failed.message)
        if isinstance(error, TransientError):
            self._in_a_row[connector] += 1
        if ends_connector(error) or self._in_a_row[connector] >= UNITS_IN_A_ROW:
            self._closed.add(connector)
        elif planned:
            self._answered.add(connector)

    def _sleeper(self, connector: str) -> Callable[[float], None]:
        def sleep(seconds: float) -> None:
            self.progress.waiting(connector, seconds)
            self.baton.pause(seconds)

        return sleep


def run_sync(
    ledger: Ledger,
    connectors: Sequence[Configured],
    wishes: Wishes,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: Progress | None = None,
    baton: Baton | None = None,
    run_id: str,
) -> Run:
    """Sync under the ledger's lock and note the run; ``baton`` says how workers take turns and wait.

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
