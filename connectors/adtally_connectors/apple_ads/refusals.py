"""What a refusal of the Apple Ads Platform API means for whoever asked.

Source: Apple Ads Platform API 1.0, "ErrorResponse" and "Rate Limits" (read 2026-11). The HTTP status decides;
an ``error`` may also come with status 200, and then the answer is none.
"""

from __future__ import annotations

from collections.abc import Mapping

from adtally import (
    AdtallyError,
    Answer,
    AuthError,
    ContractError,
    DeniedError,
    NotOffered,
    TransientError,
    http_error,
    retry_after,
    throttled,
)

from . import wire

FEW_LEFT = 5
"""With fewer requests left, wait until Apple counts anew."""
LONGEST_WAIT = 900.0
"""Longer than a quarter of an hour is not waited for before Apple refuses."""
CLIENT_FAULTS = {"INVALID_ARGUMENT", "BAD_REQUEST"}
SIGN_IN = "the access token is not accepted: check client_id, team_id, key_id and private_key"
DENIED = "no role on this ad account, or an automated one, whose campaigns Apple does not tell"


def to_error(answer: Answer) -> AdtallyError | None:
    """Our error for a refusal, by its HTTP status; with status 200 by the code in ``error``."""
    told, status = _fault(answer), answer.status
    error = http_error(answer)
    if error is None and told is None:
        return None
    if error is None:
        refused = told is not None and told.code in CLIENT_FAULTS
        kind = ContractError if refused else TransientError
        error = kind("Apple refuses the request" if refused else "Apple answers only in part")
    elif status == 401:
        error = AuthError(SIGN_IN)
    elif status == 403:
        error = DeniedError(DENIED)
    elif status == 404 and told is not None:
        error = NotOffered("Apple knows no such object")
    elif status == 429:
        error = throttled("too many requests at once", _wait(answer.headers))
    elif status > 504:  # a gateway's own numbers
        error = TransientError("Apple's gateway failed")
    if told is not None:
        texts = dict.fromkeys([told.message, *(detail.message for detail in told.details or ())])
        error.quote(" ".join(filter(None, texts)))
        error.code = told.code
    error.status = status
    return error


def spent(headers: Mapping[str, str]) -> float:
    """Seconds to ask nothing, where hardly any request is left until Apple counts anew; else 0."""
    left, wait = _seconds(headers, "RateLimit-Remaining"), _seconds(headers, "RateLimit-Reset")
    if left is None or wait is None or left >= FEW_LEFT or wait > LONGEST_WAIT:
        return 0.0
    return wait


def _wait(headers: Mapping[str, str]) -> float | None:
    return retry_after(headers) or _seconds(headers, "RateLimit-Reset")


def _seconds(headers: Mapping[str, str], name: str) -> float | None:
    text = headers.get(name, "").strip()
    return float(text) if text.isascii() and text.isdigit() else None


def _fault(answer: Answer) -> wire.Fault | None:
    """What the answer says of its failure; None for a good one, a file or a proxy's page."""
    told = answer.says(wire.Refusal) or wire.Refusal()
    return told.error or (wire.Fault(told.code, told.message) if told.code else None)
