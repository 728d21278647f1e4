"""The Bing Ads API, faked for the sandbox: as strict as the real one, and as moody.

Source: API v13 as REST (SDK 13.0.30.1), its faults and guides (2024-11-06); read 2026-11. All services are on
one host here. Once in a life of the fake a token expires early, calls and reports are throttled, a request
fails inside, and the first report fails.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

import msgspec

from adtally import world

from . import bills, entities, rows
from .envelope import Json, Refusal, check_names, flags, invalid, optional, page, predicate, read

MOUNT, DOWNLOAD = "microsoft_ads", "/download/"
CLIENT, SECRET, REFRESH = "sandbox-microsoft-app", "sandbox-microsoft-secret", "sandbox-microsoft-refresh"
DEVELOPER, TOKEN = "sandbox-microsoft-developer", "sandbox-microsoft-token-"
SCOPE = {"https://ads.microsoft.com/msads.manage", "offline_access"}
TOKEN_SECONDS = 3599
THROTTLED, BROKEN, EARLY_EXPIRY = 11, 19, 29
"""Which question of all is the one."""
QUEUED, FAILED_REPORT = 2, 1
"""Which order of a report is one too many at once, and which report fails."""
MOST_ACCOUNTS = 1000
SOON = {"Retry-After": "1"}
OF_CAMPAIGNS = {
    "CampaignManagement/Campaigns/QueryByAccountId": entities.campaigns,
    "CampaignManagement/AdGroups/QueryByCampaignId": entities.ad_groups,
    "CampaignManagement/Ads/QueryByAdGroupId": entities.ads,
    "CampaignManagement/ConversionGoals/QueryByIds": entities.goals,
}
OF_BILLING = {
    "CustomerBilling/BillingDocumentsInfo/Query": bills.documents,
    "CustomerBilling/InsertionOrders/Search": bills.insertion_orders,
}


@dataclass(slots=True)
class Report:
    """A report that is made ready: what was asked, and how often somebody looked."""

    number: str
    query: rows.Query
    lines: list[list[str]]
    fails: bool
    looks: int = 0

    @property
    def status(self) -> str:
        if self.looks < 2:
            return "Pending"
        return "Error" if self.fails else "Success"


class MicrosoftAdsFake:
    """Answers for every account of the world that runs on Microsoft Advertising."""

    needs = ()

    def __init__(self, played: world.World) -> None:
        self.world = played
        self.accounts = {account.account_id: account for account in played.of_platform("microsoft_ads")}
        self._reports: dict[str, Report] = {}
        self._lock = threading.Lock()
        self._tokens = self._asked = self._orders = 0

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "refresh_token": REFRESH,
            "developer_token": DEVELOPER,
            "poll_seconds": 0,
            "requests_per_second": 1000,
        }

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request; a refusal in the API's own form."""
        if request.path.startswith(DOWNLOAD):
            return self._file(request)
        if request.path == "/common/oauth2/v2.0/token":
            return self._signed_in(request)
        try:
            asked = self._check_token(request)
            self._moods(asked)
            return world.json_reply(self._endpoint(request))
        except Refusal as refusal:
            return refusal.reply(f"11111111-2222-3333-4444-{self._asked:012}")

    def _signed_in(self, request: world.Request) -> world.Reply:
        """A token with a new refresh token; the old one stays good."""
        form = dict(parse_qsl(request.body.decode()))
        known, _, number = form.get("refresh_token", "").partition(".")
        is_known = known == REFRESH and (not number or number.isdigit())
        wrong = ""
        if request.method != "POST" or "developertoken" in request.headers:
            wrong = "invalid_request"
        elif (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            wrong = "invalid_client"
        elif set(form.get("scope", "").split()) != SCOPE:
            wrong = "invalid_scope"
        elif form.get("grant_type") != "refresh_token" or not is_known:
            wrong = "invalid_grant"
        if wrong:
            said = {"error_description": "AADSTS70000: not accepted.", "error_codes": [70000]}
            return world.json_reply({"error": wrong, **said}, status=400)
        with self._lock:
            self._tokens += 1
            tokens = self._tokens
        return world.json_reply(
            {
                "token_type": "Bearer",
                "scope": "https://ads.microsoft.com/msads.manage",
                "expires_in": TOKEN_SECONDS,
                "access_token": f"{TOKEN}{tokens}",
                "refresh_token": f"{REFRESH}.{tokens}",
            }
        )

    def _check_token(self, request: world.Request) -> int:
        """Which question this is of those that are signed. Raises Refusal for one that is not."""
        header = request.headers.get("authorization", "")
        number = header.removeprefix(f"Bearer {TOKEN}")
        if request.headers.get("developertoken") != DEVELOPER or number == header or not number.isdigit():
            raise Refusal(105, "Authentication failed. Either supplied credentials are invalid or inactive.")
        with self._lock:
            self._asked += 1
            asked = self._asked
            has_expired = not 1 <= int(number) <= self._tokens or (number == "1" and asked >= EARLY_EXPIRY)
        if has_expired:
            raise Refusal(109, "Authentication token expired. Please renew it or obtain a new token.")
        return asked

    def _moods(self, asked: int) -> None:
        if asked == THROTTLED:
            raise Refusal(117, "You have exceeded the number of calls that you can make in a minute.", SOON)
        if asked == BROKEN:
            raise Refusal(0, "An internal error has occurred.")

    def _endpoint(self, request: world.Request) -> Json:
        head, given = request.headers, _body(request)
        path = request.path.replace("/v13/", "/", 1).removeprefix("/")
        if request.method != "POST" or "/v13/" not in request.path or request.query:
            raise invalid(f"{request.method} {request.path} is not an operation.")
        if not head.get("accept", "").startswith("application/json"):
            raise invalid("Accept must be application/json.")
        if path == "CustomerManagement/User/Query":
            return self._user(given)
        if path == "CustomerManagement/Accounts/Search":
            return self._search(given)
        account = self._account(head, given)
        if path in OF_CAMPAIGNS:
            return OF_CAMPAIGNS[path](account, given)
        if path in OF_BILLING:
            return OF_BILLING[path](account, given, self.world)
        return self._report(path, account, given, head.get("host", "127.0.0.1"))

    def _user(self, given: Json) -> Json:
        check_names(given, ("UserId",))
        if optional(given, "UserId", str) is not None:
            raise Refusal(106, "The user is not authorized to perform this action.")
        role = {"RoleId": 41, "CustomerId": self._customers[0], "AccountIds": None, "LinkedAccountIds": None}
        return {"User": {"Id": entities.USER_ID, "CustomerId": self._customers[0]}, "CustomerRoles": [role]}

    def _search(self, given: Json) -> Json:
        check_names(given, ("Predicates", "PageInfo"), ("Ordering", "ReturnAdditionalFields"))
        flags(given, "ReturnAdditionalFields", {"AccountMode"})
        field, value = predicate(given, ("UserId", "CustomerId"))
        if field == "UserId" and value != entities.USER_ID:
            raise Refusal(106, "The user is not authorized to perform this action.")
        found = [
            entities.account(one)
            for one in self.accounts.values()
            if field == "UserId" or one.manager_id == value
        ]
        return {"Accounts": page(found, given, MOST_ACCOUNTS)}

    @property
    def _customers(self) -> list[str]:
        return sorted({account.manager_id for account in self.accounts.values()})

    def _account(self, head: Mapping[str, str], given: Json) -> world.Account:
        """The account that the headers name, which the body must not contradict."""
        if "customerid" not in head or "customeraccountid" not in head:
            raise Refusal(116, "CustomerId or CustomerAccountId is missing.")
        account = self.accounts.get(head["customeraccountid"])
        if account is None or head["customerid"] != account.manager_id or account.access == "denied":
            code = 2003 if "ReportRequest" in given else 106
            raise Refusal(code, "The user is not authorized to perform this action.")
        named = [optional(given, "AccountId", str) or account.account_id]
        named += optional(given, "AccountIds", list[str]) or []
        if "Predicates" in given:
            named.append(predicate(given, ("AccountId",))[1])
        if {*named} != {account.account_id}:
            raise Refusal(106, "The user is not authorized to perform this action.")
        return account

    def _report(self, path: str, account: world.Account, given: Json, host: str) -> Json:
        if path == "Reporting/GenerateReport/Submit":
            return self._order(account, given)
        if path == "Reporting/GenerateReport/Poll":
            return self._look(account, given, host)
        raise invalid(f"{path} is not an operation.")

    def _order(self, account: world.Account, given: Json) -> Json:
        check_names(given, ("ReportRequest",))
        asked = read(given, "ReportRequest", dict[str, object])
        query = rows.query(asked, account, self.world.today)
        lines = rows.found(query, self.world)
        with self._lock:
            self._orders += 1
            if self._orders == QUEUED:
                raise Refusal(207, "You have already reached the maximum number of report requests.", SOON)
            # By what is asked and how often that was, not by who came first.
            before = sum(report.query == query for report in self._reports.values())
            digest = hashlib.blake2b(f"{account.account_id} {query} {before}".encode(), digest_size=5)
            number = str(int(digest.hexdigest(), 16))
            self._reports[number] = Report(number, query, lines, len(self._reports) + 1 == FAILED_REPORT)
        return {"ReportRequestId": number}

    def _look(self, account: world.Account, given: Json, host: str) -> Json:
        check_names(given, ("ReportRequestId",))
        report = self._reports.get(read(given, "ReportRequestId", str))
        if report is None or report.query.account != account:
            raise Refusal(2100, "The report request id is not valid.")
        with self._lock:
            report.looks += 1
            status = report.status
        has_file = status == "Success" and report.lines
        url = f"http://{host}/{MOUNT}{DOWNLOAD}{report.number}?sig={report.looks}" if has_file else None
        return {"ReportRequestStatus": {"Status": status, "ReportDownloadUrl": url}}

    def _file(self, request: world.Request) -> world.Reply:
        """A finished report; who knows its address needs no token, and must send none."""
        report = self._reports.get(request.path.removeprefix(DOWNLOAD))
        if {"authorization", "developertoken", "customerid"} & request.headers.keys():
            return _storage(400, "InvalidHeader")
        signature = request.query.get("sig", "")
        if request.method != "GET" or report is None or report.status != "Success":
            return _storage(404, "BlobNotFound")
        if not signature.isdigit() or not 2 <= int(signature) <= report.looks:
            return _storage(403, "AuthenticationFailed")
        content = rows.file(report.query, report.lines, self.world.today)
        return world.Reply(200, content, {"Content-Type": "application/x-zip-compressed"})


def _body(request: world.Request) -> Json:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise invalid("Content-Type must be application/json.")
    try:
        return msgspec.json.decode(request.body, type=dict[str, object])
    except msgspec.DecodeError as error:
        raise invalid(f"The body is not valid JSON: {error}") from error


def _storage(status: int, code: str) -> world.Reply:
    """A refusal of the storage that files lie in."""
    return world.Reply(status, f"<Error><Code>{code}</Code></Error>".encode(), {"Content-Type": "text/xml"})
