"""The Google Ads API, faked for the sandbox: as strict as the real one, and as moody.

Source: Google Ads API v26 (REST), its error enums and OAuth 2 token endpoint; read 2026-11. Once in a life of
the fake a token expires early, a request is throttled, and one fails inside.
"""

from __future__ import annotations

import base64
import binascii
import re
import threading
from collections.abc import Mapping
from urllib.parse import parse_qsl

import msgspec

from adtally import world

from . import bills, entities
from .fields import check
from .gaql import Refusal, parse
from .rows import camel, select

CLIENT = {
    "client_id": "sandbox-client",
    "client_secret": "sandbox-client-secret",
    "refresh_token": "sandbox-refresh-token",
}
VERSIONS = ("v23", "v24", "v25", "v26")
PAGE_ROWS = 100
EARLY_EXPIRY = 25
THROTTLED, BROKEN = 12, 20
STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
}
SEARCH = re.compile(r"/(v\d+)/customers/([^/]+)/googleAds:(search|searchStream)")
INVOICES = re.compile(r"/(v\d+)/customers/([^/]+)/invoices")


class SearchSettings(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    return_total_results_count: bool = False


class Search(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body of a search; any other key is refused."""

    query: str = ""
    page_token: str = ""
    page_size: int | None = None
    search_settings: SearchSettings = SearchSettings()
    summary_row_setting: str = ""


class GoogleAdsFake:
    """Answers for every account of the world that runs on Google Ads."""

    needs = ()

    def __init__(self, played: world.World) -> None:
        self.world = played
        accounts = played.of_platform("google_ads")
        self.accounts = {account.account_id: account for account in accounts}
        self.user_is_on = {entities.TOP, *(a.account_id for a in accounts if not a.manager_id)}
        self.entities = {
            account_id: {
                **entities.of_account(account, played),
                "billing_setup": bills.setups(account),
                "account_budget": bills.account_budgets(account, played),
            }
            for account_id, account in self.accounts.items()
        } | {number: entities.of_manager(number, accounts) for number in world.MANAGERS}
        self._lock = threading.Lock()
        self._asked = self._tokens = self._requests = 0

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return CLIENT

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request; a refusal in the API's own form."""
        with self._lock:
            self._requests += 1
            request_id = f"sandbox-{self._requests}"
        try:
            reply = self._token(request) if request.path == "/token" else self._api(request)
        except Refusal as refusal:
            reply = _refused(refusal, request_id, in_array=request.path.endswith("searchStream"))
        return world.Reply(reply.status, reply.body, {**reply.headers, "request-id": request_id})

    def _token(self, request: world.Request) -> world.Reply:
        form = dict(parse_qsl(request.body.decode()))
        expected = {
            "grant_type": "refresh_token",
            **CLIENT,
        }
        wrong = [name for name, value in expected.items() if form.get(name) != value]
        if request.method != "POST" or wrong:
            names = {"client_id": "invalid_client", "client_secret": "invalid_client"}
            error = names.get(wrong[0], "invalid_grant") if wrong else "invalid_request"
            return world.json_reply({"error": error}, status=401 if error == "invalid_client" else 400)
        with self._lock:
            self._tokens += 1
            token = f"sandbox-access-token-{self._tokens}"
        return world.json_reply(
            {
                "access_token": token,
                "expires_in": 3599,
                "scope": "https://www.googleapis.com/auth/adwords",
                "token_type": "Bearer",
            }
        )

    def _api(self, request: world.Request) -> world.Reply:
        version = request.path.split("/")[1]
        if re.fullmatch(r"v\d+", version) and version not in VERSIONS:
            raise Refusal("requestError.UNSUPPORTED_VERSION", f"Version {version} is deprecated.")
        self._check_token(request.headers.get("authorization", ""))
        if request.path == f"/{version}/customers:listAccessibleCustomers" and request.method == "GET":
            return world.json_reply(
                {"resourceNames": [f"customers/{number}" for number in sorted(self.user_is_on)]}
            )
        if (asked := SEARCH.fullmatch(request.path)) and request.method == "POST":
            return self._search(asked[2], request, streamed=asked[3] == "searchStream")
        if (asked := INVOICES.fullmatch(request.path)) and request.method == "GET":
            self._check_access(asked[2], request.headers)
            if asked[2] in world.MANAGERS:
                raise Refusal("invoiceError.NON_SERVING_CUSTOMER", "Ask for a serving account.")
            account = self.accounts[asked[2]]
            return world.json_reply(bills.invoices(account, self.world, request.query))
        raise Refusal("requestError.UNKNOWN", "The requested URL was not found.", status=404)

    def _check_token(self, header: str) -> None:
        scheme, _, token = header.partition(" ")
        number = token.removeprefix("sandbox-access-token-")
        if scheme != "Bearer" or not token:
            raise Refusal("authenticationError.OAUTH_TOKEN_HEADER_INVALID", "No bearer token.", status=401)
        with self._lock:
            known = number != token and number.isdigit() and 1 <= int(number) <= self._tokens
            self._asked += known
            asked, early = self._asked, number == "1"
        if not known:
            raise Refusal("authenticationError.OAUTH_TOKEN_INVALID", "The token is not valid.", status=401)
        if early and asked > EARLY_EXPIRY:
            raise Refusal("authenticationError.OAUTH_TOKEN_EXPIRED", "The token has expired.", status=401)
        if asked == THROTTLED:
            raise Refusal("quotaError.RESOURCE_TEMPORARILY_EXHAUSTED", "Too many requests.", status=429)
        if asked == BROKEN:
            raise Refusal("internalError.INTERNAL_ERROR", "Internal error encountered.", status=500)

    def _check_access(self, account_id: str, headers: Mapping[str, str]) -> None:
        """Who is not on an account must come through a manager above it, and say so."""
        login = headers.get("login-customer-id", "")
        if not re.fullmatch(r"\d{10}", account_id):
            raise Refusal("requestError.INVALID_CUSTOMER_ID", f"Invalid customer ID {account_id!r}.")
        if login and not re.fullmatch(r"\d{10}", login):
            raise Refusal("headerError.INVALID_LOGIN_CUSTOMER_ID", "login-customer-id is ten digits.")
        if account_id not in self.accounts and account_id not in world.MANAGERS:
            raise Refusal("authenticationError.CUSTOMER_NOT_FOUND", "No customer with this ID.", status=401)
        account = self.accounts.get(account_id)
        below = account is None or bool(account.manager_id)
        through = login or account_id
        allowed = through in self.user_is_on and (
            through == account_id or (below and through in world.MANAGERS)
        )
        if not allowed or (account is not None and account.access == "denied"):
            raise Refusal(
                "authorizationError.USER_PERMISSION_DENIED",
                "User doesn't have permission to access customer. To reach a client of a manager, set the "
                "manager's customer id in the 'login-customer-id' header.",
                status=403,
            )
        if account is not None and account.access == "cancelled":
            raise Refusal(
                "authorizationError.CUSTOMER_NOT_ENABLED", "The customer account is deactivated.", status=403
            )

    def _search(self, account_id: str, request: world.Request, *, streamed: bool) -> world.Reply:
        body = _body(request)
        self._check_access(account_id, request.headers)
        query = parse(body.query, self.world.today)
        check(query, manager=account_id in world.MANAGERS, today=self.world.today)
        rows = select(query, self.entities[account_id].get(query.resource, []))
        mask = ",".join(".".join(map(camel, name.split("."))) for name in query.fields)
        if streamed:
            starts = range(0, len(rows), PAGE_ROWS)
            return world.json_reply(
                [{"results": rows[at : at + PAGE_ROWS], "fieldMask": mask} for at in starts]
            )
        at = _offset(body.page_token, len(rows))
        page: dict[str, object] = {"fieldMask": mask}
        if rows:
            page["results"] = rows[at : at + PAGE_ROWS]
        if at + PAGE_ROWS < len(rows):
            page["nextPageToken"] = base64.urlsafe_b64encode(f"row {at + PAGE_ROWS}".encode()).decode()
        if body.search_settings.return_total_results_count:
            page["totalResultsCount"] = str(len(rows))
        return world.json_reply(page)


def _body(request: world.Request) -> Search:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Refusal("requestError.UNKNOWN", "The body must be application/json.")
    try:
        body = msgspec.json.decode(request.body, type=Search)
    except msgspec.DecodeError as error:
        raise Refusal("requestError.UNKNOWN", f"Invalid JSON payload received. {error}") from error
    if body.page_size is not None:
        raise Refusal("requestError.PAGE_SIZE_NOT_SUPPORTED", "Setting the page size is not supported.")
    return body


def _offset(token: str, rows: int) -> int:
    if not token:
        return 0
    try:
        at = int(base64.urlsafe_b64decode(token).removeprefix(b"row "))
    except (ValueError, binascii.Error):
        at = -1
    if not 0 < at < rows:
        raise Refusal("requestError.INVALID_PAGE_TOKEN", "The page token is not valid.")
    return at


def _refused(refusal: Refusal, request_id: str, *, in_array: bool) -> world.Reply:
    fault: dict[str, object] = {"message": refusal.message}
    kind, _, name = refusal.code.partition(".")
    fault["errorCode"] = {kind: name}
    if name == "RESOURCE_TEMPORARILY_EXHAUSTED":
        limit = {"rateScope": "ACCOUNT", "rateName": "Requests per account", "retryDelay": "0.2s"}
        fault["details"] = {"quotaErrorDetails": limit}
    failure = {
        "@type": "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure",
        "errors": [fault],
        "requestId": request_id,
    }
    error = {
        "error": {
            "code": refusal.status,
            "message": refusal.message,
            "status": STATUS_NAMES[refusal.status],
            "details": [failure],
        }
    }
    return world.json_reply([error] if in_array else error, status=refusal.status)
