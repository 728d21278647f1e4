"""The Campaign Manager 360 API, faked for the sandbox: as strict as the real one, and as moody.

Source: Campaign Manager 360 API v5, discovery document of revision 20261107; read 2026-11. Once in a life of
the fake a token expires early, a request is throttled, one fails inside, and the first run of a report fails.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from adtally import world

from . import bills, entities, rows
from .envelope import Refusal, check_names, missing, page, refused

CLIENT = {
    "client_id": "sandbox-cm360-client",
    "client_secret": "sandbox-cm360-client-secret",
    "refresh_token": "sandbox-cm360-refresh-token",
}
PROFILE = "4200001"
USD = "1"
ROOT = f"/dfareporting/v5/userprofiles/{PROFILE}"
EARLY_EXPIRY, THROTTLED, BROKEN = 27, 12, 20
FAILED_RUN = 1
"""The run that fails, counted from the first one that was asked for."""
STEPS = ("QUEUED", "PROCESSING", "REPORT_AVAILABLE")
STATES = frozenset({"ACTIVE", "INACTIVE", "ARCHIVED", "PERMANENTLY_ARCHIVED"})
OF_LISTS = ("maxResults", "pageToken")
OF_OWNED = (*OF_LISTS, "advertiserIds")


@dataclass(slots=True)
class Run:
    """A file in the making: of which report, and how often somebody looked."""

    file_id: str
    report: rows.Report
    fails: bool
    looks: int = 0

    @property
    def status(self) -> str:
        step = min(self.looks, len(STEPS) - 1)
        return "FAILED" if self.fails and step else STEPS[step]


class Cm360Fake:
    """Answers for every advertiser of the world that is in CM360."""

    needs = ()

    def __init__(self, played: world.World) -> None:
        self.world = played
        self.advertisers = {account.account_id: account for account in played.of_platform("cm360")}
        self.owner = next(account.manager_id for account in self.advertisers.values())
        self.timezone = next(account.timezone for account in self.advertisers.values())
        self.bookings = entities.bookings(played)
        self._saved: dict[str, rows.Report] = {}
        self._runs: dict[tuple[str, str], Run] = {}
        self._ordered: list[rows.Report] = []
        self._lock = threading.Lock()
        self._asked = self._tokens = 0

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return {
            **CLIENT,
            "profile_id": PROFILE,
            "timezone": self.timezone,
            "poll_seconds": 0,
            "requests_per_second": 1000,
        }

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request; a refusal in the API's own form."""
        try:
            return self._token(request) if request.path == "/token" else self._api(request)
        except Refusal as refusal:
            return refused(refusal)

    def _token(self, request: world.Request) -> world.Reply:
        form = dict(parse_qsl(request.body.decode()))
        if request.method != "POST" or form.get("grant_type") != "refresh_token":
            return world.json_reply({"error": "unsupported_grant_type"}, status=400)
        if any(form.get(name) != CLIENT[name] for name in ("client_id", "client_secret")):
            return world.json_reply({"error": "invalid_client"}, status=401)
        if form.get("refresh_token") != CLIENT["refresh_token"]:
            told = "Token has been expired or revoked."
            return world.json_reply({"error": "invalid_grant", "error_description": told}, status=400)
        with self._lock:
            self._tokens += 1
            token = f"sandbox-cm360-token-{self._tokens}"
        return world.json_reply({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    def _api(self, request: world.Request) -> world.Reply:
        self._check_token(request.headers.get("authorization", ""))
        if not request.path.startswith("/dfareporting/v5/"):
            raise Refusal(403, "forbidden", "This version of the API is no longer available.")
        if request.path != ROOT and not request.path.startswith(f"{ROOT}/"):
            raise Refusal(403, "forbidden", "The user profile is not yours.")
        parts = request.path.removeprefix(ROOT).strip("/").split("/")
        match request.method, *parts:
            case "GET", "":
                found: object = {"profileId": PROFILE, "accountId": self.owner, "userName": "sandbox"}
            case "GET", "accounts", self.owner:
                found = {"kind": "dfareporting#account", "id": self.owner, "currencyId": USD, "active": True}
            case "GET", "advertisers":
                check_names(request.query, (*OF_LISTS, "status", "ids"))
                listed = [entities.advertiser(account) for account in self.advertisers.values()]
                found = page("advertisers", listed, request.query)
            case "GET", "advertisers", advertiser_id, "invoices":
                self._check_access({advertiser_id})
                found = bills.invoices(self.world, request.query)
            case "GET", "campaigns" | "placements" | "placementGroups" as kind:
                found = self._owned(kind, request)
            case _, "reports", *rest:
                return self._reports(request, rest)
            case _:
                raise missing("The requested URL was")
        return world.json_reply(found)

    def _check_token(self, header: str) -> None:
        scheme, _, token = header.partition(" ")
        number = token.removeprefix("sandbox-cm360-token-")
        with self._lock:
            known = number != token and number.isdigit() and 1 <= int(number) <= self._tokens
            self._asked += known
            asked = self._asked
        if scheme != "Bearer" or not known or (number == "1" and asked > EARLY_EXPIRY):
            raise Refusal(401, "authError", "Invalid Credentials")
        if asked == THROTTLED:
            raise Refusal(403, "userRateLimitExceeded", "User Rate Limit Exceeded")
        if asked == BROKEN:
            raise Refusal(503, "backendError", "Backend Error")

    def _check_access(self, advertiser_ids: set[str]) -> None:
        for number in advertiser_ids:
            account = self.advertisers.get(number)
            if account is None:
                raise missing(f"Advertiser {number}")
            if account.access == "denied":
                raise Refusal(403, "forbidden", f"The user has no access to advertiser {number}.")

    def _owned(self, kind: str, request: world.Request) -> object:
        """A list of what belongs to advertisers; archived placements are left out unless asked for."""
        check_names(request.query, OF_OWNED if kind == "campaigns" else (*OF_OWNED, "activeStatus"))
        given = parse_qsl(request.raw_query)
        owners = {value for name, value in given if name == "advertiserIds"}
        states = {value.removeprefix("PLACEMENT_STATUS_") for name, value in given if name == "activeStatus"}
        if states - STATES:
            raise Refusal(400, "invalid", "Invalid value for activeStatus.")
        self._check_access(owners)
        found: list[dict[str, object]] = []
        if entities.ADVERTISER in (owners or {entities.ADVERTISER}):
            found = {
                "campaigns": lambda: [
                    entities.campaign(account, self.world) for account in entities.publishers(self.world)
                ],
                "placements": lambda: [entities.placement(booking) for booking in self.bookings],
                "placementGroups": lambda: list(entities.groups(self.bookings)),
            }[kind]()
        shown = states or {"ACTIVE", "INACTIVE"}
        found = [
            row
            for row in found
            if str(row.get("activeStatus", "ACTIVE")).removeprefix("PLACEMENT_STATUS_") in shown
        ]
        return page(kind, found, request.query, most=800 if kind == "placementGroups" else 1000)

    def _reports(self, request: world.Request, rest: list[str]) -> world.Reply:
        match request.method, *rest:
            case ("GET",):
                check_names(request.query, (*OF_LISTS, "scope", "sortField", "sortOrder"))
                with self._lock:
                    saved = [{"id": number, "name": one.name} for number, one in self._saved.items()]
                return world.json_reply({"kind": "dfareporting#reportList", "items": saved})
            case ("POST",):
                return self._insert(request)
            case "POST", report_id, "run":
                check_names(request.query, ("synchronous",))
                return world.json_reply(self._run(report_id))
            case "DELETE", report_id:
                check_names(request.query, ())
                return self._delete(report_id)
            case "GET", report_id, "files", file_id:
                check_names(request.query, ("alt",))
                return self._look(report_id, file_id, download=request.query.get("alt") == "media")
            case _:
                raise missing("The requested URL was")

    def _insert(self, request: world.Request) -> world.Reply:
        check_names(request.query, ())
        if request.headers.get("content-type") != "application/json":
            raise Refusal(400, "parseError", "This API does not support parsing form-encoded input.")
        asked = rows.report(request.body, self.world.today)
        if asked.account_id != self.owner:
            raise Refusal(403, "forbidden", "The account is not the profile's.")
        self._check_access(asked.picked("dfa:advertiser"))
        with self._lock:
            # By what is asked and how often that was, not by who came first.
            before = self._ordered.count(asked)
            self._ordered.append(asked)
            digest = hashlib.blake2b(f"{asked} {before}".encode(), digest_size=5)
            report_id = str(int(digest.hexdigest(), 16))
            self._saved[report_id] = asked
        told = {"id": report_id, "name": asked.name, "type": asked.type, "accountId": asked.account_id}
        return world.json_reply({"kind": "dfareporting#report", **told})

    def _run(self, report_id: str) -> object:
        with self._lock:
            asked = self._known(report_id)
            number = sum(key[0] == report_id for key in self._runs) + 1
            run = Run(f"{report_id}{number}", asked, len(self._ordered) == FAILED_RUN)
            self._runs[report_id, run.file_id] = run
        return _node(run, report_id)

    def _look(self, report_id: str, file_id: str, *, download: bool) -> world.Reply:
        with self._lock:
            self._known(report_id)
            run = self._runs.get((report_id, file_id))
            if run is None:
                raise missing(f"File {file_id}")
            if not download:
                run.looks += 1
        if not download:
            return world.json_reply(_node(run, report_id))
        if run.status != "REPORT_AVAILABLE":
            raise Refusal(400, "badRequest", "The report file is not available yet.")
        return world.Reply(
            200, rows.file(run.report, self.world, self.timezone), {"Content-Type": "text/csv"}
        )

    def _delete(self, report_id: str) -> world.Reply:
        with self._lock:
            self._known(report_id)
            del self._saved[report_id]
        return world.Reply(204, b"")

    def _known(self, report_id: str) -> rows.Report:
        if report_id not in self._saved:
            raise missing(f"Report {report_id}")
        return self._saved[report_id]


def _node(run: Run, report_id: str) -> dict[str, object]:
    days = run.report.criteria.date_range
    return {
        "kind": "dfareporting#file",
        "id": run.file_id,
        "reportId": report_id,
        "status": run.status,
        "dateRange": {"startDate": str(days.start_date), "endDate": str(days.end_date)},
    }
