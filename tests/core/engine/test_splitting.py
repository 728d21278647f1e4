"""What a platform cannot answer at once: halves of a unit, and reports that are made later."""

from collections.abc import Iterable, Iterator
from datetime import date

import pytest
from pydantic import PrivateAttr

from adtally.calendar import Window
from adtally.connector import Unit, pulls
from adtally.errors import (
    AdtallyError,
    ContractError,
    TimedOut,
    TooLarge,
    TransientError,
)
from adtally.ledger import Ledger
from adtally.records import Campaign, Delivery
from adtally.testing import unit

from .north import (
    FIRST,
    North,
    Platform,
    configured,
    every_day,
    failure,
    rows,
    sync,
)


def test_too_large_unit_is_split_down_to_what_the_platform_can_answer(ledger: Ledger) -> None:
    def daily(unit: Unit) -> Iterator[Delivery]:
        if unit.window.days > 2:
            raise TooLarge("more than 2 days")
        yield from every_day(unit)

    platform = Platform(daily=daily)

    run = sync(ledger, configured(platform), last_day=date(2026, 9, 30))

    assert platform.days_asked == [
        "2026-09-24..2026-09-30",
        "2026-09-24..2026-09-26",
        "2026-09-24..2026-09-24",
        "2026-09-25..2026-09-26",
        "2026-09-27..2026-09-30",
        "2026-09-27..2026-09-28",
        "2026-09-29..2026-09-30",
    ]
    assert run.failures == []
    assert len(rows(ledger, "delivery", "day")) == 7
    assert ("2026-09-24", "2026-09-30") in rows(ledger, "units", "first_day", "last_day")


def test_unit_that_proves_too_large_after_half_of_it_came_begins_again(ledger: Ledger) -> None:
    def daily(unit: Unit) -> Iterator[Delivery]:
        for number, record in enumerate(every_day(unit)):
            if number == 2:
                raise TooLarge("more than 2 rows")
            yield record

    run = sync(ledger, configured(Platform(daily=daily)), last_day=date(2026, 9, 30))

    assert run.failures == []
    assert rows(ledger, "delivery", "day", "cost_micros") == [
        (str(day), 1_000_000) for day in Window(FIRST, date(2026, 9, 30))
    ]
    assert ("campaign_daily", 7) in rows(ledger, "units", "report", "rows")


class ByCampaign(North):
    """Answers for two campaigns at most, of the four that the account has."""

    _refusal: AdtallyError = PrivateAttr(default_factory=lambda: TooLarge("too many rows"))

    @pulls(Delivery, max_days=7, restated_days=3, by_campaign=True)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        self._platform.asked.append(f"{unit.window} {' '.join(unit.campaigns)}")
        if unit.window.days > 1 or not 0 < len(unit.campaigns) <= 2:
            raise self._refusal
        for campaign in unit.campaigns:
            if campaign != "c4":
                yield Delivery(day=unit.window.first_day, campaign_id=campaign, impressions=1)

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        for number in range(4):
            yield Campaign(campaign_id=f"c{number + 1}", name="")


@pytest.mark.parametrize("refusal", [TooLarge("too many rows"), TimedOut("no answer in time")])
def test_day_that_is_too_much_is_asked_for_by_campaigns(ledger: Ledger, refusal: AdtallyError) -> None:
    platform = Platform()
    north = configured(platform, kind=ByCampaign)
    north.connector._refusal = refusal  # type: ignore[attr-defined]

    run = sync(ledger, north, last_day=date(2026, 9, 25))

    assert run.failures == []
    assert [asked for asked in platform.asked if "actions" not in asked] == [
        "2026-09-24..2026-09-25 ",
        "2026-09-24..2026-09-24 ",
        "2026-09-24..2026-09-24 c1 c2",
        "2026-09-24..2026-09-24 c3 c4",
        "2026-09-25..2026-09-25 ",
        "2026-09-25..2026-09-25 c1 c2",
        "2026-09-25..2026-09-25 c3 c4",
    ]
    assert rows(ledger, "delivery", "day", "campaign_id") == [
        (day, campaign) for day in ("2026-09-24", "2026-09-25") for campaign in ("c1", "c2", "c3")
    ]


def test_part_of_a_day_remembers_its_own_report() -> None:
    ordered = list[str]()

    def order() -> str:
        ordered.append("")
        return f"r{len(ordered)}"

    whole = unit(FIRST, FIRST)
    parts = [whole.within(whole.window, ("c1",)), whole.within(whole.window, ("c2",)), whole]

    assert [part.remember("id", order) for part in (*parts, *parts)] == ["r1", "r2", "r3"] * 2


def test_day_that_is_too_large_by_itself_is_a_failure(ledger: Ledger) -> None:
    def daily(_: Unit) -> Iterable[Delivery]:
        raise TooLarge("always")

    run = sync(ledger, configured(Platform(daily=daily)), last_day=FIRST)

    assert run.failures == [failure("TooLarge", "always", "2026-09-24..2026-09-24")]


def test_report_that_is_made_later_is_collected_after_a_failure(ledger: Ledger) -> None:
    ordered, collected = list[str](), list[str]()

    def order() -> str:
        ordered.append("r-7")
        return "r-7"

    def daily(unit: Unit) -> Iterator[Delivery]:
        collected.append(unit.remember("report_id", order))
        if len(collected) == 1:
            raise TransientError("not ready yet")
        yield from every_day(unit)

    for run_id in ("r1", "r2"):
        sync(ledger, configured(Platform(daily=daily)), last_day=date(2026, 9, 30), run_id=run_id)

    assert (ordered, collected) == (["r-7"], ["r-7", "r-7"])
    assert [text for (text,) in rows(ledger, "units", "remembered") if text != "{}"] == []


def test_report_that_cannot_be_used_is_asked_for_anew(ledger: Ledger) -> None:
    ordered = list[str]()

    def order() -> str:
        ordered.append("")
        return f"r-{len(ordered)}"

    def daily(unit: Unit) -> Iterator[Delivery]:
        if unit.remember("report_id", order) == "r-1":
            raise ContractError("a row came twice")
        yield from every_day(unit)

    runs = [
        sync(ledger, configured(Platform(daily=daily)), last_day=date(2026, 9, 30), run_id=run_id)
        for run_id in ("r1", "r2")
    ]

    assert [run.units.failed for run in runs] == [1, 0]
    assert len(ordered) == 2
