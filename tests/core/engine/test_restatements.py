"""Whatever a platform restates, the ledger ends with its last whole answer and can tell each earlier one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings, strategies as st

from adtally.connector import Report, Unit
from adtally.errors import TransientError
from adtally.ledger import Ledger
from adtally.records import Delivery

from ..ledger.test_replacement import believed
from .north import NOON, North, Platform, configured, sync

DAYS = [date(2026, 10, day) for day in (8, 9, 10, 11)]
"""The newest unit; on the day of the syncs all of them may still be restated."""
COSTS = st.dictionaries(st.tuples(st.sampled_from(DAYS), st.sampled_from(["c1", "c2"])), st.integers(-2, 2))


@dataclass(frozen=True)
class Answer:
    """What the platform tells, and after how many rows the stream is cut, if it is."""

    costs: dict[tuple[date, str], int]
    cut_after: int | None = None

    def daily(self, unit: Unit) -> Iterator[Delivery]:
        assert list(unit.window) == DAYS
        for number, ((day, campaign), cost) in enumerate(self.costs.items()):
            if number == self.cut_after:
                break
            yield Delivery(day=day, campaign_id=campaign, cost_micros=cost)
        if self.cut_after is not None:
            raise TransientError("the answer was cut")


class Days(North):
    """Only the daily delivery."""

    def reports(self) -> list[Report]:
        return [report for report in self.declared() if Delivery in report.records]


@settings(max_examples=40, deadline=None)
@given(
    answers=st.lists(
        st.builds(Answer, COSTS, st.none() | st.none() | st.integers(0, 6)), min_size=1, max_size=7
    )
)
def test_ledger_equals_the_last_whole_answer_and_can_replay_each_earlier_one(answers: list[Answer]) -> None:
    beliefs, now = list[list[tuple[object, ...]]](), [NOON + n * timedelta(hours=1) for n in range(7)]
    with TemporaryDirectory() as folder, Ledger(Path(folder) / "adtally.db") as ledger:
        for number, answer in enumerate(answers):
            connector = configured(Platform(daily=answer.daily), kind=Days)
            run = sync(ledger, connector, now=now[number], run_id=f"r{number}", first_day=DAYS[0], workers=1)
            assert run.exit_code == (0 if answer.cut_after is None else 3)
            if answer.cut_after is None:
                told = [(str(day), campaign, cost) for (day, campaign), cost in answer.costs.items()]
                beliefs.append(sorted(told))
            else:
                beliefs.append(beliefs[-1] if beliefs else [])

        stored = ledger.conn.execute("SELECT day, campaign_id, cost_micros FROM delivery ORDER BY 1, 2")
        assert stored.fetchall() == beliefs[-1]
        assert [believed(ledger, now[number]) for number in range(len(answers))] == beliefs
