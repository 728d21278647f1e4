"""What is asked of Stripe: lists by the instants of the unit's days, with what has to be expanded.

Source: ``list`` parameters of Charge, Refund, Dispute and Checkout Session in stripe-python 16.1.0 (read
2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from adtally import Unit, day_start

PAGE_ROWS = 100
DAY = timedelta(days=1)
SESSION_LIFE = timedelta(hours=25)
"""A session is open for 24 hours at most; its charge is made while it is."""
OF_CHARGES = ("payment_intent",)
OF_REFUNDS = ("charge", "payment_intent", "balance_transaction")
OF_DISPUTES = ("charge", "payment_intent")


def within(unit: Unit, *, earlier: timedelta = timedelta(0)) -> dict[str, object]:
    """From the beginning of the first day, or so much earlier, to the end of the last one."""
    zone = unit.account.timezone
    begins = day_start(unit.window.first_day, zone) - earlier
    ends = day_start(unit.window.last_day + DAY, zone)
    return {"created[gte]": int(begins.timestamp()), "created[lt]": int(ends.timestamp())}


def expanded(names: tuple[str, ...]) -> Mapping[str, object]:
    return {f"expand[{number}]": f"data.{name}" for number, name in enumerate(names)}
