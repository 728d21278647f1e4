"""Budgets and orders again, from rows in a real ledger through the facts."""

from datetime import UTC, date, datetime

from adtally.calendar import Window
from adtally.ledger import Ledger
from adtally.money import to_micros
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.facts import Facts, OrderFlight
from adtally.reconciliation.judge import judge
from adtally.reconciliation.order_facts import DailyBudget
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import Outcome
from adtally.records import Account, Campaign, Change, Delivery, Evidence, Order

from .told import OCTOBER, Told, at, bill, facts, later, line, ran, sync

FIFTY = Campaign(
    campaign_id="7",
    name="brand",
    status="ENABLED",
    budget_id="907",
    budget_micros=50_000_000,
    budget_period="daily",
)
SEPTEMBER_TO_OCTOBER = {"first_day": "2026-09-01", "last_day": "2026-10-31"}


def outcome(found: Facts, check: str = "spend-over-budget", subject: str = "") -> Outcome:
    [one] = [one for one in judge(found, Rules(), only={check}) if subject in ("", one.subject)]
    return one


def month(total: int, worst: int, campaign_id: str = "7") -> list[Delivery]:
    """A row a day, the worst on the 9th, and the rest spread evenly."""
    each, rest = divmod(total - worst, 30)
    rows = ran(*(day for day in range(1, 32) if day != 9), campaign_id=campaign_id, cost=each)
    return [*rows, *ran(9, campaign_id=campaign_id, cost=worst + rest)]


def budget_change(when: datetime, old: str, new: str, **fields: str) -> Change:
    values: dict[str, str] = {"level": "campaign", "entity_id": "7", **fields}
    return Change(at=when, field="budget_micros", old=old, new=new, **values)  # type: ignore[arg-type]


def test_c16_and_c17_from_the_ledger(ledger: Ledger) -> None:
    fits = Told(delivery=month(1_519_000_000, 99_000_000), campaigns=[FIFTY])
    beyond = Told(delivery=month(1_534_000_000, 103_000_000), campaigns=[FIFTY])

    sync(ledger, google=fits)
    first = outcome(facts(ledger, [{"model": None, "rate": None}]))
    sync(ledger, later(2), google=beyond)
    second = outcome(facts(ledger, [{"model": None, "rate": None}]))
    credit = line(-14_000_000, "2", kind="overdelivery", campaign_id="7")
    whole = bill("INV-1", line(1_534_000_000, campaign_id="7"), credit, total_micros=1_520_000_000)
    sync(ledger, later(4), google=Told(delivery=beyond.delivery, campaigns=[FIFTY], invoices=[whole]))
    third = outcome(facts(ledger, [{"model": None, "rate": None}]))

    assert (first.verdict, second.verdict, third.verdict) == ("clear", "finding", "explained")
    assert (second.at_risk_micros, second.figures["day_excess_micros"]) == (14_000_000, 3_000_000)
    assert third.residual_micros == 0


def test_budget_of_each_day_is_that_of_the_log(ledger: Ledger) -> None:
    changes = [
        budget_change(at(16, 8), "50000000", "80000000"),
        budget_change(at(5, month=11), "80000000", "60000000"),
    ]
    own = Campaign(
        campaign_id="7",
        status="ENABLED",
        first_day=date(2026, 10, 3),
        budget_id="907",
        budget_micros=60_000_000,
        budget_period="daily",
    )
    rows = [*ran(9, cost=101_000_000), *ran(16, cost=150_000_000), *ran(17, cost=10)]
    sync(ledger, google=Told(delivery=rows, campaigns=[own], changes=changes))

    assert facts(ledger).budgets == (
        DailyBudget(
            connector="google",
            platform="google_ads",
            account_id="1",
            budget_id="907",
            campaigns=("7",),
            in_force=(
                (Window(date(2026, 10, 3), date(2026, 10, 15)), 50_000_000),
                (Window(date(2026, 10, 16), date(2026, 10, 31)), 80_000_000),
            ),
            heavy=((date(2026, 10, 9), 101_000_000), (date(2026, 10, 16), 150_000_000)),
        ),
    )


def test_shared_budget_has_its_own_log_and_all_of_its_campaigns(ledger: Ledger) -> None:
    other = Campaign(
        campaign_id="8", status="ENABLED", budget_id="907", budget_micros=50_000_000, budget_period="daily"
    )
    changes = [budget_change(at(1), "40000000", "50000000", level="account", entity_id="907")]
    rows = [*ran(9, cost=60_000_000), *ran(9, campaign_id="8", cost=60_000_000)]
    sync(ledger, google=Told(delivery=rows, campaigns=[FIFTY, other], changes=changes))

    [shared] = facts(ledger).budgets

    assert (shared.subject, shared.campaigns) == ("google/1/budget:907", ("7", "8"))
    assert shared.in_force == ((OCTOBER, 50_000_000),)
    assert shared.heavy == ((date(2026, 10, 9), 120_000_000),)


def test_unknown_budgets_and_other_platforms_and_periods(ledger: Ledger) -> None:
    unknown = [budget_change(at(16), "", "80000000")]
    sync(ledger, google=Told(delivery=ran(9), campaigns=[FIFTY], changes=unknown))
    [first] = facts(ledger).budgets
    sync(
        ledger,
        later(2),
        meta=Told(
            platform="meta_ads",
            accounts=[Account(id="2", currency="USD", timezone="UTC")],
            delivery=ran(9),
            campaigns=[FIFTY],
        ),
    )
    ledger.conn.execute(
        "UPDATE unit_cells SET done_on = first_day"
        " WHERE feed IN (SELECT feed FROM feeds WHERE report = 'changes')"
    )
    [second] = facts(ledger).budgets
    ledger.conn.execute("UPDATE campaigns SET budget_period = 'total'")

    assert (first.unknown, first.in_force, second.unknown) == ("value", (), "log")
    assert facts(ledger).budgets == ()


def test_paused_days_are_no_days_run(ledger: Ledger) -> None:
    paused = Change(level="campaign", entity_id="7", at=at(21), field="status", old="ENABLED", new="PAUSED")
    sync(ledger, google=Told(delivery=ran(9), campaigns=[FIFTY], changes=[paused]))

    [budget] = facts(ledger).budgets

    assert budget.in_force == ((Window(date(2026, 10, 1), date(2026, 10, 20)), 50_000_000),)


def io(**fields: object) -> dict[str, object]:
    return {"campaign": "brand*", "order": "IO-7", "flight": SEPTEMBER_TO_OCTOBER, **fields}


def test_order_of_two_agreements_over_its_whole_flight(ledger: Ledger) -> None:
    names = [
        Campaign(campaign_id=one, name=name)
        for one, name in (("7", "brand uk"), ("8", "brand us"), ("9", "other"))
    ]
    rows = [
        *ran(date(2026, 8, 31), date(2026, 9, 1), date(2026, 10, 31), date(2026, 11, 1)),
        *ran(date(2026, 9, 30), campaign_id="8", cost=4_000_000),
        *ran(5, campaign_id="9"),
    ]
    sync(ledger, google=Told(delivery=rows, campaigns=names))
    agreed = [io(campaign="brand uk", budget="5.00"), io(campaign="brand us", units=40)]

    [found] = facts(ledger, agreed).orders

    assert (found.subject, found.name, found.source) == ("google/order:IO-7", "order IO-7", "agreement 1")
    assert found.campaigns == ("google/1/7", "google/1/8")
    assert (found.before_micros, found.month_micros) == (5_000_000, 1_000_000)
    assert (found.delivered.impressions, found.delivered.clicks, found.units) == (300, 30, 40)
    assert found.coverage.complete
    assert outcome(facts(ledger, agreed)).at_risk_micros == 1_000_000


def test_orders_of_other_days_and_without_cap_or_units_are_none(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(5)))
    over = {"first_day": "2026-08-01", "last_day": "2026-09-30"}

    assert facts(ledger, [{"flight": over, "budget": "5.00"}, io(campaign="*")]).orders == ()


def test_campaign_belongs_to_the_first_order_that_names_it(ledger: Ledger) -> None:
    names = [Campaign(campaign_id="7", name="brand"), Campaign(campaign_id="8", name="other")]
    sync(ledger, google=Told(delivery=[*ran(5), *ran(5, campaign_id="8")], campaigns=names))
    rest = {"flight": SEPTEMBER_TO_OCTOBER, "budget": "9.00"}

    first, second = facts(ledger, [io(budget="5.00"), rest]).orders

    assert (first.campaigns, second.campaigns) == (("google/1/7",), ("google/1/8",))
    assert second.subject == "google/agreement:2"


def test_orders_that_follow_one_another_have_the_campaign_each_on_its_days(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(5, 6, 20)))
    halves = [("2026-10-01", "2026-10-15"), ("2026-10-16", "2026-10-31")]

    found = facts(
        ledger,
        [{"flight": {"first_day": first, "last_day": last}, "budget": "9.00"} for first, last in halves],
    )

    assert [(one.campaigns, one.month_micros) for one in found.orders] == [
        (("google/1/7",), 2_000_000),
        (("google/1/7",), 1_000_000),
    ]


def test_flight_before_the_first_fetch_is_not_checkable(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(5)))
    long = {"first_day": "2025-12-01", "last_day": "2026-10-31"}

    found = facts(ledger, [{"flight": long, "budget": "0.50"}])

    assert found.orders[0].coverage.missing_days == 31
    assert outcome(found).verdict == "not_checkable"


def test_c44_from_the_ledger(ledger: Ledger) -> None:
    rows = ran(5, impressions=930_000, cost=6_000_000_000)
    sync(ledger, google=Told(delivery=rows))
    agreed = [io(campaign="*", model="cpm", rate="6.00", kind="cap", units=1_000_000)]

    found = outcome(facts(ledger, agreed), "under-delivery-make-good")

    assert (found.verdict, found.diff_micros, found.figures["short_ppm"]) == ("finding", 420_000_000, 70_000)


def test_flight_is_billed_as_the_lines_say(ledger: Ledger) -> None:
    rows = [*ran(date(2026, 9, 5), cost=10_000_000), *ran(5, cost=20_000_000)]
    lines = bill("INV-1", line(25_000_000, campaign_id="7"), total_micros=25_000_000)
    sync(ledger, google=Told(delivery=rows, invoices=[lines]))

    [found] = facts(ledger, [io(campaign="*", budget="30.00")]).orders

    assert (found.before_micros, found.month_micros) == (10_000_000, 25_000_000)


def test_clicks_that_verifiers_refute_are_those_of_the_one_that_refutes_most(ledger: Ledger) -> None:
    def refuted(source: str, quantity: int, day: date = date(2026, 10, 5)) -> Evidence:
        return Evidence(
            source_id=source,
            record_id=f"{source}{day}",
            kind="invalid_click",
            day=day,
            key_kind="utm_id",
            key_value="7",
            quantity_micros=quantity * 1_000_000,
        )

    verifier = Told(
        platform="verifier",
        accounts=[Account(id="v", currency="USD", timezone="UTC")],
        delivery=None,
        campaigns=None,
        changes=None,
        balances=None,
        invoices=None,
        evidence=[
            refuted("a", 3),
            refuted("b", 2),
            refuted("b", 2, date(2026, 9, 5)),
            refuted("a", 9, date(2026, 8, 5)),
        ],
    )
    sync(ledger, google=Told(delivery=ran(5)), verifier=verifier)
    longer = {"first_day": "2026-08-01", "last_day": "2026-10-31"}
    agreed = [io(campaign="7", units=10), {"campaign": "8", "flight": longer, "units": 10}]

    found, other = facts(ledger, agreed).orders

    assert (found.invalid_clicks, other.invalid_clicks) == (4, 0)


def test_order_that_the_platform_tells_of_itself(ledger: Ledger) -> None:
    order = Order(
        order_id="B-1",
        first_day=date(2026, 9, 1),
        last_day=date(2026, 12, 31),
        cap_micros=3_000_000,
        currency="USD",
    )
    endless = Order(order_id="B-2", first_day=date(2026, 9, 1), cap_micros=5_000_000, currency="EUR")
    campaigns = [Campaign(campaign_id="7", budget_id="B-1"), Campaign(campaign_id="8", budget_id="B-2")]
    rows = [*ran(date(2026, 9, 5), 1, 2, 3), *ran(5, campaign_id="8")]
    sync(
        ledger,
        pins=Told(platform="pinterest_ads", delivery=rows, campaigns=campaigns, orders=[order, endless]),
    )

    found = facts(ledger)

    assert [one.campaigns for one in found.orders] == [("pins/1/7",), ("pins/1/8",)]
    assert found.orders[0] == OrderFlight(
        connector="pins",
        platform="pinterest_ads",
        account_id="1",
        name="order B-1",
        subject="pins/1/order:B-1",
        window=Window(date(2026, 9, 1), date(2026, 12, 31)),
        source="orders",
        currencies=("USD",),
        campaigns=("pins/1/7",),
        coverage=Coverage(as_of=found.orders[0].coverage.as_of),
        budget_micros=3_000_000,
        before_micros=1_000_000,
        month_micros=3_000_000,
        credited_micros=0,
        delivered=found.orders[0].delivered,
        under_delivery_ppm=50_000,
    )
    assert outcome(found, subject="pins/1/order:B-1").at_risk_micros == 1_000_000
    assert outcome(found, subject="pins/1/order:B-2").verdict == "not_checkable"


def test_order_of_the_whole_account(ledger: Ledger) -> None:
    order = Order(order_id="B-1", first_day=date(2026, 9, 1), cap_micros=3_000_000, currency="USD")
    limitless = Order(order_id="B-2", first_day=date(2026, 9, 1), currency="USD")
    told = Told(delivery=[*ran(1), *ran(2, campaign_id="8")], orders=[order, limitless])
    sync(
        ledger,
        google=told,
        lin=Told(
            platform="linkedin_ads",
            accounts=[Account(id="5", currency="USD", timezone="UTC")],
            orders=[order],
        ),
    )

    [found] = facts(ledger).orders

    assert (found.campaigns, found.month_micros) == (("google/1/7", "google/1/8"), 2_000_000)
    assert found.window.last_day == date.max


def test_rates_that_the_ledger_knew_earlier(ledger: Ledger) -> None:
    sync(ledger, google=Told(delivery=ran(5, cost=to_micros("6.00"))))
    sync(ledger, later(48), google=Told(delivery=ran(5, cost=to_micros("2.00"))))
    agreed = [io(campaign="*", budget="5.00")]

    then = facts(ledger, agreed, as_of=datetime(2026, 11, 24, tzinfo=UTC).date()).orders[0]

    assert (then.month_micros, facts(ledger, agreed).orders[0].month_micros) == (6_000_000, 2_000_000)


def test_order_of_two_accounts_is_known_when_both_are(ledger: Ledger) -> None:
    two = [Account(id=one, currency="USD", timezone="UTC") for one in ("1", "2")]
    told = Told(accounts=two, delivery=[*ran(5), *ran(5, campaign_id="8")], of={"8": "2"})
    sync(ledger, google=told)
    agreed = [io(campaign="*", budget="5.00")]
    [both] = facts(ledger, agreed).orders
    ledger.conn.execute(
        "DELETE FROM unit_cells WHERE feed IN (SELECT f.feed FROM feeds AS f JOIN accounts AS a"
        " ON a.account_key = f.account_key WHERE a.account_id = '2' AND f.report = 'delivery')"
    )

    [one] = facts(ledger, agreed).orders

    assert (both.coverage.missing_days, both.month_micros) == (0, 2_000_000)
    assert both.campaigns == ("google/1/7", "google/2/8")
    assert one.coverage.missing_days == 61
