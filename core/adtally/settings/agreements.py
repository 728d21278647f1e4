"""[[agreements]] of config.toml: what was agreed where no platform knows it."""

from __future__ import annotations

from datetime import date
from fnmatch import fnmatchcase
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, NonNegativeInt, PositiveInt, model_validator

from ..calendar import Window
from ..money import MICROS
from .tables import AccountId, AgreedModel, Day, Rate, Table, from_json, only_cps_shares, price


def _ppm(value: object) -> int:
    share = price(value).share_ppm
    if share is None or share > MICROS:
        raise ValueError('expected a percentage of at most 100%, such as "10%"')
    return share


def _micros(value: object) -> int:
    amount = price(value).rate_micros
    if amount is None:
        raise ValueError('expected decimal text of money, such as "10000.00"')
    return amount


Percentage: TypeAlias = Annotated[int, BeforeValidator(_ppm)]
"""Text such as "10%", kept as ppm."""
Amount: TypeAlias = Annotated[int, BeforeValidator(_micros)]
"""Decimal text of major units, kept as micros of the account's currency."""


class Flight(Table):
    first_day: Day
    last_day: Day

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.first_day > self.last_day:
            raise ValueError("last_day is before first_day")
        return self

    @property
    def window(self) -> Window:
        return Window(self.first_day, self.last_day)


class Tier(Table):
    """A step of a price: ``rate`` for the units of the month up to ``up_to`` that no earlier step took."""

    up_to: PositiveInt | None = None
    """None: all the rest."""
    rate: Rate


class Fee(Table):
    """What an agency gets for buying the media that the agreement is about."""

    share: Percentage
    of: Literal["net", "gross"] = "net"
    """net: of what the media cost; gross: of media and fee together (a commission)."""
    billed_by: str
    """The table in [connectors] that brings the agency's bills."""


class Agreement(Table):
    """What was agreed outside the platform; of several that match, the first one counts."""

    connector: str
    account: AccountId = ""
    """"" = any."""
    campaign: str = "*"
    """A glob on the campaign's id or name."""
    model: AgreedModel | None = None
    """None: it sets no price, only what else it says."""
    rate: Rate | None = None
    tiers: tuple[Tier, ...] = ()
    """Instead of ``rate``: by the units of a month."""
    kind: Literal["fixed", "cap"] = "fixed"
    first_day: Day | None = None
    last_day: Day | None = None
    order: str = ""
    """Agreements of one order share its flight, budget and units."""
    flight: Flight | None = None
    budget: Amount | None = None
    """For the whole flight, of all campaigns of the order."""
    units: PositiveInt | None = None
    """Guaranteed for the whole flight, of what ``model`` counts; results of fractions count whole."""
    under_delivery: Percentage = 50_000
    """How much may be missing at the end of the flight."""
    counted_by: str = "platform"
    """Whose count is billed: the platform's own, or the table in [connectors] that brings the evidence."""
    discrepancy: Percentage = 100_000
    """How far the two counts may lie apart."""
    denominator: Literal["platform", "evidence"] = "platform"
    """The count that ``discrepancy`` is a share of."""
    beyond: Literal["controlling", "controlling_plus"] = "controlling"
    """What is paid for beyond it: the controlling count, or that and ``discrepancy`` on top."""
    click_only: bool = False
    """The contract pays for results after a click only, not for those of people who saw the ad."""
    min_interaction_rate: Percentage | None = None
    """Promised by the seller: fewer interactions per impression are too few."""
    validation_days: NonNegativeInt = 0
    """Days after a lead or sale within which it may be refused or sent back, and is then not paid."""
    negative_months: Literal["credit", "zero", "carry"] = "credit"
    """A month in which more was sent back than sold: it is a credit, costs nothing, or is carried over."""
    fee: Fee | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.first_day and self.last_day and self.first_day > self.last_day:
            raise ValueError("last_day is before first_day")
        if self.model is None:
            if self.rate or self.tiers or self.units:
                raise ValueError("a rate, tiers or units need model: what is paid for")
        elif (self.rate is None) == (not self.tiers):
            raise ValueError("rate: is missing; a model needs either that or tiers")
        for rate in (self.rate, *(tier.rate for tier in self.tiers)):
            if self.model is not None and rate is not None:
                only_cps_shares(self.model, rate)
        self._tiers_rise()
        if self.model == "flat" and (self.flight is None or self.tiers):
            raise ValueError("a flat price needs flight: the days that it is for; and no tiers")
        if (self.budget is not None or self.units) and self.flight is None:
            raise ValueError("a budget or units need flight: the days that they are for")
        return self

    def _tiers_rise(self) -> None:
        steps = [tier.up_to for tier in self.tiers]
        if None in steps[:-1] or steps[-1:] not in ([], [None]):
            raise ValueError("the last of tiers, and only that, has no up_to: it is for all the rest")
        known = [step for step in steps if step is not None]
        if known != sorted(set(known)):
            raise ValueError("the steps of tiers rise: each up_to is above the one before")
        if self.tiers and len({tier.rate.share_ppm is None for tier in self.tiers}) > 1:
            raise ValueError("tiers are either all prices or all shares")

    def matches(self, connector: str, account_id: str, campaign_id: str, name: str) -> bool:
        """Whether it is about this campaign; upper and lower case differ."""
        return (
            self.connector == connector
            and self.account in ("", account_id)
            and (fnmatchcase(campaign_id, self.campaign) or fnmatchcase(name, self.campaign))
        )

    def valid_on(self, day: date) -> bool:
        """Whether the rate is in force on that day."""
        return (self.first_day or date.min) <= day <= (self.last_day or date.max)


Agreements: TypeAlias = Annotated[tuple[Agreement, ...], BeforeValidator(from_json)]
