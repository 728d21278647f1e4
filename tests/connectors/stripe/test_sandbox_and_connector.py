"""A real sync from the fake into a real ledger: every proof of the world comes out of it, and only once."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import TypeAlias

import msgspec
import pytest

import adtally
from adtally import world
from adtally.engine.summary import Run
from adtally_connectors.stripe.sandbox import StripeFake

from ..trials import played

Row: TypeAlias = tuple[object, ...]
ACCOUNT, CENT = "acct_trailhead", 10_000
PROVEN = (
    "kind, record_id, day, key_kind, key_value, refers_to, quantity_micros, value_micros, status, currency"
)
FIRST, SUMMER, LAST = date(2026, 9, 1), date(2026, 10, 5), date(2026, 11, 9)


def proof(kind: str, record_id: str, day: date, **changes: object) -> world.Proof:
    told = {
        "connector": "stripe",
        "source_id": ACCOUNT,
        "record_id": record_id,
        "kind": kind,
        "day": day,
        "campaign_id": "777001",
        "account_id": "1801",
        "evidence_class": "E3",
        "status": "paid",
        "value_micros": 118_900_000,
        "currency": "USD",
        "key_kind": "utm_id",
        "refers_to": "",
    }
    return msgspec.convert({**told, **changes}, world.Proof)


def sales() -> list[world.Proof]:
    """Every key, every status, the first day and the last; several of each, so that they stand everywhere."""
    keys = [("utm_id", "1001"), ("utm_id", ""), ("name", "1003"), ("name", "")]
    statuses = ("paid", "refunded", "pending", "failed", "cancelled")
    found = [
        proof("payment", f"ch_key{number}{turn}", SUMMER, key_kind=key_kind, refers_to=order)
        for number, (key_kind, order) in enumerate(keys)
        for turn in range(6)
    ]
    found += [
        proof("payment", f"ch_{status}{turn}", LAST, status=status)
        for status in statuses
        for turn in range(4)
    ]
    return found + [proof("payment", f"ch_first{turn}", FIRST) for turn in range(4)]


def returns() -> list[world.Proof]:
    back = partial(proof, campaign_id="777001", key_kind="utm_id", day=LAST)
    return [
        back("refund", "re_all", status="refunded", refers_to="ch_first0"),
        back("refund", "re_all1", status="refunded", refers_to="ch_first1"),
        back("refund", "re_all2", status="refunded", refers_to="ch_first2"),
        back("refund", "re_some", status="refunded", refers_to="ch_first3", value_micros=35_000_000),
        back("refund", "re_more", status="refunded", refers_to="ch_first3", value_micros=5_000_000),
        back("refund", "re_later", status="pending", refers_to="ch_paid0"),
        back("refund", "re_failed", status="failed", refers_to="ch_paid1"),
        back("refund", "re_not", status="cancelled", refers_to="ch_paid2"),
        back("dispute", "dp_open", status="open", refers_to="ch_paid0"),
        back("dispute", "dp_won", status="won", refers_to="ch_paid1"),
        back("dispute", "dp_lost", status="lost", refers_to="ch_key00"),
        back("dispute", "dp_not", status="cancelled", refers_to="ch_key01"),
    ]


OWN = (*sales(), *returns())


@dataclass(frozen=True)
class Synced:
    world: world.World
    runs: tuple[Run, Run]
    proven: list[Row]
    noise: list[Row]


@pytest.fixture(scope="module")
def synced(nobody_waits: None, tmp_path_factory: pytest.TempPathFactory) -> Synced:
    """Two syncs from a platform in all its moods."""
    folder = tmp_path_factory.mktemp("stripe")
    made = replace(played(), evidence=(*played().evidence, *OWN))
    fake = StripeFake(made)
    table = "\n".join(
        f"{name} = {msgspec.json.encode(value).decode()}" for name, value in fake.table().items()
    )
    noon = partial(datetime.combine, made.today, time(12), UTC)
    with world.serve(made, fakes={"stripe": lambda _: fake}) as sandbox:
        config = folder / "config.toml"
        config.write_text(
            f"[sync]\nfirst_day = {made.first_day}\n[connectors.payments]\n"
            f'use = "adtally_connectors.stripe:Stripe"\nbase_url = "{sandbox.url}/stripe"\n{table}\n'
        )
        settings = adtally.Settings.load(config)
        with adtally.open_ledger(settings) as ledger:
            runs = tuple(adtally.sync(settings, ledger, clock=noon) for _ in range(2))
            path = Path(ledger.path)
    ours = {one.record_id for one in wanted(made)}
    with closing(sqlite3.connect(path)) as conn:
        rows = conn.execute(f"SELECT {PROVEN} FROM evidence").fetchall()
        zones = conn.execute("SELECT DISTINCT source_id, evidence_class, timezone FROM evidence").fetchall()
    assert zones == [(ACCOUNT, "E3", "UTC")]
    return Synced(
        made,
        (runs[0], runs[1]),
        [row for row in rows if row[1] in ours],
        [row for row in rows if row[1] not in ours],
    )


def wanted(made: world.World) -> list[world.Proof]:
    """The proofs of days that are over."""
    return [one for one in made.evidence if one.connector == "stripe" and one.day < made.today]


def key(one: world.Proof) -> tuple[str, str]:
    """The key as the ledger has it; what has no campaign goes by its order, if any."""
    if one.key_kind == "utm_id":
        return "utm_id", one.campaign_id
    return ("order_id", one.refers_to) if one.refers_to else ("name", "")


def test_a_sync_gets_through_all_moods_and_the_next_one_changes_nothing(synced: Synced) -> None:
    first, second = synced.runs

    assert not first.failures
    assert not second.failures
    assert not any(second.rows.values())
    assert first.requests > 30


def test_each_proof_is_exactly_one_row_of_evidence(synced: Synced) -> None:
    """Stripe has no fractions of a cent; a refund has the key of its payment."""
    of_payment = {one.record_id: one for one in wanted(synced.world) if one.kind == "payment"}

    expected = Counter(
        (
            one.kind,
            one.record_id,
            str(one.day),
            *key(of_payment[one.refers_to] if one.kind != "payment" else one),
            one.refers_to,
            one.quantity * 1_000_000,
            (one.value_micros or 0) // CENT * CENT,
            one.status,
            one.currency,
        )
        for one in wanted(synced.world)
    )

    assert Counter(synced.proven) == expected
    assert len(expected) >= len(OWN)


def test_what_else_is_sold_carries_no_campaigns_key(synced: Synced) -> None:
    assert {row[3] for row in synced.noise} == {"name", "order_id", "click_id"}
    assert {(row[0], row[8]) for row in synced.noise} == {
        *(("payment", status) for status in ("paid", "pending", "failed", "cancelled")),
        *(("refund", status) for status in ("refunded", "failed", "cancelled")),
        ("dispute", "open"),
    }


def test_every_currency_keeps_its_own_units(synced: Synced) -> None:
    by_currency = {
        row[9]: row[7] for row in synced.noise if str(row[1]).startswith(("ch_renewal", "ch_abroad"))
    }

    assert by_currency["KWD"] == 5_120_000
    assert isinstance(by_currency["JPY"], int)
    assert by_currency["JPY"] % 1_000_000 == 0


def test_the_table_is_all_that_a_user_writes() -> None:
    assert set(StripeFake(played()).table()) == {"api_key", "requests_per_second"}
    assert StripeFake.needs == ()
