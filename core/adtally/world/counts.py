"""Scenes that stand in what others counted by the day: too little of it for the bill, and just enough."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..money import minor, rounded
from . import scenes
from .contract import Spot
from .filing import INVALID
from .model import SEPTEMBER, Draft, total
from .paper import Proof
from .prices import LEAST_MINOR_UNITS, RATE_PPM, tolerance, units
from .scenes import billed, is_of, rate_of, say_of, spots

FLOOR_PPM = 800_000
"""The share of clicks that arrives as sessions at least."""


def play(draft: Draft, proofs: Iterable[Proof]) -> list[Proof]:
    """The evidence with the faults and decoys in it; what is planted is added to the truth."""
    kept = list(proofs)
    for scene in (_sessions, _installs, _served, _verified):
        kept = scene(draft, kept)
    return kept


def _sessions(draft: Draft, proofs: list[Proof]) -> list[Proof]:
    """Far fewer sessions than clicks, and so few that chance alone may have made them."""
    choice = [spot for spot in spots(draft, "alpine", scenes.SITE.name) if spot.window == SEPTEMBER]
    for kind, spot in scenes.roles(draft, "sessions", choice):
        rows = draft.rows(spot.campaign, spot.window)
        clicks, cost = total(rows, "clicks"), total(rows, "cost_micros")
        arrived = clicks * (690 if kind == "fault" else 796) // 1000
        missing = -(-FLOOR_PPM * clicks // 1_000_000) - arrived
        proofs = list(_made(proofs, spot, "session", arrived))
        note = f"{arrived} sessions of {clicks} billed clicks"
        say_of(draft, "clicks-vs-sessions", spot, kind, note, rounded(missing * cost, clicks))
    return proofs


def _installs(draft: Draft, proofs: list[Proof]) -> list[Proof]:
    """A tenth of the installs was not measured, and one install more than a tenth."""
    for kind, spot in scenes.roles(draft, "installs", [*spots(draft, "installs")]):
        own, paid = units("cpi", draft.rows(spot.campaign, spot.window)), billed(draft, spot)
        there = own - own // 10 - (kind == "fault")
        proofs = list(_made(proofs, spot, "install", there))
        note = f"{there} of {own} billed installs were measured"
        say_of(draft, "installs-vs-mmp", spot, kind, note, rounded((own - there) * paid, own))
    return proofs


def _served(draft: Draft, proofs: list[Proof]) -> list[Proof]:
    """Fewer impressions on the server whose count is agreed: to the edge of the tolerance, and beyond it."""
    for kind, spot in scenes.roles(draft, "served", [*spots(draft, "served")]):
        own, paid = total(draft.rows(spot.campaign, spot.window), "impressions"), billed(draft, spot)
        there = own
        while not _is_beyond(spot, paid, there):
            there -= 1
        there += kind == "decoy"
        proofs = list(_made(proofs, spot, "impression", there))
        note = f"{there} of {own} billed impressions are on the server whose count is agreed"
        at_risk = paid - rounded(rate_of(spot) * there, 1_000)
        say_of(draft, "controlling-measurement", spot, kind, note, at_risk)
    return proofs


def _is_beyond(spot: Spot, paid: int, impressions: int) -> bool:
    owed = rounded(rate_of(spot) * impressions, 1_000)
    return paid - owed > tolerance(owed, spot.account.currency, ppm=RATE_PPM)


def _verified(draft: Draft, proofs: list[Proof]) -> list[Proof]:
    """Invalid clicks that nobody credited: as many as nobody asks about, and one more; and credited ones."""
    kept, check_id = list(proofs), "invalid-traffic-credit-due"
    for kind, spot in scenes.roles(draft, "verified", [*spots(draft, "verified", scenes.CLICKS.name)]):
        clicks, paid = total(draft.rows(spot.campaign, spot.window), "clicks"), billed(draft, spot)
        limit = LEAST_MINOR_UNITS * minor(spot.account.currency)
        invalid = limit * clicks // paid + (kind == "fault")
        kept.append(_found(spot, invalid))
        note = f"{invalid} of {clicks} billed clicks were invalid, and no credit came"
        say_of(draft, check_id, spot, kind, note, rounded(invalid * paid, clicks))
    for spot in spots(draft, "verified", scenes.CREDITED.name):
        if spot.window == SEPTEMBER:
            kept.append(_found(spot, INVALID))
            note = f"{INVALID} clicks were invalid, and the next bill credits them"
            say_of(draft, check_id, spot, "innocent", note, 0)
    return kept


def _found(spot: Spot, invalid: int) -> Proof:
    day = spot.window.last_day
    return Proof(
        connector=f"{spot.account.connector}_evidence",
        source_id="verifier",
        record_id=f"{day} {spot.campaign.campaign_id}",
        kind="invalid_click",
        day=day,
        campaign_id=spot.campaign.campaign_id,
        evidence_class="E2",
        account_id=spot.account.account_id,
        quantity=invalid,
        currency=spot.account.currency,
    )


def _made(proofs: Iterable[Proof], spot: Spot, kind: str, quantity: int) -> Iterator[Proof]:
    """The evidence with ``quantity`` of the kind in the spot, spread over the days that had any."""
    proofs = list(proofs)
    mine = [proof for proof in proofs if is_of(proof, spot, kind)]
    left, whole = quantity, sum(proof.quantity for proof in mine)
    parts = dict[str, int]()
    for proof in mine:
        parts[proof.record_id] = quantity * proof.quantity // whole
        left -= parts[proof.record_id]
    parts[mine[-1].record_id] += left
    for proof in proofs:
        if not is_of(proof, spot, kind):
            yield proof
        elif parts[proof.record_id]:
            yield replace(proof, quantity=parts[proof.record_id])
