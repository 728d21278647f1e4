"""A small platform, and a connector that keeps every law."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import ClassVar

from msgspec import Struct
from pydantic import SecretStr

from adtally import (
    Account,
    Auth,
    Campaign,
    Connector,
    Delivery,
    Unit,
    header_auth,
    pulls,
    to_micros,
)
from adtally.testing import Reply, Request, Trial, json_reply

TOKEN = "made-up-t0ken+pier"
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 2)
STATES = {"brand": "active", "old": "removed"}
PAGE = 3


class Fake:
    """Two campaigns, one of them removed, with two days of delivery, in pages of three rows."""

    def answer(self, request: Request) -> Reply:
        query = request.query
        if f"Bearer {TOKEN}" not in (request.headers.get("authorization"), f"Bearer {query.get('key')}"):
            return json_reply({"error": "who is there?"}, status=401)
        campaigns = [name for name, state in STATES.items() if state == "active" or "all" in query]
        match request.path:
            case "/accounts":
                return json_reply([{"id": "1", "currency": "EUR", "timezone": "Europe/Berlin"}])
            case "/campaigns":
                return json_reply([{"campaign": name, "state": STATES[name]} for name in campaigns])
            case _:
                return self.stats(request, campaigns)

    def stats(self, request: Request, campaigns: list[str]) -> Reply:
        first, last = (date.fromisoformat(request.query.get(name, "2026-10-02")) for name in ("from", "to"))
        rows = [
            {"day": day, "campaign": name, "imps": 1000, "taps": 30, "spend": "2.50"}
            for name in campaigns
            for day in (FIRST, LAST)
            if first <= day <= last
        ]
        at = int(request.query.get("at", "0"))
        link = None
        if at + PAGE < len(rows):
            asked = "&".join(
                f"{name}={value}" for name, value in request.query.items() if name not in ("at", "key")
            )
            link = f"http://{request.headers['host']}/pier/stats?{asked}&at={at + PAGE}"
        return json_reply({"rows": rows[at : at + PAGE], "next": link})


class Listed(Struct):
    campaign: str
    state: str


class Advertiser(Struct):
    id: str
    currency: str
    timezone: str


class Row(Struct, kw_only=True):
    day: date
    campaign: str
    imps: int
    taps: int
    spend: Decimal


class Page(Struct, frozen=True):
    rows: Sequence[Row]
    next: str | None


class Pier(Connector):
    name = "pier"
    base_url: str = "https://api.pier.example"
    token: SecretStr
    shape: ClassVar[type[Page]] = Page

    def auth(self) -> Auth:
        return header_auth("Authorization", self.token, prefix="Bearer ")

    def accounts(self) -> Iterator[Account]:
        for found in self.http.get("/accounts", decode=list[Advertiser]):
            yield Account(id=found.id, currency=found.currency, timezone=self.zone(found))

    @pulls(Campaign)
    def campaigns(self, unit: Unit) -> Iterator[Campaign]:
        for found in self.http.get("/campaigns", params=self.states(), decode=list[Listed]):
            yield Campaign(campaign_id=found.campaign, name=self.title(found), status=found.state)

    @pulls(Delivery, max_days=31, restated_days=3)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        for page in self.pages(unit):
            yield from map(self.record, page.rows)

    def pages(self, unit: Unit) -> Iterator[Page]:
        page = self.http.get("/stats", params=self.query(unit), decode=self.shape)
        yield page
        while page.next is not None:
            page = self.later(page.next)
            yield page

    def later(self, link: str) -> Page:
        return self.http.get(link, decode=self.shape)

    def query(self, unit: Unit) -> dict[str, object]:
        return {"from": unit.window.first_day, "to": unit.window.last_day, **self.states()}

    def states(self) -> dict[str, object]:
        return {"all": True}

    def zone(self, found: Advertiser) -> str:
        return found.timezone

    def title(self, found: Listed) -> str:
        return found.campaign.title()

    def record(self, row: Row) -> Delivery:
        return Delivery(
            day=row.day,
            campaign_id=row.campaign,
            impressions=row.imps,
            clicks=row.taps,
            cost_micros=to_micros(row.spend),
        )


def trial(connector: type[Connector] = Pier, **changes: object) -> Trial:
    facts: dict[str, object] = {
        "platform": Fake,
        "fields": {"token": TOKEN},
        "first_day": FIRST,
        "last_day": LAST,
        "today": date(2026, 10, 12),
        "spenders": STATES,
    }
    return Trial(connector=connector, **(facts | changes))  # type: ignore[arg-type]
