"""A real sync from the fake into a real ledger: every proof of the world comes out of it, and only once."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
import pytest

import adtally
from adtally import Evidence, Unit, Window, world
from adtally.calendar import month
from adtally.engine.summary import Run
from adtally.testing.loopback import loopback
from adtally_connectors.ga4 import Ga4
from adtally_connectors.ga4.sandbox import Ga4Fake

from ..trials import played

SHOP, OUTFITTERS = "310000101", "310000103"
Row: TypeAlias = tuple[object, ...]
ROWS = """
SELECT source_id, day, kind, key_kind, key_value, refers_to, quantity_micros, value_micros, status,
  evidence_class, flags, timezone, currency, record_id
FROM evidence
"""


def proofs(
    source_id: str,
    key_kind: Literal["campaign_id", "utm_id"],
    campaign_id: str,
    day: date,
    counts: tuple[int, int, int],
    *,
    account_id: str,
) -> list[world.Proof]:
    """Sessions, engaged sessions and purchases of a campaign on a day."""
    kinds = ("session", "engaged_session", "purchase")
    return [
        world.Proof(
            connector="ga4",
            source_id=source_id,
            record_id=f"{day} {key_kind} {campaign_id}",
            kind=kind,
            day=day,
            campaign_id=campaign_id,
            evidence_class="E2",
            account_id=account_id,
            quantity=count,
            value_micros=118_900_000 if kind == "purchase" else None,
            currency="EUR" if source_id == SHOP else "USD",
            key_kind=key_kind,
        )
        for kind, count in zip(kinds, counts, strict=True)
        if count
    ]


OWN = [
    *proofs(SHOP, "campaign_id", "777001", date(2026, 10, 7), (41, 27, 2), account_id="2000000101"),
    *proofs(SHOP, "campaign_id", "777001", date(2026, 10, 31), (3, 0, 0), account_id="2000000101"),
    *proofs(SHOP, "utm_id", "777001", date(2026, 10, 7), (5, 1, 0), account_id="1802"),
    *proofs(OUTFITTERS, "utm_id", "777002", date(2026, 9, 1), (9, 9, 1), account_id="1803"),
    *proofs(OUTFITTERS, "campaign_id", "777003", date(2026, 11, 9), (1, 0, 1), account_id="2000000103"),
]
"""Beside those of the world: the first day and the last, the end of a month, one id as both kinds of key."""


@dataclass(frozen=True)
class Synced:
    world: world.World
    runs: tuple[Run, Run]
    rows: list[Row]
    asked: int


@pytest.fixture(scope="module")
def synced(nobody_waits: None, tmp_path_factory: pytest.TempPathFactory) -> Synced:
    """Two syncs from a platform in all its moods."""
    folder = tmp_path_factory.mktemp("ga4")
    made = replace(played(), evidence=(*played().evidence, *OWN))
    fake = Ga4Fake(made)
    table = "\n".join(
        f"{name} = {msgspec.json.encode(value).decode()}" for name, value in fake.table().items()
    )
    noon = partial(datetime.combine, made.today, time(12), UTC)
    with world.serve(made, fakes={"ga4": lambda _: fake}) as sandbox:
        config = folder / "config.toml"
        config.write_text(
            f'[sync]\nfirst_day = {made.first_day}\n[connectors.site]\nuse = "adtally_connectors.ga4:Ga4"\n'
            f'base_url = "{sandbox.url}/ga4"\n{table}\n'
        )
        settings = adtally.Settings.load(config)
        with adtally.open_ledger(settings) as ledger:
            runs = tuple(adtally.sync(settings, ledger, clock=noon) for _ in range(2))
            path = Path(ledger.path)
    with closing(sqlite3.connect(path)) as conn:
        rows = conn.execute(ROWS).fetchall()
    return Synced(made, (runs[0], runs[1]), rows, runs[0].requests)


def wanted(made: world.World) -> Iterable[world.Proof]:
    return (proof for proof in made.evidence if proof.connector == "ga4" and proof.key_kind != "name")


def test_a_sync_gets_through_all_moods_and_the_next_one_changes_nothing(synced: Synced) -> None:
    first, second = synced.runs

    assert not first.failures
    assert not second.failures
    assert not any(second.rows.values())
    assert first.requests > 20


def test_each_proof_is_exactly_one_row_of_evidence(synced: Synced) -> None:
    found = Counter(row[:10] for row in synced.rows)
    expected = Counter(
        (
            proof.source_id,
            str(proof.day),
            proof.kind,
            proof.key_kind,
            proof.campaign_id,
            proof.account_id if proof.key_kind == "campaign_id" else "",
            proof.quantity * 1_000_000,
            proof.value_micros,
            proof.status,
            "E2",
        )
        for proof in wanted(synced.world)
    )

    assert len(expected) >= len(OWN)
    assert {key: found[key] for key in expected} == dict.fromkeys(expected, 1)


def test_all_else_carries_no_key_of_a_campaign(synced: Synced) -> None:
    of_ads = {(proof.source_id, proof.key_kind, proof.campaign_id) for proof in wanted(synced.world)}
    others = {(row[3], row[4]) for row in synced.rows if (row[0], row[3], row[4]) not in of_ads}

    assert others == {
        ("campaign_id", "990011"),
        ("utm_id", "newsletter-autumn"),
        ("utm_id", "{{campaign.id}}"),
        ("name", "google / organic"),
        ("name", "google / cpc"),
        ("name", "(direct) / (none)"),
        ("name", ""),
    }
    assert not {value for _, value in others} & {
        campaign.campaign_id for account in played().accounts for campaign in account.campaigns
    }


def test_rows_know_their_clock_and_amounts_their_currency(synced: Synced) -> None:
    found = {(row[0], row[11], row[12], row[7] is None) for row in synced.rows}

    assert found == {
        (SHOP, "Europe/Berlin", "", True),
        (SHOP, "Europe/Berlin", "EUR", False),
        (OUTFITTERS, "America/Los_Angeles", "", True),
        (OUTFITTERS, "America/Los_Angeles", "USD", False),
    }
    assert {row[10] for row in synced.rows} == {""}


def test_each_session_of_a_month_is_counted_once() -> None:
    made = replace(played(), evidence=tuple(OWN))
    fake = Ga4Fake(made)
    with loopback(lambda arrived: fake.answer(arrived.request)) as url:
        connector = Ga4.model_validate({**fake.table(), "base_url": url})
        connector.http.sleep = lambda _: None
        accounts = {account.id: account for account in connector.accounts()}
        records: list[Evidence] = list(
            connector.sessions_daily(Unit(accounts[SHOP], month("2026-10"), made.today))
        )
        whole = connector.http.post(
            f"/v1beta/properties/{SHOP}:runReport",
            json={
                "dateRanges": [{"startDate": "2026-10-01", "endDate": "2026-10-31"}],
                "metrics": [{"name": "sessions"}],
            },
            decode=dict[str, object],
        )

    [row] = msgspec.convert(whole["rows"], list[dict[str, list[dict[str, str]]]])
    counted = sum(one.quantity_micros or 0 for one in records if one.kind == "session")
    assert counted == int(row["metricValues"][0]["value"]) * 1_000_000
    assert {one.day for one in records} == set(Window(date(2026, 10, 1), date(2026, 10, 31)))
