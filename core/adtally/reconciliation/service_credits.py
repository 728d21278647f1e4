"""What was given back for invalid traffic, by the month in which the ads ran, not the one of the document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from ..calendar import Window
from . import sql_counts
from .backing import INVALID_KINDS
from .evidence_facts import ServiceCredit
from .facts import CampaignMonth
from .lines import CampaignNames
from .reading import Reading

OPEN_DAYS = 60
"""How long after its end a month is given credits for."""
INVALID = frozenset(INVALID_KINDS.values())


class _Line(NamedTuple):
    platform: str
    connector: str
    invoice_id: str
    number: str
    billed_to: str
    first_day: str | None
    last_day: str | None
    issue_day: str | None
    currency: str
    line: str
    account_id: str
    campaign_id: str
    campaign_name: str
    amount_micros: int
    line_first_day: str | None
    line_last_day: str | None
    original: str
    corrects: str | None

    @property
    def label(self) -> str:
        """What tells the document from others of its platform, whichever connector brought it."""
        return self.number or self.invoice_id

    @property
    def window(self) -> Window | None:
        return _window(self.first_day, self.last_day)


Periods = Mapping[tuple[str, str], Window]
"""The service period of documents, by platform and by id or number."""


def read_service_credits(
    reading: Reading, names: CampaignNames, campaigns: Iterable[CampaignMonth]
) -> Iterator[ServiceCredit]:
    """The credits for invalid traffic of the month, and those of later documents that may be for it.

    A line is for the days that it names, else for those of the bill that it or its document corrects, else
    for the document's own. A later document whose line names none of these may credit any month before it.
    Nothing where nobody counted any invalid traffic.
    """
    if not any(row.kind in INVALID for campaign in campaigns for row in campaign.evidence):
        return
    accounts, periods, bearers = _accounts(reading), _periods(reading), dict[tuple[str, str], str]()
    bounds = {
        "known_on": reading.known.on.isoformat(),
        "first_text": reading.month.first_day.isoformat(),
    }
    for row in reading.conn.execute(sql_counts.CREDITS, bounds):
        line = _Line(*row)
        if bearers.setdefault((line.platform, line.label), line.connector) != line.connector:
            continue  # the same bill by another connector
        of_month = _is_of(line, periods, reading.month)
        if of_month is None:
            continue
        billed = accounts.get((line.connector, line.invoice_id)) or [line.billed_to]
        for account_id in [line.account_id] if line.account_id else billed:
            account = (line.platform, account_id)
            if account not in reading.owners.by_account:
                continue
            named = names.find(account, line.campaign_name)
            campaign_id = line.campaign_id or (named[0] if len(named) == 1 else "")
            yield ServiceCredit(
                connector=reading.owners.main(account).connector,
                account_id=account_id,
                currency=line.currency,
                campaign_id=campaign_id,
                amount_micros=-line.amount_micros,
                key=f"{line.connector}/{line.invoice_id}/{line.line}",
                of_month=of_month and (bool(line.account_id) or len(billed) == 1),
            )


def _is_of(line: _Line, periods: Periods, month: Window) -> bool | None:
    """Whether the line credits the month: False where it may, None where it does not."""
    own = _window(line.line_first_day, line.line_last_day)
    told = own if own != line.window else None
    for other in (line.original, line.corrects):
        told = told or (periods.get((line.platform, other)) if other else None)
    if told is not None:
        return True if told.last_day in month else None
    last = line.last_day or line.issue_day
    if last is None:
        return False
    issued = date.fromisoformat(last)
    if issued in month:
        return True
    return False if month.last_day < issued <= month.last_day + timedelta(days=OPEN_DAYS) else None


def _accounts(reading: Reading) -> dict[tuple[str, str], list[str]]:
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for connector, invoice_id, account_id in reading.conn.execute(sql_counts.BILLED_ACCOUNTS):
        found[connector, invoice_id].append(account_id)
    return dict(found)


def _periods(reading: Reading) -> dict[tuple[str, str], Window]:
    found = dict[tuple[str, str], Window]()
    for platform, invoice_id, number, first_day, last_day in reading.conn.execute(sql_counts.PERIODS):
        window = Window(date.fromisoformat(first_day), date.fromisoformat(last_day))
        for name in (invoice_id, number):
            if name:
                found.setdefault((platform, name), window)
    return found


def _window(first_day: str | None, last_day: str | None) -> Window | None:
    return (
        Window(date.fromisoformat(first_day), date.fromisoformat(last_day))
        if first_day and last_day
        else None
    )
