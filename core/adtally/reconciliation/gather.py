"""From the ledger to the facts of one month: a few queries, then dictionaries of thousands, not millions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..calendar import Window, from_ordinal, months
from ..ledger import Ledger
from ..settings import Agreement
from . import sql
from .account_months import read_account_months
from .bills import group_bills, read_documents
from .campaign_sums import read_sums
from .campaigns import add_billed_without_rows, read_campaigns, read_settings
from .coverage import Known
from .facts import Facts
from .lines import CampaignNames, pair_lines
from .reading import open_reading
from .running import read_running
from .terms import RateBook


def gather(
    ledger: Ledger, agreements: Sequence[Agreement], month: Window, today: date, *, as_of: date | None = None
) -> Facts:
    """The facts of one calendar month, as the ledger knows them now, or knew them when ``as_of`` ended (UTC).

    An earlier knowledge leaves out rows and documents that came later and takes restated rows as they were.
    """
    known = Known.by(as_of)
    documents, of_month = read_documents(ledger.conn, month, known.on)
    span = month
    for document in documents:
        span = span.span(document.window) if document.window else span
    reading = open_reading(ledger.conn, month, span, today, known)

    book = RateBook(reading.conn, agreements, month)
    sums = read_sums(reading.conn, book.pieces, month)
    settings = read_settings(reading)
    ran = {(*reading.owners.by_key[key].account, campaign_id) for key, campaign_id, _ in sums}
    names = CampaignNames({campaign: known.name for campaign, known in settings.items()}, ran)
    lines = pair_lines(documents, month, names)
    add_billed_without_rows(
        reading, sums, lines, {document.subject: document.currency for document in documents}
    )
    return Facts(
        month=month,
        today=min(today, known.on),
        campaigns=tuple(read_campaigns(reading, book, sums, settings, lines)),
        documents=tuple(documents),
        groups=tuple(group_bills(documents, reading.costs)),
        accounts=tuple(read_account_months(reading, of_month, lines)),
        running=tuple(read_running(reading)),
    )


def known_months(ledger: Ledger) -> list[Window]:
    """The calendar months that delivery or documents reach, oldest first; [] for an empty ledger."""
    first, last = ledger.conn.execute(sql.DELIVERY_DAYS).fetchone()
    days = [] if first is None else [from_ordinal(first), from_ordinal(last)]
    days += [date.fromisoformat(day) for day in ledger.conn.execute(sql.DOCUMENT_DAYS).fetchone() if day]
    return list(months(Window(min(days), max(days)))) if days else []
