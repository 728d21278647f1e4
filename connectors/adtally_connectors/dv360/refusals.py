"""What a refusal of the Display & Video 360 API or of the Bid Manager API means for whoever asked.

Source: "Errors" and "Limits" of both APIs, "Error model" of Google's APIs (read 2026-11). A refusal is
``{"error": {...}}`` with a status, in the older style with reasons. A limit of the day is refused with 403 or
429, and returns at midnight in California.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from adtally import (
    AdtallyError,
    Answer,
    AuthError,
    ContractError,
    DeniedError,
    Lost,
    NotOffered,
    TimedOut,
    TransientError,
    http_error,
    retry_after,
    throttled,
    until_midnight,
)

from . import wire

NOT_ENABLED = "the Google Cloud project has this API switched off: enable the APIs named in the documentation"
NO_SCOPE = "the Google sign-in lacks a scope: authorise again with both display-video scopes"
BUSY = "too many requests at once"
OF_THE_DAY = "the requests that Google allows the Cloud project in a day are used up"
RESETS_IN = "America/Los_Angeles"

SWITCHED_OFF = {"accessNotConfigured", "SERVICE_DISABLED"}
WITHOUT_SCOPE = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
OF_A_DAY = {"dailyLimitExceeded", "dailyLimitExceededUnreg", "quotaExceeded"}
OF_A_MOMENT = {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"}
A_DAY = re.compile(r"per[ _-]?day|daily", re.IGNORECASE)
METRIC = re.compile(r"METRIC_[A-Z0-9_]+")
REPORT = re.compile(r"/queries/[^/]+/reports/[^/]+$")
SAYS = "Google refuses the request"

BY_STATUS: dict[int, Callable[..., AdtallyError]] = {
    401: partial(AuthError, "the Google sign-in is not accepted"),
    403: partial(DeniedError, "no permission: give the Google user a role on this advertiser"),
    404: partial(NotOffered, "Google knows no such thing, or no such version of the API"),
    409: partial(TransientError, "Google had a conflict"),
    499: partial(TransientError, "Google broke off"),
    500: partial(TransientError, "Google failed internally"),
    502: partial(TransientError, "Google failed internally"),
    503: partial(TransientError, "Google is not available for a moment"),
    504: partial(TimedOut, "Google took too long"),
}


class Unfit(ContractError):
    """A report is refused for what it asks; ``metrics`` are those that the refusal names."""

    metrics: frozenset[str] = frozenset()


def to_error(answer: Answer, now: datetime) -> AdtallyError | None:
    """Our error for a refusal, by its reason, else by its HTTP status; ``now`` is when it came."""
    if http_error(answer) is None:
        return None
    told = answer.says(wire.Refusal)
    if told is None:
        return http_error(answer)  # a proxy's page: only the status says anything
    fault = told.error
    reasons = {one.reason for one in fault.errors} | {one.reason for one in fault.details}
    reasons.discard("")
    error = _meaning(answer, fault, reasons, now)
    error.quote(fault.message)
    error.status, error.code = answer.status, min(reasons, default=fault.status)
    return error


def _meaning(answer: Answer, fault: wire.Fault, reasons: set[str], now: datetime) -> AdtallyError:
    path, status = urlsplit(answer.url).path, answer.status
    if status == 429 or (status == 403 and reasons & (OF_A_DAY | OF_A_MOMENT)):
        return _limit(answer, fault, reasons, now)
    if reasons & SWITCHED_OFF:
        return AuthError(NOT_ENABLED)
    if reasons & WITHOUT_SCOPE:
        return AuthError(NO_SCOPE)
    if status == 404 and REPORT.search(path):
        return Lost("Google no longer knows the report")
    if status == 400 and "/queries" in path:
        error = Unfit(SAYS)
        error.metrics = frozenset(METRIC.findall(fault.message))
        return error
    return BY_STATUS.get(status, partial(TransientError if status > 500 else ContractError, SAYS))()


def _limit(answer: Answer, fault: wire.Fault, reasons: set[str], now: datetime) -> TransientError:
    names = [fault.message, *(text for one in fault.details for text in one.metadata.values())]
    if reasons & OF_A_DAY or any(map(A_DAY.search, names)):
        return throttled(OF_THE_DAY, until_midnight(now, RESETS_IN))
    return throttled(BUSY, _delay(fault.details) or retry_after(answer.headers))


def _delay(details: Iterable[wire.Detail]) -> float | None:
    """The seconds of ``"30s"``, if a detail tells some."""
    for one in details:
        try:
            return float(one.retry_delay.removesuffix("s"))
        except ValueError:
            continue
    return None
