"""Whatever a platform answers, the ledger ends with its last word and can tell the earlier ones."""

from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings, strategies as st

from adtally.calendar import Window
from adtally.ledger import Ledger
from adtally.records import Delivery

from .feeds import FIRST, NOON, feed, put, rows
from .test_replacement import believed

DAYS = [FIRST + timedelta(days=n) for n in range(3)]
WINDOW = Window(DAYS[0], DAYS[-1])
KEYS = st.tuples(st.sampled_from(DAYS), st.sampled_from(["c1", "c2"]))
COSTS = st.one_of(st.none(), st.integers(-2, 2), st.just(2**62))
ANSWER = st.dictionaries(KEYS, COSTS, max_size=6)
ANSWERS = st.lists(ANSWER, min_size=1, max_size=6)
Answer = dict[tuple[date, str], int | None]


@settings(max_examples=60, deadline=None)
@given(answers=ANSWERS, spill_rows=st.integers(1, 7))
def test_ledger_equals_the_last_answer_and_can_replay_each_earlier_one(
    answers: list[Answer], spill_rows: int
) -> None:
    with TemporaryDirectory() as folder, Ledger(Path(folder) / "adtally.db") as ledger:
        into = feed(ledger)
        for hour, answer in enumerate(answers):
            put(ledger, into, records(answer), window=WINDOW, now=at(hour), spill_rows=spill_rows)

        told = [as_rows(answer) for answer in answers]
        assert sorted_rows(rows(ledger, "delivery", "day", "campaign_id", "cost_micros")) == told[-1]
        assert [sorted_rows(believed(ledger, at(hour))) for hour in range(len(answers))] == told


@settings(max_examples=60, deadline=None)
@given(answers=st.lists(st.tuples(st.integers(0, 9), ANSWER), min_size=2, max_size=8))
def test_ledger_believes_one_value_at_a_time_however_the_clock_jumps(
    answers: list[tuple[int, Answer]],
) -> None:
    with TemporaryDirectory() as folder, Ledger(Path(folder) / "adtally.db") as ledger:
        into = feed(ledger)
        for hour, answer in answers:
            put(ledger, into, records(answer), window=WINDOW, now=at(hour))

        last = as_rows(answers[-1][1])
        assert sorted_rows(rows(ledger, "delivery", "day", "campaign_id", "cost_micros")) == last
        assert sorted_rows(believed(ledger, at(9))) == last
        for hour in range(9):
            keys = [row[:2] for row in believed(ledger, at(hour))]
            assert len(keys) == len(set(keys))
        assert rows(ledger, "delivery_history WHERE superseded_at < as_of", "day", "campaign_id") == []


def records(answer: Answer) -> list[Delivery]:
    return [
        Delivery(day=day, campaign_id=campaign, cost_micros=cost) for (day, campaign), cost in answer.items()
    ]


def as_rows(answer: Answer) -> list[tuple[str, str, int | None]]:
    return sorted(
        ((str(day), campaign, cost) for (day, campaign), cost in answer.items()), key=lambda row: row[:2]
    )


def at(hour: int) -> datetime:
    return NOON + timedelta(hours=hour)


def sorted_rows(found: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return sorted(found, key=lambda row: row[:2])
