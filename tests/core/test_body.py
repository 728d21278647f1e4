"""The bytes of one answer: whole and inflated, or refused before they fill the memory or take for ever."""

import gzip
import io
import zipfile
import zlib

import pytest
from urllib3 import HTTPResponse

from adtally.body import Limits, read_body
from adtally.errors import AdtallyError, ContractError, TransientError

URL = "https://ads.example/rows"
ROWS = b'{"rows": [' + b"1, " * 100_000 + b"1]}"


def read(body: bytes, encoding: str = "", limits: Limits | None = None) -> bytes:
    headers = {"Content-Encoding": encoding} if encoding else {}
    raw = HTTPResponse(io.BytesIO(body), headers=headers, preload_content=False)
    into = io.BytesIO(b"from an earlier try")
    read_body(raw, URL, limits or Limits(), into)
    return into.getvalue()


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (ROWS, ""),
        (ROWS, "identity"),
        (gzip.compress(ROWS), "gzip"),
        (gzip.compress(ROWS), "X-GZIP"),
        (gzip.compress(ROWS[:1000]) + gzip.compress(ROWS[1000:]), "gzip"),
    ],
    ids=["plain", "identity", "gzip", "x-gzip", "two members"],
)
def test_body_comes_inflated(body: bytes, encoding: str) -> None:
    assert read(body, encoding) == ROWS


def test_empty_body_needs_no_inflating() -> None:
    assert read(b"", "gzip") == b""


PACKED = gzip.compress(ROWS)
BOMB = gzip.compress(b"\0" * 10_000_000, 9)


@pytest.mark.parametrize(
    ("body", "encoding", "error"),
    [
        (PACKED[:-1], "gzip", TransientError(f"{URL}: the answer was cut")),
        (PACKED[: len(PACKED) // 2], "gzip", TransientError(f"{URL}: the answer was cut")),
        (PACKED[:10] + b"????" + PACKED[14:], "gzip", TransientError(f"{URL}: the answer is damaged")),
        (ROWS, "gzip", TransientError(f"{URL}: the answer is damaged")),
        (
            zlib.compress(ROWS),
            "br",
            ContractError(f"{URL}: the answer is encoded as 'br', which was not asked for"),
        ),
        (BOMB, "gzip", ContractError(f"{URL}: the answer inflates to over 500 times its size")),
    ],
    ids=["without its end", "half", "damaged", "not packed at all", "other encoding", "bomb"],
)
def test_bad_body_is_refused(body: bytes, encoding: str, error: AdtallyError) -> None:
    with pytest.raises(type(error)) as caught:
        read(body, encoding)

    assert str(caught.value) == str(error)


def test_body_larger_than_the_limit_is_refused() -> None:
    with pytest.raises(ContractError, match="larger than 1,000 bytes"):
        read(b" " * 1001, limits=Limits(max_bytes=1000))


class Drip(io.BytesIO):
    """One byte at a time."""

    def read1(self, size: int | None = -1, /) -> bytes:
        return super().read1(1)


def test_drip_is_not_waited_for() -> None:
    raw = HTTPResponse(Drip(b" " * 100_000), preload_content=False)

    with pytest.raises(TransientError, match="too slowly to wait"):
        read_body(raw, URL, Limits(patience=0, slowest=10**9), io.BytesIO())


def test_fast_answer_may_take_longer_than_the_patience() -> None:
    assert read(ROWS, limits=Limits(patience=0, slowest=1)) == ROWS


def test_a_body_of_fewer_bytes_than_a_mark_has_is_itself() -> None:
    assert read(b"\x1f") == b"\x1f"


def archive(*files: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as zipped:
        zipped.mkdir("reports")
        for number, content in enumerate(files, 1):
            zipped.writestr(f"reports/{number}.csv", content)
    return packed.getvalue()


def broken(body: bytes) -> bytes:
    return body[:200] + b"????" + body[204:]


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (PACKED, ""),
        (gzip.compress(PACKED), "gzip"),
        (archive(ROWS), ""),
        (archive(ROWS, method=zipfile.ZIP_STORED), ""),
        (gzip.compress(archive(ROWS)), "gzip"),
    ],
    ids=["gzip", "gzip in gzip", "ZIP", "ZIP as it is", "ZIP in gzip"],
)
def test_file_is_unpacked_by_its_first_bytes_alone(body: bytes, encoding: str) -> None:
    assert read(body, encoding) == ROWS


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (PACKED[:-1], TransientError("the answer was cut")),
        (BOMB, ContractError("the answer inflates to over 500 times its size")),
        (archive(ROWS)[:-30], TransientError("the archive is damaged")),
        (broken(archive(ROWS)), TransientError("the archive is damaged")),
        (archive(ROWS, ROWS), ContractError("the archive holds 2 files, not one")),
        (archive(), ContractError("the archive holds 0 files, not one")),
        (archive(b"\0" * 10_000_000), ContractError("the archive is too large: 10,000,000 bytes")),
    ],
    ids=["cut gzip", "bomb", "cut ZIP", "damaged ZIP", "two files", "no file", "ZIP bomb"],
)
def test_file_that_is_cut_damaged_or_a_bomb_is_refused(body: bytes, error: AdtallyError) -> None:
    with pytest.raises(type(error)) as caught:
        read(body)

    assert str(caught.value) == f"{URL}: {error}"
