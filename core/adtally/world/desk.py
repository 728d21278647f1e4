"""The bills of a draft while faults are put into them: what is still free, and what is told as truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from ..calendar import Window, month_name
from .contract import Spot
from .model import Account, Campaign, Draft, Kind, Planted, stream
from .paper import Bill, BillLine


class NoBillLeft(Exception):
    """Earlier plants took every bill that the next one would fit on."""


class Desk:
    """The bills of a draft that nothing is planted on yet; each plant takes its own away."""

    def __init__(self, draft: Draft, taken: set[Spot], attempt: int) -> None:
        self.draft = draft
        self.rng = stream(draft.seed, "documents", attempt)
        self.guilty = {spot.campaign.campaign_id for spot in taken}
        """Campaigns of whose amounts another plant makes use."""
        scenes = {account.billed_to for account in draft.accounts if account.scene}
        self.free = [bill for bill in draft.bills if bill.billed_to not in scenes]
        self.campaigns = {
            campaign.campaign_id: campaign for account in draft.accounts for campaign in account.campaigns
        }
        self.guilty |= {
            number
            for number, campaign in self.campaigns.items()
            if campaign.quiet or (campaign.agreement and campaign.agreement.flight)
        }

    def take(self, fits: Callable[[Bill], bool]) -> Bill:
        fitting = [bill for bill in self.free if fits(bill)]
        if not fitting:
            raise NoBillLeft
        bill = self.rng.choice(fitting)
        self.free.remove(bill)
        return bill

    def put(self, old: Bill, new: Bill) -> None:
        self.draft.bills[self.draft.bills.index(old)] = new

    def members(self, bill: Bill) -> list[Account]:
        return [account for account in self.draft.accounts if account.billed_to == bill.billed_to]

    def media(self, bill: Bill) -> list[BillLine]:
        """The lines of campaigns in which nothing is planted."""
        return [
            line
            for line in bill.lines
            if line.kind == "media" and line.campaign_id and line.campaign_id not in self.guilty
        ]

    def campaign(self, line: BillLine) -> Campaign:
        return self.campaigns[line.campaign_id]

    def of_campaign(self, bill: Bill, line: BillLine) -> str:
        """How outcomes name the campaign of a line."""
        owner = next(account for account in self.members(bill) if account.account_id == line.account_id)
        return f"{owner.connector}/{owner.account_id}/{line.campaign_id}"

    def say(
        self,
        check_id: str,
        bill: Bill,
        kind: Kind,
        note: str,
        *,
        subject: str = "",
        diff: int | None = None,
        at_risk: int | None = None,
    ) -> None:
        planted = Planted(
            check_id=check_id,
            subject=subject or bill.subject,
            month=month_name(bill.service.first_day),
            currency=bill.currency,
            kind=kind,
            note=note,
            diff_micros=diff,
            at_risk_micros=at_risk if at_risk is not None or kind != "fault" else diff,
        )
        self.draft.truth.append(planted)


def is_direct(bill: Bill) -> bool:
    """Whether it comes from a publisher, as a file."""
    return bill.connector.endswith("_invoices")


def days(window: Window) -> tuple[date, date]:
    return window.first_day, window.last_day
