"""What a refusal of Stripe's means for whoever asked.

Source: stripe-python 16.1.0, error classes and rules of retry; docs.stripe.com/rate-limits and /error-codes;
dj-stripe/dj-stripe pull request 1131 and stripe/stripe-node issue 2246 for what restricted keys are told
(read 2026-11). Messages quote a part of the key, which is taken out here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from adtally import (
    AdtallyError,
    Answer,
    AuthError,
    ContractError,
    DeniedError,
    TransientError,
    http_error,
    retry_after,
    throttled,
)

from . import wire

BUSY = ("rate_limit", "lock_timeout")
TOO_MANY, CONFLICT, LAST_KNOWN = 429, 409, 504
"""Beyond the last one are a gateway's own numbers."""
MEANINGS: dict[int, Callable[..., AdtallyError]] = {
    400: partial(ContractError, "Stripe refuses the request"),
    401: partial(AuthError, "Stripe does not accept the key: make a new restricted key, replace api_key"),
    402: partial(ContractError, "Stripe refuses the request"),
    403: partial(DeniedError, "the restricted key lacks a permission: add it in the Dashboard, read only"),
    404: partial(ContractError, "Stripe does not know this, or has it in the other mode, live or test"),
}
_KEY = re.compile(r"'?\b(?:rk|sk|pk|ek|mk)_[\w*\u2022.-]+'?|\S*[*\u2022]{2,}\S*")
_ACCOUNT = re.compile(r"\bacct_\w+")


def to_error(answer: Answer) -> AdtallyError | None:
    """Our error for a refusal, by status and code.

    An answer of status 200 that tells an error is one, too.
    """
    told = answer.says(wire.Refusal)
    if told is None and answer.status < 400:
        return None
    refusal = told.error if told else wire.Error()
    error = _meaning(answer, refusal)
    error.status, error.code = answer.status, refusal.code or ""
    error.request_id = answer.headers.get("Request-Id", "")
    error.quote(_KEY.sub("(left out)", refusal.message or ""))
    return error


def account_in(error: DeniedError) -> str:
    """The account of the key, which a refusal for want of a permission names; "" if it does not."""
    found = _ACCOUNT.search(error.message)
    return found[0] if found else ""


def _meaning(answer: Answer, refusal: wire.Error) -> AdtallyError:
    status, wait = answer.status, retry_after(answer.headers)
    if status == TOO_MANY or refusal.code in BUSY:
        return throttled("too many requests at once", wait)
    if status == CONFLICT or status > LAST_KNOWN or answer.headers.get("Stripe-Should-Retry") == "true":
        error: AdtallyError = TransientError("Stripe asks to try again")
    elif status in MEANINGS:
        error = MEANINGS[status]()
    else:
        error = http_error(answer) or ContractError("Stripe tells an error in a good answer")
    if isinstance(error, TransientError):
        error.retry_after = wait
    return error
