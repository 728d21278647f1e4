"""What accounts without a bill cost: an estimate for the books, never a bill and never a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from ..calendar import month_name
from .account_facts import AccountMonth

Why: TypeAlias = Literal["not_billed_yet", "not_offered", "not_asked"]


class Accrual(Struct, frozen=True, kw_only=True):
    """An ESTIMATE of what an account's month will be billed: its cost by the platform's own report."""

    month: str
    connector: str
    platform: str
    account_id: str
    account: str
    """Its name; "" where the platform gave none."""
    currency: str
    estimate_micros: int
    why: Why
    """The bill has not come; the platform gives no bills; or nobody asked it for any."""


def accruals(accounts: Iterable[AccountMonth]) -> Iterator[Accrual]:
    """One estimate for each account and currency with cost and without any bill of the month.

    A bill for a part of the month is a bill: what it leaves out is a question of invoice-missing. An account
    of which some row has no cost has no estimate.
    """
    for account in accounts:
        if account.documents or not account.cost_micros:
            continue
        yield Accrual(
            month=month_name(account.month.last_day),
            connector=account.connector,
            platform=account.platform,
            account_id=account.account_id,
            account=account.name,
            currency=account.currency,
            estimate_micros=account.cost_micros,
            why="not_billed_yet" if account.bills == "asked" else account.bills,
        )
