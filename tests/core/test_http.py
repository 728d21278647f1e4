"""A small server on the loopback shows what only a real connection does; the rest is arranged answers."""

import gzip
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from os import urandom

import pytest
import requests
from msgspec import Struct
from pydantic import SecretStr
from responses import RequestsMock

from adtally.answer import Answer, http_error, retry_after
from adtally.auth import header_auth
from adtally.body import Limits
from adtally.errors import (
    AdtallyError,
    AuthError,
    ContractError,
    DeniedError,
    QuotaError,
    TransientError,
)
from adtally.http import Http
from adtally.pace import ATTEMPTS, Pace

API = "https://api.example/v1"
SECRET = "s3cret"


class Row(Struct):
    impressions: int


class Page(Struct):
    rows: list[Row]


def signed(base_url: str = API, **changes: object) -> Http:
    """A client whose requests carry SECRET and whose pauses are noted, not taken."""
    http = Http(base_url, auth=lambda: header_auth("Authorization", SecretStr(SECRET)))
    for name, value in changes.items():
        setattr(http, name, value)
    return http


@contextmanager
def server(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A real server whose every GET is answered by ``answer``; yields its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{served.server_port}"
    finally:
        served.shutdown()
        thread.join()
        served.server_close()


def sent(handler: BaseHTTPRequestHandler, body: bytes, **headers: str) -> None:
    handler.send_response(200)
    for name, value in ({"Content_Length": str(len(body))} | headers).items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def test_own_hosts_get_the_standing_headers_and_others_do_not(api: RequestsMock) -> None:
    http = Http(API, headers=lambda: {"Version": "7", "Kind": "all"}, own_hosts=("login.example",))
    for url in (f"{API}/rows", "https://login.example/token", "https://files.example/1"):
        api.get(url, json=1)

    http.get("/rows", decode=int, headers={"Kind": "one"})
    http.get("https://login.example/token", decode=int)
    http.get("https://files.example/1", decode=int, signed=False)

    sent = [(call.request.headers.get("Version"), call.request.headers.get("Kind")) for call in api.calls]
    assert sent == [("7", "one"), ("7", "all"), (None, None)]


def test_path_with_a_query_of_its_own_is_sent_as_it_is(api: RequestsMock) -> None:
    api.get(f"{API}/rows", json=1)

    signed().get("rows?q=x&ids=List(urn%3Ali%3A1,urn%3Ali%3A2)&range=(start:(year:2026))", decode=int)

    assert api.calls[0].request.url == (
        f"{API}/rows?q=x&ids=List(urn%3Ali%3A1,urn%3Ali%3A2)&range=(start:(year:2026))"
    )


@pytest.mark.parametrize("body", [gzip.compress(b"[1, 2]"), b"[1, 2]"], ids=["zipped", "plain"])
def test_file_is_unzipped_whatever_its_headers_say(body: bytes) -> None:
    with server(lambda handler: sent(handler, body, Content_Type="application/gzip")) as url:
        assert Http(url).get("/report.json.gz", decode=list[int]) == [1, 2]


def test_cut_file_is_asked_for_again_and_its_error_shows_no_query() -> None:
    tries: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        tries.append(handler.path)
        sent(handler, gzip.compress(b"[1, 2]")[:-3])

    with server(answer) as url:
        http = Http(url)
        http.sleep = lambda _seconds: None
        with pytest.raises(TransientError, match="was cut") as caught:
            http.get("/report.json.gz", params={"secret": "hush"}, decode=list[int])

    assert len(tries) == ATTEMPTS
    assert "hush" not in str(caught.value)


def test_a_refusal_that_is_cut_is_asked_for_again(api: RequestsMock) -> None:
    api.get(f"{API}/rows", status=400, body=b'{"code": "THROTTLED", "mess')
    api.get(f"{API}/rows", json=1)

    assert signed(sleep=lambda _seconds: None).get("/rows", decode=int) == 1


def test_a_refusal_in_words_is_a_refusal(api: RequestsMock) -> None:
    api.get(f"{API}/rows", status=400, body=b"Bad Request")

    with pytest.raises(ContractError, match=r"refused \(HTTP 400\)"):
        signed().get("/rows", decode=int)


def test_no_library_below_logs_a_query(caplog: pytest.LogCaptureFixture) -> None:
    with server(lambda handler: sent(handler, b"1")) as url, caplog.at_level(logging.DEBUG):
        Http(url).get("/rows", params={"secret": "hush"}, decode=int)

    assert "/rows" in caplog.text
    assert "hush" not in caplog.text


def test_parameters_are_text_and_none_is_left_out(api: RequestsMock) -> None:
    api.get(f"{API}/rows", json={"rows": [{"impressions": 1}]})

    page = signed().get(
        "/rows", params={"all": True, "hidden": False, "after": None, "limit": 50}, decode=Page
    )

    assert page == Page([Row(1)])
    assert api.calls[0].request.url == f"{API}/rows?all=true&hidden=false&limit=50"


def test_json_and_forms_are_posted(api: RequestsMock) -> None:
    api.post(f"{API}/reports", json="r1")
    api.post(f"{API}/login", json="ok")
    http = signed()

    assert http.post("reports", json={"days": 7}, decode=str) == "r1"
    assert http.post("login", data={"user": "me"}, decode=str) == "ok"
    assert (api.calls[0].request.body, api.calls[0].request.headers["Content-Type"]) == (
        b'{"days":7}',
        "application/json",
    )
    assert api.calls[1].request.body == "user=me"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_transient_refusal_is_asked_again(api: RequestsMock, status: int) -> None:
    api.get(f"{API}/me", status=status)
    api.get(f"{API}/me", json="ok")

    assert signed().get("/me", decode=str) == "ok"


def test_transient_refusals_end_after_some_attempts(api: RequestsMock) -> None:
    api.get(f"{API}/me", status=503)

    with pytest.raises(TransientError, match="refused for now"):
        signed().get("/me", decode=str)
    assert len(api.calls) == ATTEMPTS


@pytest.mark.parametrize(
    ("status", "kind"), [(400, ContractError), (401, AuthError), (403, DeniedError), (404, ContractError)]
)
def test_other_refusal_is_not_asked_again(api: RequestsMock, status: int, kind: type[AdtallyError]) -> None:
    api.get(f"{API}/me", status=status)

    with pytest.raises(kind) as caught:
        signed().get("/me", decode=str)
    assert (type(caught.value), caught.value.status, len(api.calls)) == (kind, status, 1)


def test_used_up_quota_is_not_asked_again(api: RequestsMock) -> None:
    api.get(f"{API}/me", status=429)
    http = Http(API, error=lambda answer: QuotaError("the daily quota is used up", status=answer.status))

    with pytest.raises(QuotaError):
        http.get("/me", decode=str)
    assert len(api.calls) == 1


def test_platforms_own_refusal_with_status_200_is_an_error(api: RequestsMock) -> None:
    api.get(f"{API}/me", json={"code": 40105})
    http = Http(
        API, error=lambda answer: DeniedError("no", code="40105") if b"40105" in answer.body else None
    )

    with pytest.raises(DeniedError, match=r"no \(code 40105\)"):
        http.get("/me", decode=str)


def test_wait_is_the_one_that_the_platform_names(api: RequestsMock) -> None:
    waits: list[float] = []
    api.get(f"{API}/me", status=429, headers={"Retry-After": "17"})
    api.get(f"{API}/me", json="ok")

    assert signed(sleep=waits.append).get("/me", decode=str) == "ok"
    assert waits[0] == 17


def test_wait_without_a_word_of_the_platform_is_random_and_bounded(api: RequestsMock) -> None:
    waits: list[float] = []
    api.get(f"{API}/me", status=500)

    with pytest.raises(TransientError):
        signed(sleep=waits.append).get("/me", decode=str)

    assert len(waits) == ATTEMPTS - 1
    assert all(0 <= wait <= 60 for wait in waits)


def test_retry_after_is_seconds_or_a_date_or_nothing() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)

    assert [retry_after({"Retry-After": text}) for text in ("5", "soon", "", "²")] == [5, None, None, None]
    assert 80 < (retry_after({"Retry-After": later}) or 0) <= 90
    assert retry_after({"Retry-After": "Thu, 01 Jan 2026 00:00:00 GMT"}) == 0


def test_workers_of_one_connector_wait_for_each_other() -> None:
    pause = Pace(gap=0.5)

    waits = [pause.claim(10.0) for _ in range(3)]
    pause.hold(20.0)

    assert waits == [0, 0.5, 1]
    assert pause.claim(12.0) == 8


def test_requests_per_second_spreads_the_requests(api: RequestsMock) -> None:
    waits: list[float] = []
    api.get(f"{API}/me", json="ok")
    http = Http(API, requests_per_second=0.1)
    http.sleep = waits.append

    for _ in range(3):
        http.get("/me", decode=str)

    assert [round(wait / 10) for wait in waits] == [1, 2]


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/rows", "http://api.example/v1/rows", "https://api.example.evil.example/v1/rows"],
)
def test_credentials_are_not_sent_to_a_url_of_another_origin(api: RequestsMock, url: str) -> None:
    with pytest.raises(ContractError, match="credentials go only to"):
        signed().get(url, decode=str)
    assert len(api.calls) == 0


def test_download_url_of_an_answer_is_followed_without_credentials(api: RequestsMock) -> None:
    api.get("https://files.example/report?signature=x", json="rows")

    assert signed().get("https://files.example/report?signature=x", decode=str, signed=False) == "rows"
    assert "Authorization" not in api.calls[0].request.headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_of_a_signed_call_to_another_host_is_refused(api: RequestsMock, status: int) -> None:
    api.get(f"{API}/me", status=status, headers={"Location": "https://evil.example/me"})

    with pytest.raises(ContractError, match=r"redirects credentials to https://evil\.example"):
        signed().get("/me", decode=str)
    assert len(api.calls) == 1


def test_redirect_of_a_call_that_carries_its_key_elsewhere_than_in_the_header_is_refused(
    api: RequestsMock,
) -> None:
    api.get(f"{API}/me", status=302, headers={"Location": "https://evil.example/me"})

    with pytest.raises(ContractError, match="redirects credentials"):
        Http(API).get("/me", params={"key": "k"}, headers={"X-Key": "k"}, decode=str)
    assert len(api.calls) == 1


def test_own_host_at_another_port_gets_no_credentials(api: RequestsMock) -> None:
    http = Http(API, own_hosts=("login.example",))

    with pytest.raises(ContractError, match="credentials go only to"):
        http.get("https://login.example:8443/token", decode=str)
    assert len(api.calls) == 0


def test_redirect_at_the_same_host_and_of_an_unsigned_download_is_followed(api: RequestsMock) -> None:
    api.get(f"{API}/me", status=302, headers={"Location": "/v1/you"})
    api.get(f"{API}/you", json="ok")
    api.get("https://files.example/1", status=302, headers={"Location": "https://store.example/1"})
    api.get("https://store.example/1", json="rows")
    http = signed()

    assert http.get("/me", decode=str) == "ok"
    assert http.get("https://files.example/1", decode=str, signed=False) == "rows"


def test_endless_redirects_end(api: RequestsMock) -> None:
    api.get(f"{API}/me", status=302, headers={"Location": f"{API}/me"})

    with pytest.raises(ContractError, match="more than 3 redirects"):
        signed().get("/me", decode=str)


@pytest.mark.parametrize(
    "base_url", ["http://api.example", "ftp://api.example", "http://127.0.0.1.evil.example"]
)
def test_plain_http_goes_to_the_loopback_only(api: RequestsMock, base_url: str) -> None:
    with pytest.raises(ContractError, match="only https"):
        signed(base_url).get("/me", decode=str)
    assert len(api.calls) == 0


@pytest.mark.parametrize(
    ("rebased", "asked", "found"),
    [
        (False, "https://login.example/token?a=1", ("https://login.example/token?a=1", True)),
        (True, "https://login.example/token?a=1", ("http://127.0.0.1:9/x/token?a=1", True)),
        (True, "https://files.example/1", ("https://files.example/1", False)),
        (True, "http://127.0.0.1:9/x/next", ("http://127.0.0.1:9/x/next", True)),
        (True, "rows", ("http://127.0.0.1:9/x/rows", True)),
    ],
)
def test_own_hosts_move_below_a_changed_base_url(rebased: bool, asked: str, found: tuple[str, bool]) -> None:
    http = Http("http://127.0.0.1:9/x/", own_hosts=("login.example",), rebased=rebased)

    assert http.resolve(asked) == found


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"rows": [{"impressions": "many"}]}', r"\$\.rows\[0\]\.impressions"),
        ('{"rows": [{}]}', "missing required field `impressions`"),
        ('{"rows": [}', "malformed"),
        ("[" * 100_000 + "]" * 100_000, "v1/rows"),
        ('{"rows": [{"impressions": 1e400}]}', "v1/rows"),
        (b'{"rows": "\xff"}', "v1/rows"),
    ],
)
def test_answer_of_another_shape_is_refused_with_the_path_of_what_does_not_fit(
    api: RequestsMock, body: str | bytes, said: str
) -> None:
    api.get(f"{API}/rows", body=body)

    with pytest.raises(ContractError, match=said) as caught:
        signed().get("/rows", decode=Page)
    assert caught.value.status == 200


def test_http_error_lets_a_good_answer_pass() -> None:
    assert http_error(Answer(204, {}, b"", API)) is None


def test_no_secret_stands_in_a_message_a_log_line_or_a_traceback(
    api: RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="adtally")
    lost = requests.ConnectionError(f"Max retries exceeded with url: /v1/me?access_token={SECRET}")
    api.get(f"{API}/me", body=lost)

    with pytest.raises(TransientError, match="the connection failed") as caught:
        signed().get("/me", params={"access_token": SECRET}, decode=str)

    said = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert "asking again in" in said
    assert SECRET not in said


def test_answer_larger_than_the_limit_is_refused_also_when_it_is_packed() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        sent(handler, gzip.compress(urandom(2_000_000)), Content_Encoding="gzip")

    with (
        server(answer) as base_url,
        pytest.raises(ContractError, match="larger than 1,000,000 bytes"),
    ):
        signed(base_url, limits=Limits(max_bytes=1_000_000)).get("/rows", decode=Page)


def test_packed_answer_is_unpacked() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        sent(handler, gzip.compress(b'{"rows": []}'), Content_Encoding="gzip")

    with server(answer) as base_url:
        assert signed(base_url).get("/rows", decode=Page) == Page([])


def test_answer_that_was_cut_is_asked_again() -> None:
    body = b'{"rows": [{"impressions": 1}]}'
    asked: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        sent(handler, body[:10] if len(asked) == 1 else body, Content_Length=str(len(body)))
        handler.close_connection = True

    with server(answer) as base_url:
        page = signed(base_url, sleep=lambda _: None).get("/rows", decode=Page)

    assert (page, len(asked)) == (Page([Row(1)]), 2)


def test_damaged_packing_is_transient() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        sent(handler, b"no gzip at all", Content_Encoding="gzip")

    with server(answer) as base_url, pytest.raises(TransientError, match="damaged"):
        signed(base_url, sleep=lambda _: None).get("/rows", decode=Page)


def test_server_that_is_gone_is_transient() -> None:
    with server(lambda handler: sent(handler, b"")) as gone:
        pass

    with pytest.raises(TransientError, match="the connection failed"):
        signed(gone, sleep=lambda _: None).get("/rows", decode=Page)


def test_server_that_does_not_answer_in_time_is_transient() -> None:
    finished = threading.Event()

    def answer(_: BaseHTTPRequestHandler) -> None:
        finished.wait(5)

    with server(answer) as base_url:
        with pytest.raises(TransientError, match="no answer within"):
            Http(base_url, timeout_seconds=0.05).get("/rows", decode=Page, signed=False)
        finished.set()


def test_threads_share_one_client_and_others_think_while_one_waits() -> None:
    http_waits, thought = threading.Event(), threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        http_waits.set()
        assert thought.wait(5)
        sent(handler, b'"ok"')

    with server(answer) as base_url:
        http = signed(base_url)
        got: list[str] = []

        def work() -> None:
            with http.baton:
                got.append(http.get("/me", decode=str))

        thread = threading.Thread(target=work)
        thread.start()
        assert http_waits.wait(5)
        with http.baton:
            thought.set()
        thread.join()

    assert got == ["ok"]
