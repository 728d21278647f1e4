"""Leads and sales as the checks see them: by class of what became of them, by campaign and by source.

A class is a word such as ``accepted``, ``duplicate`` or ``not found``; ``sql_sales.CLASSES`` lists them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct

from ..money import MICROS

Action: TypeAlias = Literal["lead", "sale"]

KINDS: dict[Action, tuple[str, ...]] = {"lead": ("lead",), "sale": ("order", "payment", "purchase")}
"""Which records are of an action, those that tell most about it first."""
NOT_REFUSED = frozenset({"accepted", "refunded", "undecided"})
"""Classes of what exists and was not refused; what came back afterwards is a question of its own."""


class Listed(Struct, frozen=True, kw_only=True):
    """The biller's own list of a month's leads or sales of one campaign, answered by the records."""

    action: Action
    claims: int
    """Rows of the list."""
    by_class: Mapping[str, int]
    """They add up to ``claims``; what the list has twice is once ``billed twice``."""
    values: Mapping[str, int] = {}
    """Micros that the list says they are worth; {} where it does not say so for every row."""
    last_open: date | None = None
    """The newest day of one that is undecided or not found."""
    ids: Mapping[str, tuple[str, ...]] = {}
    """A few ids of each class that is refused."""
    is_answered: bool = True
    """Whether any id of the account's lists is in the advertiser's records: else they may be other ids."""


class Kept(Struct, frozen=True, kw_only=True):
    """The month's leads or sales of one campaign in one source, of one kind of record."""

    connector: str
    account_id: str
    source_id: str
    kind: str
    """lead; order, payment or purchase of a sale."""
    evidence_class: str
    by_class: Mapping[str, int]
    """Whole records."""
    value_micros: int | None = None
    """What was sold for, before anything came back, in the campaign's currency; None = not known."""
    last_open: date | None = None
    """The newest day of one that is undecided."""
    is_lower_bound: bool = False
    """Confirms, but convicts nobody: sampled or cut."""
    undated: int = 0
    """Of those that were sent back the ones of which nobody says when."""

    @property
    def not_refused(self) -> int:
        return sum(count for name, count in self.by_class.items() if name in NOT_REFUSED)

    def sold_micros(self, *, by_share: bool) -> int:
        """What was sold before anything came back: micros of revenue, 0 if not known, or micros of sales."""
        return (self.value_micros or 0) if by_share else self.not_refused * MICROS


class Returned(Struct, frozen=True, kw_only=True):
    """One sale of which something came back in the month."""

    connector: str
    account_id: str
    kind: str
    """order or payment."""
    sale: str
    sold_on: date
    value_micros: int | None
    currency: str
    """Of the sale and of what came back."""
    before_micros: int
    """What had come back before the month, and ``through_micros`` by its end; at most ``value_micros``."""
    through_micros: int
    is_gross: bool = False
    """With tax and shipping, so that it is more than what a share of net revenue is paid for."""

    @property
    def in_full(self) -> bool:
        """Whether the last of it came back in this month."""
        whole = self.value_micros
        return whole is not None and self.before_micros < whole <= self.through_micros

    @property
    def in_month_micros(self) -> int:
        return self.through_micros - self.before_micros


class CampaignSales(Struct, frozen=True, kw_only=True):
    """What is known of the leads and sales of one campaign that is paid per lead, action or sale."""

    campaign: str
    """``CampaignMonth.subject``."""
    listed: tuple[Listed, ...] = ()
    kept: tuple[Kept, ...] = ()
    returned: tuple[Returned, ...] = ()
    """Only what came back within the agreed validation days of its sale."""
    too_late: int = 0
    """Sales of which something came back in the month, but too late."""
    dated: int = 0
    """Of the month's sales that were sent back those of which somebody says when."""
    open_disputes: int = 0
    carried_micros: int = 0
    """Where the agreement carries negative months over: the revenue, or sales, below zero of those before.

    Never above 0; micros of sales where the price is one of a sale.
    """
    claims_micros: int | None = None
    """Purchases by the platform's own count, in its default attribution."""
    attribution: str = ""

    def back(self) -> tuple[Returned, ...]:
        """What came back, by one source: the one whose sales count, else one that has the same sales."""
        source = self.counting("sale")
        own = (source.connector, source.account_id, source.kind) if source else None
        told = {(one.connector, one.account_id, one.kind) for one in self.returned}
        best = min(told, key=lambda place: (place != own, KINDS["sale"].index(place[2]), place), default=None)
        return tuple(one for one in self.returned if (one.connector, one.account_id, one.kind) == best)

    def base_micros(self, delivered_micros: int, *, by_share: bool) -> int:
        """What is paid for: sold less what came back, in micros of revenue, or of sales.

        Of the platform's own number and that of the records the larger counts, because either may lack
        something, and the platform's may lack what came back already.
        """
        source, back = self.counting("sale"), self.back()
        recorded = source.sold_micros(by_share=by_share) if source else 0
        taken = (
            sum(one.in_month_micros for one in back)
            if by_share
            else MICROS * sum(one.in_full for one in back)
        )
        return max(delivered_micros, recorded) - taken

    def list_of(self, action: Action) -> Listed | None:
        return next((one for one in self.listed if one.action == action), None)

    def counting(self, action: Action) -> Kept | None:
        """The one source that counts: records before tags, orders before payments, then the largest.

        An order and its payment are the same sale, so that sources are never added.
        """
        kinds = KINDS[action]
        fitting = [one for one in self.kept if one.kind in kinds]
        return max(
            fitting,
            key=lambda one: (
                one.evidence_class,
                -kinds.index(one.kind),
                one.not_refused,
                one.connector,
                one.account_id,
                one.source_id,
            ),
            default=None,
        )


class Shop(Struct, frozen=True, kw_only=True):
    """One source of sales in one month, with all its orders, whatever led to them."""

    connector: str
    platform: str
    account_id: str
    currency: str
    kind: str
    orders: int
    """Neither tests nor cancelled nor failed, of all channels."""
    campaigns: tuple[str, ...] = ()
    """``CampaignMonth.subject`` of those whose clicks led to some of them."""
    claimed_twice: int = 0
    """Claims of orders that another ad account's list claims, too."""
    one_id: str = ""


class Sales(Struct, frozen=True, kw_only=True):
    campaigns: Mapping[str, CampaignSales] = {}
    """By ``CampaignMonth.subject``."""
    shops: tuple[Shop, ...] = ()
    searched: Mapping[Action, tuple[tuple[str, str], ...]] = {}
    """By action: connector and account of the sources that have such records in the month."""
    refunding: frozenset[tuple[str, str]] = frozenset()
    """Connector and account of the sources that tell what came back."""
    unfetched: Mapping[tuple[str, str], int] = {}
    """By source: days of the month that some of its reports of leads or sales lacks."""
    unfetched_returns: Mapping[tuple[str, str], int] = {}
    """The same of its reports of what came back."""
    unplaced: Mapping[tuple[str, str], int] = {}
    """By source: refunds of the month whose sales may be older than what is known of it."""
