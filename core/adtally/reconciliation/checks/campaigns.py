"""What a campaign-month owes by its terms: the periods that count, what is missing, and the proof of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec.structs import asdict, replace

from ...connector import MetricGroup
from ...money import money_text
from ..facts import CampaignMonth, Counts, Facts, Gaps, Period, Rate
from ..pricing import Basis, basis_of, counted, price_of
from ..verdicts import Outcome, Proof, Stake
from .bill import SHOWN
from .outcomes import billed_stake, campaign_pool, not_checkable, not_fetched, of_campaign
from .sentences import decimal_text, plural, rate_text

QUIET = 5
"""Impressions a day below which a day without any is no wonder: at 5 it comes by chance once in 148 days.

Platforms leave out rows of nothing but zeros.
"""


def active(campaign: CampaignMonth) -> tuple[Period, ...]:
    """The periods in which anything ran or was charged; all of them if none did."""
    return tuple(period for period in campaign.periods if not _is_idle(period)) or campaign.periods


def _is_idle(period: Period) -> bool:
    rate, counts = period.rate, period.counts
    if rate is not None:
        basis = basis_of(rate)
        if rate.model == "flat" or (basis is not None and counted(basis, counts) is None):
            return False
    known = [value for value in _values(counts).values() if value is not None]
    return bool(known) and not any(known)


def _values(counts: Counts) -> dict[str, int | None]:
    return asdict(counts)


def currency_by_document(facts: Facts) -> dict[str, str]:
    return {document.subject: document.currency for document in facts.documents}


def gaps_of(campaign: CampaignMonth) -> Gaps | None:
    """The days without a row, if the days beside them were busy enough for that to mean something."""
    gaps = campaign.gaps
    if gaps is None:
        return None
    seen = sum(impressions for _, impressions in gaps.neighbours)
    return None if gaps.neighbours and seen < QUIET * len(gaps.neighbours) else gaps


def unfetched(campaign: CampaignMonth) -> Outcome | None:
    """Why no sum over the month's days means anything, or None: days that are not fetched, or have no row."""
    blank = of_campaign(campaign)
    if not campaign.coverage.complete:
        return not_fetched(blank, campaign.coverage)
    gaps = gaps_of(campaign)
    if gaps is not None and gaps.confirmed:
        return not_checkable(
            blank,
            "Not checked: some days between days with rows have none.",
            "See the outcome of delivery-gaps.",
        )
    return None


def blocked(campaign: CampaignMonth, currencies: Mapping[str, str]) -> Outcome | None:
    """Why no amount of the campaign can be judged, or None; ``currencies`` are those of the documents."""
    if unknown := unfetched(campaign):
        return unknown
    blank = of_campaign(campaign)
    billed_in = {currencies.get(line.invoice, campaign.currency) for line in campaign.lines}
    foreign = billed_in - {campaign.currency}
    if foreign:
        return not_checkable(
            blank,
            f"Not checked: billed in {', '.join(sorted(foreign))}, delivered in {campaign.currency}.",
            "See the finding of invoice-currency-mismatch.",
        )
    if campaign.billed_micros is None:
        return not_checkable(
            blank,
            "Not checked: there is neither a bill nor a cost report for these days.",
            "Import the bill's lines or the delivery with its cost as a file.",
        )
    return None


def opened(campaign: CampaignMonth, periods: Iterable[Period]) -> Outcome:
    """The outcome's beginning, with flags and confidence for what the judgement rests on."""
    assumed = any(period.rate is not None and period.rate.assumed for period in periods)
    flags = [
        flag for flag, holds in {"assumed_terms": assumed, "cost_report": not campaign.lines}.items() if holds
    ]
    confidence = "low" if assumed else "high" if campaign.lines else "medium"
    return replace(of_campaign(campaign), flags=tuple(flags), confidence=confidence)


def why_unpriced(campaign: CampaignMonth, rate: Rate) -> Outcome:
    """Which input of the charge is missing: the price, the flight of a flat price, or the count."""
    blank, basis = of_campaign(campaign), basis_of(rate)
    if price_of(rate) is None or (basis is None and rate.model != "flat"):
        return not_checkable(
            blank,
            f"Not checked: the model is {rate.model}, but its price is not known.",
            "Add the agreed rate to [[agreements]] in the configuration.",
        )
    if basis is None:
        return not_checkable(
            blank,
            "Not checked: a flat price needs the flight that it pays for.",
            "Add `flight` to the agreement in the configuration.",
        )
    return uncounted(campaign, basis.unit)


def uncounted(campaign: CampaignMonth, unit: str) -> Outcome:
    return not_checkable(
        of_campaign(campaign),
        f"Not checked: the platform does not report the {unit} count that the price is for.",
        f"Import delivery with the {unit} count as a file, or correct the agreement's model.",
    )


def mixed_terms(campaign: CampaignMonth) -> Outcome:
    return not_checkable(
        of_campaign(campaign),
        "Not checked: mixed terms. Parts of the month have terms of different kinds.",
        "Add an agreement for the whole month to the configuration.",
    )


def final_from(campaign: CampaignMonth, periods: Iterable[Period]) -> date | None:
    """The day from which all numbers are final that these terms read, or None if they are final now.

    Reported cost is read only where no bill says what was charged.
    """
    bases = [basis_of(period.rate) for period in periods if period.rate is not None]
    groups: set[MetricGroup] = {basis.group for basis in bases if basis is not None}
    if not campaign.lines:
        groups.add("cost")
    until = [day for group, day in campaign.coverage.pending_until.items() if group in groups]
    return max(until, default=None)


def one_rate(periods: Iterable[Period]) -> tuple[Rate, Basis, int] | None:
    """The rate, its basis and its units, if the whole month has one price of a known count."""
    rates = {
        (period.rate.model, price_of(period.rate), period.rate if period.rate.tiers else None): period.rate
        for period in periods
        if period.rate
    }
    if len(rates) != 1:
        return None
    rate = next(iter(rates.values()))
    basis = basis_of(rate)
    if basis is None:
        return None
    return rate, basis, sum(counted(basis, period.counts) or 0 for period in periods)


def stakes(campaign: CampaignMonth, excess: int) -> list[Stake]:
    """Where money beyond the contract lies: in the bill beyond reported cost, the rest in the cost itself."""
    if not campaign.lines:
        return [Stake(pool=campaign_pool(campaign), micros=excess)]
    billed, cost = campaign.billed_micros or 0, campaign.counts.cost_micros
    in_bill = excess if cost is None else min(max(billed - cost, 0), excess)
    return [
        billed_stake(campaign, in_bill),
        Stake(pool=campaign_pool(campaign), micros=excess - in_bill),
    ]


def proof(campaign: CampaignMonth, periods: Iterable[Period]) -> tuple[Proof, ...]:
    """The rows behind a judgement: what billed, what was counted, and who says what the price is."""
    return (*billed_proof(campaign), *count_proof(campaign), *_rates(campaign, periods))


def billed_proof(campaign: CampaignMonth) -> Iterator[Proof]:
    for line in campaign.lines[:SHOWN]:
        quantity = "" if line.quantity is None else f" for {line.quantity:,} {line.unit or 'units'}"
        yield Proof(
            says=f"billed by an invoice line{quantity}, paired by {line.paired_by}",
            table="invoice_lines",
            key=f"{line.invoice}/{line.line}",
            value=money_text(line.amount_micros, campaign.currency),
        )
    if rest := campaign.lines[SHOWN:]:
        yield Proof(
            says=f"billed by {plural(len(rest), 'further line')}",
            table="invoice_lines",
            key=campaign.subject,
            value=money_text(sum(line.amount_micros for line in rest), campaign.currency),
        )
    cost = campaign.counts.cost_micros
    if cost is not None:
        report = "the platform's cost report"
        yield Proof(
            says=f"reported cost, by {report}" if campaign.lines else f"from {report}, not from a bill",
            table="delivery",
            key=f"{campaign.subject} {campaign.month}",
            value=money_text(cost, campaign.currency),
            as_of=campaign.coverage.as_of,
        )


def count_proof(campaign: CampaignMonth, *columns: str) -> Iterator[Proof]:
    """The named counts, else every one that is known: a zero beside thousands says more than a zero alone."""
    for name, value in _values(campaign.counts).items():
        if value is None or name in ("cost_micros", "credited_micros") or name not in (columns or (name,)):
            continue
        yield Proof(
            says=f"{name.removesuffix('_micros').replace('_', ' ')} by the platform's own count",
            table="delivery",
            key=f"{campaign.subject} {campaign.month}",
            value=_count_text(name, value, campaign.currency),
            as_of=campaign.coverage.as_of,
        )


def _count_text(name: str, value: int, currency: str) -> str:
    if name == "revenue_micros":
        return money_text(value, currency)
    return decimal_text(value) if name.endswith("_micros") else f"{value:,}"


def _rates(campaign: CampaignMonth, periods: Iterable[Period]) -> Iterator[Proof]:
    for period in periods:
        rate = period.rate
        if rate is None or price_of(rate) is None:
            continue
        yield Proof(
            says=f"{rate.model} {rate.kind}, by {rate.source}{', assumed' if rate.assumed else ''}",
            table="agreements" if rate.source.startswith("agreement") else "terms",
            key=f"{campaign.subject} {period.window}",
            value=rate_text(rate, campaign.currency),
        )
