"""What a campaign is paid by, a lead or a sale, and how far the sources that know of it are known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from ...records import Model, hashed
from ..coverage_facts import Coverage
from ..facts import CampaignMonth, Facts
from ..sales_facts import KINDS, Action, CampaignSales
from ..verdicts import Outcome
from .campaigns import active
from .outcomes import not_checkable
from .sentences import plural


def paid_by(campaign: CampaignMonth) -> Model | None:
    """The one model that the month ran under, also where only a bill says what it cost; else None."""
    models: set[Model | None] = {period.rate.model if period.rate else None for period in active(campaign)}
    return models.pop() if len(models) == 1 else None


def action_of(campaign: CampaignMonth, sales: CampaignSales | None) -> Action | None:
    """What the campaign is paid by; None: neither, or nobody says which of the two its actions are."""
    model = paid_by(campaign)
    if model in ("cpl", "cps"):
        return "lead" if model == "cpl" else "sale"
    if model != "cpa":
        return None
    if sales is None:
        return "sale"
    listed: set[Action] = {one.action for one in sales.listed}
    kept: set[Action] = {
        action for action, kinds in KINDS.items() if any(one.kind in kinds for one in sales.kept)
    }
    counts: dict[Action, int | None] = {"lead": campaign.counts.leads, "sale": campaign.counts.purchases}
    counted_as: set[Action] = {action for action, count in counts.items() if count}
    for told in (listed, kept, counted_as):
        if len(told) == 1:
            return told.pop()
    return None if listed or kept else "sale"


def id_text(one: str, action: Action) -> str:
    """An id as a proof shows it: that of a lead is hashed, and a hash is cut."""
    shown = hashed(one) if action == "lead" and not _is_hash(one) else one
    return f"{shown[:12]}…" if _is_hash(shown) else shown


def _is_hash(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def coverage_of(facts: Facts, connector: str, account_id: str) -> Coverage:
    """How far the month's leads and sales of a source are known."""
    place = (connector, account_id)
    coverage = next(
        (source.coverage for source in facts.sources if (source.connector, source.account_id) == place),
        Coverage(missing_days=facts.month.days),
    )
    missing = max(coverage.missing_days, facts.sales.unfetched.get(place, 0))
    return replace(coverage, missing_days=missing)


def final_of(coverages: Iterable[Coverage]) -> date | None:
    """From when on all of it is final; None: it is."""
    days = [day for coverage in coverages for day in coverage.pending_until.values()]
    return max(days, default=None)


def unfetched_source(blank: Outcome, days: int, place: str) -> Outcome:
    return not_checkable(
        blank,
        f"Not checked: {plural(days, 'day')} of {place} were not fetched.",
        f"Run `adtally sync --first-day {blank.window.first_day}`.",
    )
