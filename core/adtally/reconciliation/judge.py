"""Runs the checks in their order and settles whose money is whose, so that sums count no micro twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from ..errors import ConfigError
from ..money import money_text
from .checks import CHECKS
from .checks.declaration import Check
from .checks.outcomes import not_checkable
from .checks.sentences import change_text, sentence, side_text
from .facts import Facts
from .rules import Rules
from .verdicts import Outcome, Stake

PROVEN = ("finding", "explained")
"""The verdicts whose rows of evidence are kept."""


@dataclass(slots=True)
class Holding:
    """Money of some pools that a finding owns; ``left`` is what the check at hand has not met in it yet."""

    pools: frozenset[str]
    lines_of: str
    owner: str
    micros: int
    left: int = 0


def judge(facts: Facts, rules: Rules, *, only: Collection[str] | None = None) -> list[Outcome]:
    """Every outcome of one month, in the order of the checks and then of subjects.

    A later check meets the money that earlier ones own in the same pools: its finding keeps its verdict, but
    only the rest is at risk by it. Findings of one check never share money. ``only`` limits what comes back,
    not what is judged.

    Raises ConfigError for an unknown check id.
    """
    if unknown := sorted(set(only or ()) - set(CHECKS)):
        raise ConfigError(f"no check is called {unknown[0]!r}: choose from {', '.join(CHECKS)}")
    holdings: defaultdict[str, list[Holding]] = defaultdict(list)
    outcomes: list[Outcome] = []
    for check in CHECKS.values():
        settled = _settled(check, _one_each(check.run(facts, rules)), holdings)
        if only is None or check.id in only:
            outcomes += settled
    return outcomes


def _one_each(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes by subject; what the ledger holds twice, as in two currencies, cannot be judged."""
    by_subject: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_subject[outcome.subject].append(outcome)
    return [found[0] if len(found) == 1 else _ambiguous(found[0]) for _, found in sorted(by_subject.items())]


def _ambiguous(outcome: Outcome) -> Outcome:
    blank = Outcome(
        check_id=outcome.check_id,
        subject=outcome.subject,
        verdict="not_checkable",
        connector=outcome.connector,
        platform=outcome.platform,
        account_id=outcome.account_id,
        campaign_id=outcome.campaign_id,
        invoice_id=outcome.invoice_id,
        window=outcome.window,
    )
    reason = "Not checked: the ledger holds this twice, as if in two currencies."
    return not_checkable(blank, reason, "Look up its rows in the ledger and correct their source.")


def _settled(
    check: Check, outcomes: Iterable[Outcome], holdings: defaultdict[str, list[Holding]]
) -> list[Outcome]:
    for held in holdings.values():
        for holding in held:
            holding.left = 0 if holding.owner in check.beside else holding.micros
    found: list[Holding] = []
    settled: list[Outcome] = []
    for outcome in outcomes:
        owners: dict[str, int] = {}
        owned = 0
        for stake in outcome.stakes:
            met = _met(stake, holdings)
            rest = stake.micros - sum(met.values())
            owned += rest
            for owner, micros in met.items():
                owners[owner] = owners.get(owner, 0) + micros
            if rest:
                found.append(Holding(frozenset({stake.pool, *stake.also}), stake.lines_of, check.id, rest))
        settled.append(_with_owned(outcome, owned, owners) if outcome.verdict in PROVEN else _bare(outcome))
    for holding in found:
        for pool in holding.pools:
            holdings[pool].append(holding)
    return settled


def _bare(outcome: Outcome) -> Outcome:
    """Without its proof, of which a month of many campaigns would be made for the most part."""
    return replace(outcome, proof=()) if outcome.proof else outcome


def _met(stake: Stake, holdings: defaultdict[str, list[Holding]]) -> dict[str, int]:
    """How much of the stake earlier checks own, by check; what is met here is not met again."""
    met: dict[str, int] = {}
    missing = stake.micros
    for pool in (stake.pool, *stake.also):
        for holding in holdings[pool]:
            if holding.lines_of != stake.lines_of and holding.lines_of and stake.lines_of:
                continue
            taken = min(holding.left, missing)
            if taken:
                holding.left -= taken
                missing -= taken
                met[holding.owner] = met.get(holding.owner, 0) + taken
    return met


def _with_owned(outcome: Outcome, owned: int, owners: dict[str, int]) -> Outcome:
    if not outcome.stakes:
        return outcome
    money = money_text(owned, outcome.currency)
    side = side_text(outcome.platform)
    ask = f"Ask {side} for a credit of {money}."
    if outcome.asks == "ask":
        ask = f"Ask {side} what the {money} are for: no agreement names this count."
    if not owners:
        return replace(outcome, at_risk_micros=owned, next_step=ask)
    names = " and ".join(owners)
    elsewhere = money_text(sum(owners.values()), outcome.currency)
    change = change_text(outcome.residual_micros or 0, outcome.currency)
    outcome = replace(
        outcome,
        at_risk_micros=owned,
        flags=(*outcome.flags, "owned_elsewhere"),
        explanation=sentence(
            f"{outcome.explanation} {elsewhere} of it is counted under {names}.",
            f"{change}; {elsewhere} of it is counted under {names}.",
        ),
        next_step=ask if owned else f"See the finding of {names}.",
    )
    return outcome if owned else replace(outcome, severity="info", asks="info")
