"""What agencies get by the agreements, beside the bills that they sent for the month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from ..settings import Agreement
from ..settings.agreements import Fee
from .bills import merged
from .chains import Corrections
from .document_facts import AgencyMonth, FeeShare
from .facts import CampaignMonth, Document, Period

Clause = tuple[str, Fee]


def read_agencies(
    agreements: Sequence[Agreement],
    campaigns: Iterable[CampaignMonth],
    documents: Sequence[Document],
    corrections: Corrections,
) -> Iterator[AgencyMonth]:
    """One entry for each agency and currency of the media that it is paid for, or that it bills without any.

    Of several agreements about a campaign the first one with a fee counts.
    """
    numbered = [(f"agreement {number}", one) for number, one in enumerate(agreements, 1) if one.fee]
    if not numbered:
        return
    bills: defaultdict[str, list[str]] = defaultdict(list)
    for document in documents:
        if document.subject not in corrections.void:
            bills[document.connector].append(document.subject)
    paid: defaultdict[tuple[str, str], list[tuple[CampaignMonth, list[tuple[Clause, Period]]]]] = defaultdict(
        list
    )
    mixed = set[tuple[str, str]]()
    for campaign in campaigns:
        about = [
            (source, one)
            for source, one in numbered
            if one.matches(campaign.connector, campaign.account_id, campaign.campaign_id, campaign.name)
        ]
        by_agency: defaultdict[str, list[tuple[Clause, Period]]] = defaultdict(list)
        for period in campaign.periods if about else ():
            clauses = {_in_force(about, day) for day in period.window}
            if len(clauses) > 1:
                mixed |= {(clause[1].billed_by, campaign.currency) for clause in clauses if clause}
            for clause in clauses:
                if clause:
                    by_agency[clause[1].billed_by].append((clause, period))
        for agency, periods in by_agency.items():
            paid[agency, campaign.currency].append((campaign, periods))
    for agency in sorted({one.fee.billed_by for _, one in numbered if one.fee} - {name for name, _ in paid}):
        for currency in sorted({one.currency for one in documents if one.connector == agency}):
            yield AgencyMonth(connector=agency, currency=currency, shares=(), documents=tuple(bills[agency]))
    for (agency, currency), parts in sorted(paid.items()):
        yield AgencyMonth(
            connector=agency,
            currency=currency,
            shares=tuple(_shares(parts)),
            documents=tuple(bills[agency]),
            mixed=(agency, currency) in mixed,
            coverage=merged([campaign.coverage for campaign, _ in parts]),
        )


def _in_force(about: Iterable[tuple[str, Agreement]], day: date) -> Clause | None:
    return next(((source, one.fee) for source, one in about if one.fee and one.valid_on(day)), None)


def _shares(parts: Iterable[tuple[CampaignMonth, list[tuple[Clause, Period]]]]) -> Iterator[FeeShare]:
    costs: defaultdict[Clause, list[int | None]] = defaultdict(list)
    campaigns: defaultdict[Clause, set[str]] = defaultdict(set)
    for campaign, periods in parts:
        for clause, period in periods:
            costs[clause].append(period.counts.cost_micros)
            campaigns[clause].add(campaign.subject)
    for clause in sorted(costs, key=lambda one: one[0]):
        source, fee = clause
        known = costs[clause]
        yield FeeShare(
            source=source,
            share_ppm=fee.share,
            of_gross=fee.of == "gross",
            cost_micros=None if None in known else sum(cost or 0 for cost in known),
            campaigns=len(campaigns[clause]),
        )
