"""Reports that stay pending: no run waits for ever, none is ordered twice, and a later run collects them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

import adtally
from adtally.engine.summary import Run
from adtally.ledger import Ledger
from adtally.world import Fake, Reply, Request, World, installed, serve
from adtally.world.messages import Reachable

from .connectors.trials import played
from .core.engine.north import everything
from .soak import ORDERED

NOON = partial(datetime.combine, World.visits[-1], time(12), UTC)
FIRST = date(2026, 11, 1)


class Looks(NamedTuple):
    """One account of a platform, how the state of a report is asked for, and what that says."""

    account: str
    request: str
    done: bytes
    pending: bytes
    until_ready: int = 4
    """How many the fake needs; X's accepts each signature only once, and needs one."""


PLATFORMS = {
    "amazon_ads": Looks("30123456789011", r"GET /reporting/reports/[^/]+", b'"COMPLETED"', b'"PENDING"'),
    "cm360": Looks("5510101", r"GET .*/reports/\d+/files/\d+", b'"REPORT_AVAILABLE"', b'"PROCESSING"'),
    "dv360": Looks("4560101", r"GET /v2/queries/\d+/reports/\d+", b'"DONE"', b'"RUNNING"'),
    "microsoft_ads": Looks("180000101", r"POST .*/GenerateReport/Poll", b'"Success"', b'"Pending"'),
    "meta_ads": Looks("3000000201", r"GET /v[\d.]+/\d+", b"Job Completed", b"Job Running"),
    "pinterest_ads": Looks(
        "549700000101", r"GET .*/ad_accounts/\d+/reports", b'"FINISHED"', b'"IN_PROGRESS"'
    ),
    "x_ads": Looks("18ce54d4xa1", r"GET /12/stats/jobs/.*", b'"SUCCESS"', b'"PROCESSING"', until_ready=1),
}


@dataclass
class Kitchen:
    """A platform that has its reports ready and does not say so as long as it is ``closed``."""

    fake: Fake
    looks: Looks
    closed: bool = False
    ordered: Counter[str] = field(default_factory=Counter[str])
    looked: Counter[str] = field(default_factory=Counter[str])
    """By report."""
    is_looked_at: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    needs = ()

    def table(self) -> Mapping[str, object]:
        assert isinstance(self.fake, Reachable)
        return self.fake.table()

    def close(self) -> None:
        """Prepare in silence from now on."""
        self.closed = True
        self.ordered.clear()
        self.looked.clear()
        self.is_looked_at.clear()

    def open(self) -> None:
        self.close()
        self.closed = False

    def answer(self, request: Request, /) -> Reply:
        asked = f"{request.method} {request.path}"
        is_look = re.fullmatch(self.looks.request, asked) is not None
        reply = self.fake.answer(request)
        for _ in range(self.looks.until_ready - 1 if is_look and self.closed else 0):
            reply = self.fake.answer(request)
        with self.lock:
            if is_look:
                self.is_looked_at.set()
                self.looked.update(f"{asked} {which}" for which in self._reports(request))
                if self.closed:
                    reply = replace(reply, body=reply.body.replace(self.looks.done, self.looks.pending))
            elif ORDERED.fullmatch(asked) and reply.status == 200:
                self.ordered[f"{asked} {request.raw_query} {request.body!r}"] += 1
        return reply

    def _reports(self, request: Request) -> list[str]:
        """Which reports the request is about."""
        return (request.query.get("job_ids") or f"{request.raw_query}{request.body!r}").split(",")


@dataclass(frozen=True)
class Shop:
    """A platform on loopback, and a user of it."""

    kitchen: Kitchen
    platform: str
    url: str
    folder: Path

    def config(self, **fields: object) -> Path:
        table = {
            **self.kitchen.table(),
            "use": self.platform,
            "base_url": f"{self.url}/{self.platform}",
            "accounts": [self.kitchen.looks.account],
            "grains": ["ad"],
            **fields,
        }
        lines = [f"[sync]\nfirst_day = {FIRST}", "[connectors.shop]"]
        lines += [f"{name} = {json.dumps(value)}" for name, value in table.items()]
        self.folder.mkdir(exist_ok=True)
        path = self.folder / "config.toml"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    def sync(self, *, deadline: timedelta | None = None, **fields: object) -> Run:
        settings = adtally.Settings.load(self.config(**fields))
        with adtally.open_ledger(settings) as ledger:
            return adtally.sync(settings, ledger, clock=NOON, deadline=deadline)

    def waiting(self) -> int:
        """The reports that `adtally status` tells as still to come."""
        settings = adtally.Settings.load(self.config())
        with adtally.open_ledger(settings) as ledger:
            troubles = adtally.status(ledger, clock=NOON).troubles
        return sum(trouble.status == "waiting" for trouble in troubles)


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def shop(platform: str, tmp_path: Path, nobody_waits: None) -> Iterator[Shop]:
    """Its moods are over: two undisturbed syncs have been, into ledgers of their own."""
    make = installed()[platform]
    kitchens: list[Kitchen] = []

    def kitchen(world: World, /) -> Fake:
        kitchens.append(Kitchen(make(world), PLATFORMS[platform]))
        return kitchens[-1]

    with serve(played(), fakes={platform: kitchen}) as sandbox:
        opened = Shop(kitchens[0], platform, sandbox.url, tmp_path / "shop")
        for name in ("moody", "undisturbed"):
            opened.kitchen.open()
            replace(opened, folder=tmp_path / name).sync()
        yield opened


def told(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    with Ledger(folder / "adtally.db") as ledger:
        return everything(ledger)


def killed(shop: Shop) -> None:
    """Start a process that waits for the platform for minutes, and kill it while it does."""
    config = shop.config(poll_seconds=60)
    words = ["-m", "tests.soak", "--sync", str(config), "--day", World.visits[-1].isoformat()]
    with subprocess.Popen([sys.executable, *words], stderr=subprocess.DEVNULL) as process:
        try:
            assert shop.kitchen.is_looked_at.wait(60)
        finally:
            process.kill()


def given_up(shop: Shop) -> None:
    run = shop.sync()

    assert {failure.error for failure in run.failures} == {"NotReady"}
    assert run.exit_code == 3


def out_of_time(shop: Shop) -> None:
    run = shop.sync(deadline=timedelta(seconds=50), poll_seconds=60)

    assert [failure.error for failure in run.failures] == ["DeadlineError"]
    assert run.exit_code == 3


@pytest.mark.parametrize("ends", [given_up, out_of_time, killed])
def test_what_stays_pending_is_told_and_collected_by_the_next_run_without_another_order(
    shop: Shop, tmp_path: Path, ends: Callable[[Shop], None]
) -> None:
    """Only an order whose answer a kill cut off, before anybody looked, is made again."""
    usual = shop.kitchen.ordered.total()
    shop.kitchen.close()
    ends(shop)

    looked = set(shop.kitchen.looked)
    assert looked
    assert shop.waiting() > 0

    shop.kitchen.open()
    run = shop.sync()

    assert run.failures == []
    assert shop.kitchen.ordered.total() <= usual - len(looked)
    assert {asked for asked in looked if shop.kitchen.looked[asked] != 1} == set()
    assert told(tmp_path / "shop") == told(tmp_path / "undisturbed")
    assert shop.waiting() == 0
