"""The TikTok API for Business, faked for the sandbox: as strict as the real one, and as moody.

Source: TikTok API for Business v1.3 and its return codes; read 2026-11. It refuses with HTTP 200 and a code.
Once in a life of the fake a request is throttled, one fails inside, and the first task fails.
"""

from __future__ import annotations

import csv
import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO

import msgspec

from adtally import world

from . import bills, entities, rows
from .envelope import Refusal, answered, check_names, decoded, invalid, named, page, refused
from .fields import ADVERTISER, ID_FILTERS, OF_ENTITIES, OF_REPORT, OF_TASK

ROOT = "/open_api/v1.3/"
MOUNT = "tiktok_ads"
TOKEN, APP, SECRET = "sandbox-tiktok-token", "sandbox-app", "sandbox-app-secret"
THROTTLED, BROKEN = 13, 21
FAILED_TASK = 1
"""The task that fails, counted from the first one that was asked for."""
STEPS = ("QUEUING", "PROCESSING", "SUCCESS")
OUTPUTS = ("CSV_STRING", "CSV_DOWNLOAD", "XLSX_DOWNLOAD")
MOST_ADVERTISERS, MOST_AT_ONCE = 100, 5


@dataclass(slots=True)
class Task:
    """A report that is made ready: what was asked, and how often somebody looked."""

    task_id: str
    advertiser_id: str
    query: rows.Query
    output: str
    fails: bool
    looks: int = 0

    @property
    def status(self) -> str:
        return "FAILED" if self.fails and self.looks > 1 else STEPS[min(max(self.looks, 1), len(STEPS)) - 1]


class TikTokAdsFake:
    """Answers for every account of the world that runs on TikTok."""

    needs = ()

    def __init__(self, played: world.World) -> None:
        self.world = played
        self.accounts = {account.account_id: account for account in played.of_platform("tiktok_ads")}
        self.centers = {account.manager_id for account in self.accounts.values() if account.manager_id}
        self._tasks: dict[str, Task] = {}
        self._lock = threading.Lock()
        self._asked = 0

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return {
            "access_token": TOKEN,
            "app_id": APP,
            "app_secret": SECRET,
            "bc_id": min(self.centers),
            "poll_seconds": 0,
            "requests_per_second": 1000,
        }

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request; a refusal comes with the HTTP status of success."""
        if request.path.startswith("/files/"):
            return self._file(request.path.removeprefix("/files/"))
        with self._lock:
            self._asked += 1
            asked = self._asked
        request_id = f"20261110{asked:010}"
        try:
            self._check_token(request)
            self._moods(asked)
            found = self._endpoint(request)
        except Refusal as refusal:
            return refused(refusal, request_id)
        return found if isinstance(found, world.Reply) else answered(found, request_id)

    def _check_token(self, request: world.Request) -> None:
        token = request.headers.get("access-token", "")
        if not token:
            raise Refusal(40104, "Access token is empty.")
        if token != TOKEN:
            raise Refusal(40105, "Access token is incorrect or has been revoked.")

    def _moods(self, asked: int) -> None:
        if asked == THROTTLED:
            raise Refusal(40100, "Requests made too frequently. Please retry later.")
        if asked == BROKEN:
            raise Refusal(50000, "System error. Please retry later.")

    def _endpoint(self, request: world.Request) -> object:
        if not request.path.startswith(ROOT) or not request.path.endswith("/"):
            return world.Reply(404, b"404 page not found", {"Content-Type": "text/plain"})
        path, given = request.path.removeprefix(ROOT).strip("/"), request.query
        of_center = {
            "bc/invoice/get": bills.invoices,
            "bc/billing_group/get": bills.billing_groups,
            "bc/account/transaction/get": bills.transactions,
            "bc/account/cost/get": bills.costs,
            "advertiser/balance/get": bills.balances,
        }
        of_app = {
            "oauth2/advertiser/get": self._authorised,
            "advertiser/info": self._advertisers,
            "bc/get": self._centers,
            "report/integrated/get": self._report,
            "report/task/check": self._check_task,
        }
        kind, _, verb = path.rpartition("/")
        found: object
        if request.method == "POST" and path == "report/task/create":
            found = self._create_task(_body(request))
        elif path == "report/task/download":
            found = self._download(given, request.headers.get("host", "127.0.0.1"))
        elif request.method != "GET":
            raise Refusal(40002, f"Method {request.method} is not allowed.")
        elif path in of_center:
            if given.get("bc_id") not in self.centers:
                raise Refusal(40001, "No permission to operate this Business Center.")
            found = of_center[path](self.world, given)
        elif path in of_app:
            found = of_app[path](given)
        elif verb == "get" and kind.removeprefix("smart_plus/") in entities.KINDS:
            found = self._listing(kind, given)
        else:
            found = world.Reply(404, b"404 page not found", {"Content-Type": "text/plain"})
        return found

    def _authorised(self, given: Mapping[str, str]) -> object:
        check_names(given, (), ("app_id", "secret"))
        if (given["app_id"], given["secret"]) != (APP, SECRET):
            raise Refusal(40101, "The app_id or secret is incorrect.")
        return {
            "list": [
                {"advertiser_id": account.account_id, "advertiser_name": account.name}
                for account in self.accounts.values()
            ]
        }

    def _advertisers(self, given: Mapping[str, str]) -> object:
        check_names(given, ("fields",), ("advertiser_ids",))
        ids = decoded(given, "advertiser_ids", list[str], [])
        if not ids or len(ids) > MOST_ADVERTISERS:
            raise invalid(f"advertiser_ids: 1 to {MOST_ADVERTISERS} are possible.")
        asked = named(given, "fields", ADVERTISER, sorted(ADVERTISER))
        found: list[dict[str, object]] = []
        for advertiser_id in ids:
            account = self.accounts.get(advertiser_id)
            if account is None:
                raise Refusal(40001, f"No permission to operate advertiser {advertiser_id}.")
            node = entities.advertiser(account, self.world)
            found.append({name: node[name] for name in asked if name in node})
        return {"list": found}

    def _centers(self, given: Mapping[str, str]) -> object:
        check_names(given, ("scene", "page", "page_size", "bc_id"))
        found = [
            {
                "bc_info": {"bc_id": center, "name": "Pacific media", "currency": "USD", "type": "NORMAL"},
                "user_role": "ADMIN",
                "ext_user_role": {"finance_role": "ANALYST"},
                "binding_status": "ACTIVE",
            }
            for center in sorted(self.centers)
        ]
        return page(found, given, most=bills.BILLING_ROWS)

    def _open(self, given: Mapping[str, str]) -> world.Account:
        advertiser_id = given.get("advertiser_id", "")
        if not advertiser_id:
            raise invalid("advertiser_id: Missing data for required field.")
        account = self.accounts.get(advertiser_id)
        if account is None or account.access == "denied":
            raise Refusal(40001, f"No permission to operate advertiser {advertiser_id}.")
        return account

    def _listing(self, kind: str, given: Mapping[str, str]) -> object:
        check_names(given, OF_ENTITIES, ("advertiser_id",))
        account = self._open(given)
        return page([], given) if kind.startswith("smart_plus/") else entities.listing(account, kind, given)

    def _report(self, given: Mapping[str, str]) -> object:
        check_names(given, OF_REPORT)
        if "advertiser_ids" in given:
            several = decoded(given, "advertiser_ids", list[str], [])
            if len(several) > MOST_AT_ONCE:
                raise invalid(f"advertiser_ids: at most {MOST_AT_ONCE} are possible.")
            raise invalid("advertiser_ids: the sandbox reports one advertiser at a time.")
        account = self._open(given)
        return page(rows.report(rows.query(given, self.world.today), account, self.world), given)

    def _create_task(self, given: Mapping[str, str]) -> object:
        check_names(given, OF_TASK)
        account = self._open(given)
        for each in decoded(given, "filtering", list[rows.Filter], []):
            if each.field_name not in ID_FILTERS:
                raise invalid("filtering: only ids can be filtered in an asynchronous report.")
        output = given.get("output_format", "CSV_STRING")
        if output not in OUTPUTS:
            raise invalid("output_format: Not a valid choice.")
        if given.get("enable_report_title_translation", "true") == "true":
            raise invalid("enable_report_title_translation: the sandbox has field names only.")
        asked = rows.query(given, self.world.today)
        if "billed_cost" in asked.metrics:
            raise invalid("metrics: billed_cost is not available in an asynchronous report.")
        with self._lock:
            # By what is asked and how often that was, not by who came first.
            before = sum(
                task.query == asked and task.advertiser_id == account.account_id
                for task in self._tasks.values()
            )
            digest = hashlib.blake2b(f"{sorted(given.items())} {before}".encode(), digest_size=6)
            task_id = f"task{int(digest.hexdigest(), 16):015}"
            self._tasks[task_id] = Task(
                task_id, account.account_id, asked, output, fails=len(self._tasks) + 1 == FAILED_TASK
            )
        return {"task_id": task_id}

    def _task(self, given: Mapping[str, str]) -> Task:
        check_names(given, (), ("advertiser_id", "task_id"))
        task = self._tasks.get(given["task_id"])
        if task is None or task.advertiser_id != given["advertiser_id"]:
            raise Refusal(40007, "The task does not exist.")
        return task

    def _check_task(self, given: Mapping[str, str]) -> object:
        task = self._task(given)
        with self._lock:
            task.looks += 1
        found: dict[str, object] = {"status": task.status}
        return found | ({"message": "Internal error."} if task.status == "FAILED" else {})

    def _download(self, given: Mapping[str, str], host: str) -> object:
        task = self._task(given)
        if task.status != "SUCCESS":
            raise Refusal(40202, "The task is not finished.")
        if task.output == "CSV_STRING":
            return self._file(task.task_id)
        return {
            "download_url": f"http://{host}/{MOUNT}/files/{task.task_id}",
            "file_name": f"{task.task_id}.csv",
            "output_format": task.output,
        }

    def _file(self, task_id: str) -> world.Reply:
        """The CSV of a finished task; who knows its address needs no token."""
        task = self._tasks.get(task_id)
        if task is None or task.status != "SUCCESS":
            return world.Reply(404, b"404 page not found", {"Content-Type": "text/plain"})
        account = self.accounts[task.advertiser_id]
        text = StringIO()
        columns = dict.fromkeys((*rows.dimensions(task.query), *task.query.metrics))
        writer = csv.DictWriter(text, list(columns))
        writer.writeheader()
        for row in rows.report(task.query, account, self.world):
            writer.writerow(row["dimensions"] | row["metrics"])
        return world.Reply(200, text.getvalue().encode(), {"Content-Type": "text/csv"})


def _body(request: world.Request) -> dict[str, str]:
    """The JSON body, each value as the text that a GET would carry."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise invalid("The body must be application/json.")
    try:
        body = msgspec.json.decode(request.body, type=dict[str, object])
    except msgspec.DecodeError as error:
        raise invalid(f"The body is not valid JSON: {error}") from error
    return {
        name: value if isinstance(value, str) else msgspec.json.encode(value).decode()
        for name, value in body.items()
    }
