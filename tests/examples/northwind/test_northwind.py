"""A connector in a user's own folder, used by its import path and tested without network and database."""

from datetime import date
from pathlib import Path

import pytest
from responses import RequestsMock

from adtally import Account, AuthError, Connector, Delivery, Record
from adtally.registry import build
from adtally.settings import Settings
from adtally.testing import unit

STATS = "https://api.northwind.example/v2/accounts/1/stats"
FIRST, LAST = date(2026, 1, 1), date(2026, 1, 2)


def row(**changes: object) -> dict[str, object]:
    return {"day": "2026-01-01", "campaign": "c1", "imps": 1000, "taps": 3, "spend": "0.5"} | changes


@pytest.fixture
def northwind(monkeypatch: pytest.MonkeyPatch) -> Connector:
    monkeypatch.setenv("ADTALLY_CONNECTORS__NORDWIND__TOKEN", "t")
    settings = Settings.load(Path(__file__).parent / "config.toml")
    return build(settings, "nordwind").connector


def fetch(northwind: Connector) -> list[Record]:
    [report] = northwind.reports()
    return list(northwind.fetch(report, unit(FIRST, LAST)))


def test_follows_the_cursor_until_it_is_empty(api: RequestsMock, northwind: Connector) -> None:
    api.get(STATS, json={"rows": [row()], "next": "p2"})
    api.get(STATS, json={"rows": [row(day="2026-01-02", spend="1")], "next": None})

    assert fetch(northwind) == [
        Delivery(day=FIRST, campaign_id="c1", impressions=1000, clicks=3, cost_micros=500_000),
        Delivery(day=LAST, campaign_id="c1", impressions=1000, clicks=3, cost_micros=1_000_000),
    ]
    assert "cursor=p2" in str(api.calls[1].request.url)


def test_empty_report_is_an_answer(api: RequestsMock, northwind: Connector) -> None:
    api.get(STATS, json={"rows": [], "next": None})

    assert fetch(northwind) == []


def test_busy_platform_is_asked_again(api: RequestsMock, northwind: Connector) -> None:
    api.get(STATS, status=429, headers={"Retry-After": "30"})
    api.get(STATS, json={"rows": [], "next": None})

    assert fetch(northwind) == []


def test_accounts_are_asked_for_with_the_token(api: RequestsMock, northwind: Connector) -> None:
    url = "https://api.northwind.example/v2/accounts"
    api.get(url, json=[{"id": "1", "currency": "EUR", "timezone": "UTC"}])
    api.get(url, status=401)

    assert northwind.check() == [Account(id="1", currency="EUR", timezone="UTC")]
    assert api.calls[0].request.headers["Authorization"] == "Bearer t"
    with pytest.raises(AuthError, match="not accepted"):
        northwind.check()
