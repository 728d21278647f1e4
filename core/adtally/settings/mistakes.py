"""What is wrong with a configuration, in a line: where it stands, which key, what to do; never the value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from typing import TypeAlias

from pydantic import ValidationError

from ..errors import ConfigError
from .variables import variable

Keys: TypeAlias = tuple[str | int, ...]
SECRET_LENGTH = 6
"""What is shorter may be a word of the message."""


def place(keys: Keys) -> str:
    """Where a value stands in the TOML file: ``[ledger] path`` or ``[[agreements]] 2, rate``."""
    head, *rest = keys
    if not rest:
        return str(head)
    if isinstance(rest[0], int):
        return f"[[{head}]] {rest[0] + 1}, {_dotted(rest[1:])}".removesuffix(", ")
    if head == "connectors":
        head, rest = f"connectors.{rest[0]}", rest[1:]
    return f"[{head}] {_dotted(rest)}".rstrip()


def origin(keys: Keys, variables: Collection[str]) -> str | None:
    """The variable that set the value at ``keys`` or the list it is in; None if the file did."""
    names = (variable(keys[:length]) for length in range(len(keys), 0, -1))
    return next((name for name in names if name in variables), None)


def hint(key: str, known: Iterable[str]) -> str:
    """``; did you mean NAME?`` or nothing."""
    near = get_close_matches(key, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def explained(
    error: ValidationError,
    *,
    where: Callable[[Keys], str],
    known: Callable[[Keys], Iterable[str]],
    above: Keys = (),
) -> ConfigError:
    """One error for all that pydantic found; ``known`` gives the keys of the table with an unknown one.

    ``above`` is where the validated table stands in the whole configuration.
    """
    lines: list[str] = []
    for item in error.errors(include_url=False):
        keys = above + item["loc"]
        match item["type"]:
            case "extra_forbidden":
                said = f"unknown key{hint(str(keys[-1]), known(keys))}"
            case "missing":
                said = f"is missing: set it there or as {variable(keys)}"
            case "string_type":
                said = 'expected text: write it in quotes, "..."'
            case "string_pattern_mismatch" if keys[-1] == "[key]":
                said = "a name is lower-case letters, digits and _, and starts with a letter"
            case _:
                said = _without_value(item["msg"].removeprefix("Value error, "), item["input"])
        lines.append(f"{where(tuple(key for key in keys if key != '[key]'))}: {said}")
    return ConfigError("; ".join(lines))


def _without_value(message: str, value: object) -> str:
    """A validator of a stranger's connector may quote what it refuses, and that may be a secret."""
    return (
        message.replace(value, "...") if isinstance(value, str) and len(value) >= SECRET_LENGTH else message
    )


def _dotted(keys: Iterable[str | int]) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")
