"""The check of claimed purchases against paid orders."""

from __future__ import annotations

from collections.abc import Iterator

from ..facts import Facts
from ..rules import Rules
from ..verdicts import Outcome
from .actions import action_of, paid_by
from .campaigns import blocked, currency_by_document
from .declaration import check
from .outcomes import not_checkable, of_campaign
from .refused import Asked, asked_of

PURCHASES = Asked("sale", "purchase", "your shop", "are orders that stand", 100_000)


@check(
    question="Do claimed purchases match paid orders that are neither tests nor cancelled?",
    formula="billed − rate × matched orders; without ids: claims − orders of the campaign",
    grain="campaign and month",
    reads=("evidence", "delivery", "invoice_lines.amount_micros", "agreements.validation_days"),
    waits_for=("conversions",),
    tolerance="0 with ids, 10% of the claims without",
    severity="high, medium where no agreement says the price",
)
def purchases_vs_orders(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Where the biller's list of order ids is known, each is looked up; else they are counted by campaign.

    One source counts: the shop's orders, else payments, else a tag's purchases; they are never added. What
    was sent back later counts here: see refund-clawback. A platform may date a purchase by its click, a shop
    by its order. Results that a platform models have no id, and no list refutes them.
    """
    currencies = currency_by_document(facts)
    for campaign in facts.campaigns:
        action = action_of(campaign, facts.sales.campaigns.get(campaign.subject))
        if action == "sale":
            yield asked_of(facts, campaign, currencies, PURCHASES)
        elif action is None and paid_by(campaign) == "cpa":
            yield (
                blocked(campaign, currencies)
                or not_checkable(
                    of_campaign(campaign),
                    "Not checked: actions may be leads or purchases, and both are known of this campaign.",
                    "Import the biller's list of ids, or delivery with `leads` or `purchases` as a file.",
                )
            )
