"""Campaign Manager 360: what is asked of its API, and the records that come of it.

Source: Campaign Manager 360 API (dfareporting) v5, discovery document of revision 20261107, read 2026-11.
docs/platforms/cm360.md tells the mapping and the oddities.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import NonNegativeFloat, PositiveFloat, field_validator

from adtally import (
    Account,
    AdGroup,
    AdtallyError,
    Answer,
    Campaign,
    ContractError,
    Evidence,
    GoogleSignIn,
    Invoice,
    Order,
    Terms,
    Unit,
    pulls,
)

from . import charging, queries, wire, wire_billing
from .billing import served_month, to_invoice
from .counts import to_evidence
from .entities import to_account, to_ad_group, to_campaign
from .jobs import placement_rows
from .refusals import to_error
from .search import listed

Owned = TypeVar("Owned", wire.Campaign, wire.Placement, wire.PlacementGroup)

CORRECTED_DAYS = 60


class Cm360(GoogleSignIn):
    """One user profile of a CM360 account, and every advertiser that it sees."""

    name = "cm360"
    scopes = "https://www.googleapis.com/auth/dfareporting https://www.googleapis.com/auth/dfatrafficking"

    base_url: str = "https://dfareporting.googleapis.com"
    api_version: str = "v5"
    profile_id: str
    timezone: str
    """The account's report time zone, which only report files tell; each of them is checked against it."""
    poll_seconds: NonNegativeFloat = 10
    requests_per_second: PositiveFloat | None = 1
    """What CM360 allows a user by default."""

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError("expected an IANA name, such as America/New_York") from None
        return name

    def error(self, answer: Answer) -> AdtallyError | None:
        return to_error(answer)

    def accounts(self) -> Iterator[Account]:
        """Every advertiser of the profile's account, each once, also those on hold."""
        profile = self.http.get(self._profile, decode=wire.Profile)
        owner = self.http.get(f"{self._profile}/accounts/{profile.account_id}", decode=wire.Account)
        path, shape = f"{self._profile}/advertisers", wire.Page[wire.Advertiser]
        for row in listed(self.http, path, shape, {}, size=queries.LIST_SIZE):
            yield to_account(row, owner, self.timezone)

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        return map(to_campaign, self._owned(unit, "campaigns", wire.Page[wire.Campaign]))

    @pulls(AdGroup, grain="ad_group")
    def ad_groups(self, unit: Unit) -> Iterator[AdGroup]:
        """Yield the placements; their ads and creatives are not asked for."""
        return map(to_ad_group, self._placements(unit))

    @pulls(Order)
    def orders(self, unit: Unit) -> Iterator[Order]:
        """Yield what is booked with publishers: each package or roadblock, and each placement outside one."""
        alone = (row for row in self._placements(unit) if not row.placement_group_id)
        for booked in chain[wire.Placement | wire.PlacementGroup](self._groups(unit), alone):
            if order := charging.to_order(booked, unit.account, unit.today):
                yield order

    @pulls(Terms)
    def terms(self, unit: Unit) -> Iterator[Terms]:
        """Yield at what each placement is booked, as of the day of asking."""
        groups = {group.id: group for group in self._groups(unit)}
        for row in self._placements(unit):
            yield charging.to_terms(row, groups.get(row.placement_group_id or ""), unit.today)

    # Conversions come for 30 days after the click or view unless the advertiser has set another window.
    @pulls(
        Evidence,
        max_days=31,
        restated_days=35,
        final_after={"cost": 7, "clicks": 7, "conversions": 35},
        retention_days=730,
        by_campaign=True,
        traits=("prepared",),
    )
    def placement_daily(self, unit: Unit) -> Iterator[Evidence]:
        """Yield what CM360 counted, by placement, day and kind of count."""
        placements = {row.id: row for row in self._placements(unit)}
        rows = placement_rows(self.http, self._profile, unit, poll_seconds=self.poll_seconds)
        yield from to_evidence(rows, placements, unit.account)

    @pulls(Invoice, restated_days=CORRECTED_DAYS, traits=("lines", "credits"))
    def invoices(self, unit: Unit) -> Iterator[Invoice]:
        """Yield the documents of one service month, corrections of the next two months among them.

        CM360 lists them by month of issue.
        """
        path = f"{self._profile}/advertisers/{unit.account.id}/invoices"
        latest = min(unit.today, unit.window.last_day + timedelta(days=CORRECTED_DAYS))
        known = set[str]()
        for issued in queries.issue_months(unit.window, latest):
            asked, shape = {"issueMonth": f"{issued:%Y%m}"}, wire.Page[wire_billing.Invoice]
            for bill in listed(self.http, path, shape, asked, size=queries.LIST_SIZE):
                if served_month(bill, issued) in unit.window and bill.id not in known:
                    known.add(bill.id)
                    yield to_invoice(bill, unit.account)

    def _placements(self, unit: Unit) -> Iterator[wire.Placement]:
        path = f"placements?{queries.EVERY_STATE}"
        return self._owned(unit, path, wire.Page[wire.Placement])

    def _groups(self, unit: Unit) -> Iterator[wire.PlacementGroup]:
        path = f"placementGroups?{queries.EVERY_STATE}"
        return self._owned(unit, path, wire.Page[wire.PlacementGroup], size=queries.GROUPS_SIZE)

    def _owned(
        self, unit: Unit, path: str, shape: type[wire.Page[Owned]], *, size: int = queries.LIST_SIZE
    ) -> Iterator[Owned]:
        """The rows of a list that belong to the advertiser. Raises ContractError for one of another."""
        asked = {"advertiserIds": unit.account.id}
        for row in listed(self.http, f"{self._profile}/{path}", shape, asked, size=size):
            if row.advertiser_id not in ("", unit.account.id):
                raise ContractError(f"{row.id[:40]} of advertiser {row.advertiser_id[:40]} was not asked for")
            yield row

    @property
    def _profile(self) -> str:
        return f"/dfareporting/{self.api_version}/userprofiles/{self.profile_id}"
