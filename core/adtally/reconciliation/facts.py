"""What the checks see: documents and campaigns with everything known about them, and nothing of SQL.

``gather`` fills these from the ledger. None in a count means that the platform does not say, or said it only
for a part of the rows; ``complete`` says whether every day was fetched, so that an absent row is a zero.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from ..calendar import Window
from ..records import Model, RateKind
from .account_facts import AccountMonth, RunningAccount
from .coverage_facts import Coverage
from .document_facts import AgencyMonth, CreditChain, ExchangeRate, FeeMonth
from .evidence_facts import EvidenceSource, EvidenceSum, ServiceCredit, SessionTrail, TaggedShare
from .hours_facts import EdgeShift
from .order_facts import DailyBudget, PausedDays
from .sales_facts import Sales


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


class Clauses(Struct, frozen=True, kw_only=True):
    """What an agreement says beside its price; without an agreement the platform's own count is billed."""

    counted_by: str = "platform"
    """Or the connector whose evidence is the billed count."""
    discrepancy_ppm: int = 100_000
    denominator: Literal["platform", "evidence"] = "platform"
    beyond: Literal["controlling", "controlling_plus"] = "controlling"
    """What is paid for beyond the discrepancy: the controlling count, or that and the discrepancy on top."""
    validation_days: int = 0
    negative_months: Literal["credit", "zero", "carry"] = "credit"


class RateTier(Struct, frozen=True, kw_only=True):
    """A step of a price: for the units of a month up to ``up_to`` that no earlier step took."""

    up_to: int | None = None
    """Whole units of what the model counts, major units of net revenue for a share; None: all the rest."""
    rate_micros: int | None = None
    share_ppm: int | None = None


class Rate(Struct, frozen=True, kw_only=True):
    """The price in force, and who says so. The currency is the account's."""

    model: Model
    kind: RateKind = "fixed"
    rate_micros: int | None = None
    """Per unit; per 1,000 for cpm and vcpm; the whole price for flat."""
    share_ppm: int | None = None
    """For cps by share: of net revenue."""
    tiers: tuple[RateTier, ...] = ()
    """Instead of both: steps that rise, the last one without an end. They count a campaign's whole month."""
    source: str
    """Such as ``agreement 2`` or ``platform terms``."""
    assumed: bool = False
    """Observed later than the days it is used for: what rests on it is at most medium."""
    flight: Window | None = None
    clauses: Clauses | None = None
    """None: no agreement says anything, the price is the platform's."""


class Period(Struct, frozen=True, kw_only=True):
    """Days of one month in which one rate is in force."""

    window: Window
    counts: Counts
    rate: Rate | None = None


class Credit(Struct, frozen=True, kw_only=True):
    """Money that a later document gives back for a bill or for its days; ``key`` is its row in the ledger."""

    table: str
    key: str
    amount_micros: int
    """Above zero."""


class Restated(Struct, frozen=True, kw_only=True):
    """A campaign of which numbers changed after its bill: what was believed then, and what came back."""

    bills: tuple[str, ...]
    """``Document.subject`` of each bill that covers days of the month."""
    issue_day: date
    """Of the newest bill; of one that is dated within its own days the last on which it may be made."""
    periods: tuple[Period, ...]
    """As they were believed when that day ended (UTC)."""
    coverage: Coverage = Coverage()
    """Of the month's days, as far as they were fetched by then."""
    billed_days: int
    """Days of the month that bills cover."""
    credits: tuple[Credit, ...] = ()
    """Credits that name the campaign."""
    shared: tuple[Credit, ...] = ()
    """Credits for the bill that name no campaign: they are the same for every campaign of the account."""


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
    """The usual interaction rate: 90 trailing days of the same account and channel, without this campaign.

    Or the least one that the seller promised: then impressions are a million.
    """

    impressions: int
    interactions: int
    source: str
    promised: bool = False


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
    paused: PausedDays | None = None
    """None: no platform keeps a log of changes of this account."""
    restated: Restated | None = None
    """None: no row of the month was superseded after a bill for it was issued."""

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
    rate_ppm: int | None = None
    base_micros: int | None = None
    window: Window | None = None
    """The days that it is for; None: those of its document."""
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
    shift: EdgeShift | None = None
    """None: no bill names a time zone whose days begin or end at other instants than the accounts' own."""

    @property
    def moved_micros(self) -> int:
        """What the hours of the bills' own zone add to the cost; 0 where none is documented."""
        return self.shift.moved_micros if self.shift else 0

    @property
    def cut_micros(self) -> int:
        """How far ``moved_micros`` may be off, because the zones cut rows of hours in two."""
        return self.shift.cut_micros if self.shift else 0


class BillGroup(Struct, frozen=True, kw_only=True):
    """Documents that must be compared together: a chain of corrections, touching or parallel periods."""

    documents: tuple[Document, ...]
    delivered: tuple[Delivered, ...] = ()
    """One entry a currency; () = no delivery is known for these accounts and days."""
    exchange: tuple[ExchangeRate, ...] = ()
    """From each currency of the delivery to that of the bills; () = one currency, or no rate is known."""
    exchange_day: date | None = None
    """The day whose rates are due where currencies differ: of issue, else the last one of service."""

    @property
    def connector(self) -> str:
        return self.documents[0].connector

    @property
    def subject(self) -> str:
        return "+".join(sorted(document.subject for document in self.documents))


class Overlap(Struct, frozen=True, kw_only=True):
    """Documents that bill common days of one scope: an account, or an order or some campaigns of it."""

    documents: tuple[Document, ...]
    credited_micros: int = 0
    """Below zero: credit memos that name one of the documents."""
    accounts: tuple[str, ...]
    days: tuple[Window, ...]
    """Billed more than once, oldest first."""
    shared: Delivered | None
    """What ran on those days; None: nothing is known, or it is in several currencies."""
    union: Delivered | None
    """What ran on all days of the documents."""
    own_micros: dict[str, int | None] = {}
    """What ran on the own days of documents that are judged with another month, by ``Document.subject``."""
    others: tuple[str, ...] = ()
    """``Document.subject`` of documents of other orders or campaigns that bill the same accounts and days."""

    @property
    def subject(self) -> str:
        return "+".join(sorted(document.subject for document in self.documents))


class OrderFlight(Struct, frozen=True, kw_only=True):
    """An order over its flight, up to the end of the month: what its campaigns delivered and cost."""

    connector: str
    platform: str
    account_id: str = ""
    """"" = of several, or of any."""
    name: str
    """``order IO-7`` as people say it."""
    subject: str
    window: Window
    """The flight; its last day is date.max where it has no end."""
    source: str
    """``agreement 2``, or ``orders`` where the platform tells the order."""
    currencies: tuple[str, ...]
    """Of the delivery, and of the cap where the platform tells it; more than one: nothing adds up."""
    campaigns: tuple[str, ...]
    """``CampaignMonth.subject`` of each that is known, whenever it ran."""
    coverage: Coverage = Coverage()
    """Of the flight's days up to the month's end, over all accounts of the order."""
    budget_micros: int | None = None
    """For the whole flight; None = the order sets none."""
    before_micros: int | None = None
    """What the flight's days before the month cost; None where some row does not say."""
    month_micros: int | None = None
    """What its days in the month cost, or by the bills' lines, where those name its campaigns."""
    credited_micros: int = 0
    """What the platform's own report gives back for the month."""
    units: int | None = None
    """Guaranteed for the whole flight, whole ones; None = the order promises none."""
    rate: Rate | None = None
    """The price of the units."""
    under_delivery_ppm: int = 50_000
    delivered: Counts = Counts()
    """Over the flight's days up to the month's end."""
    invalid_clicks: int = 0
    """Of the delivered clicks those that a verifier refutes, by the verifier that refutes most."""

    @property
    def currency(self) -> str:
        return self.currencies[0] if self.currencies else ""


class Facts(Struct, frozen=True, kw_only=True):
    """Everything about one calendar month."""

    month: Window
    today: date
    campaigns: tuple[CampaignMonth, ...] = ()
    documents: tuple[Document, ...] = ()
    groups: tuple[BillGroup, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    chains: tuple[CreditChain, ...] = ()
    fees: tuple[FeeMonth, ...] = ()
    """Of the month, and of the two before to tell a rate that holds from one that is wrong once."""
    agencies: tuple[AgencyMonth, ...] = ()
    accounts: tuple[AccountMonth, ...] = ()
    running: tuple[RunningAccount, ...] = ()
    orders: tuple[OrderFlight, ...] = ()
    """The orders with a cap or guaranteed units whose flight has days in the month."""
    budgets: tuple[DailyBudget, ...] = ()
    """The daily budgets of platforms whose rule for them is known."""
    sources: tuple[EvidenceSource, ...] = ()
    """The accounts of every connector that brings evidence."""
    tagged: tuple[TaggedShare, ...] = ()
    session_trails: tuple[SessionTrail, ...] = ()
    """Of accounts with sessions in the month; without one the quarter before is not known."""
    sales: Sales = Sales()
    service_credits: tuple[ServiceCredit, ...] = ()
    """What was given back for invalid traffic; only read where somebody counted any."""
