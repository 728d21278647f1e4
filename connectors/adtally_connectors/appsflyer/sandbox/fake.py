"""AppsFlyer's APIs, faked for the sandbox: as strict as the real ones, and as moody.

Source: published OpenAPI documents "App list API", "Master API", "Master freshness API" and "Aggregate Pull
API V2 token" (as of 2026-08), "Report generation quotas"; read 2026-11. Once in a life of the fake the list
of apps is throttled and a report fails inside.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from adtally import Window, world

from . import reports
from .counted import counted
from .envelope import Refusal, check_names, days, not_found, refused

TOKEN = "sandbox-appsflyer-api-token"
APPS, MASTER, PULL = "/api/mng/apps", "/api/master-agg-data", "/api/agg-data/export/app"
REPORT = "partners_by_date_report"
LIMIT = "Your API call limit has been reached for the given report type"
SHORT, A_DAY = 2, 24
THROTTLED, BROKEN = 1, 2
"""Which question to the list of apps, and which one for a report of the Master API."""


@dataclass(frozen=True, slots=True)
class App:
    """An app of the account, as its settings are."""

    app_id: str
    name: str
    currency: str
    time_zone: str


LISTED = (
    App("com.lindenhof.shop", "Lindenhof", "EUR", "Europe/Berlin"),
    App("id1000000001", "Souq Express", "KWD", "Asia/Kuwait"),
    App("id1000000002", "Souq Express Lite", "USD", "UTC"),
)
COUNTED = "id1000000001"
"""The app that the world's campaigns lead to; the user asks for no other one."""


class AppsFlyerFake:
    """Answers for the apps of one account; of one of them the world knows what was counted."""

    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, played: world.World, *, master: bool = True, protect360: bool = True) -> None:
        self.world = played
        self.has_master, self.has_protect360 = master, protect360
        self._lock = threading.Lock()
        self._asked: dict[str, int] = {}

    def table(self) -> Mapping[str, object]:
        """How config.toml reaches it."""
        return {"api_token": TOKEN, "app_ids": [COUNTED], "requests_per_second": 1000}

    def answer(self, request: world.Request) -> world.Reply:
        """The reply to one request; a refusal in the words of the API that was asked."""
        try:
            return self._answer(request)
        except Refusal as refusal:
            return refused(refusal)

    def _answer(self, request: world.Request) -> world.Reply:
        if request.method != "GET":
            raise Refusal(405, "Method not allowed")
        signed = request.headers.get("authorization") == f"Bearer {TOKEN}"
        path, query = request.path, request.query
        if path == APPS:
            if not signed:
                raise Refusal(401, "Unauthorized")
            return self._apps(query)
        if not signed:
            raise Refusal(401, "Supplied API token is invalid", in_object=True)
        if path == f"{MASTER}/lastupdate":
            yesterday = self.world.today - timedelta(days=1)
            return world.Reply(200, str(yesterday).encode(), {"Content-Type": "text/plain"})
        if path.startswith(f"{MASTER}/v4/app/") and self.has_master:
            return self._master(path.rpartition("/")[2], query)
        app_id, _, report = path.removeprefix(f"{PULL}/").partition("/")
        app = next((one for one in LISTED if one.app_id == app_id), None)
        if path.startswith(f"{PULL}/") and app is not None and report == f"{REPORT}/v5":
            return self._pull(app, query)
        return not_found()

    def _apps(self, query: Mapping[str, str]) -> world.Reply:
        wrong = Refusal(400, "Bad request")
        check_names(query, ("capabilities", "limit", "offset"), wrong)
        limit, offset = query.get("limit", "1000"), query.get("offset", "0")
        if not limit.isdigit() or not 0 < int(limit) <= 1000 or not offset.isdigit():
            raise wrong
        if self._count(APPS) == THROTTLED:
            raise Refusal(429, "Too many requests")
        end = int(offset) + int(limit)
        listed = [
            {
                "id": app.app_id,
                "type": "app",
                "attributes": {"name": app.name, "currency": app.currency, "time_zone": app.time_zone},
            }
            for app in LISTED[int(offset) : end]
        ]
        links = {"next": f"https://hq1.appsflyer.com{APPS}?limit={limit}&offset={end}"}
        document = {"data": listed, "meta": {"total_items": len(LISTED)}}
        return world.json_reply({**document, "links": links if end < len(LISTED) else {}})

    def _master(self, app_id: str, query: Mapping[str, str]) -> world.Reply:
        if app_id not in {app.app_id for app in LISTED}:
            raise Refusal(403, f"Not authorized app-ids: {app_id}")
        if self._count(MASTER) == BROKEN:
            raise Refusal(503, "Service unavailable")
        asked = days(query, 403, in_object=False)
        yesterday = self.world.today - timedelta(days=1)
        computed = asked.overlap(Window(self.world.first_day, yesterday))
        rows = counted(self.world, app_id, computed) if computed and app_id == COUNTED else []
        return reports.master(rows, query, protect360=self.has_protect360)

    def _pull(self, app: App, query: Mapping[str, str]) -> world.Reply:
        check_names(query, reports.OF_PULL, Refusal(400, "Unknown parameter", in_object=True))
        asked = days(query, 400, in_object=True)
        is_short = asked.days <= SHORT
        number = self._count(f"{app.app_id} {is_short}")
        if number > A_DAY or (is_short and number % 2 == 0):  # the minute passes with the refusal
            raise Refusal(400, LIMIT, in_object=True)
        rows = counted(self.world, app.app_id, asked) if app.app_id == COUNTED else []
        return reports.pull(rows, query, app.time_zone)

    def _count(self, what: str) -> int:
        """How often this was asked, now included."""
        with self._lock:
            self._asked[what] = self._asked.get(what, 0) + 1
            return self._asked[what]
