"""Terms are observed: the first is assumed for the past, a change ends the old row the day before."""

from datetime import date, timedelta

from adtally.ledger import Ledger
from adtally.records import Terms

from .feeds import NOON, feed, put, report, rows

COLUMNS = ("entity_id", "valid_from", "valid_to", "assumed", "model", "rate_micros", "observed_at")
OBSERVED = report("bids", (Terms,), cadence="snapshot")


def terms(
    rate_micros: int | None = 5, *, entity_id: str = "c1", first_day: date | None = date(2026, 9, 1)
) -> Terms:
    return Terms(
        level="campaign",
        entity_id=entity_id,
        first_day=first_day,
        model="cpc",
        rate_micros=rate_micros,
        kind="fixed",
    )


def observe(ledger: Ledger, *seen: Terms, days: int = 0) -> dict[str, int]:
    now = NOON + timedelta(days=days)
    return put(ledger, feed(ledger, OBSERVED), seen, window=None, now=now)


def test_first_observation_is_assumed_from_the_entitys_first_day(ledger: Ledger) -> None:
    observe(
        ledger,
        terms(),
        terms(entity_id="c2", first_day=None),
        terms(entity_id="c3", first_day=NOON.date()),
        terms(entity_id="c4", first_day=date(2026, 12, 1)),
    )

    seen = "2026-10-12T12:00:00Z"
    assert rows(ledger, "terms", *COLUMNS) == [
        ("c1", "2026-09-01", None, 1, "cpc", 5, seen),
        ("c2", "0001-01-01", None, 1, "cpc", 5, seen),
        ("c3", "2026-10-12", None, 0, "cpc", 5, seen),
        ("c4", "2026-10-12", None, 0, "cpc", 5, seen),
    ]


def test_equal_observation_writes_nothing(ledger: Ledger) -> None:
    observe(ledger, terms())

    assert observe(ledger, terms(), days=3) == {"terms": 0}
    assert rows(ledger, "terms", "observed_at") == [("2026-10-12T12:00:00Z",)]


def test_change_closes_the_row_on_the_day_before_it_was_seen(ledger: Ledger) -> None:
    observe(ledger, terms(5))
    observe(ledger, terms(6), days=3)
    observe(ledger, terms(None), days=7)

    assert rows(ledger, "terms", *COLUMNS) == [
        ("c1", "2026-09-01", "2026-10-14", 1, "cpc", 5, "2026-10-12T12:00:00Z"),
        ("c1", "2026-10-15", "2026-10-18", 0, "cpc", 6, "2026-10-15T12:00:00Z"),
        ("c1", "2026-10-19", None, 0, "cpc", None, "2026-10-19T12:00:00Z"),
    ]


def test_second_change_on_one_day_replaces_the_first(ledger: Ledger) -> None:
    observe(ledger, terms(5))
    observe(ledger, terms(6), days=3)
    observe(ledger, terms(7), days=3)

    assert rows(ledger, "terms", "valid_from", "valid_to", "rate_micros") == [
        ("2026-09-01", "2026-10-14", 5),
        ("2026-10-15", None, 7),
    ]


def test_rate_that_returns_is_a_row_of_its_own(ledger: Ledger) -> None:
    for days, rate in ((0, 5), (2, 6), (4, 5)):
        observe(ledger, terms(rate), days=days)

    assert rows(ledger, "terms", "valid_from", "valid_to", "rate_micros") == [
        ("2026-09-01", "2026-10-13", 5),
        ("2026-10-14", "2026-10-15", 6),
        ("2026-10-16", None, 5),
    ]


def test_entity_that_is_not_seen_keeps_its_terms(ledger: Ledger) -> None:
    observe(ledger, terms(), terms(entity_id="c2"))

    observe(ledger, terms(), days=1)

    assert rows(ledger, "terms", "entity_id", "valid_to") == [("c1", None), ("c2", None)]


def test_what_a_clock_ahead_saw_does_not_hold_beside_what_is_seen_today(ledger: Ledger) -> None:
    observe(ledger, terms(5))
    observe(ledger, terms(6), days=60)
    observe(ledger, terms(7), days=3)

    assert rows(ledger, "terms", "valid_from", "valid_to", "rate_micros") == [
        ("2026-09-01", "2026-10-14", 5),
        ("2026-10-15", None, 7),
    ]
