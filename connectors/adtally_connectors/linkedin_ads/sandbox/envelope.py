"""How answers and refusals are wrapped, and how lists come in pages.

Source: "Error handling" and "Cursor-based pagination" of the LinkedIn Marketing API 202607; read 2026-11. A
page holds fewer elements than were asked for, and yet another one follows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from adtally import world

SENT = 3
"""What a page holds at most, whatever was asked for."""


class Refusal(Exception):
    """One error of the API."""

    def __init__(self, status: int, code: str, message: str, service: int = 100) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.service = status, code, message, service


def refused(refusal: Refusal, request_id: str) -> world.Reply:
    document = {
        "status": refusal.status,
        "serviceErrorCode": refusal.service,
        "code": refusal.code,
        "message": refusal.message,
    }
    return world.json_reply(document, status=refusal.status, headers={"x-li-uuid": request_id})


def invalid(message: str) -> Refusal:
    return Refusal(400, "FIELD_INVALID", message)


def denied(what: str) -> Refusal:
    return Refusal(403, "NO_PERMISSION_ON_ENTITY", f"Not enough permissions to access: {what}")


def check_names(given: Mapping[str, str], known: Collection[str], needed: Collection[str] = ()) -> None:
    """Refuse a parameter that the finder does not have, and the lack of one that it needs."""
    for name in sorted(given.keys() - set(known) - set(needed)):
        raise invalid(f"Query parameter {name} is not allowed")
    for name in needed:
        if not given.get(name):
            raise Refusal(400, "MISSING_FIELD", f"Query parameter {name} is missing")


@dataclass(frozen=True, slots=True)
class Pages:
    """One list: its name stands in its tokens, so that no other list takes them."""

    name: str
    most: int

    def page(self, rows: Sequence[object], given: Mapping[str, str]) -> dict[str, object]:
        size = whole(given, "pageSize", 100)
        if not 1 <= size <= self.most:
            raise invalid(f"pageSize must be between 1 and {self.most}")
        start = self._start(given.get("pageToken", ""))
        end = start + min(size, SENT)
        following = {"nextPageToken": self._token(end)} if end < len(rows) else {}
        return {"metadata": following, "elements": list(rows[start:end])}

    def _token(self, start: int) -> str:
        """Opaque, with signs that mean something in a query."""
        return f"{self.name}/+{start}=="

    def _start(self, token: str) -> int:
        if not token:
            return 0
        name, _, place = token.partition("/+")
        if name != self.name or not place.removesuffix("==").isdigit():
            raise invalid("pageToken is not valid")
        return int(place.removesuffix("=="))


def whole(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, str(default))
    if not text.isdigit():
        raise invalid(f"{name} must be a number")
    return int(text)
