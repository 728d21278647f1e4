"""What a refusal of AppsFlyer means for whoever asked.

Source: published OpenAPI documents "Master API" and "Aggregate Pull API V2 token", "Report generation quotas"
(read 2026-11). A used-up quota comes as 400, a wrong parameter of the Master API as 403 or 416, a wrong token
as 401 or 404; and a message may stand in JSON, in plain text, in an older shape even in a good answer.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlsplit

import msgspec

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
    until_midnight,
)

from . import queries, wire

SIGN_IN = (
    "the API token is not accepted: an admin copies a V2 token from the dashboard; "
    "those from before 10 March 2026 were revoked"
)
NO_APP = "AppsFlyer knows no such app for this token: check app_ids and api_token"
NO_MASTER = f"{NO_APP}; if the plan has no Master API, set master_api = false"
LIMITS = ("limit reached", "call limit has been reached")
SHORT = 2
"""Ranges of so many days have a limit by the minute, longer ones by the day (UTC)."""
A_MINUTE = 60.0
FIELDS, UTC_ONLY = "Wrong API Fields", "UTC only"
TOO_MANY_ROWS, NARROWER = "other reason", "something went wrong"


def to_error(answer: Answer) -> AdtallyError | None:
    """Our error for a refusal, by its message where that is known, else by its HTTP status."""
    refusal = _said(answer)
    if any(limit in refusal.message[:200].lower() for limit in LIMITS):
        error: AdtallyError | None = _quota(answer)
    else:
        error = _by_status(answer, refusal.message)
    if error is not None:
        error.quote(refusal.message)
        error.status, error.request_id = answer.status, refusal.request_id or ""
    return error


def _by_status(answer: Answer, message: str) -> AdtallyError | None:
    path = urlsplit(answer.url).path
    is_named = message and not message.lower().startswith("not authorized")
    match answer.status:
        case 401:
            return AuthError(SIGN_IN)
        case 404 if queries.APPS in path:
            return AuthError(SIGN_IN)
        case 403 if is_named:
            return ContractError("AppsFlyer takes the request for wrong")
        case 403 | 404:
            may_lack = answer.status == 404 and queries.MASTER in path
            return DeniedError(NO_MASTER if may_lack else NO_APP)
        case 416:
            return _out_of_range(answer, message.lower())
        case _:
            return http_error(answer)


def _out_of_range(answer: Answer, message: str) -> AdtallyError:
    """Of the Master API: too much, days before the app had its time zone, or a wrong question."""
    if TOO_MANY_ROWS in message:
        return TooLarge("the report has more than 200,000 rows")
    if NARROWER in message:
        return TimedOut("AppsFlyer failed with the report", retry_after=A_MINUTE)
    if UTC_ONLY.lower() in message:
        told = "AppsFlyer has these days by UTC only: they lie before the app's time zone was set"
        return TooLarge(told) if _days(answer.url) > 1 else NotOffered(told, code=UTC_ONLY)
    code = FIELDS if FIELDS.lower() in message else ""
    return ContractError("AppsFlyer refuses the request", code=code)


def _quota(answer: Answer) -> TransientError:
    if 0 < _days(answer.url) <= SHORT:
        return TransientError("AppsFlyer allows one such report a minute", retry_after=A_MINUTE)
    wait = until_midnight(datetime.now(UTC), "UTC")
    of_app = queries.PULL in answer.url
    return QuotaError("the day's reports are used up until midnight UTC", retry_after=wait, of_account=of_app)


def _days(url: str) -> int:
    """How many days were asked for; 0 if none."""
    asked = dict(parse_qsl(urlsplit(url).query))
    try:
        first, last = date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])
    except (KeyError, ValueError):
        return 0
    return (last - first).days + 1


def _said(answer: Answer) -> wire.Refusal:
    """The message of a refusal: in an object, as text in JSON, or as plain text; none of a page.

    A good answer has one only where it begins with it.
    """
    body = answer.body[:2000].strip()
    if answer.status < 400 and not body[:40].lower().startswith((b"limit reached", b'"limit', b'{"message"')):
        return wire.Refusal()
    if body[:1] == b"{":
        return answer.says(wire.Refusal) or wire.Refusal()
    if body[:1] in (b"<", b"["):
        return wire.Refusal()
    try:
        return wire.Refusal(msgspec.json.decode(body, type=str))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return wire.Refusal(body.decode(errors="replace"))
