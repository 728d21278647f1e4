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
KEYS = st.tuples(st.sampled_from(DAYS), st.sampled_from(["c1", "c2"]))
COSTS = st.one_of(st.none(), st.integers(-2, 2), st.just(2**62))
ANSWERS = st.lists(st.dictionaries(KEYS, COSTS, max_size=6), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(answers=ANSWERS, spill_rows=st.integers(1, 7))
def test_ledger_equals_the_last_answer_and_can_replay_each_earlier_one(
    answers: list[dict[tuple[date, str], int | None]], spill_rows: int
) -> None:
    with TemporaryDirectory() as folder, Ledger(Path(folder) / "adtally.db") as ledger:
        into = feed(ledger)
        window = Window(DAYS[0], DAYS[-1])
        for hour, answer in enumerate(answers):
            records = [Delivery(day=d, campaign_id=c, cost_micros=cost) for (d, c), cost in answer.items()]
            put(ledger, into, records, window=window, now=at(hour), spill_rows=spill_rows)

        told = [sorted((str(d), c, cost) for (d, c), cost in answer.items()) for answer in answers]
        assert sorted_rows(rows(ledger, "delivery", "day", "campaign_id", "cost_micros")) == told[-1]
        assert [sorted_rows(believed(ledger, at(hour))) for hour in range(len(answers))] == told


def at(hour: int) -> datetime:
    return NOON + timedelta(hours=hour)


def sorted_rows(found: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return sorted(found, key=lambda row: row[:2])
