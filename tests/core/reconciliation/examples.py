"""One example for every verdict that each check can give: the table that ``test_every_verdict`` proves.

Made with the builders of the checks' own tests, where the figures of such facts are proved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from adtally.calendar import Window
from adtally.money import to_micros
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.facts import CampaignMonth, Facts, FlightDays, Gaps, Results
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.verdicts import Verdict

from . import papers
from .cases import (
    CASES,
    RATES,
    RULES,
    account,
    billed_account,
    billed_line,
    campaign,
    document,
    evidence,
    facts,
    group,
    line,
    period,
    rate,
    running,
    shown,
)
from .counted import counted, known
from .papers import PRESET, agency, chain, converted, entry, fee, fee_bill, halves, of_fees, overlap, ran
from .test_budgets import budget, credit as budget_credit, given_facts, spent
from .test_cutoff import SHIFT, billed as clocked, of as of_groups
from .test_installs import installed, measured
from .test_invalid_traffic import billed as billed_clicks, credit as service_credit, invalid
from .test_levies import TAXED
from .test_measurement import seen, shown as measured_by
from .test_paused import RAN, paused
from .test_restated import credit as given_back, fell, then
from .test_sales import C30, C49, came_back, claimed, kept, listed, of_leads, of_sales, share, told
from .test_sessions import clicked
from .test_under_delivery import found as of_order, order as guaranteed

T = TypeVar("T")
Example: TypeAlias = tuple[Facts, Rules]

LATER = date(2026, 12, 30)
WAITING = Coverage(pending_until={"cost": LATER, "clicks": LATER, "conversions": LATER})
UNFETCHED = Coverage(missing_days=2)


def rewritten(value: T, change: Callable[[Struct], Struct]) -> T:
    """The same facts with every struct in them, the innermost first, as ``change`` makes it."""
    if isinstance(value, Struct):
        parts = {name: getattr(value, name) for name in value.__struct_fields__}
        made = {name: rewritten(part, change) for name, part in parts.items()}
        whole = replace(value, **made) if made != parts else value
        return cast("T", change(whole))
    if isinstance(value, tuple):
        return cast("T", tuple(rewritten(part, change) for part in value))
    if isinstance(value, Mapping):
        return cast("T", {key: rewritten(part, change) for key, part in value.items()})
    return value


def covered(found: Facts, coverage: Coverage) -> Facts:
    """The same facts, all of whose numbers are as far known as ``coverage`` says."""
    return rewritten(found, lambda one: coverage if isinstance(one, Coverage) else one)


def moving(found: Facts, rules: Rules = RULES) -> dict[Verdict, Example]:
    """Numbers that may still move, and days that were not fetched: the verdicts of both."""
    return {
        "pending": (covered(found, WAITING), rules),
        "not_checkable": (covered(found, UNFETCHED), rules),
    }


def judged(rules: Rules = RULES, /, **by_verdict: Facts) -> dict[Verdict, Example]:
    return {cast("Verdict", verdict): (found, rules) for verdict, found in by_verdict.items()}


def of(*campaigns: CampaignMonth) -> Facts:
    return facts(campaigns=campaigns)


def priced(cost: str, kind: str = "fixed") -> Facts:
    """A thousand clicks at 1.00 each."""
    terms = rate("cpc", "1.00", kind=kind)  # type: ignore[arg-type]
    return of(campaign(period(terms, cost=cost, clicks=1_000)))


def bill(total: str) -> Facts:
    return facts(documents=(document(total, "INV-1", line("100.00")),))


def quantity(amount: str, units: int | None = 100) -> Facts:
    """So many units at 1.00 each."""
    one = line(amount, quantity=units, unit_price_micros=1_000_000)
    return facts(documents=(document(amount, "INV-1", one),))


def delivered(total: str, *more: tuple[str, str]) -> Facts:
    lines = [line("1000.00", "1"), *(line(amount, kind, kind=kind) for kind, amount in more)]
    one = document(total, "INV-1", *lines)
    return facts(documents=(one,), groups=(group("1000.00", one),))


def charged(amount: str) -> Facts:
    return facts(running=(running("1000.00", amount),))


def taxed(amount: str) -> Facts:
    """19% of 1.00 is due."""
    lines = (line("1.00", "1"), line(amount, "2", kind="tax", jurisdiction="DE", base_micros=1_000_000))
    return facts(documents=(document("1.19", "INV-1", *lines, currency="EUR"),))


def with_tax(found: Facts) -> Facts:
    [one] = found.running
    tax = replace(one.entries[0], kind="tax", amount_micros=to_micros("190.00"))
    return replace(found, running=(replace(one, entries=(*one.entries, tax)),))


def lined(amount: str) -> Facts:
    one = campaign(period(None, cost="100.00"), billed={"A": amount})
    return facts(campaigns=(one,), accounts=(billed_account("100.00"),))


def quantified(units: int) -> Facts:
    lines = (billed_line("400.00", quantity=units, unit="clicks"),)
    return of(campaign(period(None, cost="400.00", clicks=10_000), lines=lines))


def flown(cost: str) -> Facts:
    flight = FlightDays(
        window=Window(date(2026, 10, 1), date(2026, 10, 30)),
        source="agreement 1",
        outside=((date(2026, 10, 31), to_micros(cost)),),
    )
    return of(campaign(period(None, cost="100.00"), flight=flight))


def stood_still(cost: str) -> Facts:
    return of(campaign(RAN, paused=paused((11, cost))))


def results(view_through: int) -> Facts:
    split = Results(all_micros=50_000_000, view_through_micros=view_through * 10**6, attribution="default")
    one = period(rate("cpa", "10.00"), cost="500.00", conversions_micros=50_000_000)
    return of(campaign(one, results=split))


def sold(back: str | None, cost: str = "160.00") -> Facts:
    """8% of 2,000.00 of revenue, of which something came back."""
    one = campaign(period(share(80_000, validation_days=30), cost=cost, revenue_micros=2_000_000_000))
    return told(one, kept(accepted=8), *([came_back(back, value="400.00")] if back else []))


def backed(sessions: int) -> Facts:
    return of(campaign(period(rate("cpc", "0.40"), cost="40.00", clicks=100), evidence=(evidence(sessions),)))


def exchanged(total: str) -> Facts:
    return converted(
        "1000.00", document(total, "INV-1", line(total), currency="EUR"), papers.rate(9_185, 10_000)
    )


def budgeted(cost: str) -> Facts:
    return given_facts(spent(cost), budgets=[budget()])


GAPS = Gaps(
    days=(date(2026, 10, 11),),
    confirmed=True,
    neighbours=((date(2026, 10, 10), 900), (date(2026, 10, 12), 900)),
)
SEEN_AGAIN = campaign(period(None, cost="1.00"), gaps=GAPS)
OVERLAP = overlap(ran("40.00"), ran("1260.00"), *halves())
CREDITED = [entry("-120.00", "CM-1"), entry("-200.00", "CM-2")]
AUSTRIA = of_fees(fee("48.00", "800.00"))

EXAMPLES: dict[str, dict[Verdict, Example]] = {
    "invoice-duplicate": judged(
        clear=CASES["C21"].facts,
        finding=CASES["C20"].facts,
        not_checkable=facts(
            documents=tuple(replace(one, window=None) for one in CASES["C20"].facts.documents)
        ),
    ),
    "invoice-overlap": {
        **judged(finding=OVERLAP, clear=overlap(ran("40.00"), ran("1300.00"), *halves())),
        **moving(OVERLAP),
    },
    "invoice-currency-mismatch": judged(
        clear=delivered("1000.00"), finding=CASES["C34"].facts, explained=exchanged("918.50")
    ),
    "delivery-gaps": judged(
        clear=of(replace(SEEN_AGAIN, gaps=None)),
        finding=of(SEEN_AGAIN),
        pending=of(replace(SEEN_AGAIN, gaps=replace(GAPS, confirmed=False))),
        not_checkable=of(replace(SEEN_AGAIN, coverage=UNFETCHED)),
    ),
    "invoice-arithmetic": judged(
        match=bill("100.00"),
        within_tolerance=bill("100.005"),
        finding=bill("100.02"),
        not_checkable=facts(documents=(document("100.00"),)),
    ),
    "invoice-line-arithmetic": judged(
        match=quantity("100.00"),
        within_tolerance=quantity("100.005"),
        finding=quantity("100.02"),
        not_checkable=quantity("100.00", None),
    ),
    "invoice-missing": judged(
        clear=facts(accounts=(account("0"),)),
        within_tolerance=facts(accounts=(account("1.00"),)),
        finding=facts(accounts=(account("80.00"),)),
        pending=facts(accounts=(account("80.00"),), today=date(2026, 11, 9)),
        not_checkable=facts(accounts=(account("80.00", bills="not_asked"),)),
    ),
    "fx-conversion": {
        **judged(
            match=exchanged("918.50"), within_tolerance=exchanged("920.00"), finding=exchanged("990.00")
        ),
        **moving(exchanged("990.00")),
    },
    "credit-note-linkage": judged(
        clear=chain([entry("320.00", "INV-1")], CREDITED),
        finding=chain([entry("300.00", "INV-1")], CREDITED),
        not_checkable=chain([entry("300.00", "INV-1", currency="EUR")], CREDITED),
    ),
    "tax-plausibility": judged(
        TAXED,
        clear=taxed("0"),
        match=taxed("0.19"),
        within_tolerance=taxed("0.195"),
        finding=taxed("0.21"),
        not_checkable=facts(documents=(document("1.00", "INV-1", line("1.00"), currency="EUR"),)),
    ),
    "surcharge-plausibility": {
        **judged(
            PRESET,
            clear=of_fees(fee("-48.00", "0")),
            match=of_fees(fee("40.00", "800.00")),
            within_tolerance=of_fees(fee("41.00", "800.00")),
            finding=AUSTRIA,
        ),
        **moving(AUSTRIA, PRESET),
    },
    "agency-fee": {
        **judged(
            match=agency("4250.00", fee_bill("750.00")),
            within_tolerance=agency("4250.00", fee_bill("751.00")),
            finding=agency("4250.00", fee_bill("850.00")),
        ),
        **moving(agency("4250.00", fee_bill("850.00"))),
    },
    "invoice-total-vs-delivered": {
        **judged(
            match=delivered("1000.00"),
            within_tolerance=delivered("1001.00"),
            explained=delivered("1190.00", ("tax", "190.00")),
            finding=delivered("1100.00"),
        ),
        **moving(delivered("1100.00")),
    },
    "threshold-charges-vs-spend": {
        **judged(
            match=charged("1000.00"),
            within_tolerance=charged("1001.00"),
            explained=with_tax(charged("1190.00")),
            finding=charged("1100.00"),
        ),
        **moving(charged("1100.00")),
    },
    "invoice-line-vs-campaign-spend": {
        **judged(match=lined("100.00"), within_tolerance=lined("101.00"), finding=lined("110.00")),
        **moving(lined("110.00")),
    },
    "billed-quantity-vs-reported": {
        **judged(match=quantified(10_000), within_tolerance=quantified(10_010), finding=quantified(10_011)),
        **moving(quantified(10_011)),
    },
    "timezone-cutoff": {
        **judged(
            match=of_groups(
                clocked(
                    "3100.00",
                    replace(SHIFT, edges=(SHIFT.edges[0], replace(SHIFT.edges[1], micros=28_000_000))),
                )
            ),
            within_tolerance=of_groups(clocked("3108.60")),
            explained=of_groups(clocked()),
            finding=of_groups(clocked("3205.50")),
        ),
        **moving(of_groups(clocked("3205.50"))),
    },
    "restated-after-billing": {
        **judged(
            clear=of(fell(80)),
            within_tolerance=of(fell(7_399, then(7_400, rate("cpa", "0.01")), rate("cpa", "0.01"))),
            explained=of(fell(believed=then(credits=(given_back("150.00"),)))),
            finding=of(fell()),
        ),
        **moving(of(fell(believed=then(coverage=Coverage())))),
    },
    "spend-outside-flight": {
        **judged(clear=flown("0"), within_tolerance=flown("1.00"), finding=flown("1.01")),
        **moving(flown("1.01")),
    },
    "spend-while-paused": {
        **judged(clear=stood_still("0"), within_tolerance=stood_still("1.00"), finding=stood_still("1.01")),
        **moving(stood_still("1.01")),
    },
    "billed-without-billable-events": {
        **judged(clear=CASES["C04"].facts, finding=CASES["C06"].facts),
        **moving(CASES["C06"].facts),
    },
    "effective-rate-above-cap": {
        **judged(
            clear=priced("1000.00", "cap"),
            within_tolerance=priced("1005.00", "cap"),
            finding=priced("1005.01", "cap"),
        ),
        **moving(priced("1005.01", "cap")),
    },
    "expected-charge-vs-billed": {
        **judged(match=priced("1000.00"), within_tolerance=priced("1005.00"), finding=priced("1005.01")),
        **moving(priced("1005.01")),
    },
    "spend-over-budget": {
        **judged(
            clear=budgeted("1520.00"),
            explained=given_facts(
                spent("1534.00"), budgets=[budget()], documents=(budget_credit("-14.00", campaign_id="7"),)
            ),
            finding=budgeted("1520.01"),
        ),
        **moving(budgeted("1520.01")),
    },
    "under-delivery-make-good": {
        **judged(
            clear=of_order(guaranteed(1_000_000)),
            within_tolerance=of_order(guaranteed(950_000)),
            finding=of_order(guaranteed(949_999)),
        ),
        **moving(of_order(guaranteed(949_999))),
    },
    "controlling-measurement": {
        **judged(
            clear=known(measured_by(1_000_000, seen(1_000_000), kind="cap")),
            match=known(measured_by(1_000_000, seen(1_000_000))),
            within_tolerance=known(measured_by(1_000_000, seen(999_000))),
            finding=known(measured_by(1_000_000, seen(910_000))),
        ),
        **moving(known(measured_by(1_000_000, seen(910_000)))),
    },
    "impressions-without-interaction": {
        **judged(clear=of(shown(2_000, 0)), finding=of(shown(10_000, 0))),
        **moving(of(shown(10_000, 0))),
    },
    "clicks-vs-sessions": {
        **judged(clear=known(clicked(1_000, counted(785))), finding=known(clicked(1_000, counted(760)))),
        **moving(known(clicked(1_000, counted(760)))),
    },
    "installs-vs-mmp": {
        **judged(
            clear=known(installed(1_000, measured(1_200))),
            match=known(installed(1_000, measured(1_000))),
            within_tolerance=known(installed(1_000, measured(900))),
            finding=known(installed(1_000, measured(899))),
        ),
        **moving(known(installed(1_000, measured(899)))),
    },
    "leads-vs-crm": {
        **judged(
            clear=told(of_leads(), listed("lead", accepted=60)),
            within_tolerance=told(of_leads(), kept("lead", accepted=57)),
            finding=told(of_leads(), C49),
        ),
        **moving(told(of_leads(), C49)),
    },
    "purchases-vs-orders": {
        **judged(
            clear=told(of_sales(), listed("sale", accepted=40)),
            within_tolerance=told(of_sales(), kept(accepted=36)),
            finding=told(of_sales(), C30),
        ),
        **moving(told(of_sales(), C30)),
    },
    "order-claimed-by-several": {
        **judged(
            clear=claimed({"a": 60, "b": 60}, orders=120), finding=claimed({"a": 90, "b": 50}, orders=120)
        ),
        **moving(claimed({"a": 90, "b": 50}, orders=120)),
    },
    "view-through-share": {
        **judged(clear=results(0), finding=results(35)),
        **moving(results(35)),
    },
    "refund-clawback": {
        **judged(clear=sold(None), within_tolerance=sold("10.00"), finding=sold("350.00")),
        **moving(sold("350.00")),
    },
    "invalid-traffic-credit-due": {
        **judged(
            match=known(billed_clicks(5_000, invalid(150)), given_back=(service_credit("60.00"),)),
            within_tolerance=known(billed_clicks(5_000, invalid(150)), given_back=(service_credit("59.00"),)),
            clear=known(billed_clicks(5_000, invalid(150)), given_back=(service_credit("70.00"),)),
            finding=known(billed_clicks(5_000, invalid(150))),
        ),
        **moving(known(billed_clicks(5_000, invalid(150)))),
    },
    "engagement-support": {
        **judged(clear=backed(100), finding=backed(30)),
        **moving(backed(30)),
    },
    "pricing-model-counterfactual": {
        **judged(
            Rules(rates={"USD": RATES}),
            clear=of(campaign(period(None, cost="0", clicks=0))),
            finding=CASES["C38"].facts,
        ),
        **moving(CASES["C38"].facts, Rules(rates={"USD": RATES})),
    },
}
