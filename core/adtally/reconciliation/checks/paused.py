"""The check of cost on days on which a campaign was paused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from ...calendar import instant_text
from ...money import money_text
from ..facts import CampaignMonth, Facts
from ..order_facts import PausedDays
from ..rules import Rules
from ..verdicts import Outcome, Proof, Stake
from .bill import SHOWN
from .campaigns import unfetched
from .declaration import check
from .outcomes import as_pending, campaign_pool, compared, not_checkable, of_campaign, weighed
from .sentences import days_text, plural, price_text, sentence, sum_text

LISTED = 12
"""Days whose amounts a formula still spells out."""
UNKNOWN = {
    "log": (
        "Not checked: the platform's log of changes was not fetched for every day of the month.",
        "Sync at least once a week: platforms keep their logs only for a while.",
    ),
    "value": (
        "Not checked: the campaign may not run today, and no log tells since when.",
        "Look up in the platform since when the campaign is paused or ended.",
    ),
}
"""Why nobody knows on which days the campaign was paused, and what to do."""


@check(
    question="Was anything billed on days paused from midnight to midnight?",
    formula="sum of the cost of days on which campaign or account was paused from midnight to midnight",
    grain="campaign and month",
    reads=("delivery.cost_micros", "changes", "campaigns.status"),
    waits_for=("cost",),
    tolerance="money_match on zero",
    severity="high",
    beside=frozenset({"spend-outside-flight"}),
)
def spend_while_paused(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """By the log of changes, in the account's time zone: today's status is not that day's.

    Only accounts whose platform keeps a log are judged. A campaign without any change is clear if it may run
    today. Late clicks on ads shown before come to little: 100 minor units are tolerated. Days outside the
    flight belong to spend-outside-flight.
    """
    for campaign in facts.campaigns:
        if campaign.paused is not None:
            yield unfetched(campaign) or _paused(campaign, campaign.paused, rules)


def _paused(campaign: CampaignMonth, paused: PausedDays, rules: Rules) -> Outcome:
    blank, currency = of_campaign(campaign), campaign.currency
    if paused.unknown:
        return not_checkable(blank, *UNKNOWN[paused.unknown])
    if campaign.counts.cost_micros is None:
        return not_checkable(
            blank,
            "Not checked: the platform does not report the cost of every day.",
            "Import the delivery with its cost as a file.",
        )
    outside = campaign.flight.outside if campaign.flight else ()
    days = [(day, micros) for day, micros in paused.costs if (day, micros) not in outside]
    cost, until = sum(micros for _, micros in days), campaign.coverage.pending_until.get("cost")
    flags = () if campaign.lines else ("cost_report",)
    blank = replace(blank, flags=flags, confidence="high", figures={"paused_days": len(paused.days)})
    if cost <= 0:
        said = "Nothing was spent on days paused from midnight to midnight."
        told = said if paused.days else "The campaign was not paused for a whole day."
        return as_pending(replace(blank, verdict="clear", explanation=told), until)
    outcome = compared(blank, billed=cost, expected=0, tolerance=rules.money_match.micros(0, currency))
    if outcome.verdict == "finding":
        told = days_text([day for day, _ in days])
        outcome = replace(
            outcome,
            explanation=sentence(
                f"{money_text(cost, currency)} was spent on {told}, paused from midnight to midnight."
            ),
        )
    outcome = replace(
        outcome,
        formula=sum_text((micros for _, micros in days), currency)
        if len(days) <= LISTED
        else price_text(cost, currency),
        proof=tuple(_proof(campaign, paused, [day for day in days if day[1]])),
        figures={"paused_days": len(paused.days), "days": len(days)},
    )
    charged = min(cost, campaign.billed_micros or 0) if campaign.lines else cost
    return as_pending(weighed(outcome, "high", [Stake(pool=campaign_pool(campaign), micros=charged)]), until)


def _proof(campaign: CampaignMonth, paused: PausedDays, days: list[tuple[date, int]]) -> Iterator[Proof]:
    for at, old, new in paused.changes[-SHOWN:]:
        yield Proof(
            says=f"status changed from {old or 'unknown'} to {new or 'unknown'}",
            table="changes",
            key=campaign.subject,
            value=instant_text(at),
        )
    if earlier := len(paused.changes[:-SHOWN]):
        yield Proof(
            says=f"{plural(earlier, 'earlier change')} of status",
            table="changes",
            key=campaign.subject,
            value=instant_text(paused.changes[0][0]),
        )
    for day, micros in days[:SHOWN]:
        yield Proof(
            says="cost of a paused day",
            table="delivery",
            key=f"{campaign.subject} {day}",
            value=money_text(micros, campaign.currency),
            as_of=campaign.coverage.as_of,
        )
