"""What a refusal of the Reddit Ads API means for whoever asked.

Source: Reddit Ads API v3, statuses and bodies as noted by clients of 2026 (read 2026-11). The HTTP status
decides; the body says why, in one of several shapes.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from adtally import (
    AdtallyError,
    Answer,
    AuthError,
    ContractError,
    DeniedError,
    TimedOut,
    TooLarge,
    TransientError,
    http_error,
    retry_after,
    throttled,
)

from . import wire
from .limits import seconds_to_wait

REPORTS = "/reports"


def to_error(answer: Answer) -> AdtallyError | None:
    """Our error for a refusal, by its HTTP status; also for an answer that reports a failure as a success."""
    said = _said(answer)
    if answer.status < 400 and not said:
        return None
    error = _meaning(answer)
    if said:
        error.message = f"{error.message}: {' '.join(said.split())[:300]}"
    error.status = answer.status
    return error


def _meaning(answer: Answer) -> AdtallyError:
    status = answer.status
    if status < 400:
        return TransientError("Reddit answered only a part")
    if status == 429:
        wait = seconds_to_wait(answer.headers) or retry_after(answer.headers)
        return throttled("too many requests at once", wait)
    if status >= 500 and urlsplit(answer.url).path.endswith(REPORTS):
        return TimedOut("Reddit failed to make the report")
    if status > 504:  # a gateway's own numbers
        return TransientError("Reddit's gateway failed")
    meanings: dict[int, AdtallyError] = {
        400: ContractError("Reddit takes a part of the request for wrong"),
        401: AuthError("the access token is not accepted: sign in again and replace refresh_token"),
        403: DeniedError(
            "no permission: the scope adsread or a role on the account is missing, "
            "or Reddit refuses user_agent"
        ),
        404: ContractError("Reddit knows no such object or path"),
        410: ContractError("this version of the API is switched off: update adtally or set api_version"),
        413: TooLarge("Reddit finds this too much for one answer"),
    }
    return meanings.get(status) or http_error(answer) or ContractError("Reddit refuses the request")


def _said(answer: Answer) -> str:
    """What the answer says of a failure; nothing, where it is a good answer or a proxy's page."""
    told = answer.says(wire.Refusal)
    if told is None:
        return ""
    faults = [told.error, *(told.errors or ())]
    said = "; ".join(filter(None, map(_words, faults)))
    return said or (told.message or "" if answer.status >= 400 else "")


def _words(fault: wire.Fault | str | int | None) -> str:
    """What a fault says in words; a number only repeats the status."""
    if not isinstance(fault, wire.Fault):
        return fault if isinstance(fault, str) else ""
    parts = (f"{part.field}: {part.message}" for part in fault.fields or ())
    return " ".join([fault.message, *parts])
