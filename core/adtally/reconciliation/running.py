"""Accounts that are charged as they spend: what was charged between two balances that are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ..calendar import DAY, Window, local_day
from . import sql
from .account_facts import Entry, EntryKind, RunningAccount
from .owners import AccountId
from .reading import Reading, bounds

OWED = {"amount_due": 1, "cash": -1}
"""The kinds of balances that charges change, and the sign of what the advertiser owes by them."""

SECOND = timedelta(seconds=1)
REDUCTIONS = ("adjustment", "credit", "promotion", "invalid_traffic", "overdelivery", "rounding")

Where = tuple[AccountId, str]
"""Account and currency."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What the advertiser owes at the end of a day; below zero it is a prepaid rest."""

    key: str
    kind: str
    day: date
    owed_micros: int


def read_running(reading: Reading) -> list[RunningAccount]:
    """The accounts with charges and balances, from the last balance before the month to the last one in it.

    Without a balance before the month its first one opens. So the windows of neighbouring months touch, and
    no charge is judged twice.
    """
    month = reading.month
    until = min(month.last_day, reading.today, reading.known.on)
    entries = _entries(reading)
    found = list[RunningAccount]()
    for where, balances in _balances(reading, until).items():
        account, currency = where
        before = [balance for balance in balances if balance.day < month.first_day]
        inside = [balance for balance in balances if balance.day >= month.first_day]
        opening = before[-1] if before else inside[0] if len(inside) > 1 else None
        closing = inside[-1] if inside else None
        first_day = opening.day + DAY if opening else month.first_day
        window = Window(first_day, max(first_day, closing.day if closing else until))
        moves = [entry for entry in entries.get(where, []) if entry.day in window]
        if where not in entries or not (moves or closing):
            continue
        costs, coverage = reading.costs(account, window)
        owner = reading.owners.main(account)
        found.append(
            RunningAccount(
                connector=owner.connector,
                platform=owner.platform,
                account_id=owner.account_id,
                name=owner.name,
                currency=currency,
                window=window,
                cost_micros=costs.get(currency, 0 if coverage.complete else None),
                coverage=coverage,
                opening_micros=opening.owed_micros if opening else None,
                open_micros=closing.owed_micros if closing else None,
                entries=(*_ends(opening, closing), *moves, *_credited(reading, where, window)),
            )
        )
    return found


def _ends(opening: Balance | None, closing: Balance | None) -> Iterator[Entry]:
    ends: dict[EntryKind, Balance | None] = {"opening": opening, "open": closing}
    for kind, balance in ends.items():
        if balance:
            yield Entry(
                kind=kind,
                table="balances",
                key=balance.key,
                day=balance.day,
                amount_micros=balance.owed_micros,
            )


def _credited(reading: Reading, where: Where, window: Window) -> Iterator[Entry]:
    """What the platform itself says was paid by ad credit: it is cost that nothing was charged for."""
    (platform, account_id), currency = where
    named = {"platform": platform, "account_id": account_id, "currency": currency}
    credited = reading.conn.execute(sql.CREDITED, named | bounds(window)).fetchone()[0]
    if credited:
        yield Entry(
            kind="credit",
            table="delivery",
            key=f"{platform}/{account_id} {window}",
            day=window.last_day,
            amount_micros=-credited,
        )


def _balances(reading: Reading, until: date) -> Mapping[Where, Sequence[Balance]]:
    """The newest balance of each day up to ``until``, by account and currency, oldest day first.

    A balance stands for the end of the day that it was read on, one of midnight for the day that ended. Cash
    that is always zero is no prepaid account: there charges pay for bills.
    """
    found: defaultdict[Where, dict[date, Balance]] = defaultdict(dict)
    for platform, connector, account_id, at, kind, amount, currency in reading.conn.execute(sql.BALANCES):
        account = (platform, account_id)
        day = local_day(datetime.fromisoformat(at) - SECOND, reading.owners.main(account).timezone)
        if kind in OWED and day <= until:
            key = f"{connector}/{account_id}/{at}/{kind}"
            found[account, currency][day] = Balance(key, kind, day, OWED[kind] * amount)
    return {
        where: [days[day] for day in sorted(days)]
        for where, days in found.items()
        if any(balance.owed_micros or balance.kind != "cash" for balance in days.values())
    }


def _entries(reading: Reading) -> Mapping[Where, list[Entry]]:
    """Every charge and refund with its fees, taxes and (below zero) credits, by account and currency."""
    parts: defaultdict[tuple[str, str], defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    known_on = {"known_on": reading.known.on.isoformat()}
    for connector, invoice_id, kind, amount in reading.conn.execute(sql.CHARGE_PARTS, known_on):
        parts[connector, invoice_id][kind] += amount
    found: defaultdict[Where, list[Entry]] = defaultdict(list)
    for platform, connector, invoice_id, account_id, kind, day, currency, *money in reading.conn.execute(
        sql.CHARGES, known_on
    ):
        adjustments, fees, tax, total = money
        lines = parts[connector, invoice_id]
        amounts: dict[EntryKind, int] = {
            "charge": 0 if kind == "refund" else total,
            "refund": -abs(total) if kind == "refund" else 0,
            "fee": lines["fee"] if fees is None else fees,
            "tax": lines["tax"] if tax is None else tax,
            "credit": _reductions(lines) or adjustments or 0,
        }
        found[(platform, account_id), currency] += (
            Entry(
                kind=name,
                table="invoices",
                key=f"{connector}/{invoice_id}",
                day=date.fromisoformat(day),
                amount_micros=amount,
            )
            for name, amount in amounts.items()
            if amount
        )
    return found


def _reductions(lines: Mapping[str, int]) -> int:
    return sum(amount for kind, amount in lines.items() if kind in REDUCTIONS)
