"""What others counted: the advertiser's own tag, its app measurement, its shop and its customer records."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from ..records import Model
from .model import Account, Campaign, Draft, Row, stream, total
from .paper import Proof
from .prices import spread, units

TALLIES: dict[Model, tuple[str, str]] = {"cpc": ("site", "click"), "cpi": ("app_measurement", "install")}
"""Counted by the day: only how many arrived."""
RECORDS: dict[Model, tuple[str, str]] = {
    "cpl": ("crm", "lead"),
    "cps": ("shop", "order"),
    "cpa": ("shop", "order"),
}
"""Kept one by one, each with its status."""


def gathered(draft: Draft) -> tuple[Proof, ...]:
    """The evidence for every campaign that is paid per action, but for those an auction steers by itself."""
    return tuple(
        proof
        for account in draft.accounts
        for campaign in account.campaigns
        if campaign.goal != "conversions" and not campaign.remnant
        for proof in _campaign(draft, account, campaign)
    )


def _campaign(draft: Draft, account: Account, campaign: Campaign) -> Iterator[Proof]:
    rng = stream(draft.seed, "evidence", campaign.campaign_id)
    for day, rows in groupby(draft.days[campaign.campaign_id], key=lambda row: row.day):
        if campaign.model in TALLIES:
            yield from _tally(rng, account, campaign, day, list(rows))
        elif campaign.model in RECORDS:
            yield from _records(rng, account, campaign, day, list(rows))


def _tally(
    rng: random.Random, account: Account, campaign: Campaign, day: date, rows: list[Row]
) -> Iterator[Proof]:
    source, kind = TALLIES[campaign.model]
    arrived = units(campaign.model, rows) * rng.randint(88, 99) // 100
    if arrived:
        yield Proof(
            connector=f"{account.connector}_evidence",
            source_id=source,
            record_id=f"{day} {campaign.campaign_id}",
            kind=kind,
            day=day,
            campaign_id=campaign.campaign_id,
            evidence_class="E2",
            quantity=arrived,
            currency=account.currency,
        )


def _records(
    rng: random.Random, account: Account, campaign: Campaign, day: date, rows: list[Row]
) -> Iterator[Proof]:
    source, kind = RECORDS[campaign.model]
    count = units(campaign.model, rows)
    values = spread(total(rows, "revenue_micros"), [1] * count) if count else []
    for number, value in enumerate(values, 1):
        refused = rng.random() < 0.04
        yield Proof(
            connector=f"{account.connector}_evidence",
            source_id=source,
            record_id=f"{campaign.campaign_id}-{day:%m%d}-{number}",
            kind=kind,
            day=day,
            campaign_id=campaign.campaign_id,
            evidence_class="E3",
            status="duplicate" if refused and kind == "lead" else "cancelled" if refused else "accepted",
            value_micros=value if kind == "order" else None,
            currency=account.currency,
        )
