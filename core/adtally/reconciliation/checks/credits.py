"""Credits for over-delivery that stand on bills, beside the budgets and orders that were exceeded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from ...calendar import DAY
from ...money import money_text
from ..facts import CampaignMonth, Document, Facts, OrderFlight
from ..lines import normalised
from ..rules import Rules
from ..verdicts import Outcome, Proof
from .outcomes import compared
from .sentences import price_text


class Credit(NamedTuple):
    """An over-delivery line of a bill: its key, and how much of it is for one budget, in micros."""

    key: str
    micros: int


class Credits:
    """The over-delivery lines of a month's bills; what one budget takes, no other one gets."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._lines = [
            (document, line)
            for document in documents
            for line in document.lines
            if line.kind == "overdelivery"
        ]
        self._left = [-line.amount_micros for _, line in self._lines]

    def take(
        self, campaigns: Collection[CampaignMonth], currency: str, wanted: int, order: str = ""
    ) -> list[Credit]:
        """Up to ``wanted`` micros from lines for these campaigns, then from those of the whole account.

        ``order`` is the order's name: a line may name it as its purchase order or budget.
        """
        platforms = {campaign.platform for campaign in campaigns}
        accounts = {campaign.account_id for campaign in campaigns}
        ids = {campaign.campaign_id for campaign in campaigns}
        names = {normalised(campaign.name) for campaign in campaigns if campaign.name}
        found = list[Credit]()
        for whole_account in (False, True):
            for number, (document, line) in enumerate(self._lines):
                here = {line.account_id} if line.account_id else set(document.accounts)
                if document.platform not in platforms or document.currency != currency or not here & accounts:
                    continue
                named = (
                    line.campaign_id in ids
                    or normalised(line.campaign_name) in names
                    or (order and order in (line.purchase_order, line.budget_id))
                )
                lump = not (line.campaign_id or line.campaign_name)
                if not (lump if whole_account else named):
                    continue
                taken = min(self._left[number], wanted - sum(credit.micros for credit in found))
                if taken > 0:
                    self._left[number] -= taken
                    found.append(Credit(f"{document.subject}/{line.line}", taken))
        return found


def credited_of(
    campaigns: Sequence[CampaignMonth],
    given: Credits,
    currency: str,
    excess: int,
    order: OrderFlight | None = None,
) -> Iterator[Credit]:
    """What documents give back of the excess, each with its micros: reports, bills, and lower bills."""
    left = excess
    report = sum(campaign.counts.credited_micros or 0 for campaign in campaigns)
    unbilled = 0
    if order is not None:
        report = order.credited_micros
    else:
        unbilled = sum(
            max(0, (campaign.counts.cost_micros or 0) - (campaign.billed_micros or 0))
            for campaign in campaigns
            if campaign.lines
        )
    for key, micros in (("credited by the cost report", report), ("not billed", unbilled)):
        taken = max(0, min(left, micros))
        if taken:
            left -= taken
            yield Credit(key, taken)
    if left:
        yield from given.take(campaigns, currency, left, order.name.removeprefix("order ") if order else "")


def judged_budget(blank: Outcome, cost: int, excess: int, credited: Sequence[Credit]) -> Outcome:
    """What went beyond a budget, less what was credited of it: a finding of the rest, else explained."""
    residual = excess - sum(credit.micros for credit in credited)
    outcome = compared(blank, billed=cost, expected=cost - excess, tolerance=0, residual=residual)
    figures = {**outcome.figures, "credited_micros": excess - residual}
    if residual:
        return replace(outcome, figures=figures)
    money = money_text(excess, outcome.currency)
    return replace(
        outcome,
        verdict="explained",
        explanation=f"{money} went beyond the budget, and all of it was credited.",
        figures=figures,
    )


def settled_from(
    outcome: Outcome, campaigns: Sequence[CampaignMonth], facts: Facts, rules: Rules, final: date | None
) -> date | None:
    """The day from which the outcome stands: its cost is ``final``, and no credit for a finding is due.

    A credit comes with the month's bill: until that is here, or was due, it may still come. None: it stands.
    """
    due_on = facts.month.last_day + timedelta(days=rules.invoice_lag_days) + DAY
    accounts = {(campaign.platform, campaign.account_id) for campaign in campaigns}
    billed = {
        (document.platform, account_id)
        for document in facts.documents
        if document.window is not None and facts.month.last_day in document.window
        for account_id in document.accounts
    }
    if outcome.verdict != "finding" or facts.today >= due_on or accounts <= billed:
        return final
    return max(due_on, final or due_on)


def less_text(formula: str, credited: Sequence[Credit], currency: str) -> str:
    return "".join((formula, *(f" − {price_text(credit.micros, currency)}" for credit in credited)))


def credit_proof(credited: Sequence[Credit], currency: str) -> Iterator[Proof]:
    for credit in credited:
        on_a_bill = "/" in credit.key
        yield Proof(
            says="over-delivery credit" if on_a_bill else credit.key,
            table="invoice_lines" if on_a_bill else "delivery",
            key=credit.key,
            value=money_text(credit.micros, currency),
        )
