"""What others counted: the advertiser's own tag, its app measurement, its shop and its customer records."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import count, groupby
from typing import Literal, NamedTuple, TypeAlias

from ..records import Model
from .casting import CENT_MICROS
from .model import TODAY, Account, Campaign, Draft, Row, stream, total
from .paper import Proof
from .prices import spread, units

Action: TypeAlias = Literal["click", "install", "lead", "sale"]
ACTIONS: dict[Model, Action] = {
    "cpc": "click",
    "cpi": "install",
    "cpl": "lead",
    "cpa": "sale",
    "cps": "sale",
}
"""What can be counted by somebody else, of the models that pay for it."""
REFUSED_EVERY, REFUNDED_EVERY = 30, 25
"""One record in so many was cancelled or came twice; one sale in so many was sent back."""


REFUSALS = {"lead": "duplicate", "payment": "failed"}


class Source(NamedTuple):
    """Who counts an action: a connector, its account there, the word for one, and the key that it keeps."""

    connector: str
    source_id: str
    kind: str
    key_kind: Literal["campaign_id", "utm_id"] = "campaign_id"


TALLIED = ("click", "install")
"""Counted by the day: only how many arrived. Leads and sales are kept one by one, each with its status."""
ON_PAPER: Mapping[Action, tuple[str, str]] = {
    "click": ("site", "click"),
    "install": ("app_measurement", "install"),
    "lead": ("crm", "lead"),
    "sale": ("shop", "order"),
}
"""The source and the word where evidence comes as a file."""
SOURCES: Mapping[tuple[str, Action], Source] = {
    ("2000000101", "click"): Source("ga4", "310000101", "session"),
    ("2000000102", "click"): Source("ga4", "310000101", "session"),
    ("2000000103", "click"): Source("ga4", "310000103", "session"),
    ("180000101", "click"): Source("ga4", "310000103", "session", "utm_id"),
    ("2000000108", "click"): Source("ga4", "310000101", "session"),
    ("GM-1", "install"): Source("appsflyer", "id1000000001", "install"),
    ("HB-109", "install"): Source("appsflyer", "id1000000001", "install"),
    ("2000000101", "sale"): Source("shopify", "lindenhof.myshopify.com", "order", "utm_id"),
    ("2000000103", "sale"): Source("stripe", "acct_trailhead", "payment", "utm_id"),
    ("NB-103", "sale"): Source("stripe", "acct_trailhead", "payment", "utm_id"),
    ("HB-112", "sale"): Source("stripe", "acct_trailhead", "payment", "utm_id"),
    ("HB-113", "sale"): Source("stripe", "acct_trailhead", "payment", "utm_id"),
}
"""By ad account and action, where the evidence comes from an API of its own."""


def gathered(draft: Draft) -> tuple[Proof, ...]:
    """The evidence for every campaign that is paid per action, but for those an auction steers by itself.

    A shop knows the sales of every campaign of its account.
    """
    numbers = count(5_000_001)
    return tuple(
        proof
        for account in draft.accounts
        for campaign in account.campaigns
        if not campaign.remnant
        for proof in _campaign(draft, account, campaign, numbers)
    )


def _campaign(draft: Draft, account: Account, campaign: Campaign, numbers: Iterator[int]) -> Iterator[Proof]:
    rng = stream(draft.seed, "evidence", campaign.campaign_id)
    rows = draft.days[campaign.campaign_id]
    action = ACTIONS.get(campaign.model)
    if campaign.agreement and campaign.agreement.counted_by:
        yield from _served(account, campaign, rows)
    elif action in TALLIED:
        yield from _tallied(rng, account, campaign, action, rows)
    elif action is not None and campaign.goal != "conversions":
        yield from _recorded(account, campaign, action, rows, numbers)
    if action != "sale" and (account.account_id, "sale") in SOURCES:
        yield from _bought(account, campaign, rows, numbers)


def _source(account: Account, action: Action) -> Source:
    source_id, kind = ON_PAPER[action]
    return SOURCES.get((account.account_id, action), Source(f"{account.connector}_evidence", source_id, kind))


def _tallied(
    rng: random.Random, account: Account, campaign: Campaign, action: Action, rows: list[Row]
) -> Iterator[Proof]:
    source = _source(account, action)
    for day, of_day in groupby(rows, key=lambda row: row.day):
        share = rng.randint(88, 99) if action == "click" else rng.randint(95, 99)
        arrived = (units(campaign.model, list(of_day)) * share + 50) // 100
        if arrived:
            yield Proof(
                connector=source.connector,
                source_id=source.source_id,
                record_id=f"{day} {campaign.campaign_id}",
                kind=source.kind,
                day=day,
                campaign_id=campaign.campaign_id,
                evidence_class="E2",
                account_id=account.account_id,
                quantity=arrived,
                currency=account.currency,
                key_kind=source.key_kind,
            )


def _served(account: Account, campaign: Campaign, rows: list[Row]) -> Iterator[Proof]:
    """What the advertiser's own server served, where the agreement says that it decides."""
    for day, of_day in groupby(rows, key=lambda row: row.day):
        yield Proof(
            connector=f"{account.connector}_evidence",
            source_id="adserver",
            record_id=f"{day} {campaign.campaign_id}",
            kind="impression",
            day=day,
            campaign_id=campaign.campaign_id,
            evidence_class="E2",
            account_id=account.account_id,
            quantity=total(list(of_day), "impressions"),
            currency=account.currency,
        )


def _recorded(
    account: Account, campaign: Campaign, action: Action, rows: list[Row], numbers: Iterator[int]
) -> Iterator[Proof]:
    place = 0
    for _, of_day in groupby(rows, key=lambda row: row.day):
        today = list(of_day)
        sold = units(campaign.model, today)
        values = spread(total(today, "revenue_micros"), [1] * sold) if sold else []
        for value in values:
            place += 1
            refused = place % REFUSED_EVERY == 0
            yield from _record(account, campaign, action, today[0], value, numbers, place, refused=refused)


def _bought(account: Account, campaign: Campaign, rows: list[Row], numbers: Iterator[int]) -> Iterator[Proof]:
    """What people bought in the shop after a campaign that is not paid by the sale."""
    place = 0
    for _, of_day in groupby(rows, key=lambda row: row.day):
        today = list(of_day)
        sold = total(today, "purchases")
        for value in spread(total(today, "revenue_micros"), [1] * sold) if sold else []:
            place += 1
            yield from _record(account, campaign, "sale", today[0], value, numbers, place, refused=False)


def _record(
    account: Account,
    campaign: Campaign,
    action: Action,
    row: Row,
    value: int,
    numbers: Iterator[int],
    place: int,
    *,
    refused: bool,
) -> Iterator[Proof]:
    source, number, cent = _source(account, action), next(numbers), CENT_MICROS[account.currency]
    status = REFUSALS.get(source.kind, "cancelled")
    sale = Proof(
        connector=source.connector,
        source_id=source.source_id,
        record_id=str(number),
        kind=source.kind,
        day=row.day,
        campaign_id=campaign.campaign_id,
        evidence_class="E3",
        account_id=account.account_id,
        status=status if refused else "accepted" if action == "lead" else "paid",
        value_micros=value // cent * cent if action == "sale" else None,
        currency=account.currency,
        key_kind=source.key_kind,
    )
    yield sale
    sent_back = row.day + timedelta(days=place % 9)
    if action == "sale" and not refused and place % REFUNDED_EVERY == 0 and sent_back < TODAY:
        yield Proof(
            connector=source.connector,
            source_id=source.source_id,
            record_id=f"{number}9",
            kind="refund",
            day=sent_back,
            campaign_id=campaign.campaign_id,
            evidence_class="E3",
            account_id=account.account_id,
            status="refunded",
            value_micros=value // 2 // cent * cent,
            currency=account.currency,
            key_kind=source.key_kind,
            refers_to=sale.record_id,
        )
