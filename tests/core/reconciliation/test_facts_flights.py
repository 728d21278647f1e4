"""When a campaign may run, who says so, and what it cost on other days."""

from datetime import date

from adtally.calendar import Window
from adtally.ledger import Ledger
from adtally.reconciliation.facts import FlightDays
from adtally.records import Campaign

from .told import Told, campaign, facts, ran, sync

UNTIL_20TH = {"first_day": "2026-10-05", "last_day": "2026-10-20"}
WINDOW = Window(date(2026, 10, 5), date(2026, 10, 20))


def test_last_day_of_a_flight_is_inside_and_the_next_one_is_not(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(4, 5, 20, 21, 22)))

    found = campaign(facts(ledger, [{"flight": UNTIL_20TH}])).flight

    outside = tuple((date(2026, 10, day), 1_000_000) for day in (4, 21, 22))
    assert found == FlightDays(window=WINDOW, source="agreement 1", outside=outside)


def test_days_outside_that_cost_nothing_or_nobody_knows_what_are_not_told(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=[*ran(20), *ran(21, cost=0), *ran(22, cost=None), *ran(23, cost=-5)]))

    found = campaign(facts(ledger, [{"flight": UNTIL_20TH}])).flight

    assert found == FlightDays(window=WINDOW, source="agreement 1", outside=((date(2026, 10, 23), -5),))


def test_agreed_flight_outranks_the_campaigns_own_days(ledger: Ledger) -> None:
    own = Campaign(campaign_id="7", name="brand", first_day=date(2026, 1, 1), last_day=date(2026, 12, 31))
    sync(ledger, google=Told(delivery=ran(21), campaigns=[own]))

    agreed = campaign(facts(ledger, [{"campaign": "other-*"}, {"campaign": "brand", "flight": UNTIL_20TH}]))
    settings = campaign(facts(ledger))

    assert agreed.flight == FlightDays(
        window=WINDOW, source="agreement 2", outside=((date(2026, 10, 21), 1_000_000),)
    )
    assert settings.flight == FlightDays(
        window=Window(date(2026, 1, 1), date(2026, 12, 31)), source="campaign settings"
    )


def test_campaign_without_an_end_may_run_for_ever(ledger: Ledger) -> None:
    own = Campaign(campaign_id="7", first_day=date(2026, 10, 10))
    sync(ledger, google=Told(delivery=ran(9, 10, 31), campaigns=[own]))

    assert campaign(facts(ledger)).flight == FlightDays(
        window=Window(date(2026, 10, 10), date.max),
        source="campaign settings",
        outside=((date(2026, 10, 9), 1_000_000),),
    )


def test_flight_holds_after_the_days_of_the_rate(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(date(2026, 9, 30), 1)))
    september = {"first_day": "2026-09-01", "last_day": "2026-09-30"}

    found = campaign(facts(ledger, [{"flight": september, **september}])).flight

    assert found
    assert found.outside == ((date(2026, 10, 1), 1_000_000),)


def test_day_inside_any_agreed_flight_is_inside_and_the_nearest_flight_is_named(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(2, 15, 30)))
    flights = [("2026-01-01", "2026-03-31"), ("2026-09-01", "2026-10-05"), ("2026-10-28", "2026-12-31")]

    found = campaign(
        facts(ledger, [{"flight": {"first_day": first, "last_day": last}} for first, last in flights])
    ).flight

    assert found == FlightDays(
        window=Window(date(2026, 9, 1), date(2026, 10, 5)),
        source="agreement 2",
        outside=((date(2026, 10, 15), 1_000_000),),
    )


def test_rate_without_a_flight_limits_nothing_on_its_days(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(21, 25)))
    open_until_22nd = {"last_day": "2026-10-22"}

    found = campaign(facts(ledger, [open_until_22nd, {"flight": UNTIL_20TH}])).flight

    assert found
    assert found.outside == ((date(2026, 10, 25), 1_000_000),)


def test_nobody_says_when_it_may_run(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(1), campaigns=[Campaign(campaign_id="7", name="brand")]))

    assert campaign(facts(ledger, [{"campaign": "brand"}])).flight is None


def test_cost_outside_stays_in_its_currency(ledger: Ledger) -> None:
    rows = [*ran(21, cost=3), *ran(22, cost=5, currency="EUR")]
    sync(ledger, google=Told(delivery=rows))

    found = facts(ledger, [{"flight": UNTIL_20TH}]).campaigns

    assert {one.currency: one.flight and one.flight.outside for one in found} == {
        "USD": ((date(2026, 10, 21), 3),),
        "EUR": ((date(2026, 10, 22), 5),),
    }


def test_settings_of_another_connector_of_the_platform_count(ledger: Ledger) -> None:
    own = Campaign(campaign_id="7", name="brand", last_day=date(2026, 10, 20))
    sync(ledger, exports=Told(delivery=ran(21), campaigns=None), google=Told(delivery=None, campaigns=[own]))

    found = campaign(facts(ledger))

    assert (found.connector, found.name) == ("exports", "brand")
    assert found.flight == FlightDays(
        window=Window(date.min, date(2026, 10, 20)),
        source="campaign settings",
        outside=((date(2026, 10, 21), 1_000_000),),
    )
