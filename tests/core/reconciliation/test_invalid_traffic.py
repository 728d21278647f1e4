from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from adtally.money import to_micros
from adtally.reconciliation.checks.invalid_traffic import LIMIT
from adtally.reconciliation.evidence_facts import EvidenceSum, ServiceCredit
from adtally.reconciliation.facts import CampaignMonth, Facts
from adtally.reconciliation.verdicts import Outcome
from adtally.records import Model

from .cases import billed_account, campaign, period, rate
from .counted import counted, known, run, source

CHECK, VERIFIER = "invalid-traffic-credit-due", "verifier"
LATE = date(2026, 12, 31)


def billed(clicks: int | None, *rows: EvidenceSum, name: str = "7", cost: str = "2000.00") -> CampaignMonth:
    units = {} if clicks is None else {"clicks": clicks}
    return campaign(period(rate("cpc", "0.40"), cost=cost, **units), name=name, evidence=rows)


def invalid(quantity: int, kind: str = "invalid_click", **fields: object) -> EvidenceSum:
    return counted(quantity, kind, **{"source": VERIFIER, **fields})  # type: ignore[arg-type]


def credit(amount: str, **fields: object) -> ServiceCredit:
    values: dict[str, object] = {
        "connector": "google",
        "account_id": "1",
        "currency": "USD",
        "campaign_id": "7",
        "key": "google/INV-2/4",
        **fields,
    }
    return ServiceCredit(amount_micros=to_micros(amount), **values)  # type: ignore[arg-type]


def only(found: Facts) -> Outcome:
    [outcome] = run(CHECK, found)
    return outcome


def test_c32_what_was_not_credited_of_invalid_billed_clicks_is_due() -> None:
    outcome = only(known(billed(5_000, invalid(150)), given_back=(credit("36.00"),)))

    assert (outcome.verdict, outcome.severity, outcome.direction, outcome.asks) == (
        "finding",
        "medium",
        "over",
        "claim",
    )
    assert (outcome.diff_micros, outcome.at_risk_micros) == (24_000_000, 24_000_000)
    assert outcome.figures["invalid_micros"] == 60_000_000
    assert outcome.explanation == (
        "150 billed clicks invalid by verifier, which cost USD\u00a060.00; USD\u00a036.00 of it came back: "
        "USD\u00a024.00 is due."
    )


def test_due_is_grave_once_sixty_days_are_over() -> None:
    one = billed(5_000, invalid(150))

    days = [date(2026, 12, 30), date(2026, 12, 31)]
    assert [only(known(one, today=day)).severity for day in days] == ["medium", "high"]


@pytest.mark.parametrize(
    ("amount", "verdict"),
    [("60.00", "match"), ("59.00", "within_tolerance"), ("58.99", "finding"), ("70.00", "clear")],
)
def test_credits_are_compared_to_the_hundred_minor_units(amount: str, verdict: str) -> None:
    outcome = only(known(billed(5_000, invalid(150)), given_back=(credit(amount),)))

    assert outcome.verdict == verdict


def test_verifiers_are_never_added() -> None:
    rows = (invalid(150), invalid(120, source="other"), invalid(400, source="own", evidence_class="E1"))

    assert only(known(billed(5_000, *rows))).figures["invalid_units"] == 150


def test_sampled_verifier_accuses_nobody_but_a_whole_one_beside_it_does() -> None:
    sampled = invalid(900, flags=("sampled",))

    alone, beside = (
        only(known(billed(5_000, *rows))) for rows in ([sampled], [sampled, invalid(150, source="other")])
    )

    assert alone.explanation == "Not checked: verifier looked at a part of the traffic only."
    assert (beside.verdict, beside.figures["invalid_units"]) == ("finding", 150)


def test_no_more_is_invalid_than_was_billed() -> None:
    outcome = only(known(billed(5_000, invalid(9_000))))

    assert (outcome.figures["invalid_units"], outcome.at_risk_micros) == (5_000, 2_000_000_000)


def test_credits_without_a_campaign_are_spread_by_what_is_due() -> None:
    rows = (billed(5_000, invalid(150)), billed(5_000, invalid(300), name="8"))

    outcomes = run(CHECK, known(*rows, given_back=(credit("90.00", campaign_id=""),)))

    assert [outcome.diff_micros for outcome in outcomes] == [to_micros("30.00"), to_micros("60.00")]
    assert [row.value for row in outcomes[0].proof][-1] == "USD\u00a090.00"


def test_other_campaigns_currencies_and_accounts_credits_are_not_taken() -> None:
    others = (
        credit("60.00", campaign_id="8"),
        credit("60.00", currency="EUR"),
        credit("60.00", account_id="2"),
    )

    assert only(known(billed(5_000, invalid(150)), given_back=others)).at_risk_micros == to_micros("60.00")


def test_later_credits_that_name_no_month_leave_it_open() -> None:
    later = credit("59.00", campaign_id="", of_month=False)

    enough, too_little = (
        only(known(billed(5_000, invalid(150)), given_back=(one,)))
        for one in (later, replace(later, amount_micros=to_micros("58.99")))
    )

    assert "do not say for which month" in enough.explanation
    assert (too_little.verdict, too_little.at_risk_micros) == ("finding", to_micros("60.00"))


@pytest.mark.parametrize(
    ("model", "column", "kind"),
    [("cpm", "impressions", "invalid_impression"), ("cpi", "installs", "invalid_install")],
)
def test_invalid_units_are_those_that_the_model_bills(model: Model, column: str, kind: str) -> None:
    terms = rate(model, "5")
    one = campaign(period(terms, cost="100.00", **{column: 1_000}), evidence=(invalid(100, kind),))
    other = replace(one, evidence=(invalid(100, "invalid_click"),))

    assert only(known(one)).at_risk_micros == to_micros("10.00")
    assert run(CHECK, known(other)) == []


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (known(billed(None, invalid(9))), "does not report the click count"),
        (known(billed(50, invalid(9, evidence_class="E1"))), "class E1"),
        (known(billed(50, invalid(9)), sources=[source(VERIFIER, missing_days=2)]), "2 days"),
        (known(billed(50, invalid(9)), sources=[]), "its days of the month"),
        (known(billed(50, invalid(9)), accounts=()), "its credits are not"),
        (known(billed(50, invalid(9)), accounts=(billed_account(bills="not_offered"),)), "its credits"),
    ],
    ids=["no count", "E1", "days", "no source", "no account", "no bills"],
)
def test_missing_input_is_not_checkable(found: Facts, says: str) -> None:
    outcome = only(found)

    assert (outcome.verdict, outcome.at_risk_micros) == ("not_checkable", 0)
    assert says in outcome.explanation


def test_platforms_that_filtered_and_campaigns_without_a_verifier_are_left_out() -> None:
    assert run(CHECK, known(billed(5_000))) == []
    assert run(CHECK, known(billed(5_000, counted(4_000)))) == []


def test_verifier_that_may_still_find_more_is_pending() -> None:
    sources = [source(VERIFIER, pending_until={"clicks": date(2026, 11, 9)})]

    assert only(known(billed(5_000, invalid(150)), sources=sources)).verdict == "pending"


def test_coverage_is_told_but_what_a_verifier_lacks_accuses_nobody() -> None:
    outcomes = run(CHECK, known(billed(5_000, invalid(150)), billed(5_000, name="8")))

    assert [(one.verdict, one.figures["coverage_ppm"]) for one in outcomes] == [("finding", 500_000)]


@given(
    units=st.integers(1, 10**6),
    bad=st.integers(0, 10**6),
    cents=st.integers(1, 10**8),
    back=st.integers(0, 10**8),
)
def test_due_and_credits_are_the_cost_of_the_invalid_units(
    units: int, bad: int, cents: int, back: int
) -> None:
    row, cost = invalid(bad), f"{cents / 100:.2f}"
    given_back = (replace(credit("1"), amount_micros=back * 10_000),)
    outcome = only(known(billed(units, row, cost=cost), given_back=given_back))

    cost_of_bad = outcome.figures["invalid_micros"]
    assert isinstance(cost_of_bad, int)
    assert 0 <= cost_of_bad <= cents * 10_000
    assert outcome.diff_micros == cost_of_bad - back * 10_000
    assert (outcome.verdict == "finding") == (cost_of_bad - back * 10_000 > LIMIT.micros(0, "USD"))


@given(
    bad=st.lists(st.integers(1, 5_000), min_size=1, max_size=5),
    lump=st.integers(0, 10**9),
)
def test_spread_credits_add_up_to_what_was_credited(bad: list[int], lump: int) -> None:
    rows = [billed(5_000, invalid(units), name=str(n)) for n, units in enumerate(bad)]
    given_back = (replace(credit("1", campaign_id=""), amount_micros=lump),)

    outcomes = run(CHECK, known(*rows, given_back=given_back))

    assert sum(int(one.figures["credited_micros"]) for one in outcomes) == lump
