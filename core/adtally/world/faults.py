"""What can be wrong with the sandbox's answers, and which request each fault strikes.

A list such as ``latency=200ms,429=0.2,reset@google_ads=0.05`` chooses faults: a name, the one platform
that it is for, and how likely it strikes (1 if nothing is said). Whether it strikes is settled by the world's
seed, the request and how often this very request came before: the order of threads changes nothing, and what
is asked again may succeed.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b

import msgspec

from ..errors import ConfigError
from ..settings import hint
from . import page_faults as page, wire_faults as wire
from .messages import Reply, Request

ITEM = re.compile(r"([^@=\s]+)(?:@([^@=\s]+))?(?:=(\S+))?")
"""NAME, NAME@PLATFORM, and what is said of it after an equals sign."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong: with what is asked, with what is answered, or on the wire."""

    name: str
    says: str
    asks: Callable[[Request], Request] = lambda request: request
    answers: Callable[[Request, Reply], Reply] = lambda _, reply: reply
    sends: Callable[[wire.Outgoing], wire.Outgoing] = lambda out: out


def _rows(name: str, says: str, change: Callable[[list[page.Json]], list[page.Json]]) -> Fault:
    return Fault(name, says, answers=page.on_rows(change))


def _refusal(name: str, says: str, reply: Reply) -> Fault:
    return Fault(name, says, answers=wire.refusing(reply))


def _status(status: int, **headers: str) -> Reply:
    return Reply(status, b'{"error":"sandbox"}', wire.JSON | headers)


def _by_name(*faults: Fault) -> dict[str, Fault]:
    return {fault.name: fault for fault in faults}


_DEEP = b"[" * wire.DEPTH + b"]" * wire.DEPTH

# In this order they are applied: pages first, then what replaces an answer, then its way over the wire.
_CATALOGUE = _by_name(
    Fault("endless-pages", "each later page is the first page again", asks=page.first_page),
    _rows("duplicate-page", "every row of a page twice", page.twice),
    _rows("missing-page", "the second half of a page's rows left out; totals stay", page.first_half),
    _rows("wrong-types", "the numbers of a page's last row become objects", page.wrong_types),
    _rows("huge-numbers", "the numbers of a page's last row become 10^30", page.huge_numbers),
    _rows("out-of-window", "the dates of a page's last row become 1999-01-01", page.out_of_window),
    _rows("unknown-currency", "every currency in a page's rows becomes ZZZ", page.unknown_currency),
    _rows(
        "odd-names", "names with =, quotes, line end, NUL, right-to-left and 4-byte letters", page.odd_names
    ),
    _rows("null-rows", "a null among the rows of a page", page.with_null),
    _refusal("429", "HTTP 429 without Retry-After", _status(429)),
    _refusal("429-retry-after", "HTTP 429 with Retry-After: 1", _status(429, **{"Retry-After": "1"})),
    _refusal("500", "HTTP 500", _status(500)),
    _refusal("503", "HTTP 503", _status(503)),
    _refusal("html", "HTTP 200 with an HTML maintenance page", Reply(200, wire.PAGE, wire.HTML)),
    Fault("redirect", "HTTP 302 to another host", answers=wire.redirected),
    Fault("gzip-bomb", "a megabyte of gzip that inflates to more than a gibibyte", answers=wire.bombed),
    _refusal("deep-json", "JSON of 100,000 nested arrays", Reply(200, _DEEP, wire.JSON)),
    _refusal("empty", "HTTP 200 with an empty body", Reply(200, b"", wire.JSON)),
    _refusal("not-json", "HTTP 200 with text that is no JSON", Reply(200, b"It works!", wire.JSON)),
    Fault(
        "truncated-gzip", "gzip that ends early, with the Content-Length of what is sent", sends=wire.cut_gzip
    ),
    Fault(
        "long-length",
        "Content-Length says more than is sent, then the connection closes",
        sends=wire.long_length,
    ),
    Fault("short-length", "Content-Length says less than is sent", sends=wire.short_length),
    Fault("drip", "a byte every 50 ms, for half a day", sends=wire.dripping),
    Fault(
        "latency",
        "50 ms before the answer; latency=200ms for another wait",
        sends=partial(wire.late, milliseconds=50),
    ),
    Fault("reset", "the connection is reset in the middle of the body", sends=wire.reset),
    Fault("close", "the connection is closed before any byte", sends=wire.closed),
)

FAULTS = {name: fault.says for name, fault in _CATALOGUE.items()}
"""What each fault does, by its name."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One item of a list of faults."""

    item: str
    """As it was written."""
    fault: Fault
    platform: str
    """The only one it is for; '' = all."""
    probability: float


def chosen_faults(text: str, platforms: Iterable[str]) -> tuple[Chosen, ...]:
    """The faults of a list in the order in which they are applied; () for an empty one.

    Raises ConfigError for a fault, a platform or a probability that there cannot be; the message lists the
    names that there are.
    """
    items = filter(None, map(str.strip, text.split(",")))
    known = sorted(platforms)
    order = list(FAULTS)
    return tuple(
        sorted((_chosen(item, known) for item in items), key=lambda each: order.index(each.fault.name))
    )


class Strikes:
    """Which faults strike which request; remembers how often each request came."""

    def __init__(self, chosen: tuple[Chosen, ...], seed: int) -> None:
        self._chosen, self._seed = chosen, seed
        self._came = Counter[bytes]()
        self._lock = threading.Lock()

    def on(self, platform: str, request: Request) -> list[Fault]:
        """The faults that strike this request, which counts as having come now."""
        if not self._chosen:
            return []
        mark = _fingerprint(platform, request)
        with self._lock:
            before = self._came[mark]
            self._came[mark] += 1
        return [
            each.fault
            for each in self._chosen
            if each.platform in ("", platform)
            and _draw(self._seed, each.fault.name, mark, before) < each.probability
        ]


def _chosen(item: str, platforms: Sequence[str]) -> Chosen:
    match = ITEM.fullmatch(item)
    if match is None:
        raise ConfigError(f"faults: {item!r} is not written as NAME, NAME=0.2 or NAME@PLATFORM=0.2")
    name, platform, value = match[1], match[2] or "", match[3] or "1"
    fault = _CATALOGUE.get(name)
    if fault is None:
        raise ConfigError(
            f"faults: there is no {name!r}{hint(name, FAULTS) or '.'} There are: {', '.join(FAULTS)}"
        )
    if platform and platform not in platforms:
        raise ConfigError(
            f"faults: {item!r}: there is no platform {platform!r}{hint(platform, platforms) or '.'} "
            f"There are: {', '.join(platforms)}"
        )
    if name == "latency" and (wait := re.fullmatch(r"(\d+)ms", value)):
        sends = partial(wire.late, milliseconds=int(wait[1]))
        return Chosen(item, replace(fault, sends=sends), platform, 1)
    return Chosen(item, fault, platform, _probability(item, value))


def _probability(item: str, value: str) -> float:
    number = float(value) if re.fullmatch(r"\d*\.?\d+", value) else -1
    if not 0 <= number <= 1:
        raise ConfigError(f"faults: {item!r}: how likely it strikes is a number from 0 to 1")
    return number


def _fingerprint(platform: str, request: Request) -> bytes:
    """The request without its headers, where tokens and ports differ from run to run."""
    parts = [platform, request.method, request.path, sorted(request.query.items()), request.body]
    return blake2b(msgspec.msgpack.encode(parts), digest_size=16).digest()


def _draw(seed: int, name: str, mark: bytes, before: int) -> float:
    """A number from 0 up to 1 that depends on nothing else."""
    drawn = blake2b(msgspec.msgpack.encode([seed, name, mark, before]), digest_size=7).digest()
    return int.from_bytes(drawn) / 2**56
