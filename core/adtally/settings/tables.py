"""The tables of config.toml: their keys, their defaults, and what a value may be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self, TypeAlias, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    Secret,
    model_validator,
)

from ..connector import MetricGroup
from ..money import LARGEST, MICROS, exponents
from ..records import Grain, canonical_account

AgreedModel: TypeAlias = Literal[
    "cpm", "vcpm", "cpc", "cpv", "cpcv", "cpe", "cpl", "cpi", "cpa", "cps", "cpsend", "cpr", "flat"
]
GRAINS: tuple[Grain, ...] = ("account", "campaign", "ad_group", "ad")
OWN_KEYS = ("use", "accounts", "grains", "restated_days", "final_after")
"""The keys of a connector's table that are core's; the others are fields of the connector."""
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,6})?")


@dataclass(frozen=True, slots=True)
class Price:
    """A rate: micros per unit (1,000 units for cpm, vcpm; the whole for flat), or a share of a sale."""

    rate_micros: int | None = None
    share_ppm: int | None = None


def price(value: object) -> Price:
    if isinstance(value, Price):
        return value
    if isinstance(value, float):
        raise ValueError('a decimal number is not exact here: write the money as text, such as "0.40"')
    text = str(value).strip()
    number = text.removesuffix("%").rstrip()
    if isinstance(value, bool) or not _AMOUNT.fullmatch(number):
        raise ValueError('expected decimal text with at most 6 decimals, such as "0.40", or a share: "8%"')
    scaled = Decimal(number) * (MICROS // 100 if text.endswith("%") else MICROS)
    if scaled != int(scaled) or scaled > LARGEST:
        raise ValueError("a share is a whole number of millionths: at most 4 decimals")
    return Price(share_ppm=int(scaled)) if text.endswith("%") else Price(rate_micros=int(scaled))


def _share(value: object) -> Decimal:
    text = str(value).strip()
    if isinstance(value, float | bool) or not _AMOUNT.fullmatch(text) or not 0 < Decimal(text) <= 1:
        raise ValueError('expected decimal text above 0 and at most 1, such as "0.01"')
    return Decimal(text)


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    with suppress(ValueError):
        if isinstance(value, str):
            return date.fromisoformat(value)
    raise ValueError("expected a day, such as 2026-01-31")


def from_json(value: object) -> object:
    """A list that came from the environment, where it is JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ValueError('expected a list; from the environment as JSON, such as ["a", "b"]') from None


def _once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def _with_campaign(grains: Iterable[Grain]) -> tuple[Grain, ...]:
    """Money is complete only by campaign, so that grain is always among them."""
    return tuple(grain for grain in GRAINS if grain in {"campaign", *grains})


def _currency(code: str) -> str:
    if code not in exponents():
        raise ValueError("unknown currency code: expected ISO 4217, such as EUR")
    return code


def only_cps_shares(model: str, price: Price) -> Price:
    if price.share_ppm is not None and model != "cps":
        raise ValueError(f"a share is a rate of cps only, not of {model}")
    return price


Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
AccountId: TypeAlias = Annotated[str, AfterValidator(canonical_account)]
Rate: TypeAlias = Annotated[Price, BeforeValidator(price)]
Share: TypeAlias = Annotated[Decimal, BeforeValidator(_share)]
Currency: TypeAlias = Annotated[str, AfterValidator(_currency)]


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Ledger(Table):
    path: str = "adtally.db"
    keep_raw: bool = False


class Sync(Table):
    first_day: Day | None = None
    workers: PositiveInt = 8
    token_file: str = ""
    """"" = tokens.json beside the ledger."""

    def start(self, today: date) -> date:
        """Where a never-synced account starts: ``first_day``, else the first of the month 3 months ago."""
        if self.first_day is not None:
            return self.first_day
        month = today.year * 12 + today.month - 1 - 3
        return date(month // 12, month % 12 + 1, 1)


class ConnectorTable(Table):
    """One ``[connectors.NAME]``; keys that are not core's wait in ``fields`` for the connector to judge."""

    use: str = ""
    """"" = the table's own name."""
    accounts: Annotated[tuple[AccountId, ...], AfterValidator(_once), BeforeValidator(from_json)] = ()
    """() = every account that the credentials see."""
    grains: Annotated[tuple[Grain, ...], AfterValidator(_with_campaign), BeforeValidator(from_json)] = (
        "campaign",
    )
    restated_days: NonNegativeInt | None = None
    """How long days of metrics are asked for again; None = as the connector declares."""
    final_after: Annotated[dict[MetricGroup, NonNegativeInt], BeforeValidator(from_json)] = {}
    """By metric group, the days after which numbers no longer move; what is missing is as declared."""
    fields: Secret[dict[str, object]] = Secret({})

    @model_validator(mode="before")
    @classmethod
    def _set_fields_apart(cls, table: object) -> object:
        if not isinstance(table, dict):
            return table
        keys = cast("dict[str, object]", table)
        own = {key: value for key, value in keys.items() if key in OWN_KEYS}
        return own | {"fields": {key: value for key, value in keys.items() if key not in OWN_KEYS}}


class Tolerance(Table):
    """The larger of some minor units and a share of the amount."""

    minor_units: NonNegativeInt
    relative_ppm: NonNegativeInt


class Reconcile(Table):
    money_match: Tolerance = Tolerance(minor_units=100, relative_ppm=1000)
    rate_match: Tolerance = Tolerance(minor_units=100, relative_ppm=5000)
    invoice_lag_days: NonNegativeInt = 10
    alpha: Share = Decimal("0.01")
    effect_ratio: Share = Decimal(1)
    session_floor: Share = Decimal("0.80")
    """Of billed clicks, the share that arrives as sessions at least."""
    mapping: str = ""
    """A CSV file that says which campaigns the keys of evidence mean where they are no campaign ids."""
    surcharges: str = ""
    """A CSV file of surcharge rates; its rows win over those that are shipped."""
    taxes: str = ""
    """A CSV file of tax rates; without one no tax rate is known."""
    rates: dict[Currency, dict[AgreedModel, Rate]] = {}

    @model_validator(mode="after")
    def _shares_are_of_sales(self) -> Self:
        for prices in self.rates.values():
            for model, price in prices.items():
                only_cps_shares(model, price)
        return self


ConnectorName: TypeAlias = Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
