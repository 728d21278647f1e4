"""The faults that stand in documents, each on a bill of its own so that no two blur each other.

Beside each fault stands a decoy one minor unit inside the tolerance, and bills that look guilty: a corrected
bill with its credit memo and rebill, one bill for two accounts, a credit for an earlier month, twins that are
two orders, and a bill whose text shows another currency's sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count

from ..calendar import Window, month, month_name
from ..money import minor
from .bills import bills_of, invoice_id, taxed
from .contract import Spot
from .desk import Desk, NoBillLeft, days, is_direct
from .lines import LINES_BY_API, plant_counts, shift_lines
from .model import COMPLETE, Account, Draft, Kind, total
from .paper import Bill, BillLine
from .prices import MONEY_PPM, edge, tolerance

SIGNS = {"USD": "CA$", "KWD": "JD"}
OTHER_CURRENCY = {"USD": "EUR", "KWD": "USD"}


def plant_documents(draft: Draft, taken: set[Spot]) -> None:
    """Change and add bills; ``taken`` are the campaign months that already hold a fault.

    Where the seed's choices leave no bill for the last plant, all choose anew.
    """
    for attempt in count():
        trial = replace(draft, bills=[*draft.bills], truth=[*draft.truth])
        with suppress(NoBillLeft):
            _plant(Desk(trial, taken, attempt))
            draft.bills = sorted(
                trial.bills, key=lambda bill: (bill.connector, bill.issue_day, bill.invoice_id)
            )
            draft.truth = trial.truth
            return


def _plant(desk: Desk) -> None:
    _rebill(desk)
    _consolidated(desk)
    _arithmetic(desk)
    _credit_of_an_earlier_month(desk)
    _overdelivery(desk)
    _credit_memo(desk)
    shift_lines(desk)
    _total(desk)
    _network_totals(desk)
    plant_counts(desk)
    _currency(desk)
    _duplicates(desk)


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
        bill = desk.take(lambda bill: is_direct(bill) and not bill.prints_subtotal)
        figures, unit = len(bill.lines), minor(bill.currency)
        off = (figures if kind == "fault" else figures - 1) * unit
        desk.put(bill, replace(bill, misprint_micros=off))
        note = f"the total is {off // unit} minor units above its {figures} rounded lines"
        desk.say("invoice-arithmetic", bill, kind, note, diff=off)


def _currency(desk: Desk) -> None:
    """A bill in a currency that the account does not deliver in, and one that only looks so."""
    bill = desk.take(is_direct)
    amount = bill.summed("media", "fee", "tax")
    line = BillLine("media", amount, bill.account_id, *days(bill.service), description="Media as agreed")
    foreign = replace(bill, currency=OTHER_CURRENCY[bill.currency], lines=(line,))
    desk.put(bill, foreign)
    note = f"billed in {foreign.currency}, delivered in {bill.currency}, no rate given"
    desk.say("invoice-currency-mismatch", foreign, "fault", note, at_risk=0)
    bill = desk.take(is_direct)
    sign = SIGNS[bill.currency]
    lines = tuple(
        replace(line, description=f"{line.description}, list price in {sign}") for line in bill.lines
    )
    desk.put(bill, replace(bill, lines=lines))
    desk.say("invoice-currency-mismatch", bill, "decoy", f"the text says {sign}, the code is the account's")


def _credit_of_an_earlier_month(desk: Desk) -> None:
    bill = desk.take(lambda bill: bill.billed_to in ("lindenhof", "hoshino"))
    account, earlier = desk.members(bill)[0], month(month_name(bill.service.first_day - timedelta(days=1)))
    amount = -desk.rng.randint(900, 2_500) * minor(bill.currency)
    credit = BillLine("invalid_traffic", amount, account.account_id, *days(earlier))
    desk.put(bill, replace(bill, lines=taxed((*bill.lines, credit), account, bill.service)))
    note = f"a credit for invalid activity of {month_name(earlier.first_day)} lowers the bill"
    desk.say("invoice-total-vs-delivered", bill, "innocent", note)


def _overdelivery(desk: Desk) -> None:
    """More was served than the budget allows: the bill charges less than delivery cost."""
    bill = desk.take(lambda bill: bill.connector == "google")
    account = desk.members(bill)[0]
    amount = (
        bill.summed("media") * desk.rng.randint(3, 8) // 1000 // minor(bill.currency) * minor(bill.currency)
    )
    limit = BillLine("overdelivery", -amount, account.account_id, *days(bill.service))
    desk.put(bill, replace(bill, lines=taxed((*bill.lines, limit), account, bill.service)))
    desk.say("invoice-total-vs-delivered", bill, "innocent", "what was served above the budget is not billed")


def _credit_memo(desk: Desk) -> None:
    """A line was billed too high, and a credit memo of the same month takes the difference back."""
    bill = desk.take(lambda bill: bill.connector == "meta" and len(bill.lines) > 1)
    line, owner = bill.lines[0], desk.members(bill)[0]
    amount = desk.rng.randint(20, 60) * 100 * minor(bill.currency)
    dearer = replace(line, amount_micros=line.amount_micros + amount)
    lines = taxed((dearer, *bill.lines[1:]), owner, bill.service)
    back = taxed((replace(line, amount_micros=-amount, quantity=None),), owner, bill.service)
    memo = replace(bill, invoice_id=str(int(bill.invoice_id) + 17), kind="credit_memo", lines=back,
                   issue_day=bill.issue_day + timedelta(days=4))  # fmt: skip
    desk.put(bill, replace(bill, lines=lines))
    desk.draft.bills.append(memo)
    chain = "+".join(sorted(one.subject for one in (bill, memo)))
    note = "a credit memo takes back what the bill charged too much"
    desk.say("invoice-total-vs-delivered", bill, "innocent", note, subject=chain)
    desk.say("invoice-line-vs-campaign-spend", bill, "innocent", note, subject=desk.of_campaign(bill, line))


def _total(desk: Desk) -> None:
    """A little more on each line, together to the edge of what delivery explains, or a unit past it."""
    for kind in ("fault", "decoy"):
        _raise_lines(desk, desk.take(lambda bill: _names_lines(bill) and _has_room(desk, bill)), kind)


def _network_totals(desk: Desk) -> None:
    """The same on each of the other platforms; most of their bills tell nothing but their total."""
    for among in dict.fromkeys(account.among for account in desk.draft.accounts if account.among):
        for kind in ("fault", "decoy"):
            bill = desk.take(partial(_is_settled, desk, among))
            if _names_lines(bill):
                _raise_lines(desk, bill, kind)
            else:
                parts = {bill.lines[0]: _extra(desk, bill, kind)}
                _raise(desk, bill, kind, parts, "and no line tells where")


def _names_lines(bill: Bill) -> bool:
    return bill.connector in LINES_BY_API or is_direct(bill)


def _has_room(desk: Desk, bill: Bill) -> bool:
    return sum(_room(desk, bill).values()) > _extra(desk, bill, "fault")


def _raise_lines(desk: Desk, bill: Bill, kind: Kind) -> None:
    left = _extra(desk, bill, kind)
    parts: dict[BillLine, int] = {}
    for line, room in _room(desk, bill).items():
        parts[line] = min(room, left)
        left -= parts[line]
    _raise(desk, bill, kind, parts, "a little on each line")


def _is_settled(desk: Desk, among: str, bill: Bill) -> bool:
    owner = desk.members(bill)[0]
    has_room = not _names_lines(bill) or _has_room(desk, bill)
    return owner.among == among and bill.service in owner.settled and has_room


def _raise(desk: Desk, bill: Bill, kind: Kind, parts: Mapping[BillLine, int], where: str) -> None:
    lines = tuple(
        replace(line, amount_micros=line.amount_micros + parts[line], unit_price_micros=None)
        if parts.get(line)
        else line
        for line in bill.lines
    )
    for account in desk.members(bill):
        lines = taxed(lines, account, bill.service)
    desk.put(bill, replace(bill, lines=lines))
    word = "beyond" if kind == "fault" else "inside"
    note = f"billed one minor unit {word} the edge of the tolerance on delivery, {where}"
    at_risk = sum(parts.values()) if kind == "fault" else None
    desk.say("invoice-total-vs-delivered", bill, kind, note, at_risk=at_risk)


def _extra(desk: Desk, bill: Bill, kind: Kind) -> int:
    delivered = sum(
        total(desk.draft.rows(campaign, bill.service), "cost_micros")
        for account in desk.members(bill)
        for campaign in account.campaigns
    )
    return edge(delivered, bill.currency, ppm=MONEY_PPM, beyond=kind == "fault") - delivered


def _room(desk: Desk, bill: Bill) -> dict[BillLine, int]:
    """What can be added to each line before the line itself shows it."""
    unit = minor(bill.currency)
    return {
        line: tolerance(line.amount_micros, bill.currency, ppm=MONEY_PPM) // unit * unit - unit
        for line in desk.media(bill)
    }


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
                 *days(window), description=text)
        for text in ("Sponsored article", "Newsletter layout")
    )  # fmt: skip
    return Bill(bills_of(account), invoice_id(account, 0, window), account.account_id, "", account.currency,
                window.last_day + timedelta(days=1), window, lines,
                purchase_order=f"PO-S{window.first_day:%m}", prints_subtotal=False)  # fmt: skip
