"""What each platform offers, from what its connector declares: a table for readers of the documentation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import get_args

from ..connector import Connector, Report
from ..platforms import PLATFORMS
from ..records import (
    Balance,
    Change,
    CountryCost,
    Delivery,
    Evidence,
    Grain,
    HourlyCost,
    Interaction,
    Invoice,
    Order,
    Record,
    Terms,
)
from ..world import installed

HEADS = (
    *("platform", "accounts", "delivery", "interactions", "terms", "changes", "orders", "balances"),
    *("invoices", "lines", "credits", "hours", "countries", "evidence", "restated", "kept"),
    *("prepared", "sandbox"),
)
BEFORE_TRAITS: tuple[type[Record], ...] = (Interaction, Terms, Change, Order, Balance, Invoice)
BEHIND_TRAITS: tuple[type[Record], ...] = (HourlyCost, CountryCost, Evidence)
"""What the heads before and behind those of lines and credits ask for."""
YES, NO = "✓", "–"


def as_markdown(types: Mapping[str, type[Connector]]) -> str:
    """A row for each platform that has an API of its own. Grains, and days that are asked for again.

    ``files`` takes what a file holds and is no platform.
    """
    sandboxes = installed()
    rows = [
        (platform, *_cells(kind), _mark(platform in sandboxes))
        for platform, kind in sorted(types.items())
        if platform in PLATFORMS
    ]
    return "\n".join(map(_line, [HEADS, ["---"] * len(HEADS), *rows]))


def _cells(kind: type[Connector]) -> Iterable[str]:
    reports = kind.declared()
    of_delivery = [report for report in reports if Delivery in report.records]
    offered = {report.grain for report in of_delivery}
    yield _mark(kind.accounts is not Connector.accounts)
    yield ", ".join(grain.replace("_", " ") for grain in get_args(Grain) if grain in offered) or NO
    for record in BEFORE_TRAITS:
        yield _mark(_yields(reports, record))
    for trait in ("lines", "credits"):
        yield _mark(any(trait in report.traits for report in reports))
    for record in BEHIND_TRAITS:
        yield _mark(_yields(reports, record))
    counted = of_delivery or [report for report in reports if Evidence in report.records]
    yield _days(counted, lambda report: report.restated_days)
    yield _days(counted, lambda report: report.retention_days)
    yield _mark(any("prepared" in report.traits for report in reports))


def _yields(reports: Iterable[Report], record: type[Record]) -> bool:
    return any(record in report.records for report in reports)


def _days(reports: Iterable[Report], of: Callable[[Report], int | None]) -> str:
    told = sorted({days for report in reports if (days := of(report))})
    return f"{'–'.join(map(str, (told[0], told[-1])[: len(told)]))} days" if told else NO


def _mark(offered: bool) -> str:
    return YES if offered else NO


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
