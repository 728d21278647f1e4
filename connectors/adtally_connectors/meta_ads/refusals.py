"""What a refusal of the Marketing API means for whoever asked.

Source: "Insights API error codes" (2026-05-21), "Error reference" (2025-12-11). A refusal is
``{"error": {...}}`` with HTTP 400, 401, 403 or 500, also where a limit is hit; its code and subcode decide.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from adtally import (
    AdtallyError,
    Answer,
    AuthError,
    ContractError,
    DeniedError,
    NotOffered,
    TimedOut,
    TooLarge,
    TransientError,
    http_error,
    retry_after,
    throttled,
)

from . import wire
from .usage import seconds_to_regain

UNKNOWN = "1"
NO_OBJECT = "100/33"

OF_APP = frozenset({4, 32, 341})
OF_ACCOUNT = frozenset({17, 613, 80000, 80001, 80002, 80003, 80004, 80005, 80006, 80008, 80009, 80014})
"""Limits that are hit: of the app (or page), and of one ad account."""
LIMIT_SECONDS = 60.0
"""A quota that returns later than this is not waited for: the next sync asks again."""

REDUCE = "reduce the amount of data"
SPURIOUS = "in summary param because they weren't there while creating the report run"

TOO_MUCH = partial(TooLarge, "Meta finds this too much data for one answer")
TOO_SLOW = partial(TooLarge, "Meta took too long for this question")
LOG_IN = partial(AuthError, "the access token is no longer accepted: log in again and replace access_token")
NOT_ALLOWED = partial(
    DeniedError,
    "the access token has no permission for this: grant ads_read, for invoices business_management",
)

MEANINGS: dict[str, Callable[..., AdtallyError]] = {
    UNKNOWN: partial(TransientError, "Meta failed for an unknown reason"),
    "2": partial(TransientError, "Meta failed for a moment"),
    "2/1504038": TOO_SLOW,
    "100/1504018": TOO_SLOW,
    "2/1504041": partial(ContractError, "Meta does not know this breakdown"),
    "2/1504042": partial(ContractError, "Meta does not know this metric"),
    # An unknown failure of a synchronous question, which an asynchronous one may survive.
    "2/1504044": partial(TimedOut, "Meta failed for an unknown reason"),
    NO_OBJECT: partial(DeniedError, "Meta knows no such object, or the access token may not read it"),
    "100/1487534": TOO_MUCH,
    "102": LOG_IN,
    "190": LOG_IN,
    "104": partial(AuthError, "app_secret does not belong to the app of access_token"),
    "10": NOT_ALLOWED,
    "294": NOT_ALLOWED,
    "368": partial(DeniedError, "Meta blocks this for reasons of policy: see the account's support inbox"),
    "2635": partial(
        ContractError, "this version of the Marketing API is switched off: update adtally or set api_version"
    ),
    "3018": partial(NotOffered, "Meta keeps insights for 37 months only"),
}


def to_error(answer: Answer) -> AdtallyError | None:
    """Our error for a refusal, by its subcode, else its code, else its HTTP status."""
    error = http_error(answer)
    if error is None:
        return None
    told = answer.says(wire.Refusal)
    if told is None:
        return error  # a proxy's page: only the status says anything
    fault = told.error
    known = _meaning(answer, fault)
    if known is not None and not (isinstance(error, TimedOut) and type(known) is TransientError):
        error = known
    else:
        error.quote(fault.message)
    error.status, error.request_id = answer.status, fault.fbtrace_id
    error.code = _code(fault)
    return error


def _meaning(answer: Answer, fault: wire.Fault) -> AdtallyError | None:
    if fault.code in OF_APP | OF_ACCOUNT:
        return _limit(answer, of_account=fault.code in OF_ACCOUNT)
    if REDUCE in fault.message:
        return TOO_MUCH()
    if SPURIOUS in fault.message:
        return TransientError("Meta does not have the report at hand yet")
    if 200 <= fault.code <= 299:
        return NOT_ALLOWED()
    meaning = MEANINGS.get(_code(fault)) or MEANINGS.get(str(fault.code))
    if meaning is None and fault.is_transient:
        return TransientError("Meta failed for a moment", retry_after=retry_after(answer.headers))
    return meaning() if meaning else None


def _limit(answer: Answer, *, of_account: bool) -> TransientError:
    """A limit that is hit: how long to stay away, in seconds."""
    wait = seconds_to_regain(answer.headers)
    if wait is None:
        wait = retry_after(answer.headers) or LIMIT_SECONDS
    whose = "Meta's hourly limit for the account" if of_account else "Meta's hourly limit for the app"
    return throttled(f"{whose} is used up", wait, of_account=of_account)


def _code(fault: wire.Fault) -> str:
    return f"{fault.code}/{fault.error_subcode}" if fault.error_subcode else str(fault.code)
