"""How much of what a campaign paid per action is confirmed by somebody else's count."""

from __future__ import annotations

from typing import NamedTuple

from ..money import MICROS, rounded
from ..records import Model
from .evidence_facts import EvidenceSum
from .facts import CampaignMonth
from .pricing import BASES, PER_VIEW, Basis, counted

EVIDENCE_KINDS: dict[Model, frozenset[str]] = {
    "cpm": frozenset(["impression"]),
    "vcpm": frozenset(["viewable_impression"]),
    "cpc": frozenset(["click", "session"]),
    "cpv": frozenset(["view"]),
    "cpcv": frozenset(["completion"]),
    "cpe": frozenset(["engagement"]),
    "cpl": frozenset(["lead"]),
    "cpi": frozenset(["install"]),
    "cpa": frozenset(["conversion", "order", "payment", "purchase", "lead"]),
    "cps": frozenset(["order", "payment", "purchase"]),
}
"""Which counts are of what each model bills."""
INVALID_KINDS: dict[Model, str] = {
    "cpm": "invalid_impression",
    "cpc": "invalid_click",
    "cpi": "invalid_install",
}
"""Which counts of a verifier say that billed units were none."""
CONFIRMING = frozenset({"E1", "E2", "E3"})
"""The classes of counts that are not the platform's own word."""


class Backing(NamedTuple):
    """One campaign's bill and its confirmed part; units of conversions are micros.

    ``confirmed`` never exceeds ``billed``, so that one campaign's surplus does not hide another's gap.
    """

    basis: Basis
    billed: int
    confirmed: int
    amount_micros: int
    evidence: EvidenceSum

    @property
    def evidence_class(self) -> str:
        return self.evidence.evidence_class

    @property
    def backed_micros(self) -> int:
        return rounded(self.amount_micros * self.confirmed, self.billed)

    @property
    def unbacked_micros(self) -> int:
        return self.amount_micros - self.backed_micros


def backing(campaign: CampaignMonth, model: Model) -> Backing | None:
    """The backing of what the campaign paid by ``model``, by the strongest class that counts its action.

    Of several sources and kinds of that class the largest count is taken; they are never added. Results of
    people who only saw the ad back nothing. None without such a count, without billed units, or for a model
    that bills no action.
    """
    kinds = frozenset[str]() if model in PER_VIEW else EVIDENCE_KINDS.get(model, frozenset())
    rows = [row for row in campaign.evidence if row.kind in kinds and row.evidence_class in CONFIRMING]
    basis, amount = BASES.get(model), campaign.billed_micros
    billed = None if basis is None else counted(basis, campaign.counts)
    if basis is None or not rows or not billed or amount is None:
        return None
    best = max(rows, key=lambda row: (row.evidence_class, row.acted, row.source_id, row.kind))
    confirmed = best.acted * MICROS if basis.per == MICROS else best.acted
    return Backing(basis, billed, max(0, min(billed, confirmed)), amount, best)


def model_of(campaign: CampaignMonth) -> Model | None:
    """The one model that the month's cost came under; None if it is not known for all of it, or changed."""
    models: set[Model | None] = {
        period.rate.model if period.rate else None for period in campaign.periods if period.counts.cost_micros
    }
    return models.pop() if len(models) == 1 else None
