"""The check of billed results that nobody clicked for."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...money import MICROS, money_text, rounded
from ..backing import model_of
from ..facts import CampaignMonth, Facts, Results
from ..pricing import BASES, share_ppm
from ..rules import Rules
from ..verdicts import Outcome, Proof
from .campaigns import active, blocked, currency_by_document, final_from, one_rate, opened, stakes
from .declaration import check
from .outcomes import as_pending, not_checkable, weighed
from .sentences import decimal_text, price_text, sentence, share_text


@check(
    question="How much of the billed result was never an action?",
    formula="share = view-through / all results; at risk = R(rate × view-through, 1e6) if click-only",
    grain="campaign and month",
    reads=("interactions", "terms.model", "agreements.click_only"),
    waits_for=("conversions",),
    tolerance="0",
    severity="high where the agreement pays for clicked results only, else info",
)
def view_through_share(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Only where results are paid for. View-through results are of people who saw the ad and did nothing.

    Where no fixed rate of a result is known, they are taken at the average price of a result.
    """
    currencies = currency_by_document(facts)
    for campaign in facts.campaigns:
        model = model_of(campaign)
        if model in BASES and BASES[model].group == "conversions":
            yield blocked(campaign, currencies) or _share(campaign)


def _share(campaign: CampaignMonth) -> Outcome:
    periods, results = active(campaign), campaign.results
    blank = opened(campaign, periods)
    if results is None:
        return not_checkable(
            blank,
            "Not checked: the platform does not tell clicked results from view-through ones.",
            "Sync or import interactions with their attribution.",
        )
    seen, whole = results.view_through_micros, results.all_micros
    until = final_from(campaign, periods)
    if seen <= 0:
        clear = replace(blank, verdict="clear", explanation="Every billed result followed a click.")
        return as_pending(clear, until)
    share = share_ppm(seen, whole) or 0
    told = f"{decimal_text(seen)} of {decimal_text(whole)} results ({share_text(share)}) followed no click"
    outcome = replace(
        blank,
        verdict="finding",
        billed_micros=campaign.billed_micros,
        formula=f"{decimal_text(seen)} / {decimal_text(whole)}",
        explanation=sentence(f"{told}."),
        next_step="Compare with results after a click before the next order.",
        proof=tuple(_proof(campaign, results)),
        figures={"view_through_micros": seen, "all_micros": whole, "share_ppm": share},
    )
    return as_pending(_claimed(campaign, outcome, results) if results.click_only else outcome, until)


def _claimed(campaign: CampaignMonth, outcome: Outcome, results: Results) -> Outcome:
    """The finding with the money of the results that the agreement does not pay for."""
    currency, billed = campaign.currency, campaign.billed_micros or 0
    seen, one = results.view_through_micros, one_rate(active(campaign))
    price = one[0].rate_micros if one and one[0].kind == "fixed" else None
    if price is None:
        money = rounded(billed * seen, results.all_micros) if results.all_micros else 0
        formula = (
            f"{price_text(billed, currency)} × {decimal_text(seen)} / {decimal_text(results.all_micros)}"
        )
    else:
        money = rounded(price * seen, MICROS)
        formula = f"{price_text(price, currency)} × {decimal_text(seen)} view-through results"
    money = max(0, min(money, billed))
    parts = f"{decimal_text(seen)} of {decimal_text(results.all_micros)}"
    too_much = money_text(money, currency)
    outcome = replace(
        outcome,
        direction="over",
        expected_micros=billed - money,
        diff_micros=money,
        tolerance_micros=0,
        residual_micros=money,
        formula=formula,
        explanation=sentence(
            f"{parts} results followed no click, and only clicked ones are agreed: {too_much} too much."
        ),
    )
    return weighed(outcome, "high", stakes(campaign, money))


def _proof(campaign: CampaignMonth, results: Results) -> Iterator[Proof]:
    counts = {"results": results.all_micros, "of them view-through": results.view_through_micros}
    for says, micros in counts.items():
        yield Proof(
            says=f"{says}, attribution {results.attribution or 'not named'}",
            table="interactions",
            key=f"{campaign.subject} {campaign.month}",
            value=decimal_text(micros),
            as_of=campaign.coverage.as_of,
        )
