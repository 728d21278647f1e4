"""Each law catches its sin, lets the others pass, and says where to look."""

import pytest

from adtally.testing import LAWS, broken

from .pier import trial
from .sinners import SINNERS


def test_connector_that_keeps_the_laws_breaks_none_and_all_of_them_apply() -> None:
    assert {law: LAWS[law](trial()) for law in LAWS} == dict.fromkeys(LAWS, "")


def test_every_law_has_a_sinner() -> None:
    assert list(SINNERS) == list(LAWS)


@pytest.mark.parametrize("law", SINNERS)
def test_sinner_breaks_this_law_and_no_other(law: str) -> None:
    sinner, said = SINNERS[law]

    found = broken(trial(sinner))

    assert list(found) == [law]
    assert found[law].startswith(f"pier: {law}: {said}")
