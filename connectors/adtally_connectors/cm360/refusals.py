"""What a refusal of the Campaign Manager 360 API means for whoever asked.

Source: its guides "Errors" and "Quotas" (read 2026-11). A refusal is ``{"error": {...}}`` with reasons; who
asks too fast or too often is refused with HTTP 403, as is who lacks permission: only the reason tells.
"""

from __future__ import annotations

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
TOO_FAST = {"userRateLimitExceeded", "rateLimitExceeded"}
USED_UP = {"dailyLimitExceeded", "quotaExceeded"}
CONFLICT, CANCELLED = 409, 499

SCOPES = "the sign-in lacks a scope: authorise again for dfareporting and dfatrafficking"
SWITCHED_OFF = "the Google Cloud project may not use the Campaign Manager 360 API: enable it there"
UNKNOWN = partial(NotOffered, "CM360 knows no such object")
MEANINGS: dict[str, Callable[..., AdtallyError]] = {
    "authError": partial(AuthError, "the access token is not accepted"),
    "forbidden": partial(DeniedError, "no permission: the user profile may not read this"),
    "insufficientPermissions": partial(AuthError, SCOPES),
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": partial(AuthError, SCOPES),
    "accessNotConfigured": partial(AuthError, SWITCHED_OFF),
    "SERVICE_DISABLED": partial(AuthError, SWITCHED_OFF),
    "notFound": UNKNOWN,
    "NOT_FOUND": UNKNOWN,
}


def to_error(answer: Answer) -> AdtallyError | None:
    """Our error for a refusal, by its first reason with a known meaning, else by its HTTP status."""
    error = http_error(answer)
    if error is None:
        return None
    refusal = answer.says(wire.Refusal)
    fault = refusal.error if refusal else wire.Fault()
    reasons = [one.reason for one in (*fault.errors, *fault.details)] + [fault.status]
    known = TOO_FAST | USED_UP | MEANINGS.keys()
    reason = next((one for one in reasons if one in known), reasons[0])
    if reason in TOO_FAST:
        error = throttled("too many requests at once", retry_after(answer.headers))
    elif reason in USED_UP:
        wait = until_midnight(datetime.now(UTC), PACIFIC)
        error = QuotaError("the day's quota is used up until midnight Pacific time", retry_after=wait)
    elif reason in MEANINGS:
        error = MEANINGS[reason]()
    elif answer.status in (CONFLICT, CANCELLED):
        error = TransientError("CM360 broke the request off")
    error.quote(fault.message)
    error.status, error.code = answer.status, reason
    return error
