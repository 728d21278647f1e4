"""The answers of AppsFlyer's APIs, as far as they are read.

Source: published OpenAPI documents "App list API" 1.0.0 and "Master API" 1.0 (as of 2026-08; read 2026-11).
What the Master API calls its columns is not in its document: its rows stay mappings by title.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

Cell: TypeAlias = str | int | float | bool | None
Record: TypeAlias = dict[str, Cell]


class Wire(Struct, gc=False):
    """The reader's side only: unknown keys are ignored."""


class Part(Struct, frozen=True, gc=False):
    """The same, for what an answer may leave out: frozen, so that all rows share one empty part."""


class Attributes(Part, frozen=True):
    name: str | None = None
    currency: str | None = None
    time_zone: str | None = None


class App(Wire):
    id: str
    attributes: Attributes = Attributes()


class Meta(Part, frozen=True):
    total_items: int | None = None


class Apps(Wire):
    """One page of the list of apps."""

    data: list[App] = []
    meta: Meta = Meta()


class Enveloped(Wire):
    """The rows of the Master API, where they come in an object."""

    data: list[Record]


class Refusal(Wire):
    message: str = ""
    request_id: str | None = None
