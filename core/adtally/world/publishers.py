"""What comes as CSV: delivery and bills where no API tells them, and the buyer's evidence."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from ..platforms import PLATFORMS
from ..records import Model
from .bills import EXPORTED, bills_of
from .model import Account, Campaign, Row
from .paper import Bill
from .world import World

Cells: TypeAlias = Mapping[str, object]

TRACKED: dict[Model, tuple[str, ...]] = {
    "vcpm": ("measurable_impressions", "viewable_impressions"),
    "cpv": ("video_views",),
    "cpcv": ("video_views", "video_completions"),
    "cpe": ("engagements",),
    "cpl": ("leads",),
    "cpi": ("installs",),
    "cpa": ("conversions",),
    "cps": ("purchases", "revenue"),
}
"""What a publisher counts beside impressions and clicks: the rest of the row stays empty."""

DELIVERY = (
    *("account", "day", "campaign_id", "impressions", "clicks", "measurable_impressions"),
    *("viewable_impressions", "video_views", "video_completions", "engagements", "leads", "installs"),
    *("conversions", "purchases", "revenue", "cost"),
)
INVOICES = (
    *("account", "invoice_id", "number", "kind", "status", "issue_day", "first_day", "last_day", "currency"),
    *("subtotal", "fees", "tax", "total", "purchase_order", "corrects", "replaces"),
)
INVOICE_LINES = (
    *("account", "invoice_id", "line", "campaign_id", "campaign_name", "kind", "description", "quantity"),
    *("unit", "per", "unit_price", "amount", "first_day", "last_day", "jurisdiction", "purchase_order"),
)
EVIDENCE = (
    *("source_id", "record_id", "kind", "day", "key_kind", "key_value", "status", "refers_to", "quantity"),
    *("value", "currency", "evidence_class"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV file and the table of config.toml that reads it."""

    connector: str
    record: str
    path: str
    columns: tuple[str, ...]
    rows: tuple[Cells, ...]
    constants: Mapping[str, str]

    def write(self, directory: Path) -> None:
        path = directory / self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, self.columns, restval="")
            writer.writeheader()
            writer.writerows(self.rows)


def tables(world: World) -> list[Table]:
    """Every file of the world: four for each publisher, bills that a web page exports, and the evidence."""
    found: list[Table] = []
    for connector in dict.fromkeys(account.connector for account in world.accounts):
        accounts = [account for account in world.accounts if account.connector == connector]
        first = accounts[0]
        currency = {"currency": first.currency}
        constants = {"platform": first.platform, "timezone": first.timezone}
        if first.platform not in PLATFORMS:
            bills = [bill for bill in world.bills if bill.connector == f"{connector}_invoices"]
            if any(account.campaigns for account in accounts):
                found.append(
                    Table(
                        connector,
                        "delivery",
                        f"{connector}/delivery.csv",
                        DELIVERY,
                        tuple(_delivery(world, accounts)),
                        constants | currency | {"grain": "campaign"},
                    )
                )
            found += [
                Table(f"{connector}_invoices", "invoices", f"{connector}/invoices.csv", INVOICES,
                      tuple(map(_invoice, bills)), constants),
                Table(f"{connector}_lines", "invoice_lines", f"{connector}/invoice_lines.csv", INVOICE_LINES,
                      tuple(_lines(bills)), constants | currency),
            ]  # fmt: skip
        if first.platform in EXPORTED:
            bills = [bill for bill in world.bills if bill.connector == bills_of(first)]
            found.append(
                Table(bills_of(first), "invoices", f"{connector}/invoices.csv", INVOICES,
                      tuple(map(_invoice, bills)), constants)
            )  # fmt: skip
        if evidence := tuple(_evidence(world, f"{connector}_evidence")):
            found.append(
                Table(f"{connector}_evidence", "evidence", f"{connector}/evidence.csv", EVIDENCE,
                      evidence, constants | {"account": connector})
            )  # fmt: skip
        if listed := tuple(_evidence(world, f"{connector}_list")):
            found.append(
                Table(f"{connector}_list", "evidence", f"{connector}/list.csv", ("account", *EVIDENCE),
                      listed, constants)
            )  # fmt: skip
    return found


def decimal_text(micros: int) -> str:
    """The amount in major units, exact and without an exponent: ``"0.405"``."""
    return f"{Decimal(micros).scaleb(-6).normalize():f}"


def _delivery(world: World, accounts: Iterable[Account]) -> Iterator[Cells]:
    for account in accounts:
        for campaign in account.campaigns:
            for row in world.days[campaign.campaign_id]:
                yield _day(account, campaign, row)


def _day(account: Account, campaign: Campaign, row: Row) -> Cells:
    tracked = ("impressions", "clicks", *TRACKED.get(campaign.model, ()))
    counts = {name: getattr(row, name) for name in tracked if name not in ("conversions", "revenue")}
    if "conversions" in tracked:
        counts["conversions"] = decimal_text(row.conversions_micros)
    if "revenue" in tracked:
        counts["revenue"] = decimal_text(row.revenue_micros)
    return counts | {
        "account": account.account_id,
        "day": row.day,
        "campaign_id": campaign.campaign_id,
        "cost": decimal_text(row.cost_micros),
    }


def _invoice(bill: Bill) -> Cells:
    cells = {
        "account": bill.account_id,
        "invoice_id": bill.invoice_id,
        "number": bill.invoice_id,
        "kind": bill.kind,
        "status": "issued",
        "issue_day": bill.issue_day,
        "first_day": bill.service.first_day,
        "last_day": bill.service.last_day,
        "currency": bill.currency,
        "total": decimal_text(bill.total_micros),
        "purchase_order": bill.purchase_order,
        "corrects": bill.corrects,
        "replaces": bill.replaces,
    }
    if bill.prints_subtotal:
        parts = {"subtotal": bill.summed("media"), "fees": bill.summed("fee"), "tax": bill.summed("tax")}
        cells |= {name: decimal_text(micros) for name, micros in parts.items()}
    return cells


def _lines(bills: Iterable[Bill]) -> Iterator[Cells]:
    for bill in bills:
        for number, line in enumerate(bill.lines, 1):
            price = line.unit_price_micros
            yield {
                "account": line.account_id,
                "invoice_id": bill.invoice_id,
                "line": number,
                "campaign_id": line.campaign_id,
                "campaign_name": line.campaign_name,
                "kind": line.kind,
                "description": line.description,
                "quantity": "" if line.quantity is None else line.quantity,
                "unit": line.unit,
                "per": line.per,
                "unit_price": "" if price is None else decimal_text(price),
                "amount": decimal_text(line.amount_micros),
                "first_day": line.first_day,
                "last_day": line.last_day,
                "jurisdiction": line.jurisdiction,
                "purchase_order": line.purchase_order,
            }


def _evidence(world: World, connector: str) -> Iterator[Cells]:
    for proof in world.evidence:
        if proof.connector == connector:
            yield {
                **({"account": proof.account_id} if proof.evidence_class == "E0" else {}),
                "source_id": proof.source_id,
                "record_id": proof.record_id,
                "kind": proof.kind,
                "day": proof.day,
                "key_kind": proof.key_kind,
                "key_value": proof.record_id if proof.evidence_class == "E0" else proof.campaign_id,
                "status": proof.status,
                "refers_to": proof.refers_to,
                "quantity": proof.quantity,
                "value": "" if proof.value_micros is None else decimal_text(proof.value_micros),
                "currency": proof.currency,
                "evidence_class": proof.evidence_class,
            }
