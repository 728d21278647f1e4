"""Paid per action and backed, paid per action and not backed, paid per view: three buckets, never mixed.

Source of the rule: each campaign's evidence is capped at its billed units before anything is summed, so that
one campaign's surplus never hides another's gap, and counts of different classes are never added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from .backing import backing, model_of
from .facts import CampaignMonth
from .pricing import PER_VIEW, interactions
from .result import Support


def support(campaigns: Iterable[CampaignMonth]) -> tuple[Support, ...]:
    """The buckets by platform and currency; amounts are micros."""
    sums: defaultdict[tuple[str, str], defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    actions: defaultdict[tuple[str, str], list[int | None]] = defaultdict(list)
    for campaign in campaigns:
        amount = campaign.billed_micros
        if not amount:
            continue
        key, model = (campaign.platform, campaign.currency), model_of(campaign)
        if model is None or model == "dynamic":
            sums[key]["unknown"] += amount
        elif model in PER_VIEW:
            sums[key]["per_view"] += amount
            actions[key].append(interactions(campaign.counts))
        else:
            found = backing(campaign, model)
            if found is None:
                sums[key]["word"] += amount
            else:
                sums[key][found.evidence_class] += found.backed_micros
                sums[key]["unbacked"] += found.unbacked_micros
    return tuple(
        Support(
            platform=platform,
            currency=currency,
            backed_micros={name: parts[name] for name in ("E1", "E2", "E3") if parts[name]},
            unbacked_micros=parts["unbacked"],
            platform_word_micros=parts["word"],
            per_view_micros=parts["per_view"],
            per_view_interactions=_sum(actions[platform, currency]),
            unknown_micros=parts["unknown"],
        )
        for (platform, currency), parts in sorted(sums.items())
    )


def _sum(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return sum(count for count in known if count is not None) if known and None not in known else None
