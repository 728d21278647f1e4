"""The Pinterest API, faked for the sandbox: as strict as the real one, and as moody.

Source: Pinterest API v5, OpenAPI document 5.23.0, "Rate limits" of developers.pinterest.com; read 2026-11.
Once in a life of the fake a token expires early, a list and a report are throttled (each in its own way), a
request fails, the first report fails, and the first link to a file has lapsed.
"""

from __future__ import annotations

import hashlib
import threading
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

import msgspec

from adtally import world

from . import bills, entities, rows
from .envelope import PAGE, Refusal, check_names, denied, invalid, not_there, page

MOUNT, ROOT, FILES = "pinterest_ads", "/v5/", "/download/"
CLIENT, SECRET, REFRESH = "sandbox-pinterest-app", "sandbox-pinterest-secret", "sandbox-pinterest-refresh"
BASIC = f"Basic {b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}"
TOKEN = "sandbox-pinterest-token-"
FORM = "application/x-www-form-urlencoded"
TOKEN_SECONDS, REFRESH_SECONDS = 2_592_000, 5_184_000
EARLY_EXPIRY, THROTTLED, BROKEN, TOO_FAST = 29, 11, 19, 2
"""Which question of all is the one, and which question for a report."""
FAILED_REPORT, LAPSED_LINK = 1, 1
GONE = "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"


@dataclass(slots=True)
class Report:
    """A report that is made ready: what was asked, and how often somebody looked."""

    token: str
    account: world.Account
    query: rows.Query
    fails: bool
    looks: int = 0

    @property
    def status(self) -> str:
        if self.looks < 2:
            return "IN_PROGRESS"
        return "FAILED" if self.fails else "FINISHED"


class PinterestAdsFake:
    """Answers for every account of the world that runs on Pinterest."""

    needs = ()

    def __init__(self, played: world.World) -> None:
        self.world = played
        self.accounts = {account.account_id: account for account in played.of_platform("pinterest_ads")}
        self._reports: dict[str, Report] = {}
        self._lock = threading.Lock()
        self._tokens = self._asked = self._reporting = self._links = 0

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "refresh_token": REFRESH,
            "poll_seconds": 0,
            "requests_per_second": 1000,
        }

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request; a refusal in the API's own form."""
        if request.path.startswith(FILES):
            return self._file(request)
        try:
            if request.path == f"{ROOT}oauth/token":
                return world.json_reply(self._signed_in(request))
            self._check_token(request.headers.get("authorization", ""))
            self._moods(request.path)
            return world.json_reply(self._endpoint(request))
        except Refusal as refusal:
            return refusal.reply

    def _signed_in(self, request: world.Request) -> dict[str, object]:
        """A token for the app, which names itself by HTTP Basic; an old refresh token stays good."""
        form = dict(parse_qsl(request.body.decode()))
        if request.method != "POST" or not request.headers.get("content-type", "").startswith(FORM):
            raise invalid("The request must be a form.")
        if request.headers.get("authorization") != BASIC:
            raise Refusal(401, 2, "Authentication failed.")
        check_names(form, ("scope",), ("grant_type", "refresh_token"))
        known, _, number = form["refresh_token"].partition(".")
        if form["grant_type"] != "refresh_token" or known != REFRESH or (number and not number.isdigit()):
            raise Refusal(400, 283, "Invalid refresh token.")
        with self._lock:
            self._tokens += 1
            tokens = self._tokens
        return {
            "response_type": "refresh_token",
            "access_token": f"{TOKEN}{tokens}",
            "token_type": "bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": "ads:read billing:read",
            "refresh_token": f"{REFRESH}.{tokens}",
            "refresh_token_expires_in": REFRESH_SECONDS,
        }

    def _check_token(self, header: str) -> None:
        number = header.removeprefix(f"Bearer {TOKEN}")
        with self._lock:
            is_known = number != header and number.isdigit() and 1 <= int(number) <= self._tokens
            self._asked += is_known
            has_expired = number == "1" and self._asked > EARLY_EXPIRY
        if not is_known or has_expired:
            raise Refusal(401, 2, "Authentication failed.")

    def _moods(self, path: str) -> None:
        with self._lock:
            asked = self._asked
            self._reporting += path.endswith(("/reports", "/analytics"))
            is_too_fast = path.endswith(("/reports", "/analytics")) and self._reporting == TOO_FAST
        if is_too_fast:
            raise Refusal(400, 8, "Too many requests. Retry after 1 seconds.")
        if asked == THROTTLED:
            limits = {"X-RateLimit-Limit": "1000, 1000;w=60", "X-RateLimit-Reset": "1"}
            raise Refusal(429, 8, "This request exceeded a rate limit.", limits)
        if asked == BROKEN:
            raise Refusal(500, 0, "Something went wrong on our end. Sorry about that.")

    def _endpoint(self, request: world.Request) -> object:
        given, path = request.query, request.path.removeprefix(ROOT)
        match request.path.removeprefix(ROOT).split("/"):
            case ["ad_accounts"] if request.method == "GET":
                check_names(given, (*PAGE, "include_shared_accounts"))
                if given.get("include_shared_accounts", "true") not in ("true", "false"):
                    raise invalid("include_shared_accounts: must be true or false.")
                return page([entities.ad_account(one) for one in self.accounts.values()], path, given)
            case ["ad_accounts", account_id, "reports"] if request.method == "POST":
                return self._order(self._open(account_id), request)
            case ["ad_accounts", account_id, kind] if request.method == "GET":
                return self._of_account(self._open(account_id), kind, path, request)
            case _:
                raise not_there("Page")

    def _of_account(self, account: world.Account, kind: str, path: str, request: world.Request) -> object:
        given = request.query
        if kind in entities.KINDS:
            check_names(given, (*PAGE, "entity_statuses"))
            return page(entities.listing(account, kind, _states(request)), path, given)
        if kind == "order_lines":
            check_names(given, PAGE)
            return page([*entities.order_lines(account)], path, given)
        if kind == "billing_invoices":
            return bills.invoices(account, path, given, self.world)
        if kind == "reports":
            return self._look(account, request)
        if kind != "analytics":
            raise not_there("Page")
        query = rows.at_once(given, self.world.today)
        return list(map(rows.as_json, rows.found(query, account, self.world)))

    def _open(self, account_id: str) -> world.Account:
        account = self.accounts.get(account_id)
        if account is None:
            raise not_there("AdAccount")
        if account.access == "denied":
            raise denied()
        return account

    def _order(self, account: world.Account, request: world.Request) -> dict[str, object]:
        check_names(request.query, ())
        if not request.headers.get("content-type", "").startswith("application/json"):
            raise invalid("The body must be application/json.")
        try:
            body = msgspec.json.decode(request.body, type=dict[str, object])
        except msgspec.DecodeError as error:
            raise invalid(f"The body is not valid JSON: {error}") from error
        query = rows.prepared(body, self.world.today)
        with self._lock:
            # By what is asked and how often that was, not by who came first.
            before = sum(
                report.query == query and report.account == account for report in self._reports.values()
            )
            asked = f"{account.account_id} {sorted(body.items())} {before}"
            token = hashlib.blake2b(asked.encode(), digest_size=12).hexdigest()
            fails = len(self._reports) + 1 == FAILED_REPORT
            self._reports[token] = Report(token, account, query, fails)
        return {"report_status": "IN_PROGRESS", "token": token, "message": None}

    def _look(self, account: world.Account, request: world.Request) -> dict[str, object]:
        check_names(request.query, (), ("token",))
        report = self._reports.get(request.query["token"])
        if report is None or report.account != account:
            return {"report_status": "DOES_NOT_EXIST", "url": None, "size": None}
        with self._lock:
            report.looks += 1
            status = report.status
            if status != "FINISHED":
                return {"report_status": status, "url": None, "size": None}
            self._links += 1
            signature = f"?Signature={self._links}"
        host = request.headers.get("host", "127.0.0.1")
        return {
            "report_status": status,
            "url": f"http://{host}/{MOUNT}{FILES}{report.token}{signature}",
            "size": len(self._content(report)),
        }

    def _file(self, request: world.Request) -> world.Reply:
        """A finished report; who knows its address needs no token, and must send none."""
        report = self._reports.get(request.path.removeprefix(FILES))
        signature = request.query.get("Signature", "")
        if "authorization" in request.headers:
            return world.Reply(
                400, b"<Error><Code>InvalidArgument</Code></Error>", {"Content-Type": "text/xml"}
            )
        is_signed = signature.isdigit() and LAPSED_LINK < int(signature) <= self._links
        if request.method != "GET" or report is None or not is_signed:
            return world.Reply(403, GONE.encode(), {"Content-Type": "text/xml"})
        return world.Reply(200, self._content(report), {"Content-Type": "binary/octet-stream"})

    def _content(self, report: Report) -> bytes:
        return rows.file(report.query, rows.found(report.query, report.account, self.world))


def _states(request: world.Request) -> list[str]:
    """The states that are asked for: one parameter each, or none for those that a list has by default."""
    query = parse_qsl(request.raw_query) or [*request.query.items()]
    states = [value for name, value in query if name == "entity_statuses"]
    for state in states:
        if state not in entities.EVERY_STATE:
            raise invalid(f"entity_statuses: {state!r} is not a valid choice.")
    return states
