"""Documents as the checks see them, and which of them must be compared together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from ..calendar import DAY, Window, months
from ..ledger import Connection
from . import sql
from .coverage_facts import Coverage
from .facts import BillGroup, Delivered, Document, Line
from .owners import AccountId

Sums = Callable[[AccountId, Window], tuple[dict[str, int | None], Coverage]]
"""Cost by currency of one account over some days, and how far it is known."""


def read_documents(conn: Connection, month: Window, known_on: date) -> tuple[list[Document], list[Document]]:
    """The closed documents that are judged with the month, and all that may bill some day of it.

    A document is judged with the month that its service ends in, or that it is issued in when it names none;
    then it may also bill the month before. One number from two connectors of a platform is one bill, and the
    one with lines stays.
    """
    lines: defaultdict[tuple[str, str], dict[str, list[Line]]] = defaultdict(dict)
    for platform, invoice_id, connector, *columns, first_day, last_day in conn.execute(sql.LINES):
        values = dict(zip(_LINE_COLUMNS, columns, strict=True))
        values["price_is_average"] = bool(values["price_is_average"])
        line = Line(**values, window=window_of(first_day, last_day))
        lines[platform, invoice_id].setdefault(connector, []).append(line)
    accounts: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for connector, invoice_id, account_id in conn.execute(sql.DOCUMENT_ACCOUNTS):
        accounts[connector, invoice_id].append(account_id)
    links: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for connector, invoice_id, kind, other_id in conn.execute(sql.LINKS):
        links[connector, invoice_id, kind].append(other_id)

    bounds = {
        "first_text": month.first_day.isoformat(),
        "last_text": month.last_day.isoformat(),
        "issued_text": following(month).last_day.isoformat(),
        "known_on": known_on.isoformat(),
    }
    bills: defaultdict[tuple[str, str], list[Document]] = defaultdict(list)
    judged = set[str]()
    for ends_here, *row in conn.execute(sql.DOCUMENTS, bounds):
        connector, platform, invoice_id, number, account_id, kind, issue_day, first_day, last_day, *money = (
            row
        )
        key = (connector, invoice_id)
        told = lines[
            platform, invoice_id
        ]  # by a connector that brings lines alone, where the own one has none
        own_lines = tuple(told.get(connector) or next(iter(told.values()), ()))
        named = (
            accounts[key]
            or sorted({line.account_id for line in own_lines if line.account_id})
            or [account_id]
        )
        document = Document(
            connector=connector,
            platform=platform,
            invoice_id=invoice_id,
            number=number,
            account_id=account_id,
            kind=kind,
            issue_day=_day(issue_day),
            window=window_of(first_day, last_day),
            **dict(zip(_MONEY_COLUMNS, money, strict=True)),
            lines=own_lines,
            accounts=tuple(named),
            corrects=tuple(links[*key, "corrects"]),
            replaces=tuple(links[*key, "replaces"]),
        )
        if ends_here:
            judged.add(document.subject)
        same = bills[platform, document.label]
        elsewhere = [n for n, known in enumerate(same) if known.connector != connector]
        if not elsewhere:
            same.append(document)
        elif document.lines and not same[elsewhere[0]].lines:
            same[elsewhere[0]] = document
    found = [document for same in bills.values() for document in same]
    return [document for document in found if document.subject in judged], found


def following(month: Window) -> Window:
    """The calendar month after the last day."""
    *_, last = months(Window(month.last_day, month.last_day + DAY))
    return last


def group_bills(documents: Sequence[Document], sums: Sums) -> list[BillGroup]:
    """The documents that must be compared together, each group with what its accounts delivered in its days.

    Joined where one corrects or replaces another, and where two bill a common account for common days.
    """
    roots = list(range(len(documents)))

    def root(n: int) -> int:
        while roots[n] != n:
            n = roots[n]
        return n

    for n, one in enumerate(documents):
        for m in range(n):
            if _together(one, documents[m]):
                roots[root(n)] = root(m)
    groups: defaultdict[int, list[Document]] = defaultdict(list)
    for n, document in enumerate(documents):
        groups[root(n)].append(document)
    return [BillGroup(documents=tuple(group), delivered=_delivered(group, sums)) for group in groups.values()]


def _together(one: Document, other: Document) -> bool:
    if one.platform != other.platform:
        return False
    linked = {*one.corrects, *one.replaces} & {other.invoice_id, other.number} or {
        *other.corrects,
        *other.replaces,
    } & {
        one.invoice_id,
        one.number,
    }
    if linked - {""}:
        return True
    common = set(one.accounts) & set(other.accounts)
    return bool(common and one.window and other.window and one.window.overlap(other.window))


def _delivered(group: Sequence[Document], sums: Sums) -> tuple[Delivered, ...]:
    windows = [document.window for document in group if document.window]
    if not windows:
        return ()
    window = windows[0]
    for other in windows[1:]:
        window = window.span(other)
    accounts = tuple(sorted({account for document in group for account in document.accounts}))
    costs: dict[str, int | None] = {}
    coverages = list[Coverage]()
    for account_id in accounts:
        by_currency, coverage = sums((group[0].platform, account_id), window)
        coverages.append(coverage)
        for currency, cost in by_currency.items():
            known = costs.get(currency, 0)
            costs[currency] = None if known is None or cost is None else known + cost
    coverage = merged(coverages)
    return tuple(
        Delivered(currency=currency, cost_micros=cost, accounts=accounts, window=window, coverage=coverage)
        for currency, cost in sorted(costs.items())
    )


def merged(coverages: Sequence[Coverage]) -> Coverage:
    """How far all of them together are known: no better than the one that is known least."""
    pending: dict[str, date] = {}
    for coverage in coverages:
        for group, day in coverage.pending_until.items():
            pending[group] = max(day, pending.get(group, day))
    return Coverage(
        missing_days=max(coverage.missing_days for coverage in coverages),
        pending_until=pending,  # type: ignore[arg-type]  # its keys are metric groups
        as_of=max((coverage.as_of for coverage in coverages if coverage.as_of), default=None),
    )


def window_of(first_day: str | None, last_day: str | None) -> Window | None:
    """The days between two texts of the ledger; None unless both are there, in order."""
    if not first_day or not last_day or first_day > last_day:
        return None
    return Window(date.fromisoformat(first_day), date.fromisoformat(last_day))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_LINE_COLUMNS = (
    "line",
    "account_id",
    "campaign_id",
    "campaign_name",
    "kind",
    "description",
    "quantity",
    "unit",
    "per",
    "unit_price_micros",
    "price_is_average",
    "amount_micros",
    "served_micros",
    "jurisdiction",
    "rate_ppm",
    "base_micros",
    "purchase_order",
    "budget_id",
    "original_invoice_id",
)
_MONEY_COLUMNS = (
    "currency",
    "subtotal_micros",
    "adjustments_micros",
    "fees_micros",
    "tax_micros",
    "total_micros",
    "purchase_order",
)
