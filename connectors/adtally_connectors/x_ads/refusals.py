"""What a refusal of the X Ads API means for whoever asked.

Source: X Ads API v12, "Error Codes & Responses", "Rate Limiting" (snapshot of 2026-08-22; read 2026-11). The
code in the body decides, where there is one that is known; gateways write numbers, HTML or nothing. Too many
jobs are told with HTTP status 400 and stand in no list (xdevplatform/twitter-python-ads-sdk, issue 242).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial

from adtally import (
    AdtallyError,
    Answer,
    AuthError,
    ContractError,
    DeniedError,
    NotOffered,
    TooLarge,
    TransientError,
    http_error,
    retry_after,
    throttled,
)

from . import wire

BUSY = ("TOO_MANY_REQUESTS", "88")
TOO_MANY_JOBS, JOB_SECONDS = "TOO_MANY_JOBS", 30.0
"""How long to wait for some of the jobs that X works on to end."""
UNSIGNED = ("UNAUTHORIZED_ACCESS", "32", "89", "135", "215")
SKEW_SECONDS = 300
"""X takes no request whose timestamp is further off."""

MEANINGS: dict[str, Callable[..., AdtallyError]] = {
    **dict.fromkeys(("INVALID_TIME_WINDOW", "REQUEST_TOO_COMPLEX"), partial(TooLarge, "X asks for less")),
    **dict.fromkeys(
        ("INVALID_ACCOUNT_SERVICE_LEVEL", "FEATURE_NOT_AVAILABLE"),
        partial(NotOffered, "X does not offer this to the account"),
    ),
    **dict.fromkeys(
        (
            *("UNAUTHORIZED_CLIENT_APPLICATION", "READONLY_CLIENT_APPLICATION"),
            *("CURRENT_USER_SUSPENDED",),
        ),
        partial(AuthError, "X lets this app or user nowhere in: have the app approved for the Ads API"),
    ),
    **dict.fromkeys(
        (
            *("ACCOUNT_NOT_FOUND", "ACCOUNT_LOCKED_OUT", "ACTION_NOT_ALLOWED"),
            *("FUNDING_INSTRUMENT_ACCESS_NOT_ALLOWED",),
        ),
        partial(DeniedError, "no permission: the user has no role on this account that lets it read"),
    ),
    **dict.fromkeys(
        ("CANCELLED_REQUEST", "LOCK_ACQUISITION_TIMEOUT", "INTERNAL_ERROR", "131"),
        partial(TransientError, "X failed with the request"),
    ),
    **dict.fromkeys(
        ("SERVICE_UNAVAILABLE", "OVER_CAPACITY", "130"), partial(TransientError, "X is over capacity")
    ),
}


def to_error(answer: Answer) -> AdtallyError | None:
    """Our error for a refusal, by the code in the body, else by the HTTP status.

    An answer of status 200 that tells errors is one, too: it holds a part at most.
    """
    refusal = _refusal(answer)
    if refusal is None and answer.status < 400:
        return None
    code = str(refusal.code) if refusal else ""
    error = _meaning(answer, code)
    if refusal and refusal.message:
        about = f" {refusal.parameter}:" if refusal.parameter else ""
        error.message = f"{error.message}:{about} {' '.join(refusal.message.split())[:300]}"
    error.status, error.code = answer.status, code
    return error


def seconds_until_reset(headers: Mapping[str, str]) -> float | None:
    """Seconds until a limit is whole again; the account's own limit wins over the user's."""
    for name in ("x-account-rate-limit-reset", "x-rate-limit-reset"):
        text = headers.get(name, "").strip()
        if text.isascii() and text.isdigit():
            return max(0.0, int(text) - datetime.now(UTC).timestamp())
    return None


def _meaning(answer: Answer, code: str) -> AdtallyError:
    wait = retry_after(answer.headers)
    if code in BUSY or answer.status == 429:
        of_account = "x-account-rate-limit-reset" in answer.headers
        reset = seconds_until_reset(answer.headers)
        return throttled("too many requests at once", wait if reset is None else reset, of_account=of_account)
    if code == TOO_MANY_JOBS:
        return TransientError("X works on too many reports of this account", retry_after=JOB_SECONDS)
    if code in UNSIGNED or answer.status == 401:
        return AuthError(f"X does not accept the signature: {_advice(answer)}")
    if known := MEANINGS.get(code):
        error = known()
    elif answer.status > 504:  # a gateway's own numbers
        error = TransientError("X's gateway failed")
    elif code:
        error = http_error(answer) or TransientError("X answered only a part")
    else:
        error = http_error(answer) or ContractError("X refuses the request")
    if isinstance(error, TransientError):
        error.retry_after = wait
    return error


def _advice(answer: Answer) -> str:
    """What to do about a signature: this machine's clock may be wrong, else the keys are."""
    try:
        told = parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError:
        told = None
    if told is not None and told.tzinfo is not None:
        off = (datetime.now(UTC) - told).total_seconds()
        if abs(off) > SKEW_SECONDS:
            return f"this machine's clock is {off:+.0f} seconds off"
    return "authorise the app again and replace the keys and tokens"


def _refusal(answer: Answer) -> wire.Refusal | None:
    """The first error that the answer tells of; none, where it is a file or a proxy's page."""
    told = answer.says(wire.Refusals)
    return told.errors[0] if told and told.errors else None
