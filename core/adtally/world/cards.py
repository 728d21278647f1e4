"""Accounts that pay by card: charged whenever enough is open, and on the first of the month for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from ..calendar import Window, month_name
from .model import FIRST_DAY, OCTOBER, TODAY, Account, Draft, Kind, Planted, Row, stream, total
from .paper import Charge
from .prices import MONEY_PPM, edge


def charge_cards(draft: Draft) -> None:
    """The charges of every such account; one is too high by what nobody asks about, one by a unit more."""
    cards = [account for account in draft.accounts if account.payment == "card"]
    rng = stream(draft.seed, "cards")
    rng.shuffle(cards)
    kinds: tuple[Kind, Kind] = ("fault", "decoy")
    for kind, account in zip(kinds, cards, strict=True):
        charges = list(_charges(account, draft))
        spent = sum(total(draft.rows(campaign, OCTOBER), "cost_micros") for campaign in account.campaigns)
        extra = edge(spent, account.currency, ppm=MONEY_PPM, beyond=kind == "fault") - spent
        wrong = rng.choice([charge for charge in charges if charge.day in OCTOBER and charge.day.day > 1])
        dearer = replace(wrong, amount_micros=wrong.amount_micros + extra, extra_micros=extra)
        draft.charges += [dearer if charge is wrong else charge for charge in charges]
        word = "beyond" if kind == "fault" else "inside"
        planted = Planted(
            check_id="threshold-charges-vs-spend",
            subject=f"{account.connector}/{account.account_id}",
            month=month_name(OCTOBER.first_day),
            currency=account.currency,
            kind=kind,
            note=f"a charge of {wrong.day} is one minor unit {word} the edge too high",
            diff_micros=extra,
            at_risk_micros=extra if kind == "fault" else None,
        )
        draft.truth.append(planted)


def _charges(account: Account, draft: Draft) -> Iterator[Charge]:
    """A charge on each day that ends above the threshold, and on the first of a month for what is left."""
    by_day = _by_day(row for campaign in account.campaigns for row in draft.days[campaign.campaign_id])
    open_micros = number = 0
    for day in Window(FIRST_DAY, TODAY):
        if day.day == 1 and open_micros:
            number += 1
            yield _charge(account, number, day, open_micros)
            open_micros = 0
        open_micros += by_day.get(day, 0)
        if open_micros >= account.threshold_micros:
            number += 1
            yield _charge(account, number, day, open_micros)
            open_micros = 0


def _charge(account: Account, number: int, day: date, amount: int) -> Charge:
    return Charge(f"{account.account_id[-3:]}{number:04}-{day:%m%d}", account.account_id, day, amount)


def _by_day(rows: Iterable[Row]) -> dict[date, int]:
    found: dict[date, int] = {}
    for row in rows:
        found[row.day] = found.get(row.day, 0) + row.cost_micros
    return found
