"""What a refusal of the LinkedIn Marketing API means for whoever asked.

Source: LinkedIn Marketing API 202607, "Error handling", "Rate limits", "Versioning" (views of 2026, read
2026-11). LinkedIn says in words alone which limit is hit, and never for how long: quotas of a day return at
midnight UTC, the metric values of five minutes when these are over.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from adtally import (
    AdtallyError,
    Answer,
    AuthError,
    ContractError,
    DeniedError,
    TransientError,
    day_start,
    http_error,
    retry_after,
    throttled,
)

from . import wire

VALUES_SECONDS = 330.0
"""The five minutes in which metric values are counted, and some more."""
FRESH_SECONDS = 30.0
"""How long a new access token may be refused."""


def to_error(answer: Answer, now: datetime) -> AdtallyError | None:
    """Our error for a refusal by its HTTP status, and for a limit by what LinkedIn says."""
    error = http_error(answer)
    if error is None:
        return None
    told = answer.says(wire.Refusal) or wire.Refusal()
    match answer.status:
        case 401:
            error = AuthError("LinkedIn does not accept the access token: sign in again and replace it")
        case 403:
            error = DeniedError("no permission: the member lacks a role on this account, or the app a scope")
        case 404 if told.code == "NOT_FOUND":
            error = DeniedError("LinkedIn shows this member no such account")
        case 426:
            error = ContractError(
                "LinkedIn has switched off this version of its API: update adtally or set api_version"
            )
        case 429:
            error = _limit(told.message or "", now, retry_after(answer.headers))
        case status if status > 504:  # a gateway's own numbers
            error = TransientError("LinkedIn's gateway failed")
        case _:
            pass
    error.quote(told.message or "")
    error.status = answer.status
    error.code = str(told.code or told.service_error_code or "")
    error.request_id = answer.headers.get("x-li-uuid") or answer.headers.get("x-li-request-id") or ""
    return error


def not_yet(refused: AdtallyError) -> TransientError:
    """A token that was only just made is not known everywhere: ask again with the same one."""
    return TransientError(
        "LinkedIn does not know the new access token yet",
        retry_after=FRESH_SECONDS,
        status=refused.status,
        code=refused.code,
        request_id=refused.request_id,
    )


def _limit(message: str, now: datetime, told: float | None) -> TransientError:
    if " DAY " in f" {message} ":
        midnight = day_start((now + timedelta(days=1)).astimezone(UTC).date(), "UTC")
        return throttled("the calls of this day are used up", (midnight - now).total_seconds())
    if "45 million" in message.lower():
        return throttled("too many metric values in five minutes", VALUES_SECONDS)
    return throttled("too many requests at once", told)
