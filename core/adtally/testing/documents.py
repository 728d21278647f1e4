"""JSON answers as a law reads and changes them: their rows, the metrics in these, and the links in all of it.

A row is an object in a list. A metric is named by the keys on the way to it from the row; lists on the way
do not count.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

from ..world import Reply

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Path: TypeAlias = tuple[str, ...]

NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


class Gone:
    """Stands for what is to be left out."""


GONE = Gone()


def decoded(body: bytes) -> Json:
    """The JSON document, or None if it is none."""
    try:
        document: Json = json.loads(body)
    except ValueError:
        return None
    return document


def count_rows(document: Json) -> int:
    """How many objects the longest list of objects has, at whatever depth."""
    match document:
        case list():
            own = len(document) if document and all(isinstance(item, dict) for item in document) else 0
            return max([own, *map(count_rows, document)])
        case dict():
            return max(map(count_rows, document.values()), default=0)
        case _:
            return 0


def metrics(document: Json) -> set[Path]:
    """The names of all numbers in rows, also of those written as text; ids are none."""
    return {path for path, key, value in _leaves(document) if path and _is_metric(key, value)}


def texts(document: Json) -> Iterator[str]:
    """Every text in the document that is no key."""
    return (value for _, _, value in _leaves(document) if isinstance(value, str))


def with_metric(reply: Reply, path: Path, value: Callable[[Json], Json | Gone]) -> Reply:
    """The reply with this metric changed in every row; the same reply where no row has it."""
    document = decoded(reply.body)
    if document is None or path not in metrics(document):
        return reply
    return _encoded(reply, _metric_changed(document, path, None, value))


def with_texts(reply: Reply, change: Callable[[str], str]) -> Reply:
    """The reply with every text changed; one that is no JSON stays as it is."""
    document = decoded(reply.body)
    return reply if document is None else _encoded(reply, _texts_changed(document, change))


def _leaves(value: Json, path: Path | None = None, key: str = "") -> Iterator[tuple[Path, str, Json]]:
    """Each leaf with its path from the row (() outside of rows) and its last key."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from _leaves(inner, None if path is None else (*path, name), name)
        case list():
            for inner in value:
                yield from _leaves(inner, () if path is None and isinstance(inner, dict) else path, key)
        case _:
            yield path or (), key, value


def _metric_changed(
    value: Json, path: Path, left: Path | None, change: Callable[[Json], Json | Gone]
) -> Json:
    """``left`` is what is still to go of the path; None outside of rows."""
    if isinstance(value, list):
        below = [path if left is None and isinstance(inner, dict) else left for inner in value]
        return [
            _metric_changed(inner, path, to_go, change) for inner, to_go in zip(value, below, strict=True)
        ]
    if not isinstance(value, dict):
        return value
    if left is None:
        return {name: _metric_changed(inner, path, None, change) for name, inner in value.items()}
    here, rest = left[0], left[1:]
    found: dict[str, Json] = {}
    for name, inner in value.items():
        if name != here:
            found[name] = inner
        elif rest:
            found[name] = _metric_changed(inner, path, rest, change)
        elif not isinstance(new := change(inner), Gone):
            found[name] = new
    return found


def _texts_changed(value: Json, change: Callable[[str], str]) -> Json:
    match value:
        case str():
            return change(value)
        case dict():
            return {name: _texts_changed(inner, change) for name, inner in value.items()}
        case list():
            return [_texts_changed(inner, change) for inner in value]
        case _:
            return value


def _is_metric(key: str, value: Json) -> bool:
    plain = "".join(filter(str.isalnum, key)).lower()
    if isinstance(value, bool) or plain.endswith(("id", "ids")):
        return False
    return isinstance(value, int | float) or (isinstance(value, str) and NUMBER.fullmatch(value) is not None)


def _encoded(reply: Reply, document: Json) -> Reply:
    return replace(reply, body=json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
