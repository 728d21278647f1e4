"""Scenes that stand in what the buyer's records keep one by one: leads, orders, payments and refunds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Literal, NamedTuple

from ..money import rounded
from . import scenes
from .casting import CENT_MICROS
from .contract import Spot
from .model import COMPLETE, OCTOBER, SEPTEMBER, Agreement, Draft, Kind, stream, total
from .paper import Proof
from .prices import MONEY_PPM, tolerance
from .scenes import billed, is_of, rate_of, say_of, spots

MIDDLE = 15
"""The last day of a month whose sales can come back within it."""
RETURNED = 3


def play(draft: Draft, proofs: Iterable[Proof]) -> tuple[Proof, ...]:
    """The records with the faults and decoys in them; what is planted is added to the truth."""
    kept = list(proofs)
    for scene in (_leads, _lists, _purchases, _claims, _returned, _refunds):
        kept = scene(draft, kept)
    return tuple(kept)


def _leads(draft: Draft, proofs: list[Proof]) -> list[Proof]:
    """Duplicates among the leads: the twentieth part that is tolerated without a list, and one more."""
    return _refused(draft, proofs, "leads-vs-crm", "leads", "lead", "duplicate", of=20)


def _purchases(draft: Draft, proofs: list[Proof]) -> list[Proof]:
    """Payments that failed: the tenth part that is tolerated without a list, and one more."""
    return _refused(draft, proofs, "purchases-vs-orders", "purchases", "payment", "failed", of=10)


def _refused(
    draft: Draft, proofs: list[Proof], check: str, scene: str, kind: str, status: str, *, of: int
) -> list[Proof]:
    kept = _without_refunds(draft, scene, proofs, "accepted" if kind == "lead" else "paid")
    for role, spot in scenes.roles(draft, scene, list(spots(draft, scene))):
        mine = [proof for proof in kept if is_of(proof, spot, kind)]
        refused = len(mine) // of + (role == "fault")
        for chosen in stream(draft.seed, "scenes", scene, role).sample(mine, refused):
            kept[kept.index(chosen)] = replace(chosen, status=status)
        note = f"{refused} of {len(mine)} billed {kind}s are {status}"
        at_risk = billed(draft, spot) - rate_of(spot) * (len(mine) - refused)
        say_of(draft, check, spot, role, note, at_risk)
    return kept


class Listing(NamedTuple):
    """A biller's own list, and what stands in the advertiser's records of one that it holds."""

    scene: str
    check_id: str
    kind: str
    listed_as: str
    key_kind: Literal["lead_id", "order_id"]
    good: str
    refused: str
    spared: str
    """What may be paid for all the same."""


LISTINGS = (
    Listing("lead list", "leads-vs-crm", "lead", "lead", "lead_id", "accepted", "duplicate", "pending"),
    Listing(
        "sale list", "purchases-vs-orders", "order", "purchase", "order_id", "paid", "cancelled", "refunded"
    ),
)


def _lists(draft: Draft, proofs: list[Proof]) -> list[Proof]:
    """Billers' own lists: an id on them is refused by the records; another one looks so, and is none."""
    for listing in LISTINGS:
        proofs = _listed(draft, proofs, listing)
    return proofs


def _listed(draft: Draft, proofs: list[Proof], listing: Listing) -> list[Proof]:
    choice = [spot for spot in spots(draft, listing.scene) if spot.window == SEPTEMBER]
    kept = _without_refunds(draft, listing.scene, proofs, listing.good)
    listed = [
        replace(proof, connector=f"{spot.account.connector}_list", source_id="billed", evidence_class="E0",
                kind=listing.listed_as, key_kind=listing.key_kind, status="", refers_to=proof.campaign_id)
        for spot in spots(draft, listing.scene)
        for proof in kept
        if is_of(proof, spot, listing.kind)
    ]  # fmt: skip
    for kind, spot in scenes.roles(draft, listing.scene, choice):
        mine = [proof for proof in kept if is_of(proof, spot, listing.kind)]
        chosen = stream(draft.seed, "scenes", listing.scene, kind).choice(mine)
        status = listing.refused if kind == "fault" else listing.spared
        kept[kept.index(chosen)] = replace(chosen, status=status)
        note = f"{listing.kind} {chosen.record_id} of {len(mine)} listed ones is {status}"
        say_of(draft, listing.check_id, spot, kind, note, rate_of(spot))
    return [*kept, *listed]


def _without_refunds(draft: Draft, scene: str, proofs: Iterable[Proof], good: str) -> list[Proof]:
    """The evidence, but of the scene's campaigns all is well and nothing came back."""
    ours = {one.campaign_id for account in scenes.of(draft, scene) for one in account.campaigns}
    return [
        replace(proof, status=good) if proof.campaign_id in ours else proof
        for proof in proofs
        if not (proof.campaign_id in ours and proof.kind == "refund")
    ]


def _claims(draft: Draft, proofs: list[Proof]) -> list[Proof]:
    """Two accounts that claim all orders of a shop between them, and one order more than there are."""
    accounts = scenes.of(draft, "claims")
    ours = {campaign.campaign_id for account in accounts for campaign in account.campaigns}
    prices = [
        campaign.agreement.rate_micros
        for account in accounts
        for campaign in account.campaigns
        if campaign.agreement
    ]
    connector = f"{accounts[0].connector}_evidence"
    kept = _without_refunds(draft, "claims", proofs, "paid")
    for kind, window in scenes.roles(draft, "claims", COMPLETE):
        mine = [proof for proof in kept if proof.campaign_id in ours and proof.day in window]
        if kind == "fault":
            kept.remove(stream(draft.seed, "scenes", "claims", "gone").choice(mine))
        note = f"{len(mine)} claims of {len(mine) - (kind == 'fault')} orders"
        scenes.say(draft, "order-claimed-by-several", f"{connector}/{accounts[0].connector}", window,
            accounts[0].currency, kind, note, at_risk=min(prices))  # fmt: skip
    return kept


def _returned(draft: Draft, proofs: list[Proof]) -> list[Proof]:
    """Orders of October that came back within the agreed days: wholly, and only in part."""
    kept = _without_refunds(draft, "refunds", proofs, "paid")
    choice = [spot for spot in spots(draft, "refunds", scenes.RETURNED.name) if spot.window == OCTOBER]
    for kind, spot in scenes.roles(draft, "returned orders", choice):
        early = [proof for proof in kept if is_of(proof, spot, "payment") and proof.day.day <= MIDDLE]
        share = 1 if kind == "fault" else 2
        for sale in stream(draft.seed, "scenes", "returned orders").sample(early, RETURNED):
            kept.append(_sent_back(sale, timedelta(days=5), share))
        note = f"{RETURNED} orders came back {'as a whole' if kind == 'fault' else 'in part'}"
        say_of(draft, "refund-clawback", spot, kind, note, RETURNED * rate_of(spot))
    return kept


def _refunds(draft: Draft, proofs: list[Proof]) -> list[Proof]:
    """A share of sales of which halves came back: within the agreed days, and after them."""
    kept = list(proofs)
    choice = [spot for spot in spots(draft, "refunds", scenes.PARTNERS.name) if spot.window == OCTOBER]
    for kind, spot in scenes.roles(draft, "refunds", choice):
        if spot.campaign.agreement:
            kept += _halves(draft, kept, spot, spot.campaign.agreement, kind)
    return kept


def _halves(draft: Draft, proofs: list[Proof], spot: Spot, agreement: Agreement, kind: Kind) -> list[Proof]:
    """Refunds of so many sales that their share is worth a question; says what is owed without them."""
    after = timedelta(days=agreement.validation_days + (1 if kind == "decoy" else -1))
    paid = billed(draft, spot)
    least = tolerance(paid, spot.account.currency, ppm=MONEY_PPM) * 1_000_000 // agreement.share_ppm * 2
    refunds, back = list[Proof](), 0
    for sale in proofs:
        if back <= least and is_of(sale, spot, "payment") and sale.day + after in spot.window:
            refunds.append(_sent_back(sale, after, 2))
            back += refunds[-1].value_micros or 0
    sold = total(draft.rows(spot.campaign, spot.window), "revenue_micros")
    owed = rounded((sold - back) * agreement.share_ppm, 1_000_000)
    note = f"{back} micros of sales came back after {after.days} days"
    say_of(draft, "refund-clawback", spot, kind, note, paid - owed)
    return refunds


def _sent_back(sale: Proof, after: timedelta, part: int) -> Proof:
    """The refund of a sale, or of the half or another part of it."""
    cent = CENT_MICROS[sale.currency]
    return replace(
        sale,
        record_id=f"{sale.record_id}9",
        kind="refund",
        day=sale.day + after,
        status="refunded",
        value_micros=(sale.value_micros or 0) // part // cent * cent,
        refers_to=sale.record_id,
    )
