"""What a refusal of the Amazon Ads API means for whoever asked.

Source: error bodies of each service and texts that clients quote (read 2026-11). Their HTTP status and their
words say what is meant; the code repeats the status.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from urllib.parse import urlsplit

from adtally import (
    AdtallyError,
    Answer,
    DeniedError,
    Lost,
    NotOffered,
    TooLarge,
    TransientError,
    http_error,
    retry_after,
    throttled,
)

from . import wire

REPORTS = "/reporting/reports"
REFUSED = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
ORDER_SECONDS = 30.0
"""How long to wait with the next order where Amazon does not say: its queue of reports is full."""
MEANINGS: dict[str, Callable[[], AdtallyError]] = {
    "not authorized to access scope": partial(
        DeniedError, "no access to this profile: is it in another region, or not shared with the user?"
    ),
    "kdp authors do not have access": partial(NotOffered, "authors may not use this product"),
    "not supported for report api in marketplace": partial(NotOffered, "not offered in this marketplace"),
    "not supported in this marketplace": partial(NotOffered, "not offered in this marketplace"),
    "must not exceed maximum range": partial(TooLarge, "too many days at once"),
}
"""By words of the refusal, in lower case."""


def to_error(answer: Answer) -> AdtallyError | None:
    """Our error for a refusal; a report that is ordered twice (425) is an answer and tells its id."""
    path = urlsplit(answer.url).path
    if answer.status == HTTPStatus.TOO_EARLY and path.endswith(REPORTS):
        return None
    error = http_error(answer)
    if error is None:
        return None
    told = answer.says(wire.Refusal) or wire.Refusal()
    words = told.detail or told.details or told.message
    if answer.status in REFUSED:
        error = next((means() for text, means in MEANINGS.items() if text in words.lower()), error)
    elif answer.status == HTTPStatus.NOT_FOUND and f"{REPORTS}/" in path:
        error = Lost("Amazon no longer knows the report")
    elif answer.status == HTTPStatus.NOT_FOUND and path.endswith("/invoices"):
        error = NotOffered("Amazon has no billing for this profile")
    elif answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = retry_after(answer.headers)
        is_order = wait is None and path.endswith(REPORTS)
        error = throttled("too many requests", ORDER_SECONDS if is_order else wait)
    if not isinstance(error, TransientError):
        error.quote(words)
    error.status, error.code = answer.status, told.code
    error.request_id = answer.headers.get("x-amz-request-id") or told.request_id
    return error
