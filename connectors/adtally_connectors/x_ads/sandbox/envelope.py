"""What every answer is wrapped in, and how parameters are read.

Source: X Ads API v12, "Error Codes & Responses", "Pagination" (snapshot of 2026-08-22; read 2026-11).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from adtally import world

MOST_ROWS, USUAL_ROWS = 1000, 200


class Refusal(Exception):
    """One error of the API: its HTTP status and its code."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        parameter: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.parameter = status, code, message, parameter
        self.headers = headers or {}


def answered(data: object, given: Mapping[str, object], **beside: object) -> world.Reply:
    return world.json_reply({"request": {"params": dict(given)}, **beside, "data": data})


def refused(refusal: Refusal, given: Mapping[str, str]) -> world.Reply:
    error = {"code": refusal.code, "message": refusal.message}
    if refusal.parameter:
        error["parameter"] = refusal.parameter
    document = {"errors": [error], "request": {"params": dict(given)}}
    return world.json_reply(document, status=refusal.status, headers=refusal.headers)


def invalid(parameter: str, message: str) -> Refusal:
    return Refusal(400, "INVALID_PARAMETER", message, parameter)


def check_names(given: Mapping[str, str], known: Collection[str], needed: Collection[str] = ()) -> None:
    """Refuse a parameter that the endpoint does not have, and the lack of one that it needs."""
    for name in sorted(given.keys() - set(known) - set(needed)):
        raise invalid(name, f"Unknown parameter {name}")
    for name in needed:
        if not given.get(name):
            raise Refusal(400, "MISSING_PARAMETER", f'"{name}" is a required parameter', name)


def ids(given: Mapping[str, str], name: str, most: int) -> list[str]:
    """A parameter that is a list of ids with commas between; empty where it is not given."""
    found = given[name].split(",") if name in given else []
    if len(found) > most:
        raise invalid(name, f"{name} may hold at most {most} ids")
    if "" in found or len(set(found)) != len(found):
        raise invalid(name, f"{name} holds an id that is empty or comes twice")
    return found


def page(rows: Sequence[object], given: Mapping[str, str]) -> world.Reply:
    """One page, and the cursor of the next one."""
    count = given.get("count", str(USUAL_ROWS))
    if not count.isdigit() or not 1 <= int(count) <= MOST_ROWS:
        raise invalid("count", f"count must be within [1,{MOST_ROWS}]")
    cursor = given.get("cursor", "c-0")
    if not cursor.startswith("c-") or not cursor[2:].isdigit():
        raise invalid("cursor", "cursor is invalid")
    start = int(cursor[2:])
    end = start + int(count)
    following = f"c-{end}" if end < len(rows) else None
    return answered(list(rows[start:end]), given, next_cursor=following)


def flag(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "false")
    if text not in ("true", "false"):
        raise invalid(name, f'Expected boolean, got "{text}" for {name}')
    return text == "true"
