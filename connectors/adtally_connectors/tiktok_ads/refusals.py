"""What a refusal of the TikTok API for Business means for whoever asked.

Source: API v1.3, "Appendix - Return Codes" as quoted in public clients (read 2026-11). Nearly every refusal
comes with HTTP status 200: what counts is ``code`` in the body of the answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from adtally import (
    AdtallyError,
    Answer,
    AuthError,
    ContractError,
    DeniedError,
    NotOffered,
    TimedOut,
    TransientError,
    http_error,
    retry_after,
    throttled,
)

from . import wire

log = logging.getLogger(__name__)

SIGN_IN = "the access token is not accepted: authorise the app again and replace access_token"
BUSY = "too many requests at once"
RESTRICTED_SECONDS = 300.0
"""How long to leave TikTok alone after it says that the app is restricted for a while."""

PARTLY = 20001
APP_LIMITS = {"40016", "40100"}
"""Refusals that concern every request of the app."""
OF_ACCOUNT = 40133
SLOW = {50000, 50002}
"""What TikTok says instead of an answer for too many days, too."""
REPORT = "/report/integrated/get/"

MEANINGS: dict[int, Callable[..., AdtallyError]] = {
    PARTLY: partial(TransientError, "TikTok answered only a part"),
    40001: partial(DeniedError, "no permission: the user or the app lacks access to this account or scope"),
    40002: partial(ContractError, "TikTok takes a parameter for wrong"),
    40007: partial(NotOffered, "TikTok knows no such object"),
    **dict.fromkeys((40016, 40100, 40132, 40133), partial(TransientError, BUSY)),
    40101: partial(AuthError, "TikTok does not accept app_id and app_secret: correct them"),
    **dict.fromkeys((40102, 40104, 40105, 40106, 40110), partial(AuthError, SIGN_IN)),
    **dict.fromkeys((40200, 40201, 40202), partial(TransientError, "TikTok failed with the task")),
    40700: partial(TransientError, "TikTok failed to check the request"),
}


def to_error(answer: Answer) -> AdtallyError | None:
    """Our error for a refusal, by the code in the body, else by the HTTP status."""
    status = answer.says(wire.Status) or wire.Status()
    if not status.code:
        if answer.status > 504:  # a gateway's own numbers
            return TransientError("TikTok's gateway failed", status=answer.status)
        return http_error(answer)
    path = urlsplit(answer.url).path
    if status.code == PARTLY and path.endswith("/advertiser/info/"):
        log.warning("tiktok_ads: some accounts are not told: %s", status.message)
        return None
    is_slow = status.code in SLOW and path.endswith(REPORT)
    failed = partial(TimedOut if is_slow else TransientError, "TikTok failed internally")
    refused = partial(ContractError, "TikTok refuses the request")
    error = MEANINGS.get(status.code, failed if status.code // 10_000 == 5 else refused)()
    error.quote(status.message)
    if isinstance(error, TransientError):
        restricted = "temporarily restricted" in status.message.lower()
        wait = retry_after(answer.headers) or (RESTRICTED_SECONDS if restricted else None)
        error.retry_after = wait
        if type(error) is TransientError:
            error = throttled(error.message, wait, of_account=status.code == OF_ACCOUNT)
    error.status, error.code, error.request_id = answer.status, str(status.code), status.request_id
    return error
