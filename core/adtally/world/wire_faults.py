"""Replies that are no answer, and replies that do not arrive as they were sent."""

from __future__ import annotations

import functools
import gzip
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from .messages import Reply, Request

WORTH_GZIP = 1_000
PAD = 1_000_000
DRIP_SECONDS = 0.05
DEPTH = 100_000
MEGABYTES = 1_025
ELSEWHERE = "elsewhere"
"""The path below which the sandbox notes who followed a redirect to another host."""
JSON = {"Content-Type": "application/json"}
HTML = {"Content-Type": "text/html"}
PAGE = b"""<!DOCTYPE html>
<html><head><title>Maintenance</title></head><body><h1>We will be back soon</h1></body></html>
"""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply on its way to the client."""

    status: int
    """0: not even a status line is sent."""
    headers: Mapping[str, str]
    body: bytes
    length: int
    """What Content-Length says."""
    delay_seconds: float = 0
    """Before the first byte."""
    gap_seconds: float = 0
    """After each byte of the body; 0 sends it in one piece."""
    ends: Literal["kept", "closed", "reset"] = "kept"
    """What becomes of the connection."""


def packed(reply: Reply, *, zipped: bool) -> Outgoing:
    """The reply as a sound server sends it; gzipped if the client takes that and it is worth it."""
    out = Outgoing(reply.status, reply.headers, reply.body, len(reply.body))
    is_worth_it = zipped and len(reply.body) >= WORTH_GZIP and "Content-Encoding" not in reply.headers
    return _zipped(out) if is_worth_it else out


def refusing(reply: Reply) -> Callable[[Request, Reply], Reply]:
    """What answers every request by ``reply``; the fake has done its part by then."""

    def refused(_request: Request, _reply: Reply) -> Reply:
        return reply

    return refused


def redirected(request: Request, _reply: Reply) -> Reply:
    """To this server by another name, which is a foreign host to any client."""
    port = urlsplit(f"//{request.headers['host']}").port
    return Reply(302, b"", {"Location": f"http://localhost:{port}/{ELSEWHERE}{request.path}"})


def bombed(_request: Request, _reply: Reply) -> Reply:
    return Reply(200, bomb(), JSON | {"Content-Encoding": "gzip"})


@functools.cache
def bomb() -> bytes:
    """One gzip stream of a megabyte that inflates to more than a gibibyte of spaces.

    Made of one compressed megabyte again and again: a full flush makes each independent of those before
    (RFC 1951, RFC 1952).
    """
    piece = b" " * 2**20
    deflate = zlib.compressobj(wbits=-15)
    block = deflate.compress(piece) + deflate.flush(zlib.Z_FULL_FLUSH)
    check = 0
    for _ in range(MEGABYTES):
        check = zlib.crc32(piece, check)
    head = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    return b"".join(
        [head, *[block] * MEGABYTES, deflate.flush(), struct.pack("<II", check, MEGABYTES * len(piece))]
    )


def late(out: Outgoing, *, milliseconds: int) -> Outgoing:
    return replace(out, delay_seconds=out.delay_seconds + milliseconds / 1000)


def reset(out: Outgoing) -> Outgoing:
    return replace(out, body=out.body[: len(out.body) // 2], ends="reset")


def closed(out: Outgoing) -> Outgoing:
    return replace(out, status=0, body=b"", ends="closed")


def cut_gzip(out: Outgoing) -> Outgoing:
    whole = out if out.headers.get("Content-Encoding") == "gzip" else _zipped(out)
    half = whole.body[: len(whole.body) // 2]
    return replace(whole, body=half, length=len(half))


def long_length(out: Outgoing) -> Outgoing:
    return replace(out, length=len(out.body) + 1_000, ends="closed")


def short_length(out: Outgoing) -> Outgoing:
    """The rest of the body stays on the connection, where the next answer is expected."""
    return replace(out, length=len(out.body) // 2)


def dripping(out: Outgoing) -> Outgoing:
    """Spaces after a JSON document mean nothing, so a client that waits half a day has the answer."""
    body = out.body + b" " * PAD
    return replace(out, body=body, length=len(body), gap_seconds=DRIP_SECONDS)


def _zipped(out: Outgoing) -> Outgoing:
    body = gzip.compress(out.body, compresslevel=1)
    return replace(out, headers={**out.headers, "Content-Encoding": "gzip"}, body=body, length=len(body))
