"""Display & Video 360 and the Bid Manager, faked for the sandbox: as strict as the real ones, and as moody.

Source: Display & Video 360 API v4, Bid Manager API v2, OAuth 2 token endpoint (read 2026-11). Once in a life
of the fake a request is throttled, one is not available, and the first report fails.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from adtally import world

from . import bills, entities, rows
from .envelope import Refusal, check_names, decoded, denied, page, refused

MOUNT, FILES = "dv360", "/download/"
CLIENT = {
    "client_id": "sandbox-dv360-client",
    "client_secret": "sandbox-dv360-client-secret",
    "refresh_token": "sandbox-dv360-refresh-token",
}
TOKEN = "sandbox-dv360-access-token-"
THROTTLED, BROKEN = 11, 19
FAILED_REPORT = 1
"""The report that fails, counted from the first one that was asked for."""
STATES = ("QUEUED", "RUNNING", "DONE")
QUERY = re.compile(r"/v2/queries/(\d+)")
RUN = re.compile(r"/v2/queries/(\d+):run")
REPORT = re.compile(r"/v2/queries/(\d+)/reports/(\d+)")
OF_ADVERTISER = re.compile(r"/v4/advertisers/(\d+)/(\w+)")


@dataclass(slots=True)
class Report:
    """A run of a query: whether it fails, and how often somebody looked."""

    number: str
    query_id: str
    query: rows.Query
    fails: bool
    looks: int = 0

    @property
    def state(self) -> str:
        return "FAILED" if self.fails and self.looks > 1 else STATES[min(self.looks, len(STATES)) - 1]

    @property
    def signature(self) -> str:
        return hashlib.blake2b(f"{self.query_id} {self.number}".encode(), digest_size=8).hexdigest()


class Dv360Fake:
    """Answers for every advertiser of the world that runs on Display & Video 360."""

    needs = ()

    def __init__(self, played: world.World) -> None:
        self.world = played
        self.accounts = {account.account_id: account for account in played.of_platform("dv360")}
        self.queries: dict[str, rows.Query] = {}
        """Saved and not deleted, by id."""
        self._reports: dict[str, Report] = {}
        self._saved: list[rows.Query] = []
        self._lock = threading.Lock()
        self._asked = self._tokens = self._runs = 0

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return {
            **CLIENT,
            "partner_id": next(iter(self.accounts.values())).manager_id,
            "poll_seconds": 0,
            "requests_per_second": 1000,
        }

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request; a refusal in the form of Google's APIs."""
        if request.path.startswith(FILES):
            return self._file(request)
        if request.path == "/token":
            return self._token(request)
        try:
            self._check_token(request.headers.get("authorization", ""))
            return self._endpoint(request)
        except Refusal as refusal:
            return refused(refusal)

    def _token(self, request: world.Request) -> world.Reply:
        form = dict(parse_qsl(request.body.decode()))
        wrong = [name for name, value in CLIENT.items() if form.get(name) != value]
        if request.method != "POST" or form.get("grant_type") != "refresh_token" or wrong:
            is_client = bool(wrong) and wrong[0] != "refresh_token"
            error = {"error": "invalid_client" if is_client else "invalid_grant"}
            return world.json_reply(error, status=401 if is_client else 400)
        with self._lock:
            self._tokens += 1
            token = f"{TOKEN}{self._tokens}"
        return world.json_reply({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    def _check_token(self, header: str) -> None:
        number = header.removeprefix(f"Bearer {TOKEN}")
        with self._lock:
            known = number.isdigit() and 1 <= int(number) <= self._tokens
            self._asked += known
            asked = self._asked
        if not known:
            raise Refusal(401, "Request had invalid authentication credentials.")
        if asked == THROTTLED:
            delay = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.2s"}
            raise Refusal(429, "Resource has been exhausted (e.g. check quota).", [delay])
        if asked == BROKEN:
            raise Refusal(503, "The service is currently unavailable.")

    def _endpoint(self, request: world.Request) -> world.Reply:
        found = self._of_queries(request) if request.path.startswith("/v2/") else self._of_entities(request)
        if found is None:
            raise Refusal(404, "Method not found.")
        return found

    def _of_entities(self, request: world.Request) -> world.Reply | None:
        if request.method != "GET":
            return None
        if request.path == "/v4/advertisers":
            return self._advertisers(request.query)
        if found := OF_ADVERTISER.fullmatch(request.path):
            account, kind = self._open(found[1]), found[2]
            if kind == "invoices":
                return bills.invoices(account, self.world, request.query)
            if kind in entities.KINDS:
                return entities.listing(account, kind, request.query)
        return None

    def _of_queries(self, request: world.Request) -> world.Reply | None:
        check_names(request.query, ())
        path, method = request.path, request.method
        if (method, path) == ("POST", "/v2/queries"):
            return self._save(decoded(request, rows.Body))
        if method == "POST" and (found := RUN.fullmatch(path)):
            decoded(request, rows.Run)
            return self._run(found[1])
        if method == "GET" and (found := REPORT.fullmatch(path)):
            return self._look(found[1], found[2], request.headers.get("host", "127.0.0.1"))
        if method == "DELETE" and (found := QUERY.fullmatch(path)):
            return self._delete(found[1])
        return None

    def _advertisers(self, given: Mapping[str, str]) -> world.Reply:
        check_names(given, (*entities.PAGING, "partnerId"))
        partner_id = given.get("partnerId", "")
        if not partner_id:
            raise Refusal(400, "partner_id is required.")
        nodes = [entities.advertiser(one) for one in self.accounts.values() if one.manager_id == partner_id]
        if not nodes:
            raise denied()
        found = entities.in_state(nodes, given.get("filter", ""), archived=True)
        return page(found, given, key="advertisers", most=entities.MOST_ROWS)

    def _open(self, account_id: str) -> world.Account:
        account = self.accounts.get(account_id)
        if account is None or account.access == "denied":
            raise denied()
        return account

    def _save(self, body: rows.Body) -> world.Reply:
        query = rows.query(body, self.accounts, self.world.today)
        with self._lock:
            # By what is asked and how often that was, not by who came first.
            digest = hashlib.blake2b(f"{query} {self._saved.count(query)}".encode(), digest_size=5)
            self._saved.append(query)
            query_id = str(10**12 + int(digest.hexdigest(), 16))
            self.queries[query_id] = query
        return world.json_reply({"queryId": query_id})

    def _run(self, query_id: str) -> world.Reply:
        with self._lock:
            if query_id not in self.queries:
                raise Refusal(404, "Query not found.")
            number = f"{query_id[-6:]}1"
            self._runs += 1
            report = Report(number, query_id, self.queries[query_id], fails=self._runs == FAILED_REPORT)
            self._reports[query_id] = report
        return world.json_reply(self._node(report, "QUEUED", ""))

    def _look(self, query_id: str, number: str, host: str) -> world.Reply:
        with self._lock:
            report = self._reports.get(query_id)
            if report is None or report.number != number:
                raise Refusal(404, "Report not found.")
            report.looks += 1
            return world.json_reply(self._node(report, report.state, host))

    def _delete(self, query_id: str) -> world.Reply:
        with self._lock:
            if self.queries.pop(query_id, None) is None:
                raise Refusal(404, "Query not found.")
            self._reports.pop(query_id, None)
        return world.json_reply({})

    def _node(self, report: Report, state: str, host: str) -> dict[str, object]:
        metadata: dict[str, object] = {
            "status": {"state": state, "format": "CSV"},
            "reportDataStartDate": entities.day(report.query.window.first_day),
            "reportDataEndDate": entities.day(report.query.window.last_day),
        }
        if state == "DONE":
            name = f"{report.query_id}_{report.number}.csv?sig={report.signature}"
            metadata["googleCloudStoragePath"] = f"http://{host}/{MOUNT}{FILES}{name}"
        return {"key": {"queryId": report.query_id, "reportId": report.number}, "metadata": metadata}

    def _file(self, request: world.Request) -> world.Reply:
        """The file of a finished report; its address is signed, and takes no token."""
        query_id = request.path.removeprefix(FILES).partition("_")[0]
        xml = {"Content-Type": "application/xml"}
        if request.headers.get("authorization"):
            return world.Reply(400, b"<Error><Code>InvalidArgument</Code></Error>", xml)
        with self._lock:
            report = self._reports.get(query_id)
        if request.method != "GET" or report is None or report.state != "DONE":
            return world.Reply(404, b"<Error><Code>NoSuchKey</Code></Error>", xml)
        if request.query.get("sig") != report.signature:
            return world.Reply(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>", xml)
        body = rows.sheet(report.query, self.accounts[report.query.account_id], self.world)
        return world.Reply(200, body, {"Content-Type": "text/csv"})
