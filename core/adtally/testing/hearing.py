"""One hearing of a trial: its platform on loopback, ledgers in a folder of its own, and syncs between."""

from __future__ import annotations

import logging
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import TypeAlias
from unittest.mock import patch
from urllib.parse import urlsplit

from ..baton import Baton
from ..calendar import Window
from ..connector import Connector
from ..engine.jobs import Wishes
from ..engine.run import run_sync
from ..engine.summary import Run
from ..ledger import Ledger
from ..ledger.public import read_table
from ..registry import Configured
from ..tokens import TokenFile
from ..transport import LOOPBACK
from ..world import Reply
from .loopback import Arrived, loopback
from .trial import Broken, Trial
from .watching import Stream, watched

Change: TypeAlias = Callable[[Arrived, Reply], Reply]
Row: TypeAlias = dict[str, object]
Tables: TypeAlias = dict[str, list[Row]]

NAME = "trial"
PLAIN = "plain.db"
SYNCED = (
    *("accounts", "campaigns", "ad_groups", "ads", "changes", "terms", "orders", "balances"),
    *("delivery", "delivery_history", "interactions", "interactions_history"),
    *("delivery_hourly", "delivery_hourly_history", "delivery_by_country", "delivery_by_country_history"),
    *("evidence", "evidence_history"),
    *("invoices", "invoice_accounts", "invoice_links", "invoice_lines", "units"),
)
"""The tables that a sync writes."""
BY_TIME = {
    "accounts": {"last_seen"},
    "units": {"started_at", "finished_at", "run_id", "attempts"},
}
"""Columns that tell of the fetch itself."""


class Hasty(Baton):
    """Nobody waits for a refusal to pass, or for a report to be made ready."""

    def pause(self, seconds: float) -> None:
        self.check()


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was asked, and what was answered in the end."""

    asked: Arrived
    reply: Reply


@dataclass(frozen=True, slots=True)
class Course:
    """How one sync went, and what the ledger holds since."""

    run: Run
    tables: Tables
    """All public rows, but for when and how often they were fetched."""
    streams: list[Stream]
    exchanges: list[Exchange]
    hosts: list[str]
    """Names of other machines that were asked for; none was reached."""

    @property
    def paths(self) -> dict[str, frozenset[str]]:
        """Every path that was asked, with the reports that asked it; no report asks for the accounts."""
        asked = {exchange.asked.request.path: set[str]() for exchange in self.exchanges}
        for stream in self.streams:
            for answer in stream.answers:
                asked.setdefault(urlsplit(answer.url).path, set()).add(stream.report.name)
        return {path: frozenset(reports) for path, reports in asked.items()}


def as_it_is(_asked: Arrived, reply: Reply) -> Reply:
    return reply


class Hearing:
    """Use by ``hearing``."""

    def __init__(self, trial: Trial, folder: Path) -> None:
        self.trial, self.folder = trial, folder
        self.home = self.elsewhere = ""
        self.change: Change = as_it_is
        self.exchanges: list[Exchange] = []
        self.hosts: list[str] = []
        self._platform = trial.platform()
        self._mishap: Exception | None = None
        self._lock = threading.Lock()
        self._numbers = count(1)

    @property
    def mount(self) -> str:
        """The path below which the platform answers, on both origins."""
        return f"/{self.trial.connector.name}"

    @property
    def base_url(self) -> str:
        return self.home + self.mount

    def answer(self, asked: Arrived) -> Reply:
        """The platform's reply, changed as the law wants it."""
        path = asked.request.path.removeprefix(self.mount)
        with self._lock:
            reply = Reply(404, b"")
            if path.startswith("/") and path != asked.request.path:
                try:
                    reply = self._platform.answer(replace(asked.request, path=path))
                except Exception as error:  # noqa: BLE001 - raised where the law is judged, not in the server
                    self._mishap = self._mishap or error
                    reply = Reply(500, b"")
            reply = self.change(asked, reply)
            self.exchanges.append(Exchange(asked, reply))
        return reply

    def connector(
        self, streams: list[Stream] | None = None, reports: frozenset[str] | None = None
    ) -> Connector:
        """A new instance whose pauses take no time."""
        kind = watched(self.trial.connector, [] if streams is None else streams, reports)
        connector = kind.model_validate({**self.trial.fields, "base_url": self.base_url})
        connector.bind(folder=self.folder, token_file=TokenFile(self.folder / "tokens.json", NAME))
        connector.http.baton = Hasty()
        connector.http.sleep = connector.http.baton.pause
        return connector

    def sync(
        self,
        change: Change = as_it_is,
        *,
        ledger: str = "",
        reports: frozenset[str] | None = None,
        window: tuple[date, date | None] | None = None,
        minutes: int = 0,
    ) -> Course:
        """Sync everything once more; by default into a new ledger, and from the first to the last day.

        ``minutes`` is how much later than the first sync this one is.
        """
        streams = list[Stream]()
        connector = self.connector(streams, reports)
        first_day, last_day = window or (self.trial.first_day, self.trial.last_day)
        wishes = Wishes(first_day=first_day, last_day=last_day, full=True, workers=1)
        configured = Configured(NAME, connector, self.trial.accounts, self.trial.grains)
        now = self.now + timedelta(minutes=minutes)
        number = next(self._numbers)
        with (
            Ledger(self.folder / (ledger or f"{number}.db")) as opened,
            self.answering(change) as exchanges,
        ):
            self.hosts.clear()
            run = run_sync(
                opened, [configured], wishes, clock=lambda: now, baton=Hasty(), run_id=f"{NAME}-{number}"
            )
            return Course(run, _tables(opened), streams, exchanges, list(self.hosts))

    def plain(self) -> Course:
        """A sync that nothing disturbs, into the ledger ``PLAIN``. Raises Broken if it does not go well."""
        course = self.sync(ledger=PLAIN)
        self.expect_sound(course)
        return course

    def expect_sound(self, course: Course) -> None:
        """Raise Broken if the sync failed or stored nothing, and what the platform raised, if it did."""
        if self._mishap:
            raise self._mishap
        if course.run.failures:
            first = course.run.failures[0]
            where = f"{first.report} {first.first_day}..{first.last_day}" if first.report else "accounts"
            raise Broken(f"a sync that nothing disturbs fails: {where}: {first.error}: {first.message}")
        if not any(course.tables[table] for table in SYNCED if table not in ("accounts", "units")):
            raise Broken(
                f"nothing is stored for {self.trial.window}: choose days on which something happened"
            )

    def copy(self, name: str) -> str:
        """The name of a ledger that is a copy of the plain one."""
        shutil.copyfile(self.folder / PLAIN, self.folder / name)
        return name

    @property
    def now(self) -> datetime:
        return datetime.combine(self.trial.today, time(12), UTC)

    @contextmanager
    def answering(self, change: Change) -> Generator[list[Exchange]]:
        """What is asked and answered within the block, where answers are changed."""
        self.change, self.exchanges = change, []
        try:
            yield self.exchanges
        finally:
            self.change = as_it_is


@contextmanager
def hearing(trial: Trial) -> Generator[Hearing]:
    """A hearing with both servers up; all of it is gone afterwards. Nothing is logged to the screen."""
    quiet = logging.NullHandler()
    logging.getLogger().addHandler(quiet)
    try:
        with ExitStack() as stack:
            heard = Hearing(trial, Path(stack.enter_context(tempfile.TemporaryDirectory())))
            stack.enter_context(_no_other_host(heard.hosts))
            heard.home = stack.enter_context(loopback(heard.answer))
            heard.elsewhere = stack.enter_context(loopback(heard.answer))
            yield heard
    finally:
        logging.getLogger().removeHandler(quiet)


def difference(before: Tables, after: Tables, *, but: frozenset[str] = frozenset()) -> str:
    """The first row that only one of them has, in words; "" if they are equal."""
    for table in sorted(before.keys() - but):
        if before[table] == after[table]:
            continue
        for rows, others, what in (
            (before[table], after[table], "is gone or changed"),
            (after[table], before[table], "is new or changed"),
        ):
            for row in rows:
                if row not in others:
                    shown = {name: value for name, value in row.items() if value not in (None, "")}
                    return f"in {table} this row {what}: {shown}"
    return ""


def _tables(ledger: Ledger) -> Tables:
    found: Tables = {}
    for table in SYNCED:
        names, rows = read_table(ledger, table)
        hidden = BY_TIME.get(table, set())
        kept = [{n: v for n, v in zip(names, row, strict=True) if n not in hidden} for row in rows]
        found[table] = sorted(kept, key=repr)
    return found


@contextmanager
def _no_other_host(asked: list[str]) -> Generator[None]:
    """Refuse to look any other machine up, and note in ``asked`` the names that were asked for."""
    lookup = socket.getaddrinfo

    def guarded(host: str, *args: object, **named: object) -> object:
        if host not in LOOPBACK:
            asked.append(host)
            raise socket.gaierror(f"{host}: only 127.0.0.1 is asked in a trial")
        return lookup(host, *args, **named)  # type: ignore[arg-type]

    with patch.object(socket, "getaddrinfo", guarded):
        yield


def days_of(window: Window) -> list[Window]:
    """The first day and the last one, each as a window."""
    return [Window(day, day) for day in dict.fromkeys((window.first_day, window.last_day))]
