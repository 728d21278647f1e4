"""Leads, orders, claims and refunds as facts: every verdict, every trap, and what always holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from adtally.calendar import DAY, Window
from adtally.money import to_micros
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.evidence_facts import EvidenceSource
from adtally.reconciliation.facts import CampaignMonth, Clauses, Facts, Rate
from adtally.reconciliation.sales_facts import Action, CampaignSales, Kept, Listed, Returned, Sales, Shop
from adtally.reconciliation.verdicts import Outcome
from adtally.records import Model

from .cases import OCTOBER, RULES, TODAY, campaign, document, facts, period, rate

HERE = ("shop", "own")
SOLD_ON = date(2026, 10, 9)


def agreed(model: Model, price: str | None = None, **clauses: object) -> Rate:
    return replace(rate(model, price), clauses=Clauses(**clauses))  # type: ignore[arg-type]


def share(ppm: int, **clauses: object) -> Rate:
    return replace(agreed("cps", None, **clauses), share_ppm=ppm)


def listed(action: Action, is_answered: bool = True, **by_class: int) -> Listed:
    named = {name.replace("_", " "): count for name, count in by_class.items()}
    return Listed(action=action, claims=sum(named.values()), by_class=named, is_answered=is_answered)


def kept(
    kind: str = "order", *, value: str | None = None, evidence_class: str = "E3", **by_class: int
) -> Kept:
    return Kept(
        connector=HERE[0],
        account_id=HERE[1],
        source_id="own",
        kind=kind,
        evidence_class=evidence_class,
        by_class={name.replace("_", " "): count for name, count in by_class.items()},
        value_micros=None if value is None else to_micros(value),
    )


def came_back(through: str, *, before: str = "0", value: str | None = "100.00", **fields: object) -> Returned:
    values: dict[str, object] = {
        "currency": "USD",
        "kind": "order",
        "sale": "o1",
        "sold_on": SOLD_ON,
        **fields,
    }
    return Returned(
        connector=HERE[0],
        account_id=HERE[1],
        value_micros=None if value is None else to_micros(value),
        before_micros=to_micros(before),
        through_micros=to_micros(through),
        **values,  # type: ignore[arg-type]
    )


def told(
    one: CampaignMonth,
    *what: Listed | Kept | Returned,
    coverage: Coverage | None = None,
    shops: tuple[Shop, ...] = (),
    others: Mapping[CampaignMonth, CampaignSales] | None = None,
    today: date = TODAY,
    sales: Sales | None = None,
    **fields: object,
) -> Facts:
    """The facts of one campaign and what the only source knows of it."""
    own = CampaignSales(
        campaign=one.subject,
        listed=tuple(part for part in what if isinstance(part, Listed)),
        kept=tuple(part for part in what if isinstance(part, Kept)),
        returned=tuple(part for part in what if isinstance(part, Returned)),
        **fields,  # type: ignore[arg-type]
    )
    known = sales or Sales(
        campaigns={one.subject: own},
        shops=shops,
        searched={"lead": (HERE,), "sale": (HERE,)},
        refunding=frozenset({HERE}),
    )
    source = EvidenceSource(connector=HERE[0], account_id=HERE[1], coverage=coverage or Coverage())
    return replace(facts(campaigns=(one,), today=today), sales=known, sources=(source,))


def judged(check: str, found: Facts) -> Outcome:
    [outcome] = CHECKS[check].run(found, RULES)
    return outcome


def of_leads(leads: int | None = 60, cost: str = "1080.00", terms: Rate | None = None) -> CampaignMonth:
    counts = {} if leads is None else {"leads": leads}
    return campaign(period(terms or agreed("cpl", "18.00"), cost=cost, **counts))


def test_only_a_bill_says_what_it_cost() -> None:
    one = campaign(period(agreed("cpl", "18.00"), leads=60), billed={"A": "1080.00"})

    assert judged("leads-vs-crm", told(one, C49)).diff_micros == 342_000_000


def of_sales(
    sales: int = 40, cost: str = "480.00", terms: Rate | None = None, **counts: int
) -> CampaignMonth:
    return campaign(
        period(terms or agreed("cpa", "12.00"), cost=cost, conversions_micros=sales * 10**6, **counts)
    )


C49 = listed("lead", accepted=41, duplicate=9, invalid=6, not_found=4)
C30 = listed("sale", accepted=33, cancelled=4, test=2, not_found=1)


def test_c49_leads() -> None:
    outcome = judged("leads-vs-crm", told(of_leads(), C49))

    assert (outcome.verdict, outcome.direction, outcome.severity) == ("finding", "over", "high")
    assert (outcome.expected_micros, outcome.diff_micros) == (738_000_000, 342_000_000)
    assert outcome.formula == "1,080.00 − 18.00 × 41 leads"
    assert outcome.tolerance_micros == 0


def test_c30_purchases() -> None:
    outcome = judged("purchases-vs-orders", told(of_sales(), C30))

    assert (outcome.verdict, outcome.direction, outcome.severity) == ("finding", "over", "high")
    assert (outcome.expected_micros, outcome.diff_micros) == (396_000_000, 84_000_000)
    assert outcome.explanation == (
        "33 of 40 billed purchases are orders that stand (4 cancelled, 2 test, 1 not found): "
        "USD\u00a084.00 too much."
    )


def test_c31_refunds() -> None:
    one = campaign(period(share(80_000, validation_days=30), cost="160.00", revenue_micros=2_000_000_000))

    outcome = judged("refund-clawback", told(one, kept(accepted=8), came_back("350.00", value="400.00")))

    assert (outcome.verdict, outcome.direction, outcome.severity) == ("finding", "over", "high")
    assert (outcome.expected_micros, outcome.diff_micros) == (132_000_000, 28_000_000)


def test_c29_claims() -> None:
    found = claimed({"a": 90, "b": 70, "c": 25}, orders=120)

    outcome = judged("order-claimed-by-several", found)

    assert (outcome.verdict, outcome.severity, outcome.asks, outcome.stakes) == (
        "finding",
        "info",
        "info",
        (),
    )
    assert (outcome.figures["duplicates"], outcome.figures["share_ppm"]) == (65, 541_666)


def claimed(
    claims: Mapping[str, int | None], *, orders: int, model: Model = "cpc", twice: int = 0, **shop: object
) -> Facts:
    """Ad accounts by what each claims; all are paid by ``model``."""
    campaigns = [
        replace(campaign(period(agreed(model, "5.00"), cost="1000.00", clicks=9), name=name), account_id=name)
        for name in claims
    ]
    values: dict[str, object] = {
        "campaigns": tuple(one.subject for one in campaigns),
        "claimed_twice": twice,
        "currency": "USD",
        **shop,
    }
    own = Shop(connector=HERE[0], platform="shop", account_id=HERE[1], kind="order", orders=orders, **values)  # type: ignore[arg-type]
    by_subject = {
        one.subject: CampaignSales(campaign=one.subject, claims_micros=None if n is None else n * 10**6)
        for one, n in zip(campaigns, claims.values(), strict=True)
    }
    source = EvidenceSource(connector=HERE[0], account_id=HERE[1])
    return replace(
        facts(campaigns=tuple(campaigns)), sales=Sales(campaigns=by_subject, shops=(own,)), sources=(source,)
    )


def test_claims_paid_per_action_are_high_at_the_cheapest_price() -> None:
    outcome = judged("order-claimed-by-several", claimed({"a": 90, "b": 50}, orders=120, model="cpa"))

    assert (outcome.severity, outcome.asks, outcome.at_risk_micros) == ("high", "claim", 100_000_000)
    assert outcome.formula == "(140 − 120) × 5"
    assert outcome.explanation == (
        "2 ad accounts claim 140 of 120 orders: at least 20 more than once: USD\u00a0100.00 paid twice."
    )
    [stake] = outcome.stakes
    assert (stake.pool, stake.also) == ("campaign:google/a/a/2026-10", ("campaign:google/b/b/2026-10",))


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (claimed({"a": 60, "b": 60}, orders=120), "clear"),
        (claimed({"a": 500, "b": 0}, orders=120), "clear"),  # one that counts twice itself
        (claimed({"a": 500, "b": 1}, orders=120), "finding"),
        (claimed({"a": 60, "b": 60}, orders=120, twice=3), "finding"),
        (claimed({"a": 90, "b": None}, orders=80), "not_checkable"),
        (replace(claimed({"a": 90, "b": 90}, orders=80), sources=()), "not_checkable"),
    ],
)
def test_claims_are_only_told_where_they_are_proven(found: Facts, verdict: str) -> None:
    assert judged("order-claimed-by-several", found).verdict == verdict


def test_one_account_alone_claims_nothing_with_another() -> None:
    assert list(CHECKS["order-claimed-by-several"].run(claimed({"a": 500}, orders=120), RULES)) == []


@pytest.mark.parametrize(
    ("one", "what", "verdict", "diff"),
    [
        (of_leads(), listed("lead", accepted=60), "clear", None),
        (of_leads(), listed("lead", accepted=50, undecided=10), "clear", None),  # the deadline has passed
        (of_leads(cost="738.00"), C49, "clear", None),  # the bill leaves them out
        (of_leads(cost="738.01"), C49, "finding", 10_000),
        (of_leads(None), C49, "finding", 342_000_000),
        (of_leads(70, "1260.00"), C49, "finding", 342_000_000),  # ten without an id are not refuted
        (of_leads(50, "900.00"), C49, "finding", 162_000_000),
        (of_leads(0, "0"), C49, "clear", None),
        (of_leads(), kept("lead", accepted=57), "within_tolerance", 54_000_000),
        (of_leads(), kept("lead", accepted=56), "finding", 72_000_000),
        (of_leads(), kept("lead", accepted=99), "clear", None),
        (of_leads(), kept("lead", accepted=9, evidence_class="E2"), "finding", 918_000_000),
        (of_leads(None), kept("lead", accepted=56), "not_checkable", None),
        (of_leads(), replace(kept("lead", accepted=9), is_lower_bound=True), "not_checkable", None),
        (of_leads(), replace(kept("lead", accepted=60), is_lower_bound=True), "clear", None),
        (of_leads(), kept("order", accepted=9), "not_checkable", None),
        (of_leads(), listed("lead", is_answered=False, not_found=60), "not_checkable", None),
    ],
)
def test_verdicts_about_leads(
    one: CampaignMonth, what: Listed | Kept, verdict: str, diff: int | None
) -> None:
    outcome = judged("leads-vs-crm", told(one, what))

    assert outcome.verdict == verdict
    if diff is not None:
        assert outcome.diff_micros == diff


def test_average_price_and_medium_where_nothing_is_agreed() -> None:
    outcome = judged("leads-vs-crm", told(of_leads(terms=rate("cpl", kind="auto")), C49))

    assert (outcome.severity, outcome.diff_micros) == ("medium", 342_000_000)
    assert "average_price" in outcome.flags


def test_assumed_terms_are_at_most_medium() -> None:
    outcome = judged("leads-vs-crm", told(of_leads(terms=replace(agreed("cpl", "18.00"), assumed=True)), C49))

    assert outcome.severity == "medium"


def test_named_counter_is_the_source_that_counts() -> None:
    crm, tag = kept("lead", accepted=41), replace(kept("lead", accepted=60), connector="other")
    one = of_leads(terms=agreed("cpl", "18.00", counted_by=HERE[0]))

    assert judged("leads-vs-crm", told(one, crm, tag)).diff_micros == 342_000_000


@pytest.mark.parametrize("what", [C49, kept("lead", accepted=41)])
def test_source_that_is_not_final_or_not_fetched(what: Listed | Kept) -> None:
    soon = Coverage(pending_until={"conversions": date(2026, 11, 30)})

    waiting = judged("leads-vs-crm", told(of_leads(), what, coverage=soon))

    assert (waiting.verdict, waiting.next_step, waiting.stakes) == ("pending", "Wait until 30 Nov.", ())
    missing = judged("leads-vs-crm", told(of_leads(), what, coverage=Coverage(missing_days=2)))
    assert missing.explanation == "Not checked: 2 days of your CRM were not fetched."


def test_bill_in_another_currency_and_changing_prices_are_not_judged() -> None:
    half = Window(OCTOBER.first_day, SOLD_ON), Window(SOLD_ON + DAY, OCTOBER.last_day)
    mixed = campaign(
        period(agreed("cpl", "18.00"), half[0], cost="9", leads=1),
        period(agreed("cpl", "19.00"), half[1], cost="9", leads=1),
    )
    billed = campaign(period(agreed("cpl", "18.00"), cost="1080.00", leads=60), billed={"A": "1000.00"})
    in_eur = replace(told(billed, C49), documents=(document("1000.00", "A", currency="EUR"),))

    assert judged("leads-vs-crm", told(mixed, C49)).explanation.startswith("Not checked: mixed terms")
    assert "billed in EUR" in judged("leads-vs-crm", in_eur).explanation


@pytest.mark.parametrize(("days", "verdict"), [(44, "finding"), (45, "pending")])
def test_what_may_still_be_accepted_is_waited_for(days: int, verdict: str) -> None:
    late = replace(C49, last_open=SOLD_ON)
    one = of_leads(terms=agreed("cpl", "18.00", validation_days=days))

    assert judged("leads-vs-crm", told(one, late)).verdict == verdict


@pytest.mark.parametrize(
    ("what", "counts", "asked"),
    [
        ((), {}, "purchases-vs-orders"),
        ((kept("order", accepted=40),), {}, "purchases-vs-orders"),
        ((kept("lead", accepted=40),), {}, "leads-vs-crm"),
        ((C49, kept("order", accepted=40)), {}, "leads-vs-crm"),
        ((kept("lead", accepted=40), kept("order", accepted=4)), {"leads": 40}, "leads-vs-crm"),
        ((kept("lead", accepted=40), kept("order", accepted=4)), {"purchases": 40}, "purchases-vs-orders"),
        ((kept("lead", accepted=40), kept("order", accepted=4)), {}, "purchases-vs-orders"),
    ],
)
def test_what_an_action_is(what: tuple[Kept | Listed, ...], counts: dict[str, int], asked: str) -> None:
    one = of_sales()
    found = told(replace(one, counts=replace(one.counts, **counts)), *what)

    asking = {
        check for check in ("leads-vs-crm", "purchases-vs-orders") if list(CHECKS[check].run(found, RULES))
    }
    assert asking == {asked}


def test_action_that_may_be_either_is_not_judged() -> None:
    found = told(of_sales(), kept("lead", accepted=40), kept("order", accepted=4))

    assert "actions may be leads or purchases" in judged("purchases-vs-orders", found).explanation


@pytest.mark.parametrize("model", ["cpc", "cpm", "cpi", "flat"])
@pytest.mark.parametrize("check", ["leads-vs-crm", "purchases-vs-orders", "refund-clawback"])
def test_campaign_that_is_paid_otherwise_is_left_alone(model: Model, check: str) -> None:
    one = campaign(period(agreed(model, "5"), cost="40.00", clicks=9, impressions=9, installs=9))

    assert list(CHECKS[check].run(told(one, C49, C30), RULES)) == []


def test_orders_without_a_list_may_be_a_tenth_fewer() -> None:
    assert judged("purchases-vs-orders", told(of_sales(), kept(accepted=36))).verdict == "within_tolerance"
    over = judged("purchases-vs-orders", told(of_sales(), kept(accepted=35, cancelled=5)))
    assert (over.verdict, over.diff_micros) == ("finding", 60_000_000)


def test_refund_of_one_sale_may_come_in_parts_and_the_last_one_counts() -> None:
    one = of_sales(10, "120.00", agreed("cpa", "12.00", validation_days=30))
    parts = [came_back("100.00", before="60.00"), came_back("99.99"), came_back("100.00", before="100.00")]

    outcome = judged("refund-clawback", told(one, kept(accepted=10), *parts))

    assert (outcome.figures["returned_micros"], outcome.diff_micros) == (1_000_000, 12_000_000)


@pytest.mark.parametrize(
    ("what", "fields", "verdict"),
    [
        ((kept(accepted=10),), {}, "clear"),
        ((kept(accepted=10),), {"too_late": 3}, "clear"),
        ((kept(accepted=12), came_back("100.00"), came_back("100.00")), {}, "clear"),  # 12 sold, 10 billed
        ((kept(accepted=10),), {"open_disputes": 1}, "pending"),
        ((kept(accepted=10), came_back("100.00")), {"open_disputes": 1}, "finding"),
        ((replace(kept(accepted=9, refunded=1), undated=1),), {}, "not_checkable"),
        ((kept("purchase", accepted=10, evidence_class="E2"),), {}, "clear"),
    ],
)
def test_verdicts_about_refunds(
    what: tuple[Kept | Returned, ...], fields: Mapping[str, object], verdict: str
) -> None:
    one = of_sales(10, "120.00", agreed("cpa", "12.00", validation_days=30))

    assert judged("refund-clawback", told(one, *what, **fields)).verdict == verdict  # type: ignore[arg-type]


def test_refunds_with_tax_or_in_another_currency() -> None:
    one = campaign(period(share(80_000, validation_days=30), cost="160.00", revenue_micros=2_000_000_000))

    gross = judged("refund-clawback", told(one, kept(accepted=8), came_back("100.00", is_gross=True)))
    foreign = judged("refund-clawback", told(one, kept(accepted=8), came_back("100.00", currency="EUR")))

    assert (gross.severity, gross.flags[-1]) == ("medium", "gross_refunds")
    assert foreign.explanation == "Not checked: refunds are in EUR, the bill is in USD."


def test_sale_by_share_without_any_source_is_not_judged_and_an_action_is_left_to_the_orders() -> None:
    by_share = campaign(period(share(80_000), cost="160.00", revenue_micros=2_000_000_000))

    assert judged("refund-clawback", told(by_share)).verdict == "not_checkable"
    assert list(CHECKS["refund-clawback"].run(told(of_sales()), RULES)) == []


def test_source_that_tells_no_refunds_is_no_pass() -> None:
    found = told(of_sales(10, "120.00", agreed("cpa", "12.00", validation_days=30)), kept(accepted=10))
    silent = replace(found, sales=replace(found.sales, refunding=frozenset()))

    assert judged("refund-clawback", silent).verdict == "not_checkable"


@pytest.mark.parametrize(("negative", "expected"), [("credit", -8_000_000), ("zero", 0), ("carry", 0)])
def test_more_came_back_than_was_sold(negative: Literal["credit", "zero", "carry"], expected: int) -> None:
    terms = share(80_000, validation_days=30, negative_months=negative)
    one = campaign(period(terms, cost="24.00", revenue_micros=300_000_000))
    back = (came_back("400.00", value="400.00"),)

    assert judged("refund-clawback", told(one, kept(accepted=3), *back)).expected_micros == expected


counts = st.integers(0, 60)
classes = st.dictionaries(
    st.sampled_from(["accepted", "undecided", "duplicate", "invalid", "test", "not found", "billed twice"]),
    counts,
)


@given(classes, st.integers(1, 90), st.integers(1, 10**9))
def test_parts_add_up_and_no_more_than_the_bill_is_at_risk(
    by_class: dict[str, int], billed: int, cost: int
) -> None:
    one = of_leads(billed)
    one = replace(one, counts=replace(one.counts, cost_micros=cost))
    own = Listed(action="lead", claims=sum(by_class.values()), by_class=by_class)

    outcome = judged("leads-vs-crm", told(one, own))

    assert outcome.verdict in ("clear", "finding")
    assert 0 <= outcome.at_risk_micros <= cost
    payable = outcome.figures["payable_leads_micros"]
    assert isinstance(payable, int)
    assert payable <= billed * 10**6
    if outcome.verdict == "finding":
        assert outcome.diff_micros == cost - payable * 18


@given(st.integers(0, 60))
def test_one_refused_lead_more_is_never_less_money(refused: int) -> None:
    def diff(bad: int) -> int:
        found = told(of_leads(), listed("lead", accepted=60 - bad, invalid=bad))
        return judged("leads-vs-crm", found).at_risk_micros

    assert diff(refused) == 18_000_000 * refused


@given(st.lists(counts, min_size=2, max_size=5), st.integers(0, 150))
def test_bound_of_duplicates_is_what_no_assignment_can_avoid(claims: list[int], orders: int) -> None:
    found = claimed({str(n): count for n, count in enumerate(claims)}, orders=orders)

    duplicates = judged("order-claimed-by-several", found).figures["duplicates"]

    assert duplicates == max(0, sum(min(count, orders) for count in claims) - orders)


money = st.integers(0, 10**9)


@given(money, money, st.integers(0, 10**6))
def test_a_micro_more_sent_back_is_never_less_to_claim(revenue: int, taken: int, ppm: int) -> None:
    def expected(micros: int) -> int:
        one = campaign(period(share(ppm, validation_days=9), cost="500.00", revenue_micros=revenue))
        back = replace(came_back("0", value=None), through_micros=micros)
        outcome = judged("refund-clawback", told(one, kept(accepted=1), back))
        return outcome.expected_micros or 0

    assert expected(taken + 1) <= expected(taken)


@given(st.sampled_from(["leads-vs-crm", "purchases-vs-orders"]), st.integers(1, 31))
def test_missing_days_are_never_a_judgement(check: str, days: int) -> None:
    one = of_leads() if check == "leads-vs-crm" else of_sales()
    what = C49 if check == "leads-vs-crm" else C30

    assert judged(check, told(one, what, coverage=Coverage(missing_days=days))).verdict == "not_checkable"
    assert (
        judged(check, told(replace(one, coverage=Coverage(missing_days=days)), what)).verdict
        == "not_checkable"
    )


def test_last_refusal_may_come_on_the_day_itself() -> None:
    one = of_leads(terms=agreed("cpl", "18.00", validation_days=10))
    open_until_today = replace(C49, last_open=TODAY - timedelta(days=10))

    assert judged("leads-vs-crm", told(one, open_until_today)).verdict == "pending"
    assert (
        judged("leads-vs-crm", told(one, replace(C49, last_open=TODAY - timedelta(days=11)))).verdict
        == "finding"
    )
