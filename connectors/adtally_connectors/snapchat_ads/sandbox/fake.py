"""Snapchat's Ads API, faked for the sandbox: as strict as the real one, and as moody.

Source: developers.snap.com, Ads API v1, and its OAuth 2 token endpoint; read 2026-11. Once in a life of the
fake a token expires early, a request is throttled (with an empty body), and one fails in HTML.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from adtally import world

from . import bills, entities, rows
from .envelope import Refusal, check_names, flag, invalid, items, limit, not_there, page, refused
from .fields import BREAKDOWNS

TOKEN_PATH = "/login/oauth2/access_token"
CREDENTIALS = {
    "grant_type": "refresh_token",
    "client_id": "sandbox-client",
    "client_secret": "sandbox-client-secret",
    "refresh_token": "sandbox-refresh-token",
}
FORM = "application/x-www-form-urlencoded"
TOKEN_SECONDS = 1800
EARLY_EXPIRY, THROTTLED, BROKEN = 23, 11, 17
FEWEST_ROWS, MOST_ROWS, SENT_ROWS = 50, 1000, 4
"""Rows that a page of a list may be asked for, and what it holds at most."""
LIST = ("limit", "cursor")


class SnapchatAdsFake:
    """Answers for every account of the world that runs on Snapchat."""

    needs = ()

    def __init__(self, played: world.World) -> None:
        self.world = played
        self.accounts = {account.account_id: account for account in played.of_platform("snapchat_ads")}
        self.organizations = sorted({account.manager_id for account in self.accounts.values()})
        self._lock = threading.Lock()
        self._requests = self._tokens = self._asked = 0

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        secrets = {name: value for name, value in CREDENTIALS.items() if name != "grant_type"}
        return {**secrets, "requests_per_second": 1000}

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request; a refusal in the API's own form."""
        with self._lock:
            self._requests += 1
            request_id = f"sandbox-{self._requests}"
        if request.path == TOKEN_PATH:
            return self._token(request)
        if not request.path.startswith("/v1/"):
            return world.Reply(404, b"<html>Not Found</html>", {"Content-Type": "text/html"})
        if mood := self._mood(request.headers.get("authorization", "")):
            return mood
        try:
            if request.method != "GET":
                raise Refusal(405, "E1001", f"{request.method} is not supported here")
            document = self._endpoint(request.path, request.query)
        except Refusal as refusal:
            return refused(refusal, request_id)
        return world.json_reply({"request_status": "SUCCESS", "request_id": request_id} | document)

    def _token(self, request: world.Request) -> world.Reply:
        form = dict(parse_qsl(request.body.decode()))
        wrong = [name for name, value in CREDENTIALS.items() if form.get(name) != value]
        if request.method != "POST" or not request.headers.get("content-type", "").startswith(FORM):
            return world.json_reply({"error": "invalid_request"}, status=400)
        if wrong:
            error = "invalid_client" if wrong[0].startswith("client") else "invalid_grant"
            described = {"error": error, "error_description": f"{wrong[0]} is not accepted"}
            return world.json_reply(described, status=401 if error == "invalid_client" else 400)
        with self._lock:
            self._tokens += 1
            token = f"sandbox-snapchat-token-{self._tokens}"
        return world.json_reply(
            {
                "access_token": token,
                "expires_in": TOKEN_SECONDS,
                "token_type": "Bearer",
                "scope": "snapchat-marketing-api",
            }
        )

    def _mood(self, header: str) -> world.Reply | None:
        """What hits a request whatever it asks: a bad token, a limit, a failure."""
        scheme, _, token = header.partition(" ")
        number = token.removeprefix("sandbox-snapchat-token-")
        with self._lock:
            known = number != token and number.isdigit() and 1 <= int(number) <= self._tokens
            self._asked += known
            asked = self._asked
        if scheme != "Bearer" or not known or (number == "1" and asked > EARLY_EXPIRY):
            return world.Reply(401, b"")
        if asked == THROTTLED:
            return world.Reply(429, b"")
        if asked == BROKEN:
            return world.Reply(500, b"<html>Internal Server Error</html>", {"Content-Type": "text/html"})
        return None

    def _endpoint(self, path: str, given: Mapping[str, str]) -> dict[str, object]:
        match path.removeprefix("/v1/").split("/"):
            case ["me", "organizations"]:
                check_names(given, ("with_ad_accounts", *LIST))
                return _listed(list(map(entities.organization, self.organizations)), path, given)
            case ["me", "source_organizations"]:
                check_names(given, LIST, ("shared_entity_type",))
                return _listed([], path, given)
            case ["organizations", organization_id, kind] if organization_id in self.organizations:
                return self._of_organization(organization_id, kind, path, given)
            case [owner, owner_id, "stats"] if owner in BREAKDOWNS:
                account = self._owner(owner, owner_id)
                asked = rows.query(owner, owner_id, account, given, self.world.today)
                return rows.answer(asked, path, given, self.world)
            case ["adaccounts", account_id, "invoices"]:
                account = self._open(account_id)
                check_names(given, ())
                return {"invoices": items(bills.invoices(account, self.world), "invoice")}
            case ["adaccounts", account_id, kind] if kind in entities.KINDS:
                return _entities(self._open(account_id), kind, path, given)
            case _:
                raise not_there()

    def _of_organization(
        self, organization_id: str, kind: str, path: str, given: Mapping[str, str]
    ) -> dict[str, object]:
        own = tuple(account for account in self.accounts.values() if account.manager_id == organization_id)
        if kind == "adaccounts":
            check_names(given, LIST)
            return _listed(list(map(entities.ad_account, own)), path, given)
        if kind == "fundingsources":
            check_names(given, ())
            return {"fundingsources": items(bills.funding_sources(own, self.world), "fundingsource")}
        raise not_there()

    def _open(self, account_id: str) -> world.Account:
        account = self.accounts.get(account_id)
        if account is None:
            raise not_there()
        if account.access == "denied":
            raise Refusal(403, "E3002", "The member has no access to this ad account")
        return account

    def _owner(self, owner: str, owner_id: str) -> world.Account:
        """The account of whatever stats are asked for; deleted things have stats, too."""
        if owner == "adaccounts":
            return self._open(owner_id)
        for account in self.accounts.values():
            if any(owner_id in IDS[owner](campaign) for campaign in account.campaigns):
                return self._open(account.account_id)
        raise not_there()


IDS: dict[str, Callable[[world.Campaign], set[str]]] = {
    "campaigns": lambda campaign: {campaign.campaign_id},
    "adsquads": lambda campaign: {group.ad_group_id for group in campaign.ad_groups},
    "ads": lambda campaign: {ad for group in campaign.ad_groups for ad in group.ads},
}


def _entities(account: world.Account, kind: str, path: str, given: Mapping[str, str]) -> dict[str, object]:
    check_names(given, ("sort", "read_deleted_entities", *LIST))
    deleted_too = flag(given, "read_deleted_entities")
    if deleted_too and "sort" in given:
        raise invalid("sort is not possible with read_deleted_entities")
    found = [node for node in entities.KINDS[kind](account) if deleted_too or not node.get("deleted")]
    return _listed(found, path, given)


def _listed(found: list[entities.Node], path: str, given: Mapping[str, str]) -> dict[str, object]:
    """One page of a list, which has the name at the end of the path."""
    name = path.rpartition("/")[2]
    size = min(limit(given, FEWEST_ROWS, MOST_ROWS), SENT_ROWS)
    sent, paging = page(found, path, given, size)
    return {"paging": paging, name: items(sent, name.removesuffix("s"))}
