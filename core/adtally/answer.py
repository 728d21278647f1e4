"""What a platform answered: decoded into a shape, or turned into one of our errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import msgspec

from .errors import (
    AdtallyError,
    AuthError,
    ContractError,
    DeniedError,
    QuotaError,
    TimedOut,
    TransientError,
)

if TYPE_CHECKING:
    from requests import Request

T = TypeVar("T")

REFUSED = 400
LONGEST_WAIT = 900.0
"""A limit that lasts longer is not waited for: the next sync asks again."""
BRACKETS = {b"{": b"}", b"[": b"]"}
SCALARS = b'"-0123456789tfn'


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the headers, and the whole body, inflated."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def decode(self, shape: type[T]) -> T:
        """The body as ``shape``. Raises ContractError with the path of what does not fit."""
        try:
            return msgspec.json.decode(self.body, type=shape, strict=False)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise ContractError(f"{shown_url(self.url)}: {error}", status=self.status) from error

    def says(self, shape: type[T]) -> T | None:
        """The body as ``shape``, or None where it is something else: empty, a file, a proxy's page."""
        if not self.body.lstrip().startswith(b"{"):
            return None
        try:
            return self.decode(shape)
        except ContractError:
            return None


witness: ContextVar[Callable[[Request, Answer], None] | None] = ContextVar("witness", default=None)
"""Who is shown every good answer with the request as it was before it was signed."""


def no_json(answer: Answer) -> TransientError | None:
    """An error if the body is, at a glance, no whole JSON document: it begins or ends like none."""
    body = answer.body
    begins, ends = body[:64].lstrip()[:1], body[-64:].rstrip()[-1:]
    if BRACKETS.get(begins) == ends or (begins and begins in SCALARS):
        return None
    what = {b"": "empty", b"<": "HTML"}.get(begins, "cut" if begins in BRACKETS else "no JSON")
    return TransientError(f"{shown_url(answer.url)}: the answer is {what}", status=answer.status)


def torn(answer: Answer) -> TransientError | None:
    """An error if the body begins as a JSON document and does not end as one: it may have said more."""
    is_document = answer.body[:64].lstrip()[:1] in BRACKETS
    return no_json(answer) if is_document else None


def no_table(answer: Answer) -> TransientError | None:
    """An error if the body is, at a glance, nothing, a page or a message where a table was asked for."""
    begins = answer.body[:64].lstrip()[:1]
    what = {b"": "empty", b"<": "HTML", b"{": "a message"}.get(begins)
    if what is None:
        return None
    return TransientError(f"{shown_url(answer.url)}: the answer is {what}", status=answer.status)


def http_error(answer: Answer) -> AdtallyError | None:
    """Our error for an answer by its HTTP status alone, or None for a good one."""
    status, where = answer.status, shown_url(answer.url)
    if status < REFUSED:
        return None
    match status:
        case 401:
            return AuthError(f"{where}: the credentials are not accepted", status=status)
        case 403:
            return DeniedError(f"{where}: not permitted", status=status)
        case 408 | 504:
            return TimedOut(f"{where}: no answer in time", status=status)
        case 425 | 429 | 500 | 502 | 503:
            wait = retry_after(answer.headers)
            return TransientError(f"{where}: refused for now", status=status, retry_after=wait)
        case _:
            return ContractError(f"{where}: refused", status=status)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by the ``Retry-After`` header (seconds or an HTTP date), or None."""
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def throttled(message: str, wait: float | None, *, of_account: bool = False) -> TransientError:
    """Our error for a limit that is hit, with the seconds to stay away if they are known.

    A quarter of an hour is waited for. After more it is a QuotaError: of the credentials, or ``of_account``.
    """
    if (wait or 0) > LONGEST_WAIT:
        return QuotaError(
            f"{message}: sync again later, in {(wait or 0) / 60:.0f} minutes",
            retry_after=wait,
            of_account=of_account,
        )
    return TransientError(message, retry_after=wait or None)


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def shown_url(url: str) -> str:
    """A URL without its query, where tokens may stand."""
    return origin(url) + urlsplit(url).path
