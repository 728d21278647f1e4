"""What a refusal of the Pinterest API means for whoever asked.

Source: API v5, OpenAPI document 5.23.0, "Rate limits" of developers.pinterest.com, and the handling of public
clients (read 2026-11). A refusal is ``{"code", "message"}``. Code 2 means bad credentials with status 401 and
nothing there with 404: the status decides. Reports refuse too many questions with status 400, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlsplit

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

BUSY = 8
"""Too many requests, whatever the status."""
WAIT = re.compile(r"retry after (\d+(?:\.\d+)?) ?s", re.IGNORECASE)
LEADING = re.compile(r"\s*(\d+)")
BILLING = "/billing_"
SWITCHED_OFF = 4197

REFUSED = partial(ContractError, "Pinterest refuses the request")
OFF = partial(ContractError, "Pinterest has switched this off")
NO_FINANCES = partial(DeniedError, "no permission: the user needs billing:read and a role for finances")
MEANINGS: dict[tuple[int, int], Callable[..., AdtallyError]] = {
    (403, 2625): partial(DeniedError, "the account is disapproved"),
    (403, 2626): partial(DeniedError, "the account is under review"),
    (409, 4182): partial(NotOffered, "the account has no such thing"),
}
"""By status and code."""
BY_STATUS: dict[int, Callable[..., AdtallyError]] = {
    **dict.fromkeys((400, 405, 409, 410, 413, 415, 422), REFUSED),
    401: partial(AuthError, "the access token is not accepted: sign in again and replace the token"),
    403: partial(DeniedError, "no permission: the user needs ads:read and a role on this account"),
    404: partial(DeniedError, "Pinterest has no such thing, or does not show it to this user"),
}


def to_error(answer: Answer) -> AdtallyError | None:
    """Our error for a refusal, by its status and code; an answer of status 200 is good."""
    if answer.status < 400:
        return None
    status = answer.says(wire.Status) or wire.Status()
    error = _meaning(answer, status)
    error.quote(status.message)
    error.status, error.code = answer.status, str(status.code or "")
    return error


def seconds_until_reset(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by ``X-RateLimit-Reset``, which may list several limits, else by ``Retry-After``."""
    waits = [LEADING.match(part) for part in headers.get("X-RateLimit-Reset", "").split(",")]
    told = [float(found[1]) for found in waits if found]
    return max(told) if told else retry_after(headers)


def _meaning(answer: Answer, status: wire.Status) -> AdtallyError:
    told = WAIT.search(status.message)
    if answer.status == 429 or status.code == BUSY or told:
        return throttled("too many requests", float(told[1]) if told else seconds_until_reset(answer.headers))
    if answer.status > 504:  # a gateway's own numbers
        return TransientError("Pinterest's gateway failed")
    known = MEANINGS.get((answer.status, status.code)) or BY_STATUS.get(answer.status)
    if status.code == SWITCHED_OFF:
        known = OFF
    elif answer.status == 403 and BILLING in urlsplit(answer.url).path:
        known = NO_FINANCES
    return known() if known else http_error(answer) or REFUSED()
