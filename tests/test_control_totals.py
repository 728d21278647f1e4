"""The platforms' own totals of an account check its campaigns, and change nothing that is judged or shown."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path

import msgspec
import pytest

import adtally
from adtally.ledger.keys import see_account, see_feed
from adtally.reconciliation.result import Result
from adtally.world import World, serve
from adtally_connectors.meta_ads import MetaAds

PERFORMANCE = "SELECT * FROM performance ORDER BY connector, account_id, campaign_id, day"
SUMS = """
SELECT connector, account_id, day, SUM(impressions), SUM(clicks), SUM(cost_micros) FROM delivery
WHERE grain = ? AND connector IN ('google', 'meta', 'tiktok')
GROUP BY connector, account_id, day ORDER BY connector, account_id, day
"""


@dataclass(frozen=True)
class Seen:
    """What comes of one sync."""

    result: Result
    performance: list[tuple[object, ...]]
    totals: list[tuple[object, ...]]
    campaigns: list[tuple[object, ...]]


@pytest.fixture(scope="module")
def seen(nobody_waits: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Seen, Seen]:
    """The sandbox without control totals, and then with them, at the same noon."""
    folder = tmp_path_factory.mktemp("sandbox")
    world = World.build(seed=7)
    noon = partial(datetime.combine, world.today, time(12), UTC)
    with serve(world) as platforms:
        config = platforms.write_config(folder)
        with_totals = config.read_text(encoding="utf-8")
        return (
            _seen(config, with_totals.replace('"account", "campaign"', '"campaign"'), noon),
            _seen(config, with_totals, noon),
        )


def _seen(config: Path, text: str, noon: partial[datetime]) -> Seen:
    config.write_text(text, encoding="utf-8")
    settings = adtally.Settings.load(config)
    with adtally.open_ledger(settings) as ledger:
        adtally.sync(settings, ledger, clock=noon)
        result = adtally.reconcile(settings, ledger, clock=noon)
        performance = ledger.conn.execute(PERFORMANCE).fetchall()
        totals, campaigns = (
            ledger.conn.execute(SUMS, [grain]).fetchall() for grain in ("account", "campaign")
        )
    return Seen(result, performance, totals, campaigns)


def test_findings_are_equal_byte_by_byte_with_and_without_the_totals(seen: tuple[Seen, Seen]) -> None:
    without, having = (msgspec.json.encode(one.result.findings) for one in seen)

    assert having == without
    assert seen[0].result.findings


def test_no_check_judges_another_subject_because_of_the_totals(seen: tuple[Seen, Seen]) -> None:
    assert seen[1].result.outcomes == seen[0].result.outcomes


def test_totals_are_in_no_row_of_performance(seen: tuple[Seen, Seen]) -> None:
    assert seen[1].performance == seen[0].performance


def test_each_days_total_is_the_sum_of_the_campaigns(seen: tuple[Seen, Seen]) -> None:
    without, having = seen

    assert without.totals == []
    assert having.totals == having.campaigns
    assert {connector for connector, *_ in having.totals} == {"google", "meta", "tiktok"}


def test_totals_are_nobodys_money_also_where_there_are_only_finer_rows(tmp_path: Path) -> None:
    account = adtally.Account(id="1", currency="EUR", timezone="UTC")
    noon = datetime(2026, 10, 1, 12, tzinfo=UTC)

    with adtally.Ledger(tmp_path / "a.db") as ledger, ledger.transaction():
        key = see_account(ledger.conn, "north", "north", account, noon)
        for report in MetaAds.declared():
            if report.grain in ("account", "ad"):
                see_feed(ledger.conn, key, "north", account, report)
        money = ledger.conn.execute("SELECT grain FROM money_feeds").fetchall()

    assert money == [("ad",)]
