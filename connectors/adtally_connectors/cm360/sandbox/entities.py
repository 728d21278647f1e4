"""What the buyer keeps in CM360: a campaign for each publisher account, a placement for each campaign there.

Source: Campaign Manager 360 API v5, schemas Campaign, Placement, PlacementGroup, PricingSchedule; read
2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from adtally import Window, world

ADVERTISER = "5510101"
"""The advertiser that all of it belongs to."""
PUBLISHER = "northbay"
BOOKED_UNTIL = date(2026, 12, 31)
ARCHIVED_AFTER = timedelta(days=20)
RAISED_ON = date(2026, 11, 1)
"""When prices by click were raised, from nine tenths of what they are."""

TYPES = {"cpm": "CPM", "vcpm": "CPM_ACTIVEVIEW", "cpc": "CPC", "cpl": "CPA", "cps": "CPA", "cpa": "CPA"}
"""Pricing types by model; what CM360 has no type for is booked at a flat price."""
SHARE = {"CPM": 1, "CPM_ACTIVEVIEW": 2, "CPC": 100, "CPA": 2000, "FLAT_RATE_IMPRESSIONS": 1}
"""Impressions that come to one unit, as it is planned."""


@dataclass(frozen=True, slots=True)
class Booking:
    """A placement, and the publisher's campaign that runs on it."""

    account: world.Account
    campaign: world.Campaign
    today: date

    @property
    def placement_id(self) -> str:
        return f"33{self.campaign.campaign_id}"

    @property
    def campaign_id(self) -> str:
        return f"22{self.account.account_id.removeprefix('NB-')}"

    @property
    def group_id(self) -> str:
        """The package that it is sold in, or ""."""
        agreed = self.campaign.agreement
        packaged = agreed is not None and (agreed.model, agreed.kind) == ("cpm", "fixed")
        return f"44{self.campaign_id}" if packaged else ""

    @property
    def name(self) -> str:
        return f"{self.account.account_id} {self.campaign.name}"

    @property
    def external_id(self) -> str:
        """The publisher's id; nobody took the trouble for what is small."""
        return "" if self.campaign.remnant else self.campaign.campaign_id

    @property
    def days(self) -> Window:
        runs = self.campaign.days
        ended = runs.last_day < self.today - timedelta(days=1)
        return Window(runs.first_day, runs.last_day if ended else BOOKED_UNTIL)

    @property
    def status(self) -> str:
        if self.days.last_day >= self.today:
            return "PLACEMENT_STATUS_ACTIVE"
        long_ago = self.days.last_day < self.today - ARCHIVED_AFTER
        return "PLACEMENT_STATUS_ARCHIVED" if long_ago else "PLACEMENT_STATUS_INACTIVE"


def publishers(played: world.World) -> list[world.Account]:
    return [account for account in played.accounts if account.connector == PUBLISHER]


def bookings(played: world.World) -> list[Booking]:
    return [
        Booking(account, campaign, played.today)
        for account in publishers(played)
        for campaign in account.campaigns
    ]


def advertiser(account: world.Account) -> dict[str, object]:
    return {
        "kind": "dfareporting#advertiser",
        "id": account.account_id,
        "name": account.name,
        "accountId": account.manager_id,
        "status": "APPROVED",
        "suspended": False,
    }


def campaign(account: world.Account, played: world.World) -> dict[str, object]:
    return {
        "kind": "dfareporting#campaign",
        "id": f"22{account.account_id.removeprefix('NB-')}",
        "name": account.name,
        "advertiserId": ADVERTISER,
        "archived": not account.campaigns,
        "startDate": str(played.first_day),
        "endDate": str(BOOKED_UNTIL),
        "billingInvoiceCode": account.account_id,
    }


def placement(booking: Booking) -> dict[str, object]:
    by_video = booking.campaign.model in ("cpv", "cpcv")
    found: dict[str, object] = {
        "kind": "dfareporting#placement",
        "id": booking.placement_id,
        "name": booking.name,
        "campaignId": booking.campaign_id,
        "advertiserId": ADVERTISER,
        "siteId": "7701",
        "paymentSource": "PLACEMENT_AGENCY_PAID",
        "compatibility": "IN_STREAM_VIDEO" if by_video else "DISPLAY",
        "activeStatus": booking.status,
        "pricingSchedule": _schedule(booking, priced=not booking.group_id),
    }
    if booking.external_id:
        found["externalId"] = booking.external_id
    if booking.group_id:
        found["placementGroupId"] = booking.group_id
    return found


def groups(booked: list[Booking]) -> Iterator[dict[str, object]]:
    """The packages, each at the price of its first placement."""
    for group_id in dict.fromkeys(one.group_id for one in booked if one.group_id):
        members = [one for one in booked if one.group_id == group_id]
        yield {
            "kind": "dfareporting#placementGroup",
            "id": group_id,
            "name": f"{members[0].account.account_id} package",
            "campaignId": members[0].campaign_id,
            "advertiserId": ADVERTISER,
            "placementGroupType": "PLACEMENT_PACKAGE",
            "activeStatus": members[0].status,
            "childPlacementIds": [one.placement_id for one in members],
            "pricingSchedule": _schedule(members[0], priced=True),
        }


def _schedule(booking: Booking, *, priced: bool) -> dict[str, object]:
    kind = TYPES.get(booking.campaign.model, "FLAT_RATE_IMPRESSIONS")
    days = booking.days
    found: dict[str, object] = {
        "pricingType": f"PRICING_TYPE_{kind}",
        "startDate": str(days.first_day),
        "endDate": str(days.last_day),
        "testingStartDate": str(days.first_day),
        "capCostOption": "CAP_COST_CUMULATIVE",
        "flighted": False,
    }
    if not priced:
        return found
    rate = rate_micros(booking)
    periods = [_period(days, rate, kind, booking)]
    if kind == "CPC" and days.first_day < RAISED_ON <= days.last_day:
        before = Window(days.first_day, RAISED_ON - timedelta(days=1))
        after = Window(RAISED_ON, days.last_day)
        periods = [_period(before, rate * 9 // 10, kind, booking), _period(after, rate, kind, booking)]
    if kind == "CPA":
        found["floodlightActivityId"] = "880001"
    return {**found, "pricingPeriods": periods}


def rate_micros(booking: Booking) -> int:
    """The agreed price, else the usual one; of what is booked flat and paid by unit, that of all units."""
    agreed, model = booking.campaign.agreement, booking.campaign.model
    if model == "cps":
        return 0
    price = agreed.rate_micros if agreed and agreed.rate_micros else booking.campaign.price_micros
    return price if model in TYPES or model == "flat" else price * booking.campaign.volume


def _period(days: Window, rate: int, kind: str, booking: Booking) -> dict[str, object]:
    units = booking.campaign.volume * days.days // SHARE[kind]
    return {
        "startDate": str(days.first_day),
        "endDate": str(days.last_day),
        "units": str(units),
        "rateOrCostNanos": str(rate * 1000),
    }
