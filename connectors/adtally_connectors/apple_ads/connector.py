"""Apple Ads: what is asked of its API, and the records that come of it.

Source: Apple Ads Platform API 1.0 (August 2026) and Apple's library apple-ads-platform 1.117.0 (October
2026), read 2026-11. docs/platforms/apple_ads.md tells the mapping and the oddities.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import TypeVar

from pydantic import PositiveFloat, SecretStr

from adtally import (
    Account,
    Ad,
    AdGroup,
    AdtallyError,
    Answer,
    Auth,
    Campaign,
    Connector,
    ContractError,
    Delivery,
    DeniedError,
    HourlyCost,
    Interaction,
    NotOffered,
    Order,
    Terms,
    Unit,
    batches,
    oauth2_client_credentials,
    pulls,
    signed_jwt,
)

from . import charging, counts, queries, wire
from .entities import to_account, to_ad, to_ad_group, to_campaign, to_order
from .hours import to_hours
from .refusals import spent, to_error
from .search import Keyed, listed, report

Row = TypeVar("Row", bound=Keyed)
Child = TypeVar("Child", wire.AdGroup, wire.Ad, wire.Keyword)
log = logging.getLogger(__name__)

TOKEN_URL = "https://appleid.apple.com/auth/oauth2/token"
AUDIENCE, SCOPE = "https://appleid.apple.com", "searchadsorg"
SECRET_SECONDS = 3600
AUTOMATED = "APPSTORE_APP_AUTOMATED"


# Installs are told until 30 days after the tap. Single days start within the last 90, by a clock that Apple
# does not name: one that is a day behind or ahead of the account's, or strikes midnight meanwhile, costs two.
daily = partial(
    pulls,
    restated_days=31,
    final_after={"cost": 2, "clicks": 2, "conversions": 31},
    retention_days=88,
)
HOURS_KEPT = 5
"""Of the 7 days, by the same uncertainty."""


class AppleAds(Connector):
    """One API client of Apple Ads and every ad account that it has a role on."""

    name = "apple_ads"
    own_hosts = ("appleid.apple.com",)

    base_url: str = "https://api.ads.apple.com"
    api_version: str = "v1"
    client_id: str
    team_id: str
    key_id: str
    private_key: SecretStr
    """The private key of the pair whose public one Apple knows: PEM text, or the path of its file."""
    org_id: str = ""
    requests_per_second: PositiveFloat | None = 8
    """Apple publishes no number; other clients keep to 10."""

    def auth(self) -> Auth:
        return oauth2_client_credentials(
            self.http, TOKEN_URL, client_id=self.client_id, client_secret=self._client_secret, scope=SCOPE
        )

    def error(self, answer: Answer) -> AdtallyError | None:
        if wait := spent(answer.headers):
            self.http.slow_down(wait)
        return to_error(answer)

    def accounts(self) -> Iterator[Account]:
        """Every ad account that the client has a role on (of ``org_id`` alone, if set), each once.

        One that is not told is logged and passed over; only if none is told is its refusal the answer.
        """
        listing = self.http.get(self._path("acls"), decode=wire.AclsAnswer).result.acls
        roles = (role.ad_account for role in listing)
        wanted = (role.id for role in roles if self.org_id in ("", str(role.org_id)))
        refusal: AdtallyError | None = None
        told = False
        for number in dict.fromkeys(wanted):
            try:
                found = self._ad_account(number)
            except (DeniedError, NotOffered) as error:
                log.warning("apple_ads: account %s is passed over: %s", number, error)
                refusal = refusal or error
                continue
            if AUTOMATED in (found.product_features or ()):
                log.warning("apple_ads: account %s is automated: its campaigns may be denied", number)
            told = True
            yield to_account(found)
        if refusal is not None and not told:
            raise refusal

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        return (to_campaign(row, unit.account.timezone) for row in self._campaigns(unit))

    @pulls(AdGroup, grain="ad_group")
    def ad_groups(self, unit: Unit) -> Iterator[AdGroup]:
        groups = self._below(unit, self._campaigns(unit), "adgroups", wire.Listed[wire.AdGroup])
        return (to_ad_group(row, unit.account.timezone) for row in groups)

    @pulls(Ad, grain="ad")
    def ads(self, unit: Unit) -> Iterator[Ad]:
        return map(to_ad, self._below(unit, self._campaigns(unit), "ads", wire.Listed[wire.Ad]))

    @pulls(Order)
    def orders(self, unit: Unit) -> Iterator[Order]:
        """Yield the budget orders of the account, ended ones too.

        Raises NotOffered for accounts that pay by card, which have none.
        """
        if unit.account.payment == "threshold":
            raise NotOffered("only accounts with a line of credit have budget orders")
        own = int(unit.account.id)
        for row in self._listed(unit, "shared-budgets", queries.listing(), wire.Listed[wire.SharedBudget]):
            if own in (row.ad_account_ids or [own]):
                yield to_order(row, unit.account.timezone)

    @pulls(Terms)
    def terms(self, unit: Unit) -> Iterator[Terms]:
        """Yield what each ad group pays for, and its highest bid."""
        campaigns = {row.id: row for row in self._campaigns(unit)}
        rows = list(campaigns.values())
        bids = charging.highest_bids(self._below(unit, rows, "keywords", wire.Listed[wire.Keyword]))
        for group in self._below(unit, rows, "adgroups", wire.Listed[wire.AdGroup]):
            campaign = campaigns[group.campaign_id]
            yield charging.to_terms(group, campaign, bids.get(group.id), unit.account.timezone)

    @daily(Delivery, max_days=30, by_campaign=True)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per campaign and day: the whole of the account's cost."""
        return self._daily(unit, queries.CAMPAIGN)

    @daily(Delivery, grain="ad_group", max_days=14, by_campaign=True)
    def ad_group_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad group and day."""
        return self._daily(unit, queries.AD_GROUP)

    @daily(Delivery, grain="ad", max_days=7, by_campaign=True)
    def ad_daily(self, unit: Unit) -> Iterator[Delivery]:
        """Yield one record per ad and day."""
        return self._daily(unit, queries.AD)

    @daily(Interaction, max_days=30, by_campaign=True)
    def conversions(self, unit: Unit) -> Iterator[Interaction]:
        """Yield installs, downloads and pre-orders by campaign and day; on Maps, what people did there."""
        rows = self._report(unit, self._campaigns(unit), queries.CAMPAIGN)
        return counts.to_interactions(rows, unit)

    @pulls(HourlyCost, restated_days=2, retention_days=HOURS_KEPT)
    def campaign_hourly(self, unit: Unit) -> Iterator[HourlyCost]:
        """Yield one record per campaign and hour."""
        return to_hours(self._report(unit, self._campaigns(unit), queries.CAMPAIGN, by_hour=True), unit)

    def _daily(self, unit: Unit, level: queries.Level) -> Iterator[Delivery]:
        campaigns = self._campaigns(unit)
        unsaid = [row for row in campaigns if not row.billing_event]
        groups = self._below(unit, unsaid, "adgroups", wire.Listed[wire.AdGroup])
        charges = charging.charges(campaigns, groups)
        yield from counts.to_delivery(self._report(unit, campaigns, level), level, charges, unit)

    def _report(
        self,
        unit: Unit,
        campaigns: Sequence[wire.Campaign],
        level: queries.Level,
        *,
        by_hour: bool = False,
    ) -> Iterator[list[wire.ReportRow]]:
        """The rows of each product's report, for so many campaigns at once."""
        head, currency = queries.context(unit.account.id), unit.account.currency
        for product in (queries.APPS, queries.MAPS):
            path = self._path(f"reports/{product}/{level.path}/query")
            ids = [row.id for row in campaigns if queries.product(row.promoted_object_type) == product]
            for part in batches(ids, queries.IDS_AT_ONCE):
                body = queries.report(part, unit.window, by_hour=by_hour)
                for rows in report(self.http, path, body, head=head, currency=currency):
                    for row in rows:
                        campaign = counts.placed(row, level)["campaign_id"]
                        _check(unit, row.metadata.ad_account_id, campaign, part)
                    yield rows

    def _campaigns(self, unit: Unit) -> list[wire.Campaign]:
        """The unit's campaigns in every state: Apple reports none that is not named."""
        ids = [int(number) for number in unit.campaigns]
        bodies = [queries.listing("id", part) for part in batches(ids, queries.IDS_AT_ONCE)]
        found: list[wire.Campaign] = []
        for body in bodies or [queries.listing()]:
            for row in self._listed(unit, "campaigns", body, wire.Listed[wire.Campaign]):
                _check(unit, row.ad_account_id, row.id, ids)
                found.append(row)
        return found

    def _below(
        self, unit: Unit, campaigns: Sequence[wire.Campaign], name: str, shape: type[wire.Listed[Child]]
    ) -> Iterator[Child]:
        """The ad groups, ads or keywords of these campaigns, in every state."""
        for part in batches([row.id for row in campaigns], queries.IDS_AT_ONCE):
            for row in self._listed(unit, name, queries.listing("campaignId", part), shape):
                _check(unit, row.ad_account_id, row.campaign_id, part)
                yield row

    def _listed(
        self, unit: Unit, name: str, body: Mapping[str, object], shape: type[wire.Listed[Row]]
    ) -> Iterator[Row]:
        head = queries.context(unit.account.id)
        return chain.from_iterable(listed(self.http, self._path(f"{name}/query"), body, shape, head=head))

    def _ad_account(self, number: int) -> wire.AdAccount:
        path, head = self._path(f"ad-accounts/{number}"), queries.context(str(number))
        return self.http.get(path, headers=head, decode=wire.AdAccountAnswer).result

    def _client_secret(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.team_id,
            "sub": self.client_id,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + SECRET_SECONDS,
        }
        kid = {"kid": self.key_id}
        return signed_jwt(self.private_key, claims, algorithm="ES256", headers=kid, extra="apple_ads")

    def _path(self, name: str) -> str:
        return f"/{self.api_version}/{name}"


def _check(unit: Unit, account_id: int | None, campaign_id: int, asked: Sequence[int]) -> None:
    """Raise ContractError for what belongs to another account, or to a campaign that was not asked for."""
    if account_id is not None and str(account_id) != unit.account.id:
        raise ContractError(f"something of account {account_id} came where {unit.account.id} was asked")
    if asked and campaign_id not in asked:
        raise ContractError(f"something of campaign {campaign_id} came, which was not asked for")
