"""The check of billed units that a verifier found to be no people, and of the credits for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from msgspec.structs import replace

from ...money import money_text, rounded
from ..account_facts import AccountMonth
from ..backing import INVALID_KINDS, model_of
from ..evidence_facts import ServiceCredit
from ..facts import CampaignMonth, Facts
from ..pricing import BASES, Basis, counted
from ..rules import Rules
from ..service_credits import OPEN_DAYS
from ..tolerance import Tolerance
from ..verdicts import Outcome, Proof
from .campaigns import (
    active,
    billed_proof,
    blocked,
    count_proof as own_proof,
    currency_by_document,
    final_from,
    opened,
    stakes,
    uncounted,
)
from .counting import TAGGED_PPM, Count, Counters, count_proof, last_of, source_name
from .declaration import check
from .outcomes import as_pending, compared, not_checkable, of_campaign, weighed
from .sentences import MINUS, plural, price_text, sentence

LIMIT = Tolerance(minor_units=100, relative_ppm=0)
Account: TypeAlias = tuple[str, str, str]
"""Connector, account and currency."""


class Found(NamedTuple):
    """Invalid units among those that a campaign was billed, and what they cost in micros."""

    campaign: CampaignMonth
    basis: Basis
    seen: Count
    billed: int
    invalid: int
    micros: int

    @property
    def account(self) -> Account:
        return self.campaign.connector, self.campaign.account_id, self.campaign.currency


@check(
    question="Were billed units credited that a verifier found to be invalid?",
    formula="R(invalid × billed, billed units) − credits of the month in which the ads ran",
    grain="campaign and month of service",
    reads=("evidence", "delivery", "invoice_lines", "terms.model", "agreements"),
    waits_for=("cost", "clicks", "conversions"),
    tolerance="100 minor units",
    severity="medium, high once 60 days are over",
)
def invalid_traffic_credit_due(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Only for units that a verifier of your own calls invalid: what a platform filtered was never charged.

    Of several verifiers the largest count is taken, never the sum. A credit counts in the month of the ads
    that it is for. One that names no campaign is spread over the account's campaigns by what is due to each;
    one that names no month may be for any month before it, and then nobody can say what is still due.
    """
    currencies, counters = currency_by_document(facts), Counters(facts)
    given = _by_account(facts.service_credits)
    bills = {(one.connector, one.account_id): one for one in facts.accounts}
    found: defaultdict[Account, list[Found]] = defaultdict(list)
    for campaign in sorted(facts.campaigns, key=lambda one: (one.subject, one.currency)):
        model = model_of(campaign)
        kind = INVALID_KINDS.get(model, "") if model else ""
        if model is None or not any(row.kind == kind for row in campaign.evidence):
            continue
        one = blocked(campaign, currencies) or _found(counters, campaign, BASES[model], kind, bills)
        if isinstance(one, Outcome):
            yield one
        else:
            found[one.account].append(one)
    for account, rows in found.items():
        lumps = _lumps(rows, given[account])
        for one in rows:
            yield _due(one, given[account], lumps[one.campaign.subject], facts)


def _by_account(rows: Iterable[ServiceCredit]) -> defaultdict[Account, list[ServiceCredit]]:
    found: defaultdict[Account, list[ServiceCredit]] = defaultdict(list)
    for row in rows:
        found[row.connector, row.account_id, row.currency].append(row)
    return found


def _found(
    counters: Counters,
    campaign: CampaignMonth,
    basis: Basis,
    kind: str,
    bills: Mapping[tuple[str, str], AccountMonth],
) -> Found | Outcome:
    """What a verifier found: coverage is told but asked of nobody, since what it lacks accuses nobody."""
    billed, amount = counted(basis, campaign.counts), campaign.billed_micros or 0
    if billed is None:
        return uncounted(campaign, basis.unit)
    weak = [row for row in campaign.evidence if row.kind == kind and row.is_lower_bound]
    whole = replace(campaign, evidence=tuple(row for row in campaign.evidence if row not in weak))
    if weak and not any(row.kind == kind for row in whole.evidence):
        return not_checkable(
            of_campaign(campaign),
            f"Not checked: {source_name(weak[0])} looked at a part of the traffic only.",
            "Get the verifier's complete report.",
        )
    tagged = counters.tagged_ppm(campaign, kind)
    count = counters.count(whole, {kind}, max(tagged, TAGGED_PPM))
    if isinstance(count, Outcome):
        return count
    account = bills.get((campaign.connector, campaign.account_id))
    if account is None or account.bills != "asked":
        return not_checkable(
            of_campaign(campaign),
            "Not checked: no bills of the account are known, so its credits are not, either.",
            "Sync or import the account's bills and credit notes.",
        )
    invalid = min(count.row.quantity, max(billed, 0))
    micros = rounded(invalid * amount, billed) if billed > 0 and amount > 0 else 0
    return Found(campaign, basis, count._replace(tagged_ppm=tagged), billed, invalid, micros)


def _own(one: Found, given: Iterable[ServiceCredit]) -> int:
    return sum(
        row.amount_micros for row in given if row.of_month and row.campaign_id == one.campaign.campaign_id
    )


def _lumps(rows: Sequence[Found], given: Sequence[ServiceCredit]) -> dict[str, int]:
    """What each campaign gets of the credits that name none, by its subject: in proportion to what is due."""
    lump = sum(row.amount_micros for row in given if row.of_month and not row.campaign_id)
    dues = {one.campaign.subject: max(0, one.micros - _own(one, given)) for one in rows}
    whole, before, shares = sum(dues.values()), 0, dict[str, int]()
    for subject, due in dues.items():
        spread = rounded(lump * (before + due), whole) - rounded(lump * before, whole) if whole else 0
        shares[subject], before = spread, before + due
    return shares


def _due(one: Found, given: Sequence[ServiceCredit], lump: int, facts: Facts) -> Outcome:
    campaign, basis, currency = one.campaign, one.basis, one.campaign.currency
    amount, credited = campaign.billed_micros or 0, _own(one, given) + lump
    blank = opened(campaign, active(campaign))
    outcome = compared(
        blank,
        billed=amount - credited,
        expected=amount - one.micros,
        tolerance=LIMIT.micros(amount - one.micros, currency),
    )
    due = outcome.diff_micros or 0
    invalid = f"{plural(one.invalid, f'billed {basis.unit}')} invalid by {source_name(one.seen.row)}"
    outcome = replace(
        outcome,
        formula=f"{one.invalid:,} × {price_text(amount, currency)} / {one.billed:,} "
        f"{MINUS} {price_text(credited, currency)}",
        proof=tuple(_proof(one, given, lump)),
        figures={
            basis.column: one.billed,
            "invalid_units": one.invalid,
            "invalid_micros": one.micros,
            "credited_micros": credited,
            **one.seen.figures,
        },
    )
    if due < 0:
        outcome = replace(
            outcome,
            verdict="clear",
            direction="",
            explanation=sentence(f"{invalid}, and more than that was credited."),
        )
    elif outcome.verdict == "finding":
        unclear = sum(row.amount_micros for row in given if not row.of_month)
        if due - unclear <= (outcome.tolerance_micros or 0):
            return not_checkable(
                of_campaign(campaign),
                f"Not checked: later credits of {money_text(unclear, currency)} do not say for which month.",
                "Ask for the detail of the credits: month of service and campaign.",
            )
        paid, back = money_text(one.micros, currency), money_text(credited, currency)
        late = (facts.today - facts.month.last_day).days > OPEN_DAYS
        outcome = replace(
            outcome,
            confidence="medium",
            explanation=sentence(
                f"{invalid}, which cost {paid}; {back} of it came back: {money_text(due, currency)} is due.",
                f"{paid} of invalid units, {back} of it came back: {money_text(due, currency)} is due.",
            ),
        )
        outcome = weighed(outcome, "high" if late else "medium", stakes(campaign, due))
    until = last_of(final_from(campaign, active(campaign)), one.seen.final_from.get(basis.group))
    return as_pending(outcome, until)


def _proof(one: Found, given: Iterable[ServiceCredit], lump: int) -> Iterator[Proof]:
    campaign, currency = one.campaign, one.campaign.currency
    yield from billed_proof(campaign)
    yield from own_proof(campaign, one.basis.column)
    yield count_proof(campaign, one.seen)
    for row in given:
        if row.of_month and row.campaign_id in (campaign.campaign_id, ""):
            whose = "campaign" if row.campaign_id else f"account, {money_text(lump, currency)} of it here"
            yield Proof(
                says=f"credit for invalid traffic of the {whose}",
                table="invoice_lines",
                key=row.key,
                value=money_text(row.amount_micros, currency),
            )
