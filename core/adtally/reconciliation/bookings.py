"""Which orders have days in a month, and which campaigns belong to each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..calendar import Window
from ..settings import Agreement
from . import sql_orders
from .campaigns import Campaigns, CampaignSettings
from .change_log import ChangeLog, Control
from .facts import Rate
from .reading import Reading
from .terms import Agreed, agreed_rate

BY_BUDGET = frozenset(["apple_ads", "pinterest_ads"])
"""Platforms whose campaigns name the order that pays for them."""
BY_ACCOUNT = frozenset(["google_ads", "microsoft_ads"])
"""Platforms whose order is for all of the account, as long as it is in force."""

Member = tuple[int, str]
"""Account key and campaign id."""


@dataclass(slots=True)
class Booked:
    """An order before its delivery is known."""

    name: str
    subject: str
    connector: str
    platform: str
    account_id: str
    window: Window
    source: str
    currencies: tuple[str, ...]
    budget_micros: int | None
    members: tuple[Member, ...]
    keys: tuple[int, ...]
    """The accounts that campaigns of it may be in."""
    units: int | None = None
    rate: Rate | None = None
    under_delivery_ppm: int = 50_000


@dataclass(slots=True)
class _Group:
    """Agreements of one order, in their order."""

    name: str
    agreed: list[Agreed] = field(default_factory=list[Agreed])

    @property
    def window(self) -> Window | None:
        """The flight that the agreements share."""
        found = self.first("flight")
        return found[1].flight.window if found and found[1].flight else None

    def first(self, key: str) -> Agreed | None:
        """The first agreement that says something under this key."""
        return next((one for one in self.agreed if getattr(one[1], key) is not None), None)


def booked_orders(
    reading: Reading, agreements: Sequence[Agreement], settings: Campaigns, log: ChangeLog
) -> list[Booked]:
    """The orders with a cap or guaranteed units whose flight has days in the month."""
    groups = list(_groups(agreements, reading.month))
    rows = [row for row in _told_orders(reading) if row[1] in BY_BUDGET | BY_ACCOUNT]
    if not groups and not rows:
        return []
    known: list[Member] = list(reading.conn.execute(sql_orders.CAMPAIGNS))
    return [
        *(_agreed(reading, group, groups, known, settings) for group in groups),
        *(_told(reading, row, known, log) for row in rows),
    ]


def _groups(agreements: Sequence[Agreement], month: Window) -> Iterator[_Group]:
    """The orders of the agreements; one without a name of an order is an order of its own."""
    found: dict[str, _Group] = {}
    for number, agreement in enumerate(agreements, start=1):
        name = f"order {agreement.order}" if agreement.order else f"agreement {number}"
        found.setdefault(name, _Group(name)).agreed.append((number, agreement))
    for group in found.values():
        if group.window and group.window.overlap(month) and (group.first("budget") or group.first("units")):
            yield group


def _agreed(
    reading: Reading,
    group: _Group,
    groups: Sequence[_Group],
    known: Sequence[Member],
    settings: Campaigns,
) -> Booked:
    budget, units, window = group.first("budget"), group.first("units"), group.window or reading.month
    earlier = [
        agreement
        for other in groups
        if other is not group and other.window and other.window.overlap(window)
        for number, agreement in other.agreed
        if number < group.agreed[0][0]
    ]

    def belongs(member: Member) -> bool:
        owner = reading.owners.by_key[member[0]]
        name = settings.get((*owner.account, member[1]), CampaignSettings()).name
        told = (owner.connector, owner.account_id, member[1], name)
        return any(one.matches(*told) for _, one in group.agreed) and not any(
            one.matches(*told) for one in earlier
        )

    members = tuple(member for member in known if belongs(member))
    named = group.agreed[0][1]
    owners = [
        owner
        for owner in reading.owners.by_key.values()
        if any(
            one.connector == owner.connector and one.account in ("", owner.account_id)
            for _, one in group.agreed
        )
        and owner.delivers
    ]
    return Booked(
        name=group.name,
        subject=f"{named.connector}/{group.name.replace(' ', ':', 1)}",
        connector=named.connector,
        platform=owners[0].platform if owners else "",
        account_id=named.account,
        window=window,
        source=f"agreement {(budget or units or group.agreed[0])[0]}",
        currencies=(),
        budget_micros=budget[1].budget if budget else None,
        members=members,
        keys=tuple(owner.key for owner in owners),
        units=units[1].units if units else None,
        rate=agreed_rate(*units) if units else None,
        under_delivery_ppm=units[1].under_delivery if units else 0,
    )


def _told_orders(reading: Reading) -> list[tuple[str, str, str, str, str, str, str | None, int, str]]:
    bounds = {
        "first_text": reading.month.first_day.isoformat(),
        "last_text": reading.month.last_day.isoformat(),
    }
    return list(reading.conn.execute(sql_orders.ORDERS, bounds))


def _told(
    reading: Reading,
    row: tuple[str, str, str, str, str, str, str | None, int, str],
    known: Sequence[Member],
    log: ChangeLog,
) -> Booked:
    """The order that a platform tells of itself."""
    connector, platform, account_id, order_id, _, first, last, cap, currency = row
    account = (platform, account_id)
    keys = tuple(owner.key for owner in reading.owners.by_account.get(account, ()) if owner.delivers)

    def belongs(member: Member) -> bool:
        control = log.controls.get((*account, member[1]), Control())
        return member[0] in keys and (platform in BY_ACCOUNT or control.budget_id == order_id)

    return Booked(
        name=f"order {order_id}",
        subject=f"{connector}/{account_id}/order:{order_id}",
        connector=connector,
        platform=platform,
        account_id=account_id,
        window=Window(date.fromisoformat(first), date.fromisoformat(last) if last else date.max),
        source="orders",
        currencies=(currency,) if currency else (),
        budget_micros=cap,
        members=tuple(member for member in known if belongs(member)),
        keys=keys,
    )
