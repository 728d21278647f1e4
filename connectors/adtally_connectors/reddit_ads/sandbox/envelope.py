"""What every answer is wrapped in, pages that name the next one, and how refusals are written.

Source: Reddit Ads API v3, pagination, errors and rate limits as noted by clients of 2026; read 2026-11.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlencode

import msgspec

from adtally import world

MOUNT = "reddit_ads"
MOST_ROWS, SENT_ROWS, DEFAULT_ROWS = 1000, 40, 100
"""What a page may be asked for, what it holds at most, and what it is asked for unsaid."""
PAGE = ("page.size", "page.token")


class Refusal(Exception):
    """One error of the API: its HTTP status, what it says, and which field is wrong."""

    def __init__(self, status: int, message: str, field: str = "", headers: Mapping[str, str] | None = None):
        super().__init__(message)
        self.status, self.message, self.field, self.headers = status, message, field, headers


def refused(refusal: Refusal) -> world.Reply:
    names = {400: "Bad Request", 404: "Not Found"}
    error: dict[str, object] = {"message": refusal.message}
    if refusal.field:
        fields = [{"field": refusal.field, "message": refusal.message}]
        error = {"message": names.get(refusal.status, refusal.message), "fields": fields}
    return world.json_reply({"error": error}, status=refusal.status, headers=refusal.headers)


def invalid(field: str, message: str) -> Refusal:
    return Refusal(400, message, field)


def check_names(given: Mapping[str, object], known: Collection[str]) -> None:
    """Refuse a parameter that the endpoint does not have."""
    for name in sorted(given.keys() - set(known)):
        raise invalid(name, f"{name!r} is not a parameter.")


class Body(msgspec.Struct, forbid_unknown_fields=True):
    data: dict[str, object]


def sent(request: world.Request) -> dict[str, object]:
    """What stands in the ``data`` of a JSON body."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Refusal(400, "The body must be application/json.")
    try:
        return msgspec.json.decode(request.body, type=Body).data
    except msgspec.DecodeError as error:
        raise invalid("data", str(error)) from error


def page(
    rows: Sequence[object], request: world.Request, *, most: int = MOST_ROWS
) -> tuple[list[object], object]:
    """The rows of one page and the pagination; the next page answers the same body only."""
    given = request.query
    size, at = _size(given, most), _offset(given.get("page.token", ""), request)
    following: str | None = None
    if at + size < len(rows):
        others = {name: value for name, value in given.items() if name != "page.token"}
        query = urlencode({**others, "page.token": _token(at + size, request)})
        host = request.headers.get("host", "127.0.0.1")
        following = f"http://{host}/{MOUNT}{request.path}?{query}"
    return list(rows[at : at + size]), {"next_url": following, "previous_url": None}


def _size(given: Mapping[str, str], most: int) -> int:
    text = given.get("page.size", str(DEFAULT_ROWS))
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise invalid("page.size", f"must be between 1 and {most}.")
    return min(int(text), SENT_ROWS)


def _token(at: int, request: world.Request) -> str:
    asked = hashlib.blake2b(request.path.encode() + request.body, digest_size=6).hexdigest()
    return b64encode(f"{at}/{asked}".encode()).decode()


def _offset(token: str, request: world.Request) -> int:
    if not token:
        return 0
    try:
        at = int(b64decode(token, validate=True).partition(b"/")[0])
    except ValueError:
        at = -1
    if at < 1 or token != _token(at, request):
        raise invalid("page.token", "The page token does not belong to this request.")
    return at
