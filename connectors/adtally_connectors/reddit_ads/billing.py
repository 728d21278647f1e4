"""Funding instruments as orders and balances of ours: all that Reddit tells of billing.

Source: Reddit Ads API v3, "Funding instruments" (types of a client made from its OpenAPI file; read 2026-11).
There are no invoices, charges or payments. Amounts are micros of the instrument's currency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from adtally import Account, Balance, Order, day_start, to_micros

from . import charging, wire

DUE = "amount_due"


def to_order(row: wire.FundingInstrument, account: Account) -> Order:
    """The instrument as what pays for campaigns; its cap is the debt at which they stop."""
    return Order(
        order_id=row.id,
        paid_type=row.name or "",
        first_day=charging.first_day(row, account.timezone),
        last_day=charging.last_day(row, account.timezone),
        cap_micros=None if row.credit_limit is None else to_micros(row.credit_limit, scale=1),
        currency=row.currency or account.currency,
    )


def to_balances(rows: Iterable[wire.FundingInstrument], account: Account, today: date) -> Iterator[Balance]:
    """What is owed as of the beginning of the account's day: by instrument, and in all in its currency.

    A debt is positive.
    """
    at = day_start(today, account.timezone)
    due: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if row.billable_amount is None:
            continue
        currency, amount = row.currency or account.currency, to_micros(row.billable_amount, scale=1)
        due[currency] += amount
        yield Balance(at=at, kind=f"billable_amount {row.id}", amount_micros=amount, currency=currency)
    if account.currency in due:
        yield Balance(at=at, kind=DUE, amount_micros=due[account.currency], currency=account.currency)
