"""What a trial needs to be judged at all, and what its author hears when it is wrong."""

import logging
import subprocess
import sys
from datetime import date

import pytest

from adtally.testing import LAWS, Broken, Reply, Request, broken, json_reply
from adtally.testing.documents import GONE, decoded, metrics, with_metric

from .pier import TOKEN, Fake, trial
from .sinners import Talkative


def test_trial_whose_plain_sync_fails_says_what_failed() -> None:
    refused = trial(fields={"token": "another-made-up-t0ken"})

    with pytest.raises(
        Broken, match="pier: keys are unique: a sync that nothing disturbs fails: accounts: Auth"
    ):
        LAWS["keys are unique"](refused)


def test_trial_of_days_without_delivery_proves_nothing() -> None:
    class Silent(Fake):
        def answer(self, request: Request) -> Reply:
            if request.path == "/accounts":
                return super().answer(request)
            return json_reply({"rows": [], "next": None} if request.path == "/stats" else [])

    with pytest.raises(Broken, match=r"nothing is stored for 2026-10-01\.\.2026-10-02: choose days on"):
        LAWS["keys are unique"](trial(platform=Silent))


def test_mistake_in_the_platform_is_raised_as_it_is() -> None:
    class Wrong(Fake):
        def stats(self, request: Request, campaigns: list[str]) -> Reply:
            raise KeyError(request.path)

    with pytest.raises(KeyError, match="/stats"):
        LAWS["keys are unique"](trial(platform=Wrong))


def test_secret_too_short_to_look_for_is_refused() -> None:
    class Open(Fake):
        def answer(self, request: Request) -> Reply:
            return super().answer(
                Request("GET", request.path, {**request.query, "key": TOKEN}, request.headers)
            )

    with pytest.raises(Broken, match="a secret of the trial is too short to look for: give it 8 characters"):
        LAWS["no secret in a log"](trial(platform=Open, fields={"token": "t"}))


def test_law_with_nothing_to_judge_says_so() -> None:
    few = trial(first_day=date(2026, 10, 1), last_day=date(2026, 10, 1), spenders=())

    assert LAWS["memory stays flat"](few).startswith("no daily unit has several pages")
    assert LAWS["every state is asked for"](few).startswith("the trial names no spenders")


def test_report_that_adds_up_its_pages_is_left_out_by_name() -> None:
    added_up = trial(adds_up=frozenset({"campaign_daily"}))

    assert LAWS["memory stays flat"](added_up) == "not judged, for they add up their pages: campaign_daily"


def test_told_secret_is_not_told_again() -> None:
    said = broken(trial(Talkative))["no secret in a log"]

    assert "as [secret]" in said
    assert TOKEN not in said


def test_laws_leave_logging_as_it_was() -> None:
    before = list(logging.getLogger().handlers), logging.getLogger("adtally").level

    LAWS["no secret in a log"](trial())

    assert (list(logging.getLogger().handlers), logging.getLogger("adtally").level) == before


def test_kit_needs_neither_pytest_nor_responses() -> None:
    code = "import sys, adtally.testing; print({'pytest', 'responses'} & sys.modules.keys())"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout == "set()\n"


DOCUMENT = (
    b'{"total": 9, "data": [{"id": 7, "n": "12", "m": {"clicks": 3}, "acts": [{"type": "a", "value": 1.5}]}]}'
)


def test_metrics_are_the_numbers_of_rows_and_no_ids() -> None:
    assert metrics(decoded(DOCUMENT)) == {("n",), ("m", "clicks"), ("acts", "value")}


def test_metric_is_changed_in_every_row_and_nothing_else() -> None:
    reply = Reply(200, DOCUMENT)

    assert decoded(with_metric(reply, ("acts", "value"), lambda _: GONE).body) == {
        "total": 9,
        "data": [{"id": 7, "n": "12", "m": {"clicks": 3}, "acts": [{"type": "a"}]}],
    }
    assert with_metric(reply, ("m", "views"), lambda _: GONE) is reply
