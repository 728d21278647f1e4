"""Checks of single days: those that are missing inside a flight, and those that cost something outside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from ...calendar import Window
from ...money import money_text
from ..facts import CampaignMonth, Facts, FlightDays, Gaps
from ..rules import Rules
from ..verdicts import Outcome, Proof, Stake
from .bill import SHOWN
from .campaigns import gaps_of, unfetched
from .declaration import check
from .outcomes import as_pending, campaign_pool, compared, not_fetched, of_campaign, weighed
from .sentences import day_text, days_text, plural, price_text, sentence, side_text, sum_text


@check(
    question="Are days missing inside an active flight?",
    formula="days between days with rows − days with rows",
    grain="campaign and month",
    reads=("delivery", "campaigns", "changes", "units"),
    tolerance="0",
    severity="medium",
)
def delivery_gaps(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """A finding once two complete fetches at least 24 hours apart both lack the days, until then pending.

    No other check sums up a campaign whose gaps are confirmed. A file was not asked for days. Platforms leave
    out rows of nothing but zeros, so a campaign with fewer than 5 impressions on the days beside is too quiet
    to tell.
    """
    for campaign in facts.campaigns:
        yield _gaps(campaign)


def _gaps(campaign: CampaignMonth) -> Outcome:
    blank, gaps = of_campaign(campaign), gaps_of(campaign)
    if not campaign.coverage.complete:
        return not_fetched(blank, campaign.coverage)
    if gaps is None:
        said = "No day that was asked for lacks a row between days with rows."
        if campaign.gaps is not None:
            quiet = "The days beside have so few impressions that a day without a row is no wonder."
            return replace(blank, verdict="clear", flags=("low_power",), explanation=quiet)
        return replace(blank, verdict="clear", explanation=said)
    days = days_text(gaps.days)
    outcome = replace(
        blank,
        formula=f"{plural(len(gaps.days), 'day')} without a row",
        proof=tuple(_gap_proof(campaign, gaps)),
        figures={"days": len(gaps.days), "first_gap": gaps.days[0].isoformat()},
    )
    if not gaps.confirmed:
        return replace(
            outcome,
            verdict="pending",
            severity="low",
            explanation=sentence(
                f"No row for {days}, between days with rows; a second fetch must confirm it."
            ),
            next_step="Sync again a day after the last time.",
        )
    return replace(
        outcome,
        verdict="finding",
        severity="medium",
        confidence="medium",
        explanation=sentence(
            f"Two fetches have no row for {days}, though the campaign ran before and after."
        ),
        next_step=f"Ask {side_text(campaign.platform)} whether the campaign stood still on these days.",
    )


def _gap_proof(campaign: CampaignMonth, gaps: Gaps) -> Iterator[Proof]:
    for day in gaps.days[:SHOWN]:
        yield _day_proof(campaign, "no row on this day", day, "–")
    for day, impressions in gaps.neighbours[:SHOWN]:
        yield _day_proof(campaign, "impressions on a day beside", day, f"{impressions:,}")


@check(
    question="Was anything billed before the start or after the end?",
    formula="sum of the cost of days outside first_day..last_day of the flight",
    grain="campaign and month",
    reads=("delivery.cost_micros", "campaigns.first_day", "campaigns.last_day", "agreements.flight"),
    waits_for=("cost",),
    tolerance="money_match on zero",
    severity="high; medium where only the campaign's own settings say when it ends",
)
def spend_outside_flight(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """The last day belongs to the flight. By the cost report, because no bill says what a single day cost.

    Settings of a campaign may have been edited later; only an agreement is firm. A campaign without a flight
    may run on any day and is not judged.
    """
    for campaign in facts.campaigns:
        if campaign.flight is not None:
            yield unfetched(campaign) or _outside(campaign, campaign.flight, rules)


def _outside(campaign: CampaignMonth, flight: FlightDays, rules: Rules) -> Outcome:
    currency, agreed = campaign.currency, flight.source.startswith("agreement")
    days = [(day, micros) for day, micros in flight.outside if micros]
    cost = sum(micros for _, micros in days)
    until = campaign.coverage.pending_until.get("cost")
    flags = [
        flag
        for flag, holds in {"assumed_terms": not agreed, "cost_report": not campaign.lines}.items()
        if holds
    ]
    blank = replace(of_campaign(campaign), flags=tuple(flags), confidence="high" if agreed else "low")
    if cost <= 0:
        clear = replace(blank, verdict="clear", explanation="Nothing was spent outside the flight.")
        return as_pending(clear, until)
    outcome = compared(blank, billed=cost, expected=0, tolerance=rules.money_match.micros(0, currency))
    if outcome.verdict == "finding":
        money, place = money_text(cost, currency), _place([day for day, _ in days], flight)
        owner = "order" if agreed else "campaign"
        outcome = replace(outcome, explanation=sentence(f"{money} was spent {place.format(owner=owner)}."))
    outcome = replace(
        outcome,
        formula=sum_text([micros for _, micros in days], currency)
        if len(days) <= 12
        else price_text(cost, currency),
        proof=(
            Proof(
                says=f"flight, by {flight.source}",
                table="agreements" if agreed else "campaigns",
                key=campaign.subject,
                value=_flight_text(flight.window),
            ),
            *(
                _day_proof(campaign, "cost outside the flight", day, money_text(micros, currency))
                for day, micros in days[:SHOWN]
            ),
        ),
        figures={"days": len(days)},
    )
    charged = (
        min(cost, campaign.billed_micros or 0) if campaign.lines else cost
    )  # the bill may have left it out
    return as_pending(weighed(outcome, "high", [Stake(pool=campaign_pool(campaign), micros=charged)]), until)


def _flight_text(window: Window) -> str:
    """The flight's days; settings may name only one end."""
    if window.first_day == date.min:
        return f"until {window.last_day}"
    return f"from {window.first_day}" if window.last_day == date.max else str(window)


def _place(days: list[date], flight: FlightDays) -> str:
    first, last = flight.window.first_day, flight.window.last_day
    told = days_text(days)
    if min(days) > last:
        return f"on {told}, after the {{owner}}'s last day, {day_text(last)}"
    if max(days) < first:
        return f"on {told}, before the {{owner}}'s first day, {day_text(first)}"
    return f"on {told}, outside the {{owner}}'s days from {day_text(first)} to {day_text(last)}"


def _day_proof(campaign: CampaignMonth, says: str, day: date, value: str) -> Proof:
    key = f"{campaign.subject} {day}"
    return Proof(says=says, table="delivery", key=key, value=value, as_of=campaign.coverage.as_of)
