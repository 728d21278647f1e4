"""Every verdict that a check can give has an example, and no check gives another one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from msgspec import Struct
from msgspec.structs import replace

from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.evidence_facts import EvidenceSum
from adtally.reconciliation.facts import Clauses, Counts, Facts
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import VERDICTS, Verdict

from .cases import CASES, CASES_OF_FACTS
from .examples import EXAMPLES, UNFETCHED, WAITING, covered, rewritten

ALL = [(check, verdict) for check, by_verdict in EXAMPLES.items() for verdict in by_verdict]


def verdicts(check: str, found: Facts, rules: Rules) -> set[Verdict]:
    return {outcome.verdict for outcome in CHECKS[check].run(found, rules)}


def test_table_has_every_check() -> None:
    assert list(EXAMPLES) == list(CHECKS)


@pytest.mark.parametrize(("check", "verdict"), ALL)
def test_check_gives_the_verdict_of_its_example(check: str, verdict: Verdict) -> None:
    found, rules = EXAMPLES[check][verdict]

    assert verdict in verdicts(check, found, rules)


def test_every_verdict_is_given_by_some_check() -> None:
    assert {verdict for _, verdict in ALL} == set(VERDICTS)


@pytest.mark.parametrize("check", CHECKS)
def test_what_cannot_be_checked_has_an_example_or_needs_no_input(check: str) -> None:
    assert "not_checkable" in EXAMPLES[check] or check == "invoice-currency-mismatch"


def without(column: str) -> Callable[[Struct], Struct]:
    return lambda one: replace(one, **{column: None}) if column in one.__struct_fields__ else one


def uncounted(one: Struct) -> Struct:
    return Counts(cost_micros=one.cost_micros) if isinstance(one, Counts) else one


def unagreed(one: Struct) -> Struct:
    return one if not isinstance(one, Clauses) else replace(one, validation_days=0)


def zeroed(one: Struct) -> Struct:
    return Counts(**dict.fromkeys(Counts.__struct_fields__, 0)) if isinstance(one, Counts) else one


def amounts(change: Callable[[int], int]) -> Callable[[Struct], Struct]:
    """Every amount of a document, a line, a cost or an entry changed."""

    def changed(one: Struct) -> Struct:
        new = {
            name: change(value)
            for name in ("amount_micros", "cost_micros", "total_micros", "tax_micros")
            if name in one.__struct_fields__ and (value := getattr(one, name)) is not None
        }
        return replace(one, **new) if new else one

    return changed


def doubled(one: Struct) -> Struct:
    return replace(one, quantity=2 * one.quantity) if isinstance(one, EvidenceSum) else one


def stripped(name: str) -> Callable[[Struct], Struct]:
    return lambda one: replace(one, **{name: ()}) if name in one.__struct_fields__ else one


TURNED: dict[str, Callable[[Facts], Facts]] = {
    "as it is": lambda found: found,
    "still moving": lambda found: covered(found, WAITING),
    "not fetched": lambda found: covered(found, UNFETCHED),
    "without cost": lambda found: rewritten(found, without("cost_micros")),
    "without counts": lambda found: rewritten(found, uncounted),
    "of nothing": lambda found: rewritten(found, zeroed),
    "without lines": lambda found: rewritten(found, stripped("lines")),
    "without evidence": lambda found: rewritten(found, stripped("evidence")),
    "without deadlines": lambda found: rewritten(found, unagreed),
    "below zero": lambda found: rewritten(found, amounts(lambda micros: -micros)),
    "a micro more": lambda found: rewritten(found, amounts(lambda micros: micros + 1)),
    "half a unit less": lambda found: rewritten(found, amounts(lambda micros: micros - 500_000)),
    "twice as much evidence": lambda found: rewritten(found, doubled),
    "without windows": lambda found: replace(
        found, documents=tuple(replace(one, window=None) for one in found.documents)
    ),
    "early": lambda found: replace(found, today=date(2026, 10, 15)),
}
"""Facts as no example has them: whatever a check says of them must be in its row of the table, too."""


@pytest.mark.parametrize("turn", TURNED)
def test_no_check_gives_a_verdict_that_the_table_lacks(turn: str) -> None:
    given = [example for by_verdict in EXAMPLES.values() for example in by_verdict.values()]
    given += [(case.facts, case.rules) for case in (*CASES.values(), *CASES_OF_FACTS.values())]

    lacking = {
        (check, verdict)
        for found, rules in given
        for turned in [TURNED[turn](found)]
        for check in CHECKS
        for verdict in verdicts(check, turned, rules)
        if verdict not in EXAMPLES[check]
    }

    assert lacking == set()
