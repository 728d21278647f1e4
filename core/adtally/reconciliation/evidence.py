"""Evidence beside campaigns, joined by the campaign ids that it names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ..calendar import Window
from ..ledger import Connection
from ..money import MICROS
from . import sql
from .facts import EvidenceSum
from .owners import AccountId, Owners
from .reading import bounds


def read_evidence(conn: Connection, month: Window) -> dict[str, list[EvidenceSum]]:
    """The month's evidence by the campaign id that it names; refuted records are left out."""
    found: defaultdict[str, list[EvidenceSum]] = defaultdict(list)
    for campaign_id, source, kind, evidence_class, micros, records in conn.execute(
        sql.EVIDENCE, bounds(month)
    ):
        found[campaign_id].append(
            EvidenceSum(
                source_id=source,
                kind=kind,
                evidence_class=evidence_class,
                quantity=micros // MICROS,
                records=records,
            )
        )
    return dict(found)


def ambiguous(owners: Owners, campaigns: Iterable[tuple[int, str, str]]) -> set[str]:
    """Campaign ids that more than one account bears: evidence that names only the id proves nothing."""
    bearers: defaultdict[str, set[AccountId]] = defaultdict(set)
    for key, campaign_id, _ in campaigns:
        bearers[campaign_id].add(owners.by_key[key].account)
    return {campaign_id for campaign_id, accounts in bearers.items() if len(accounts) > 1}
