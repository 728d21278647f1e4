"""Campaigns one by one: what was shown, what was done, and what other pricing models would have cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import get_args

from msgspec import Struct

from ..money import money_text
from ..reconciliation.facts import CampaignMonth
from ..reconciliation.result import Month
from ..reconciliation.verdicts import Outcome
from ..records import Model
from .confirmed import interactions, own_counts
from .wording import plural, times_text

SHOWN = 20
"""Campaigns that a table lists for each currency, by what was billed."""

MODELS: tuple[Model, ...] = get_args(Model)
COUNTERFACTUAL = "pricing-model-counterfactual"


class OwnCount(Struct, frozen=True, kw_only=True):
    kind: str
    quantity: int
    evidence_class: str


class CampaignLine(Struct, frozen=True, kw_only=True):
    name: str
    platform: str
    account_id: str
    model: str
    """"" = not known, ``mixed`` = changed within the month."""
    currency: str
    billed_micros: int
    impressions: int | None
    interactions: int | None
    own: tuple[OwnCount, ...]


class Prices(Struct, frozen=True, kw_only=True):
    """What one campaign's month would have cost under each model: an accounting what-if, no forecast."""

    name: str
    platform: str
    account_id: str
    currency: str
    billed_micros: int
    model: str
    """The model in force."""
    by_model: dict[str, int]
    cheapest: str
    break_even_ppm: int | None
    """The click rate from which paying per view is cheaper than paying per click."""


class Listed(Struct, frozen=True, kw_only=True):
    """The campaigns of one currency with the largest bills, and how much the others were billed."""

    currency: str
    rows: tuple[CampaignLine, ...]
    others: int
    others_micros: int
    whole: CampaignLine
    """All of them together; a count that one of them lacks is not known for all."""


class WhatIf(Struct, frozen=True, kw_only=True):
    """What campaigns were billed, and what they would have cost by one other model."""

    currency: str
    model: str
    campaigns: int
    billed_micros: int
    micros: int


def campaign_lines(month: Month) -> list[Listed]:
    """One table a currency, the largest bills first, of campaigns with a bill or with impressions."""
    by_currency: dict[str, list[CampaignLine]] = {}
    for campaign in month.facts.campaigns:
        if campaign.billed_micros or campaign.counts.impressions:
            by_currency.setdefault(campaign.currency, []).append(_line(campaign))
    tables: list[Listed] = []
    for currency, rows in sorted(by_currency.items()):
        rows.sort(key=lambda row: (-row.billed_micros, row.name))
        others = rows[SHOWN:]
        rest = sum(row.billed_micros for row in others)
        tables.append(
            Listed(
                currency=currency,
                rows=tuple(rows[:SHOWN]),
                others=len(others),
                others_micros=rest,
                whole=_whole(currency, rows),
            )
        )
    return tables


def prices(month: Month) -> list[Prices]:
    """The counterfactual of campaigns that have one: by currency, of the largest bills, the largest first."""
    return [row for rows in _priced(month).values() for row in rows[:SHOWN]]


def what_ifs(month: Month) -> list[WhatIf]:
    """The counterfactual of all campaigns together, by currency and model; the model in force is left out."""
    found: list[WhatIf] = []
    for currency, rows in _priced(month).items():
        for model in columns(rows):
            others = [row for row in rows if model in row.by_model and row.model != model]
            if others:
                found.append(
                    WhatIf(
                        currency=currency,
                        model=model,
                        campaigns=len(others),
                        billed_micros=sum(row.billed_micros for row in others),
                        micros=sum(row.by_model[model] for row in others),
                    )
                )
    return found


def what_if_text(row: WhatIf) -> str:
    """Such as: Bought by CPM, the 3 campaigns billed USD 58,705.23 would have cost USD 1,067,174.14."""
    billed, cost = money_text(row.billed_micros, row.currency), money_text(row.micros, row.currency)
    those = f"{plural(row.campaigns, 'campaign')} billed at {billed}"
    times = times_text(row.micros, row.billed_micros)
    return f"Bought by {row.model.upper()}, {those} would have cost {cost}: {times} the bill."


def _priced(month: Month) -> dict[str, list[Prices]]:
    known = {campaign.subject: campaign for campaign in month.facts.campaigns}
    by_currency: dict[str, list[Prices]] = {}
    for outcome in month.outcomes:
        if outcome.check_id == COUNTERFACTUAL and outcome.subject in known:
            row = _prices(known[outcome.subject], outcome)
            if row.by_model:
                by_currency.setdefault(row.currency, []).append(row)
    return {
        currency: sorted(rows, key=lambda row: (-row.billed_micros, row.name))
        for currency, rows in sorted(by_currency.items())
    }


def columns(rows: Iterable[Prices]) -> list[str]:
    """The models that any of the rows has a price of, in the fixed order of models."""
    present = {model for row in rows for model in row.by_model}
    return [model for model in MODELS if model in present]


def model_in_force(campaign: CampaignMonth) -> str:
    """The model that the month's cost came under; "mixed" where it changed, "" where it is not known."""
    models: set[str] = {
        period.rate.model if period.rate else "" for period in campaign.periods if period.counts.cost_micros
    }
    return models.pop() if len(models) == 1 else "mixed" if models else ""


def _line(campaign: CampaignMonth) -> CampaignLine:
    own = [
        OwnCount(kind=kind, quantity=row.acted, evidence_class=row.evidence_class)
        for kind, row in sorted(own_counts(campaign).items())
    ]
    return CampaignLine(
        name=campaign.name or campaign.campaign_id,
        platform=campaign.platform,
        account_id=campaign.account_id,
        model=model_in_force(campaign),
        currency=campaign.currency,
        billed_micros=campaign.billed_micros or 0,
        impressions=campaign.counts.impressions,
        interactions=interactions(campaign.counts),
        own=tuple(own),
    )


def _whole(currency: str, rows: Sequence[CampaignLine]) -> CampaignLine:
    shown, done = [row.impressions for row in rows], [row.interactions for row in rows]
    return CampaignLine(
        name="",
        platform="",
        account_id="",
        model="",
        currency=currency,
        billed_micros=sum(row.billed_micros for row in rows),
        impressions=None if None in shown else sum(count or 0 for count in shown),
        interactions=None if None in done else sum(count or 0 for count in done),
        own=(),
    )


def _prices(campaign: CampaignMonth, outcome: Outcome) -> Prices:
    by_model: dict[str, int] = {
        model: micros for model in MODELS if isinstance(micros := outcome.figures.get(model), int)
    }
    billed = outcome.billed_micros if outcome.billed_micros is not None else campaign.billed_micros or 0
    model = model_in_force(campaign)
    if by_model and model in MODELS:
        by_model[model] = billed
    return Prices(
        name=campaign.name or campaign.campaign_id,
        platform=campaign.platform,
        account_id=campaign.account_id,
        currency=campaign.currency,
        billed_micros=billed,
        model=model,
        by_model=by_model,
        cheapest=min(by_model, key=lambda name: (by_model[name], name)) if by_model else "",
        break_even_ppm=_break_even(outcome),
    )


def _break_even(outcome: Outcome) -> int | None:
    told = outcome.figures.get("break_even_ctr_ppm")
    return told if isinstance(told, int) else None
