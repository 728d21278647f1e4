"""What a refusal of the GA4 Data API means for whoever asked.

Source: the canonical error codes of Google's APIs, and the Data API's guide "Quotas" (read 2026-11). A
refusal is ``{"error": {...}}`` with a status. Quotas are counted by property, none comes with
``Retry-After``, and only the message says which one is gone; its words are not documented.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from adtally import (
    AdtallyError,
    Answer,
    AuthError,
    DeniedError,
    NotOffered,
    QuotaError,
    TransientError,
    http_error,
    retry_after,
    throttled,
    until_midnight,
)

from . import wire

PACIFIC = "America/Los_Angeles"
"""Where the midnight lies at which daily quotas begin anew."""
HOUR = 3600.0
EXHAUSTED = "RESOURCE_EXHAUSTED"

SAYS_SO, BEGINNING = b'"error"', 200
"""Only an answer that begins so is read a second time."""

FAILURES_IN_A_ROW = 3
"""GA4 counts its own failures: after ten in an hour it refuses everything that is asked of the property."""
FAILED = {500, 503}

SCOPE = "the sign-in lacks the scope analytics.readonly: authorise again for it"
SWITCHED_OFF = "the Google Cloud project may not use the Google Analytics Data API: enable it there"
MEANINGS: dict[str, Callable[..., AdtallyError]] = {
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": partial(AuthError, SCOPE),
    "SERVICE_DISABLED": partial(AuthError, SWITCHED_OFF),
    "UNAUTHENTICATED": partial(AuthError, "the access token is not accepted"),
    "PERMISSION_DENIED": partial(
        DeniedError, "no access: in GA4, give the service account's or user's e-mail Viewer on the property"
    ),
    "NOT_FOUND": partial(NotOffered, "GA4 knows no such property: correct property_ids"),
}


def to_error(answer: Answer) -> AdtallyError | None:
    """Our error for a refusal, by its first reason with a known meaning, else by its HTTP status."""
    error = http_error(answer)
    if error is None and SAYS_SO not in answer.body[:BEGINNING]:
        return None
    refusal = answer.says(wire.Refusal)
    if error is None and refusal is not None:
        error = TransientError("GA4 refuses within a good answer")
    if error is None:
        return None
    fault = refusal.error if refusal else wire.Fault()
    reasons = [*(one.reason for one in fault.details), fault.status]
    reason = next((one for one in reasons if one in MEANINGS), fault.status)
    if EXHAUSTED in reasons or answer.status == 429:
        error = _exhausted(fault.message.lower(), retry_after(answer.headers))
    elif reason in MEANINGS:
        error = MEANINGS[reason]()
    error.quote(fault.message)
    error.status, error.code = answer.status, reason
    return error


def _exhausted(message: str, told: float | None) -> TransientError:
    """The error for a quota, by the first word that tells which; an unknown one is asked again ever later."""
    if "day" in message or "daily" in message:  # before the hours, of which a day has 24
        wait = told or until_midnight(datetime.now(UTC), PACIFIC)
        text = "the property's quota of the day is used up until midnight Pacific time"
        return QuotaError(text, retry_after=wait, of_account=True)
    if "hour" in message:
        text = "the property's quota is used up for the hour: sync again later"
        return QuotaError(text, retry_after=told or HOUR, of_account=True)
    return throttled("too many requests at once", told, of_account=True)


class Failures:
    """How often in a row GA4 failed, by path: after three times the property is left alone for an hour."""

    def __init__(self) -> None:
        self._in_a_row: dict[str, int] = {}
        self._lock = threading.Lock()

    def judged(self, answer: Answer, error: AdtallyError | None) -> AdtallyError | None:
        """The same error, or the one by which the property is left alone."""
        with self._lock:
            count = self._in_a_row.get(answer.url, 0) + 1 if answer.status in FAILED else 0
            self._in_a_row[answer.url] = count
        if error is None or count < FAILURES_IN_A_ROW:
            return error
        text = f"GA4 failed {count} times in a row, and counts it: the property is left alone for an hour"
        left_alone = QuotaError(text, retry_after=HOUR, of_account=True)
        left_alone.status, left_alone.code = answer.status, error.code
        return left_alone
