"""The laws about hours: those of a connector's trial that looks at the days around the end of a month."""

from dataclasses import replace
from datetime import date

import pytest

from adtally import HourlyCost
from adtally.testing import LAWS, Trial
from adtally_connectors.apple_ads.sandbox import AppleAdsFake

from .test_conformance import TRIALS
from .trials import played

EDGE = {"first_day": date(2026, 9, 29), "last_day": date(2026, 10, 2)}
SOON = date(2026, 11, 4)
IN_TIME = {
    "apple_ads": {
        "first_day": date(2026, 10, 30),
        "last_day": date(2026, 11, 2),
        "today": SOON,
        "platform": lambda: AppleAdsFake(played().on(SOON)),
    }
}
"""Where hours are told for a week."""
TELLING = [
    name
    for name, (trial, _, _) in TRIALS.items()
    if any(HourlyCost in report.records for report in trial.connector.declared())
]
ABOUT_HOURS = (
    "rows lie in the window",
    "rows in = rows stored",
    "second run changes nothing",
    "what is absent stays NULL",
    "wrong types are refused",
)


def at_the_edge(name: str) -> Trial:
    usual, _, _ = TRIALS[name]
    return replace(usual, **IN_TIME.get(name, EDGE))


@pytest.mark.parametrize("law", ABOUT_HOURS)
@pytest.mark.parametrize("name", TELLING)
def test_connector_keeps_the_law_at_the_end_of_a_month(name: str, law: str) -> None:
    assert LAWS[law](at_the_edge(name)) == ""
