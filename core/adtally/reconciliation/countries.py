"""Regulatory fees of the month beside what was spent in their countries, and those of the months before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from ..calendar import DAY, Window, from_ordinal, month, month_name
from . import sql_documents
from .account_facts import AccountMonth
from .bills import merged, window_of
from .chains import Corrections
from .coverage_facts import Coverage
from .document_facts import CountrySpend, FeeLine, FeeMonth
from .owners import AccountId
from .reading import Reading, bounds

EARLIER = 2
"""Months before the judged one: a rate that holds over several bills is no slip."""


class _Key(NamedTuple):
    platform: str
    accounts: tuple[str, ...]
    currency: str
    jurisdiction: str
    month: str


Spent = dict[str, int | None]
"""Micros by country; "" is nobody knows where."""


def read_fees(
    reading: Reading, accounts: Iterable[AccountMonth], corrections: Corrections
) -> Iterator[FeeMonth]:
    """The fees by country of the month and of ``EARLIER`` months, whichever document bills them.

    A line counts in the month of its own days, else of its document's. One whose days are no part of one
    month, or not told, stands in the month that its document is judged with.
    """
    first = reading.month.first_day
    for _ in range(EARLIER):
        first = (first - DAY).replace(day=1)
    reach = Window(first, reading.month.last_day)
    found = _lines(reading, reach, corrections)
    if not any(key.month == month_name(reading.month.last_day) for key in found):
        return  # then nothing asks where anything was spent
    spent, seen = _spent(reading, reach)
    months = {(one.platform, one.account_id, one.currency): one for one in accounts}
    for key, lines in sorted(found.items()):
        days = month(key.month)
        here = [(key.platform, account_id) for account_id in key.accounts]
        connector = next((one[0] for one in lines), "")
        own = [months.get((*account, key.currency)) for account in here] if days == reading.month else []
        costs = [one.cost_micros if one else None for one in own]
        yield FeeMonth(
            connector=connector,
            platform=key.platform,
            accounts=key.accounts,
            currency=key.currency,
            jurisdiction=key.jurisdiction,
            month=days,
            lines=tuple(line for _, line in lines),
            spend=_spend(
                [spent.get((account, key.currency, key.month)) for account in here],
                key.jurisdiction,
                None if None in costs or not costs else sum(cost or 0 for cost in costs),
                max((seen[account] for account in here if account in seen), default=None),
            ),
            coverage=merged([one.coverage for one in own if one] or [Coverage()]),
        )


def _lines(
    reading: Reading, reach: Window, corrections: Corrections
) -> dict[_Key, list[tuple[str, FeeLine]]]:
    named: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for connector, invoice_id, account_id in reading.conn.execute(sql_documents.DOCUMENT_ACCOUNTS):
        named[connector, invoice_id].append(account_id)
    found: defaultdict[_Key, list[tuple[str, FeeLine]]] = defaultdict(list)
    texts = {
        "first_text": reach.first_day.isoformat(),
        "last_text": (reach.last_day + 62 * DAY).isoformat(),
        "known_on": reading.known.on.isoformat(),
    }
    for row in reading.conn.execute(sql_documents.FEE_LINES, texts):
        platform, connector, invoice_id, billed_to, currency, first_day, last_day, judged_day, *rest = row
        line, account_id, description, jurisdiction, amount, line_first, line_last = rest
        subject = f"{connector}/{invoice_id}"
        if subject in corrections.void or subject not in corrections.known:
            continue
        accounts = [account_id] if account_id else named[connector, invoice_id] or [billed_to]
        window = window_of(line_first, line_last) or window_of(first_day, last_day)
        of_one = window and month_name(window.first_day) == month_name(window.last_day)
        name = month_name(window.first_day) if window and of_one else str(judged_day)[:7]
        if not month_name(reach.first_day) <= name <= month_name(reach.last_day):
            continue
        key = _Key(platform, tuple(sorted(set(accounts))), currency, jurisdiction.upper(), name)
        fee = FeeLine(
            document=subject,
            line=line,
            says=description or "fee",
            amount_micros=amount,
            window=window if of_one else None,
        )
        found[key].append((connector, fee))
    return dict(found)


def _spent(
    reading: Reading, reach: Window
) -> tuple[dict[tuple[AccountId, str, str], Spent], dict[AccountId, datetime]]:
    """What each account spent by currency, month and country, and when the newest of it was fetched."""
    found: defaultdict[tuple[AccountId, str, str], Spent] = defaultdict(dict)
    seen: dict[AccountId, datetime] = {}
    for platform, account_id, currency, day, country, rows, known, cost, as_of in reading.conn.execute(
        sql_documents.COUNTRY_COSTS, bounds(reach)
    ):
        account, at = (platform, account_id), datetime.fromtimestamp(as_of, UTC)
        found[account, currency, month_name(from_ordinal(day))][country] = cost if known == rows else None
        seen[account] = max(at, seen.get(account, at))
    return dict(found), seen


def _spend(
    found: list[Spent | None], jurisdiction: str, total: int | None, as_of: datetime | None
) -> CountrySpend:
    by_country = [one for one in found if one]
    costs = [one.get(jurisdiction, 0) for one in by_country]
    if not by_country or len(by_country) < len(found) or None in costs:
        return CountrySpend(cost_micros=None, total_micros=total, as_of=as_of)
    told = [cost for one in by_country for cost in one.values()]
    placed = sum(cost or 0 for one in by_country for country, cost in one.items() if country)
    unknown = sum(one.get("") or 0 for one in by_country)
    if total is not None:
        unknown = max(unknown, total - placed)
    elif None in told:
        return CountrySpend(cost_micros=None, as_of=as_of)
    return CountrySpend(
        cost_micros=sum(cost or 0 for cost in costs),
        unknown_micros=max(0, unknown),
        total_micros=total,
        as_of=as_of,
    )
