"""From the ledger to the facts of one month: a few queries, then dictionaries of thousands, not millions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..calendar import Window, from_ordinal, months
from ..ledger import Ledger
from ..settings import Agreement
from . import sql
from .account_months import read_account_months
from .agency import read_agencies
from .bills import group_bills, read_documents
from .budgets import read_budgets
from .campaign_sums import account_costs, read_sums
from .campaigns import add_billed_without_rows, read_campaigns, read_settings
from .chains import Corrections
from .change_log import ChangeLog
from .countries import read_fees
from .coverage import Known
from .evidence import read_evidence
from .exchange import with_exchange
from .facts import Facts
from .hours import with_hours
from .lines import CampaignNames, pair_lines
from .mapping import CampaignKeys, Mapped
from .orders import read_orders
from .overlaps import read_overlaps
from .reading import open_reading
from .restated import with_restatements
from .running import read_running
from .sales import read_sales
from .service_credits import read_service_credits
from .tagging import tagged_shares
from .terms import RateBook
from .trailing import read_session_trails


def gather(
    ledger: Ledger,
    agreements: Sequence[Agreement],
    month: Window,
    today: date,
    *,
    mapping: Sequence[Mapped] = (),
    as_of: date | None = None,
) -> Facts:
    """The facts of one calendar month, as the ledger knows them now, or knew them when ``as_of`` ended (UTC).

    An earlier knowledge leaves out rows and documents that came later and takes restated rows as they were.
    """
    known = Known.by(as_of)
    documents, of_month = read_documents(ledger.conn, month, known.on)
    span = month
    for document in of_month:
        span = span.span(document.window) if document.window else span
    reading = open_reading(ledger.conn, month, span, today, known)

    book = RateBook(reading.conn, agreements, month)
    sums = read_sums(reading.conn, book.pieces, month)
    settings = read_settings(reading)
    ran = {(*reading.owners.by_key[key].account, campaign_id) for key, campaign_id, _ in sums}
    names = CampaignNames({campaign: known.name for campaign, known in settings.items()}, ran)
    lines = pair_lines(documents, month, names)
    costs = account_costs(sums, reading.owners)
    add_billed_without_rows(
        reading, sums, lines, {document.subject: document.currency for document in documents}
    )
    keys = CampaignKeys(
        reading.owners, {((platform, account), id_) for platform, account, id_ in {*settings, *ran}}, mapping
    )
    evidence = read_evidence(reading, keys)
    log = ChangeLog(reading)
    found = read_campaigns(reading, book, sums, settings, lines, evidence.by_campaign, log)
    campaigns = tuple(with_restatements(reading, book, names, found, of_month))
    accounts = read_account_months(reading, of_month, lines, costs)
    corrections = Corrections(reading.conn, known.on)
    return Facts(
        month=month,
        today=min(today, known.on),
        campaigns=campaigns,
        documents=tuple(documents),
        groups=tuple(with_exchange(reading.conn, with_hours(reading, group_bills(documents, reading.costs)))),
        overlaps=tuple(read_overlaps(reading, documents, of_month, corrections)),
        chains=tuple(corrections.chains(month)),
        fees=tuple(read_fees(reading, accounts, corrections)),
        agencies=tuple(read_agencies(agreements, campaigns, documents, corrections)),
        accounts=tuple(accounts),
        running=tuple(read_running(reading)),
        orders=tuple(read_orders(reading, agreements, settings, log, campaigns, keys)),
        budgets=tuple(read_budgets(reading, campaigns, settings, log)),
        sources=evidence.sources,
        tagged=tuple(tagged_shares(campaigns)),
        sales=read_sales(reading, keys, campaigns, evidence.sources),
        session_trails=tuple(read_session_trails(reading, keys, campaigns)),
        service_credits=tuple(read_service_credits(reading, names, campaigns)),
    )


def known_months(ledger: Ledger) -> list[Window]:
    """The calendar months that delivery or documents reach, oldest first; [] for an empty ledger."""
    first, last = ledger.conn.execute(sql.DELIVERY_DAYS).fetchone()
    days = [] if first is None else [from_ordinal(first), from_ordinal(last)]
    days += [date.fromisoformat(day) for day in ledger.conn.execute(sql.DOCUMENT_DAYS).fetchone() if day]
    return list(months(Window(min(days), max(days)))) if days else []
