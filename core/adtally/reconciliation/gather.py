"""From the ledger to the facts of one month: a few queries, then dictionaries of thousands, not millions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from ..calendar import Window, from_ordinal, months, to_ordinal
from ..ledger import Ledger
from ..ledger.tables import DELIVERY
from ..settings import Agreement
from . import sql
from .bills import group_bills, read_documents
from .campaigns import Owner, read_campaigns
from .coverage import SECONDS_A_DAY, Days
from .coverage_facts import Coverage
from .facts import Facts

LATEST = 2**62


def gather(
    ledger: Ledger, agreements: Sequence[Agreement], month: Window, today: date, *, as_of: date | None = None
) -> Facts:
    """The facts of one calendar month, as the ledger knows them now, or knew them when ``as_of`` ended (UTC).

    An earlier knowledge leaves out rows and documents that came later and takes restated rows as they were.
    """
    conn = ledger.conn
    known_at = LATEST if as_of is None else (to_ordinal(as_of) + 1) * SECONDS_A_DAY - 1
    conn.execute("DROP VIEW IF EXISTS temp.believed")
    columns = ", ".join(DELIVERY.columns)
    conn.execute(
        sql.BELIEVED_NOW if as_of is None else sql.BELIEVED_AT.format(instant=known_at, columns=columns)
    )
    owners = {row[0]: Owner(*row) for row in conn.execute(sql.ACCOUNTS)}
    documents = read_documents(ledger, month, as_of or date.max)
    span = month
    for document in documents:
        span = span.span(document.window) if document.window else span
    days = Days(conn, span, known_at)
    campaigns = read_campaigns(conn, owners, agreements, days, documents, month)

    by_account: defaultdict[tuple[str, str], list[Owner]] = defaultdict(list)
    for owner in owners.values():
        by_account[owner.platform, owner.account_id].append(owner)

    def sums(platform: str, account_id: str, window: Window) -> tuple[dict[str, int | None], Coverage]:
        here = by_account[platform, account_id]
        coverage = days.coverage((owner.key for owner in here), window)
        parameters = {
            "platform": platform,
            "account_id": account_id,
            "first": to_ordinal(window.first_day),
            "last": to_ordinal(window.last_day),
        }
        costs: dict[str, int | None] = {
            currency: cost if known == rows else None
            for currency, rows, known, cost in conn.execute(sql.ACCOUNT_COST, parameters)
        }
        if not costs and here and coverage.complete:
            costs = {here[0].currency: 0}
        return costs, coverage

    return Facts(
        month=month,
        today=today,
        campaigns=tuple(campaigns),
        documents=tuple(documents),
        groups=tuple(group_bills(documents, sums)),
    )


def known_months(ledger: Ledger) -> list[Window]:
    """The calendar months that delivery or documents reach, oldest first; [] for an empty ledger."""
    first, last = ledger.conn.execute(sql.DELIVERY_DAYS).fetchone()
    days = [] if first is None else [from_ordinal(first), from_ordinal(last)]
    days += [date.fromisoformat(day) for day in ledger.conn.execute(sql.DOCUMENT_DAYS).fetchone() if day]
    return list(months(Window(min(days), max(days)))) if days else []
