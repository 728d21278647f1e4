"""Which campaign a key of evidence means: by verified ids only, else by what the user wrote down.

A campaign id or utm_id means the one campaign of that id; a click, lead or order id the campaign that the
biller's own list (class E0) names for it; anything else needs a row in the mapping file. A key that may mean
two campaigns means none.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from ..errors import ConfigError
from ..records import canonical_account
from .owners import AccountId, Owners

CampaignRef: TypeAlias = tuple[AccountId, str]
"""Platform and account, and the campaign's id there."""
COLUMNS = ("evidence", "key", "connector", "account", "campaign")


class Mapped(NamedTuple):
    """One row of the mapping file: what a key of one evidence connector means."""

    evidence: str
    key: str
    connector: str
    account_id: str
    campaign_id: str


def read_mapping(path: Path) -> tuple[Mapped, ...]:
    """The rows of a mapping file. Raises ConfigError, with the line, for one that cannot be used."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})") from error
    lines = csv.reader(text.splitlines())
    found: dict[tuple[str, str], Mapped] = {}
    try:
        if tuple(next(lines, ())) != COLUMNS:
            raise ConfigError(f"{path}: its first line must be {','.join(COLUMNS)}")
        for cells in lines:
            if cells:
                mapped = _mapped(cells)
                if found.setdefault(mapped[:2], mapped) != mapped:
                    raise ValueError(f"{mapped.key!r} means two campaigns")
    except (ValueError, csv.Error) as error:
        raise ConfigError(f"{path}, line {lines.line_num}: {error}") from error
    return tuple(found.values())


def _mapped(cells: Sequence[str]) -> Mapped:
    if len(cells) > len(COLUMNS):
        raise ValueError("more values than columns: a value with a comma needs quotes around it")
    evidence, key, connector, account, campaign, *_ = [cell.strip() for cell in (*cells, "", "", "", "", "")]
    if not (evidence and key and connector and account and campaign):
        raise ValueError("a value is missing")
    return Mapped(evidence, key, connector, canonical_account(account), campaign)


class CampaignKeys:
    """Finds the campaign that a key of evidence means."""

    def __init__(self, owners: Owners, campaigns: Iterable[CampaignRef], mapping: Iterable[Mapped]) -> None:
        self._by_id: defaultdict[str, set[AccountId]] = defaultdict(set)
        for account, campaign_id in campaigns:
            self._by_id[campaign_id].add(account)
        accounts = {(owner.connector, owner.account_id): owner.account for owner in owners.by_key.values()}
        self._mapped: dict[tuple[str, str], CampaignRef] = {
            (row.evidence, row.key): (accounts[row.connector, row.account_id], row.campaign_id)
            for row in mapping
            if (row.connector, row.account_id) in accounts
        }

    def find(self, evidence: str, key_kind: str, key: str, *, account_hint: str = "") -> CampaignRef | None:
        """The campaign that ``key`` of the connector ``evidence`` means; None if none or several.

        ``account_hint`` is what the source tells beside the campaign's id. A number is the ad account's, and
        then the campaign is one of that account; other words, such as a network's name, may be anything.
        """
        if not key:
            return None
        if (evidence, key) in self._mapped:
            return self._mapped[evidence, key]
        if key_kind not in ("campaign_id", "utm_id"):
            return None
        hint = canonical_account(account_hint)
        bearers = self._by_id.get(key, set())
        named = {account for account in bearers if account[1] == hint}
        accounts = named if hint.isdecimal() else named or bearers
        return (next(iter(accounts)), key) if len(accounts) == 1 else None
