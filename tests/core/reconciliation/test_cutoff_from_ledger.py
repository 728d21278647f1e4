"""Hours in a real ledger, moved to the days of the zone that a bill names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from adtally.calendar import Window, day_start, hours, month as days_of
from adtally.connector import Connector, MetricGroup, Report, Unit, pulls
from adtally.engine.jobs import Wishes
from adtally.engine.run import run_sync
from adtally.ledger import Ledger
from adtally.reconciliation.facts import Facts
from adtally.reconciliation.gather import gather
from adtally.reconciliation.judge import judge
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import Outcome
from adtally.records import Account, Delivery, HourlyCost, Invoice
from adtally.registry import Configured

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FINAL: dict[MetricGroup, int] = {"cost": 0, "clicks": 0, "conversions": 0}
HOUR = timedelta(hours=1)
CENTS = 10_000
Price = Callable[[datetime], int]


def one_each(_: datetime) -> int:
    return 100


@dataclass
class Clock:
    """A platform whose every hour costs something, and its bills; prices are in cents."""

    zone: str = "UTC"
    price: Price = one_each
    bills: tuple[Invoice, ...] = ()
    tells_hours: bool = True
    joins_repeated: bool = False
    """The platform tells an hour that the clock repeats as one row."""
    lost: frozenset[datetime] = field(default_factory=frozenset[datetime])
    has_cost: bool = True


def starts(day: date, zone: str) -> list[datetime]:
    first = day_start(day, zone)
    return [first + n * HOUR for n in range(hours(day, zone))]


def connector(told: Clock) -> Connector:
    class Teller(Connector):
        name = "google_ads"
        base_url: str = "https://ads.example"

        def accounts(self) -> Iterable[Account]:
            return [Account(id="1", currency="USD", timezone=told.zone)]

        def reports(self) -> list[Report]:
            return [one for one in self.declared() if told.tells_hours or one.name != "hourly"]

        @pulls(Delivery, max_days=31, restated_days=90, final_after=FINAL)
        def delivery(self, unit: Unit) -> Iterator[Delivery]:
            for day in unit.window:
                cents = sum(told.price(hour) for hour in starts(day, told.zone))
                yield Delivery(day=day, campaign_id="7", impressions=9, clicks=1, cost_micros=cents * CENTS)

        @pulls(HourlyCost, restated_days=90, final_after=FINAL)
        def hourly(self, unit: Unit) -> Iterator[HourlyCost]:
            for day in unit.window:
                found = [hour for hour in starts(day, told.zone) if hour not in told.lost]
                for hour in found:
                    again = told.joins_repeated and hour == datetime(2026, 11, 1, 5, tzinfo=UTC)
                    if told.joins_repeated and hour == datetime(2026, 11, 1, 6, tzinfo=UTC):
                        continue
                    cents = told.price(hour) * (2 if again else 1)
                    yield HourlyCost(
                        hour=hour,
                        campaign_id="7",
                        span_hours=2 if again else 1,
                        cost_micros=cents * CENTS if told.has_cost else None,
                    )

        @pulls(Invoice)
        def invoices(self, unit: Unit) -> Iterator[Invoice]:
            for bill in told.bills:
                if bill.last_day and bill.last_day in unit.window:
                    yield bill

    return Teller()


def bill(cents: int, zone: str, month: str = "2026-10", name: str = "INV-1") -> Invoice:
    days = days_of(month)
    return Invoice(
        invoice_id=name,
        number=name,
        issue_day=days.last_day + timedelta(days=3),
        first_day=days.first_day,
        last_day=days.last_day,
        timezone=zone,
        currency="USD",
        total_micros=cents * CENTS,
    )


def found(ledger: Ledger, told: Clock, month: str = "2026-10", now: datetime = NOW) -> Facts:
    run = run_sync(
        ledger,
        [Configured("google", connector(told), (), ("campaign",))],
        Wishes(first_day=date(2025, 12, 1)),
        clock=lambda: now,
        run_id=f"{now:%m%dT%H}",
    )
    assert run.failures == []
    return gather(ledger, (), days_of(month), now.date())


def judged(facts: Facts, check: str = "timezone-cutoff") -> list[Outcome]:
    return [one for one in judge(facts, Rules()) if one.check_id == check]


def cents_in(window: Window, zone: str, price: Price = one_each) -> int:
    return sum(price(hour) for day in window for hour in starts(day, zone))


def in_january(hour: datetime) -> int:
    """C36: 28.00 in the first 8 hours of January, 33.50 in those of February, 100.00 on every day."""
    early = {date(2026, 1, 1): 350, date(2026, 2, 1): 419}.get(hour.date())
    if early is None:
        return 100 + (7_600 if hour.hour == 23 else 0)
    if hour.hour < 8:
        return early - (2 if early == 419 and hour.hour == 7 else 0)
    rest = 10_000 - (2_800 if early == 350 else 3_350)
    return rest // 16 + (rest % 16 if hour.hour == 23 else 0)


def test_c36_from_the_rows_of_a_ledger(ledger: Ledger) -> None:
    told = Clock(price=in_january, bills=(bill(310_550, "America/Los_Angeles", "2026-01"),))

    facts = found(ledger, told, "2026-01")
    [outcome], [total] = judged(facts), judged(facts, "invoice-total-vs-delivered")

    assert (outcome.verdict, outcome.diff_micros, outcome.residual_micros) == ("explained", 5_500_000, 0)
    assert (outcome.figures["left_micros"], outcome.figures["entered_micros"]) == (28_000_000, 33_500_000)
    assert (outcome.expected_micros, total.verdict, total.residual_micros) == (3_100_000_000, "explained", 0)
    assert [row.key for row in outcome.proof[1:]] == [
        "1 2026-01-01T00:00:00Z..2026-01-01T08:00:00Z",
        "1 2026-02-01T00:00:00Z..2026-02-01T08:00:00Z",
    ]


@pytest.mark.parametrize(
    ("own", "billing", "month"),
    [
        ("UTC", "Europe/Berlin", "2026-10"),  # +2 at the first edge, +1 at the last
        ("UTC", "Europe/Berlin", "2026-03"),
        ("Europe/Berlin", "UTC", "2026-03"),
        ("America/New_York", "Pacific/Honolulu", "2026-10"),
        ("America/New_York", "Asia/Tokyo", "2026-03"),
        ("Pacific/Kiritimati", "Pacific/Pago_Pago", "2026-10"),
    ],
)
def test_bill_of_every_hour_of_its_own_zone_is_explained(
    ledger: Ledger, own: str, billing: str, month: str
) -> None:
    """The clock decides, and no fixed offset: an hour of DST makes 1.00."""
    cents = cents_in(days_of(month), billing)
    told = Clock(zone=own, bills=(bill(cents, billing, month),))

    [outcome] = judged(found(ledger, told, month))

    assert outcome.verdict in ("explained", "match")
    assert outcome.residual_micros == 0


def test_hour_that_the_clock_repeats_may_be_one_row(ledger: Ledger) -> None:
    cents = cents_in(days_of("2026-10"), "Pacific/Honolulu")
    told = Clock(zone="America/New_York", joins_repeated=True, bills=(bill(cents, "Pacific/Honolulu"),))

    facts = found(ledger, told)
    [outcome] = judged(facts)
    [group] = facts.groups
    shift = group.delivered[0].shift

    assert shift
    assert [(edge.hours, edge.micros, edge.cut_micros) for edge in shift.edges] == [
        (6, 6_000_000, 0),
        (5, 6_000_000, 0),
    ]
    assert outcome.residual_micros == 0


def test_half_hours_are_cut_and_only_widen_the_limit(ledger: Ledger) -> None:
    told = Clock(zone="Asia/Kolkata", price=lambda _: 1_000, bills=(bill(744_000, "UTC"),))

    facts = found(ledger, told)
    [outcome] = judged(facts)
    [group] = facts.groups
    shift = group.delivered[0].shift

    assert shift
    assert [(edge.enters, edge.hours, edge.cut_micros) for edge in shift.edges] == [
        (False, 5, 10_000_000),
        (True, 5, 10_000_000),
    ]
    assert (outcome.verdict, outcome.tolerance_micros) == ("match", 20_000_000)


@pytest.mark.parametrize("zone", ["", "UTC", "Etc/UTC", "Africa/Abidjan", "Europe/London"])
def test_zone_with_the_same_days_yields_nothing(ledger: Ledger, zone: str) -> None:
    """London is an hour ahead only in summer: its days of January are those of UTC."""
    facts = found(ledger, Clock(bills=(bill(74_400, zone, "2026-01"),)), "2026-01")

    assert judged(facts) == []
    assert facts.groups[0].delivered[0].shift is None


def test_platform_without_hours_has_an_upper_bound_alone(ledger: Ledger) -> None:
    told = Clock(tells_hours=False, bills=(bill(75_000, "America/Los_Angeles"),))

    facts = found(ledger, told)
    [outcome], [total] = judged(facts), judged(facts, "invoice-total-vs-delivered")

    assert (outcome.verdict, outcome.figures) == ("not_checkable", {"bound_micros": 48_000_000})
    assert "next month differs the other way" in outcome.next_step
    assert (total.verdict, total.residual_micros) == ("finding", 6_000_000)


def test_hours_that_do_not_add_up_to_their_day_move_nothing(ledger: Ledger) -> None:
    lost = frozenset([datetime(2026, 10, 1, 20, tzinfo=UTC)])
    told = Clock(lost=lost, bills=(bill(75_000, "America/Los_Angeles"),))

    [outcome] = judged(found(ledger, told))

    assert outcome.verdict == "not_checkable"
    assert "the hours of 1 edge day do not add up" in outcome.explanation


def test_hours_without_cost_move_nothing(ledger: Ledger) -> None:
    told = Clock(has_cost=False, bills=(bill(75_000, "America/Los_Angeles"),))

    [outcome] = judged(found(ledger, told))

    assert outcome.verdict == "not_checkable"


def test_hours_of_days_that_are_no_edges_of_months_are_not_known(ledger: Ledger) -> None:
    part = replace(bill(36_000, "America/Los_Angeles"), last_day=date(2026, 10, 15))

    [outcome] = judged(found(ledger, Clock(bills=(part,))))

    assert outcome.verdict == "not_checkable"
    assert "hours of 1 edge day are not known" in outcome.explanation


def test_unknown_zone_is_named_and_stops_nothing(ledger: Ledger) -> None:
    [outcome] = judged(found(ledger, Clock(bills=(bill(74_400, "Mars/Olympus"),))))

    assert outcome.verdict == "not_checkable"
    assert "google/INV-1" in outcome.next_step


def test_zone_of_another_bill_of_the_account_is_a_question(ledger: Ledger) -> None:
    price: Price = lambda hour: 1_000 if hour.date() == date(2026, 11, 1) else 100  # noqa: E731
    cents = cents_in(days_of("2026-10"), "America/Los_Angeles", price)
    told = Clock(
        price=price,
        bills=(bill(72_000, "America/Los_Angeles", "2026-09", "INV-0"), bill(cents, "")),
    )

    facts = found(ledger, told)
    [outcome], [total] = judged(facts), judged(facts, "invoice-total-vs-delivered")

    assert (outcome.verdict, outcome.figures) == ("not_checkable", {"possible_micros": 63_000_000})
    assert "as on INV-0" in outcome.explanation
    assert (total.verdict, total.residual_micros) == ("finding", 63_000_000)


def test_hours_are_as_they_were_believed_on_a_day(ledger: Ledger) -> None:
    bills = (bill(74_400, "America/Los_Angeles"),)
    found(ledger, Clock(bills=bills), now=datetime(2026, 11, 8, 12, tzinfo=UTC))
    later = found(ledger, Clock(price=lambda _: 200, bills=bills))

    before = gather(ledger, (), days_of("2026-10"), NOW.date(), as_of=date(2026, 11, 8))

    assert [one.groups[0].delivered[0].shift.edges[0].micros for one in (before, later)] == [  # type: ignore[union-attr]
        7_000_000,
        14_000_000,
    ]
