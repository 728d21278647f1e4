"""The worked cases again, from rows in a real ledger through the facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adtally import Account, Connector, Delivery, Invoice, InvoiceLine, InvoiceLink, Terms, Unit, pulls
from adtally.commands import reconcile
from adtally.engine.jobs import Wishes
from adtally.engine.run import run_sync
from adtally.ledger import Ledger
from adtally.money import amount_text
from adtally.reconciliation.facts import CampaignMonth, Document, Facts, Rate
from adtally.reconciliation.rules import Rules
from adtally.registry import Configured
from adtally.settings import Settings

from .cases import CASES, OCTOBER, Case

NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)
DAY = date(2026, 10, 15)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_worked_case_comes_out_of_the_ledger_to_the_micro(case: Case, tmp_path: Path) -> None:
    settings = written(tmp_path, case)

    with Ledger(tmp_path / "adtally.db") as ledger:
        told = teller(case.facts)
        run = run_sync(
            ledger,
            [Configured("google", told(base_url="https://ads.example"), (), ("campaign",))],
            Wishes(first_day=OCTOBER.first_day),
            clock=lambda: NOW,
            run_id="1",
        )
        result = reconcile(settings, ledger, month="2026-10", clock=lambda: NOW)

    assert run.failures == []
    [outcome] = [outcome for outcome in result.outcomes if outcome.check_id == case.check]
    assert outcome.verdict == case.verdict
    assert {name: getattr(outcome, name) for name in case.expected} == case.expected
    assert {name: outcome.figures.get(name) for name in case.figures} == case.figures


def teller(facts: Facts) -> type[Connector]:
    """A connector whose platform reports and bills just what the facts say."""

    class Told(Connector):
        name = "google_ads"

        def accounts(self) -> Iterable[Account]:
            return [Account(id="1", currency=currency(facts), timezone="UTC")]

        @pulls(Terms)
        def terms(self, unit: Unit) -> Iterator[Terms]:
            for campaign in facts.campaigns:
                rate = campaign.periods[0].rate
                if rate and rate.kind == "auto":
                    yield Terms(
                        level="campaign", entity_id=campaign.campaign_id, model=rate.model, kind=rate.kind
                    )

        @pulls(Delivery, max_days=31)
        def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
            if DAY not in unit.window:
                return
            for campaign in facts.campaigns:
                yield delivery(campaign)
            for group in facts.groups:
                for delivered in group.delivered:
                    yield Delivery(
                        day=DAY,
                        campaign_id="9",
                        currency=delivered.currency,
                        cost_micros=delivered.cost_micros,
                    )

        @pulls(Invoice)
        def invoices(self, unit: Unit) -> Iterator[Invoice]:
            if DAY in unit.window:
                yield from map(invoice, facts.documents)

    return Told


def currency(facts: Facts) -> str:
    codes = [campaign.currency for campaign in facts.campaigns]
    codes += [delivered.currency for group in facts.groups for delivered in group.delivered]
    return [*codes, *(document.currency for document in facts.documents)][0]


def delivery(campaign: CampaignMonth) -> Delivery:
    counts = {name: getattr(campaign.counts, name) for name in campaign.counts.__struct_fields__}
    return Delivery(day=DAY, campaign_id=campaign.campaign_id, **counts)


def invoice(document: Document) -> Invoice:
    links = [InvoiceLink(kind="corrects", other_id=other) for other in document.corrects]
    links += [InvoiceLink(kind="replaces", other_id=other) for other in document.replaces]
    lines = (
        InvoiceLine(
            line=line.line,
            kind=line.kind,  # type: ignore[arg-type]
            quantity=line.quantity,
            per=line.per,  # type: ignore[arg-type]
            unit_price_micros=line.unit_price_micros,
            amount_micros=line.amount_micros,
            jurisdiction=line.jurisdiction,
            original_invoice_id=line.original_invoice_id,
        )
        for line in document.lines
    )
    return Invoice(
        invoice_id=document.invoice_id,
        number=document.number,
        kind=document.kind,  # type: ignore[arg-type]
        first_day=OCTOBER.first_day,
        last_day=OCTOBER.last_day,
        currency=document.currency,
        adjustments_micros=document.adjustments_micros,
        tax_micros=document.tax_micros,
        total_micros=document.total_micros,
        lines=tuple(lines),
        links=tuple(links),
    )


def written(folder: Path, case: Case) -> Settings:
    """The configuration that holds the case's agreements and rates."""
    parts = ['[connectors.google]\nuse = "google_ads"\n', *rates(case.rules)]
    for campaign in case.facts.campaigns:
        rate = campaign.periods[0].rate
        if rate and rate.kind in ("fixed", "cap"):
            parts.append(agreement(campaign, rate))
    path = folder / "config.toml"
    path.write_text("\n".join(parts), encoding="utf-8")
    return Settings.load(path)


def agreement(campaign: CampaignMonth, rate: Rate) -> str:
    assert rate.rate_micros is not None
    return f"""[[agreements]]
connector = "google"
account = "1"
campaign = "{campaign.campaign_id}"
model = "{rate.model}"
kind = "{rate.kind}"
rate = "{amount_text(rate.rate_micros, campaign.currency, decimals=6)}"
"""


def rates(rules: Rules) -> Iterator[str]:
    for code, prices in rules.rates.items():
        yield f"[reconcile.rates.{code}]"
        for model, price in prices.items():
            text = f"{price // 10_000}%" if model == "cps" else amount_text(price, code, decimals=6)
            yield f'{model} = "{text}"'
