"""The bytes of one answer: whole and inflated, or refused before they fill the memory or take for ever."""

import gzip
import io
import zlib

import pytest
from urllib3 import HTTPResponse

from adtally.body import Limits, read_body, unzipped
from adtally.errors import AdtallyError, ContractError, TransientError

URL = "https://ads.example/rows"
ROWS = b'{"rows": [' + b"1, " * 100_000 + b"1]}"


def read(body: bytes, encoding: str = "", limits: Limits | None = None) -> bytes:
    headers = {"Content-Encoding": encoding} if encoding else {}
    raw = HTTPResponse(io.BytesIO(body), headers=headers, preload_content=False)
    return read_body(raw, URL, limits or Limits())


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
        read_body(raw, URL, Limits(patience=0, slowest=10**9))


def test_fast_answer_may_take_longer_than_the_patience() -> None:
    raw = HTTPResponse(io.BytesIO(ROWS), preload_content=False)

    assert read_body(raw, URL, Limits(patience=0, slowest=1)) == ROWS


def test_file_is_unzipped_by_its_first_bytes_alone() -> None:
    assert unzipped(PACKED, URL, Limits()) == ROWS
    assert unzipped(ROWS, URL, Limits()) == ROWS


@pytest.mark.parametrize(("body", "error"), [(PACKED[:-1], TransientError), (BOMB, ContractError)])
def test_file_that_is_cut_or_a_bomb_is_refused(body: bytes, error: type[AdtallyError]) -> None:
    with pytest.raises(error, match=URL):
        unzipped(body, URL, Limits())
