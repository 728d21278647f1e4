"""The faults that stand in documents, each on a bill of its own so that no two blur each other.

Beside each fault stands a decoy one minor unit inside the tolerance, and bills that look guilty: a corrected
bill with its credit memo and rebill, one bill for two accounts, a credit for an earlier month, twins that are
two orders, and a bill whose text shows another currency's sign.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from ..calendar import Window, month, month_name
from ..money import minor, rounded
from .bills import bills_of, invoice_id, taxed
from .contract import Spot
from .model import COMPLETE, Account, Bill, BillLine, Draft, Kind, Planted, stream, total
from .prices import MONEY_PPM, edge

SIGNS = {"USD": "CA$", "KWD": "JD"}
OTHER_CURRENCY = {"USD": "EUR", "KWD": "USD"}


class Desk:
    """The bills of a draft that nothing is planted on yet; each plant takes its own away."""

    def __init__(self, draft: Draft, taken: set[Spot]) -> None:
        self.draft = draft
        self.rng = stream(draft.seed, "documents")
        self.guilty = {spot.campaign.campaign_id for spot in taken}
        self.free = list(draft.bills)

    def take(self, fits: Callable[[Bill], bool]) -> Bill:
        bill = self.rng.choice([bill for bill in self.free if fits(bill)])
        self.free.remove(bill)
        return bill

    def put(self, old: Bill, new: Bill) -> None:
        self.draft.bills[self.draft.bills.index(old)] = new

    def members(self, bill: Bill) -> list[Account]:
        return [account for account in self.draft.accounts if account.billed_to == bill.billed_to]

    def say(
        self,
        check_id: str,
        bill: Bill,
        kind: Kind,
        note: str,
        *,
        subject: str = "",
        diff: int | None = None,
        at_risk: int | None = None,
    ) -> None:
        planted = Planted(
            check_id=check_id,
            subject=subject or bill.subject,
            month=month_name(bill.service.first_day),
            currency=bill.currency,
            kind=kind,
            note=note,
            diff_micros=diff,
            at_risk_micros=at_risk if at_risk is not None or kind != "fault" else diff,
        )
        self.draft.truth.append(planted)


def plant_documents(draft: Draft, taken: set[Spot]) -> None:
    """Change and add bills; ``taken`` are the campaign months that already hold a fault."""
    desk = Desk(draft, taken)
    _rebill(desk)
    _consolidated(desk)
    _arithmetic(desk)
    _currency(desk)
    _line_arithmetic(desk)
    _credit_of_an_earlier_month(desk)
    _overdelivery(desk)
    _total(desk)
    _duplicates(desk)
    draft.bills.sort(key=lambda bill: (bill.connector, bill.issue_day, bill.invoice_id))


def _is_direct(bill: Bill) -> bool:
    return bill.connector.endswith("_invoices")


def _rebill(desk: Desk) -> None:
    first = desk.take(lambda bill: bill.billed_to == "pacific")
    mirrored = tuple(
        replace(line, amount_micros=-line.amount_micros, quantity=line.quantity and -line.quantity)
        for line in first.lines
    )
    number, day = int(first.invoice_id), first.issue_day
    memo = replace(first, invoice_id=str(number + 1), kind="credit_memo", issue_day=day + timedelta(days=3),
                   lines=mirrored, corrects=first.invoice_id)  # fmt: skip
    again = replace(first, invoice_id=str(number + 2), issue_day=day + timedelta(days=4),
                    purchase_order=f"{first.purchase_order}-B", replaces=first.invoice_id)  # fmt: skip
    desk.draft.bills += [memo, again]
    note = "the same lines twice, but a credit memo takes the first away: the order number was wrong"
    desk.say("invoice-duplicate", first, "innocent", note)
    chain = "+".join(sorted(bill.subject for bill in (first, memo, again)))
    desk.say("invoice-total-vs-delivered", first, "innocent", note, subject=chain)


def _consolidated(desk: Desk) -> None:
    bill = desk.take(lambda bill: len(desk.members(bill)) > 1)
    desk.say(
        "invoice-total-vs-delivered",
        bill,
        "innocent",
        "one bill for two accounts in two time zones, with a rush on its last day",
    )


def _arithmetic(desk: Desk) -> None:
    """A total that is as far from its lines as that many rounded figures could be, and one unit farther."""
    for kind in ("fault", "decoy"):
        bill = desk.take(lambda bill: _is_direct(bill) and not bill.prints_subtotal)
        figures, unit = len(bill.lines), minor(bill.currency)
        off = (figures if kind == "fault" else figures - 1) * unit
        desk.put(bill, replace(bill, misprint_micros=off))
        note = f"the total is {off // unit} minor units above its {figures} rounded lines"
        desk.say("invoice-arithmetic", bill, kind, note, diff=off)


def _currency(desk: Desk) -> None:
    """A bill in a currency that the account does not deliver in, and one that only looks so."""
    bill = desk.take(_is_direct)
    amount = bill.summed("media", "fee", "tax")
    line = BillLine("media", amount, bill.account_id, *_days(bill.service), description="Media as agreed")
    foreign = replace(bill, currency=OTHER_CURRENCY[bill.currency], lines=(line,))
    desk.put(bill, foreign)
    note = f"billed in {foreign.currency}, delivered in {bill.currency}, no rate given"
    desk.say("invoice-currency-mismatch", foreign, "fault", note, at_risk=0)
    bill = desk.take(_is_direct)
    sign = SIGNS[bill.currency]
    lines = tuple(
        replace(line, description=f"{line.description}, list price in {sign}") for line in bill.lines
    )
    desk.put(bill, replace(bill, lines=lines))
    desk.say("invoice-currency-mismatch", bill, "decoy", f"the text says {sign}, the code is the account's")


def _line_arithmetic(desk: Desk) -> None:
    """A line one minor unit beyond its quantity times its price, and one that is rounded the long way."""
    for kind in ("fault", "decoy"):
        bill = desk.take(lambda bill: _is_direct(bill) and any(map(_has_price(desk), bill.lines)))
        unit = minor(bill.currency)
        lines = {line: _exact(line) for line in bill.lines if _has_price(desk)(line)}
        line = (
            max(lines, key=lambda line: -lines[line] % unit) if kind == "decoy" else desk.rng.choice([*lines])
        )
        amount = (-(-lines[line] // unit) + (kind == "fault")) * unit
        printed = taxed(
            tuple(replace(other, amount_micros=amount) if other is line else other for other in bill.lines),
            desk.members(bill)[0],
            bill.service,
        )
        desk.put(bill, replace(bill, lines=printed))
        number = bill.lines.index(line) + 1
        note = "a unit beyond quantity times price" if kind == "fault" else "quantity times price, rounded up"
        subject = f"{bill.subject}/{number}"
        desk.say("invoice-line-arithmetic", bill, kind, note, subject=subject, diff=amount - lines[line])


def _has_price(desk: Desk) -> Callable[[BillLine], bool]:
    return lambda line: (
        line.kind == "media" and bool(line.unit_price_micros) and line.campaign_id not in desk.guilty
    )


def _exact(line: BillLine) -> int:
    return rounded((line.unit_price_micros or 0) * (line.quantity or 0), line.per)


def _credit_of_an_earlier_month(desk: Desk) -> None:
    bill = desk.take(lambda bill: bill.billed_to in ("lindenhof", "hoshino"))
    account, earlier = desk.members(bill)[0], month(month_name(bill.service.first_day - timedelta(days=1)))
    amount = -desk.rng.randint(900, 2_500) * minor(bill.currency)
    credit = BillLine("invalid_traffic", amount, account.account_id, *_days(earlier))
    desk.put(bill, replace(bill, lines=taxed((*bill.lines, credit), account, bill.service)))
    note = f"a credit for invalid activity of {month_name(earlier.first_day)} lowers the bill"
    desk.say("invoice-total-vs-delivered", bill, "innocent", note)


def _overdelivery(desk: Desk) -> None:
    """More was served than the budget allows: the bill charges less than delivery cost."""
    bill = desk.take(lambda bill: not _is_direct(bill))
    account, unit = desk.members(bill)[0], minor(bill.currency)
    line = max(
        (line for line in bill.lines if line.unit == "clicks" and line.campaign_id not in desk.guilty),
        key=lambda line: line.amount_micros if line.account_id == account.account_id else 0,
    )
    amount = line.amount_micros * desk.rng.randint(10, 30) // 1000 // unit * unit
    less = replace(line, amount_micros=line.amount_micros - amount)
    lines = tuple(less if other is line else other for other in bill.lines)
    beyond = BillLine("media", amount, account.account_id, *_days(bill.service), description="Served beyond")
    limit = BillLine("overdelivery", -amount, account.account_id, *_days(bill.service))
    desk.put(bill, replace(bill, lines=taxed((*lines, beyond, limit), account, bill.service)))
    desk.say("invoice-total-vs-delivered", bill, "innocent", "what was served above the budget is not billed")


def _total(desk: Desk) -> None:
    """An extra line that takes the bill to the edge of what delivery explains, or a unit past it."""
    for kind in ("fault", "decoy"):
        bill = desk.take(lambda _: True)
        members = desk.members(bill)
        delivered = sum(
            total(desk.draft.rows(campaign, bill.service), "cost_micros")
            for account in members
            for campaign in account.campaigns
        )
        extra = edge(delivered, bill.currency, ppm=MONEY_PPM, beyond=kind == "fault") - delivered
        text = "Additional inventory"
        line = BillLine("media", extra, members[0].account_id, *_days(bill.service), text, campaign_name=text)
        lines = taxed((*bill.lines, line), members[0], bill.service)
        desk.put(bill, replace(bill, lines=lines))
        word = "beyond" if kind == "fault" else "inside"
        note = f"billed one minor unit {word} the edge of the tolerance on delivery"
        desk.say("invoice-total-vs-delivered", bill, kind, note, at_risk=extra if kind == "fault" else None)


def _duplicates(desk: Desk) -> None:
    """Studio work billed twice; billed again with one line a unit dearer; and twins for two orders."""
    studios = [account for account in desk.draft.accounts if account.account_id in ("NB-109", "GM-9")]
    desk.rng.shuffle(studios)
    windows = desk.rng.sample(COMPLETE, 2)
    twice, nearly = (_studio(desk, studio, windows[0]) for studio in studios)
    again = replace(twice, invoice_id=f"{twice.invoice_id}A", issue_day=twice.issue_day + timedelta(days=1))
    joined = "+".join(sorted((twice.subject, again.subject)))
    note = "the same lines billed by two documents"
    desk.say("invoice-duplicate", twice, "fault", note, subject=joined, at_risk=twice.total_micros)
    dearer = replace(nearly.lines[0], amount_micros=nearly.lines[0].amount_micros + minor(nearly.currency))
    other = replace(nearly, invoice_id=f"{nearly.invoice_id}A", lines=(dearer, *nearly.lines[1:]))
    note = "one line differs by a minor unit: a bill of its own"
    desk.say("invoice-duplicate", other, "decoy", note)
    order = _studio(desk, studios[0], windows[1])
    twin = replace(order, invoice_id=f"{order.invoice_id}A", purchase_order=f"{order.purchase_order}-B")
    desk.say("invoice-duplicate", twin, "innocent", "equal amounts for two orders")
    desk.draft.bills += [twice, again, nearly, other, order, twin]


def _studio(desk: Desk, account: Account, window: Window) -> Bill:
    lines = tuple(
        BillLine("media", desk.rng.randint(400, 900) * 100 * minor(account.currency), account.account_id,
                 *_days(window), description=text)
        for text in ("Sponsored article", "Newsletter layout")
    )  # fmt: skip
    return Bill(bills_of(account), invoice_id(account, 0, window), account.account_id, "", account.currency,
                window.last_day + timedelta(days=1), window, lines,
                purchase_order=f"PO-S{window.first_day:%m}", prints_subtotal=False)  # fmt: skip


def _days(window: Window) -> tuple[date, date]:
    return window.first_day, window.last_day
