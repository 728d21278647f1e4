"""How long numbers moved: what was superseded, by its age at that time."""

from collections.abc import Iterable
from datetime import date

import pytest

from adtally.calendar import Window
from adtally.engine.day_states import Drift, MetricDrift, Moved
from adtally.engine.status import read_status
from adtally.ledger import Ledger
from adtally.ledger.keys import Feed
from adtally.records import Delivery, Grain

from ..ledger.feeds import feed, report
from .fetches import DAY_ONE, days_later, fetched

MONTHS = Window(date(2026, 8, 1), date(2026, 12, 31))
TODAY = date(2026, 12, 31)


def into(ledger: Ledger, *, restated_days: int = 30, grain: Grain = "campaign") -> Feed:
    return feed(ledger, report(f"{grain}_daily", grain=grain, restated_days=restated_days))


def row(
    cost: int | None = 100, clicks: int | None = 10, conversions: int | None = 5, *, campaign_id: str = "c1"
) -> Delivery:
    return Delivery(
        day=DAY_ONE,
        campaign_id=campaign_id,
        cost_micros=cost,
        clicks=clicks,
        conversions_micros=conversions,
    )


def drift(ledger: Ledger) -> Drift:
    [found] = read_status(ledger, MONTHS, TODAY).drift
    return found


def moved(found: Drift) -> dict[str, int | None]:
    return {metric.metric: metric.moved_until_days for metric in found.metrics}


def changes(found: Drift, metric: str = "cost") -> dict[str, int]:
    """What changed at each age, where something did."""
    [one] = [each for each in found.metrics if each.metric == metric]
    return {each.ages: each.changed for each in one.ages if each.changed}


def fetch_at(ledger: Ledger, feed: Feed, answers: Iterable[tuple[int, list[Delivery]]]) -> None:
    """Fetch the first day at these ages."""
    for age, records in answers:
        fetched(ledger, feed, records, on=days_later(age))


def test_each_metric_has_its_own_end(ledger: Ledger) -> None:
    answers = [(1, [row()]), (3, [row(cost=90)]), (5, [row(cost=90, clicks=12)])]
    fetch_at(ledger, into(ledger), answers)

    assert drift(ledger) == Drift(
        platform="northwind",
        restated_days=30,
        watched_until_days=5,
        metrics=(
            MetricDrift(
                metric="cost",
                final_after=30,
                moved_until_days=3,
                ages=(
                    Moved(ages="1", currency="EUR", changed=0, of=90, share_ppm=0),
                    Moved(ages="2-3", currency="EUR", changed=10, of=90, share_ppm=111_111),
                    Moved(ages="4-7", currency="EUR", changed=0, of=90, share_ppm=0),
                ),
            ),
            MetricDrift(
                metric="clicks",
                final_after=30,
                moved_until_days=5,
                ages=(
                    Moved(ages="1", currency="", changed=0, of=12, share_ppm=0),
                    Moved(ages="2-3", currency="", changed=0, of=12, share_ppm=0),
                    Moved(ages="4-7", currency="", changed=2, of=12, share_ppm=166_667),
                ),
            ),
            MetricDrift(
                metric="conversions",
                final_after=30,
                moved_until_days=None,
                ages=(
                    Moved(ages="1", currency="", changed=0, of=5, share_ppm=0),
                    Moved(ages="2-3", currency="", changed=0, of=5, share_ppm=0),
                    Moved(ages="4-7", currency="", changed=0, of=5, share_ppm=0),
                ),
            ),
        ),
        warning="",
    )


def test_every_version_is_compared_with_the_next_one(ledger: Ledger) -> None:
    fetch_at(ledger, into(ledger), [(1, [row(cost=100)]), (2, [row(cost=130)]), (9, [row(cost=125)])])

    assert changes(drift(ledger)) == {"2-3": 30, "8-14": 5}


def test_row_that_is_gone_fell_to_zero_and_its_return_is_no_change_of_it(ledger: Ledger) -> None:
    fetch_at(
        ledger, into(ledger), [(1, [row(cost=100)]), (2, []), (20, [row(cost=70)]), (25, [row(cost=60)])]
    )

    assert changes(drift(ledger)) == {"2-3": 100, "15-30": 10}


def test_all_gone_has_no_share(ledger: Ledger) -> None:
    fetch_at(ledger, into(ledger), [(1, [row()]), (2, [])])

    cost = drift(ledger).metrics[0]

    assert cost.ages == (Moved(ages="2-3", currency="EUR", changed=100, of=0, share_ppm=None),)


def test_number_that_was_not_told_before_did_not_move(ledger: Ledger) -> None:
    fetch_at(ledger, into(ledger), [(1, [row(conversions=None)]), (2, [row()]), (3, [row(conversions=None)])])

    assert moved(drift(ledger)) == {"cost": None, "clicks": None, "conversions": None}


@pytest.mark.parametrize(
    ("age", "warning"),
    [
        (28, ""),
        (
            29,
            "northwind still changed cost at 29 days, and adtally asks again for 30: later changes are "
            "missed. Set restated_days of its connectors higher; adtally sync --full asks for all days "
            "again",
        ),
    ],
)
def test_change_at_the_last_ages_that_are_asked_for_is_a_warning(
    ledger: Ledger, age: int, warning: str
) -> None:
    fetch_at(ledger, into(ledger), [(1, [row()]), (age, [row(cost=101)]), (31, [row(cost=101)])])

    assert drift(ledger).warning == warning


@pytest.mark.parametrize(
    ("age", "ages"),
    [
        (1, "1"),
        (2, "2-3"),
        (7, "4-7"),
        (14, "8-14"),
        (30, "15-30"),
        (60, "31-60"),
        (90, "61-90"),
        (91, ">90"),
    ],
)
def test_ages_have_their_ranges(ledger: Ledger, age: int, ages: str) -> None:
    fetch_at(ledger, into(ledger), [(0, [row()]), (age, [row(cost=101)])])

    assert changes(drift(ledger)) == {ages: 1}


def test_detail_of_the_same_money_is_not_counted_again(ledger: Ledger) -> None:
    for grain in ("campaign", "ad"):
        fetch_at(ledger, into(ledger, grain=grain), [(1, [row()]), (2, [row(cost=101)])])

    assert changes(drift(ledger)) == {"2-3": 1}


def test_nothing_is_known_before_a_day_was_fetched_twice(ledger: Ledger) -> None:
    fetch_at(ledger, into(ledger), [(1, [row()])])

    found = drift(ledger)

    assert (found.watched_until_days, moved(found)["cost"], found.metrics[0].ages) == (None, None, ())


def test_files_are_no_platform_that_moves(ledger: Ledger) -> None:
    file = feed(ledger, report("delivery:a.csv", cadence="file"))
    fetch_at(ledger, file, [(1, [row()]), (9, [row(cost=1)])])

    assert read_status(ledger, MONTHS, TODAY).drift == ()
