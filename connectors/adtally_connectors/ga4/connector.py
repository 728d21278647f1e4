"""Google Analytics 4: what is asked of its Data API, and the evidence that comes of it.

Source: GA4 Data API v1beta (official Python client 0.23.3), read 2026-11. docs/platforms/ga4.md tells the
mapping, what it proves and what it does not.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from pydantic import Field, PositiveFloat, PrivateAttr, field_validator

from adtally import (
    Account,
    AdtallyError,
    Answer,
    ContractError,
    DeniedError,
    Evidence,
    GoogleSignIn,
    NotOffered,
    Unit,
    pulls,
)

from . import queries, wire
from .counts import to_evidence
from .refusals import Failures, to_error
from .search import pages

log = logging.getLogger(__name__)


class Ga4(GoogleSignIn):
    """One Google sign-in and the GA4 properties that it is told of."""

    name = "ga4"
    scopes = "https://www.googleapis.com/auth/analytics.readonly"

    base_url: str = "https://analyticsdata.googleapis.com"
    api_version: str = "v1beta"
    property_ids: tuple[str, ...] = Field(min_length=1)
    """The numbers of the properties: the Data API lists none."""
    requests_per_second: PositiveFloat | None = 4
    """GA4 has no such limit, but answers only ten requests of a property at once."""

    _failures: Failures = PrivateAttr(default_factory=Failures)

    @field_validator("property_ids")
    @classmethod
    def _are_numbers(cls, ids: tuple[str, ...]) -> tuple[str, ...]:
        plain = tuple(dict.fromkeys(one.strip().removeprefix("properties/") for one in ids))
        if not all(one.isascii() and one.isdigit() for one in plain):
            raise ValueError(
                "expected numbers of properties, such as 123456789: GA4, Admin, Property details shows them; "
                "neither a measurement ID (G-...) nor an account's number"
            )
        return plain

    def error(self, answer: Answer) -> AdtallyError | None:
        return self._failures.judged(answer, to_error(answer))

    def accounts(self) -> Iterator[Account]:
        """Every property that may be read, each once; one that may not is logged, and raised if none may."""
        refused: AdtallyError | None = None
        readable = 0
        for number in self.property_ids:
            try:
                told = self.http.post(self._report(number), json=queries.glance(), decode=wire.Report)
            except (DeniedError, NotOffered) as error:
                log.warning("ga4: property %s is passed over: %s", number, error)
                refused = error
                continue
            readable += 1
            yield _account(number, told.metadata)
        if refused and not readable:
            raise refused

    # Attributed purchases are said to move for about 12 days; sessions are processed after 48 hours.
    @pulls(
        Evidence,
        max_days=31,
        restated_days=14,
        final_after={"cost": 2, "clicks": 2, "conversions": 7},
    )
    def sessions_daily(self, unit: Unit) -> Iterator[Evidence]:
        """Yield sessions, engaged sessions and purchases by day and best key; each session is in one row."""
        for share in queries.SHARES:
            for page in pages(self.http, self._report(unit.account.id), share, unit):
                yield from to_evidence(page, share, unit)

    def _report(self, property_id: str) -> str:
        return f"/{self.api_version}/properties/{property_id}:runReport"


def _account(number: str, told: wire.Metadata) -> Account:
    if not told.time_zone or not told.currency_code:
        raise ContractError(f"GA4 tells no timeZone or no currencyCode of property {number}")
    return Account(id=number, currency=told.currency_code, timezone=told.time_zone)
