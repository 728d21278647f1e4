"""What a refusal of the Google Ads API means for whoever asked.

Source: the error enums of Google Ads API v26 (read 2026-11) and "Handle errors", "Manage data efficiently" in
its guides. A refusal is ``{"error": {...}}``, or the same inside a one-element array; its details hold one
``GoogleAdsFailure`` whose errors carry a code of the form ``{"authorizationError": "CUSTOMER_NOT_ENABLED"}``.
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
    QuotaError,
    TimedOut,
    TooLarge,
    TransientError,
    http_error,
    retry_after,
    throttled,
)

from . import wire

NO_INVOICES = "the account is not on monthly invoicing: Google offers no billing documents for it"
SIGN_IN = "the Google sign-in is no longer accepted: authorise again and replace refresh_token"
GATE = "the Google Cloud project may not read this: check its Google Ads API access level"

MEANINGS: dict[str, Callable[..., AdtallyError]] = {
    "authenticationError.OAUTH_TOKEN_EXPIRED": partial(AuthError, "the access token has expired"),
    "authenticationError.OAUTH_TOKEN_INVALID": partial(AuthError, "the access token is not valid"),
    "authenticationError.OAUTH_TOKEN_HEADER_INVALID": partial(AuthError, "the access token is not valid"),
    "authenticationError.OAUTH_TOKEN_REVOKED": partial(AuthError, SIGN_IN),
    "authenticationError.GOOGLE_ACCOUNT_DELETED": partial(AuthError, SIGN_IN),
    "authenticationError.NOT_ADS_USER": partial(
        AuthError, "this Google user has no Google Ads account: give it access or use another one"
    ),
    "authenticationError.TWO_STEP_VERIFICATION_NOT_ENROLLED": partial(
        AuthError, "this Google user must turn on 2-step verification"
    ),
    "authenticationError.CUSTOMER_NOT_FOUND": partial(DeniedError, "Google knows no such account"),
    "authenticationError.CLIENT_CUSTOMER_ID_INVALID": partial(DeniedError, "Google knows no such account"),
    "authorizationError.USER_PERMISSION_DENIED": partial(
        DeniedError,
        "no access to the account this way: set login_customer_id to the manager account that reaches it",
    ),
    "authorizationError.CUSTOMER_NOT_ENABLED": partial(
        NotOffered, "the account is cancelled or not yet enabled"
    ),
    "authorizationError.CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION": partial(AuthError, GATE),
    "authorizationError.DEVELOPER_TOKEN_NOT_APPROVED": partial(AuthError, GATE),
    "authorizationError.PROJECT_DISABLED": partial(AuthError, GATE),
    "authorizationError.METRIC_ACCESS_DENIED": partial(AuthError, GATE),
    "quotaError.RESOURCE_TEMPORARILY_EXHAUSTED": partial(TransientError, "too many requests at once"),
    "quotaError.RESOURCE_EXHAUSTED": partial(
        QuotaError, "the operations of the last 24 hours are used up: sync again later"
    ),
    # Only this kind of query is blocked, for 5 and for 30 minutes.
    "quotaError.EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION": partial(
        TransientError, "this query has used too much for the moment", retry_after=300.0
    ),
    "quotaError.EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION": partial(
        QuotaError,
        "this query has used too much for the half hour: sync again later",
        retry_after=1800.0,
        of_account=True,
    ),
    "internalError.INTERNAL_ERROR": partial(TransientError, "Google failed internally"),
    "internalError.TRANSIENT_ERROR": partial(TransientError, "Google failed for a moment"),
    "internalError.DEADLINE_EXCEEDED": partial(TimedOut, "Google took too long for this query"),
    "queryError.FILTER_HAS_TOO_MANY_VALUES": partial(TooLarge, "Google takes no filter on so many campaigns"),
    "requestError.UNSUPPORTED_VERSION": partial(
        ContractError, "this version of the Google Ads API is switched off: update adtally or set api_version"
    ),
    "queryError.REQUESTED_METRICS_FOR_MANAGER": partial(
        NotOffered, "a manager account has no numbers of its own"
    ),
    "dateRangeError.REQUESTED_DATE_GRANULARITY_NOT_SUPPORTED": partial(
        NotOffered, "Google keeps single days for 37 months only"
    ),
    "changeEventError.START_DATE_TOO_OLD": partial(NotOffered, "Google keeps changes for 30 days only"),
    "invoiceError.YEAR_MONTH_TOO_OLD": partial(NotOffered, "Google has no invoices from before 2019"),
    "invoiceError.NOT_INVOICED_CUSTOMER": partial(NotOffered, NO_INVOICES),
    "invoiceError.BILLING_SETUP_NOT_APPROVED": partial(NotOffered, NO_INVOICES),
    "invoiceError.BILLING_SETUP_NOT_ON_MONTHLY_INVOICING": partial(NotOffered, NO_INVOICES),
    "invoiceError.NON_SERVING_CUSTOMER": partial(NotOffered, "invoices are listed by serving accounts only"),
}


def to_error(answer: Answer) -> AdtallyError | None:
    """Our error for a refusal, by its first code with a known meaning, else by its HTTP status."""
    error = http_error(answer)
    if error is None:
        return None
    try:
        faults = _faults(answer)
    except ContractError:
        return error  # a proxy's page, or an answer of Google's front end: only the status says anything
    codes = [next((f"{kind}.{value}" for kind, value in fault.error_code.items()), "") for fault, _ in faults]
    code = next((code for code in codes if code in MEANINGS), codes[0] if codes else "")
    fault, request_id = faults[codes.index(code)] if faults else (wire.Fault(), "")
    if code in MEANINGS:
        error = MEANINGS[code]()
    else:
        error.quote(fault.message)
    if isinstance(error, TransientError):
        error = _waiting(error, fault.details.quota_error_details, retry_after(answer.headers))
    error.status, error.code = answer.status, code
    error.request_id = answer.headers.get("request-id") or request_id
    return error


def _waiting(error: TransientError, quota: wire.QuotaDetails, told: float | None) -> TransientError:
    """The error with the time to stay away, and with whose quota is gone: the account's or the project's."""
    delay = float(quota.retry_delay.removesuffix("s")) if quota.retry_delay else None
    error.retry_after = delay or error.retry_after or told
    if not isinstance(error, QuotaError) and error.retry_after:
        error = throttled(error.message, error.retry_after)
    if isinstance(error, QuotaError) and quota.rate_scope:
        error.of_account = quota.rate_scope == "ACCOUNT"
    return error


def _faults(answer: Answer) -> list[tuple[wire.Fault, str]]:
    """Every fault that the answer tells, with its request id; one without a code if it tells no more."""
    many = answer.body.lstrip().startswith(b"[")
    refusals = answer.decode(list[wire.Refusal]) if many else [answer.decode(wire.Refusal)]
    told = [
        (fault, failure.request_id)
        for refusal in refusals
        for failure in refusal.error.details
        for fault in failure.errors
    ]
    return told or [(wire.Fault(message=refusal.error.message), "") for refusal in refusals]
