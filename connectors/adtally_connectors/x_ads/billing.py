"""Funding instruments as orders and balances of ours: all that X tells of billing.

Source: X Ads API v12, "Funding Instruments", "Campaigns" (snapshot of 2026-08-22; read 2026-11). There are no
invoices, charges or payments. Amounts are micros of the instrument's currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from adtally import Account, Balance, Order, day_start

from . import wire
from .entities import first_day, last_day

CAPS = {
    "CREDIT_CARD": "credit_limit_local_micro",
    "CREDIT_LINE": "credit_limit_local_micro",
    "INSERTION_ORDER": "funded_amount_local_micro",
}
"""What bounds an instrument, by its type; other types tell amounts that mean nothing."""
CREDIT_LINES = ("CREDIT_LINE", "AGENCY_CREDIT_LINE")


def to_order(row: wire.FundingInstrument, account: Account, numbers: Mapping[str, str]) -> Order:
    """The instrument as what pays for campaigns.

    ``numbers`` are the purchase order numbers that all campaigns of an instrument share, by its id.
    """
    cap: int | None = getattr(row, CAPS[row.type]) if row.type in CAPS else None
    return Order(
        order_id=row.id,
        purchase_order=row.io_header or numbers.get(row.id, ""),
        paid_type=row.type,
        first_day=first_day(row.start_time, account.timezone),
        last_day=last_day(row.end_time, account.timezone),
        cap_micros=cap,
        currency=row.currency,
    )


def purchase_orders(campaigns: Iterable[wire.Campaign]) -> dict[str, str]:
    """The purchase order number of each instrument whose campaigns all have the same one."""
    found: dict[str, set[str]] = {}
    for row in campaigns:
        if row.funding_instrument_id:
            found.setdefault(row.funding_instrument_id, set()).add(row.purchase_order_number or "")
    return {one: numbers.pop() for one, numbers in found.items() if len(numbers) == 1}


def to_balances(rows: Iterable[wire.FundingInstrument], account: Account, today: date) -> Iterator[Balance]:
    """What is left of each credit line, as of the beginning of the account's day.

    It is not added up: lines may be shared with accounts that the user does not see.
    """
    at = day_start(today, account.timezone)
    for row in rows:
        left = row.credit_remaining_local_micro
        if row.type in CREDIT_LINES and left is not None:
            yield Balance(at=at, kind=f"credit_remaining {row.id}", amount_micros=left, currency=row.currency)
