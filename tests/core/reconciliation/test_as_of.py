"""What was believed on a day can be judged again, after the platform has changed its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from adtally.calendar import Window
from adtally.connector import Connector, Unit, pulls
from adtally.engine.jobs import Wishes
from adtally.engine.run import run_sync
from adtally.ledger import Ledger
from adtally.reconciliation.facts import Facts
from adtally.reconciliation.gather import gather
from adtally.records import Account, Delivery, Invoice
from adtally.registry import Configured

OCTOBER = Window(date(2026, 10, 1), date(2026, 10, 31))
FIRST, SECOND = datetime(2026, 11, 3, 6, tzinfo=UTC), datetime(2026, 11, 9, 6, tzinfo=UTC)


class Restating(Connector):
    """A platform that takes back one of two clicks between the first and the second sync."""

    name = "restating"
    base_url: str = "https://ads.example"
    clicks: int
    issue_day: date | None = None

    def accounts(self) -> Iterable[Account]:
        return [Account(id="1", currency="EUR", timezone="UTC")]

    @pulls(Delivery, max_days=31, restated_days=30)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        day = date(2026, 10, 15)
        if day in unit.window:
            yield Delivery(day=day, campaign_id="7", clicks=self.clicks, cost_micros=self.clicks * 500_000)

    @pulls(Invoice)
    def invoices(self, unit: Unit) -> Iterator[Invoice]:
        if self.issue_day and OCTOBER.first_day in unit.window:
            yield Invoice(
                invoice_id="I",
                currency="EUR",
                total_micros=1,
                issue_day=self.issue_day,
                first_day=OCTOBER.first_day,
                last_day=OCTOBER.last_day,
            )


def synced(ledger: Ledger, connector: Connector, now: datetime) -> None:
    wishes = Wishes(first_day=OCTOBER.first_day)
    configured = Configured("r", connector, (), ("campaign",))
    run = run_sync(ledger, [configured], wishes, clock=lambda: now, run_id=f"{now:%d}")
    assert run.failures == []


def believed(ledger: Ledger, as_of: date | None) -> Facts:
    return gather(ledger, (), OCTOBER, SECOND.date(), as_of=as_of)


def test_restated_rows_and_later_documents_are_as_they_were(tmp_path: Path) -> None:
    with Ledger(tmp_path / "adtally.db") as ledger:
        synced(ledger, Restating(clicks=2), FIRST)
        synced(ledger, Restating(clicks=1, issue_day=date(2026, 11, 5)), SECOND)

        before, after = believed(ledger, FIRST.date()), believed(ledger, None)

    assert [campaign.counts.clicks for campaign in before.campaigns] == [2]
    assert [campaign.counts.clicks for campaign in after.campaigns] == [1]
    assert before.documents == ()
    assert [document.invoice_id for document in after.documents] == ["I"]


def test_day_before_the_first_sync_knew_nothing(tmp_path: Path) -> None:
    with Ledger(tmp_path / "adtally.db") as ledger:
        synced(ledger, Restating(clicks=2), FIRST)

        assert believed(ledger, date(2026, 11, 2)).campaigns == ()


def test_last_believed_day_is_what_is_known_now(tmp_path: Path) -> None:
    with Ledger(tmp_path / "adtally.db") as ledger:
        synced(ledger, Restating(clicks=2), FIRST)
        synced(ledger, Restating(clicks=1), SECOND)

        assert believed(ledger, SECOND.date()).campaigns == believed(ledger, None).campaigns
