"""The Amazon Ads API, faked for the sandbox: as strict as the real one, and as moody.

Source: OpenAPI documents of the Amazon Ads API (as of 2026-10) and refusals that clients quote; read 2026-11.
Once in a life of the fake a request is throttled by the gateway, one fails inside, a poll gets a 401, an
order is throttled although it went through, and the first report fails.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Mapping
from urllib.parse import parse_qsl

import msgspec

from adtally import world

from . import bills, entities, reports
from .envelope import Refusal, body, by_number, by_token, check_names, refused
from .reports import Job, Order

MOUNT = "amazon_ads"
CLIENT = "amzn1.application-oa2-client.sandbox"
SECRET, REFRESH = "sandbox-amazon-secret", "Atzr|sandbox-amazon-refresh"
THROTTLED, BROKEN = 13, 21
EXPIRES_AT_LOOK, LATE_ORDER = 4, 2
ORDER = ("application/vnd.createasyncreportrequest.v3+json", "application/json")
GATEWAY = b"<html><head><title>429 Too Many Requests</title></head><body></body></html>"
MEDIA = {
    "/sp/campaigns/list": "application/vnd.spCampaign.v3+json",
    "/sp/adGroups/list": "application/vnd.spAdGroup.v3+json",
    "/sp/productAds/list": "application/vnd.spProductAd.v3+json",
    "/sb/v4/campaigns/list": "application/vnd.sbcampaignresource.v4+json",
    "/sb/v4/adGroups/list": "application/vnd.sbadgroupresource.v4+json",
    "/sb/v4/ads/list": "application/vnd.sbadresource.v4+json",
}
V1 = "/adsApi/v1/query/"


class Include(msgspec.Struct, forbid_unknown_fields=True):
    include: list[str]


class Listing(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """What a list may be asked for."""

    max_results: int = 100
    next_token: str | None = None
    state_filter: Include = msgspec.field(default_factory=lambda: Include(["ENABLED", "PAUSED"]))
    ad_product_filter: Include | None = None


class AmazonAdsFake:
    """Answers for every account of the world that runs on Amazon."""

    needs = ()

    def __init__(self, played: world.World) -> None:
        self.world = played
        self.accounts = list(played.of_platform("amazon_ads"))
        self.agencies = {one.manager_id: one for one in self.accounts if one.manager_id}
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._asked = self._looks = self._tokens = 0

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "refresh_token": REFRESH,
            "region": "na",
            "poll_seconds": 0,
            "requests_per_second": 1000,
        }

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request."""
        try:
            if request.path == "/auth/o2/token":
                return self._token(request)
            if request.path.startswith("/download/"):
                return self._file(request)
            self._check_token(request)
            if mood := self._mood():
                return mood
            with self._lock:
                return self._endpoint(request)
        except Refusal as refusal:
            return refused(refusal, request.path)

    def _token(self, request: world.Request) -> world.Reply:
        form = dict(parse_qsl(request.body.decode()))
        wanted = {"grant_type": "refresh_token", "client_id": CLIENT, "client_secret": SECRET}
        if {**form, "refresh_token": ""} != {**wanted, "refresh_token": ""}:
            return world.json_reply({"error": "invalid_client", "error_description": "?"}, status=401)
        if form["refresh_token"] != REFRESH:
            return world.json_reply({"error": "invalid_grant", "error_description": "?"}, status=400)
        with self._lock:
            self._tokens += 1
            token = f"Atza|sandbox-amazon-token-{self._tokens}"
        told = {"access_token": token, "refresh_token": REFRESH, "token_type": "bearer", "expires_in": 3600}
        return world.json_reply(told)

    def _check_token(self, request: world.Request) -> None:
        prefix, _, number = request.headers.get("authorization", "").rpartition("-")
        if prefix != "Bearer Atza|sandbox-amazon-token" or not 1 <= int(number or 0) <= self._tokens:
            raise Refusal(401, "Unauthorized")
        name = "amazon-ads-clientid" if request.path.startswith(V1) else "amazon-advertising-api-clientid"
        if request.headers.get(name) != CLIENT:
            raise Refusal(401, f"header {name} is missing or not valid")

    def _mood(self) -> world.Reply | None:
        with self._lock:
            self._asked += 1
            asked = self._asked
        if asked == THROTTLED:
            return world.Reply(429, GATEWAY, {"Content-Type": "text/html", "Retry-After": "0"})
        if asked == BROKEN:
            raise Refusal(500, "Internal Error")
        return None

    def _endpoint(self, request: world.Request) -> world.Reply:
        path, found = request.path, None
        if path == "/v2/profiles" and request.method == "GET":
            found = self._profiles(request.query)
        elif path == "/dsp/advertisers":
            found = self._advertisers(request)
        elif path == "/reporting/reports":
            found = self._order(request)
        elif path.startswith("/reporting/reports/"):
            found = self._look(request)
        elif path in MEDIA or path.startswith(V1):
            found = self._list(request)
        elif path.startswith("/sd/"):
            found = self._display(request)
        elif path == "/invoices" or path.startswith("/invoices/"):
            found = self._billing(request)
        if isinstance(found, world.Reply):
            return found
        if found is None:
            raise Refusal(404, "Could not find resource for full path")
        return world.json_reply(found)

    def _profiles(self, given: Mapping[str, str]) -> object:
        check_names(given, ("apiProgram", "accessLevel", "profileTypeFilter", "validPaymentMethodFilter"))
        sponsored = [entities.profile(one) for one in self.accounts if not one.manager_id]
        return sponsored + [entities.agency(one) for one in self.agencies.values()]

    def _advertisers(self, request: world.Request) -> object:
        check_names(request.query, ("startIndex", "count", "advertiserIdFilter"))
        found = [entities.advertiser(one) for one in self._scope(request) if one.manager_id]
        return {"totalResults": len(found), "response": by_number(found, request.query)}

    def _scope(self, request: world.Request) -> list[world.Account]:
        """The profile's account, or those below an agency's."""
        number = request.headers.get("amazon-advertising-api-scope", "")
        found = [one for one in self.accounts if (one.manager_id or one.account_id) == number]
        if not found or any(one.access == "denied" for one in found):
            raise Refusal(401, f"Not authorized to access scope {number}")
        return found

    def _list(self, request: world.Request) -> object:
        path = request.path
        asked = body(request, Listing, MEDIA.get(path, "application/json"))
        if path in MEDIA and request.headers.get("accept") != MEDIA[path]:
            raise Refusal(406, f"Accept must be {MEDIA[path]}")
        what = path.removesuffix("/list").rpartition("/")[2]
        account, product = self._whose(request, asked, what)
        rows = (
            list(entities.associations(account))
            if what == "adAssociations"
            else list(entities.LISTS[what](account, product))
        )
        if (product, what) not in (("dsp", "ads"), ("dsp", "adAssociations")):
            rows = [row for row in rows if row["state"] in asked.state_filter.include]
        page, token = by_token(rows, asked.max_results, asked.next_token)
        total = (
            {}
            if product in ("st", "dsp")
            else {"totalCount" if path == "/sb/v4/campaigns/list" else "totalResults": len(rows)}
        )
        return {what: page, **total, **({"nextToken": token} if token else {})}

    def _whose(self, request: world.Request, asked: Listing, what: str) -> tuple[world.Account, str]:
        if request.path in MEDIA:
            return self._scope(request)[0], request.path[1:3]
        names = asked.ad_product_filter.include if asked.ad_product_filter else ["AMAZON_DSP"]
        if (asked.ad_product_filter is None) != (what == "adAssociations") or len(names) != 1:
            raise Refusal(400, "adProductFilter must name exactly one product")
        product = entities.V1.get(names[0])
        if product is None:
            raise Refusal(400, f"adProduct {names[0]} is not known to the sandbox")
        if product == "st":
            return self._scope(request)[0], product
        number = request.headers.get("amazon-ads-accountid", "")
        found = [one for one in self.agencies.values() if one.account_id == number]
        if not found:
            raise Refusal(403, "The account is not accessible")
        return found[0], product

    def _display(self, request: world.Request) -> object:
        check_names(request.query, ("startIndex", "count", "stateFilter"))
        what = request.path.removeprefix("/sd/").removesuffix("/extended")
        if what not in ("campaigns", "adGroups", "productAds"):
            return None
        states = request.query.get("stateFilter", "enabled,paused").split(",")
        if not set(states) <= {"enabled", "paused", "archived"}:
            raise Refusal(400, "stateFilter is not valid")
        rows = [row for row in entities.LISTS[what](self._scope(request)[0], "sd") if row["state"] in states]
        return by_number(rows, request.query)

    def _order(self, request: world.Request) -> object:
        accounts = self._scope(request)
        order = body(request, Order, *ORDER)
        account, kind = reports.checked(order, accounts, self.world.today)
        scope = request.headers["amazon-advertising-api-scope"]
        same = [job for job in self._jobs.values() if (job.scope, job.order) == (scope, order)]
        for job in same:
            if job.status in ("PENDING", "PROCESSING"):
                raise Refusal(425, f"The Request is a duplicate of : {job.report_id}")
        # By what is asked and how often that was, not by who came first.
        digest = hashlib.blake2b(msgspec.json.encode((order, scope, len(same))), digest_size=16).hexdigest()
        report_id = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:]))
        job = Job(report_id, scope, account, order, kind, fails=not self._jobs)
        self._jobs[report_id] = job
        if len(self._jobs) == LATE_ORDER:
            raise Refusal(429, "Too Many Requests", {"Retry-After": "0"})
        return job.told("")

    def _look(self, request: world.Request) -> object:
        self._scope(request)
        job = self._jobs.get(request.path.rpartition("/")[2])
        if job is None or job.scope != request.headers["amazon-advertising-api-scope"]:
            raise Refusal(404, "Report not found")
        self._looks += 1
        if self._looks == EXPIRES_AT_LOOK:
            raise Refusal(401, "Unauthorized")
        job.looks += 1
        host = request.headers.get("host", "127.0.0.1")
        return job.told(f"http://{host}/{MOUNT}/download/{job.report_id}.json.gz?X-Amz-Expires=3600")

    def _file(self, request: world.Request) -> world.Reply:
        """A finished report; whoever sends credentials is refused, as S3 does."""
        job = self._jobs.get(request.path.removeprefix("/download/").removesuffix(".json.gz"))
        if "authorization" in request.headers or "amazon-advertising-api-scope" in request.headers:
            return world.Reply(400, b"<Error><Code>InvalidArgument</Code></Error>")
        if job is None or job.status != "COMPLETED" or "X-Amz-Expires" not in request.query:
            return world.Reply(403, b"<Error><Code>AccessDenied</Code></Error>")
        packed = gzip.compress(msgspec.json.encode(reports.rows(job, self.world)), mtime=0)
        return world.Reply(200, packed, {"Content-Type": "application/octet-stream"})

    def _billing(self, request: world.Request) -> object:
        accounts = self._scope(request)
        numbers = {one.account_id for one in accounts}
        known = [one for one in self.world.bills if one.connector == "amazon" and one.account_id in numbers]
        media = bills.LISTED if request.path == "/invoices" else bills.DETAILED
        if request.headers.get("accept") != media:
            raise Refusal(406, f"Accept must be {media}")
        if request.path == "/invoices":
            return bills.listing(known, request.query, accounts)
        found = [one for one in known if one.invoice_id == request.path.rpartition("/")[2]]
        return bills.document(found[0], accounts) if found else None
