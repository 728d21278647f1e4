"""How refusals look, how parameters are checked, and pages by bookmark.

Source: Pinterest API v5, OpenAPI document 5.23.0; read 2026-11.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from adtally import Window, world

MOST_ROWS, SENT_ROWS = 250, 3
"""What a page may be asked for, and what the sandbox sends at most."""
PAGE = ("page_size", "bookmark", "order")


class Refusal(Exception):
    """One refusal by its HTTP status and code."""

    def __init__(
        self, status: int, code: int, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers

    @property
    def reply(self) -> world.Reply:
        document = {"code": self.code, "message": self.message}
        return world.json_reply(document, status=self.status, headers=self.headers)


def invalid(message: str) -> Refusal:
    return Refusal(400, 1, message)


def not_there(what: str) -> Refusal:
    return Refusal(404, 2, f"{what} not found.")


def denied() -> Refusal:
    return Refusal(403, 29, "You are not permitted to access that resource.")


def check_names(given: Collection[str], known: Collection[str], needed: Collection[str] = ()) -> None:
    """Refuse a parameter that the endpoint does not have, and the lack of one that it needs."""
    for name in sorted(set(given) - set(known) - set(needed)):
        raise invalid(f"{name}: unknown parameter.")
    for name in needed:
        if name not in given:
            raise invalid(f"{name}: this parameter is required.")


def day(given: Mapping[str, object], name: str) -> date:
    text = given.get(name)
    try:
        found = date.fromisoformat(str(text))
    except ValueError:
        found = None
    if found is None or str(text) != found.isoformat():
        raise invalid(f"{name}: {text!r} is not a date of the form YYYY-MM-DD.")
    return found


def days(given: Mapping[str, object], today: date, *, back: int, most: int) -> Window:
    """The days that are asked for, at most so many and so far back."""
    first, last = day(given, "start_date"), day(given, "end_date")
    if last < first:
        raise invalid("end_date: must not be before start_date.")
    window = Window(first, last)
    if (today - first).days > back or window.days > most:
        raise invalid(f"start_date: at most {most} days, and {back} days back, are possible.")
    return window


def page(rows: Sequence[object], path: str, given: Mapping[str, str]) -> dict[str, object]:
    """One page and the bookmark of the next one; after the last row there may be an empty page."""
    text = given.get("page_size", "25")
    if not text.isdigit() or not 1 <= int(text) <= MOST_ROWS:
        raise invalid(f"page_size: must be between 1 and {MOST_ROWS}.")
    start = _offset(given.get("bookmark"), path)
    after = start + min(int(text), SENT_ROWS)
    is_full = after <= len(rows)
    bookmark = base64.b64encode(f"{path}|{after}".encode()).decode() if is_full else None
    return {"items": rows[start:after], "bookmark": bookmark}


def _offset(bookmark: str | None, path: str) -> int:
    if bookmark is None:
        return 0
    try:
        of, _, start = base64.b64decode(bookmark, validate=True).decode().partition("|")
    except (binascii.Error, UnicodeDecodeError):
        raise invalid("bookmark: not valid.") from None
    if of != path or not start.isdigit():
        raise invalid("bookmark: of another request.")
    return int(start)
