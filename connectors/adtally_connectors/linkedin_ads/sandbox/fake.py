"""The LinkedIn Marketing API, faked for the sandbox: as strict as the real one, and as moody.

Source: LinkedIn Marketing API 202607; read 2026-11. Once in a life of the fake a request is throttled, and
one fails inside. An account without a role is listed and refuses; its reports are empty, as LinkedIn's are.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from urllib.parse import parse_qsl

from adtally import world

from . import entities, rows
from .envelope import Pages, Refusal, check_names, denied, invalid, refused, whole
from .restli import check_encoding, shaped

TOKEN = "sandbox-linkedin-token"
APP = {
    "client_id": "sandbox-linkedin-client",
    "client_secret": "sandbox-linkedin-secret",
    "refresh_token": "sandbox-linkedin-refresh",
}
VERSIONS = {f"2026{month:02}" for month in range(1, 8)}
THROTTLED, BROKEN = 13, 21
OF_ACCOUNT = re.compile(r"/rest/adAccounts/(\d+)(?:/(adCampaignGroups|adCampaigns|creatives))?")
LISTS = {"adCampaignGroups": entities.campaign_groups, "adCampaigns": entities.campaigns}
MOST_ROWS, MOST_CREATIVES, RULES_SENT = 1000, 100, 1
LONGEST_QUERY = 4096


class LinkedInAdsFake:
    """Answers for every account of the world that runs on LinkedIn."""

    needs = ()

    def __init__(self, played: world.World) -> None:
        self.world = played
        self.accounts = {account.account_id: account for account in played.of_platform("linkedin_ads")}
        self._lock = threading.Lock()
        self._asked = 0

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return {**APP, "requests_per_second": 1000}

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request."""
        if request.path == "/oauth/v2/accessToken":
            return _token(request)
        with self._lock:
            self._asked += 1
            asked = self._asked
        request_id = f"AAYw{asked:08}"
        try:
            _check_head(request)
            self._moods(asked)
            found = self._endpoint(request)
        except Refusal as refusal:
            return refused(refusal, request_id)
        return world.json_reply(found, headers={"x-li-uuid": request_id})

    def _moods(self, asked: int) -> None:
        if asked == THROTTLED:
            raise Refusal(429, "TOO_MANY_REQUESTS", "Too many requests. Please try again later.", 101)
        if asked == BROKEN:
            raise Refusal(503, "UNDER_MAINTENANCE", "The service is not available for the moment.", 0)

    def _endpoint(self, request: world.Request) -> object:
        given = request.query
        if request.method != "GET":
            raise Refusal(405, "METHOD_NOT_ALLOWED", f"{request.method} is not allowed here", 0)
        if request.path == "/rest/adAccounts":
            check_names(given, ("pageSize", "pageToken"), ("q",))
            _check_finder(given, "search")
            listed = [entities.account(account) for account in self.accounts.values()]
            return Pages("accounts", MOST_ROWS).page(listed, given)
        if request.path == "/rest/adAnalytics":
            return self._report(given)
        if request.path == "/rest/conversions":
            return self._rules(given)
        of_account = OF_ACCOUNT.fullmatch(request.path)
        if of_account is None:
            raise Refusal(404, "RESOURCE_NOT_FOUND", f"No virtual resource found for {request.path}", 0)
        account = self._open(of_account[1])
        match of_account[2]:
            case None:
                return entities.account(account)
            case "creatives":
                return _creatives(account, given, request.headers)
            case name:
                return _searched(account, name, given)

    def _open(self, account_id: str) -> world.Account:
        account = self.accounts.get(account_id)
        if account is None:
            raise Refusal(404, "NOT_FOUND", f"Account {account_id} is not found")
        if account.access == "denied":
            raise denied(f"partnerApiAdAccounts.GET.{account_id}")
        return account

    def _report(self, given: Mapping[str, str]) -> object:
        elements = rows.report(rows.query(given, self.world.today), self.accounts, self.world)
        return {"paging": {"start": 0, "count": 10, "links": []}, "elements": elements}

    def _rules(self, given: Mapping[str, str]) -> object:
        """Numbered pages, each with a link to the next one."""
        check_names(given, ("start", "count"), ("q", "account"))
        _check_finder(given, "account")
        kind, _, number = given["account"].rpartition(":")
        if kind != "urn:li:sponsoredAccount":
            raise invalid("account: a URN of an account is needed")
        listed = list(entities.rules(self._open(number)))
        start, count = whole(given, "start", 0), min(whole(given, "count", 10), RULES_SENT)
        href = f"/rest/conversions?count={count}&start={start + count}"
        links = (
            [{"rel": "next", "href": href, "type": "application/json"}] if start + count < len(listed) else []
        )
        paging = {"start": start, "count": count, "links": links, "total": len(listed)}
        return {"paging": paging, "elements": listed[start : start + count]}


def _check_head(request: world.Request) -> None:
    head = request.headers
    if head.get("authorization") != f"Bearer {TOKEN}":
        raise Refusal(401, "INVALID_ACCESS_TOKEN", "Invalid access token", 65600)
    version = head.get("linkedin-version", "")
    if not version:
        raise Refusal(400, "VERSION_MISSING", "A version must be present. Please specify a version", 0)
    if version not in VERSIONS:
        raise Refusal(426, "NONEXISTENT_VERSION", f"Requested version {version}01 is not active", 0)
    if head.get("x-restli-protocol-version") != "2.0.0" and any(
        "(" in text for text in request.query.values()
    ):
        raise Refusal(400, "ILLEGAL_ARGUMENT", "Syntax exception in path or query")
    if len(request.raw_query) > LONGEST_QUERY:
        raise Refusal(414, "URI_TOO_LONG", "URI Too Long", 0)
    check_encoding(request.raw_query)


def _check_finder(given: Mapping[str, str], finder: str) -> None:
    if given["q"] != finder:
        raise invalid(f"Finder {given['q']!r} is not known")


def _searched(account: world.Account, name: str, given: Mapping[str, str]) -> object:
    """Campaign groups or campaigns of the named states; of all but the removed ones if none is named."""
    check_names(given, ("search", "pageSize", "pageToken"), ("q",))
    _check_finder(given, "search")
    listed = list(LISTS[name](account))
    shape = dict[str, dict[str, list[str]]]
    asked = shaped(given["search"], shape, "search") if "search" in given else {}
    if set(asked) - {"status"} or any(set(values) != {"values"} for values in asked.values()):
        raise invalid("search: the sandbox searches by status only")
    states = set(asked["status"]["values"]) if asked else {"ACTIVE", "PAUSED"}
    found = [row for row in listed if row["status"] in states]
    return Pages(f"{name}-{account.account_id}", MOST_ROWS).page(found, given)


def _creatives(account: world.Account, given: Mapping[str, str], head: Mapping[str, str]) -> object:
    if head.get("x-restli-method", "").upper() != "FINDER":
        raise Refusal(400, "ILLEGAL_ARGUMENT", "X-RestLi-Method: FINDER is needed")
    check_names(given, ("pageSize", "pageToken", "sortOrder"), ("q",))
    _check_finder(given, "criteria")
    listed = list(entities.creatives(account))
    return Pages(f"creatives-{account.account_id}", MOST_CREATIVES).page(listed, given)


def _token(request: world.Request) -> world.Reply:
    """An access token for the refresh token of the sandbox's app."""
    form = dict(parse_qsl(request.body.decode()))
    if form != {"grant_type": "refresh_token", **APP}:
        told = "The provided authorization grant or refresh token is invalid, expired or revoked."
        return world.json_reply({"error": "invalid_grant", "error_description": told}, status=400)
    return world.json_reply(
        {
            "access_token": TOKEN,
            "expires_in": 5_184_000,
            "refresh_token": APP["refresh_token"],
            "refresh_token_expires_in": 31_536_000,
            "scope": "r_ads,r_ads_reporting",
        }
    )
