"""What the checks see of a whole account: a month beside its bills, and a running account of charges."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from ..calendar import Window
from .coverage_facts import Coverage


class UnpairedLine(Struct, frozen=True, kw_only=True):
    """A media line that no campaign of the account could be found for, by id or by name."""

    invoice: str
    """``Document.subject`` of the bill."""
    line: str
    description: str
    amount_micros: int


class AccountMonth(Struct, frozen=True, kw_only=True):
    """One account in one month, in one currency, and what is known of its bills."""

    connector: str
    platform: str
    account_id: str
    name: str = ""
    currency: str
    timezone: str = "UTC"
    month: Window
    cost_micros: int | None
    coverage: Coverage = Coverage()
    payment: str = "unknown"
    bills: Literal["asked", "not_offered", "not_asked"]
    """Whether some connector asked for documents of these days: without that, a missing bill is unknown."""
    asked_on: date | None = None
    """The day of the last answer about documents of the month; a later bill would not be known."""
    documents: tuple[str, ...] = ()
    """``Document.subject`` of every closed document that bills some day of the month to the account.

    One without a period may bill the month of its issue and the one before. Credit memos and refunds bill
    nothing.
    """
    billed_days: int = 0
    """Days of the month that these documents cover."""
    last_document: str = ""
    """The newest document of the account of any month, as printed, and its issue day."""
    has_campaign_lines: bool = False
    """Whether the documents of the month name campaigns, so that lines and campaigns can be compared."""
    unpaired: tuple[UnpairedLine, ...] = ()

    @property
    def subject(self) -> str:
        return f"{self.connector}/{self.account_id}"


EntryKind: TypeAlias = Literal["charge", "refund", "credit", "fee", "tax", "opening", "open"]


class Entry(Struct, frozen=True, kw_only=True):
    """One movement of a running account; ``key`` is its row in the ledger."""

    kind: EntryKind
    table: str
    key: str
    day: date
    amount_micros: int


class RunningAccount(Struct, frozen=True, kw_only=True):
    """Charges and balances of an account that pays by threshold or in advance, since an anchor.

    Identity: charges + open - opening = spend + fees + tax - credits; charges are net of refunds, a prepaid
    balance is negative.
    """

    connector: str
    platform: str
    account_id: str
    name: str = ""
    currency: str
    window: Window
    """From the day after the opening balance to the day of the closing one."""
    cost_micros: int | None
    coverage: Coverage = Coverage()
    opening_micros: int | None
    open_micros: int | None
    """None: no balance is known at that end of the window."""
    entries: tuple[Entry, ...] = ()

    @property
    def subject(self) -> str:
        return f"{self.connector}/{self.account_id}"
