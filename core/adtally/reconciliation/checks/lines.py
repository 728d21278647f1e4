"""Checks of invoice lines against the campaigns that they bill: amounts, and numbers of units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from ...money import MICROS, money_text, rounded
from ..account_facts import AccountMonth, UnpairedLine
from ..facts import BilledLine, CampaignMonth, Facts
from ..pricing import BILLED_UNITS, Basis, counted
from ..rules import Rules
from ..verdicts import Outcome, Proof
from .campaigns import active, billed_proof, blocked, count_proof, currency_by_document, stakes, uncounted
from .counting import counted_elsewhere
from .declaration import check
from .outcomes import (
    as_pending,
    billed_stake,
    compared,
    document_stake,
    not_checkable,
    not_fetched,
    of_account,
    of_campaign,
    verdict_of,
    weighed,
)
from .sentences import change_text, month_text, plural, price_text, quantity_text, sentence

UNITS_PPM = 1_000
"""How far billed units may be from the reported ones, of the reported ones."""
ELSEWHERE = frozenset({"invoice-arithmetic"})


@check(
    question="Does each campaign's invoice lines equal its cost?",
    formula="sum of the campaign's lines − its reported cost",
    grain="campaign and month, or line without a campaign",
    reads=("invoice_lines", "campaigns.name", "delivery.cost_micros"),
    waits_for=("cost",),
    tolerance="money_match on the reported cost",
    severity="high where money is billed and nothing ran, else medium",
    beside=ELSEWHERE,
)
def invoice_line_vs_campaign_spend(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Errors that cancel out hide in a matching total, so this runs whatever the total says.

    Lines and campaigns are paired by id, else by name within the account. A line that fits no campaign is
    billed and not run; where lines name campaigns, a campaign with cost and no line is run and not billed.
    """
    currencies = currency_by_document(facts)
    accounts = {account.subject: account for account in facts.accounts}
    for campaign in facts.campaigns:
        account = accounts.get(f"{campaign.connector}/{campaign.account_id}")
        named = account is not None and account.has_campaign_lines and not _partly_billed(account)
        if campaign.lines or (named and campaign.counts.cost_micros != 0):
            yield blocked(campaign, currencies) or _paired(campaign, rules)
    for account in facts.accounts:
        yield from (_unpaired(line, account, currencies, rules) for line in account.unpaired)
        if why := _without_lines(account, "name no campaigns"):
            yield why


def _partly_billed(account: AccountMonth) -> bool:
    return account.billed_days < account.month.days


def _without_lines(account: AccountMonth, lack: str) -> Outcome | None:
    """Why nothing of the account can be compared line by line, or None if it can, or if there is no bill."""
    if not account.documents or (account.has_campaign_lines and not _partly_billed(account)):
        return None
    if account.has_campaign_lines:
        lack = f"cover {account.billed_days} of {account.month.days} days"
    return not_checkable(
        of_account(account),
        f"Not checked: the account's bills {lack}.",
        "Import the lines of the month's bills as a file.",
    )


def _paired(campaign: CampaignMonth, rules: Rules) -> Outcome:
    cost, currency = campaign.counts.cost_micros, campaign.currency
    if cost is None:
        return not_checkable(
            of_campaign(campaign),
            "Not checked: the platform reports no cost for these days.",
            "Import the delivery with its cost as a file.",
        )
    billed = sum(line.amount_micros for line in campaign.lines)
    tolerance = rules.money_match.micros(cost, currency)
    outcome = compared(of_campaign(campaign), billed=billed, expected=cost, tolerance=tolerance)
    if outcome.verdict == "finding":
        outcome = replace(outcome, explanation=sentence(_said(campaign, billed, cost)))
    outcome = replace(
        outcome,
        formula=f"{price_text(billed, currency)} − {price_text(cost, currency)}",
        proof=tuple(billed_proof(campaign)),
        confidence="high" if {line.paired_by for line in campaign.lines} <= {"id"} else "medium",
        figures={"lines": len(campaign.lines)},
    )
    kept = [billed_stake(campaign, billed - cost)] if campaign.lines else []
    weighty = weighed(outcome, "medium" if cost else "high", kept)
    return as_pending(weighty, campaign.coverage.pending_until.get("cost"))


def _said(campaign: CampaignMonth, billed: int, cost: int) -> str:
    currency, month = campaign.currency, month_text(campaign.month)
    if not campaign.lines:
        return (
            f"{money_text(cost, currency)} of cost in {month} has no line on bills that name every campaign."
        )
    money, lines = money_text(billed, currency), plural(len(campaign.lines), "line")
    if not cost:
        return f"{money} is billed by {lines} for a campaign that cost nothing in {month}."
    change = change_text(billed - cost, currency)
    return f"{money} is billed by {lines}; the campaign's own cost is {money_text(cost, currency)}: {change}."


def _unpaired(
    line: UnpairedLine, account: AccountMonth, currencies: Mapping[str, str], rules: Rules
) -> Outcome:
    currency, amount = currencies.get(line.invoice, account.currency), line.amount_micros
    blank = replace(of_account(account), subject=f"{line.invoice}/{line.line}", currency=currency)
    if not account.coverage.complete:
        return not_fetched(blank, account.coverage)
    tolerance = rules.money_match.micros(0, currency)
    outcome = compared(blank, billed=amount, expected=0, tolerance=tolerance)
    if outcome.verdict == "finding":
        money = money_text(amount, currency)
        said = f"{money} is billed on a line that fits no campaign of the account, by id or by name."
        outcome = replace(outcome, explanation=sentence(said))
    named = Proof(
        says=f"line for {line.description}" if line.description else "line without a name",
        table="invoice_lines",
        key=f"{line.invoice}/{line.line}",
        value=money_text(amount, currency),
    )
    outcome = replace(
        outcome, formula=f"{price_text(amount, currency)} − 0", proof=(named,), confidence="medium"
    )
    weighty = weighed(outcome, "high", [document_stake([line.invoice], amount, lines_of=blank.subject)])
    return as_pending(weighty, account.coverage.pending_until.get("cost"))


@check(
    question="Is the billed number of units the reported number?",
    formula="at risk = R((billed units − reported units) × amount, billed units)",
    grain="campaign, month and unit",
    reads=("invoice_lines.quantity", "invoice_lines.unit", "invoice_lines.amount_micros", "delivery"),
    waits_for=("clicks", "conversions"),
    tolerance="1,000 ppm of the reported units",
    severity="high",
    beside=ELSEWHERE,
)
def billed_quantity_vs_reported(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Each unit is compared on its own; units of different kinds are never added.

    Views by different definitions have no common count, so they are not compared. Where an agreement says
    that somebody else counts, the bill's quantity is that count.
    """
    currencies = currency_by_document(facts)
    for campaign in facts.campaigns:
        if campaign.lines and not counted_elsewhere(active(campaign)):
            why = blocked(campaign, currencies) or _uncountable(campaign)
            yield from [why] if why else _by_unit(campaign)
    for account in facts.accounts:
        if why := _without_lines(account, "name no quantities by campaign"):
            yield why


def _uncountable(campaign: CampaignMonth) -> Outcome | None:
    if any(line.quantity is not None and line.unit for line in campaign.lines):
        return None
    return not_checkable(
        of_campaign(campaign),
        "Not checked: the campaign's lines have no quantity with its unit.",
        "Import the bill's lines with quantity and unit as a file.",
    )


def _by_unit(campaign: CampaignMonth) -> Iterator[Outcome]:
    by_unit: defaultdict[str, list[BilledLine]] = defaultdict(list)
    for line in campaign.lines:
        if line.quantity is not None and line.unit:
            by_unit[line.unit].append(line)
    for unit, lines in sorted(by_unit.items()):
        blank = of_campaign(campaign)
        if len(by_unit) > 1:
            blank = replace(blank, subject=f"{campaign.subject}/{unit}")
        basis = BILLED_UNITS.get(unit)
        reported = None if basis is None else counted(basis, campaign.counts)
        if basis is None:
            yield not_checkable(
                blank,
                "Not checked: the bill counts a unit that no report counts.",
                f"Import the lines with one of the units {', '.join(BILLED_UNITS)}.",
            )
        elif reported is None:
            yield replace(uncounted(campaign, basis.unit), subject=blank.subject)
        else:
            outcome = _counted(campaign, blank, lines, basis, reported)
            yield as_pending(outcome, campaign.coverage.pending_until.get(basis.group))


def _counted(
    campaign: CampaignMonth, blank: Outcome, lines: list[BilledLine], basis: Basis, reported: int
) -> Outcome:
    """Judged by units; the money is their share of the amount. Units of conversions are micros."""
    scale, currency = (MICROS if basis.per == MICROS else 1), campaign.currency
    billed = sum(line.quantity or 0 for line in lines) * scale
    amount = sum(line.amount_micros for line in lines)
    diff, tolerance = billed - reported, abs(reported) * UNITS_PPM // MICROS
    money, limit = (rounded(units * amount, billed) if billed else 0 for units in (diff, tolerance))
    verdict = verdict_of(diff, tolerance)
    said, seen = (quantity_text(basis, units, currency) for units in (billed, reported))
    gap, worth = quantity_text(basis, abs(diff), currency), money_text(abs(money), currency)
    compare = f"{said} are billed, {seen} are reported"
    ends = {
        "match": f"{said} are billed and reported.",
        "within_tolerance": f"{compare}: a difference of {gap}, within 0.1%.",
        "finding": f"{compare}: {gap} too {'many' if diff > 0 else 'few'}, {worth}.",
    }
    outcome = replace(
        blank,
        verdict=verdict,
        direction="over" if diff > 0 else "under" if diff < 0 else "",
        billed_micros=amount,
        expected_micros=amount - money,
        diff_micros=money,
        tolerance_micros=abs(limit),
        residual_micros=money,
        explanation=sentence(ends[verdict]),
        formula=f"{price_text(amount, currency)} × ({said} − {seen}) / {said}",
        proof=(*billed_proof(campaign), *count_proof(campaign, basis.column)),
        confidence="high",
        figures={
            f"billed_{basis.column}": billed,
            f"reported_{basis.column}": reported,
            "diff_units": diff,
            "tolerance_units": tolerance,
        },
    )
    return weighed(outcome, "high", stakes(campaign, money))
