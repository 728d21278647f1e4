"""How much of each account's billed money evidence can speak about: what is not tagged cannot be missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

from .backing import EVIDENCE_KINDS, INVALID_KINDS, model_of
from .evidence_facts import TaggedShare
from .facts import CampaignMonth
from .pricing import share_ppm

Key: TypeAlias = tuple[str, str, str, str]
"""Connector, account, currency and kind of evidence."""


def tagged_shares(campaigns: Iterable[CampaignMonth]) -> Iterator[TaggedShare]:
    """For each account, currency and kind of evidence that it has: the tagged part of what the kind confirms.

    Of campaigns that are paid for by what the kind counts, those with at least one row of it.
    """
    whole: defaultdict[Key, int] = defaultdict(int)
    tagged: defaultdict[Key, int] = defaultdict(int)
    for campaign in campaigns:
        model, amount = model_of(campaign), campaign.billed_micros
        if model is None or amount is None or amount <= 0:
            continue
        have = {row.kind for row in campaign.evidence}
        for kind in {*EVIDENCE_KINDS.get(model, ()), INVALID_KINDS.get(model, "")} - {""}:
            key = (campaign.connector, campaign.account_id, campaign.currency, kind)
            whole[key] += amount
            tagged[key] += amount if kind in have else 0
    for key, amount in sorted(tagged.items()):
        connector, account_id, currency, kind = key
        if amount:
            yield TaggedShare(
                connector=connector,
                account_id=account_id,
                currency=currency,
                kind=kind,
                ppm=share_ppm(amount, whole[key]) or 0,
            )


def tagged_ppm(campaigns: Iterable[CampaignMonth], kinds: Collection[str], evidence: str) -> int | None:
    """The part of these campaigns' billed money for which the connector ``evidence`` has such a count.

    None where nothing was billed.
    """
    whole = tagged = 0
    for campaign in campaigns:
        amount = max(campaign.billed_micros or 0, 0)
        whole += amount
        if any(row.kind in kinds and row.connector == evidence for row in campaign.evidence):
            tagged += amount
    return share_ppm(tagged, whole)
