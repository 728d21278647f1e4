"""Each account's month beside its bills: what it cost, who was asked for documents, and what these cover."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

from ..calendar import Window, from_ordinal
from . import sql
from .account_facts import AccountMonth
from .facts import Document
from .lines import AccountLines
from .owners import AccountId, Owner
from .reading import Reading

PAID_BACK = ("credit_memo", "refund")
"""The kinds of documents that bill nothing."""


def read_account_months(
    reading: Reading,
    documents: Iterable[Document],
    lines: Mapping[AccountId, AccountLines],
    costs: Mapping[AccountId, Mapping[str, int | None]],
) -> list[AccountMonth]:
    """One entry for each account that delivers or is billed, in each currency that it delivered in.

    ``documents`` are all that may bill some day of the month. One in a currency that the account did not
    deliver in stands beside every currency: it is there, and whether it may be is another question.
    """
    asked, newest = _asked(reading), _last_documents(reading)
    month, owners = reading.month, reading.owners
    bills: defaultdict[AccountId, list[Document]] = defaultdict(list)
    for document in documents:
        for account_id in document.accounts if document.kind not in PAID_BACK else ():
            bills[document.platform, account_id].append(document)

    found = list[AccountMonth]()
    for account, here in owners.by_account.items():
        delivering = [owner for owner in here if owner.delivers]
        own = bills.get(account, [])
        if not delivering and not own:
            continue
        owner = delivering[0] if delivering else _owner_of(own[0], here)
        coverage = reading.days.coverage((one.key for one in here), month)
        by_currency = costs.get(account) or {owner.currency: 0 if coverage.complete else None}
        paired = lines.get(account, AccountLines())
        for currency, cost in by_currency.items():
            billing = [one for one in own if one.currency == currency or one.currency not in by_currency]
            subjects = {one.subject for one in billing}
            found.append(
                AccountMonth(
                    connector=owner.connector,
                    platform=owner.platform,
                    account_id=owner.account_id,
                    name=owner.name,
                    currency=currency,
                    timezone=owner.timezone,
                    month=month,
                    cost_micros=cost,
                    coverage=coverage,
                    payment=next((one.payment for one in here if one.payment != "unknown"), "unknown"),
                    bills=_bills(own, account, asked),
                    asked_on=asked.get(account),
                    documents=tuple(sorted(subjects)),
                    billed_days=_billed_days(billing, month),
                    last_document=newest.get(account, ""),
                    has_campaign_lines=paired.has_campaign_lines,
                    unpaired=tuple(line for line in paired.unpaired if line.invoice in subjects),
                )
            )
    return found


def _bills(
    own: Sequence[Document], account: AccountId, asked: Mapping[AccountId, date | None]
) -> Literal["asked", "not_offered", "not_asked"]:
    if own or asked.get(account):
        return "asked"
    return "not_offered" if account in asked else "not_asked"


def _owner_of(document: Document, here: Sequence[Owner]) -> Owner:
    return next((owner for owner in here if owner.connector == document.connector), here[0])


def _billed_days(documents: Iterable[Document], month: Window) -> int:
    covered = (document.window.overlap(month) for document in documents if document.window)
    return len({day for window in covered for day in window or ()})


def _asked(reading: Reading) -> dict[AccountId, date | None]:
    """The day of the last answer about documents of the month, by account; None where none are offered.

    An answer counts once the month was over; a file of documents is one, too. A platform that refused once
    was not asked for further months, so one refusal speaks for all.
    """
    found: dict[AccountId, date | None] = {}
    for platform, account_id, cadence, status, done_on, first_done_at, of_month in reading.conn.execute(
        sql.BILL_CELLS, reading.bounds
    ):
        account = (platform, account_id)
        if first_done_at is not None and first_done_at <= reading.known.at:
            day = min(from_ordinal(done_on), reading.known.on)
            if day > reading.month.last_day and (of_month or cadence == "file"):
                found[account] = max(day, found.get(account) or day)
        elif status == "not_offered":
            found.setdefault(account, None)
    return found


def _last_documents(reading: Reading) -> dict[AccountId, str]:
    bounds = {"known_on": reading.known.on.isoformat()}
    return {
        (platform, account_id): f"{number or invoice_id} of {day}" if day else number or invoice_id
        for platform, account_id, number, invoice_id, day in reading.conn.execute(sql.LAST_DOCUMENTS, bounds)
    }
