from datetime import date

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from adtally.reconciliation.account_facts import AccountMonth, UnpairedLine
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.facts import CampaignMonth, Facts
from adtally.reconciliation.judge import judge
from adtally.reconciliation.verdicts import Outcome, Stake

from .cases import (
    RULES,
    billed_account,
    billed_line,
    campaign,
    document,
    facts,
    group,
    line,
    period,
    rate,
)

STRAY = UnpairedLine(invoice="google/A", line="9", description="Old name", amount_micros=80_000_000)


def paired(given_facts: Facts) -> list[Outcome]:
    return list(CHECKS["invoice-line-vs-campaign-spend"].run(given_facts, RULES))


def counted(given_facts: Facts) -> list[Outcome]:
    return list(CHECKS["billed-quantity-vs-reported"].run(given_facts, RULES))


def ran(cost: str | None, billed: str | None, name: str = "7", **fields: object) -> CampaignMonth:
    lines = {} if billed is None else {"A": billed}
    return campaign(period(None, cost=cost), name=name, billed=lines, **fields)  # type: ignore[arg-type]


def units(quantity: int, reported: int | None, unit: str = "clicks", amount: str = "100.00") -> CampaignMonth:
    column = {"conversions": "conversions_micros"}.get(unit, unit)
    counts = {} if reported is None else {column: reported}
    return campaign(
        period(None, cost=amount, **counts), lines=(billed_line(amount, quantity=quantity, unit=unit),)
    )


def test_line_and_campaign_are_told_side_by_side() -> None:
    [outcome] = paired(facts(campaigns=(ran("450.00", "500.00"),)))

    assert outcome.explanation == (
        "USD\u00a0500.00 is billed by 1 line; the campaign's own cost is USD\u00a0450.00: "
        "USD\u00a050.00 too much."
    )
    assert outcome.formula == "500.00 − 450.00"
    assert [(row.says, row.key, row.value) for row in outcome.proof] == [
        ("billed by an invoice line, paired by id", "google/A/1", "USD\u00a0500.00"),
        (
            "reported cost, by the platform's cost report",
            "google/1/7 2026-10-01..2026-10-31",
            "USD\u00a0450.00",
        ),
    ]
    assert outcome.stakes == (Stake(pool="document:google/A", micros=50_000_000, lines_of="google/1/7"),)


def test_pairing_by_name_is_less_sure_than_by_id() -> None:
    by_name = campaign(period(None, cost="450.00"), lines=(billed_line("500.00", paired_by="name"),))

    confidence = [one.confidence for one in paired(facts(campaigns=(ran("450.00", "500.00"), by_name)))]

    assert confidence == ["high", "medium"]


def test_billed_and_not_run_is_high() -> None:
    [outcome] = paired(facts(campaigns=(ran("0", "20.00"),)))

    assert (outcome.verdict, outcome.severity, outcome.at_risk_micros) == ("finding", "high", 20_000_000)
    assert outcome.explanation == (
        "USD\u00a020.00 is billed by 1 line for a campaign that cost nothing in October."
    )


def test_line_that_fits_no_campaign_is_billed_and_not_run() -> None:
    account = billed_account(unpaired=(STRAY,))

    [outcome] = paired(facts(accounts=(account,)))

    assert (outcome.subject, outcome.severity, outcome.asks) == ("google/A/9", "high", "claim")
    assert outcome.explanation == (
        "USD\u00a080.00 is billed on a line that fits no campaign of the account, by id or by name."
    )
    assert outcome.stakes == (Stake(pool="document:google/A", micros=80_000_000, lines_of="google/A/9"),)


def test_line_in_another_currency_keeps_its_own() -> None:
    bill = document("80.00", "A", line("80.00", "9"), currency="EUR")

    [outcome] = paired(facts(documents=(bill,), accounts=(billed_account(unpaired=(STRAY,)),)))

    assert outcome.currency == "EUR"


def test_run_and_not_billed_is_nothing_to_claim() -> None:
    [outcome] = paired(facts(campaigns=(ran("350.00", None),), accounts=(billed_account(),)))

    assert (outcome.verdict, outcome.severity, outcome.asks) == ("finding", "medium", "info")
    assert (outcome.diff_micros, outcome.at_risk_micros) == (-350_000_000, 0)
    assert outcome.explanation == (
        "USD\u00a0350.00 of cost in October has no line on bills that name every campaign."
    )


def test_campaign_without_a_line_is_no_news_where_it_cost_nothing() -> None:
    assert paired(facts(campaigns=(ran("0", None),), accounts=(billed_account(),))) == []


@pytest.mark.parametrize(
    ("account", "said"),
    [
        (billed_account(has_campaign_lines=False), "Not checked: the account's bills name no campaigns."),
        (billed_account(billed_days=17), "Not checked: the account's bills cover 17 of 31 days."),
    ],
)
def test_bills_without_lines_for_every_campaign_are_not_checkable_once(
    account: AccountMonth, said: str
) -> None:
    outcomes = paired(facts(campaigns=(ran("350.00", None),), accounts=(account,)))

    assert [(one.subject, one.verdict, one.explanation) for one in outcomes] == [
        ("google/1", "not_checkable", said)
    ]


def test_account_without_bills_has_no_lines_to_judge() -> None:
    unbilled = billed_account(documents=(), billed_days=0, has_campaign_lines=False)

    assert paired(facts(accounts=(unbilled,))) == counted(facts(accounts=(unbilled,))) == []


def test_missing_input_of_a_pair_is_not_checkable() -> None:
    given_facts = facts(
        campaigns=(ran(None, "20.00", "cost"), ran("20.00", "20.00", "days", missing_days=1)),
        accounts=(billed_account(unpaired=(STRAY,), coverage=Coverage(missing_days=1)),),
    )

    assert [(one.subject, one.verdict) for one in paired(given_facts)] == [
        ("google/1/cost", "not_checkable"),
        ("google/1/days", "not_checkable"),
        ("google/A/9", "not_checkable"),
    ]


def test_cost_that_may_change_is_pending() -> None:
    later = ran("450.00", "500.00", pending_until={"cost": date(2026, 11, 30)})

    [outcome] = paired(facts(campaigns=(later,)))

    assert (outcome.verdict, outcome.stakes) == ("pending", ())


def test_line_above_cost_is_counted_under_the_total_above_delivery() -> None:
    bill = document("800.00", "A", line("500.00", "1"), line("300.00", "2"))
    crossed = (ran("450.00", "500.00", "1"), ran("300.00", "300.00", "2"))

    outcomes = judge(facts(campaigns=crossed, documents=(bill,), groups=(group("750.00", bill),)), RULES)

    owned = {one.check_id: one.at_risk_micros for one in outcomes if one.stakes}
    assert owned == {"invoice-total-vs-delivered": 50_000_000, "invoice-line-vs-campaign-spend": 0}


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(1, 10**9))
def test_micros_moved_from_one_line_to_the_other_show_on_both(one: int, other: int, moved: int) -> None:
    def pair(shift: int) -> tuple[CampaignMonth, ...]:
        return tuple(
            replace(
                campaign(period(None, cost="0"), name=name),
                counts=replace(campaign(period(None, cost="0")).counts, cost_micros=cost),
                lines=(replace(billed_line("0"), amount_micros=amount),),
            )
            for name, cost, amount in (("1", one, one + shift), ("2", other, other - shift))
        )

    even, shifted = paired(facts(campaigns=pair(0))), paired(facts(campaigns=pair(moved)))

    assert [row.verdict for row in even] == ["match", "match"]
    assert [row.diff_micros for row in shifted] == [moved, -moved]
    assert {"match"} != {row.verdict for row in shifted}


def test_units_too_many_are_told_with_their_money() -> None:
    [outcome] = counted(facts(campaigns=(units(10_400, 10_350, amount="4160.00"),)))

    assert outcome.explanation == (
        "10,400 clicks are billed, 10,350 clicks are reported: 50 clicks too many, USD\u00a020.00."
    )
    assert outcome.formula == "4,160.00 × (10,400 clicks − 10,350 clicks) / 10,400 clicks"
    assert [(row.says, row.value) for row in outcome.proof] == [
        ("billed by an invoice line for 10,400 clicks, paired by id", "USD\u00a04,160.00"),
        ("reported cost, by the platform's cost report", "USD\u00a04,160.00"),
        ("clicks by the platform's own count", "10,350"),
    ]


@pytest.mark.parametrize(
    ("billed", "verdict"),
    [
        (10_000, "match"),
        (10_010, "within_tolerance"),
        (10_011, "finding"),
        (9_990, "within_tolerance"),
        (9_989, "finding"),
    ],
)
def test_one_unit_in_a_thousand_is_tolerated_on_both_sides(billed: int, verdict: str) -> None:
    [outcome] = counted(facts(campaigns=(units(billed, 10_000),)))

    assert outcome.verdict == verdict


def test_units_too_few_are_nothing_to_claim() -> None:
    [outcome] = counted(facts(campaigns=(units(50, 100),)))

    assert (outcome.direction, outcome.asks, outcome.at_risk_micros) == ("under", "info", 0)


def test_conversions_are_compared_to_the_fraction() -> None:
    [outcome] = counted(facts(campaigns=(units(42, 41_500_000, "conversions", "420.00"),)))

    assert (outcome.verdict, outcome.at_risk_micros) == ("finding", 5_000_000)
    assert outcome.explanation == (
        "42 conversions are billed, 41.5 conversions are reported: 0.5 conversions too many, USD\u00a05.00."
    )


def test_units_of_different_kinds_are_never_added() -> None:
    both = campaign(
        period(None, cost="30.00", clicks=100, impressions=9_000),
        lines=(
            billed_line("10.00", quantity=60, unit="clicks"),
            billed_line("10.00", quantity=40, unit="clicks"),
            billed_line("10.00", quantity=10_000, unit="impressions"),
        ),
    )

    assert [(one.subject, one.verdict) for one in counted(facts(campaigns=(both,)))] == [
        ("google/1/7/clicks", "match"),
        ("google/1/7/impressions", "finding"),
    ]


def test_free_units_too_many_are_no_money() -> None:
    [outcome] = counted(facts(campaigns=(units(200, 100, amount="0"),)))

    assert (outcome.verdict, outcome.severity, outcome.asks) == ("finding", "medium", "info")
    assert (outcome.stakes, outcome.next_step) == ((), "Nothing to claim: no money was billed for it.")


def test_missing_input_of_a_quantity_is_not_checkable() -> None:
    without = campaign(period(None, cost="10.00", clicks=5), name="none", billed={"A": "10.00"})
    rows = (without, units(5, None), units(5, 5, "billable_units"))

    outcomes = counted(facts(campaigns=rows, accounts=(billed_account(has_campaign_lines=False),)))

    assert [(one.subject, one.verdict) for one in outcomes] == [
        ("google/1/none", "not_checkable"),
        ("google/1/7", "not_checkable"),
        ("google/1/7", "not_checkable"),
        ("google/1", "not_checkable"),
    ]
    assert all(one.next_step for one in outcomes)


def test_too_many_units_are_not_claimed_again_by_the_rate() -> None:
    ran_at_a_rate = campaign(
        period(rate("cpc", "0.50"), cost="100.00", clicks=150),
        lines=(billed_line("100.00", quantity=200, unit="clicks"),),
    )

    outcomes = judge(facts(campaigns=(ran_at_a_rate,)), RULES)

    owned = {one.check_id: one.at_risk_micros for one in outcomes if one.stakes}
    assert owned == {"billed-quantity-vs-reported": 25_000_000, "expected-charge-vs-billed": 0}
