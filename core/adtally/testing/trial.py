"""What is tried: a connector, a platform that answers it, and the days and campaigns to try it on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from ..calendar import Window
from ..connector import Connector
from ..records import Grain
from ..world import Reply, Request


class Broken(AssertionError):
    """A law is not kept. One sentence: by what, where, and what was expected."""


class Platform(Protocol):
    """A platform's API, faked: one reply to each request, whose path is the one below ``base_url``."""

    def answer(self, request: Request, /) -> Reply: ...


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One connector and what it takes to try it. Days are inclusive."""

    connector: type[Connector]
    platform: Callable[[], Platform]
    """Makes a fresh platform; one is made for each law and answers on 127.0.0.1."""
    first_day: date
    last_day: date
    today: date
    """The day of asking, at noon UTC."""
    fields: Mapping[str, object] = field(default_factory=dict[str, object])
    """The connector's own fields with secrets, without ``base_url``; secrets have 8 characters or more.
    """
    spenders: Collection[str] = ()
    """The campaigns, in every state, that spent money in these days."""
    accounts: tuple[str, ...] = ()
    """Only these account ids; () = all that the platform lists."""
    grains: tuple[Grain, ...] = ("campaign",)
    zero_if_absent: frozenset[str] = frozenset()
    """Keys of a row that the platform, by its documentation, leaves out where they are zero."""
    adds_up: frozenset[str] = frozenset()
    """Reports that add up rows of several pages, and so cannot yield before the last one."""

    @property
    def window(self) -> Window:
        return Window(self.first_day, self.last_day)
