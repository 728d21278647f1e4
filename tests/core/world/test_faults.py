"""What a faulty sandbox really sends, as a client without any library of ours sees it."""

import gzip
import json
import socket
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing
from functools import partial
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from adtally import world
from adtally.cli import main
from adtally.errors import ConfigError
from adtally.world import FAULTS, Reply, Request, Sandbox, World
from adtally.world.faults import Strikes, chosen_faults

Serve = Callable[[str], AbstractContextManager[Sandbox]]


def row(number: int, **changes: object) -> dict[str, object]:
    return {
        "day": f"2026-10-0{number}",
        "seen": f"2026-10-0{number} 00:00:00",
        "campaign": {"id": f"11{number}", "name": "Autumn", "resourceName": "campaigns/11"},
        "currency": "EUR",
        "timezone_name": "Europe/Berlin",
        "cost": "1.25",
        "clicks": number,
        "ctr": 0.5,
        "is_final": True,
        "actions": [{"kind": kind, "value": "2"} for kind in ("lead", "view", "sale", "call", "chat")],
    } | changes


ROWS = [row(number) for number in range(1, 7)]
FIRST: dict[str, object] = {"rows": ROWS[:4], "total": 6, "next": "p2"}
LAST: dict[str, object] = {"rows": ROWS[4:], "total": 6, "next": ""}
CHUNKS = [{"results": ROWS[:4]}, {"results": ROWS[4:]}]
TOKEN = {"access_token": "t", "expires_in": 3600, "currency": "EUR"}
NOTHING = {"rows": list[object](), "total": 0}
REFUSAL = {"errors": [row(1), row(2)]}
CSV = b"day,cost,currency\r\n2026-10-01,1.25,EUR\r\n"


class Northwind:
    """Two pages of rows, asked for by query or JSON body, and answers that hold none."""

    def __init__(self, played: World) -> None:
        self.world = played

    def answer(self, request: Request) -> Reply:
        asked = dict(request.query) | (json.loads(request.body) if request.body else {})
        if request.path == "/file":
            return Reply(200, CSV, {"Content-Type": "text/csv"})
        if request.path == "/rows":
            is_later = asked.get("pageToken") or asked.get("page", "1") != "1"
            return world.json_reply(LAST if is_later else FIRST)
        documents: Mapping[str, object] = {"/stream": CHUNKS, "/token": TOKEN, "/none": NOTHING}
        if request.path in documents:
            return world.json_reply(documents[request.path])
        return world.json_reply(REFUSAL, status=400)


@pytest.fixture(scope="module")
def played() -> World:
    return World.build(seed=7)


@pytest.fixture
def faulty(played: World) -> Serve:
    return lambda faults: world.serve(played, fakes={"north": Northwind}, faults=faults)


def get(sandbox: Sandbox, path: str = "/rows", **query: str) -> requests.Response:
    return requests.get(f"{sandbox.url}/north{path}", params=query, timeout=5)


def connect(sandbox: Sandbox, path: str = "/rows", *, encoding: str = "identity") -> socket.socket:
    """A connection on which one request was sent."""
    port = int(sandbox.url.rpartition(":")[2])
    line = socket.create_connection(("127.0.0.1", port), timeout=5)
    line.sendall(
        f"GET /north{path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {encoding}\r\n"
        "Connection: close\r\n\r\n".encode()
    )
    return line


def heard(line: socket.socket) -> tuple[dict[str, str], bytes, bool]:
    """Headers, body, and whether the connection ended by a reset."""
    told, was_reset = b"", False
    with closing(line):
        try:
            while piece := line.recv(65_536):
                told += piece
        except ConnectionResetError:
            was_reset = True
    head, _, body = told.partition(b"\r\n\r\n")
    fields = (field.partition(": ") for field in head.decode().split("\r\n")[1:])
    return {name: value for name, _, value in fields}, body, was_reset


def encoded(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


WHOLE = encoded(FIRST)


@pytest.mark.parametrize(
    ("fault", "status", "headers", "body"),
    [
        ("429", 429, {"Content-Type": "application/json"}, b'{"error":"sandbox"}'),
        (
            "429-retry-after",
            429,
            {"Content-Type": "application/json", "Retry-After": "1"},
            b'{"error":"sandbox"}',
        ),
        ("500", 500, {"Content-Type": "application/json"}, b'{"error":"sandbox"}'),
        ("503", 503, {"Content-Type": "application/json"}, b'{"error":"sandbox"}'),
        ("empty", 200, {"Content-Type": "application/json"}, b""),
        ("not-json", 200, {"Content-Type": "application/json"}, b"It works!"),
        ("deep-json", 200, {"Content-Type": "application/json"}, b"[" * 100_000 + b"]" * 100_000),
    ],
)
@pytest.mark.parametrize("path", ["/rows", "/token", "/file"])
def test_a_refusal_replaces_any_answer(
    faulty: Serve, path: str, fault: str, status: int, headers: dict[str, str], body: bytes
) -> None:
    with faulty(fault) as sandbox:
        answer = get(sandbox, path)

    told = {name: value for name, value in answer.headers.items() if name in ("Content-Type", "Retry-After")}
    assert (answer.status_code, told, answer.content) == (status, headers, body)


def test_maintenance_is_a_page_with_the_status_of_success(faulty: Serve) -> None:
    with faulty("html") as sandbox:
        answer = get(sandbox)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html")
    assert answer.text.startswith("<!DOCTYPE html>\n<html><head><title>Maintenance</title>")


def test_redirect_leads_elsewhere_and_the_sandbox_notes_who_follows(faulty: Serve) -> None:
    with faulty("redirect") as sandbox:
        port = sandbox.url.rpartition(":")[2]
        stays = requests.get(f"{sandbox.url}/north/rows", allow_redirects=False, timeout=5)
        none_yet = list(sandbox.strayed)
        requests.get(
            f"{sandbox.url}/north/rows", headers={"Authorization": "Bearer t", "X-Token": "t"}, timeout=5
        )

    assert (stays.status_code, stays.headers["Location"]) == (302, f"http://localhost:{port}/elsewhere/rows")
    assert none_yet == []
    (followed,) = sandbox.strayed
    assert (followed.path, followed.headers["host"]) == ("/rows", f"localhost:{port}")
    assert followed.headers["x-token"] == "t"
    assert "authorization" not in followed.headers


def test_latency_holds_the_same_answer_back(faulty: Serve) -> None:
    with faulty("latency=80ms") as sandbox:
        began = time.monotonic()
        answer = get(sandbox)
        waited = time.monotonic() - began

    assert waited >= 0.08
    assert answer.json() == FIRST


def test_reset_comes_in_the_middle_of_the_body(faulty: Serve) -> None:
    with faulty("reset") as sandbox:
        headers, body, was_reset = heard(connect(sandbox))

    assert headers["Content-Length"] == str(len(WHOLE))
    assert body == WHOLE[: len(WHOLE) // 2]
    assert was_reset


def test_close_says_nothing_at_all(faulty: Serve) -> None:
    with faulty("close") as sandbox, closing(connect(sandbox)) as line:
        assert line.recv(1) == b""


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_gzip_ends_early_although_its_length_is_right(faulty: Serve, encoding: str) -> None:
    with faulty("truncated-gzip") as sandbox:
        headers, body, was_reset = heard(connect(sandbox, encoding=encoding))
    inflate = zlib.decompressobj(wbits=31)
    text = inflate.decompress(body)

    assert headers["Content-Encoding"] == "gzip"
    assert (headers["Content-Length"], was_reset) == (str(len(body)), False)
    assert not inflate.eof
    assert WHOLE.startswith(text)


def test_a_length_that_is_too_long_is_followed_by_the_end(faulty: Serve) -> None:
    with faulty("long-length") as sandbox:
        headers, body, was_reset = heard(connect(sandbox))

    assert (headers["Content-Length"], body, was_reset) == (str(len(WHOLE) + 1_000), WHOLE, False)


def test_a_length_that_is_too_short_leaves_the_rest_for_the_next_answer(faulty: Serve) -> None:
    with faulty("short-length") as sandbox:
        headers, body, _ = heard(connect(sandbox))
        cut = get(sandbox).content

    assert (headers["Content-Length"], body) == (str(len(WHOLE) // 2), WHOLE)
    assert len(cut) < len(WHOLE)


def test_drip_sends_byte_by_byte_until_the_sandbox_stops(faulty: Serve) -> None:
    with faulty("drip") as sandbox:
        line = connect(sandbox)
        told = b""
        while not told.endswith(b"\r\n\r\n"):
            told += line.recv(1)
        pieces = [line.recv(65_536) for _ in range(3)]
    rest = b""
    while piece := line.recv(65_536):
        rest += piece
    line.close()

    assert f"Content-Length: {len(WHOLE) + 1_000_000}\r\n".encode() in told
    assert WHOLE.startswith(b"".join(pieces))
    assert len(b"".join(pieces)) < 100
    assert len(rest) < 100


def test_a_gzip_bomb_is_small_and_one_sound_stream(faulty: Serve) -> None:
    with faulty("gzip-bomb") as sandbox:
        headers, body, _ = heard(connect(sandbox))
    inflate, size = zlib.decompressobj(wbits=31), 0
    while not inflate.eof:
        piece = inflate.decompress(body, 2**20)
        body, size = inflate.unconsumed_tail, size + len(piece)

    assert headers["Content-Encoding"] == "gzip"
    assert int(headers["Content-Length"]) < 2 * 2**20
    assert size > 2**30


def with_last(**changes: object) -> list[object]:
    return [*ROWS[:3], row(4, **changes)]


ODD = '="Autumn"\n\0\u202e\U0001f600\U00020bb7'
OBJECTS = [{"kind": kind, "value": {"value": "2"}} for kind in ("lead", "view", "sale", "call", "chat")]
HUGE = "1" + "0" * 30
HUGES = [{"kind": kind, "value": HUGE} for kind in ("lead", "view", "sale", "call", "chat")]


@pytest.mark.parametrize(
    ("fault", "rows"),
    [
        ("duplicate-page", [*ROWS[:4], *ROWS[:4]]),
        ("missing-page", ROWS[:2]),
        ("null-rows", [*ROWS[:2], None, *ROWS[2:4]]),
        (
            "wrong-types",
            with_last(cost={"value": "1.25"}, clicks={"value": 4}, ctr={"value": 0.5}, actions=OBJECTS),
        ),
        ("huge-numbers", with_last(cost=HUGE, clicks=10**30, ctr=1e30, actions=HUGES)),
        ("out-of-window", with_last(day="1999-01-01", seen="1999-01-01 00:00:00")),
        ("unknown-currency", [row(number, currency="ZZZ") for number in range(1, 5)]),
        (
            "odd-names",
            [
                row(number, campaign={"id": f"11{number}", "name": ODD, "resourceName": "campaigns/11"})
                for number in range(1, 5)
            ],
        ),
    ],
)
def test_a_page_lies_about_its_rows_and_about_nothing_else(
    faulty: Serve, fault: str, rows: list[object]
) -> None:
    with faulty(fault) as sandbox:
        told = get(sandbox).json()
        untouched = [get(sandbox, path).json() for path in ("/token", "/none", "/other")]
        file = get(sandbox, "/file").content

    assert told == {"rows": rows, "total": 6, "next": "p2"}
    assert untouched == [TOKEN, NOTHING, REFUSAL]
    assert file == CSV


def test_an_odd_name_is_valid_json_of_escapes_and_long_characters(faulty: Serve) -> None:
    with faulty("odd-names") as sandbox:
        body = get(sandbox).content

    assert '"name":"=\\"Autumn\\"\\n\\u0000\u202e\U0001f600\U00020bb7"'.encode() in body


def test_rows_are_found_in_a_stream_of_pages(faulty: Serve) -> None:
    with faulty("missing-page") as sandbox:
        told = get(sandbox, "/stream").json()

    assert told == [{"results": ROWS[:2]}, {"results": ROWS[4:]}]


def test_each_later_page_is_the_first_again(faulty: Serve) -> None:
    with faulty("endless-pages") as sandbox:
        asked = [get(sandbox), get(sandbox, page="1"), get(sandbox, page="2"), get(sandbox, pageToken="p2")]
        for body in ({"query": "q"}, {"query": "q", "pageToken": "p2"}, {"query": "q", "page": 2}):
            asked.append(requests.post(f"{sandbox.url}/north/rows", json=body, timeout=5))

    assert [answer.json() for answer in asked] == [FIRST] * 7


@pytest.mark.parametrize(
    "name", ["after", "cursor", "start", "offset", "page.token", "nextToken", "starting_after"]
)
def test_a_later_page_goes_by_many_names(name: str) -> None:
    (chosen,) = chosen_faults("endless-pages", [])
    asks = partial(Request, "GET", "/rows")

    assert chosen.fault.asks(asks(query={name: "9", "limit": "2"})) == asks(query={"limit": "2"})


def test_a_first_page_and_a_first_day_are_left_as_they_are() -> None:
    (chosen,) = chosen_faults("endless-pages", [])
    first = Request("GET", "/rows", {"page": "1", "offset": "0", "start": "2026-10-01", "cursor": ""})

    assert chosen.fault.asks(first) == first


def struck(faults: str, requests: list[Request], *, seed: int = 7) -> list[list[str]]:
    """The names of the faults on each request, which all go to platform ``north``."""
    strikes = Strikes(chosen_faults(faults, ["north", "south"]), seed)
    return [[fault.name for fault in strikes.on("north", request)] for request in requests]


MANY = [Request("GET", "/rows", {"account": str(number)}) for number in range(200)]


def test_what_strikes_a_request_does_not_depend_on_what_came_between() -> None:
    faults = "429=0.3,reset=0.3"
    forwards = struck(faults, MANY)

    assert struck(faults, MANY[::-1]) == forwards[::-1]
    assert struck("reset=0.3,429=0.3", MANY) == forwards
    assert struck(faults, MANY, seed=8) != forwards
    assert {tuple(names) for names in forwards} == {(), ("429",), ("reset",), ("429", "reset")}


def test_a_fault_strikes_about_as_often_as_it_was_asked_to() -> None:
    assert 40 < sum(map(len, struck("500=0.3", MANY))) < 80
    assert struck("500", MANY) == [["500"]] * 200
    assert struck("500=0", MANY) == [[]] * 200


def test_the_same_request_asked_again_may_succeed() -> None:
    again = struck("503=0.5", [MANY[0]] * 20)

    assert {tuple(names) for names in again} == {(), ("503",)}
    assert struck("503=0.5", [MANY[0]] * 20) == again


def test_tokens_in_headers_do_not_change_what_strikes() -> None:
    signed = [Request("GET", "/rows", each.query, {"authorization": "Bearer 2"}) for each in MANY]

    assert struck("500=0.3", signed) == struck("500=0.3", MANY)


def test_a_fault_may_be_for_one_platform() -> None:
    assert struck("500@south,close@north", MANY[:2]) == [["close"], ["close"]]


def test_several_faults_strike_one_answer(faulty: Serve) -> None:
    with faulty("latency=1ms, duplicate-page, truncated-gzip") as sandbox:
        _, body, _ = heard(connect(sandbox))
    text = zlib.decompressobj(wbits=31).decompress(body)

    assert encoded({"rows": ROWS[:4] * 2}).startswith(text)


def test_without_faults_answers_are_sound(faulty: Serve) -> None:
    with faulty("") as sandbox:
        headers, body, was_reset = heard(connect(sandbox, encoding="gzip"))

    assert (headers["Content-Length"], was_reset) == (str(len(body)), False)
    assert gzip.decompress(body) == WHOLE
    assert sandbox.faults == ()


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ("rest", f"faults: there is no 'rest'; did you mean reset? There are: {', '.join(FAULTS)}"),
        ("zzzz", f"faults: there is no 'zzzz'. There are: {', '.join(FAULTS)}"),
        (
            "reset@nort=0.1",
            "faults: 'reset@nort=0.1': there is no platform 'nort'; did you mean north? There are: north",
        ),
        ("reset=often", "faults: 'reset=often': how likely it strikes is a number from 0 to 1"),
        ("reset=1.5", "faults: 'reset=1.5': how likely it strikes is a number from 0 to 1"),
        ("reset=5ms", "faults: 'reset=5ms': how likely it strikes is a number from 0 to 1"),
        ("reset 0.1", "faults: 'reset 0.1' is not written as NAME, NAME=0.2 or NAME@PLATFORM=0.2"),
    ],
)
def test_a_list_that_cannot_be_read_is_explained(faulty: Serve, faults: str, said: str) -> None:
    with pytest.raises(ConfigError) as error, faulty(faults):
        pass

    assert str(error.value) == said


def test_every_fault_can_be_chosen_by_its_name() -> None:
    chosen = chosen_faults(",".join(reversed(FAULTS)), [])

    assert [(each.item, each.fault.name) for each in chosen] == [(name, name) for name in FAULTS]


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits is interrupted at once."""

    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupt)


@pytest.mark.usefixtures("interrupted")
def test_the_command_says_which_faults_it_makes(tmp_path: Path) -> None:
    words = [
        "sandbox",
        "--port",
        "0",
        "--into",
        str(tmp_path),
        "--faults",
        "429@google_ads=0.2,latency=200ms",
    ]
    result = CliRunner().invoke(main, words)

    assert result.exit_code == 130
    assert result.stderr.splitlines()[:2] == [
        "Fault 429@google_ads=0.2: HTTP 429 without Retry-After",
        "Fault latency=200ms: 50 ms before the answer; latency=200ms for another wait",
    ]
    assert result.stdout == (tmp_path / "config.toml").read_text(encoding="utf-8") + "\n"


def test_a_fault_that_there_is_not_is_a_usage_error(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main, ["sandbox", "--port", "0", "--into", str(tmp_path), "--faults", "resset"]
    )

    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no 'resset'; did you mean reset?" in result.stderr


def test_help_lists_every_fault() -> None:
    told = " ".join(CliRunner().invoke(main, ["sandbox", "--help"]).stdout.split())

    assert [name for name, says in FAULTS.items() if f"{name} {says}" not in told] == []
