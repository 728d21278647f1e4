"""Invoice lines beside campaigns: which line bills which campaign, and which bill none that is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ..calendar import Window
from .account_facts import UnpairedLine
from .facts import BilledLine, Document, Line
from .owners import AccountId


class CampaignNames:
    """Finds campaigns by their names, however those are spelt."""

    def __init__(self, names: Mapping[tuple[str, str, str], str], ran: Collection[tuple[str, str, str]]):
        """``names`` are by platform, account and campaign; ``ran`` are those with rows in the month."""
        self._ids: defaultdict[tuple[AccountId, str], list[str]] = defaultdict(list)
        for (platform, account_id, campaign_id), name in names.items():
            self._ids[(platform, account_id), normalised(name)].append(campaign_id)
        self._ran = ran
        self._unnamed = {
            (platform, account) for platform, account, id_ in ran if not names.get((platform, account, id_))
        }

    def find(self, account: AccountId, name: str) -> list[str]:
        """The campaigns of that name; of several only those that ran, when any did."""
        found = self._ids.get((account, normalised(name)), []) if name else []
        return [campaign_id for campaign_id in found if (*account, campaign_id) in self._ran] or found

    def knows_all(self, account: AccountId) -> bool:
        """Whether every campaign that ran in the account has a name, so that an unknown one is new."""
        return account not in self._unnamed


@dataclass(slots=True)
class AccountLines:
    """The media lines of the bills that cover one account for just the month."""

    campaigns: defaultdict[str, list[BilledLine]] = field(
        default_factory=lambda: defaultdict[str, list[BilledLine]](list)
    )
    """By campaign id."""
    unpaired: list[UnpairedLine] = field(default_factory=list[UnpairedLine])
    lump: bool = False
    """Whether some line may hold money of any campaign: it names none, several, or no account."""

    @property
    def has_campaign_lines(self) -> bool:
        """Whether each campaign that ran should have a line."""
        return bool(self.campaigns or self.unpaired) and not self.lump


def pair_lines(
    documents: Iterable[Document], month: Window, names: CampaignNames
) -> dict[AccountId, AccountLines]:
    """The media lines by account, for the accounts whose bills cover the whole month and nothing else.

    A line belongs to the campaign of its id, else to the only one of its name.
    """
    found: defaultdict[AccountId, AccountLines] = defaultdict(AccountLines)
    days: defaultdict[AccountId, set[date]] = defaultdict(set)
    for document in documents:
        if document.window is None:
            continue
        accounts = [(document.platform, account_id) for account_id in document.accounts]
        for account in accounts:
            days[account].update(document.window)
        for line in document.lines:
            if line.kind != "media":
                continue
            if line.account_id:
                _pair(found[document.platform, line.account_id], document, line, names)
            elif len(accounts) == 1:
                _pair(found[accounts[0]], document, line, names)
            elif line.amount_micros:
                for account in accounts:
                    found[account].lump = True
    whole = set(month)
    return {account: lines for account, lines in found.items() if days[account] == whole}


def _pair(lines: AccountLines, document: Document, line: Line, names: CampaignNames) -> None:
    account = (document.platform, line.account_id or document.accounts[0])
    same_name = names.find(account, line.campaign_name)
    if line.campaign_id or len(same_name) == 1:
        lines.campaigns[line.campaign_id or same_name[0]].append(
            BilledLine(
                invoice=document.subject,
                line=line.line,
                quantity=line.quantity,
                unit=line.unit,
                amount_micros=line.amount_micros,
                paired_by="id" if line.campaign_id else "name",
            )
        )
    elif line.campaign_name and not same_name and names.knows_all(account):
        lines.unpaired.append(
            UnpairedLine(
                invoice=document.subject,
                line=line.line,
                description=line.campaign_name,
                amount_micros=line.amount_micros,
            )
        )
    elif line.amount_micros:
        lines.lump = True


def normalised(name: str) -> str:
    return " ".join(name.casefold().split())
