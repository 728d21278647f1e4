"""Daily budgets by Google's rule, and the budgets of orders over their flights."""

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given, strategies as st

from adtally.calendar import Window
from adtally.money import to_micros
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.facts import CampaignMonth, Document, Facts, Gaps, OrderFlight
from adtally.reconciliation.order_facts import DailyBudget, Unknown
from adtally.reconciliation.verdicts import Outcome

from .cases import OCTOBER, RULES, billed_line, campaign, document, facts as empty, line, period, rate

CPC = rate("cpc", None, kind="auto")
FLIGHT = Window(date(2026, 9, 1), date(2026, 11, 15))


def october(day: int) -> date:
    return date(2026, 10, day)


def budget(
    *heavy: tuple[int, str],
    daily: str = "50.00",
    window: Window = OCTOBER,
    campaigns: tuple[str, ...] = ("7",),
    shared: bool = False,
    unknown: Unknown = "",
    in_force: tuple[tuple[Window, int], ...] | None = None,
) -> DailyBudget:
    return DailyBudget(
        connector="google",
        platform="google_ads",
        account_id="1",
        budget_id="907",
        campaigns=campaigns,
        shared=shared,
        in_force=((window, to_micros(daily)),) if in_force is None else in_force,
        heavy=tuple((october(day), to_micros(cost)) for day, cost in heavy),
        unknown=unknown,
    )


def order(
    before: str | None, month: str | None, cap: str | None = "10000.00", **fields: object
) -> OrderFlight:
    values: dict[str, object] = {
        "connector": "google",
        "platform": "google_ads",
        "name": "order IO-7",
        "subject": "google/order:IO-7",
        "window": FLIGHT,
        "source": "agreement 1",
        "currencies": ("USD",),
        "campaigns": ("google/1/7",),
        **fields,
    }
    sums = {"before_micros": before, "month_micros": month, "budget_micros": cap}
    micros = {name: None if text is None else to_micros(text) for name, text in sums.items()}
    return OrderFlight(**values, **micros)  # type: ignore[arg-type]


def spent(cost: str | None, name: str = "7", **fields: object) -> CampaignMonth:
    return campaign(period(CPC, cost=cost, clicks=100), name=name, **fields)  # type: ignore[arg-type]


def given_facts(
    *campaigns: CampaignMonth,
    budgets: Iterable[DailyBudget] = (),
    orders: Iterable[OrderFlight] = (),
    documents: tuple[Document, ...] = (),
    today: date = date(2026, 11, 23),
) -> Facts:
    return Facts(
        month=OCTOBER,
        today=today,
        campaigns=campaigns,
        documents=documents,
        budgets=tuple(budgets),
        orders=tuple(orders),
    )


def judged(found: Facts) -> Outcome:
    [outcome] = CHECKS["spend-over-budget"].run(found, RULES)
    return outcome


def credit(amount: str, **fields: object) -> Document:
    lines = (line("1534.00", "1"), line(amount, "2", kind="overdelivery", **fields))
    return document("1520.00", "INV-1", *lines)


def test_c16_fits() -> None:
    outcome = judged(given_facts(spent("1519.00"), budgets=[budget((9, "99.00"))]))

    assert (outcome.verdict, outcome.at_risk_micros) == ("clear", 0)
    assert outcome.figures == {
        "day_excess_micros": 0,
        "month_excess_micros": 0,
        "day_limit_micros": 100_000_000,
        "month_limit_micros": 1_520_000_000,
    }


def test_c17_a_excess_that_a_bill_credits_is_explained() -> None:
    found = given_facts(
        spent("1534.00"), budgets=[budget((9, "103.00"))], documents=(credit("-14.00", campaign_id="7"),)
    )

    outcome = judged(found)

    assert (outcome.verdict, outcome.residual_micros, outcome.at_risk_micros) == ("explained", 0, 0)
    assert outcome.diff_micros == 14_000_000
    assert outcome.proof[-1].key == "google/INV-1/2"


def test_c17_b_excess_that_nothing_credits() -> None:
    outcome = judged(given_facts(spent("1534.00"), budgets=[budget((9, "103.00"))]))

    assert (outcome.verdict, outcome.direction, outcome.severity) == ("finding", "over", "high")
    assert (outcome.figures["day_excess_micros"], outcome.figures["month_excess_micros"]) == (
        3_000_000,
        14_000_000,
    )
    assert (outcome.diff_micros, outcome.at_risk_micros) == (14_000_000, 14_000_000)
    assert outcome.formula == "1,534.00 − 1,520.00"
    assert outcome.explanation == (
        "USD\u00a014.00 of October lies beyond the daily budget's limit, and nothing credits it."
    )


def test_day_beyond_twice_the_budget_in_a_month_that_fits() -> None:
    outcome = judged(given_facts(spent("900.00"), budgets=[budget((9, "103.00"), (12, "100.00"))]))

    assert (outcome.verdict, outcome.at_risk_micros) == ("finding", 3_000_000)
    assert outcome.formula == "103.00 − 100.00"
    assert "of 9 Oct" in outcome.explanation


def test_pay_for_conversions_has_no_daily_limit() -> None:
    by_conversion = campaign(period(rate("cpa", None, kind="target"), cost="900.00", conversions_micros=1))

    assert judged(given_facts(by_conversion, budgets=[budget((9, "103.00"))])).verdict == "clear"


def test_month_is_scaled_to_the_days_run() -> None:
    ten = budget(window=Window(october(1), october(10)))

    outcome = judged(given_facts(spent("500.00"), budgets=[ten]))

    assert outcome.figures["month_limit_micros"] == 490_322_581
    assert (outcome.verdict, outcome.residual_micros) == ("finding", 9_677_419)


def test_budget_that_changed_splits_the_days() -> None:
    halves = (
        (Window(october(1), october(15)), to_micros("50.00")),
        (Window(october(16), october(31)), to_micros("80.00")),
    )
    changed = budget((9, "103.00"), (20, "150.00"), in_force=halves)

    outcome = judged(given_facts(spent("1900.00"), budgets=[changed]))

    assert outcome.figures["day_excess_micros"] == 3_000_000
    assert outcome.figures["month_limit_micros"] == 1_990_709_677


def test_shared_budget_is_one_and_judged_for_all_of_its_campaigns() -> None:
    shared = budget(campaigns=("7", "8"), shared=True)

    outcome = judged(given_facts(spent("800.00"), spent("734.00", "8"), budgets=[shared]))

    assert (outcome.subject, outcome.campaign_id) == ("google/1/budget:907", "")
    assert (outcome.verdict, outcome.at_risk_micros) == ("finding", 14_000_000)
    assert outcome.stakes[0].pool == "campaign:google/1/7/2026-10"
    assert outcome.stakes[0].also == ("campaign:google/1/8/2026-10",)


def test_lump_credit_of_the_account_is_given_once() -> None:
    others = DailyBudget(
        connector="google",
        platform="google_ads",
        account_id="1",
        budget_id="908",
        campaigns=("8",),
        in_force=((OCTOBER, to_micros("50.00")),),
    )
    found = given_facts(
        spent("1534.00"),
        spent("1530.00", "8"),
        budgets=[budget(), others],
        documents=(credit("-20.00"),),
    )

    outcomes = list(CHECKS["spend-over-budget"].run(found, RULES))

    assert [(one.verdict, one.residual_micros) for one in outcomes] == [
        ("explained", 0),
        ("finding", 4_000_000),
    ]


def test_credit_of_another_campaign_or_account_explains_nothing() -> None:
    for fields in ({"campaign_id": "8"}, {"campaign_name": "other"}, {"account_id": "2"}):
        found = given_facts(spent("1534.00"), budgets=[budget()], documents=(credit("-14.00", **fields),))

        assert judged(found).verdict == "finding"


def test_what_the_report_credits_or_the_bill_leaves_out_is_explained() -> None:
    reported = campaign(period(CPC, cost="1534.00", clicks=1, credited_micros=14_000_000))
    billed = spent("1534.00", lines=(billed_line("1520.00"),))

    assert judged(given_facts(reported, budgets=[budget()])).verdict == "explained"
    assert judged(given_facts(billed, budgets=[budget()])).verdict == "explained"


def test_credit_that_is_due_is_waited_for() -> None:
    found = given_facts(spent("1534.00"), budgets=[budget()], today=date(2026, 11, 5))

    outcome = judged(found)

    assert (outcome.verdict, outcome.severity, outcome.at_risk_micros) == ("pending", "low", 0)
    assert outcome.next_step == "Wait until 11 Nov."


def test_credit_is_no_longer_due_once_the_bill_is_here_or_late() -> None:
    without = document("1534.00", "INV-1", line("1534.00", "1"))
    early, last = date(2026, 11, 5), date(2026, 11, 11)
    billed = given_facts(spent("1534.00"), budgets=[budget()], documents=(without,), today=early)
    late = given_facts(spent("1534.00"), budgets=[budget()], today=last)

    assert [judged(found).verdict for found in (billed, late)] == ["finding", "finding"]


def test_line_that_takes_a_credit_back_or_is_in_another_currency_credits_nothing() -> None:
    euros = document("1520.00", "INV-1", line("-14.00", kind="overdelivery", campaign_id="7"), currency="EUR")
    for bill in (credit("14.00", campaign_id="7"), euros):
        found = given_facts(spent("1534.00"), budgets=[budget()], documents=(bill,))

        assert judged(found).residual_micros == 14_000_000


@pytest.mark.parametrize("unknown", ["log", "value"])
def test_unknown_budget_is_no_verdict(unknown: Unknown) -> None:
    found = given_facts(spent("1534.00"), budgets=[budget(unknown=unknown, in_force=())])

    assert judged(found).verdict == "not_checkable"


def test_missing_inputs_are_no_verdict_of_a_daily_budget() -> None:
    gaps = Gaps(days=(october(5),), confirmed=True, neighbours=())
    euros = campaign(period(CPC, cost="9.00", clicks=1), name="8", currency="EUR")
    two = budget(campaigns=("7", "8"), shared=True)
    cases = [
        given_facts(spent("1534.00", missing_days=1), budgets=[budget()]),
        given_facts(spent("1534.00", gaps=gaps), budgets=[budget()]),
        given_facts(spent(None), budgets=[budget()]),
        given_facts(spent("1534.00"), euros, budgets=[two]),
        given_facts(spent("1534.00"), budgets=[budget(in_force=())]),
    ]

    assert [judged(found).verdict for found in cases] == ["not_checkable"] * 5
    pending = spent("1534.00", pending_until={"cost": date(2026, 11, 30)})
    assert judged(given_facts(pending, budgets=[budget()])).verdict == "pending"


def test_platform_whose_rule_is_not_known_is_not_judged() -> None:
    assert list(CHECKS["spend-over-budget"].run(empty(campaigns=(spent("9999.00"),)), RULES)) == []


@given(st.integers(0, 3 * 10**9), st.integers(1, 10**8), st.integers(1, 31))
def test_never_beyond_the_rule_and_one_micro_more_is_one_more(cost: int, daily: int, days: int) -> None:
    window = Window(october(1), october(days))
    one = budget(in_force=((window, daily),))

    outcome, more = (judged(given_facts(spent(decimal(cost + n)), budgets=[one])) for n in (0, 1))

    limit = (304 * daily * days * 2 + 310) // 620
    assert outcome.figures["month_limit_micros"] == limit
    assert outcome.verdict == ("finding" if cost > limit else "clear")
    assert outcome.at_risk_micros == max(0, cost - limit)
    assert more.at_risk_micros - outcome.at_risk_micros == (1 if cost >= limit else 0)


def decimal(micros: int) -> str:
    return f"{micros // 10**6}.{micros % 10**6:06d}"


# Orders


def test_each_month_answers_for_what_it_added() -> None:
    within = judged(given_facts(spent("1000.00"), orders=[order("9000.00", "1000.00")]))
    over = judged(given_facts(spent("1000.00"), orders=[order("9500.00", "1000.00")]))
    further = judged(given_facts(spent("1000.00"), orders=[order("10500.00", "1000.00")]))
    nothing = judged(given_facts(spent("0"), orders=[order("10500.00", "0")]))

    assert [(one.verdict, one.at_risk_micros) for one in (within, over, further, nothing)] == [
        ("clear", 0),
        ("finding", 500_000_000),
        ("finding", 1_000_000_000),
        ("clear", 0),
    ]
    assert over.formula == "10,500.00 − 10,000.00"
    assert over.explanation == (
        "USD\u00a010,500.00 spent by 31 Oct; order IO-7 is capped at USD\u00a010,000.00: USD\u00a0500.00 "
        "too much this month."
    )
    assert (over.subject, over.window) == ("google/order:IO-7", Window(date(2026, 9, 1), october(31)))
    assert nothing.explanation == "The month adds nothing beyond the cap."


def test_order_whose_bill_names_it_in_a_credit_is_explained() -> None:
    given_order = order("9500.00", "1000.00")
    named = given_facts(
        spent("1000.00"), orders=[given_order], documents=(credit("-500.00", purchase_order="IO-7"),)
    )
    reported = order("9500.00", "1000.00", credited_micros=to_micros("500.00"))

    assert judged(named).verdict == "explained"
    assert judged(given_facts(spent("1000.00"), orders=[reported])).verdict == "explained"


def test_money_beyond_a_campaigns_own_budget_is_not_claimed_again_by_the_order() -> None:
    less, same = order("9000.00", "1534.00", "10500.00"), order("9000.00", "1534.00", "10520.00")
    for given_order, rest in ((less, 20_000_000), (same, 0)):
        found = given_facts(spent("1534.00"), budgets=[budget()], orders=[given_order])

        first, second = CHECKS["spend-over-budget"].run(found, RULES)

        assert (first.at_risk_micros, second.verdict, second.at_risk_micros) == (14_000_000, "finding", rest)
    assert second.next_step == "See the findings of its campaigns' own budgets."


def test_missing_inputs_are_no_verdict_of_an_order() -> None:
    cases = [
        order("9500.00", "1000.00", coverage=Coverage(missing_days=3)),
        order("9500.00", "1000.00", currencies=("USD", "EUR")),
        order("9500.00", "1000.00", campaigns=()),
        order(None, "1000.00"),
        order("9500.00", None),
    ]

    found = [judged(given_facts(spent("1000.00"), orders=[one])) for one in cases]
    gap = given_facts(spent("1000.00", missing_days=1), orders=[order("9500.00", "1000.00")])
    moving = order("9500.00", "1000.00", coverage=Coverage(pending_until={"cost": date(2026, 11, 30)}))

    assert [one.verdict for one in (*found, judged(gap))] == ["not_checkable"] * 6
    assert all(one.next_step and len(one.explanation) <= 140 for one in found)
    assert judged(given_facts(spent("1000.00"), orders=[moving])).verdict == "pending"


def test_order_without_a_cap_is_not_judged() -> None:
    found = given_facts(spent("1000.00"), orders=[order("9500.00", "1000.00", None)])

    assert list(CHECKS["spend-over-budget"].run(found, RULES)) == []


@given(st.integers(0, 10**10), st.lists(st.integers(0, 10**10), min_size=1, max_size=6))
def test_months_of_an_order_sum_up_to_what_lies_beyond_its_cap(cap: int, months: list[int]) -> None:
    before, total = 0, 0
    for micros in months:
        one = order("0", "0")
        given_order = type(one)(
            **{name: getattr(one, name) for name in one.__struct_fields__ if not name.endswith("_micros")},
            budget_micros=cap,
            before_micros=before,
            month_micros=micros,
        )
        total += judged(given_facts(spent("1.00"), orders=[given_order])).at_risk_micros
        before += micros

    assert total == max(0, sum(months) - cap)


def test_surcharges_and_taxes_are_outside_budgets() -> None:
    beside = CHECKS["spend-over-budget"].beside

    assert {"tax-plausibility", "surcharge-plausibility", "agency-fee"} <= beside
