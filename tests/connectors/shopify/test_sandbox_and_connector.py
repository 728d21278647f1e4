"""The connector against the fake over real HTTP, into a real ledger: what went into the world comes out."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from adtally import Ledger, Window, world
from adtally.engine.jobs import Wishes
from adtally.engine.run import run_sync
from adtally.engine.summary import Run
from adtally.ledger.public import read_table
from adtally.registry import Configured
from adtally.testing.hearing import Hasty
from adtally.testing.loopback import loopback
from adtally_connectors.shopify import Shopify
from adtally_connectors.shopify.sandbox import ShopifyFake, fake as fake_module
from adtally_connectors.shopify.sandbox.orders import SHOP, orders

from ..trials import played

YESTERDAY = date(2026, 11, 9)
CAMPAIGN = next(one for one in played().accounts if one.campaigns).campaigns[0]


def proof(record_id: str, day: date, **changes: object) -> world.Proof:
    fields: dict[str, object] = {
        "connector": "shopify",
        "source_id": SHOP,
        "kind": "order",
        "campaign_id": CAMPAIGN.campaign_id,
        "evidence_class": "E3",
        "status": "paid",
        "value_micros": 47_110_000,
        "currency": "EUR",
        "key_kind": "utm_id",
    }
    return world.Proof(record_id=record_id, day=day, **{**fields, **changes})  # type: ignore[arg-type]


PLANTED = (
    *(proof(f"70{n:03}", day) for n, day in enumerate(Window(date(2026, 10, 20), date(2026, 11, 2)))),
    proof("71001", date(2026, 9, 1), status="accepted"),
    proof("71002", date(2026, 9, 30), status="pending", value_micros=10_000),
    proof("71003", date(2026, 10, 1), status="cancelled"),
    proof("71004", date(2026, 10, 25), status="test"),
    proof("71005", date(2026, 10, 31), status="refunded", value_micros=1_234_560_000),
    proof("71006", date(2026, 11, 9), key_kind="name"),
    proof("71007", date(2026, 11, 9), key_kind="name", value_micros=0),
    proof(
        "72001",
        date(2026, 11, 3),
        kind="refund",
        status="refunded",
        refers_to="71005",
        value_micros=1_234_560_000,
    ),
    proof(
        "72002",
        date(2026, 11, 4),
        kind="refund",
        status="refunded",
        refers_to="70001",
        value_micros=7_000_000,
    ),
    proof(
        "72003",
        date(2026, 11, 5),
        kind="refund",
        status="refunded",
        refers_to="70001",
        value_micros=1_000_000,
    ),
)


@dataclass(frozen=True)
class Synced:
    world: world.World
    fake: ShopifyFake
    rows: list[dict[str, object]]


def sync(fake: ShopifyFake, ledger: Ledger) -> Run:
    """Fetch everything until yesterday, over real HTTP; nobody waits for a refusal to pass."""
    noon = datetime.combine(fake.world.today, time(12), UTC)
    with loopback(lambda arrived: fake.answer(arrived.request)) as url:
        connector = Shopify.model_validate({**fake.table(), "base_url": url})
        connector.http.baton = Hasty()
        connector.http.sleep = connector.http.baton.pause
        return run_sync(
            ledger,
            [Configured("shop", connector, (), ("campaign",))],
            Wishes(first_day=fake.world.first_day, last_day=YESTERDAY, full=True, workers=2),
            clock=lambda: noon,
            baton=Hasty(),
            run_id="shop-1",
        )


def stored(ledger: Ledger) -> list[dict[str, object]]:
    names, rows = read_table(ledger, "evidence")
    return [dict(zip(names, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Synced:
    fake = ShopifyFake(replace(played(), evidence=(*played().evidence, *PLANTED)))
    with Ledger(tmp_path_factory.mktemp("shopify") / "a.db") as ledger:
        run = sync(fake, ledger)
        assert run.failures == []
        return Synced(fake.world, fake, stored(ledger))


def proofs(synced: Synced) -> list[world.Proof]:
    return [one for one in synced.world.evidence if one.connector == "shopify" and one.day <= YESTERDAY]


def test_every_proof_of_the_world_comes_back_exactly_once(synced: Synced) -> None:
    rows = {row["record_id"]: row for row in synced.rows}
    assert len(rows) == len(synced.rows)

    for one in proofs(synced):
        row = rows[one.record_id]
        expected: dict[str, object] = {
            "source_id": SHOP,
            "kind": one.kind,
            "day": str(one.day),
            "key_kind": one.key_kind,
            "key_value": "" if one.key_kind == "name" else one.campaign_id,
            "status": one.status,
            "refers_to": one.refers_to,
            "quantity_micros": one.quantity * 1_000_000,
            "value_micros": one.value_micros,
            "currency": "EUR",
            "timezone": "Europe/Berlin",
            "evidence_class": one.evidence_class,
        }
        assert {name: row[name] for name in expected} == expected


def test_whatever_else_was_ordered_carries_no_campaigns_key(synced: Synced) -> None:
    known = {one.record_id for one in proofs(synced)}
    others = [row for row in synced.rows if row["record_id"] not in known]

    assert {row["key_kind"] for row in others} == {"name", "click_id"}
    campaigns = {one.name for account in played().accounts for one in account.campaigns}
    assert not campaigns & {str(row["key_value"]) for row in others}
    assert {row["status"] for row in others} == {"paid", "pending", "cancelled", "test", "refunded"}
    flags = {flag for row in others for flag in str(row["flags"]).split()}
    assert flags >= {"pos", "draft", "renewal", "other_channel", "no_visit", "visits_pending", "with_tax"}
    assert max(len(str(row["key_value"])) for row in others) == 200


def test_orders_of_all_channels_come_once(synced: Synced) -> None:
    counted = Counter(row["record_id"] for row in synced.rows if row["kind"] == "order")
    expected = [one.order_id for one in orders(synced.world)]

    assert set(counted.values()) == {1}
    days = {row["day"] for row in synced.rows}
    assert {str(day) for day in Window(synced.world.first_day, YESTERDAY)} == days
    assert counted.keys() <= set(expected)
    assert len(expected) - len(counted) == len([one for one in synced.fake.orders if is_today(one.created)])


def test_an_app_that_sees_only_sixty_days_gets_these_and_is_told_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake_module, "SCOPES", ("read_orders",))
    fake = ShopifyFake(replace(played(), evidence=()))

    with Ledger(tmp_path / "a.db") as ledger:
        run = sync(fake, ledger)
        days = sorted(str(row["day"]) for row in stored(ledger) if row["kind"] == "order")

    assert {failure.error for failure in run.failures} == {"ConfigError"}
    assert all("grant it read_all_orders" in failure.message for failure in run.failures)
    assert "2026-09-12" <= days[0] <= "2026-09-19"
    assert days[-1] == str(YESTERDAY)


def is_today(created: datetime) -> bool:
    return created >= datetime(2026, 11, 9, 23, tzinfo=UTC)
