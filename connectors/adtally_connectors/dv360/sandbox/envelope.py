"""How refusals are wrapped, how parameters and bodies are read, and how lists are paged.

Source: Display & Video 360 API v4 and Bid Manager API v2, their error model and lists; read 2026-11.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

import msgspec

from adtally import world

T = TypeVar("T")
USUAL_ROWS, SENT_ROWS = 100, 2
"""What a page holds if no size is asked for, and what it holds at most: Google may send less than asked."""
NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}


class Refusal(Exception):
    """One error of the API by its HTTP status."""

    def __init__(self, status: int, message: str, details: Sequence[Mapping[str, object]] = ()) -> None:
        super().__init__(message)
        self.status, self.message, self.details = status, message, list(details)


def refused(refusal: Refusal) -> world.Reply:
    error: dict[str, object] = {
        "code": refusal.status,
        "message": refusal.message,
        "status": NAMES[refusal.status],
    }
    if refusal.details:
        error["details"] = refusal.details
    return world.json_reply({"error": error}, status=refusal.status)


def denied() -> Refusal:
    return Refusal(403, "The caller does not have permission")


def check_names(given: Mapping[str, str], known: Collection[str]) -> None:
    """Refuse a parameter that the endpoint does not have."""
    for name in sorted(given.keys() - set(known)):
        raise Refusal(400, f'Unknown name "{name}": Cannot bind query parameter.')


def decoded(request: world.Request, shape: type[T]) -> T:
    """The JSON body; it may hold nothing unknown."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Refusal(400, "Invalid JSON payload received. The body must be application/json.")
    try:
        return msgspec.json.decode(request.body, type=shape)
    except msgspec.DecodeError as error:
        raise Refusal(400, f"Invalid JSON payload received. {error}") from error


def page(rows: Sequence[object], given: Mapping[str, str], *, key: str, most: int) -> world.Reply:
    """One page, and the token of the next one, which is good for the same filter alone; no list for none."""
    size = given.get("pageSize", str(USUAL_ROWS))
    if not size.isdigit() or not 1 <= int(size) <= most:
        raise Refusal(400, f"page_size must be between 1 and {most}.")
    mark = f"{key} {given.get('filter', '')} {given.get('issueMonth', '')} "
    at = _offset(given.get("pageToken", ""), mark, len(rows))
    end = at + min(int(size), SENT_ROWS)
    found: dict[str, object] = {}
    if rows:
        found[key] = rows[at:end]
    if end < len(rows):
        found["nextPageToken"] = base64.urlsafe_b64encode(f"{mark}{end}".encode()).decode()
    return world.json_reply(found)


def _offset(token: str, mark: str, rows: int) -> int:
    if not token:
        return 0
    try:
        text = base64.urlsafe_b64decode(token).decode()
        at = int(text.removeprefix(mark)) if text.startswith(mark) else -1
    except (ValueError, binascii.Error):
        at = -1
    if not 0 < at < rows:
        raise Refusal(400, "Page token is invalid.")
    return at
