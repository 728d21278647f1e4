"""Small ledgers: platforms that tell what a test lists, synced as any other, and the facts of one month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from adtally.calendar import month as days_of
from adtally.connector import Connector, MetricGroup, Report, Unit, pulls
from adtally.engine.jobs import Wishes
from adtally.engine.run import run_sync
from adtally.errors import NotOffered
from adtally.ledger import Ledger
from adtally.reconciliation.facts import CampaignMonth, Facts
from adtally.reconciliation.gather import gather
from adtally.records import (
    Account,
    Balance,
    Campaign,
    Change,
    Delivery,
    Evidence,
    Interaction,
    Invoice,
    InvoiceLine,
    Order,
    Record,
)
from adtally.registry import Configured
from adtally.settings import Agreement

OCTOBER = days_of("2026-10")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FINAL: dict[MetricGroup, int] = {"cost": 0, "clicks": 0, "conversions": 0}
"""Asked again all the same, so that a test can let a platform change its mind."""
Row = TypeVar("Row", Delivery, Interaction, Campaign)
USD = Account(id="1", currency="USD", timezone="UTC")


@dataclass
class Told:
    """What a platform tells when it is asked; None = it has no such report."""

    platform: str = "google_ads"
    accounts: Sequence[Account] = (USD,)
    delivery: Sequence[Delivery] | None = ()
    evidence: Sequence[Evidence] | None = None
    interactions: Sequence[Interaction] | None = None
    campaigns: Sequence[Campaign] | None = ()
    changes: Sequence[Change] | None = ()
    balances: Sequence[Balance] | None = ()
    orders: Sequence[Order] | None = None
    invoices: Sequence[Invoice] | None = ()
    refuses_bills: bool = False
    of: dict[str, str] = field(default_factory=dict[str, str])
    """Account by campaign, or by invoice id: default the first one."""

    def records(self) -> dict[str, Sequence[Record] | None]:
        return {
            "delivery": self.delivery,
            "interactions": self.interactions,
            "evidence": self.evidence,
            "campaigns": self.campaigns,
            "changes": self.changes,
            "balances": self.balances,
            "orders": self.orders,
            "invoices": self.invoices,
        }


def connector(told: Told) -> Connector:
    class Teller(Connector):
        name = told.platform
        base_url: str = "https://ads.example"

        def accounts(self) -> Iterable[Account]:
            return told.accounts

        def reports(self) -> list[Report]:
            return [report for report in self.declared() if told.records()[report.name] is not None]

        @pulls(Delivery, max_days=31, restated_days=90, final_after=FINAL)
        def delivery(self, unit: Unit) -> Iterator[Delivery]:
            return (row for row in mine(told.delivery, unit) if row.day in unit.window)

        @pulls(Interaction, max_days=31, restated_days=90, final_after=FINAL)
        def interactions(self, unit: Unit) -> Iterator[Interaction]:
            return (row for row in mine(told.interactions, unit) if row.day in unit.window)

        @pulls(Evidence, max_days=31)
        def evidence(self, unit: Unit) -> Iterator[Evidence]:
            return (row for row in told.evidence or () if row.day in unit.window)

        @pulls(Change, max_days=31, restated_days=90)
        def changes(self, unit: Unit) -> Iterator[Change]:
            return (change for change in told.changes or () if change.at.date() in unit.window)

        @pulls(Campaign)
        def campaigns(self, unit: Unit) -> Iterator[Campaign]:
            return mine(told.campaigns, unit)

        @pulls(Balance)
        def balances(self, unit: Unit) -> Iterator[Balance]:
            return iter(told.balances or ())

        @pulls(Order)
        def orders(self, unit: Unit) -> Iterator[Order]:
            return iter(told.orders or ())

        @pulls(Invoice)
        def invoices(self, unit: Unit) -> Iterator[Invoice]:
            if told.refuses_bills:
                raise NotOffered("no bills here")
            for bill in told.invoices or ():
                day = bill.last_day or bill.issue_day
                account_id = told.of.get(bill.invoice_id, told.accounts[0].id)
                if day and day in unit.window and account_id == unit.account.id:
                    yield bill

    def mine(rows: Sequence[Row] | None, unit: Unit) -> Iterator[Row]:
        first = told.accounts[0].id
        return (row for row in rows or () if told.of.get(row.campaign_id, first) == unit.account.id)

    return Teller()


def sync(ledger: Ledger, now: datetime = NOW, /, **platforms: Told) -> None:
    """Sync the platforms, each under its name, from the year's beginning; nothing may fail."""
    sync_connectors(ledger, now, {name: connector(told) for name, told in platforms.items()})


def sync_connectors(ledger: Ledger, now: datetime, connectors: Mapping[str, Connector]) -> None:
    run = run_sync(
        ledger,
        [Configured(name, one, (), ("campaign",)) for name, one in connectors.items()],
        Wishes(first_day=date(2026, 1, 1)),
        clock=lambda: now,
        run_id=f"{now:%m%dT%H}",
    )
    assert run.failures == []


def facts(
    ledger: Ledger,
    agreements: Iterable[Mapping[str, object]] = (),
    *,
    month: str = "2026-10",
    as_of: date | None = None,
) -> Facts:
    """The facts of the month; an agreement is cpc at 0.50 with ``google`` unless it says else."""
    agreed = [
        Agreement.model_validate({"connector": "google", "model": "cpc", "rate": "0.50", **one})
        for one in agreements
    ]
    return gather(ledger, agreed, days_of(month), NOW.date(), as_of=as_of)


def campaign(found: Facts, campaign_id: str = "7") -> CampaignMonth:
    [one] = [one for one in found.campaigns if one.campaign_id == campaign_id]
    return one


def ran(
    *days: int | date, campaign_id: str = "7", cost: int | None = 1_000_000, **fields: object
) -> list[Delivery]:
    """One row for each day (of October, if it is a number) with 100 impressions, 10 clicks and the cost."""
    values: dict[str, object] = {"impressions": 100, "clicks": 10, "cost_micros": cost, **fields}
    dates = [date(2026, 10, day) if isinstance(day, int) else day for day in days]
    return [Delivery(day=day, campaign_id=campaign_id, **values) for day in dates]  # type: ignore[arg-type]


def bill(name: str = "INV-1", *lines: InvoiceLine, **fields: object) -> Invoice:
    """A bill of 100.00 for the whole of October, issued on 3 November."""
    values: dict[str, object] = {
        "number": name,
        "issue_day": date(2026, 11, 3),
        "first_day": OCTOBER.first_day,
        "last_day": OCTOBER.last_day,
        "currency": "USD",
        "total_micros": 100_000_000,
        **fields,
    }
    return Invoice(invoice_id=name, lines=lines, **values)  # type: ignore[arg-type]


def line(amount_micros: int, name: str = "1", **fields: object) -> InvoiceLine:
    return InvoiceLine(line=name, amount_micros=amount_micros, **fields)  # type: ignore[arg-type]


def at(day: int, hour: int = 0, *, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def later(hours: int) -> datetime:
    """``NOW`` and so many hours."""
    return NOW + timedelta(hours=hours)
