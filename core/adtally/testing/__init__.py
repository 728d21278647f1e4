"""What a connector's tests need: a unit to ask for, and a platform that answers only what was arranged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from ..calendar import Window
from ..connector import Unit
from ..records import Account


def unit(first_day: date, last_day: date, *, account: Account | None = None, today: date | None = None) -> Unit:
    """A unit of account ``1`` in EUR and UTC, asked on the day after its last one."""
    return Unit(
        account=account or Account(id="1", currency="EUR", timezone="UTC"),
        window=Window(first_day, last_day),
        today=today or date.fromordinal(last_day.toordinal() + 1),
    )
