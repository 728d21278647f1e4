"""Files beside each other: rows that they agree on, rows that they do not, and files that go."""

from datetime import date, timedelta

import pytest

from adtally.errors import ContractError
from adtally.ledger import Ledger
from adtally.ledger.keys import Feed
from adtally.ledger.write import retire_feed

from .feeds import (
    AT_NOON,
    LAST,
    NOON,
    delivery,
    dump,
    feed,
    put,
    report,
    rows,
)

LATER = NOON + timedelta(hours=6)
AT_LATER = "2026-10-12T18:00:00Z"
SECOND = date(2026, 10, 2)
FACTS = ("delivery_facts", "delivery_facts_history", "entities")


def files(ledger: Ledger, *names: str) -> list[Feed]:
    return [feed(ledger, report(f"delivery:{name}", cadence="file")) for name in names]


def temporary_tables(ledger: Ledger) -> list[tuple[object, ...]]:
    return ledger.conn.execute("SELECT name FROM temp.sqlite_master").fetchall()


def test_row_that_two_files_agree_on_is_stored_once(ledger: Ledger) -> None:
    one, two = files(ledger, "a.csv", "b.csv")
    put(ledger, one, [delivery(), delivery(SECOND)], window=None)

    put(ledger, two, [delivery(SECOND), delivery(LAST)], window=None)
    put(ledger, one, [delivery(), delivery(SECOND)], window=None)

    assert rows(ledger, "delivery", "day") == [("2026-10-01",), ("2026-10-02",), ("2026-10-07",)]
    assert rows(ledger, "delivery_history", "day") == []


@pytest.mark.parametrize("spill_rows", [1, 100])
def test_row_that_two_files_tell_differently_names_both(ledger: Ledger, spill_rows: int) -> None:
    one, two = files(ledger, "a.csv", "b.csv")
    put(ledger, one, [delivery(), delivery(SECOND)], window=None)
    before = dump(ledger, FACTS)

    with pytest.raises(ContractError) as caught:
        put(
            ledger, two, [delivery(SECOND, cost_micros=2), delivery(LAST)], window=None, spill_rows=spill_rows
        )

    assert str(caught.value) == (
        "delivery:b.csv and delivery:a.csv have different values for the same row of 2026-10-02: "
        "correct or remove one of the two"
    )
    assert dump(ledger, FACTS) == before
    assert temporary_tables(ledger) == []


def test_vanished_file_takes_its_rows_to_the_history(ledger: Ledger) -> None:
    one, two = files(ledger, "a.csv", "b.csv")
    put(ledger, one, [delivery()], window=None)
    put(ledger, two, [delivery(SECOND)], window=None)

    with ledger.transaction():
        retire_feed(ledger.conn, one.feed, int(LATER.timestamp()))

    assert rows(ledger, "delivery", "day") == [("2026-10-02",)]
    assert rows(ledger, "delivery_history", "day", "as_of", "superseded_at") == [
        ("2026-10-01", AT_NOON, AT_LATER)
    ]
    assert rows(ledger, "performance", "day") == [("2026-10-02",)]


def test_file_that_returns_brings_its_rows_back(ledger: Ledger) -> None:
    [into] = files(ledger, "a.csv")
    put(ledger, into, [delivery()], window=None)
    with ledger.transaction():
        retire_feed(ledger.conn, into.feed, int(LATER.timestamp()))

    [again] = files(ledger, "a.csv")
    put(ledger, again, [delivery()], window=None, now=LATER)

    assert rows(ledger, "delivery", "day", "as_of") == [("2026-10-01", AT_LATER)]
    assert rows(ledger, "performance", "day") == [("2026-10-01",)]
