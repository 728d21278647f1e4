"""The check of billed leads against the advertiser's own list of leads."""

from __future__ import annotations

from collections.abc import Iterator

from ..facts import Facts
from ..rules import Rules
from ..verdicts import Outcome
from .actions import action_of
from .campaigns import currency_by_document
from .declaration import check
from .refused import Asked, asked_of

LEADS = Asked("lead", "lead", "your CRM", "were accepted", 50_000)


@check(
    question="Do billed leads exist and pass the acceptance rule?",
    formula="billed − rate × accepted leads",
    grain="campaign and month",
    reads=("evidence", "delivery.leads", "invoice_lines.amount_micros", "agreements.validation_days"),
    waits_for=("conversions",),
    tolerance="0 with ids, 5% of the billed leads without",
    severity="high, medium where no agreement says the price",
)
def leads_vs_crm(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Where the biller's list of lead ids is known, each is looked up; else leads are counted by campaign.

    A lead that nobody refused until ``validation_days`` after its day is accepted. Duplicates, invalid ones,
    those out of the area, tests and ids that nobody knows are not paid for, nor what the list has twice. The
    proof shows hashed ids. Where no fixed price is known, leads are taken at the average price.
    """
    currencies = currency_by_document(facts)
    for campaign in facts.campaigns:
        if action_of(campaign, facts.sales.campaigns.get(campaign.subject)) == "lead":
            yield asked_of(facts, campaign, currencies, LEADS)
