"""Answers that are not what the platform documents: said clearly with the place, and nothing half written."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import responses
from msgspec import Struct
from pydantic import SecretStr
from requests.exceptions import ConnectionError as Unreachable
from responses import RequestsMock

from adtally.auth import Auth, header_auth
from adtally.body import Limits
from adtally.connector import Connector, Unit, pulls
from adtally.engine.summary import Failure
from adtally.ledger import Ledger
from adtally.records import Account, Delivery
from adtally.registry import Configured

from .north import rows, sync

STATS = "https://api.harbour.example/v1/accounts/1/stats"
SECRET = "s3cret-t0ken"
GOOD = {"rows": [{"day": "2026-10-10", "campaign": "c1", "clicks": 3}]}


class Row(Struct):
    day: date
    campaign: str
    clicks: int


class Page(Struct):
    rows: list[Row]


Arrange = Callable[[RequestsMock], object]


class Harbour(Connector):
    name = "harbour"
    base_url: str = "https://api.harbour.example/v1"
    access_token: SecretStr = SecretStr(SECRET)

    def auth(self) -> Auth:
        return header_auth("Authorization", self.access_token, prefix="Bearer ")

    def accounts(self) -> list[Account]:
        return [Account(id="1", currency="EUR", timezone="UTC")]

    @pulls(Delivery, max_days=7)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        query = {"from": unit.window.first_day, "key": self.access_token.get_secret_value()}
        page = self.http.get(f"accounts/{unit.account.id}/stats", params=query, decode=Page)
        for row in page.rows:
            yield Delivery(day=row.day, campaign_id=row.campaign, clicks=row.clicks)


def harbour() -> Configured:
    connector = Harbour()
    connector.http.limits = Limits(max_bytes=10_000)
    return Configured("harbour", connector, (), ("campaign",))


def always(body: str) -> Arrange:
    """The same answer to each of the six attempts."""

    def arrange(api: RequestsMock) -> None:
        for _ in range(6):
            api.get(STATS, body=body)

    return arrange


def cut(api: RequestsMock) -> None:
    for _ in range(6):
        api.get(STATS, body=b'{"rows": [', headers={"Content-Length": "900"})


def unreachable(api: RequestsMock) -> None:
    for _ in range(6):
        api.get(STATS, body=Unreachable(f"https://api.harbour.example/v1?key={SECRET}"))


WHERE = "https://api.harbour.example/v1/accounts/1/stats"
BAD: dict[str, tuple[Arrange, str, str]] = {
    "HTML": (always(f"<html>{SECRET}</html>"), "TransientError", f"{WHERE}: the answer is HTML (HTTP 200)"),
    "empty": (always(""), "TransientError", f"{WHERE}: the answer is empty (HTTP 200)"),
    "words": (always(f"Sorry, {SECRET}"), "TransientError", f"{WHERE}: the answer is no JSON (HTTP 200)"),
    "half": (always('{"rows": ['), "TransientError", f"{WHERE}: the answer is cut (HTTP 200)"),
    "no JSON": (
        lambda api: api.get(STATS, body='{"rows": [}'),
        "ContractError",
        f"{WHERE}: JSON is malformed: invalid character (byte 10) (HTTP 200)",
    ),
    "another type": (
        lambda api: api.get(
            STATS, json={"rows": [*GOOD["rows"], {"day": "2026-10-11", "campaign": "c1", "clicks": SECRET}]}
        ),
        "ContractError",
        f"{WHERE}: Expected `int`, got `str` - at `$.rows[1].clicks` (HTTP 200)",
    ),
    "a field less": (
        lambda api: api.get(STATS, json={"rows": [{"day": "2026-10-10", "campaign": SECRET}]}),
        "ContractError",
        f"{WHERE}: Object missing required field `clicks` - at `$.rows[0]` (HTTP 200)",
    ),
    "too much": (
        lambda api: api.get(STATS, body=b" " * 10_001),
        "ContractError",
        f"{WHERE}: the answer is larger than 10,000 bytes",
    ),
    "a day outside": (
        lambda api: api.get(STATS, json={"rows": [{"day": "2026-10-12", "campaign": "c1", "clicks": 1}]}),
        "ContractError",
        "campaign_daily yielded the day 2026-10-12, which is not in 2026-10-08..2026-10-11",
    ),
    "a row twice": (
        lambda api: api.get(STATS, json={"rows": GOOD["rows"] * 2}),
        "ContractError",
        "campaign_daily: two rows for 2026-10-10 c1; nothing was changed",
    ),
    "not found": (
        lambda api: api.get(STATS, status=404, json={"token": SECRET}),
        "ContractError",
        f"{WHERE}: refused (HTTP 404)",
    ),
    "cut short": (cut, "TransientError", f"{WHERE}: the answer was cut"),
    "nobody there": (unreachable, "TransientError", f"{WHERE}: the connection failed (ConnectionError)"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_answer_is_told_with_its_place_and_changes_nothing(
    ledger: Ledger, caplog: pytest.LogCaptureFixture, case: str
) -> None:
    arrange, error, message = BAD[case]
    first_day = date(2026, 10, 8)
    with responses.RequestsMock() as api:
        api.get(STATS, json=GOOD)
        sync(ledger, harbour(), first_day=first_day)

    with responses.RequestsMock() as api, caplog.at_level(0):
        arrange(api)
        run = sync(ledger, harbour(), first_day=first_day, full=True, run_id="r2")

    assert run.failures == [
        Failure(
            connector="harbour",
            account_id="1",
            report="campaign_daily",
            first_day=first_day,
            last_day=date(2026, 10, 11),
            error=error,
            message=message,
            retry="adtally sync harbour --account 1",
        )
    ]
    assert run.exit_code == 3
    assert rows(ledger, "delivery", "day", "campaign_id", "clicks") == [("2026-10-10", "c1", 3)]
    assert rows(ledger, "delivery_history", "day") == []
    assert rows(ledger, "units", "status", "attempts", "error") == [("failed", 2, message)]
    assert SECRET not in caplog.text + repr(run) + repr(list(ledger.db["unit_cells"].rows))


def test_wrong_token_names_the_connector_and_ends_it(ledger: Ledger) -> None:
    with responses.RequestsMock() as api:
        api.get(STATS, status=401, json={"error": f"bad token {SECRET}"})
        run = sync(ledger, harbour(), first_day=date(2026, 9, 1))

    message = f"{WHERE}: the credentials are not accepted (HTTP 401)"
    assert [(failed.connector, failed.error, failed.message) for failed in run.failures] == [
        ("harbour", "AuthError", message)
    ]
    assert (run.exit_code, run.units.failed, run.units.skipped) == (4, 1, 6)
