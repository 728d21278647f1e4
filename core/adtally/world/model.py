"""What the sandbox world is made of: accounts, campaigns, days, bills, and what was planted in them.

Nothing here is a platform's own word: each fake translates these values into its wire format.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias

from ..calendar import Window
from ..records import Model
from .paper import Bill, Charge

TODAY = date(2026, 11, 10)
FIRST_DAY = date(2026, 9, 1)
SEPTEMBER = Window(date(2026, 9, 1), date(2026, 9, 30))
OCTOBER = Window(date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = Window(date(2026, 11, 1), date(2026, 11, 30))
RUNNING = Window(NOVEMBER.first_day, date(2026, 11, 9))
"""The days of November that are over at ``TODAY`` wherever the clock is not ahead of UTC."""
COMPLETE = (SEPTEMBER, OCTOBER)
VISITS = (SEPTEMBER.last_day, date(2026, 10, 15), OCTOBER.last_day, TODAY)
"""The days on which a user who finds everything has synced: a balance is known of the day on which it was
asked for, and a missing day has to be missing twice."""
BETWEEN: Mapping[date, tuple[str, ...]] = {
    VISITS[1]: ("google", "harbor", "harbor_invoices", "harbor_lines"),
}
"""The tables of the sandbox's config.toml that alone are synced on a day: what cannot wait until the end.

Google keeps its log of changes for a month, and a publisher bills September on that day.
"""

Channel: TypeAlias = Literal["search", "display", "video", "all", "direct", "social", "reel"]
Kind: TypeAlias = Literal["fault", "decoy", "innocent"]


def stream(seed: int, *names: object) -> random.Random:
    """A source of chance of its own for each purpose, so that adding one does not move the others."""
    return random.Random("/".join(map(str, (seed, *names))))


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed outside any platform, in the account's currency."""

    model: Model
    kind: Literal["fixed", "cap"]
    rate_micros: int = 0
    """Per unit; per 1,000 for cpm and vcpm; the whole price for flat."""
    share_ppm: int = 0
    flight: Window | None = None
    click_only: bool = False
    """Only what followed a click is paid for."""
    tiers: tuple[tuple[int | None, int], ...] = ()
    """Instead of a rate: up to how many units of the month, and what each costs; None = all the rest."""
    order: str = ""
    """Campaigns of one order share its budget and units."""
    budget_micros: int | None = None
    units: int | None = None
    """Guaranteed for the flight."""
    counted_by: str = ""
    """The table in the sandbox's config.toml whose count is billed; "" = the platform's own."""
    validation_days: int = 0
    """Within which a sale that was sent back is not paid."""


@dataclass(frozen=True, slots=True)
class AdGroup:
    ad_group_id: str
    name: str
    bid_micros: int
    ads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Campaign:
    campaign_id: str
    name: str
    model: Model
    channel: Channel
    price_micros: int
    """What a unit costs about; per 1,000 for cpm and vcpm."""
    volume: int
    """Impressions on a usual day."""
    days: Window
    """The days on which it runs."""
    goal: Literal["", "conversions", "pay_per_conversion"] = ""
    status: Literal["enabled", "paused", "removed"] = "enabled"
    ad_groups: tuple[AdGroup, ...] = ()
    agreement: Agreement | None = None
    remnant: bool = False
    """So small that a single event or a single minor unit decides what it is."""
    silent: bool = False
    """Shown a few times, and nobody clicked: too little to prove anything."""
    quiet: bool = False
    """So small that few clicks more or less decide whether it is remarkable how few people clicked."""
    still_on: date | None = None
    """A day on which it was paused from midnight to midnight."""
    seen_only: bool = True
    """Whether some of its results come from people who only saw the ad."""
    budget_micros: int = 0
    """Of a day; 0 = none."""


@dataclass(frozen=True, slots=True)
class Account:
    connector: str
    """The table in the sandbox's config.toml that sees it."""
    platform: str
    account_id: str
    name: str
    currency: str
    timezone: str
    campaigns: tuple[Campaign, ...] = ()
    manager_id: str = ""
    billed_to: str = ""
    """Accounts with the same text here share one bill a month; "" = no bills by API."""
    access: Literal["open", "cancelled", "denied"] = "open"
    tax_ppm: int = 0
    serving_fee_micros: int = 0
    """Per 1,000 impressions, as a line of its own; 0 = none."""
    prints_subtotal: bool = True
    payment: Literal["invoice", "card", "prepaid"] = "invoice"
    row_micros: int = 1
    """What the cost of a row is a multiple of."""
    threshold_micros: int = 0
    """Of an account that pays by card: what is open before the card is charged."""
    unbilled: Window | None = None
    """Days that nobody has billed yet."""
    voucher_ppm: int = 0
    """The part of its cost that a voucher pays."""
    settled: tuple[Window, ...] = COMPLETE
    """The months whose cost is final at ``TODAY``, by what its platform says."""
    among: str = ""
    """Each kind of fault is put somewhere among the accounts with the same text here, if it fits any."""
    scene: str = ""
    """What is played in the account on purpose; "" = chance puts the faults of the older checks here."""
    jurisdiction: str = ""
    """Whose tax its bills name."""
    bought_by: str = ""
    """The table in the sandbox's config.toml that brings the bills of an agency for its commission."""


@dataclass(slots=True)
class Row:
    """One day of one ad, or of the campaign where it has no ads."""

    day: date
    ad_group_id: str = ""
    ad_id: str = ""
    impressions: int = 0
    measurable_impressions: int = 0
    viewable_impressions: int = 0
    clicks: int = 0
    engagements: int = 0
    video_views: int = 0
    video_completions: int = 0
    leads: int = 0
    installs: int = 0
    conversions_micros: int = 0
    sign_ups: int = 0
    """Conversions that the advertiser does not count in the total."""
    view_through: int = 0
    """Of people who only saw the ad: beside the conversions, but on a social platform among them."""
    purchases: int = 0
    revenue_micros: int = 0
    invalid_clicks: int = 0
    cost_micros: int = 0


COUNTS = tuple(name for name in Row.__slots__ if name not in ("day", "ad_group_id", "ad_id"))


def total(rows: list[Row], name: str) -> int:
    """The sum of one count."""
    return sum(getattr(row, name) for row in rows)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Clicks of a day that were told until somebody looked again."""

    campaign_id: str
    day: date
    clicks: int
    until: date
    """The day before which they are still told."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One thing that was put into the world on purpose. Only faults may be found."""

    check_id: str
    subject: str
    """As outcomes name it: a campaign, a document, its line, or documents joined by ``+``."""
    month: str
    currency: str
    kind: Kind
    note: str
    diff_micros: int | None = None
    at_risk_micros: int | None = None
    """Of a fault: what its finding may claim."""


@dataclass(slots=True)
class Draft:
    """A world in the making: days by campaign, bills by group and month, and the truth so far."""

    seed: int
    accounts: tuple[Account, ...]
    days: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])
    bills: list[Bill] = field(default_factory=list[Bill])
    charges: list[Charge] = field(default_factory=list[Charge])
    truth: list[Planted] = field(default_factory=list[Planted])
    gapped: set[str] = field(default_factory=set[str])
    """Campaigns with a missing day: their month cannot be judged otherwise."""
    withdrawn: list[Withdrawn] = field(default_factory=list["Withdrawn"])

    def rows(self, campaign: Campaign, window: Window) -> list[Row]:
        return [row for row in self.days[campaign.campaign_id] if row.day in window]

    def change(self, campaign: Campaign, **values: object) -> None:
        """Give the campaign other values than it was cast with."""
        changed = replace(campaign, **values)  # type: ignore[arg-type]
        self.accounts = tuple(
            replace(
                account,
                campaigns=tuple(
                    changed if one.campaign_id == campaign.campaign_id else one for one in account.campaigns
                ),
            )
            for account in self.accounts
        )
