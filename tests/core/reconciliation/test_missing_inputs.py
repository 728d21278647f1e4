"""A missing input is never a pass, and never an accusation: each check without each of its inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest
from msgspec import Struct
from msgspec.structs import replace

from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.facts import Counts, Facts
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.sales_facts import Sales
from adtally.reconciliation.verdicts import Verdict

from .examples import EXAMPLES, UNFETCHED, Example, covered, rewritten

Remove: TypeAlias = Callable[[Facts], Facts]


def emptied(**fields: object) -> Remove:
    """Without these fields, wherever the facts have them."""

    def empty(one: Struct) -> Struct:
        here = {name: value for name, value in fields.items() if name in one.__struct_fields__}
        return replace(one, **here) if here and not isinstance(one, Facts) else one

    return lambda found: rewritten(found, empty)


def without_counts(found: Facts) -> Facts:
    """Of everything that was counted only the cost is known."""
    return rewritten(
        found, lambda one: Counts(cost_micros=one.cost_micros) if isinstance(one, Counts) else one
    )


REMOVERS: dict[str, Remove] = {
    "days": lambda found: covered(found, UNFETCHED),
    "cost": emptied(cost_micros=None),
    "counts": without_counts,
    "evidence": emptied(evidence=()),
    "lines": emptied(lines=(), subtotal_micros=None),
    "prices": emptied(rate_micros=None, share_ppm=None, tiers=()),
    "exchange rates": emptied(exchange=()),
    "sources": lambda found: replace(found, sources=()),
    "sales": lambda found: replace(found, sales=Sales()),
    "usual rate": emptied(baseline=None),
    "balances": emptied(opening_micros=None, open_micros=None),
    "delivery": emptied(delivered=()),
    "hours": emptied(micros=None),
    "what was believed": emptied(billed_days=0),
    "budget": emptied(unknown="log"),
    "account": lambda found: replace(found, accounts=()),
    "view-through": emptied(results=None),
    "shared days": emptied(shared=None),
    "own bill": lambda found: replace(found, documents=()),
}
"""What may be lacking, and how to take it away."""

NEEDS: dict[str, tuple[str, ...]] = {
    "invoice-duplicate": ("own bill",),
    "invoice-overlap": ("days", "cost", "shared days"),
    "invoice-currency-mismatch": ("delivery",),
    "delivery-gaps": ("days",),
    "invoice-arithmetic": ("lines",),
    "invoice-line-arithmetic": ("lines",),
    "invoice-missing": ("days", "cost", "account"),
    "fx-conversion": ("days", "cost", "exchange rates"),
    "credit-note-linkage": (),
    "tax-plausibility": ("lines",),
    "surcharge-plausibility": ("days", "cost"),
    "agency-fee": ("days", "cost", "own bill"),
    "invoice-total-vs-delivered": ("days", "cost", "delivery"),
    "threshold-charges-vs-spend": ("days", "cost", "balances"),
    "invoice-line-vs-campaign-spend": ("days", "cost"),
    "billed-quantity-vs-reported": ("days", "counts", "lines"),
    "timezone-cutoff": ("days", "cost", "hours", "delivery"),
    "restated-after-billing": ("days", "counts", "prices", "what was believed"),
    "spend-outside-flight": ("days",),
    "spend-while-paused": ("days", "cost", "budget"),
    "billed-without-billable-events": ("days", "cost", "counts"),
    "effective-rate-above-cap": ("days", "cost", "counts", "prices"),
    "expected-charge-vs-billed": ("days", "cost", "counts", "prices"),
    "spend-over-budget": ("days", "cost", "budget"),
    "under-delivery-make-good": ("days", "counts"),
    "controlling-measurement": ("days", "cost", "evidence", "sources"),
    "impressions-without-interaction": ("days", "counts", "usual rate"),
    "clicks-vs-sessions": ("days", "cost", "counts", "evidence", "sources"),
    "installs-vs-mmp": ("days", "cost", "counts", "evidence", "sources"),
    "leads-vs-crm": ("days", "cost", "sales", "sources"),
    "purchases-vs-orders": ("days", "cost", "sales", "sources"),
    "order-claimed-by-several": ("days", "sales", "sources"),
    "view-through-share": ("days", "cost", "view-through"),
    "refund-clawback": ("days", "cost", "counts", "prices", "sales", "sources"),
    "invalid-traffic-credit-due": ("days", "cost", "counts", "evidence", "sources", "account"),
    "engagement-support": ("days", "cost", "counts", "evidence"),
    "pricing-model-counterfactual": ("days", "counts"),
}
"""What each check cannot do without; a chain of credits is there as a whole, or it is not."""

PAID_BACK = ("surcharge-plausibility", "clear")
"""Fees that are paid back are fine, whatever was spent."""

PAIRS = [(check, missing) for check, inputs in NEEDS.items() for missing in inputs]


def verdicts(check: str, found: Facts, rules: Rules) -> set[Verdict]:
    return {outcome.verdict for outcome in CHECKS[check].run(found, rules)}


def decided(check: str) -> dict[Verdict, Example]:
    return {
        verdict: example
        for verdict, example in EXAMPLES[check].items()
        if verdict not in ("pending", "not_checkable") and (check, verdict) != PAID_BACK
    }


def test_every_check_says_what_it_needs() -> None:
    assert list(NEEDS) == list(CHECKS)


@pytest.mark.parametrize(("check", "missing"), PAIRS)
def test_missing_input_is_neither_a_pass_nor_an_accusation(check: str, missing: str) -> None:
    for verdict, (found, rules) in decided(check).items():
        lacking = REMOVERS[missing](found)
        if lacking != found:
            left = verdicts(check, lacking, rules)

            assert (verdict, left - {"not_checkable"}) == (verdict, set())


@pytest.mark.parametrize("missing", REMOVERS)
def test_every_way_to_lack_something_is_tried_on_facts_that_have_it(missing: str) -> None:
    tried = [
        check
        for check, inputs in NEEDS.items()
        if missing in inputs
        for found, _ in decided(check).values()
        if REMOVERS[missing](found) != found
    ]

    assert tried
    assert {check for check, inputs in NEEDS.items() if missing in inputs} == set(tried)
