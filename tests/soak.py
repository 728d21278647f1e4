"""Kills syncs at random instants, then lets one end: the ledger must equal that of an undisturbed sync.

    python -m tests.soak --kills 200 --seed 7 --seeds 20

Every platform of the sandbox is synced on several days, as cron would; the sandbox answers slowly, refuses,
breaks off and resets. On each day some syncs are killed (SIGKILL) wherever they are, then one sync without
faults ends what they began. Row by row, history included, nothing may tell the two ledgers apart.

Then ``--seeds`` worlds, chosen by chance and named, are judged: the findings must be just what was planted.
"""

from __future__ import annotations

import argparse
import logging
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time as clock_time
from functools import partial
from pathlib import Path
from random import Random, SystemRandom
from tempfile import TemporaryDirectory

from tests.core.engine.north import everything

import adtally
from adtally.ledger import Ledger
from adtally.world import Fake, Reply, Request, World, installed, serve
from adtally.world.messages import MakesFake, Reachable

FAULTS = (
    "latency=20ms,429=0.03,429-retry-after=0.005,500=0.03,503=0.03,reset=0.03,close=0.03,"
    "truncated-gzip=0.03,long-length=0.03,html=0.01"
)
ORDERED = re.compile(
    r"POST .*(/insights|/task/create/|/stats/jobs/.*|/GenerateReport/Submit|/reports|:run|/run)"
)
"""How platforms are asked to prepare a report."""
KILLS_A_DAY = 7
SHORTEST, LONGEST = 0.5, 3.0
"""Seconds from the start of a process to its end: from before its first request until it is nearly done."""


@dataclass
class Orders:
    """How often each report was ordered of a platform that makes it later."""

    counts: Counter[str] = field(default_factory=Counter[str])

    @property
    def repeated(self) -> int:
        return self.counts.total() - len(self.counts)

    def of(self, what: str, world: World) -> dict[str, MakesFake]:
        """The installed fakes, their orders counted; ``what`` tells those of one ledger from another's."""
        return {
            name: self._counting(f"{what} {world.today} {name}", make) for name, make in installed().items()
        }

    def _counting(self, what: str, make: MakesFake) -> MakesFake:
        def made(world: World, /) -> Fake:
            return Counting(what, make(world), self.counts)

        return made


@dataclass
class Soaked:
    """What was done, and what came of it."""

    kills: int = 0
    ledgers: int = 0
    unequal: list[str] = field(default_factory=list[str])
    """Tables in which a ledger differs from the undisturbed one."""
    orders: Orders = field(default_factory=Orders)
    usual: int = 0
    """Orders that one undisturbed ledger repeats: reports that the sandbox fails to make."""
    rows: int = 0

    @property
    def asked_again(self) -> int:
        """Orders that were repeated although the report was in the making."""
        return self.orders.repeated - self.usual * self.ledgers

    def __str__(self) -> str:
        verdict = f"DIFFERENT: {self.unequal}" if self.unequal else "all equal to an undisturbed one"
        return (
            f"{self.kills} kills in {self.ledgers} ledgers of {self.rows:,} rows: {verdict}; "
            f"{len(self.orders.counts):,} reports made by the platforms, {self.asked_again} ordered twice"
        )


class Counting:
    """A fake that counts what it is asked to prepare."""

    needs = ()

    def __init__(self, what: str, fake: Fake, counts: Counter[str]) -> None:
        self._what, self._fake, self._counts = what, fake, counts

    def table(self) -> Mapping[str, object]:
        return self._fake.table() if isinstance(self._fake, Reachable) else {}

    def answer(self, request: Request, /) -> Reply:
        reply = self._fake.answer(request)
        if ORDERED.fullmatch(f"{request.method} {request.path}") and reply.status == 200:
            self._counts[f"{self._what} {request.path} {sorted(request.query.items())} {request.body!r}"] += 1
        return reply


def soak(kills: int, *, seed: int, folder: Path, say: Callable[[str], None] = print) -> Soaked:
    """Kill so many syncs; nothing is left unequal in a program that can be trusted."""
    dice, done, world = Random(seed), Soaked(), World.build(seed=seed)
    orders = Orders()
    truth = _undisturbed(world, folder / "undisturbed", orders)
    done.rows, done.usual = sum(map(len, truth.values())), orders.repeated
    while done.kills < kills:
        own = folder / f"ledger{done.ledgers}"
        for day in World.visits:
            _disturbed_day(world.on(day), day, own, dice, kills, done)
        with Ledger(own / "adtally.db") as ledger:
            told = everything(ledger)
            (integrity,) = ledger.conn.execute("PRAGMA integrity_check").fetchone()
        done.ledgers += 1
        done.unequal += [table for table, rows in truth.items() if told[table] != rows]
        done.unequal += [integrity] if integrity != "ok" else []
        say(str(done))
    return done


def sync_once(config: Path, day: date) -> list[str]:
    """Sync at that day's noon; returns what failed, but for the accounts that the sandbox refuses.

    Between the ends of months only what cannot wait is synced.
    """
    settings = adtally.Settings.load(config)
    with adtally.open_ledger(settings) as ledger:
        some = World.between.get(day)
        noon = partial(datetime.combine, day, clock_time(12), UTC)
        run = adtally.sync(settings, ledger, connectors=some, clock=noon)
    return [failure.message for failure in run.failures if failure.error != "DeniedError"]


def _undisturbed(world: World, folder: Path, orders: Orders) -> dict[str, list[tuple[object, ...]]]:
    for day in World.visits:
        with serve(world.on(day), fakes=orders.of("", world.on(day))) as platforms:
            _must_come(sync_once(platforms.write_config(folder), day))
    with Ledger(folder / "adtally.db") as ledger:
        return everything(ledger)


def _disturbed_day(world: World, day: date, folder: Path, dice: Random, kills: int, done: Soaked) -> None:
    fakes = done.orders.of(folder.name, world)
    with serve(world, faults=FAULTS, fakes=fakes) as platforms:
        port = int(platforms.url.rpartition(":")[2])
        config = platforms.write_config(folder)
        for _ in range(KILLS_A_DAY):
            if done.kills < kills:
                done.kills += _killed(config, day, dice.uniform(SHORTEST, LONGEST))
    with serve(world, port=port, fakes=fakes) as platforms:
        _must_come(sync_once(platforms.write_config(folder), day))


def _must_come(failures: list[str]) -> None:
    if failures:
        raise RuntimeError(f"a sync that nobody disturbs failed: {failures[:5]}")


def _killed(config: Path, day: date, seconds: float) -> bool:
    """Start a sync and kill it after so many seconds; whether it was still running then."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.soak", "--sync", str(config), "--day", day.isoformat()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def judge(number: int) -> bool:
    """Judge the planted faults of so many worlds; whether all are found, and nothing else is."""
    seeds = ",".join(str(seed) for seed in sorted(SystemRandom().sample(range(1, 10**6), number)))
    print(f"planted faults in the worlds {seeds}", flush=True)
    words = ["-m", "pytest", "-q", "-n", "auto", "--dist", "loadscope", "--no-loadscope-reorder"]
    tests = [*words, "-p", "no:cacheprovider", "tests/test_planted_faults.py", "--seeds", seeds]
    return subprocess.run([sys.executable, *tests], check=False).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--seeds", type=int, default=0, help="How many worlds to judge, chosen by chance.")
    parser.add_argument("--sync", type=Path, help="Only one sync, by this configuration.")
    parser.add_argument("--day", type=date.fromisoformat)
    asked = parser.parse_args()
    if asked.sync:
        return int(bool(sync_once(asked.sync, asked.day)))
    logging.disable(logging.CRITICAL)
    began = time.monotonic()
    with TemporaryDirectory(prefix="adtally-soak-") as folder:
        done = soak(asked.kills, seed=asked.seed, folder=Path(folder))
    is_judged = not asked.seeds or judge(asked.seeds)
    print(f"{time.monotonic() - began:.0f} s")
    return int(bool(done.unequal) or not is_judged)


if __name__ == "__main__":
    sys.exit(main())
