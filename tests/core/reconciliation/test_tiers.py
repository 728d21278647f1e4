"""Prices in steps: what the units of a month cost, and how the bill is compared with that."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from adtally.calendar import Window
from adtally.ledger import Ledger
from adtally.money import rounded, to_micros
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.checks.sentences import rate_text
from adtally.reconciliation.facts import CampaignMonth, Counts, Rate, RateTier
from adtally.reconciliation.judge import judge
from adtally.reconciliation.pricing import BASES, charge, steps_of
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import Outcome
from adtally.records import Delivery, Model

from .cases import OCTOBER, RULES, campaign, facts, period, rate
from .told import Told, campaign as campaign_in, facts as facts_of, ran, sync

EARLY, LATE = Window(date(2026, 10, 1), date(2026, 10, 10)), Window(date(2026, 10, 21), date(2026, 10, 31))
BETWEEN = Window(date(2026, 10, 11), date(2026, 10, 20))


def stepped(
    *steps: tuple[int | None, str], model: Model = "cpc", kind: str = "fixed", source: str = "agreement 1"
) -> Rate:
    tiers = tuple(RateTier(up_to=up_to, rate_micros=to_micros(price)) for up_to, price in steps)
    return Rate(model=model, kind=kind, tiers=tiers, source=source)  # type: ignore[arg-type]


CHEAPER = stepped((1_000, "0.50"), (None, "0.40"))


def judged(one: CampaignMonth, check: str = "expected-charge-vs-billed") -> Outcome:
    [outcome] = CHECKS[check].run(facts(campaigns=(one,)), RULES)
    return outcome


def test_c52_step_above_a_thousand_clicks() -> None:
    outcome = judged(campaign(period(CHEAPER, cost="800.00", clicks=1_600)))

    assert (outcome.verdict, outcome.direction, outcome.severity) == ("finding", "over", "critical")
    assert (outcome.expected_micros, outcome.diff_micros) == (740_000_000, 60_000_000)
    assert outcome.formula == "800.00 − (0.50 × 1,000 clicks + 0.40 × 600 clicks)"
    assert outcome.figures == {"clicks": 1_600, "excess_clicks": 150, "effective_rate_micros": 500_000}
    assert "1,600 clicks at the agreed 0.50 to 1,000, then 0.40 make USD\u00a0740.00" in outcome.explanation
    assert outcome.proof[-1].value == "0.50 to 1,000, then 0.40"


def test_steps_count_the_whole_month_though_another_price_lies_between() -> None:
    one = campaign(
        period(CHEAPER, EARLY, cost="400.00", clicks=800),
        period(rate("cpc", "1"), BETWEEN, cost="10.00", clicks=10),
        period(CHEAPER, LATE, cost="340.00", clicks=800),
    )

    outcome = judged(one)

    assert (outcome.verdict, outcome.expected_micros) == ("match", 750_000_000)


def test_steps_of_two_agreements_do_not_add_up() -> None:
    other = stepped((1_000, "0.50"), (None, "0.40"), source="agreement 2")
    one = campaign(
        period(CHEAPER, EARLY, cost="400.00", clicks=800), period(other, LATE, cost="400.00", clicks=800)
    )

    assert judged(one).expected_micros == 800_000_000


def test_unknown_count_of_one_part_is_unknown_for_the_month() -> None:
    one = campaign(period(CHEAPER, EARLY, cost="400.00", clicks=800), period(CHEAPER, LATE, cost="9.00"))

    assert judged(one).verdict == "not_checkable"


def test_cap_in_steps() -> None:
    caps = stepped((1_000, "0.50"), (None, "0.40"), kind="cap")

    above = judged(campaign(period(caps, cost="750.00", clicks=1_600)), "effective-rate-above-cap")
    below = judged(campaign(period(caps, cost="739.00", clicks=1_600)), "effective-rate-above-cap")

    assert (above.verdict, above.diff_micros, below.verdict) == ("finding", 10_000_000, "clear")


def test_many_steps_still_make_a_sentence() -> None:
    many = stepped(*((n * 123_456, f"0.{99 - n}") for n in range(1, 12)), (None, "0.10"))

    outcome = judged(campaign(period(many, cost="800.00", clicks=500)))

    assert outcome.explanation.startswith("USD\u00a0800.00 billed; the agreed rates make USD\u00a0490.00")
    assert len(outcome.explanation) <= 140


def test_step_between_two_others_begins_where_the_first_ends() -> None:
    three = stepped((100, "1.00"), (300, "0.50"), (None, "0.10"))

    found = [charge(three, Counts(clicks=clicks), OCTOBER) for clicks in (0, 100, 101, 300, 310)]

    assert found == [0, 100_000_000, 100_500_000, 200_000_000, 201_000_000]
    assert [step.units for step in steps_of(three, BASES["cpc"], 310)] == [100, 200, 10]


def test_steps_of_other_counts() -> None:
    thousands = stepped((500_000, "6.00"), (None, "4.00"), model="cpm")
    results = stepped((10, "20.00"), (None, "15.00"), model="cpa")
    shares = Rate(
        model="cps", source="a", tiers=(RateTier(up_to=1_000, share_ppm=80_000), RateTier(share_ppm=50_000))
    )

    assert charge(thousands, Counts(impressions=750_000), OCTOBER) == to_micros("4000.00")
    assert charge(results, Counts(conversions_micros=12_500_000), OCTOBER) == to_micros("237.50")
    assert charge(shares, Counts(revenue_micros=to_micros("1500.00")), OCTOBER) == to_micros("105.00")
    assert charge(shares, Counts(revenue_micros=to_micros("-100.00")), OCTOBER) == to_micros("-8.00")
    assert (rate_text(thousands, "USD"), rate_text(shares, "USD")) == (
        "6.00 to 500,000, then 4.00 per 1,000",
        "8% to 1,000, then 5%",
    )


@given(
    st.lists(st.tuples(st.integers(1, 10**5), st.integers(0, 10**8)), max_size=4),
    st.integers(0, 10**8),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.sampled_from(sorted(BASES)),
)
def test_charge_in_steps_rises_and_is_the_sum_of_its_steps(
    widths: list[tuple[int, int]], last: int, count: int, more: int, model: Model
) -> None:
    end, tiers = 0, list[RateTier]()
    for width, price in widths:
        end += width
        tiers.append(RateTier(up_to=end, rate_micros=price))
    priced = Rate(model=model, source="a", tiers=(*tiers, RateTier(rate_micros=last)))
    basis = BASES[model]

    steps = steps_of(priced, basis, count)
    charged, beyond = (charge(priced, Counts(**{basis.column: n}), OCTOBER) for n in (count, count + more))

    assert charged is not None
    assert beyond is not None
    assert charged <= beyond
    assert charged == sum(step.micros for step in steps)
    assert sum(step.units for step in steps) == count
    assert all(step.micros == rounded(step.price * step.units, basis.per) for step in steps)


TIERS = [{"up_to": 1_000, "rate": "0.50"}, {"rate": "0.40"}]


def test_c52_from_the_ledger(ledger: Ledger) -> None:
    rows = [
        Delivery(day=date(2026, 10, day), campaign_id="7", impressions=9, clicks=800, cost_micros=400_000_000)
        for day in (3, 25)
    ]
    sync(ledger, google=Told(delivery=rows))
    agreed: list[dict[str, object]] = [
        {"rate": None, "tiers": TIERS},
        {"campaign": "other", "first_day": "2026-10-12", "last_day": "2026-10-19"},
    ]

    found = facts_of(ledger, agreed)
    [outcome] = judge(found, Rules(), only={"expected-charge-vs-billed"})

    assert (outcome.verdict, outcome.diff_micros, outcome.at_risk_micros) == (
        "finding",
        60_000_000,
        60_000_000,
    )


@pytest.mark.parametrize("kind", ["fixed", "cap"])
def test_tiers_of_the_configuration_are_the_steps_of_the_rate(ledger: Ledger, kind: str) -> None:
    sync(ledger, google=Told(delivery=ran(1)))

    [part] = campaign_in(facts_of(ledger, [{"rate": None, "tiers": TIERS, "kind": kind}])).periods

    assert part.rate
    assert (part.rate.kind, part.rate.rate_micros) == (kind, None)
    assert part.rate.tiers == (RateTier(up_to=1_000, rate_micros=500_000), RateTier(rate_micros=400_000))
