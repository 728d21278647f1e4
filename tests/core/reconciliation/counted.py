"""Small builders of counts by others: campaigns beside them, their sources, and how much is tagged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from adtally.connector import MetricGroup
from adtally.reconciliation.account_facts import AccountMonth
from adtally.reconciliation.checks import CHECKS
from adtally.reconciliation.coverage_facts import Coverage
from adtally.reconciliation.evidence_facts import (
    EvidenceSource,
    EvidenceSum,
    ServiceCredit,
    SessionTrail,
    TaggedShare,
)
from adtally.reconciliation.facts import CampaignMonth, Clauses, Facts
from adtally.reconciliation.rules import Rules
from adtally.reconciliation.tagging import tagged_shares
from adtally.reconciliation.verdicts import Outcome

from .cases import OCTOBER, RULES, TODAY, billed_account


def counted(
    quantity: int, kind: str = "session", *, source: str = "ga4", evidence_class: str = "E2", **fields: object
) -> EvidenceSum:
    """One count by the account ``1`` of the connector ``source``."""
    values: dict[str, object] = {
        "connector": source,
        "account_id": "1",
        "source_id": source,
        "kind": kind,
        "evidence_class": evidence_class,
        "quantity": quantity,
        "records": 31,
        **fields,
    }
    return EvidenceSum(**values)  # type: ignore[arg-type]


def source(
    name: str = "ga4",
    *,
    missing_days: int = 0,
    pending_until: Mapping[MetricGroup, date] | None = None,
    **fields: object,
) -> EvidenceSource:
    coverage = Coverage(missing_days=missing_days, pending_until=pending_until or {})
    values: dict[str, object] = {"connector": name, "account_id": "1", "coverage": coverage, **fields}
    return EvidenceSource(**values)  # type: ignore[arg-type]


def known(
    *campaigns: CampaignMonth,
    sources: Iterable[EvidenceSource] | None = None,
    tagged: Iterable[TaggedShare] | None = None,
    trails: tuple[SessionTrail, ...] = (),
    given_back: tuple[ServiceCredit, ...] = (),
    accounts: tuple[AccountMonth, ...] | None = None,
    today: date = TODAY,
) -> Facts:
    """The facts of these campaigns; each of their sources is fetched completely unless it is given."""
    names = sorted({row.connector for campaign in campaigns for row in campaign.evidence})
    return Facts(
        month=OCTOBER,
        today=today,
        campaigns=campaigns,
        accounts=(billed_account(),) if accounts is None else accounts,
        sources=tuple(source(name) for name in names) if sources is None else tuple(sources),
        tagged=tuple(tagged_shares(campaigns)) if tagged is None else tuple(tagged),
        session_trails=trails,
        service_credits=given_back,
    )


def tagged(ppm: int, kind: str = "session") -> list[TaggedShare]:
    return [TaggedShare(connector="google", account_id="1", currency="USD", kind=kind, ppm=ppm)]


def run(check: str, found: Facts, rules: Rules = RULES) -> list[Outcome]:
    outcomes = list(CHECKS[check].run(found, rules))
    assert all(0 < len(outcome.explanation) <= 140 for outcome in outcomes)
    return outcomes


def clause(by: str, **fields: object) -> Clauses:
    return Clauses(counted_by=by, **fields)  # type: ignore[arg-type]
