"""What the checks see beside the documents: exchange rates, credits and what they correct, fees and taxes."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from ..calendar import Window
from ..money import rounded
from .coverage_facts import Coverage


class ExchangeRate(Struct, frozen=True, kw_only=True):
    """``num / den`` units of ``quote`` for one of ``base``, as published for ``day``."""

    base: str
    quote: str
    num: int
    den: int
    day: date
    """Earlier than the day it is used for where that has none, as on weekends."""
    source: str

    def convert(self, micros: int) -> int:
        """Micros of ``base`` as micros of ``quote``, rounded once."""
        return rounded(micros * self.num, self.den)


class ChainEntry(Struct, frozen=True, kw_only=True):
    """One document of a chain, or one line of one; credits are below zero."""

    table: str
    key: str
    """``Document.subject``, for a line with its name behind."""
    label: str
    day: date | None
    currency: str
    amount_micros: int


class CreditChain(Struct, frozen=True, kw_only=True):
    """What was billed, and every credit up to the end of the month that names it; one of the month at least.

    A document that another one replaces bills nothing any more, so neither it nor the credit that cancels it
    in full is here; a credit that names it corrects the one in its place.
    """

    connector: str
    platform: str
    account_id: str
    originals: tuple[ChainEntry, ...] = ()
    """() = no document is known that the credits name."""
    credits: tuple[ChainEntry, ...]
    """By day, the oldest first."""
    unknown: tuple[str, ...] = ()
    """What the credits name and no document bears."""


class FeeShare(Struct, frozen=True, kw_only=True):
    """What one clause gives to an agency: a share of what some campaigns cost in the month."""

    source: str
    """Such as ``agreement 2``."""
    share_ppm: int
    of_gross: bool
    """Of media and fee together (a commission), instead of what the media cost."""
    cost_micros: int | None
    """None: some campaign does not say what it cost."""
    campaigns: int


class AgencyMonth(Struct, frozen=True, kw_only=True):
    """An agency, the media that it is paid for, and its bills of the month."""

    connector: str
    """The one that brings the agency's bills."""
    currency: str
    """Of the media; without any, of the bills."""
    shares: tuple[FeeShare, ...]
    """() = no campaign of its agreements ran."""
    documents: tuple[str, ...] = ()
    """``Document.subject`` of the agency's bills that are judged with the month, in whatever currency."""
    mixed: bool = False
    """The clause begins, ends or changes among days whose cost is known only together."""
    coverage: Coverage = Coverage()
    """Of the campaign that is known least."""


class CountrySpend(Struct, frozen=True, kw_only=True):
    """What some accounts spent in one country in one month, as far as the platform says where."""

    cost_micros: int | None
    """None: the platform told nothing by country."""
    unknown_micros: int = 0
    """Spent nobody knows where: unknown to the platform, or missing in its sums by country."""
    total_micros: int | None = None
    """Spent everywhere."""
    as_of: datetime | None = None


class FeeLine(Struct, frozen=True, kw_only=True):
    """A line that bills a regulatory fee for one country."""

    document: str
    """``Document.subject``."""
    line: str
    says: str
    amount_micros: int
    window: Window | None
    """The days that it is for."""


class FeeMonth(Struct, frozen=True, kw_only=True):
    """The regulatory fees of one country that some accounts were billed for a month, beside their spend."""

    connector: str
    platform: str
    accounts: tuple[str, ...]
    currency: str
    jurisdiction: str
    month: Window
    lines: tuple[FeeLine, ...]
    spend: CountrySpend
    coverage: Coverage = Coverage()

    @property
    def fee_micros(self) -> int:
        return sum(line.amount_micros for line in self.lines)

    @property
    def subject(self) -> str:
        return f"{self.connector}/{'+'.join(self.accounts)}/{self.jurisdiction}"
