"""The answers behind the rows: kept with them or not at all, once each, and never with a secret."""

import gzip
import json
import tracemalloc
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
import responses
from msgspec import Struct
from pydantic import PrivateAttr, SecretStr
from requests.structures import CaseInsensitiveDict
from responses import RequestsMock

from adtally.answer import Answer, witness
from adtally.auth import Auth
from adtally.connector import Connector, Unit, pulls
from adtally.engine.jobs import Wishes
from adtally.engine.keeping import kept
from adtally.engine.run import run_sync
from adtally.engine.summary import Run
from adtally.errors import ConfigError, LedgerError, TooLarge
from adtally.exchange import Exchange
from adtally.ledger import Ledger
from adtally.ledger.raw import Answers, pack, read_answer
from adtally.oauth2 import oauth2_refresh
from adtally.records import Account, Delivery
from adtally.redaction import Redactor
from adtally.registry import Configured
from adtally.tokens import TokenFile

from .feeds import NOON, WEEK, feed

FIRST = date(2026, 10, 8)
API = "https://api.quay.example/v1"
STATS = f"{API}/stats/1"
TOKENS = "https://login.quay.example/token"
SECRETS = {
    "the client secret": "cl1ent/s3cret+&=",
    "the refresh token": "refresh-t0ken/one==",
    "the rotated refresh token": "refresh-t0ken/two==",
    "the access token": "access.t0ken/ü+1",
}
CLIENT, REFRESH, ROTATED, ACCESS = SECRETS.values()
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON with its slashes escaped": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "a URL": lambda text: quote(text, safe=""),
    "base64": lambda text: b64encode(text.encode()).decode().rstrip("=")[:-1],
}


class Row(Struct):
    day: date
    clicks: int


class Page(Struct):
    rows: list[Row]
    next: str = ""


class Quay(Connector):
    name = "quay"
    base_url: str = API
    client_secret: SecretStr = SecretStr(CLIENT)
    refresh_token: SecretStr = SecretStr(REFRESH)
    _too_large: bool = PrivateAttr(default=False)

    def auth(self) -> Auth:
        return oauth2_refresh(
            self.http,
            TOKENS,
            client_id="me",
            client_secret=self.client_secret,
            refresh_token=self.refresh_token,
            token_file=self.token_file,
        )

    def accounts(self) -> list[Account]:
        return [Account(id="1", currency="EUR", timezone="UTC")]

    @pulls(Delivery, max_days=7, restated_days=30)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        path = f"stats/{unit.account.id}"
        while path:
            asked = {"from": unit.window.first_day, "to": unit.window.last_day}
            page = self.http.get(path, params=asked, decode=Page)
            for row in page.rows:
                if row.day in unit.window:
                    yield Delivery(day=row.day, campaign_id="c1", clicks=row.clicks)
            if self._too_large and unit.window.days > 2:
                raise TooLarge("only two days at once")
            path = page.next


def sync(
    ledger: Ledger,
    *,
    now: datetime = NOON,
    keep_raw: bool = True,
    too_large: bool = False,
    first_day: date = FIRST,
    folder: Path | None = None,
) -> Run:
    connector = Quay()
    connector._too_large = too_large
    if folder:
        connector.bind(folder=folder, token_file=TokenFile(folder / "tokens.json", "quay"))
    return run_sync(
        ledger,
        [Configured("quay", connector, (), ("campaign",))],
        Wishes(first_day=first_day, full=True),
        clock=lambda: now,
        run_id=f"r{now:%d%H}",
        keep_raw=keep_raw,
    )


@pytest.fixture
def platform() -> Iterator[RequestsMock]:
    """Quay, which hands out tokens."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as api:
        api.post(TOKENS, json={"access_token": ACCESS, "refresh_token": ROTATED})
        yield api


def page(clicks: int = 3, **more: object) -> dict[str, object]:
    return {"rows": [{"day": "2026-10-08", "clicks": clicks}], **more}


def rows(ledger: Ledger, query: str) -> list[tuple[object, ...]]:
    return ledger.conn.execute(query).fetchall()


def bodies(ledger: Ledger) -> list[bytes]:
    return [gzip.decompress(body) for (body,) in ledger.conn.execute("SELECT body FROM raw_answers")]


def test_answers_are_kept_with_what_was_asked(ledger: Ledger, platform: RequestsMock) -> None:
    first, second = json.dumps(page(next=f"{STATS}?page=2")).encode(), json.dumps({"rows": []}).encode()
    platform.get(STATS, body=first, content_type="application/json")
    platform.get(STATS, body=second, content_type="application/json; charset=utf-8")

    sync(ledger)

    asked = "from=2026-10-08&to=2026-10-11"
    unit = ("quay", "1", "campaign_daily", "2026-10-08", "2026-10-11", "2026-10-12T12:00:00Z")
    assert rows(ledger, "SELECT * FROM answers ORDER BY position") == [
        (
            *unit,
            1,
            "GET",
            f"{STATS}?{asked}",
            "",
            200,
            "application/json",
            len(first),
            sha256(first).hexdigest(),
        ),
        (
            *unit,
            2,
            "GET",
            f"{STATS}?page=2&{asked}",
            "",
            200,
            "application/json; charset=utf-8",
            len(second),
            sha256(second).hexdigest(),
        ),
    ]
    assert read_answer(ledger, sha256(first).hexdigest()) == first


def test_nothing_is_kept_unless_it_is_asked_for(ledger: Ledger, platform: RequestsMock) -> None:
    platform.get(STATS, json=page())

    sync(ledger, keep_raw=False)

    assert rows(ledger, "SELECT day FROM delivery") == [("2026-10-08",)]
    assert rows(ledger, "SELECT * FROM unit_answers") == rows(ledger, "SELECT * FROM raw_answers") == []
    assert rows(ledger, "SELECT name FROM sqlite_temp_master") == []


@pytest.mark.parametrize("whose", SECRETS)
def test_no_secret_is_in_the_file_in_any_spelling(
    ledger: Ledger, platform: RequestsMock, tmp_path: Path, whose: str
) -> None:
    secret = SECRETS[whose]
    spelled = {name: spell(secret) for name, spell in SPELLINGS.items()}
    lines = [f'"{name}": "{text}"' for name, text in spelled.items() if name != "plain"]
    basic = b64encode(f"me:{secret}".encode()).decode()
    echo = f'{{"rows": [], "plain": {json.dumps(secret)}, {", ".join(lines)}, "basic": "{basic}"}}'
    link = quote(secret, safe="")
    platform.get(STATS, json=page(next=f"{STATS}?access_token={link}&echo={link}"))
    platform.get(STATS, body=echo.encode())

    run = sync(ledger, folder=tmp_path)

    files = b"".join(file.read_bytes() for file in tmp_path.glob("adtally.db*"))
    everything = [files, *bodies(ledger)]
    found = [name for name, text in spelled.items() for data in everything if text.encode() in data]
    assert (run.failures, len(bodies(ledger)), found) == ([], 2, [])
    assert basic[8:-8].encode() not in b"".join(everything)
    assert rows(ledger, "SELECT url FROM answers WHERE position = 2") == [
        (f"{STATS}?access_token=[removed]&echo=[removed]&from=2026-10-08&to=2026-10-11",)
    ]


def test_rotated_token_of_an_earlier_run_is_known(
    ledger: Ledger, platform: RequestsMock, tmp_path: Path
) -> None:
    TokenFile(tmp_path / "tokens.json", "quay").write(REFRESH, "refresh-of-yesterday")
    platform.get(STATS, json=page(echo="refresh-of-yesterday"))

    sync(ledger, folder=tmp_path)

    assert json.loads(bodies(ledger)[0])["echo"] == "[removed]"


def test_answers_to_requests_for_tokens_are_not_kept(ledger: Ledger, platform: RequestsMock) -> None:
    platform.get(STATS, json=page())

    sync(ledger)

    assert platform.calls[0].request.url == TOKENS
    assert rows(ledger, "SELECT method, url FROM answers") == [
        ("GET", f"{STATS}?from=2026-10-08&to=2026-10-11")
    ]


def test_equal_answers_are_stored_once_for_all_fetches(ledger: Ledger, platform: RequestsMock) -> None:
    platform.get(STATS, json=page())

    sync(ledger)
    sync(ledger, now=NOON + timedelta(hours=6))

    assert len(bodies(ledger)) == 1
    assert rows(ledger, "SELECT fetched_at, position, sha256 FROM answers") == [
        ("2026-10-12T12:00:00Z", 1, sha256(bodies(ledger)[0]).hexdigest()),
        ("2026-10-12T18:00:00Z", 1, sha256(bodies(ledger)[0]).hexdigest()),
    ]


def test_restated_unit_keeps_what_was_answered_before(ledger: Ledger, platform: RequestsMock) -> None:
    platform.get(STATS, json=page(3))
    platform.get(STATS, json=page(4))

    sync(ledger)
    sync(ledger, now=NOON + timedelta(hours=6))

    told = rows(ledger, "SELECT fetched_at, sha256 FROM answers ORDER BY fetched_at")
    assert [(at, json.loads(read_answer(ledger, str(key)))) for at, key in told] == [
        ("2026-10-12T12:00:00Z", page(3)),
        ("2026-10-12T18:00:00Z", page(4)),
    ]
    assert rows(ledger, "SELECT clicks FROM delivery") == [(4,)]


def test_clock_that_went_back_does_not_make_a_fetch_older(ledger: Ledger, platform: RequestsMock) -> None:
    platform.get(STATS, json=page(3))
    platform.get(STATS, json=page(4))

    sync(ledger)
    sync(ledger, now=NOON - timedelta(hours=6))

    assert rows(ledger, "SELECT fetched_at, position FROM answers ORDER BY position") == [
        ("2026-10-12T12:00:00Z", 1),
        ("2026-10-12T12:00:00Z", 2),
    ]


@pytest.mark.parametrize("status", [404, 200], ids=["refused", "the same row again"])
def test_failed_unit_leaves_no_answers(ledger: Ledger, platform: RequestsMock, status: int) -> None:
    platform.get(STATS, json=page(next=f"{STATS}?page=2"))
    platform.get(STATS, json=page(), status=status)

    run = sync(ledger)

    assert len(run.failures) == 1
    assert rows(ledger, "SELECT * FROM unit_answers") == rows(ledger, "SELECT * FROM raw_answers") == []
    assert rows(ledger, "SELECT * FROM temp.answers_in_hand") == []


@pytest.mark.parametrize("table", ["raw_answers", "unit_answers"])
def test_rows_and_answers_are_written_together_or_not_at_all(
    ledger: Ledger, platform: RequestsMock, table: str
) -> None:
    platform.get(STATS, json=page())
    ledger.conn.execute(
        f"CREATE TEMP TRIGGER cut BEFORE INSERT ON main.{table} BEGIN SELECT RAISE(ABORT, 'cut'); END"
    )

    run = sync(ledger)

    assert len(run.failures) == 1
    for left in ("delivery", "raw_answers", "unit_answers"):
        assert rows(ledger, f"SELECT * FROM {left}") == []


def test_answers_that_were_too_much_are_not_kept(ledger: Ledger, platform: RequestsMock) -> None:
    platform.get(STATS, json=page())

    sync(ledger, too_large=True)

    assert rows(ledger, "SELECT position, url FROM answers ORDER BY position") == [
        (1, f"{STATS}?from=2026-10-08&to=2026-10-09"),
        (2, f"{STATS}?from=2026-10-10&to=2026-10-11"),
    ]
    assert rows(ledger, "SELECT day, clicks FROM delivery") == [("2026-10-08", 3)]


def test_memory_stays_flat_however_much_is_answered(ledger: Ledger) -> None:
    connector, into = Quay(), feed(ledger)
    request = requests.Request("GET", STATS)
    line = b'{"day": "2026-10-08", "clicks": 123, "link": "https://shop.example/?utm_campaign=a"}, %d\n'
    tracemalloc.start()
    try:
        with kept(ledger, connector, Redactor([CLIENT])) as answers:
            show = witness.get()
            for number in range(30):
                assert show
                body = (line % number) * (2**20 // len(line))
                show(request, Answer(200, CaseInsensitiveDict({}), body, STATS))
            with ledger.transaction():
                answers.write(into.feed, 0, WEEK, 1)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    kept_bytes = rows(ledger, "SELECT COUNT(*), SUM(bytes) > 29 * 1024 * 1024 FROM answers")
    assert kept_bytes == [(30, 1)]
    assert most < 8 * 2**20


def exchange(body: bytes) -> Exchange:
    return Exchange("GET", STATS, "", 200, "", body)


def written(ledger: Ledger, *bodies: bytes) -> None:
    into = feed(ledger)
    answers = Answers(ledger.conn)
    for body in bodies:
        answers.add(exchange(body), pack(body))
    with ledger.transaction():
        answers.write(into.feed, 0, WEEK, int(NOON.timestamp()))
    answers.release()


def test_units_in_hand_side_by_side_do_not_mix(ledger: Ledger) -> None:
    into = feed(ledger)
    one, other = Answers(ledger.conn), Answers(ledger.conn)
    one.add(exchange(b"one"), pack(b"one"))
    other.add(exchange(b"other"), pack(b"other"))
    one.release()
    with ledger.transaction():
        other.write(into.feed, 0, WEEK, 1)

    assert bodies(ledger) == [b"other"]


def test_answer_that_was_changed_in_the_file_is_not_given_out(ledger: Ledger) -> None:
    written(ledger, b"what was answered")
    key = sha256(b"what was answered").hexdigest()
    for body in (gzip.compress(b"what was not"), b"no gzip"):
        ledger.conn.execute("UPDATE raw_answers SET body = ?", (body,))

        with pytest.raises(LedgerError, match=f"answer {key} is no longer what was fetched"):
            read_answer(ledger, key)


@pytest.mark.parametrize("key", ["00" * 32, "no hash"])
def test_unknown_hash_is_named(ledger: Ledger, key: str) -> None:
    with pytest.raises(ConfigError, match=f"no answer with the SHA-256 {key}"):
        read_answer(ledger, key)


def test_kept_bytes_can_be_read_without_us(ledger: Ledger) -> None:
    written(ledger, b"plain gzip", b"")

    assert sorted(bodies(ledger)) == [b"", b"plain gzip"]
    assert pack(b"again") == pack(b"again")


def test_watching_ends_with_the_unit(ledger: Ledger) -> None:
    with kept(ledger, Quay(), Redactor([])):
        assert witness.get() is not None

    assert witness.get() is None
