"""What a refusal of the Admin API means for whoever asked.

Source: Shopify GraphQL Admin API, guides "Response codes" and "API limits" (read 2026-11). Most refusals come
with HTTP status 200 and ``errors``, also beside data: then a part is missing, and nothing of it is used.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from adtally import (
    AdtallyError,
    Answer,
    AuthError,
    ContractError,
    DeniedError,
    TimedOut,
    TransientError,
    http_error,
    retry_after,
    throttled,
)

from . import wire

BUSY = "too many requests at once"
LAST_OWN = 504
"""Above it are the numbers of gateways."""


class TooCostly(ContractError):
    """One query costs more points than Shopify allows: ask for fewer rows."""


DENIED = partial(
    DeniedError,
    "the app may not read this: grant it read_orders and access to protected customer data (level 1)",
)
BY_CODE: dict[str, Callable[..., AdtallyError]] = {
    "ACCESS_DENIED": DENIED,
    "MAX_COST_EXCEEDED": partial(TooCostly, "one query costs too many points"),
    "INTERNAL_SERVER_ERROR": partial(TransientError, "Shopify failed internally"),
    "TIMEOUT": partial(TimedOut, "Shopify did not answer in time"),
    "SHOP_INACTIVE": partial(DeniedError, "the shop is closed or frozen"),
}
BY_STATUS: dict[int, Callable[..., AdtallyError]] = {
    401: partial(
        AuthError, "the access token is not accepted: install the app in the shop again, renew the token"
    ),
    402: partial(DeniedError, "the shop is frozen: its owner has to pay Shopify's bill"),
    403: DENIED,
    404: partial(AuthError, "no such shop, or no such version of the API: correct shop or api_version"),
    423: partial(DeniedError, "the shop is locked: ask Shopify's support"),
    430: partial(TransientError, "Shopify takes the request for an attack"),
}


def to_error(answer: Answer) -> AdtallyError | None:
    """Our error for a refusal, by the first code that is known, else by the HTTP status."""
    refusal = answer.says(wire.Refusal) or wire.Refusal()
    faults = refusal.errors if isinstance(refusal.errors, list) else []
    if not faults:
        return _by_status(answer, refusal.errors if isinstance(refusal.errors, str) else "")
    known = [fault for fault in faults if fault.extensions.code in {*BY_CODE, "THROTTLED"}]
    fault = (known or faults)[0]
    code = fault.extensions.code
    if code == "THROTTLED":
        error: AdtallyError = throttled(BUSY, wait(refusal.extensions) or retry_after(answer.headers))
    elif code in BY_CODE:
        error = BY_CODE[code]()
    else:
        error = _by_status(answer, "") or ContractError("Shopify refuses the query")
    error.quote(fault.message)
    error.status, error.code, error.request_id = answer.status, code, fault.extensions.request_id
    return error


def wait(extensions: wire.Extensions | None) -> float | None:
    """Seconds until the bucket holds what the last query asked for; None where it does, or is not told."""
    cost = extensions.cost if extensions else None
    bucket = cost.throttle_status if cost else None
    if cost is None or bucket is None or bucket.restore_rate <= 0:
        return None
    lacking = cost.requested_query_cost - bucket.currently_available
    return float(math.ceil(lacking / bucket.restore_rate)) if lacking > 0 else None


def _by_status(answer: Answer, said: str) -> AdtallyError | None:
    error = http_error(answer)
    if error is None:
        return None
    if answer.status in BY_STATUS:
        error = BY_STATUS[answer.status]()
    elif answer.status > LAST_OWN:
        error = TransientError("Shopify's gateway failed")
    if isinstance(error, TransientError) and not isinstance(error, TimedOut):
        error = throttled(error.message, retry_after(answer.headers))
    error.quote(said)
    error.status = answer.status
    error.request_id = answer.headers.get("X-Request-Id", "")[:100]
    return error
