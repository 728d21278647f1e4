"""Lists and refusals in the API's own form, and how parameters are read.

Source: stripe-python 16.1.0 (list parameters, error classes); docs.stripe.com/error-codes; read 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeAlias
from urllib.parse import parse_qsl

from adtally import world

Json: TypeAlias = dict[str, object]

MOST_ROWS, USUAL_ROWS = 100, 10
PAGING = frozenset(("limit", "starting_after", "ending_before"))
BOUNDS: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda made, bound: made > bound,
    "gte": lambda made, bound: made >= bound,
    "lt": lambda made, bound: made < bound,
    "lte": lambda made, bound: made <= bound,
}
CREATED = re.compile(r"created\[(gte?|lte?)\]")


class Refusal(Exception):
    """One error of the API: its HTTP status, its code, and the parameter that is to blame."""

    def __init__(self, status: int, message: str, *, code: str = "", param: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.param = status, message, code, param


def refused(refusal: Refusal, request_id: str) -> world.Reply:
    kind = "api_error" if refusal.status >= 500 else "invalid_request_error"
    error = {"message": refusal.message, "type": kind}
    if refusal.code:
        error |= {"code": refusal.code, "doc_url": f"https://stripe.com/docs/error-codes/{refusal.code}"}
    if refusal.param:
        error["param"] = refusal.param
    headers = {"Request-Id": request_id}
    if refusal.status == 429:
        headers["Stripe-Should-Retry"] = "true"
    return world.json_reply({"error": error}, status=refusal.status, headers=headers)


def invalid(param: str, message: str, code: str = "parameter_invalid") -> Refusal:
    return Refusal(400, message, code=code, param=param)


def check_names(request: world.Request, known: Collection[str]) -> None:
    """Refuse a parameter that the endpoint does not have, and one that comes twice."""
    names = [name for name, _ in parse_qsl(request.raw_query, keep_blank_values=True)]
    for name in names:
        plain = name.partition("[")[0]
        if plain not in known:
            raise invalid(name, f"Received unknown parameter: {name}", "parameter_unknown")
        if names.count(name) > 1 and not name.endswith("[]"):
            raise invalid(name, f"Received parameter twice: {name}")


def expansions(request: world.Request, known: Collection[str]) -> list[str]:
    """The fields of each row that are asked for as objects."""
    found: list[str] = []
    for name, value in parse_qsl(request.raw_query):
        if name.startswith("expand"):
            field = value.removeprefix("data.")
            if field == value or field not in known:
                raise invalid("expand", f"This property cannot be expanded ({value}).")
            found.append(field)
    return found


def chosen(rows: Sequence[Json], given: Mapping[str, str], equal: Collection[str]) -> list[Json]:
    """The rows that were made within the bounds, and have what is asked for."""
    tests = list(_bounds(given))
    wanted = {name: given[name] for name in equal if name in given}
    return [
        row
        for row in rows
        if all(test(int(str(row["created"]))) for test in tests)
        and all(row[name] == value for name, value in wanted.items())
    ]


def page(rows: Sequence[Json], given: Mapping[str, str], noun: str) -> tuple[Sequence[Json], bool]:
    """One page of rows, the newest first, and whether there are more in its direction."""
    text = given.get("limit", str(USUAL_ROWS))
    if not text.isdigit() or not 1 <= int(text) <= MOST_ROWS:
        raise invalid("limit", f"This value must be between 1 and {MOST_ROWS} (it currently is '{text}').")
    if "starting_after" in given and "ending_before" in given:
        raise invalid("starting_after", "You may only specify one of these parameters.")
    size, start = int(text), 0
    if before := given.get("ending_before"):
        end = _place(rows, before, "ending_before", noun)
        start = max(0, end - size)
        return rows[start:end], start > 0
    if after := given.get("starting_after"):
        start = _place(rows, after, "starting_after", noun) + 1
    return rows[start : start + size], start + size < len(rows)


def _place(rows: Sequence[Json], number: str, param: str, noun: str) -> int:
    for place, row in enumerate(rows):
        if row["id"] == number:
            return place
    raise invalid(param, f"No such {noun}: '{number}'", "resource_missing")


def _bounds(given: Mapping[str, str]) -> Iterator[Callable[[int], bool]]:
    for name, text in given.items():
        if name.startswith("created"):
            found = CREATED.fullmatch(name)
            if not found or not text.isdigit():
                raise invalid(name, f"Invalid integer or bound: {name}={text}")
            yield _bound(BOUNDS[found[1]], int(text))


def _bound(test: Callable[[int, int], bool], bound: int) -> Callable[[int], bool]:
    return lambda made: test(made, bound)
