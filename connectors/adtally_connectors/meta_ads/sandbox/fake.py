"""The Meta Marketing API, faked for the sandbox: as strict as the real one, and as moody.

Source: Marketing API v26.0, its error reference and the guide "Insights: asynchronous jobs"; read 2026-11.
Once in a life of the fake a request is throttled, one fails inside, and one report fails.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from adtally import world

from . import activities, bills, entities, rows
from .fields import (
    ACCOUNT,
    AD,
    ADSET,
    BUSINESS,
    CAMPAIGN,
    GONE,
    OF_ADSETS,
    OF_ENTITIES,
    PAGED,
    RUN,
    STATES,
)
from .graph import Refusal, check_names, decoded, listed, page, parameters, refused, selected
from .query import Query, query
from .runs import Run

VERSIONS = ("v25.0", "v26.0")
MOUNT = "meta_ads"
TOKEN, SECRET = "sandbox-meta-token", "sandbox-meta-secret"
USER = "10220000000000001"
ACCOUNT_ROWS, PAGE_ROWS, INSIGHT_ROWS = 5, 25, 100
THROTTLED, BROKEN = 14, 23
FAILED_RUN = 2
"""The report that fails, counted from the first one that was asked for."""
Listing: TypeAlias = Callable[[world.Account], list[entities.Entity]]
EDGES: dict[str, tuple[Listing, frozenset[str], str, frozenset[str]]] = {
    "campaigns": (entities.campaigns, CAMPAIGN, "campaign", OF_ENTITIES),
    "adsets": (entities.ad_sets, ADSET, "adset", OF_ADSETS),
    "ads": (entities.ads, AD, "ad", OF_ADSETS),
}


class MetaAdsFake:
    """Answers for every account of the world that runs on Meta."""

    needs = ()

    def __init__(self, played: world.World) -> None:
        self.world = played
        self.accounts = {account.account_id: account for account in played.of_platform("meta_ads")}
        self.businesses = {account.manager_id for account in self.accounts.values() if account.manager_id}
        self.bills = {bills.node_id(bill): bill for bill in played.bills if bill.connector == "meta"}
        self._runs: dict[str, Run] = {}
        self._lock = threading.Lock()
        self._asked = 0

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return {
            "access_token": TOKEN,
            "app_secret": SECRET,
            "business_id": min(self.businesses),
            "poll_seconds": 0,
        }

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request; a refusal in the API's own form."""
        with self._lock:
            self._asked += 1
            asked = self._asked
        try:
            given = parameters(request)
            _, version, *path = request.path.rstrip("/").split("/")
            self._check_version(version)
            self._check_token(given, request.headers)
            self._moods(asked)
            document = self._node(request, path, given)
        except Refusal as refusal:
            return refused(refusal, f"A{asked:08}")
        except msgspec.DecodeError:
            return refused(Refusal(100, "(#100) The body is not valid JSON."), f"A{asked:08}")
        usage = msgspec.json.encode({"app_id_util_pct": 12.5, "acc_id_util_pct": 40.0}).decode()
        return world.json_reply(document, headers={"x-fb-ads-insights-throttle": usage})

    def _check_version(self, version: str) -> None:
        if not re.fullmatch(r"v\d+\.\d", version):
            raise Refusal(2500, f"Unknown path components: /{version}")
        if version not in VERSIONS:
            raise Refusal(2635, f"(#2635) You are calling a deprecated version of the Ads API: {version}.")

    def _check_token(self, given: Mapping[str, str], headers: Mapping[str, str]) -> None:
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        token = bearer if scheme == "Bearer" else given.get("access_token", "")
        if not token:
            raise Refusal(2500, "An active access token must be used to query information.")
        if token != TOKEN:
            message = "Error validating access token: Session has expired."
            raise Refusal(190, message, subcode=463)
        proof = hmac.new(SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
        if given.get("appsecret_proof", proof) != proof:
            raise Refusal(104, "Invalid appsecret_proof provided in the API argument.")

    def _moods(self, asked: int) -> None:
        if asked == THROTTLED:
            usage = {
                "type": "ads_insights",
                "call_count": 101,
                "total_cputime": 30,
                "total_time": 44,
                "estimated_time_to_regain_access": 0,
            }
            text = msgspec.json.encode({next(iter(self.accounts)): [usage]}).decode()
            raise Refusal(
                80000,
                "(#80000) There have been too many calls from this ad-account. Wait a bit and try again.",
                subcode=2446079,
                headers={"x-business-use-case-usage": text},
            )
        if asked == BROKEN:
            raise Refusal(2, "An unexpected error has occurred. Please retry.", status=500, is_transient=True)

    def _node(self, request: world.Request, path: Sequence[str], given: dict[str, str]) -> object:
        match request.method, *path:
            case "GET", "me":
                user = {"id": USER, "name": "Sandbox"}
                return selected(user, given.get("fields", "id,name"), {"id", "name"}, "User")
            case "GET", of, ("adaccounts" | "owned_ad_accounts" | "client_ad_accounts") as edge:
                return self._accounts(of, edge, request, given)
            case "GET", of, ("business_invoices" | "campaigns") as edge if not of.startswith("act_"):
                return self._documents(of, edge, request, given)
            case "GET" | "POST", of, edge:
                return self._edge(of, edge, request, given)
            case "GET", node:
                return self._single(node, given)
            case _:
                raise Refusal(2500, f"Unknown path components: /{'/'.join(path)}")

    def _documents(self, of: str, edge: str, request: world.Request, given: dict[str, str]) -> object:
        if edge == "campaigns":
            check_names(given, PAGED)
            if of not in self.bills:
                raise _missing(of)
            found = bills.lines(self.bills[of])
        else:
            self._check_business(of)
            found = bills.invoices(of, self.world, given)
        return page(found, given, url=_url(request), most=PAGE_ROWS)

    def _edge(self, of: str, edge: str, request: world.Request, given: dict[str, str]) -> object:
        if edge == "insights" and of in self._runs and request.method == "GET":
            return self._result(self._runs[of], request, given)
        account = self._open(of)
        if edge == "insights":
            return self._insights(account, request, given)
        if request.method == "GET" and edge in EDGES:
            return self._entities(account, edge, request, given)
        if request.method == "GET" and edge == "activities":
            found = activities.activities(account, self.world, given)
            return page(found, given, url=_url(request), most=PAGE_ROWS)
        raise Refusal(2500, f"Unknown path components: /{edge}")

    def _single(self, node: str, given: dict[str, str]) -> object:
        fields = given.get("fields")
        check_names(given, {"fields"})
        if node in self._runs:
            with self._lock:
                run = self._runs[node].node()
            return selected(run, fields or ",".join(run), RUN, "AdReportRun")
        if node in self.businesses:
            return selected(
                {"id": node, "name": "Lindenhof Holding"}, fields or "id,name", BUSINESS, "Business"
            )
        account = self._open(node)
        return selected(entities.account(account, self.world), fields or "id", ACCOUNT, "AdAccount")

    def _accounts(self, of: str, edge: str, request: world.Request, given: dict[str, str]) -> object:
        check_names(given, PAGED)
        found = list(self.accounts.values())
        if edge != "adaccounts":
            self._check_business(of)
            found = [each for each in found if each.manager_id == of] if edge.startswith("owned") else []
        elif of not in ("me", USER):
            raise _missing(of)
        fields = given.get("fields", "id")
        nodes = [selected(entities.account(each, self.world), fields, ACCOUNT, "AdAccount") for each in found]
        return page(nodes, given, url=_url(request), most=ACCOUNT_ROWS)

    def _check_business(self, business: str) -> None:
        if business not in self.businesses:
            raise _missing(business)

    def _open(self, node: str) -> world.Account:
        account = self.accounts.get(node.removeprefix("act_")) if node.startswith("act_") else None
        if account is None:
            raise _missing(node)
        if account.access == "denied":
            raise Refusal(
                200,
                "(#200) Ad account owner has NOT grant ads_management or ads_read permission",
                status=403,
            )
        return account

    def _entities(
        self, account: world.Account, edge: str, request: world.Request, given: dict[str, str]
    ) -> object:
        listing, known, level, names = EDGES[edge]
        check_names(given, names)
        states = set(listed(given, "effective_status"))
        if unknown := sorted(states - STATES[level]):
            raise Refusal(100, f"(#100) Param effective_status[0] must be one of its values: {unknown[0]}.")
        if decoded(given, "filtering"):
            raise Refusal(100, "(#100) Filter these edges by effective_status in the sandbox.")
        nodes = [
            selected(entity.node, given.get("fields", "id"), known, level.capitalize())
            for entity in listing(account)
            if entity.is_kept and (entity.state in states if states else entity.state not in GONE)
        ]
        return page(nodes, given, url=_url(request), most=PAGE_ROWS)

    def _insights(self, account: world.Account, request: world.Request, given: dict[str, str]) -> object:
        asked = query(given, self.world.today)
        if request.method == "POST":
            return {"report_run_id": self._order(account, asked, given)}
        found = rows.insights(asked, account, self.world)
        wants_all = given.get("limit") != "1"
        if len(found) > rows.SYNC_ROWS and wants_all:
            raise Refusal(100, "(#100) The request timed out. Ask for it asynchronously.", subcode=1504018)
        answer = page(found, given, url=_url(request), most=INSIGHT_ROWS)
        if given.get("default_summary") == "true" and "impressions" in asked.fields:
            answer["summary"] = {"impressions": str(sum(int(str(row["impressions"])) for row in found))}
        return answer

    def _order(self, account: world.Account, asked: Query, given: Mapping[str, str]) -> str:
        """The id of a new report: by what is asked and how often that was, not by who came first."""
        with self._lock:
            before = sum(run.query == asked and run.account is account for run in self._runs.values())
            text = f"{account.account_id} {sorted(given.items())} {before}"
            digest = hashlib.blake2b(text.encode(), digest_size=6)
            run_id = f"60{int(digest.hexdigest(), 16):015}"
            self._runs[run_id] = Run(run_id, account, asked, fails=len(self._runs) + 1 == FAILED_RUN)
        return run_id

    def _result(self, run: Run, request: world.Request, given: dict[str, str]) -> object:
        check_names(given, PAGED)
        if not run.is_ready:
            raise _missing(run.run_id)
        found = rows.insights(run.query, run.account, self.world)
        return page(found, given, url=_url(request), most=INSIGHT_ROWS)


def _missing(node: str) -> Refusal:
    return Refusal(
        100,
        f"Unsupported get request. Object with ID '{node}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation.",
        subcode=33,
    )


def _url(request: world.Request) -> str:
    """The absolute address that was asked, as the next page needs it."""
    return f"http://{request.headers.get('host', '127.0.0.1')}/{MOUNT}{request.path}"
