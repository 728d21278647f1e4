"""What others counted: the advertiser's own tag, its app measurement, its shop and its customer records."""

from __future__ import annotations

import random
from collections.abc import Iterator

from .model import RUNNING, Account, Campaign, Draft, Proof, Row, stream, total

SOURCES = {
    "cpc": ("site", "click", "E2", "clicks"),
    "cpi": ("app_measurement", "install", "E2", "installs"),
    "cpl": ("crm", "lead", "E3", "leads"),
    "cps": ("shop", "order", "E3", "purchases"),
    "cpa": ("shop", "order", "E3", "conversions_micros"),
}
REFUSED = ("duplicate", "invalid")


def gathered(draft: Draft) -> tuple[Proof, ...]:
    """The evidence for every campaign that is paid per action; by day where nobody keeps single records."""
    return tuple(
        proof
        for account in draft.accounts
        for campaign in account.campaigns
        if campaign.model in SOURCES and not campaign.remnant and campaign.goal != "conversions"
        for proof in _proofs(draft, account, campaign)
    )


def _proofs(draft: Draft, account: Account, campaign: Campaign) -> Iterator[Proof]:
    source, kind, evidence_class, count = SOURCES[campaign.model]
    rng = stream(draft.seed, "evidence", campaign.campaign_id)
    by_day: dict[object, list[Row]] = {}
    for row in draft.days[campaign.campaign_id]:
        by_day.setdefault(row.day, []).append(row)
    for rows in by_day.values():
        seen = total(rows, count) // (1_000_000 if count == "conversions_micros" else 1)
        day = rows[0].day
        common = {"connector": f"{account.connector}_evidence", "source_id": source, "kind": kind}
        if evidence_class == "E2":
            arrived = sum(rng.random() < 0.93 for _ in range(seen))
            if arrived:
                yield Proof(
                    **common, record_id=f"{day} {campaign.campaign_id}", day=day,
                    campaign_id=campaign.campaign_id, evidence_class=evidence_class, quantity=arrived,
                )  # fmt: skip
