"""Query strings and names of things as Rest.li writes them.

Source: Rest.li protocol 2.0.0, "URI encoding" (read 2026-11). The signs of its syntax ``( ) : ,`` stand as
they are; inside of a text they are percent-encoded, as in ``urn%3Ali%3AsponsoredAccount%3A5``. LinkedIn
refuses a query that is encoded as a whole, and one that is encoded twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias
from urllib.parse import quote

Value: TypeAlias = "str | int | Sequence[Value] | Mapping[str, Value]"


def written(value: Value) -> str:
    """``List(...)`` for a list, ``(key:value,...)`` for a mapping, encoded text for all else."""
    if isinstance(value, str | int):
        return quote(str(value), safe="")
    if isinstance(value, Mapping):
        return f"({','.join(f'{name}:{written(inner)}' for name, inner in value.items())})"
    return f"List({','.join(map(written, value))})"


def question(path: str, given: Mapping[str, Value], fields: Sequence[str] = ()) -> str:
    """The path with its query; ``fields`` are the names of a projection, which is no ``List``."""
    pairs = [f"{name}={written(value)}" for name, value in given.items()]
    if fields:
        pairs.append(f"fields={','.join(fields)}")
    return f"{path}?{'&'.join(pairs)}"


def urn(kind: str, number: str) -> str:
    return f"urn:li:{kind}:{number}"


def parted(name: str) -> tuple[str, str]:
    """The kind and the id in a URN: ``urn:li:sponsoredCampaign:7`` is ``("sponsoredCampaign", "7")``."""
    kind, _, number = name.rpartition(":")
    return kind.rpartition(":")[2], number
