"""AppsFlyer: what is asked of its API, and the records that come of it.

Source: published OpenAPI documents "App list API", "Master API", "Master freshness API" and "Aggregate Pull
API V2 token" (as of 2026-08; read 2026-11). docs/platforms/appsflyer.md tells the mapping and the oddities.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import partial

from pydantic import PositiveFloat, SecretStr, field_validator

from adtally import (
    Account,
    AdtallyError,
    Answer,
    Auth,
    Connector,
    DeniedError,
    Evidence,
    Report,
    Unit,
    header_auth,
    pulls,
)

from . import queries, wire
from .counts import to_evidence
from .refusals import NO_APP, to_error
from .search import apps, master_rows, pull_rows

log = logging.getLogger(__name__)

APP_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")

# Fraud of a month is found until the 7th of the next one: the 1st changes for 37 days, the last day for 7.
daily = partial(pulls, max_days=31, restated_days=38, final_after={"cost": 7, "clicks": 7, "conversions": 7})


class AppsFlyer(Connector):
    """One AppsFlyer account, and those of its apps that are named."""

    name = "appsflyer"

    base_url: str = "https://hq1.appsflyer.com"
    api_token: SecretStr
    app_ids: tuple[str, ...]
    master_api: bool = True
    """Whether the plan has the Master API; else campaigns come by name, from the aggregate pull report."""
    retargeting: bool = False
    """Whether re-attributions are pulled too: only where the contract pays for them like for installs."""
    self_reporting: tuple[str, ...] = ()
    """Further media sources whose clicks and impressions are their own numbers."""
    requests_per_second: PositiveFloat | None = 1

    @field_validator("app_ids")
    @classmethod
    def _are_app_ids(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        ids = tuple(dict.fromkeys(one.strip() for one in given))
        if not ids:
            raise ValueError("at least one app is needed")
        for one in ids:
            if not APP_ID.fullmatch(one) or one == "all":
                raise ValueError(f"{one[:40]!r} is no app id: such as id123456789 or com.example.app")
            if one.isdigit():
                raise ValueError(f"the id of an iOS app begins with id: id{one[:40]}")
        return ids

    def auth(self) -> Auth:
        return header_auth("Authorization", self.api_token, prefix="Bearer ")

    def error(self, answer: Answer) -> AdtallyError | None:
        return to_error(answer)

    def reports(self) -> list[Report]:
        """The usual counts; fraud only of the Master API, re-attributions only if they are paid for."""
        left_out = set[str]()
        if not self.master_api:
            left_out.add("fraud_daily")
        if not self.retargeting:
            left_out.add("retargeting_daily")
        return [one for one in self.declared() if one.name not in left_out]

    def accounts(self) -> Iterator[Account]:
        """Each app that is named and that the token sees; the others are logged."""
        missing = dict.fromkeys(self.app_ids)
        for app in apps(self.http):
            if app.id in missing:
                del missing[app.id]
                yield _to_account(app)
        if len(missing) == len(self.app_ids):
            raise DeniedError(NO_APP)
        for app_id in missing:
            log.warning("appsflyer: app %s is passed over: %s", app_id, NO_APP)

    @daily(Evidence)
    def counts_daily(self, unit: Unit) -> Iterator[Evidence]:
        """Yield installs, clicks and impressions by day, media source and campaign; organic ones too."""
        ask = master_rows if self.master_api else pull_rows
        rows = ask(self.http, unit.account, queries.USERS, unit.window)
        return to_evidence(rows, unit.account, self.self_reporting)

    @daily(Evidence)
    def fraud_daily(self, unit: Unit) -> Iterator[Evidence]:
        """Yield installs that Protect360 found to be fraud after they had been attributed."""
        rows = master_rows(self.http, unit.account, queries.FRAUD, unit.window)
        return to_evidence(rows, unit.account, self.self_reporting)

    @daily(Evidence)
    def retargeting_daily(self, unit: Unit) -> Iterator[Evidence]:
        """Yield re-attributions: who installed anew after an ad. Always by name of campaign."""
        rows = pull_rows(self.http, unit.account, queries.RETARGETED, unit.window, retargeting=True)
        return to_evidence(rows, unit.account, self.self_reporting, reattribution=True)


def _to_account(app: wire.App) -> Account:
    """The app; USD and UTC are AppsFlyer's own defaults where it tells none."""
    told = app.attributes
    return Account(
        id=app.id, name=told.name or app.id, currency=told.currency or "USD", timezone=told.time_zone or "UTC"
    )
