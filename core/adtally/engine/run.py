"""A sync: find the accounts, plan their units, and fetch them side by side under one baton."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from importlib.metadata import version
from queue import Empty, SimpleQueue

from ..baton import Baton, Stopped
from ..calendar import local_day
from ..connector import Report
from ..errors import AdtallyError, AuthError, DeniedError, LedgerError, NotOffered, QuotaError
from ..ledger import Ledger
from ..ledger.keys import Feed, Keys, see_account, see_feed
from ..ledger.units import finish_run, read_cells, record_failure, start_run
from ..ledger.write import retire_feed
from ..records import Account
from ..registry import Configured
from .plan import Horizon, Planned, plan
from .summary import Failure, Progress, Run
from .unit import Desk, fetch_unit

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What to sync. Days are inclusive; ``accounts`` () = all."""

    first_day: date
    last_day: date | None = None
    accounts: tuple[str, ...] = ()
    full: bool = False
    workers: int = 8
    dry_run: bool = False


@dataclass(slots=True)
class Job:
    """One account of one connector: its units run one after the other."""

    configured: Configured
    account: Account
    reports: list[Report]
    today: date
    units: list[tuple[Feed, Planned, dict[str, str]]] = field(default_factory=list)


class Sync:
    """The state of one run, shared by its workers; touched only by who holds the baton."""

    def __init__(
        self,
        ledger: Ledger,
        wishes: Wishes,
        *,
        clock: Callable[[], datetime],
        progress: Progress,
        run_id: str,
    ) -> None:
        self.ledger, self.wishes, self.clock, self.progress = ledger, wishes, clock, progress
        self.baton = Baton()
        self.run = Run(run_id=run_id)
        self.keys = Keys(ledger.conn)
        self._closed: set[str] = set()
        self._left: dict[str, int] = {}

    def go(self, connectors: Sequence[Configured]) -> Run:
        """Sync these connectors. Raises LedgerError when the file can no longer be written."""
        began = time.monotonic()
        for configured in connectors:
            http = configured.connector.http
            http.baton = self.baton
            http.sleep = self._sleeper(configured.name)
        seen = dict[str, list[Account]]()
        self._side_by_side([partial(self._discover, configured, seen) for configured in connectors])
        jobs = self._jobs(connectors, seen)
        for configured in connectors:
            own = [job for job in jobs if job.configured.name == configured.name]
            self._left[configured.name] = len(own)
            self.progress.started(configured.name, len(own), sum(len(job.units) for job in own))
            if not own:
                self.progress.finished(configured.name)
        self.run.planned = sum(len(job.units) for job in jobs)
        if not self.wishes.dry_run:
            self._side_by_side([partial(self._account, job) for job in jobs])
        self.run.requests = sum(configured.connector.http.requests for configured in connectors)
        self.run.seconds = round(time.monotonic() - began, 3)
        return self.run

    def _discover(self, configured: Configured, seen: dict[str, list[Account]]) -> None:
        try:
            seen[configured.name] = list(configured.connector.accounts())
        except AdtallyError as error:
            self._fail(configured.name, error)

    def _jobs(self, connectors: Sequence[Configured], seen: dict[str, list[Account]]) -> list[Job]:
        """One job an account. What two connectors of a platform both see belongs to the first."""
        jobs, owners = [], dict[tuple[str, str, str], str]()
        wanted_accounts = set(self.wishes.accounts)
        for configured in connectors:
            wanted = set(configured.accounts)
            own = list[Job]()
            for account in sorted(seen.get(configured.name, []), key=lambda account: account.id):
                if (wanted and account.id not in wanted) or (
                    wanted_accounts and account.id not in wanted_accounts
                ):
                    continue
                reports = self._reports(configured, account, owners)
                if reports:
                    own.append(self._job(configured, account, reports))
            for missing in sorted(wanted - {account.id for account in seen.get(configured.name, [])}):
                if configured.name in seen:
                    error = DeniedError(f"account {missing} is not visible to these credentials")
                    self._fail(configured.name, error, missing)
            jobs.append(own)
        longest = max((len(own) for own in jobs), default=0)
        return [own[n] for n in range(longest) for own in jobs if n < len(own)]

    def _reports(
        self, configured: Configured, account: Account, owners: dict[tuple[str, str, str], str]
    ) -> list[Report]:
        kept = []
        for report in configured.connector.reports():
            if report.cadence == "daily" and report.grain not in configured.grains:
                continue
            kinds = [f"{record.__name__} {report.grain}" for record in report.records]
            keys = [(configured.connector.platform, account.id, kind) for kind in kinds]
            taken = {owners.setdefault(key, configured.name) for key in keys} - {configured.name}
            if not taken:
                kept.append(report)
            else:
                note = f"account {account.id} of {configured.name} is synced by {', '.join(sorted(taken))}"
                if note not in self.run.notes:
                    self.run.notes.append(note)
        return kept

    def _job(self, configured: Configured, account: Account, reports: list[Report]) -> Job:
        now = self.clock()
        today = local_day(now, account.timezone)
        job = Job(configured, account, reports, today)
        wishes, conn = self.wishes, self.ledger.conn
        horizon = Horizon(wishes.first_day, wishes.last_day, today, wishes.full)
        with self.ledger.transaction():
            key = see_account(conn, configured.name, configured.connector.platform, account, now)
            for report in reports:
                feed = see_feed(conn, key, configured.name, account, report)
                cells = read_cells(conn, feed.feed)
                for planned in plan(report, cells, horizon):
                    state = cells.get(planned.cell)
                    job.units.append((feed, planned, state.remembered if state else {}))
            self._retire(key, reports, int(now.timestamp()))
        return job

    def _retire(self, account_key: int, reports: Iterable[Report], now: int) -> None:
        """A file that is no longer there takes its rows along."""
        names = {report.name for report in reports}
        rows = self.ledger.conn.execute(
            "SELECT feed, report FROM feeds WHERE account_key = ? AND cadence = 'file'", (account_key,)
        ).fetchall()
        for feed, report in rows:
            if report not in names:
                retire_feed(self.ledger.conn, feed, now)

    def _account(self, job: Job) -> None:
        """Fetch the units of one account; what the platform refuses for good is not asked again in this run."""
        name = job.configured.name
        entities = self.keys.entities(job.units[0][0].account_key) if job.units else {}
        desk = Desk(
            self.ledger, self.keys, job.configured.connector, entities, job.today, self.run.run_id, self.clock
        )
        refused = set[str]()
        for feed, planned, remembered in job.units:
            if name in self._closed or planned.report.name in refused:
                self.run.units.skipped += 1
                continue
            started, began = self.clock(), time.monotonic()
            try:
                changed = fetch_unit(desk, feed, planned, remembered)
            except (LedgerError, Stopped):
                raise
            except NotOffered as error:
                refused.add(planned.report.name)
                self.run.units.skipped += 1
                self._note(feed, planned, "not_offered", str(error), started)
                self.run.notes.append(f"{name}/{job.account.id} {planned.report.name}: {error}")
            except Exception as error:  # a connector's bug must not stop the others
                known = error if isinstance(error, AdtallyError) else _bug(error)
                status = "denied" if isinstance(known, DeniedError) else "failed"
                if status == "denied":
                    refused.add(planned.report.name)
                self.run.units.failed += 1
                self._note(feed, planned, status, str(known), started)
                self._fail(name, known, job.account.id, planned)
            else:
                self.run.units.done += 1
                for table, rows in changed.items():
                    self.run.rows[table] = self.run.rows.get(table, 0) + rows
                rows = sum(changed.values())
                self.progress.unit_done(name, job.account.id, planned.report.name, rows)
                seconds = time.monotonic() - began
                log.info(
                    "%s %s %s %s: %d rows changed, %.1f s",
                    name,
                    planned.report.name,
                    job.account.id,
                    planned.window,
                    rows,
                    seconds,
                )
        self._left[name] -= 1
        if not self._left[name]:
            self.progress.finished(name)

    def _note(self, feed: Feed, planned: Planned, status: str, message: str, started: datetime) -> None:
        with self.ledger.transaction():
            record_failure(
                self.ledger.conn,
                feed.feed,
                planned.cell,
                planned.window,
                status,
                message,
                self.run.run_id,
                started,
                self.clock(),
            )

    def _fail(
        self, connector: str, error: AdtallyError, account_id: str = "", unit: Planned | None = None
    ) -> None:
        """Note a failure. Credentials or a quota that are gone end the connector: the rest would fail alike."""
        window = unit.window if unit and unit.report.cadence != "file" else None
        failure = Failure(
            connector=connector,
            account_id=account_id,
            report=unit.report.name if unit else "",
            first_day=window.first_day if window else None,
            last_day=window.last_day if window else None,
            error=type(error).__name__,
            message=str(error),
            retry=f"adtally sync {connector}" + (f" --account {account_id}" if account_id else ""),
        )
        self.run.failures.append(failure)
        self.progress.unit_failed(connector, failure.message)
        log.warning("%s %s %s: %s", connector, failure.account_id, failure.report, failure.message)
        if isinstance(error, QuotaError) or (
            isinstance(error, AuthError) and not isinstance(error, DeniedError)
        ):
            self._closed.add(connector)

    def _sleeper(self, connector: str) -> Callable[[float], None]:
        def sleep(seconds: float) -> None:
            self.progress.waiting(connector, seconds)
            self.baton.pause(seconds)

        return sleep

    def _side_by_side(self, tasks: Iterable[Callable[[], None]]) -> None:
        """Run the tasks on worker threads. The first error that is not a unit's own stops all and is raised."""
        queue: SimpleQueue[Callable[[], None]] = SimpleQueue()
        count = 0
        for task in tasks:
            queue.put(task)
            count += 1
        errors = list[BaseException]()

        def work() -> None:
            try:
                with self.baton:
                    while not errors:
                        queue.get_nowait()()
            except (Empty, Stopped):
                pass
            except BaseException as error:  # handed to the thread that waits
                errors.append(error)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(min(self.wishes.workers, count))]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                while thread.is_alive():
                    thread.join(0.2)
        except BaseException:
            self.baton.stop()
            raise
        if errors:
            raise errors[0]


def _bug(error: Exception) -> AdtallyError:
    """A connector's own mistake, told without the values that it stumbled over."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f" ({trace.tb_frame.f_code.co_name}, line {trace.tb_lineno})" if trace else ""
    return AdtallyError(f"the connector failed with {type(error).__name__}{where}")


def run_sync(
    ledger: Ledger,
    connectors: Sequence[Configured],
    wishes: Wishes,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: Progress | None = None,
    run_id: str,
) -> Run:
    """Sync under the ledger's lock and note the run. Raises LedgerError when another sync holds it."""
    with ledger.sync_lock():
        sync = Sync(ledger, wishes, clock=clock, progress=progress or Progress(), run_id=run_id)
        with ledger.transaction():
            start_run(ledger.conn, run_id, "sync", clock(), version("adtally"))
        status = "interrupted"
        try:
            run = sync.go(connectors)
            status = "done" if not run.failures else "partial"
        finally:
            with ledger.transaction():
                finish_run(ledger.conn, run_id, status, clock())
        return run
