"""What every answer is wrapped in, how parameters are checked, and pages by cursor.

Source: developers.snap.com, Ads API v1, "Errors", "Pagination"; read 2026-11. Each item of a list has a
status of its own. The link to the next page is absolute: who follows it blindly leaves the sandbox.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlencode

from adtally import world

HOST = "https://adsapi.snapchat.com"
SORRY = "We're sorry, but the data provided in the request is incomplete or incorrect"


class Refusal(Exception):
    """One refusal by its HTTP status and code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def invalid(message: str) -> Refusal:
    return Refusal(400, "E1001", message)


def unsupported(message: str) -> Refusal:
    return Refusal(400, "E1008", f"Unsupported Stats Query: {message}")


def not_there() -> Refusal:
    """Missing or not permitted: Snapchat does not say which."""
    return Refusal(404, "E3003", "Resource can not be found")


def refused(refusal: Refusal, request_id: str) -> world.Reply:
    document = {
        "request_status": "ERROR",
        "request_id": request_id,
        "debug_message": refusal.message,
        "display_message": SORRY,
        "error_code": refusal.code,
    }
    return world.json_reply(document, status=refusal.status)


def check_names(given: Mapping[str, str], known: Collection[str], needed: Collection[str] = ()) -> None:
    """Refuse a parameter that the endpoint does not have, and the lack of one that it needs."""
    for name in sorted(given.keys() - set(known) - set(needed)):
        raise invalid(f"Unknown parameter: {name}")
    for name in needed:
        if not given.get(name):
            raise invalid(f"Missing parameter: {name}")


def flag(given: Mapping[str, str], name: str) -> bool:
    if given.get(name, "false") not in ("true", "false"):
        raise invalid(f"{name} must be true or false")
    return given.get(name) == "true"


def limit(given: Mapping[str, str], least: int, most: int) -> int:
    """How many rows a page may have; ``most`` where it is not said."""
    text = given.get("limit", str(most))
    if not text.isdigit() or not least <= int(text) <= most:
        raise invalid(f"limit must be between {least} and {most}")
    return int(text)


def page(
    rows: Sequence[object], path: str, given: Mapping[str, str], size: int
) -> tuple[Sequence[object], dict[str, str]]:
    """One page and its ``paging``: with a link to the next one, or empty."""
    start = _offset(given.get("cursor", ""), path)
    after = start + size
    if after >= len(rows):
        return rows[start:], {}
    cursor = base64.urlsafe_b64encode(f"{path}|{after}".encode()).decode()
    return rows[start:after], {"next_link": f"{HOST}{path}?{urlencode({'cursor': cursor, 'limit': size})}"}


def items(rows: Sequence[object], singular: str, status: str = "SUCCESS") -> list[dict[str, object]]:
    return [{"sub_request_status": status, singular: row} for row in rows]


def _offset(cursor: str, path: str) -> int:
    if not cursor:
        return 0
    try:
        of, _, start = base64.urlsafe_b64decode(cursor).decode().partition("|")
    except (binascii.Error, UnicodeDecodeError):
        raise invalid("cursor is not valid") from None
    if of != path or not start.isdigit():
        raise invalid("cursor is of another request")
    return int(start)
