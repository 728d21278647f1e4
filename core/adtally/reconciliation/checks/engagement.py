"""The metric of what stands behind a bill per action: how much of it somebody else counted too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from ...money import MICROS, money_text
from ..backing import Backing, backing, model_of
from ..facts import CampaignMonth, Facts
from ..pricing import BASES, PER_VIEW, share_ppm
from ..rules import Rules
from ..verdicts import EvidenceClass, Outcome, Proof
from .bill import SHOWN
from .campaigns import active, billed_proof, blocked, count_proof, currency_by_document, final_from
from .declaration import check
from .outcomes import as_pending, not_checkable, of_campaign
from .sentences import plural, price_text, quantity_text, sentence, share_text

WHOSE: dict[str, tuple[EvidenceClass, str]] = {
    "E1": ("E1", "in the platform's numbers, seen elsewhere"),
    "E2": ("E2", "in your own tag or SDK"),
    "E3": ("E3", "in your own records"),
}
"""Evidence classes, the weakest first, and where their counts are."""


@check(
    question="What share of the bill is backed by interactions that somebody else counted?",
    formula="support = min(billed, confirmed) / billed; not backed = amount − R(amount × confirmed, billed)",
    grain="campaign and month, and account, unit and class where several campaigns have them",
    reads=("evidence", "delivery", "invoice_lines.amount_micros", "terms.model", "agreements"),
    waits_for=("cost", "clicks", "conversions"),
    tolerance="none: a metric",
    severity="info",
)
def engagement_support(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Each campaign is capped at its billed units before anything is summed: no surplus hides another's gap.

    Counts of several sources, kinds or classes are never added; the strongest class counts, and of it the
    largest count. Only where an action is paid for.
    """
    currencies = currency_by_document(facts)
    groups: defaultdict[tuple[str, ...], list[tuple[CampaignMonth, Backing]]] = defaultdict(list)
    for campaign in sorted(facts.campaigns, key=lambda one: (one.subject, one.currency)):
        model = model_of(campaign)
        if model not in BASES or model in PER_VIEW or campaign.billed_micros == 0:
            continue
        if stopped := blocked(campaign, currencies):
            yield stopped
        elif found := backing(campaign, model):
            yield as_pending(_supported([(campaign, found)]), _until([campaign]))
            account = (campaign.connector, campaign.account_id, campaign.currency)
            groups[*account, found.basis.column, found.evidence_class].append((campaign, found))
        else:
            unit = BASES[model].unit
            yield not_checkable(
                of_campaign(campaign),
                f"Not checked: only the platform itself counts the {unit}s of this campaign.",
                f"Connect or import your own count of {unit}s, with the campaign's id.",
            )
    for (connector, account_id, _, column, name), rows in groups.items():
        if len(rows) > 1:
            whole = replace(
                _supported(rows), subject=f"{connector}/{account_id}/{column}/{name}", campaign_id=""
            )
            yield as_pending(whole, _until([campaign for campaign, _ in rows]))


def _until(campaigns: Sequence[CampaignMonth]) -> date | None:
    days = [final_from(campaign, active(campaign)) for campaign in campaigns]
    return max((day for day in days if day is not None), default=None)


def _supported(rows: Sequence[tuple[CampaignMonth, Backing]]) -> Outcome:
    """The support of campaigns of one account, unit and class; about the first of them."""
    campaign, first = rows[0]
    currency, basis = campaign.currency, first.basis
    billed, confirmed = sum(one.billed for _, one in rows), sum(one.confirmed for _, one in rows)
    amount, unbacked = sum(one.amount_micros for _, one in rows), sum(one.unbacked_micros for _, one in rows)
    support, (_, place) = share_ppm(confirmed, billed) or 0, WHOSE[first.evidence_class]
    (number, _, unit), (seen, _, _) = (
        quantity_text(basis, units, currency).partition(" ") for units in (billed, confirmed)
    )
    within = f" of {plural(len(rows), 'campaign')}" if len(rows) > 1 else ""
    text = f"{seen} of {number} billed {unit}{within} are {place} ({share_text(support)})"
    outcome = replace(
        of_campaign(campaign),
        verdict="finding",
        billed_micros=amount,
        formula=f"{price_text(amount, currency)} − {price_text(amount - unbacked, currency)}",
        explanation=sentence(f"{text}: {money_text(unbacked, currency)} is not backed.", f"{text}."),
        next_step="Look at the campaigns with the lowest share first.",
        proof=tuple(row for one, found in rows[:SHOWN] for row in _proof(one, found, len(rows) == 1)),
        figures={"support_ppm": support, "unsupported_micros": unbacked, "class": first.evidence_class},
    )
    return outcome if unbacked else replace(outcome, verdict="clear", explanation=sentence(f"{text}."))


def _proof(campaign: CampaignMonth, found: Backing, in_full: bool) -> Iterator[Proof]:
    if in_full:
        yield from billed_proof(campaign)
        yield from count_proof(campaign, found.basis.column)
    evidence_class, place = WHOSE[found.evidence_class]
    confirmed = found.confirmed // (MICROS if found.basis.per == MICROS else 1)
    capped = "" if confirmed == found.evidence.quantity else f", of which {confirmed:,} count"
    yield Proof(
        says=f"{found.evidence.kind} {place}, {plural(found.evidence.records, 'record')}",
        table="evidence",
        key=f"{found.evidence.source_id} {campaign.subject} {campaign.month}",
        value=f"{found.evidence.quantity:,}{capped}",
        evidence_class=evidence_class,
    )
