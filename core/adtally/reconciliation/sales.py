"""Leads and sales of one month: of the campaigns that are paid by them, and of the shops behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from ..calendar import Window
from ..money import MICROS
from . import sql, sql_sales
from .carrying import FURTHEST, carried_over
from .coverage import Days
from .evidence_facts import EvidenceSource
from .facts import CampaignMonth, Clauses
from .leads import Recorded, kept_by, read_listed, read_recorded
from .mapping import CampaignKeys, CampaignRef
from .reading import Reading
from .returned import Returns
from .sales_facts import KINDS, NOT_REFUSED, CampaignSales, Sales, Shop


def read_sales(
    reading: Reading,
    keys: CampaignKeys,
    campaigns: Sequence[CampaignMonth],
    sources: Iterable[EvidenceSource],
) -> Sales:
    """What is known of leads and sales; needs ``temp.listed``. Nothing where no evidence is."""
    by_ref = {((one.platform, one.account_id), one.campaign_id): one for one in campaigns}
    lists = read_listed(reading)
    if not lists and not any(sources):
        return Sales()
    recorded = read_recorded(reading, keys, reading.month)
    clauses = {ref: agreed for ref, one in by_ref.items() if (agreed := clauses_of(one))}
    returns = Returns(reading, keys, _since(reading.month, clauses.values()))
    carried = carried_over(reading, keys, by_ref, clauses, returns)
    claims = _claims(reading)
    found: dict[str, CampaignSales] = {}
    for ref, campaign in by_ref.items():
        days = clauses[ref].validation_days if ref in clauses else 0
        dated = returns.known_in_full(ref, reading.month)
        own, attribution = claims.get(ref, (None, ""))
        if own is None and campaign.counts.purchases is not None:
            own = campaign.counts.purchases * MICROS
        sales = CampaignSales(
            campaign=campaign.subject,
            listed=tuple(lists.get(ref, ())),
            kept=tuple(kept_by(reading, recorded.by_campaign.get(ref, {}), campaign.currency, dated)),
            returned=tuple(returns.returned(reading, ref, days, reading.month)),
            dated=max(dated.values(), default=0),
            too_late=returns.too_late(ref, days, reading.month),
            open_disputes=returns.disputes.get(ref, 0),
            carried_micros=carried.get(ref, 0),
            claims_micros=own,
            attribution=attribution,
        )
        found[campaign.subject] = sales
    by_key = reading.owners.by_key
    return Sales(
        campaigns=found,
        shops=tuple(_shops(reading, recorded, by_ref)),
        searched={
            action: tuple(
                sorted(
                    {
                        (by_key[group.account_key].connector, by_key[group.account_key].account_id)
                        for group in recorded.by_source
                        if group.kind in kinds
                    }
                )
            )
            for action, kinds in KINDS.items()
        },
        refunding=frozenset((by_key[key].connector, by_key[key].account_id) for key in returns.refunding),
        unfetched=unfetched(reading, of_returns=False),
        unfetched_returns=unfetched(reading, of_returns=True),
        unplaced={
            (by_key[key].connector, by_key[key].account_id): count for key, count in returns.unplaced.items()
        },
    )


def clauses_of(campaign: CampaignMonth) -> Clauses | None:
    """What the agreement says about a campaign that is paid per action or sale; None if not one thing."""
    found = {
        period.rate.clauses
        for period in campaign.periods
        if period.rate and period.rate.model in ("cpa", "cps") and period.rate.clauses
    }
    return found.pop() if len(found) == 1 else None


def unfetched(reading: Reading, *, of_returns: bool) -> dict[tuple[str, str], int]:
    """By source: the days of the month that its report lacks which lacks most; without any it is absent.

    ``of_returns``: of the reports of refunds and disputes, else of all others.
    """
    days = Days(reading.conn, sql_sales.FEED_CELLS, reading.month, reading.known)
    found: defaultdict[tuple[str, str], int] = defaultdict(int)
    for feed, key, is_of_returns in reading.conn.execute(sql_sales.FEEDS):
        missing = days.coverage([feed], reading.month).missing_days
        if missing and bool(is_of_returns) == of_returns:
            owner = reading.owners.by_key[key]
            place = (owner.connector, owner.account_id)
            found[place] = max(found[place], missing)
    return dict(found)


def _since(month: Window, clauses: Iterable[Clauses]) -> date | None:
    """The day of the oldest sale of which a refund can matter to the month; None where none can."""
    reach = [
        timedelta(days=one.validation_days) + (FURTHEST if one.negative_months == "carry" else timedelta())
        for one in clauses
    ]
    return month.first_day - max(reach) if reach else None


def _claims(reading: Reading) -> dict[CampaignRef, tuple[int, str]]:
    """Purchases by the platforms' own totals, of accounts whose interactions are known for all days."""
    found: defaultdict[CampaignRef, dict[str, int]] = defaultdict(dict)
    days = Days(reading.conn, sql.ACTION_CELLS, reading.month, reading.known)
    complete: dict[int, bool] = {}
    for key, campaign_id, attribution, quantity in reading.conn.execute(
        sql_sales.SALES_CLAIMS, reading.bounds
    ):
        if key not in complete:
            complete[key] = days.coverage([key], reading.month).complete
        if complete[key]:
            found[reading.owners.by_key[key].account, campaign_id][attribution] = quantity
    told: dict[CampaignRef, tuple[int, str]] = {}
    for ref, totals in found.items():
        name = "default" if "default" in totals else next(iter(totals)) if len(totals) == 1 else None
        if name is not None:
            told[ref] = totals[name], name
    return told


def _shops(
    reading: Reading, recorded: Recorded, by_ref: Mapping[CampaignRef, CampaignMonth]
) -> Iterator[Shop]:
    """Each source of sales, by its orders, or by its payments where it has none."""
    several = {
        key: (duplicates, one_id)
        for key, _, duplicates, one_id in reading.conn.execute(sql_sales.CLAIMED_BY_SEVERAL)
    }
    for key in sorted({group.account_key for group in recorded.by_source}):
        of_source = {
            group: records for group, records in recorded.by_source.items() if group.account_key == key
        }
        kind = next((kind for kind in ("order", "payment") if any(g.kind == kind for g in of_source)), None)
        if kind is None:
            continue
        counts = [records.counts() for group, records in of_source.items() if group.kind == kind]
        owner, (duplicates, one_id) = reading.owners.by_key[key], several.get(key, (0, ""))
        yield Shop(
            connector=owner.connector,
            platform=owner.platform,
            account_id=owner.account_id,
            currency=owner.currency,
            kind=kind,
            orders=sum(one.get(name, 0) for one in counts for name in sorted(NOT_REFUSED)),
            campaigns=tuple(
                sorted(
                    by_ref[ref].subject
                    for ref, groups in recorded.by_campaign.items()
                    if ref in by_ref and any(g.account_key == key and g.kind == kind for g in groups)
                )
            ),
            claimed_twice=duplicates,
            one_id=one_id,
        )
