from datetime import date

import pytest

from adtally.testing import LAWS, Law, Reply, Request, Trial, json_reply

from .my_ads import Northwind

TOKEN = "a-made-up-token"
ROWS = [
    {"day": day, "campaign": campaign, "imps": 1000, "taps": 3, "spend": "0.5"}
    for campaign in ("brand", "paused", "removed")
    for day in ("2026-01-01", "2026-01-02")
]


class FakeNorthwind:
    """Answers as Northwind documents it, two rows a page."""

    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return json_reply({"error": "unknown token"}, status=401)
        if request.path == "/accounts":
            return json_reply([{"id": "1", "currency": "EUR", "timezone": "Europe/Berlin"}])
        first, last = request.query["from"], request.query["to"]
        found = [row for row in ROWS if first <= str(row["day"]) <= last]
        at = int(request.query.get("cursor", "0"))
        following = str(at + 2) if at + 2 < len(found) else None
        return json_reply({"rows": found[at : at + 2], "next": following})


TRIAL = Trial(
    connector=Northwind,
    platform=FakeNorthwind,
    fields={"token": TOKEN},
    first_day=date(2026, 1, 1),
    last_day=date(2026, 1, 2),
    today=date(2026, 1, 12),
    spenders={"brand", "paused", "removed"},
)


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_northwind_keeps_the_law(law: Law) -> None:
    law(TRIAL)
