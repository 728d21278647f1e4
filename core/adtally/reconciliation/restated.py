"""Campaigns whose numbers changed after their bill was issued: what was believed then, and what came back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from ..calendar import DAY, Window
from . import sql, sql_restated
from .campaign_sums import total
from .coverage import Days, Known
from .coverage_facts import Coverage
from .facts import CampaignMonth, Counts, Credit, Document, Period, Restated
from .lines import CampaignNames
from .owners import AccountId
from .reading import Reading
from .terms import RateBook

MADE_WITHIN = timedelta(days=5)
"""A bill that is dated within its own days is made when they are over, so many days later at most."""
BILLS = frozenset({"invoice", "statement"})
"""The kinds of documents that bill days; payments and credits do not."""

Believed = Mapping[tuple[AccountId, str, str], Sequence[tuple[int, Counts]]]
"""By account, campaign and currency: the number of a piece of the month, and what it counted."""
Credits = Mapping[tuple[AccountId, str], Sequence[Credit]]
"""By account and campaign; "" = names none."""


class Issue(NamedTuple):
    """The bills that cover days of an account's month, and the day of the newest."""

    bills: tuple[str, ...]
    day: date
    currency: str
    billed_days: int
    names: frozenset[str]
    """Every number and id of the account's bills for the month."""


def with_restatements(
    reading: Reading,
    book: RateBook,
    names: CampaignNames,
    campaigns: Sequence[CampaignMonth],
    documents: Iterable[Document],
) -> Iterator[CampaignMonth]:
    """The campaigns, with what was believed when they were billed, where that changed since.

    ``documents`` are all that may bill some day of the month.
    """
    issues = _issues(documents, reading.month)
    believed = _believed(reading, issues)
    if not believed:
        yield from campaigns
        return
    given_back = _credits(reading, names, issues)
    coverages = {
        account: _coverage(reading, account, issues[account].day) for account in {key[0] for key in believed}
    }
    for campaign in campaigns:
        account = (campaign.platform, campaign.account_id)
        key = (account, campaign.campaign_id, campaign.currency)
        if key not in believed:
            yield campaign
            continue
        issue = issues[account]
        yield replace(
            campaign,
            restated=Restated(
                bills=issue.bills,
                issue_day=issue.day,
                periods=tuple(_periods(book, campaign, believed[key])),
                coverage=coverages[account],
                billed_days=issue.billed_days,
                credits=tuple(given_back.get((account, campaign.campaign_id), ())),
                shared=tuple(given_back.get((account, ""), ())),
            ),
        )


def _issues(documents: Iterable[Document], month: Window) -> dict[AccountId, Issue]:
    """By account: numbers of later days cannot be in any of its bills."""
    found: defaultdict[AccountId, list[Document]] = defaultdict(list)
    for document in documents:
        if document.kind in BILLS and document.window and document.window.overlap(month):
            for account_id in document.accounts:
                found[document.platform, account_id].append(document)
    issues = dict[AccountId, Issue]()
    for account, bills in found.items():
        days = {day for bill in bills if bill.window for day in bill.window.overlap(month) or ()}
        dated = [(day, bill) for bill in bills if (day := _made_on(bill))]
        if len(dated) < len(bills):  # what was known to a bill without a day, nobody knows
            continue
        day, newest = max(dated, key=lambda one: (one[0], one[1].subject))
        known_as = frozenset(name for bill in bills for name in (bill.number, bill.invoice_id) if name)
        subjects = tuple(sorted({bill.subject for bill in bills}))
        issues[account] = Issue(subjects, day, newest.currency, len(days), known_as)
    return issues


def _made_on(bill: Document) -> date | None:
    """The day of issue; for a bill dated within its own days, as Google's are, the last one it may be."""
    day, window = bill.issue_day, bill.window
    return window.last_day + MADE_WITHIN if day and window and day <= window.last_day else day


def _believed(reading: Reading, issues: Mapping[AccountId, Issue]) -> Believed:
    """What the campaigns counted by the rows of then, of which some was superseded since."""
    owners, conn = reading.owners, reading.conn
    issued = [
        (owner.key, Known.by(issue.day).at)
        for account, issue in issues.items()
        for owner in owners.by_account.get(account, ())
    ]
    if not issued:
        return {}
    conn.execute(sql_restated.ISSUED)
    conn.execute(sql_restated.FORGET_ISSUED)
    conn.executemany("INSERT INTO temp.issued VALUES (?, ?)", issued)
    conn.execute(sql_restated.CHANGED)
    conn.execute(sql_restated.FORGET_CHANGED)
    conn.execute(sql_restated.FILL_CHANGED, {**reading.bounds, "known_at": reading.known.at})
    found: defaultdict[tuple[AccountId, str, str], list[tuple[int, Counts]]] = defaultdict(list)
    for key, campaign_id, currency, segment, rows, view, other_view, *values in conn.execute(
        sql_restated.THEN, reading.bounds
    ):
        pairs = zip(sql.METRICS, values[::2], values[1::2], strict=True)
        counts = {name: told if known == rows else None for name, told, known in pairs}
        if view != other_view:  # views by different definitions are never added
            counts["video_views"] = None
        found[owners.by_key[key].account, campaign_id, currency].append((segment, Counts(**counts)))
    return dict(found)


def _periods(
    book: RateBook, campaign: CampaignMonth, pieces: Iterable[tuple[int, Counts]]
) -> Iterator[Period]:
    """The pieces that had rows then, each with the rate in force; neighbours of one rate are one period."""
    agreed = book.agreed(campaign.connector, campaign.account_id, campaign.campaign_id, campaign.name)
    last: Period | None = None
    for number, counts in pieces:
        window = book.pieces[number]
        rate = book.rate(
            agreed, campaign.connector, campaign.account_id, campaign.campaign_id, window.first_day
        )
        if last and last.rate == rate:
            joined = total([last.counts, counts])
            last = Period(window=last.window.span(window), counts=joined, rate=rate)
            continue
        if last:
            yield last
        last = Period(window=window, counts=counts, rate=rate)
    if last:
        yield last


def _coverage(reading: Reading, account: AccountId, day: date) -> Coverage:
    """How much of the month was fetched when that day ended.

    Nothing of it where no sync began between its end and then: what was older is not what was billed.
    """
    month = reading.month
    found = Days(reading.conn, sql.CELLS, month, Known.by(day))
    coverage = found.coverage((owner.key for owner in reading.owners.by_account[account]), month)
    between = {"over": (month.last_day + DAY).isoformat(), "until": (day + DAY).isoformat()}
    if reading.conn.execute(sql_restated.SYNCED, between).fetchone() is None:
        return replace(coverage, missing_days=month.days)
    return coverage


def _credits(reading: Reading, names: CampaignNames, issues: Mapping[AccountId, Issue]) -> Credits:
    """What later documents give back: for one of the bills, by its name, or for days of the month."""
    conn, month = reading.conn, reading.month
    corrected: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for connector, invoice_id, kind, other_id in conn.execute(sql.LINKS):
        if kind == "corrects":
            corrected[connector, invoice_id].add(other_id)
    bounds = {
        "known_on": reading.known.on.isoformat(),
        "issued_text": min(issue.day for issue in issues.values()).isoformat(),
    }
    found: defaultdict[tuple[AccountId, str], list[Credit]] = defaultdict(list)
    for (
        platform,
        connector,
        invoice_id,
        day,
        currency,
        account_id,
        line,
        campaign_id,
        name,
        *rest,
    ) in conn.execute(sql_restated.CREDITS, bounds):
        first_day, last_day, original, amount = rest
        named = corrected[connector, invoice_id] | {original}
        inside = bool(
            first_day
            and last_day
            and month.first_day.isoformat() <= first_day
            and last_day <= month.last_day.isoformat()
        )
        credit = Credit(
            table="invoice_lines" if line else "invoices",
            key=f"{connector}/{invoice_id}/{line}" if line else f"{connector}/{invoice_id}",
            amount_micros=amount,
        )
        for account, issue in issues.items():
            own = account == (platform, account_id)
            linked = account[0] == platform and bool(named & issue.names)
            later = day > issue.day.isoformat() and currency == issue.currency
            if later and (linked or (own and inside)):
                ids = [campaign_id] if campaign_id else names.find(account, name)
                found[account, ids[0] if len(ids) == 1 else ""].append(credit)
    return found
