"""What goes in and out of a platform's fake: one HTTP request, one reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, runtime_checkable

import msgspec

from .world import World


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as a fake sees it: the path below its mount, headers by lower-case name."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    raw_query: str = ""
    """The query as it was sent, for platforms that care how it is encoded."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Fake(Protocol):
    """A platform's API on top of a world. Threads ask at the same time."""

    def answer(self, request: Request, /) -> Reply: ...


@runtime_checkable
class Reachable(Protocol):
    """A fake that says how a user's config.toml reaches it."""

    needs: ClassVar[tuple[str, ...]]
    """Modules of an extra without which its connector cannot sign in."""

    def table(self) -> Mapping[str, object]:
        """Its ``[connectors.NAME]``, but for ``use``, ``base_url`` and ``grains``."""
        ...


class MakesFake(Protocol):
    def __call__(self, world: World, /) -> Fake: ...


def json_reply(document: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """The document as JSON."""
    return Reply(
        status, msgspec.json.encode(document), {"Content-Type": "application/json", **(headers or {})}
    )
