"""Every worked case of these checks, to the micro."""

import pytest

from adtally.reconciliation.checks import CHECKS

from .cases import CASES, CASES_OF_FACTS, Case

ALL = {**CASES, **CASES_OF_FACTS}


@pytest.mark.parametrize("case", ALL.values(), ids=ALL)
def test_worked_case_comes_out_to_the_micro(case: Case) -> None:
    outcomes = CHECKS[case.check].run(case.facts, case.rules)
    [outcome] = [one for one in outcomes if case.subject in ("", one.subject)]

    assert outcome.verdict == case.verdict
    assert {name: getattr(outcome, name) for name in case.expected} == case.expected
    assert {name: outcome.figures.get(name) for name in case.figures} == case.figures
    assert outcome.check_id == case.check
    assert 0 < len(outcome.explanation) <= 140
