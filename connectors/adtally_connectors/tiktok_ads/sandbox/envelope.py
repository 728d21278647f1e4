"""What every answer is wrapped in, and how parameters are read: nearly all refusals are HTTP 200.

Source: TikTok API for Business v1.3, "Return codes"; read 2026-11.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from adtally import world

T = TypeVar("T")
MOST_ROWS, SENT_ROWS = 1000, 200
"""What a page may be asked for, and what it holds at most: ``page_info`` tells the size that was sent."""


class Refusal(Exception):
    """One error of the API by its code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def answered(data: object, request_id: str) -> world.Reply:
    return world.json_reply({"code": 0, "message": "OK", "request_id": request_id, "data": data})


def refused(refusal: Refusal, request_id: str) -> world.Reply:
    """The refusal, with the HTTP status of success."""
    nothing: dict[str, str] = {}
    document = {"code": refusal.code, "message": refusal.message, "request_id": request_id, "data": nothing}
    return world.json_reply(document)


def invalid(message: str) -> Refusal:
    return Refusal(40002, message)


def check_names(given: Mapping[str, str], known: Collection[str], needed: Collection[str] = ()) -> None:
    """Refuse a parameter that the endpoint does not have, and the lack of one that it needs."""
    for name in sorted(given.keys() - set(known) - set(needed)):
        raise invalid(f"{name}: Unknown parameter.")
    for name in needed:
        if not given.get(name):
            raise invalid(f"{name}: Missing data for required field.")


def decoded(given: Mapping[str, str], name: str, shape: type[T], default: T) -> T:
    """A parameter that is JSON text."""
    if name not in given:
        return default
    try:
        return msgspec.json.decode(given[name], type=shape)
    except msgspec.DecodeError as error:
        raise invalid(f"{name}: {error}") from error


def named(given: Mapping[str, str], name: str, known: Collection[str], default: Sequence[str]) -> list[str]:
    """A parameter that is a JSON list of known names."""
    names = decoded(given, name, list[str], list(default))
    for each in names:
        if each not in known:
            raise invalid(f"{name}: Invalid value {each!r}.")
    return names


def moment(given: Mapping[str, str], name: str) -> datetime | None:
    """A time such as ``2026-10-01 00:00:00``, or None where it is not given."""
    text = given.get(name)
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - the zone is not said
    except ValueError:
        raise invalid(f"{name}: must be YYYY-MM-DD HH:MM:SS.") from None


def page(
    rows: Sequence[object], given: Mapping[str, str], *, key: str = "list", most: int = MOST_ROWS
) -> dict[str, object]:
    """One numbered page of rows and its ``page_info``."""
    number, asked = _whole(given, "page", 1), _whole(given, "page_size", 10)
    if asked > most:
        raise invalid(f"page_size: must be at most {most}.")
    size = min(asked, SENT_ROWS)
    info = {
        "page": number,
        "page_size": size,
        "total_number": len(rows),
        "total_page": -(-len(rows) // size),
    }
    return {key: list(rows[(number - 1) * size : number * size]), "page_info": info}


def _whole(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, str(default))
    if not text.isdigit() or int(text) < 1:
        raise invalid(f"{name}: must be a positive integer.")
    return int(text)
