"""Paid per action and backed, paid per action and not backed, paid per view: three buckets, never mixed.

Source of the rule: each campaign's evidence is capped at its billed units before anything is summed, so that
one campaign's surplus never hides another's gap, and counts of different classes are never added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ..money import MICROS, rounded
from ..records import Model
from .facts import CampaignMonth
from .pricing import BASES, counted
from .result import Support

PER_VIEW: frozenset[Model] = frozenset(["cpm", "vcpm", "flat"])
EVIDENCE_KINDS: dict[Model, frozenset[str]] = {
    "cpc": frozenset(["click", "session"]),
    "cpv": frozenset(["view"]),
    "cpcv": frozenset(["completion"]),
    "cpe": frozenset(["engagement"]),
    "cpl": frozenset(["lead"]),
    "cpi": frozenset(["install"]),
    "cpa": frozenset(["conversion", "order", "purchase", "lead"]),
    "cps": frozenset(["order", "purchase"]),
}
"""Which counts confirm an action of each model."""


def support(campaigns: Iterable[CampaignMonth]) -> tuple[Support, ...]:
    """The buckets by platform and currency; amounts are micros."""
    sums: defaultdict[tuple[str, str], defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    interactions: defaultdict[tuple[str, str], list[int | None]] = defaultdict(list)
    for campaign in campaigns:
        amount = campaign.billed_micros
        if not amount:
            continue
        key, model = (campaign.platform, campaign.currency), _model(campaign)
        if model is None or model == "dynamic":
            sums[key]["unknown"] += amount
        elif model in PER_VIEW:
            sums[key]["per_view"] += amount
            counts = campaign.counts
            interactions[key].append(
                counts.interactions if counts.interactions is not None else counts.clicks
            )
        else:
            basis = BASES[model]
            billed_units = counted(basis, campaign.counts)
            evidence_class, quantity = _best_evidence(campaign, model)
            confirmed = quantity * MICROS if basis.per == MICROS else quantity
            if not evidence_class or not billed_units:
                sums[key]["word"] += amount
            else:
                backed = rounded(amount * min(billed_units, confirmed), billed_units)
                sums[key][evidence_class] += backed
                sums[key]["unbacked"] += amount - backed
    return tuple(
        Support(
            platform=platform,
            currency=currency,
            backed_micros={name: parts[name] for name in ("E1", "E2", "E3") if parts[name]},
            unbacked_micros=parts["unbacked"],
            platform_word_micros=parts["word"],
            per_view_micros=parts["per_view"],
            per_view_interactions=_sum(interactions[platform, currency]),
            unknown_micros=parts["unknown"],
        )
        for (platform, currency), parts in sorted(sums.items())
    )


def _model(campaign: CampaignMonth) -> Model | None:
    models = {
        period.rate.model if period.rate else None for period in campaign.periods if period.counts.cost_micros
    }
    return models.pop() if len(models) == 1 else None


def _best_evidence(campaign: CampaignMonth, model: Model) -> tuple[str, int]:
    """The strongest class that counts this model's action, and its largest count by one source and kind."""
    kinds = EVIDENCE_KINDS.get(model, frozenset())
    found = [(row.evidence_class, row.quantity) for row in campaign.evidence if row.kind in kinds]
    return max(found, default=("", 0))


def _sum(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return sum(count for count in known if count is not None) if known and None not in known else None
