"""What a refusal of Snapchat's Ads API means for whoever asked.

Source: developers.snap.com, Ads API v1, "Errors", "Rate Limits" (read 2026-11). A refusal is a JSON document
with ``error_code`` and ``debug_message``; one for too many requests has an empty body and names no wait, one
of a gateway is HTML.
"""

from __future__ import annotations

from adtally import (
    AdtallyError,
    Answer,
    ContractError,
    DeniedError,
    TooLarge,
    TransientError,
    http_error,
    retry_after,
    throttled,
)

from . import wire

HIDDEN = "Snapchat has no such thing, or does not show it to this member: check the member's roles"
NOT_SHOWN = {"E3002", "E3003"}
TOO_LONG = ("cannot query time intervals of more than", "range too long")
"""What it says of too many days at once."""


def to_error(answer: Answer) -> AdtallyError | None:
    """Our error for a refusal, by its code, else by the HTTP status; status 200 may hold one, too."""
    status = answer.says(wire.Status) or wire.Status()
    error = http_error(answer)
    if error is None and status.request_status.casefold() != "error":
        return None
    said = status.debug_message or status.display_message or ""
    if answer.status == 429:
        error = throttled("too many requests at once", retry_after(answer.headers))
    elif answer.status > 504:  # a gateway's own numbers
        error = TransientError("Snapchat's gateway failed")
    elif answer.status == 403 or status.error_code in NOT_SHOWN:
        error = DeniedError(HIDDEN)
    elif any(words in said for words in TOO_LONG):
        error = TooLarge("Snapchat does not answer for so many days")
    elif error is None or type(error) is ContractError:
        error = ContractError("Snapchat refuses the request")
    error.quote(said)
    error.status, error.code, error.request_id = answer.status, status.error_code or "", status.request_id
    return error
