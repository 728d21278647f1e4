"""Files that platforms hand out: whole before the first row, never held, never signed."""

import gzip
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from msgspec import Struct
from responses import RequestsMock

from adtally.answer import witness
from adtally.body import Limits
from adtally.errors import ContractError, DeniedError, TransientError
from adtally.pace import ATTEMPTS

from .test_http import sent, server, signed

ROWS = [{"day": f"2026-10-{day:02}", "clicks": day} for day in range(1, 4)]
TABLE = [["day", "clicks"], ["2026-10-01", "1"]]
CSV = b"day,clicks\r\n2026-10-01,1\r\n"
FILE = "https://files.example/report?signature=hush"


class Row(Struct):
    day: str
    clicks: int


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("report.csv", content)
    return packed.getvalue()


@pytest.fixture
def noticed() -> Iterator[list[bytes]]:
    """What who keeps answers is shown."""
    bodies: list[bytes] = []
    token = witness.set(lambda _, answer: bodies.append(answer.body))
    yield bodies
    witness.reset(token)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zipped], ids=["plain", "gzip", "ZIP"])
def test_a_file_is_read_however_it_is_packed_and_without_credentials(
    api: RequestsMock, pack: Callable[[bytes], bytes], noticed: list[bytes]
) -> None:
    api.get(FILE, body=pack(json.dumps(ROWS).encode()))
    api.get(FILE, body=pack(CSV))
    http = signed()

    assert [row.clicks for row in http.json_items(FILE, decode=Row)] == [1, 2, 3]
    assert list(http.csv_rows(FILE)) == TABLE
    assert [call.request.headers.get("Authorization") for call in api.calls] == [None, None]
    assert noticed == [json.dumps(ROWS).encode(), CSV]


def test_a_file_on_the_platforms_own_host_is_signed_if_it_asks_for_it(api: RequestsMock) -> None:
    api.get("https://api.example/v1/file", body=CSV)

    assert list(signed().csv_rows("file", signed=True)) == TABLE
    assert api.calls[0].request.headers["Authorization"] == "s3cret"


def test_a_file_that_lies_on_another_host_is_fetched_from_there_without_credentials(
    api: RequestsMock,
) -> None:
    api.get("https://api.example/v1/file", status=302, headers={"Location": FILE})
    api.get(FILE, body=CSV)

    assert list(signed().csv_rows("file", signed=True, headers={"Developer-Token": "d"})) == TABLE
    first, second = (call.request.headers for call in api.calls)
    assert (first["Authorization"], first["Developer-Token"]) == ("s3cret", "d")
    assert {"Authorization", "Developer-Token"}.isdisjoint(second)


@pytest.mark.parametrize(
    ("body", "says"),
    [(gzip.compress(CSV)[:-3], "was cut"), (zipped(CSV)[:-3], "is damaged"), (b"<html>", "is HTML")],
    ids=["cut", "damaged", "a page"],
)
@pytest.mark.parametrize("good_from", [3, ATTEMPTS + 1])
def test_a_file_that_did_not_come_whole_is_asked_for_again_before_its_first_row(
    body: bytes, says: str, good_from: int
) -> None:
    tries: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        tries.append(handler.path)
        sent(handler, CSV if len(tries) >= good_from else body)

    with server(answer) as url:
        rows = signed(url, sleep=lambda _seconds: None).csv_rows(f"{url}/report")
        if good_from > ATTEMPTS:
            with pytest.raises(TransientError, match=says):
                next(rows)
        else:
            assert list(rows) == TABLE

    assert len(tries) == min(good_from, ATTEMPTS)


def test_a_table_that_is_a_message_is_no_table(api: RequestsMock) -> None:
    for _ in range(ATTEMPTS):
        api.get(FILE, body=b'{"error": "later"}')

    with pytest.raises(TransientError, match="report: the answer is a message") as caught:
        list(signed(sleep=lambda _seconds: None).csv_rows(FILE))

    assert "hush" not in str(caught.value)


def test_a_link_that_has_expired_does_not_mean_that_the_account_is_denied(api: RequestsMock) -> None:
    api.get(FILE, status=403, body=b"<Error>expired</Error>")
    api.get("https://api.example/v1/file", status=403)

    with pytest.raises(TransientError, match=r"report: the link no longer works \(HTTP 403\)"):
        list(signed().json_items(FILE, decode=Row))
    with pytest.raises(DeniedError, match="not permitted"):
        list(signed().json_items("file", decode=Row, signed=True))


def test_a_file_may_be_larger_than_a_page_but_not_endless(api: RequestsMock) -> None:
    http = signed(limits=Limits(max_bytes=1000, max_ratio=10**6))
    api.get(FILE, body=b"[" + b" " * 15_000 + b"]")
    api.get(FILE, body=b"[" + b" " * 16_000 + b"]")

    assert list(http.json_items(FILE, decode=Row)) == []
    with pytest.raises(ContractError, match="larger than 16,000 bytes"):
        list(http.json_items(FILE, decode=Row))


def test_a_large_file_is_not_held() -> None:
    row = b'{"day":"2026-10-01","clicks":7,"name":"' + b"x" * 150 + b'"},'
    body = gzip.compress(b"[" + row * 400_000 + row[:-1] + b"]", 1)

    with server(lambda handler: sent(handler, body)) as url:
        http = signed(url)
        http.limits = Limits(max_ratio=10_000)
        tracemalloc.start()
        count = sum(1 for _ in http.json_items(f"{url}/report", decode=Row))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert count == 400_001
    assert most < 40 * 2**20 < len(row) * 400_000
