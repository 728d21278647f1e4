"""Months in which more came back than was sold, where an agreement carries them over into the next ones.

Computed from the records of the months before, never from what was said of those months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from ..calendar import DAY, Window, months, to_ordinal
from ..money import MICROS
from . import sql_sales
from .facts import CampaignMonth, Clauses
from .leads import kept_by, read_recorded
from .mapping import CampaignKeys, CampaignRef
from .pricing import BY_SHARE, basis_of
from .reading import Reading, bounds
from .returned import Returns
from .sales_facts import CampaignSales

FURTHEST = timedelta(days=731)
"""How far back such months are looked for."""


def carried_over(
    reading: Reading,
    keys: CampaignKeys,
    campaigns: Mapping[CampaignRef, CampaignMonth],
    clauses: Mapping[CampaignRef, Clauses],
    returns: Returns,
) -> dict[CampaignRef, int]:
    """What is left of the months before the reading's month, never above 0.

    Micros of revenue where a share of it is paid for, else micros of sales.
    """
    month = reading.month
    firsts = {
        ref: first
        for ref, one in clauses.items()
        if one.negative_months == "carry"
        and (first := returns.first_day(ref)) is not None
        and first < month.first_day
    }
    if not firsts:
        return {}
    begin = max(min(firsts.values()), month.first_day - FURTHEST)
    earlier = list(months(Window(begin, month.first_day - DAY)))
    delivered = _delivered(reading, firsts, earlier)
    carried = dict.fromkeys(firsts, 0)
    for number, window in enumerate(earlier):
        recorded = read_recorded(reading, keys, window)
        for ref in firsts:
            campaign, columns = campaigns[ref], _columns(campaigns[ref])
            sales = CampaignSales(
                campaign=campaign.subject,
                kept=tuple(kept_by(reading, recorded.by_campaign.get(ref, {}), campaign.currency, {})),
                returned=tuple(returns.returned(reading, ref, clauses[ref].validation_days, window)),
            )
            known = [micros for name in columns if (micros := delivered.get((ref, number, name))) is not None]
            base = sales.base_micros(known[0] if known else 0, by_share=by_share(campaign))
            carried[ref] = min(0, carried[ref] + base)
    return carried


def by_share(campaign: CampaignMonth) -> bool:
    """Whether a share of net revenue is paid for, not a price of each sale."""
    return any(period.rate and basis_of(period.rate) is BY_SHARE for period in campaign.periods)


def _columns(campaign: CampaignMonth) -> tuple[str, ...]:
    if by_share(campaign):
        return ("revenue_micros",)
    bases = {basis_of(period.rate) for period in campaign.periods if period.rate}
    return tuple(basis.column for basis in bases if basis is not None)


def _delivered(
    reading: Reading, refs: Collection[CampaignRef], earlier: Sequence[Window]
) -> dict[tuple[CampaignRef, int, str], int]:
    """What the platforms counted in each of the months, in micros by column; none where a row is silent."""
    conn = reading.conn
    conn.execute(sql_sales.CARRYING)
    conn.execute(sql_sales.FORGET_CARRYING)
    for (platform, account_id), campaign_id in refs:
        named = {"platform": platform, "account_id": account_id, "campaign_id": campaign_id}
        for number, window in enumerate(earlier):
            conn.execute(sql_sales.FILL_CARRYING, {**named, "segment": number, **bounds(window)})
    span = {"first": to_ordinal(earlier[0].first_day), "last": to_ordinal(earlier[-1].last_day)}
    found: defaultdict[tuple[CampaignRef, int, str], int] = defaultdict(int)
    for key, campaign_id, number, rows, *values in conn.execute(sql_sales.EARLIER, span):
        ref = (reading.owners.by_key[key].account, campaign_id)
        scales = {"revenue_micros": 1, "purchases": MICROS, "conversions_micros": 1}
        for (name, scale), known, total in zip(scales.items(), values[::2], values[1::2], strict=True):
            if known == rows:
                found[ref, number, name] += total * scale
    return dict(found)
