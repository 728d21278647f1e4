"""Which month a report shows when nobody named one, and what is billed in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from ..reconciliation.result import Month, Result, Support


def shown_month(result: Result, today: date) -> Month | None:
    """The newest month that has ended before ``today``, else the newest; None when nothing is judged.

    A running month changes with every sync: it is counted, and shown in detail only when asked for.
    """
    ended = [month for month in result.months if month.month.last_day < today]
    months = ended or list(result.months)
    return months[-1] if months else None


def is_running(month: Month, today: date) -> bool:
    return month.month.last_day >= today


def billed(support: Iterable[Support]) -> Counter[str]:
    """What was billed, in micros by currency, over all buckets."""
    sums: Counter[str] = Counter()
    for row in support:
        sums[row.currency] += row.billed_micros
    return sums


def currencies(month: Month) -> list[str]:
    """Every currency of the month's bills and findings, in alphabetical order."""
    found = {row.currency for row in month.support} | {row.currency for row in month.findings}
    return sorted(found - {""})


def platforms_without_bills(month: Month) -> list[str]:
    """Platforms whose amounts come from their own cost reports, because no bill of them is known."""
    with_bills = {document.platform for document in month.facts.documents}
    return sorted({row.platform for row in month.support if row.billed_micros} - with_bills)
