"""Reports that a platform prepares: ordered once, looked at until they are there; lost ones ordered anew."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from adtally.calendar import Window
from adtally.connector import Unit
from adtally.errors import Lost, NotReady, TooLarge
from adtally.http import Http
from adtally.making import prepared
from adtally.records import Account


class Kitchen:
    """Orders become ready after so many looks; those that are to be lost never do."""

    def __init__(self, looks: int = 1, *, lost: tuple[str, ...] = ()) -> None:
        self.orders, self.looks = Counter[str](), Counter[str]()
        self._needed, self._lost = looks, lost

    def job(self, name: str) -> Callable[[], str]:
        def order() -> str:
            self.orders[name] += 1
            return f"{name}{self.orders[name]}"

        return order

    def look(self, number: str) -> str | None:
        self.looks[number] += 1
        if number in self._lost:
            raise Lost("the report failed", code="X1")
        return f"file of {number}" if self.looks[number] >= self._needed else None


@pytest.fixture
def unit() -> Unit:
    account = Account(id="1", currency="EUR", timezone="UTC")
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 2)), date(2026, 11, 1))


def collected(kitchen: Kitchen, unit: Unit, *names: str) -> Iterator[tuple[str, str]]:
    http = Http("https://ads.example")
    http.sleep = lambda _seconds: None
    return prepared(http, unit, {name: kitchen.job(name) for name in names}, kitchen.look, poll_seconds=1)


def test_all_are_ordered_before_the_first_is_looked_at_and_come_as_they_are_ready(unit: Unit) -> None:
    kitchen = Kitchen(3)

    told = collected(kitchen, unit, "a", "b")

    assert next(told) == ("a", "file of a1")
    assert kitchen.orders == {"a": 1, "b": 1}
    assert list(told) == [("b", "file of b1")]


def test_a_later_run_looks_at_what_was_ordered_and_orders_nothing(unit: Unit) -> None:
    kitchen = Kitchen(100)
    with pytest.raises(NotReady, match="a report is still being prepared"):
        list(collected(kitchen, unit, "a"))

    later = Unit(unit.account, unit.window, unit.today, dict(unit.remembered))
    kitchen.looks["a1"] = 99

    assert list(collected(kitchen, later, "a")) == [("a", "file of a1")]
    assert kitchen.orders == {"a": 1}


def test_a_lost_report_is_ordered_anew_and_the_others_come(unit: Unit) -> None:
    kitchen = Kitchen(lost=("a1",))

    assert dict(collected(kitchen, unit, "a", "b")) == {"a": "file of a2", "b": "file of b1"}
    assert kitchen.orders == {"a": 2, "b": 1}


def test_a_report_that_is_lost_twice_asks_for_less_and_is_forgotten(unit: Unit) -> None:
    kitchen = Kitchen(lost=("a1", "a2"))

    with pytest.raises(TooLarge, match=r"the report failed, twice \(code X1\)"):
        list(collected(kitchen, unit, "a"))

    assert unit.remembered == {}
