"""What the checks see: documents and campaigns with everything known about them, and nothing of SQL.

``gather`` fills these from the ledger. None in a count means that the platform does not say, or said it only
for a part of the rows; ``complete`` says whether every day was fetched, so that an absent row is a zero.
"""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from ..calendar import Window
from ..records import Model, RateKind
from .account_facts import AccountMonth, RunningAccount
from .coverage_facts import Coverage


class Counts(Struct, frozen=True, kw_only=True):
    """Sums over some days of one campaign or account."""

    impressions: int | None = None
    measurable_impressions: int | None = None
    viewable_impressions: int | None = None
    clicks: int | None = None
    interactions: int | None = None
    engagements: int | None = None
    video_views: int | None = None
    video_completions: int | None = None
    leads: int | None = None
    installs: int | None = None
    conversions_micros: int | None = None
    purchases: int | None = None
    revenue_micros: int | None = None
    billable_units: int | None = None
    cost_micros: int | None = None
    credited_micros: int | None = None


class Rate(Struct, frozen=True, kw_only=True):
    """The price in force, and who says so. The currency is the account's."""

    model: Model
    kind: RateKind = "fixed"
    rate_micros: int | None = None
    """Per unit; per 1,000 for cpm and vcpm; the whole price for flat."""
    share_ppm: int | None = None
    """For cps by share: of net revenue."""
    source: str
    """Such as ``agreement 2`` or ``platform terms``."""
    assumed: bool = False
    """Observed later than the days it is used for: what rests on it is at most medium."""
    flight: Window | None = None


class Period(Struct, frozen=True, kw_only=True):
    """Days of one month in which one rate is in force."""

    window: Window
    counts: Counts
    rate: Rate | None = None


class EvidenceSum(Struct, frozen=True, kw_only=True):
    """Evidence of one kind and class, joined to the campaign by a verified key."""

    source_id: str
    kind: str
    evidence_class: str
    quantity: int
    records: int


class BilledLine(Struct, frozen=True, kw_only=True):
    """An invoice line that belongs to one campaign, by id or by its name in the account."""

    invoice: str
    """``Document.subject`` of the bill."""
    line: str
    quantity: int | None
    unit: str
    amount_micros: int
    paired_by: str


class FlightDays(Struct, frozen=True, kw_only=True):
    """When a campaign may run, who says so, and what it cost on other days of the month."""

    window: Window
    source: str
    """Such as ``agreement 2`` (contract) or ``campaign settings`` (the platform's own, editable)."""
    outside: tuple[tuple[date, int], ...] = ()
    """Days of the month outside the flight that cost something, with the cost in micros."""


class Gaps(Struct, frozen=True, kw_only=True):
    """Days on which an active campaign has no row between days on which it has some."""

    days: tuple[date, ...]
    confirmed: bool
    """Whether two complete fetches at least 24 hours apart both lacked them."""
    neighbours: tuple[tuple[date, int], ...]
    """Impressions of the days beside the gaps."""


class Baseline(Struct, frozen=True, kw_only=True):
    """The usual interaction rate: 90 trailing days of the same account and channel, without this campaign."""

    impressions: int
    interactions: int
    source: str


class Results(Struct, frozen=True, kw_only=True):
    """Conversions by the platform's default attribution, and those of people who only saw the ad."""

    all_micros: int
    view_through_micros: int
    attribution: str
    click_only: bool = False
    """The contract pays for clicked results only (``click_only`` of the agreement)."""


class CampaignMonth(Struct, frozen=True, kw_only=True):
    connector: str
    platform: str
    account_id: str
    campaign_id: str
    name: str = ""
    currency: str
    timezone: str = "UTC"
    month: Window
    periods: tuple[Period, ...]
    counts: Counts
    coverage: Coverage = Coverage()
    lines: tuple[BilledLine, ...] = ()
    """Media lines of closed documents that bill this campaign for days of this month; () = none known."""
    evidence: tuple[EvidenceSum, ...] = ()
    channel: str = ""
    flight: FlightDays | None = None
    """None: nobody says when it may run."""
    gaps: Gaps | None = None
    """None: no day is missing between days with rows."""
    baseline: Baseline | None = None
    results: Results | None = None

    @property
    def subject(self) -> str:
        return f"{self.connector}/{self.account_id}/{self.campaign_id}"

    @property
    def billed_micros(self) -> int | None:
        """What the invoice lines bill, or without lines what the platform's own cost report says."""
        return sum(line.amount_micros for line in self.lines) if self.lines else self.counts.cost_micros


class Line(Struct, frozen=True, kw_only=True):
    line: str
    account_id: str = ""
    campaign_id: str = ""
    campaign_name: str = ""
    kind: str = "media"
    description: str = ""
    quantity: int | None = None
    unit: str = ""
    per: int = 1
    unit_price_micros: int | None = None
    price_is_average: bool = False
    amount_micros: int
    served_micros: int | None = None
    jurisdiction: str = ""
    purchase_order: str = ""
    budget_id: str = ""
    original_invoice_id: str = ""


class Document(Struct, frozen=True, kw_only=True):
    """One bill. Open documents never get here."""

    connector: str
    platform: str
    invoice_id: str
    number: str = ""
    account_id: str
    kind: str = "invoice"
    issue_day: date | None = None
    window: Window | None = None
    currency: str
    subtotal_micros: int | None = None
    adjustments_micros: int | None = None
    fees_micros: int | None = None
    tax_micros: int | None = None
    total_micros: int
    purchase_order: str = ""
    lines: tuple[Line, ...] = ()
    accounts: tuple[str, ...] = ()
    """The accounts whose delivery the document bills; (account_id,) when it names no others."""
    corrects: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    as_of: datetime | None = None

    @property
    def subject(self) -> str:
        return f"{self.connector}/{self.invoice_id}"

    @property
    def label(self) -> str:
        return self.number or self.invoice_id


class Delivered(Struct, frozen=True, kw_only=True):
    """What the platform reports as delivered by some accounts over some days, in one currency."""

    currency: str
    cost_micros: int | None
    accounts: tuple[str, ...]
    window: Window
    coverage: Coverage = Coverage()


class BillGroup(Struct, frozen=True, kw_only=True):
    """Documents that must be compared together: a chain of corrections, touching or parallel periods."""

    documents: tuple[Document, ...]
    delivered: tuple[Delivered, ...] = ()
    """One entry a currency; () = no delivery is known for these accounts and days."""

    @property
    def connector(self) -> str:
        return self.documents[0].connector

    @property
    def subject(self) -> str:
        return "+".join(sorted(document.subject for document in self.documents))


class Facts(Struct, frozen=True, kw_only=True):
    """Everything about one calendar month."""

    month: Window
    today: date
    campaigns: tuple[CampaignMonth, ...] = ()
    documents: tuple[Document, ...] = ()
    groups: tuple[BillGroup, ...] = ()
    accounts: tuple[AccountMonth, ...] = ()
    running: tuple[RunningAccount, ...] = ()
