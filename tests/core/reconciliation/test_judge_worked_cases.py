"""Every worked case of these checks, to the micro."""

import pytest

from adtally.reconciliation.checks import CHECKS

from .cases import CASES, Case


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_worked_case_comes_out_to_the_micro(case: Case) -> None:
    [outcome] = CHECKS[case.check].run(case.facts, case.rules)

    assert outcome.verdict == case.verdict
    assert {name: getattr(outcome, name) for name in case.expected} == case.expected
    assert {name: outcome.figures.get(name) for name in case.figures} == case.figures
    assert outcome.check_id == case.check
    assert 0 < len(outcome.explanation) <= 140
