"""The contract for connectors: a model of settings, and one generator method for each report.

A connector declares facts and yields records. Core plans the units, retries, fills in connector, account and
currency, and replaces the unit's rows in one transaction. docs/writing-a-connector.md walks through it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, Literal, ParamSpec, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, PositiveFloat, PrivateAttr, SecretStr

from .answer import Answer, http_error
from .auth import Auth
from .calendar import Window
from .errors import AdtallyError, ContractError
from .http import Http
from .records import (
    Account,
    Ad,
    AdGroup,
    Balance,
    Campaign,
    Change,
    CountryCost,
    Delivery,
    Evidence,
    Grain,
    HourlyCost,
    Interaction,
    Invoice,
    InvoiceLine,
    Order,
    Record,
    Terms,
)
from .tokens import TokenFile

P = ParamSpec("P")
R = TypeVar("R")

Cadence: TypeAlias = Literal["daily", "edges", "monthly", "snapshot", "file"]
"""edges: by days, but only the last two and the first two of neighbouring months."""
MetricGroup: TypeAlias = Literal["cost", "clicks", "conversions"]
Trait: TypeAlias = Literal["lines", "credits", "prepared"]
"""Documents with lines, with credits; a report that the platform prepares and hands out later."""

DAILY = (Delivery, Interaction, Evidence, Change)
EDGES = (HourlyCost,)
MONTHLY = (Invoice, InvoiceLine, CountryCost)
SNAPSHOT = (Campaign, AdGroup, Ad, Terms, Order, Balance)


@dataclass(frozen=True, slots=True)
class Report:
    """What core must know about one generator method before it calls it."""

    name: str
    records: tuple[type[Record], ...]
    cadence: Cadence
    grain: Grain
    max_days: int
    restated_days: int
    final_after: Mapping[MetricGroup, int]
    retention_days: int | None
    by_campaign: bool = False
    traits: tuple[Trait, ...] = ()

    @property
    def by_days(self) -> bool:
        """Whether each record is of a day of the unit's window, and the window can be asked for in parts."""
        return self.cadence in ("daily", "edges")


@dataclass(slots=True)
class Unit:
    """One (connector, report, account, window): fetched, replaced and resumed as one."""

    account: Account
    window: Window
    today: date
    remembered: dict[str, str] = field(default_factory=dict[str, str])
    keep: Callable[[dict[str, str]], None] = lambda _: None
    campaigns: tuple[str, ...] = ()
    """Only these campaign ids, where even one day was too much; () = all. For reports ``by_campaign``."""

    def remember(self, key: str, ask: Callable[[], str]) -> str:
        """The text that ``ask`` gave for this key and these days, also after a restart; asked for only once.

        For the ids of reports that the platform makes ready later.
        """
        name = self._name(key)
        if name not in self.remembered:
            self.remembered[name] = ask()
            self.keep(self.remembered)
        return self.remembered[name]

    def forget(self, key: str) -> None:
        """Drop what was remembered: the platform no longer knows it."""
        if self.remembered.pop(self._name(key), None) is not None:
            self.keep(self.remembered)

    def within(self, window: Window, campaigns: tuple[str, ...] = ()) -> Unit:
        """The same unit asked for a part of its days, or of its campaigns."""
        return Unit(self.account, window, self.today, self.remembered, self.keep, campaigns)

    def _name(self, key: str) -> str:
        name = f"{key} {self.window}"
        return (
            f"{name} {sha256(' '.join(self.campaigns).encode()).hexdigest()[:16]}" if self.campaigns else name
        )


def pulls(
    *records: type[Record],
    grain: Grain = "campaign",
    max_days: int = 31,
    restated_days: int = 0,
    final_after: Mapping[MetricGroup, int] | None = None,
    retention_days: int | None = None,
    by_campaign: bool = False,
    traits: tuple[Trait, ...] = (),
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a generator method as a report that yields ``records``; it is not wrapped.

    Delivery, Interaction, Evidence and Change come by days, cut to ``max_days`` a request and asked again
    while younger than ``restated_days``; HourlyCost likewise, but only around the ends of months, all four
    days in one unit; Invoice by service month, CountryCost by service month that is over; everything else
    once a day as it stands.
    ``final_after`` is, by metric group, the days after which the platform's numbers no longer move (default:
    ``restated_days`` for all); ``retention_days`` is how far back it answers at all. ``by_campaign``: the
    method heeds ``unit.campaigns``, so that core can split a day that is too much. ``traits`` is what else a
    reader of ``adtally connectors --matrix`` wants to know.
    """
    cadence = _cadence(records[0])
    if any(_cadence(record) != cadence for record in records):
        raise TypeError("a report yields records of one cadence: daily, edges, monthly or snapshot")
    finals: dict[MetricGroup, int] = {
        "cost": restated_days,
        "clicks": restated_days,
        "conversions": restated_days,
    }

    def mark(method: Callable[P, R]) -> Callable[P, R]:
        report = Report(
            name=method.__name__,
            records=records,
            cadence=cadence,
            grain=grain,
            max_days=max_days,
            restated_days=restated_days,
            final_after=finals | dict(final_after or {}),
            retention_days=retention_days,
            by_campaign=by_campaign,
            traits=traits,
        )
        method.__report__ = report  # type: ignore[attr-defined]
        return method

    return mark


def _cadence(record: type[Record]) -> Cadence:
    if record in DAILY:
        return "daily"
    if record in EDGES:
        return "edges"
    return "monthly" if record in MONTHLY else "snapshot"


class Connector(BaseModel):
    """One set of credentials for one platform; its fields are its table in config.toml."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, ignored_types=(cached_property,)
    )

    name: ClassVar[str]
    """The connector type, which is also the platform of its accounts."""
    own_hosts: ClassVar[tuple[str, ...]] = ()
    """Further hosts that the connector itself writes into URLs; they may carry credentials."""
    answers_name_people: ClassVar[bool] = False
    """Whether answers hold names, mails or phones that were not asked for: ``keep_raw`` then keeps none."""

    base_url: str
    timeout_seconds: PositiveFloat = 60
    requests_per_second: PositiveFloat | None = None

    _folder: Path = PrivateAttr(default=Path())
    _token_file: TokenFile | None = PrivateAttr(default=None)

    def bind(self, *, folder: Path, token_file: TokenFile) -> None:
        """Say what the table of the configuration does not: whose folder, and where rotated tokens go."""
        self._folder, self._token_file = folder, token_file

    def accounts(self) -> Iterable[Account]:
        """Every account that the credentials see, each once. Managers are no accounts."""
        raise ContractError(f"{type(self).__name__} lists no accounts: give it a method accounts()")

    def auth(self) -> Auth | None:
        """How requests are signed; None sends them as they are."""
        return None

    def headers(self) -> Mapping[str, str]:
        """What every request to the connector's own hosts carries: a version, a name of its own."""
        return {}

    def error(self, answer: Answer) -> AdtallyError | None:
        """Our error for a refusal, or None for a good answer; some platforms refuse with status 200."""
        return http_error(answer)

    def check(self) -> list[Account]:
        """The visible accounts, by the cheapest real calls that prove the credentials."""
        return list(self.accounts())

    def credentials(self) -> tuple[object, ...]:
        """What the platform counts requests by: who asks, and where."""
        secrets = (value for value in dict(self).values() if isinstance(value, SecretStr))
        return (self.name, self.base_url, *(secret.get_secret_value() for secret in secrets))

    @property
    def folder(self) -> Path:
        """The folder of the configuration file, where relative paths start; else the current one."""
        return self._folder

    @property
    def token_file(self) -> TokenFile | None:
        """Where rotated refresh tokens are kept, when core has said so."""
        return self._token_file

    @cached_property
    def http(self) -> Http:
        default = type(self).model_fields["base_url"].default
        return Http(
            self.base_url,
            auth=self.auth,
            headers=self.headers,
            error=self.error,
            own_hosts=self.own_hosts,
            rebased=self.base_url != default,
            timeout_seconds=self.timeout_seconds,
            requests_per_second=self.requests_per_second,
        )

    @classmethod
    def declared(cls) -> list[Report]:
        """Every marked report, in the order in which they are written in the class."""
        marked = [getattr(method, "__report__", None) for method in _methods(cls)]
        return [report for report in marked if report is not None]

    def reports(self) -> list[Report]:
        """The reports that these settings ask for: all declared ones, unless a connector says otherwise."""
        return self.declared()

    @property
    def platform(self) -> str:
        """The platform of the accounts: the connector type, unless a connector says otherwise."""
        return self.name

    def fetch(self, report: Report, unit: Unit) -> Iterator[Record]:
        """The records of one unit."""
        method: Callable[[Unit], Iterator[Record]] = getattr(self, report.name)
        return method(unit)


def _methods(cls: type) -> list[object]:
    found: dict[str, object] = {}
    for parent in reversed(cls.__mro__):
        found.update((name, value) for name, value in vars(parent).items() if inspect.isfunction(value))
    return list(found.values())
