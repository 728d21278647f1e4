"""What a refusal of the Bing Ads API means for whoever asked.

Source: API v13, "Operation Error Codes", "Handle Service Errors and Exceptions" (2024-11-06), fault models of
the SDK 13.0.30.1; read 2026-11. The code in the body counts: which HTTP status comes with it is not said.
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
    Lost,
    TooLarge,
    TransientError,
    http_error,
    retry_after,
    throttled,
)

from . import wire

SIGN_IN = "the access token or the developer token is not accepted: sign in again, and check developer_token"
WRONG_USER = "Microsoft does not let this user in: sign in with the identity that has the accounts"
NOT_YOURS = "no permission: the user does not reach this account"
LIMITS = {117: "too many calls in a minute", 207: "too many reports at once"}
LIMIT_SECONDS = 60.0
"""The window in which calls are counted; how long reports run is not known before."""

MEANINGS: dict[int, Callable[..., AdtallyError]] = {
    0: partial(TransientError, "Microsoft failed internally"),
    **dict.fromkeys((105, 109), partial(AuthError, SIGN_IN)),
    **dict.fromkeys((108, 120, 122, 123, 124, 125), partial(AuthError, WRONG_USER)),
    **dict.fromkeys((106, 208, 210, 2003), partial(DeniedError, NOT_YOURS)),
    2004: partial(TransientError, "Microsoft still counts these days"),
    **dict.fromkeys((2029, 2030), partial(TooLarge, "too many accounts or campaigns for one report")),
    **dict.fromkeys((2100, 2101), partial(Lost, "Microsoft no longer knows the report")),
}


def to_error(answer: Answer) -> AdtallyError | None:
    """Our error for a refusal, by the first code that says what to do, else by the HTTP status."""
    fault = answer.says(wire.Fault) or wire.Fault()
    problems = fault.problems
    if not problems:
        return http_error(answer)
    problem = next((one for one in problems if one.code in MEANINGS or one.code in LIMITS), problems[0])
    error = _meaning(problem, answer)
    error.quote(problem.message or problem.details or problem.detail or problem.error_code or "")
    error.status, error.code = answer.status, str(problem.code)
    error.request_id = fault.tracking_id or answer.headers.get("TrackingId", "")
    return error


def _meaning(problem: wire.Problem, answer: Answer) -> AdtallyError:
    if limit := LIMITS.get(problem.code):
        return throttled(limit, retry_after(answer.headers) or LIMIT_SECONDS)
    if problem.code in MEANINGS:
        return MEANINGS[problem.code]()
    by_status = http_error(answer)
    if by_status is None or isinstance(by_status, ContractError):
        return ContractError("Microsoft refuses the request")
    return by_status
