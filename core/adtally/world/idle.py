"""Days that are not what they should be: one that is missing, and one after the last that was agreed.

A missing day cannot be told from a day without delivery by its own row: there is none. So beside the fault
stand a day that is there and says zero, and one on which the campaign was paused from midnight to midnight.
"""

from __future__ import annotations

from datetime import timedelta

from ..calendar import Window, month_name
from ..money import minor
from .model import COUNTS, OCTOBER, Account, Campaign, Draft, Kind, Planted, Row, stream
from .prices import LEAST_MINOR_UNITS


def drop_days(draft: Draft) -> None:
    """Take a day away from one campaign of an account that nobody bills, and empty one of another.

    Before anything has a cost.
    """
    rng = stream(draft.seed, "missing days")
    choice = [
        (account, campaign)
        for account in draft.accounts
        for campaign in account.campaigns
        if not account.billed_to and account.payment != "card" and not account.scene
    ]
    account, campaign = rng.choice(choice)
    day = OCTOBER.first_day + timedelta(days=rng.randint(13, 27))
    rows = draft.days[campaign.campaign_id]
    draft.days[campaign.campaign_id] = [row for row in rows if row.day != day]
    draft.gapped.add(campaign.campaign_id)
    _say(draft, account, campaign, "fault", f"no row for {day}")
    direct = [
        (account, campaign)
        for account in draft.accounts
        for campaign in account.campaigns
        if campaign.channel == "direct" and campaign.model in ("cpm", "cpc") and not campaign.remnant
        if not account.scene
    ]
    account, campaign = rng.choice(direct)
    day = OCTOBER.first_day + timedelta(days=rng.randint(1, 13))
    for row in draft.days[campaign.campaign_id]:
        if row.day == day:
            for name in COUNTS:
                setattr(row, name, 0)
    _say(draft, account, campaign, "decoy", f"the row of {day} is there and says zero")
    for account in draft.accounts:
        for campaign in account.campaigns:
            if campaign.still_on:
                _say(draft, account, campaign, "innocent", f"paused all day on {campaign.still_on}")


def _say(draft: Draft, account: Account, campaign: Campaign, kind: Kind, note: str) -> None:
    planted = Planted(
        check_id="delivery-gaps",
        subject=f"{account.connector}/{account.account_id}/{campaign.campaign_id}",
        month=month_name(OCTOBER.first_day),
        currency=account.currency,
        kind=kind,
        note=note,
        at_risk_micros=0 if kind == "fault" else None,
    )
    draft.truth.append(planted)


def overrun(draft: Draft) -> None:
    """Let campaigns cost something on the day after their flight: too much, just not too much, and nothing.

    The month stays what it was; what the day costs is taken from the flight's last one.
    """
    booked = [
        (account, campaign, campaign.agreement.flight)
        for account in draft.accounts
        for campaign in account.campaigns
        if campaign.agreement and campaign.agreement.flight and campaign.model != "flat"
        if not account.scene
    ]
    stream(draft.seed, "after the flight").shuffle(booked)
    roles: list[tuple[Kind, int]] = [("fault", LEAST_MINOR_UNITS + 1), ("decoy", LEAST_MINOR_UNITS)]
    for number, (account, campaign, flight) in enumerate(booked):
        kind, units = roles[number] if number < len(roles) else ("innocent", 0)
        amount = units * minor(account.currency)
        _late(draft.days[campaign.campaign_id], flight, amount)
        planted = Planted(
            check_id="spend-outside-flight",
            subject=f"{account.connector}/{account.account_id}/{campaign.campaign_id}",
            month=month_name(flight.last_day),
            currency=account.currency,
            kind=kind,
            note=f"{amount} micros on the day after {flight.last_day}, which is the last agreed one",
            at_risk_micros=amount if kind == "fault" else None,
        )
        draft.truth.append(planted)


def _late(rows: list[Row], flight: Window, amount: int) -> None:
    outside = [row for row in rows if row.day > flight.last_day]
    last = next(row for row in rows if row.day == flight.last_day)
    spare = sum(row.cost_micros for row in outside) - amount
    for row in outside:
        row.cost_micros = 0
    outside[0].cost_micros = amount
    last.cost_micros += spare
