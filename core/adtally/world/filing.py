"""Scenes that stand on paper: days billed twice, credits, exchange rates, taxes, fees, an agency's share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from ..calendar import DAY, Window
from ..money import MICROS, minor, rounded
from . import scenes
from .bills import bills_of, invoice_id
from .contract import Spot
from .model import COMPLETE, FIRST_DAY, OCTOBER, SEPTEMBER, TODAY, Account, Draft, stream, total
from .paper import Bill, BillLine
from .prices import MONEY_PPM, RATE_PPM, edge, tolerance
from .scenes import say
from .spread import country_costs
from .staging import overdelivery

ISSUED_LATE = date(2026, 10, 15)
"""When September is billed where its numbers have to be fetched before the bill."""
MIDDLE = 15
"""The day of a month that two bills share."""
INVALID = 40
"""Clicks of September that October's bill gives back."""
AUSTRIA_PPM = 50_000
"""What Google adds to what is spent on people in Austria."""
COMMISSION_PPM = 150_000
BILLED_IN = "EUR"
"""The currency of bills for delivery in another one."""


def play(draft: Draft) -> None:
    """Change the bills of the scenes, once all others are written."""
    bills = {(bill.billed_to, bill.service): bill for bill in draft.bills}
    for scene in (_overlaps, _credit_notes, _exchange, _taxes, _fees, _commission, _as_billed):
        scene(draft, bills)
    draft.bills.sort(key=lambda bill: (bill.connector, bill.issue_day, bill.invoice_id))


Bills = Mapping[tuple[str, Window], Bill]
"""By whom they are for and the month."""


def _put(draft: Draft, old: Bill, *new: Bill) -> None:
    at = draft.bills.index(old)
    draft.bills[at : at + 1] = new


def _spent(draft: Draft, account: Account, window: Window) -> int:
    return sum(total(draft.rows(campaign, window), "cost_micros") for campaign in account.campaigns)


def _lump(bill: Bill, window: Window, amount: int) -> tuple[BillLine, ...]:
    """One line that names no campaign."""
    return (BillLine("media", amount, bill.account_id, window.first_day, window.last_day, "Media as agreed"),)


def _overlaps(draft: Draft, bills: Bills) -> None:
    """A month on two bills that share a day: it is charged twice, or but for what nobody asks about once."""
    [window] = stream(draft.seed, "scenes", "overlap month").sample(COMPLETE, 1)
    middle = window.first_day.replace(day=MIDDLE)
    for kind, account in scenes.roles(draft, "overlap", scenes.of(draft, "overlap")):
        bill, unit = bills[account.billed_to, window], minor(account.currency)
        first, second = Window(window.first_day, middle), Window(middle, window.last_day)
        ran, shared = _spent(draft, account, window), _spent(draft, account, Window(middle, middle))
        early = _spent(draft, account, first) // unit * unit
        twice = (
            shared // unit * unit
            if kind == "fault"
            else edge(ran, account.currency, ppm=MONEY_PPM, beyond=False) - ran
        )
        one = replace(bill, service=first, lines=_lump(bill, first, early))
        other = replace(bill, invoice_id=f"{bill.invoice_id}-B", service=second,
                        lines=_lump(bill, second, ran - early + twice))  # fmt: skip
        _put(draft, bill, one, other)
        joined = "+".join(sorted((one.subject, other.subject)))
        note = f"both bill {middle}, on which {shared} micros were delivered"
        say(draft, "invoice-overlap", joined, window, account.currency, kind, note, at_risk=twice)


def _credit_notes(draft: Draft, bills: Bills) -> None:
    """Credits of all that a bill charged, and of a minor unit more; and one that names nothing."""
    [account] = scenes.of(draft, "credits")
    rng, unit = stream(draft.seed, "scenes", "credits"), minor(account.currency)
    [window] = rng.sample(COMPLETE, 1)
    for kind, number in scenes.roles(draft, "credit notes", (1, 2)):
        amount = rng.randint(400, 900) * 100 * unit
        back = amount + (unit if kind == "fault" else 0)
        bill = _studio(account, window, number, amount)
        memo = replace(bill, invoice_id=f"{bill.invoice_id}-C", kind="credit_memo", corrects=bill.invoice_id,
                       issue_day=bill.issue_day + DAY, lines=_lump(bill, window, -back))  # fmt: skip
        draft.bills += [bill, memo]
        note = f"{back} micros are credited on a bill of {amount}"
        say(draft, "credit-note-linkage", bill.subject, window, account.currency, kind, note, at_risk=0)
    goodwill = replace(_studio(account, window, 3, -50 * MICROS), kind="credit_memo")
    draft.bills.append(goodwill)
    say(draft, "credit-note-linkage", goodwill.subject, window, account.currency, "innocent",
        "a credit that names no document", at_risk=0)  # fmt: skip


def _studio(account: Account, window: Window, number: int, amount: int) -> Bill:
    blank = Bill(
        connector=bills_of(account),
        invoice_id=invoice_id(account, number, window, number),
        account_id=account.account_id,
        billed_to="",
        currency=account.currency,
        issue_day=window.last_day,
        service=window,
        lines=(),
        purchase_order=f"PO-{account.account_id}-{number}",
        prints_subtotal=False,
    )
    return replace(blank, lines=_lump(blank, window, amount))


def exchange_rates(seed: int) -> Mapping[date, Fraction]:
    """Pounds for a euro, to four decimals, on the days on which the European Central Bank tells them."""
    rng, cents = stream(seed, "exchange"), 8_600
    rates = dict[date, Fraction]()
    for day in Window(FIRST_DAY, TODAY):
        cents += rng.randint(-25, 25)
        if day.weekday() < 5:
            rates[day] = Fraction(cents, 10_000)
    return rates


def _exchange(draft: Draft, bills: Bills) -> None:
    """Pounds that are billed in euros, at a rate that is just not, or just so, worth a question."""
    [account] = scenes.of(draft, "exchange")
    rates = exchange_rates(draft.seed)
    for kind, window in scenes.roles(draft, "exchange", COMPLETE):
        bill = bills[account.billed_to, window]
        rate = rates[max(day for day in rates if day <= bill.issue_day)]
        expected = rounded(_spent(draft, account, window) * rate.denominator, rate.numerator)
        amount = edge(expected, BILLED_IN, ppm=RATE_PPM, beyond=kind == "fault")
        _put(draft, bill, replace(bill, currency=BILLED_IN, lines=_lump(bill, window, amount)))
        note = f"billed {amount} where the rate of the day makes {expected}"
        say(draft, "fx-conversion", bill.subject, window, BILLED_IN, kind, note, at_risk=amount - expected)


def _taxes(draft: Draft, bills: Bills) -> None:
    """A tax as far above its share as rounding may bring it, and a minor unit farther."""
    [account] = scenes.of(draft, "tax")
    unit = minor(account.currency)
    for kind, window in scenes.roles(draft, "tax", COMPLETE):
        bill = bills[account.billed_to, window]
        exact = rounded(bill.summed("media") * account.tax_ppm, MICROS)
        amount = -(-exact // unit) * unit + (unit if kind == "fault" else 0)
        lines = tuple(
            replace(line, amount_micros=amount) if line.kind == "tax" else line for line in bill.lines
        )
        _put(draft, bill, replace(bill, lines=lines))
        note = f"{amount} micros of tax, where its share of the media is {exact}"
        say(draft, "tax-plausibility", bill.subject, window, account.currency, kind, note,
            at_risk=amount - exact)  # fmt: skip


def _fees(draft: Draft, bills: Bills) -> None:
    """Google's fee for Austria: to the edge of the tolerance, and beyond all that may be spent there."""
    [account] = scenes.of(draft, "alpine", "google")
    rows = {
        window: [row for one in account.campaigns for row in draft.rows(one, window)] for window in COMPLETE
    }
    for kind, window in scenes.roles(draft, "fees", COMPLETE):
        bill, costs = bills[account.billed_to, window], country_costs(account, rows[window])
        expected = rounded(costs["AT"] * AUSTRIA_PPM, MICROS)
        most = rounded((costs["AT"] + costs[""]) * AUSTRIA_PPM, MICROS) if kind == "fault" else expected
        allowed = most + tolerance(expected, account.currency, ppm=MONEY_PPM)
        unit = minor(account.currency)
        amount = allowed // unit * unit + (unit if kind == "fault" else 0)
        fee = BillLine(
            "fee", amount, account.account_id, window.first_day, window.last_day, jurisdiction="AT"
        )
        _put(draft, bill, replace(bill, lines=(*bill.lines, fee)))
        note = f"{amount} micros for Austria, where 5% are {expected}"
        subject = f"{account.connector}/{account.account_id}/AT"
        say(draft, "surcharge-plausibility", subject, window, account.currency, kind, note,
            at_risk=amount - expected)  # fmt: skip


def _commission(draft: Draft, bills: Bills) -> None:
    """The agency's 15% of media and fee together, to the edge of the tolerance and a minor unit beyond."""
    [agency], [account] = scenes.of(draft, "fee"), scenes.of(draft, "agency")
    for kind, window in scenes.roles(draft, "commission", COMPLETE):
        net = _spent(draft, account, window)
        expected = rounded(net * COMMISSION_PPM, MICROS - COMMISSION_PPM)
        amount = edge(expected, account.currency, ppm=RATE_PPM, beyond=kind == "fault")
        line = BillLine("fee", amount, agency.account_id, window.first_day, window.last_day, "Commission")
        bill = replace(_studio(agency, window, 1, amount), lines=(line,))
        draft.bills.append(bill)
        note = f"{amount} micros for buying media of {net}"
        say(draft, "agency-fee", f"{bill.connector}/{account.currency}", window, account.currency, kind, note,
            at_risk=amount - expected)  # fmt: skip


def _as_billed(draft: Draft, bills: Bills) -> None:
    """What scenes of days need on paper: a late bill without counts, and what a bill gives back."""
    [account] = scenes.of(draft, "withdrawn")
    bill = bills[account.billed_to, SEPTEMBER]
    plain = tuple(replace(line, quantity=None, unit="", unit_price_micros=None) for line in bill.lines)
    _put(draft, bill, replace(bill, issue_day=ISSUED_LATE, lines=plain))
    [account] = scenes.of(draft, "verified")
    bill = bills[account.billed_to, OCTOBER]
    [campaign] = scenes.called(account, scenes.CREDITED.name)
    rate = scenes.rate_of(Spot(account, campaign, SEPTEMBER))
    back = BillLine(
        "invalid_traffic",
        -INVALID * rate,
        account.account_id,
        SEPTEMBER.first_day,
        SEPTEMBER.last_day,
        campaign_id=campaign.campaign_id,
        campaign_name=campaign.name,
    )
    _put(draft, bill, replace(bill, lines=(*bill.lines, back)))
    [account] = scenes.of(draft, "budgets")
    bill = bills[account.billed_to, OCTOBER]
    credited = next(one for one in account.campaigns if one.agreement and one.agreement.order == "IO-2610")
    _put(draft, bill, replace(bill, lines=(*bill.lines, overdelivery(draft, account, credited))))
