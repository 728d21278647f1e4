"""The X Ads API, faked for the sandbox: as strict as the real one, and as moody.

Source: X Ads API v12 (snapshot of 2026-08-22; read 2026-11). Reports come as jobs only. Once in a life of the
fake a request is throttled, one fails inside, and the first job fails.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time as clock, timedelta

import msgspec

from adtally import world

from . import entities, rows
from .envelope import Refusal, answered, check_names, flag, ids, page, refused
from .signatures import CONSUMER, CONSUMER_SECRET, TOKEN, TOKEN_SECRET, Signatures

ROOT, MOUNT = "/12/", "x_ads"
FILES = "/files/stats_job_"
THROTTLED, BROKEN = 11, 19
FAILED_JOB = 1
"""The job that fails, counted from the first one that was asked for."""
WORK = 4
"""The requests after which a job is done."""
MOST_JOBS, MOST_LOOKED_AT = 100, 200
KEPT = timedelta(hours=48)
FIRST_NUMBER = 1_990_000_000_000_000_000
"""Beyond what a float holds."""


@dataclass(frozen=True, slots=True)
class Job:
    """A report that is made ready: who asked what, and when, counted in requests."""

    number: int
    account: world.Account
    query: rows.Query
    fails: bool
    begun: int

    def status(self, asked: int) -> str:
        if asked - self.begun < WORK:
            return "PROCESSING"
        return "FAILED" if self.fails else "SUCCESS"


class XAdsFake:
    """Answers for every account of the world that runs on X."""

    needs = ("oauthlib",)

    def __init__(self, played: world.World) -> None:
        self.world = played
        self.accounts = {account.account_id: account for account in played.of_platform("x_ads")}
        self._signatures = Signatures()
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._asked = 0

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return {
            "consumer_key": CONSUMER,
            "consumer_secret": CONSUMER_SECRET,
            "access_token": TOKEN,
            "access_token_secret": TOKEN_SECRET,
            "poll_seconds": 0,
            "requests_per_second": 1000,
        }

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request; a refusal in the API's own form."""
        host = request.headers.get("host", "127.0.0.1")
        if request.path.startswith(FILES):
            return self._file(request)
        with self._lock:
            self._asked += 1
            asked = self._asked
        try:
            self._signatures.check(request, f"http://{host}/{MOUNT}{request.path}")
            self._moods(asked)
            return self._endpoint(request, asked, f"http://{host}/{MOUNT}")
        except Refusal as refusal:
            return refused(refusal, request.query)

    def _moods(self, asked: int) -> None:
        if asked == THROTTLED:
            now = int(time.time())
            headers = {
                "x-account-rate-limit-limit": "2000",
                "x-account-rate-limit-remaining": "0",
                "x-account-rate-limit-reset": str(now + 1),
                "x-rate-limit-reset": str(now + 900),
            }
            raise Refusal(429, "TOO_MANY_REQUESTS", "Rate limit exceeded", headers=headers)
        if asked == BROKEN:
            raise Refusal(503, "OVER_CAPACITY", "Over capacity", headers={"retry-after": "1"})

    def _endpoint(self, request: world.Request, asked: int, home: str) -> world.Reply:
        parts = request.path.removeprefix(ROOT).split("/")
        if not request.path.startswith(ROOT):
            raise Refusal(404, "ROUTE_NOT_FOUND", "The requested path does not exist")
        if len(request.query) != len(request.raw_query.split("&") if request.raw_query else ()):
            raise Refusal(400, "DUPLICATE_PARAMETERS", "Duplicate parameters are not permitted")
        if request.body:
            raise Refusal(400, "INVALID_PARAMETER", "No body is expected")
        match request.method, *parts:
            case "GET", "accounts":
                return self._listed(request.query)
            case "GET", "accounts", account_id, kind if kind in entities.KINDS:
                account = self._account(account_id, denied=kind != "funding_instruments")
                return entities.listing(account, kind, request.query, self.world)
            case "GET", "stats", "accounts", account_id, "active_entities":
                account = self._account(account_id)
                found = rows.active(request.query, account, self.world)
                window = rows.days(request.query, account.timezone)
                return answered(found, {**request.query, **rows.bounds(window, account.timezone)})
            case "POST", "stats", "jobs", "accounts", account_id:
                return self._begun(self._account(account_id), request.query, asked)
            case "GET", "stats", "jobs", "accounts", account_id:
                return self._looked_at(self._account(account_id), request.query, asked, home)
            case _:
                raise Refusal(404, "ROUTE_NOT_FOUND", "The requested path does not exist")

    def _account(self, account_id: str, *, denied: bool = True) -> world.Account:
        """The account; one that is denied tells nothing but how it is paid for."""
        account = self.accounts.get(account_id)
        if account is None or (denied and account.access == "denied"):
            raise Refusal(403, "ACCOUNT_NOT_FOUND", f"No account was found for id {account_id}")
        return account

    def _listed(self, given: Mapping[str, str]) -> world.Reply:
        check_names(given, (*entities.OF_LISTS, "account_ids", "q"))
        flag(given, "with_deleted")
        wanted = ids(given, "account_ids", entities.MOST_IDS) or list(self.accounts)
        return page([entities.accounts(self.accounts[one]) for one in wanted if one in self.accounts], given)

    def _begun(self, account: world.Account, given: Mapping[str, str], asked: int) -> world.Reply:
        query = rows.query(given, account)
        with self._lock:
            own = [job for job in self._jobs.values() if job.account == account]
            if sum(job.status(asked) == "PROCESSING" for job in own) >= MOST_JOBS:
                message = f"A maximum of {MOST_JOBS} jobs can be in processing state"
                raise Refusal(400, "TOO_MANY_JOBS", message)
            # By what is asked and how often that was, not by who came first.
            before = sum(job.query == query for job in own)
            digest = hashlib.blake2b(f"{account.account_id} {query} {before}".encode(), digest_size=6)
            number = FIRST_NUMBER + int(digest.hexdigest(), 16)
            job = Job(number, account, query, len(self._jobs) + 1 == FAILED_JOB, asked)
            self._jobs[str(number)] = job
        return answered(self._node(job, "PROCESSING", ""), given)

    def _looked_at(
        self, account: world.Account, given: Mapping[str, str], asked: int, home: str
    ) -> world.Reply:
        """The jobs; the cursor tells of others than those that were named."""
        check_names(given, ("job_ids", "count", "cursor"))
        wanted = ids(given, "job_ids", MOST_LOOKED_AT)
        with self._lock:
            jobs = [job for job in self._jobs.values() if job.account == account]
        found = [
            self._node(job, job.status(asked), home)
            for job in jobs
            if not wanted or str(job.number) in wanted
        ]
        return answered(found, given, next_cursor="c-more")

    def _node(self, job: Job, status: str, home: str) -> dict[str, object]:
        created = datetime.combine(self.world.today, clock(12), UTC)
        done = status == "SUCCESS"
        return {
            "id": job.number,
            "id_str": str(job.number),
            "account_id": job.account.account_id,
            "status": status,
            "url": f"{home}{FILES}{job.number}.json.gz" if done else None,
            "created_at": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "updated_at": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "expires_at": (created + KEPT).strftime("%Y-%m-%dT%H:%M:%SZ") if done else None,
            "entity": job.query.entity,
            "entity_ids": list(job.query.ids),
            "granularity": "DAY",
            "placement": job.query.placement,
            "metric_groups": list(job.query.groups),
            **rows.bounds(job.query.window, job.account.timezone),
            "segmentation_type": None,
            "country": None,
            "platform": None,
        }

    def _file(self, request: world.Request) -> world.Reply:
        """The file of a finished job; who knows its address needs no signature, and must send none."""
        number = request.path.removeprefix(FILES).removesuffix(".json.gz")
        job = self._jobs.get(number)
        if request.headers.get("authorization"):
            return world.Reply(
                400, b"<Error><Code>InvalidArgument</Code></Error>", {"Content-Type": "text/xml"}
            )
        if request.method != "GET" or job is None or job.fails:
            return world.Reply(404, b"<Error><Code>NoSuchKey</Code></Error>", {"Content-Type": "text/xml"})
        body = msgspec.json.encode(rows.file(job.query, job.account, self.world))
        return world.Reply(200, gzip.compress(body, mtime=0), {"Content-Type": "application/gzip"})
