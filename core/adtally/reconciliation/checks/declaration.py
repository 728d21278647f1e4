"""How a check is declared: once, with everything that its page in the documentation says about it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from ...connector import MetricGroup
from ..facts import Facts
from ..rules import Rules
from ..verdicts import Outcome

Judgement: TypeAlias = Callable[[Facts, Rules], Iterator[Outcome]]


class Check(Struct, frozen=True, kw_only=True):
    id: str
    question: str
    formula: str
    grain: str
    """What one outcome is about."""
    reads: tuple[str, ...]
    """Its inputs, as TABLE.COLUMN of the ledger or a table of the configuration."""
    waits_for: tuple[MetricGroup, ...]
    """Numbers that must be final; of these only the ones that the subject's terms need."""
    tolerance: str
    severity: str
    beside: frozenset[str]
    """Earlier checks whose money is always other money, though it lies in the same pool."""
    notes: str
    """What else a reader should know, such as what looks like a finding and is none."""
    run: Judgement


def check(
    *,
    question: str,
    formula: str,
    grain: str,
    reads: tuple[str, ...],
    waits_for: tuple[MetricGroup, ...] = (),
    tolerance: str,
    severity: str,
    beside: frozenset[str] = frozenset(),
) -> Callable[[Judgement], Check]:
    """Turn a generator of outcomes into a Check: its name becomes the id, its docstring the notes.

    The generator leaves ``Outcome.check_id`` empty; ``Check.run`` fills it in.
    """

    def declare(judgement: Judgement) -> Check:
        check_id = judgement.__name__.replace("_", "-")

        def run(facts: Facts, rules: Rules) -> Iterator[Outcome]:
            for outcome in judgement(facts, rules):
                yield replace(outcome, check_id=check_id)

        return Check(
            id=check_id,
            question=question,
            formula=formula,
            grain=grain,
            reads=reads,
            waits_for=waits_for,
            tolerance=tolerance,
            severity=severity,
            beside=beside,
            notes=inspect.getdoc(judgement) or "",
            run=run,
        )

    return declare
