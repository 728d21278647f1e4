"""Closed months and estimates, in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from ..money import money_text
from ..reconciliation.accruals import Accrual, Why
from ..reconciliation.drift import Change
from .wording import plural

SINCE_ROWS = 10
"""Rows of a short table of changes; the others are counted."""


WHY_UNBILLED: dict[Why, str] = {
    "not_billed_yet": "the bill has not come",
    "not_offered": "the platform gives no bills",
    "not_asked": "nobody asked for bills; import them as a file",
}


def change_text(change: Change) -> str:
    """``cost google/123``, ``new credit_memo CM-1``, ``finding F-1 (invoice-duplicate) gone``."""
    account = f"{change.connector}/{change.account_id}" if change.account_id else change.connector
    if change.campaign_id:
        account = f"{account}/{change.campaign_id}"
    if change.what not in ("document", "finding"):
        return f"{change.what.upper() if change.what == 'estimate' else change.what} {account}"
    if change.what == "document":
        about = f"{change.says.replace('_', ' ')} {change.key}"
    else:
        about = f"finding {change.key} ({change.says})"
    if change.then_micros is None:
        return f"new {about}"
    return f"{about} gone" if change.now_micros is None else about


def estimates(accruals: Iterable[Accrual]) -> Iterator[str]:
    """One sentence for each currency in which accounts without a bill cost something."""
    sums: Counter[str] = Counter()
    accounts: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for accrual in accruals:
        sums[accrual.currency] += accrual.estimate_micros
        accounts[accrual.currency].add((accrual.connector, accrual.account_id))
    for currency, micros in sorted(sums.items()):
        count = plural(len(accounts[currency]), "account")
        yield f"{money_text(micros, currency)} for {count} without a bill, by the platform's own cost report"
