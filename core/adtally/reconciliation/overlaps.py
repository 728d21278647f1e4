"""Documents that bill the same days of one scope, and what ran on those days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import combinations

from ..calendar import DAY, Window
from .bills import merged
from .chains import Corrections
from .coverage_facts import Coverage
from .facts import Delivered, Document, Overlap
from .reading import Reading

COMPARED = ("invoice", "statement")
"""The kinds of documents that bill days; an invoice and a statement may tell of the same charge."""


def read_overlaps(
    reading: Reading, judged: Sequence[Document], of_month: Sequence[Document], corrections: Corrections
) -> list[Overlap]:
    """Groups of documents, each of which bills days that another one of it bills too.

    Two documents are judged with the month of the one whose service ends first; ``of_month`` are all that
    bill days of the month. Documents that another one replaces or a credit cancels bill nothing.
    """
    here = {document.subject for document in judged}
    billing = [one for one in of_month if _bills_days(one) and one.subject not in corrections.void]
    by_account: defaultdict[tuple[str, str], list[Document]] = defaultdict(list)
    for document in billing:
        for account_id in document.accounts:
            by_account[document.platform, account_id].append(document)
    found: dict[tuple[str, str], Pair] = {}
    for documents in by_account.values():
        for one, other in combinations(documents, 2):
            if min((one, other), key=_service).subject in here and (shared := _shared(one, other)):
                found[one.subject, other.subject] = (one, other, shared)
    pairs = [found[subjects] for subjects in sorted(found)]
    return [_overlap(reading, group, pairs, billing, here, corrections) for group in _groups(pairs)]


Pair = tuple[Document, Document, Window]


def _bills_days(document: Document) -> bool:
    """Whether it bills media of known days; an ad server, for one, bills fees alone."""
    media = not document.lines or any(line.kind == "media" for line in document.lines)
    return media and document.kind in COMPARED and document.window is not None and document.total_micros > 0


def _service(document: Document) -> tuple[date, date, str]:
    days = document.window
    return (
        (days.last_day, days.first_day, document.subject) if days else (date.max, date.max, document.subject)
    )


def _shared(one: Document, other: Document) -> Window | None:
    """The days that both bill, if they bill one scope; equal bills of equal days are duplicates."""
    if (one.platform, one.kind, one.currency) != (other.platform, other.kind, other.currency):
        return None
    if not one.window or not other.window or not set(one.accounts) & set(other.accounts):
        return None
    if (one.window, one.total_micros) == (other.window, other.total_micros):
        return None
    for scopes in ((_orders(one), _orders(other)), (_campaigns(one), _campaigns(other))):
        if all(scopes) and not scopes[0] & scopes[1]:
            return None
    return one.window.overlap(other.window)


def _orders(document: Document) -> set[str]:
    named = {document.purchase_order}
    for line in document.lines:
        named |= {line.purchase_order, line.budget_id}
    return named - {""}


def _campaigns(document: Document) -> set[tuple[str, str]]:
    """The campaigns that the document bills; none where some media line names no campaign."""
    named = {
        (line.account_id, line.campaign_id or line.campaign_name)
        for line in document.lines
        if line.kind == "media"
    }
    return set() if any(not campaign for _, campaign in named) else named


def _groups(pairs: Iterable[Pair]) -> list[dict[str, Document]]:
    groups: list[dict[str, Document]] = []
    for one, other, _ in pairs:
        group = {one.subject: one, other.subject: other}
        apart = list[dict[str, Document]]()
        for known in groups:
            if known.keys() & group.keys():
                group |= known
            else:
                apart.append(known)
        groups = [*apart, group]
    return groups


def _overlap(
    reading: Reading,
    group: dict[str, Document],
    pairs: Iterable[Pair],
    billing: Iterable[Document],
    here: Collection[str],
    corrections: Corrections,
) -> Overlap:
    documents = tuple(group[subject] for subject in sorted(group))
    shared: defaultdict[str, list[Window]] = defaultdict(list)
    for one, other, window in pairs:
        if one.subject in group:
            for account_id in set(one.accounts) & set(other.accounts):
                shared[account_id].append(window)
    billed: defaultdict[str, list[Window]] = defaultdict(list)
    for document in documents:
        if document.window:
            for account_id in document.accounts:
                billed[account_id].append(document.window)
    others = {
        one.subject
        for one in billing
        if one.subject not in group
        and one.platform == documents[0].platform
        and one.window
        and any(one.window.overlap(days) for name in one.accounts for days in billed.get(name, ()))
    }
    own = {
        document.subject: ran.cost_micros if ran else None
        for document in documents
        if document.window and document.subject not in here
        for ran in [_ran(reading, document.platform, {name: [document.window] for name in document.accounts})]
    }
    return Overlap(
        documents=documents,
        credited_micros=corrections.memos([*group]),
        accounts=tuple(sorted(shared)),
        days=tuple(_joined(window for windows in shared.values() for window in windows)),
        shared=_ran(reading, documents[0].platform, shared),
        union=_ran(reading, documents[0].platform, billed),
        own_micros=own,
        others=tuple(sorted(others)),
    )


def _ran(reading: Reading, platform: str, days: dict[str, list[Window]]) -> Delivered | None:
    """What the accounts delivered, each on its own days; None if nothing is known, or several currencies."""
    costs: dict[str, int | None] = {}
    coverages, windows = list[Coverage](), list[Window]()
    for account_id in sorted(days):
        for window in _joined(days[account_id]):
            by_currency, coverage = reading.costs((platform, account_id), window)
            coverages.append(coverage)
            windows.append(window)
            for currency, cost in by_currency.items():
                known = costs.get(currency, 0)
                costs[currency] = None if known is None or cost is None else known + cost
    if len(costs) != 1:
        return None
    [(currency, cost)] = costs.items()
    span = Window(min(w.first_day for w in windows), max(w.last_day for w in windows))
    return Delivered(
        currency=currency,
        cost_micros=cost,
        accounts=tuple(sorted(days)),
        window=span,
        coverage=merged(coverages),
    )


def _joined(windows: Iterable[Window]) -> list[Window]:
    """The same days in as few windows as possible."""
    found = list[Window]()
    for window in sorted(windows):
        if found and window.first_day <= found[-1].last_day + DAY:
            found[-1] = found[-1].span(window)
        else:
            found.append(window)
    return found
