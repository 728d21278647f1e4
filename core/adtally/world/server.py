"""The sandbox's ad platforms on loopback HTTP: each fake answers below a path of its own name."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

import msgspec

from .config import write_config
from .world import World

GROUP = "adtally.sandboxes"
WORTH_GZIP = 1_000


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as a fake sees it: the path below its mount, headers by lower-case name."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Fake(Protocol):
    """A platform's API on top of a world. Threads ask at the same time."""

    def answer(self, request: Request, /) -> Reply: ...


class MakesFake(Protocol):
    def __call__(self, world: World, /) -> Fake: ...


def json_reply(document: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """The document as JSON."""
    return Reply(
        status, msgspec.json.encode(document), {"Content-Type": "application/json", **(headers or {})}
    )


def installed() -> dict[str, MakesFake]:
    """Every registered fake by its name: entry points of the group ``adtally.sandboxes``."""
    return {entry.name: entry.load() for entry in entry_points(group=GROUP)}


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox."""

    world: World
    url: str

    def write_config(self, directory: Path) -> Path:
        """Write config.toml and the publishers' files into ``directory``; the path of config.toml."""
        return write_config(self.world, directory, self.url)


@contextmanager
def serve(world: World, *, port: int = 0, fakes: Mapping[str, MakesFake] | None = None) -> Generator[Sandbox]:
    """A sandbox on 127.0.0.1 for as long as the block runs; port 0 takes a free one.

    Without ``fakes`` all installed ones answer. Raises OSError if the port is taken.
    """
    chosen = installed() if fakes is None else fakes
    mounted = {name: make(world) for name, make in chosen.items()}
    with ThreadingHTTPServer(("127.0.0.1", port), partial(_Exchange, mounted)) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield Sandbox(world, f"http://127.0.0.1:{server.server_address[1]}")
        finally:
            server.shutdown()
            thread.join()


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30

    def __init__(self, mounted: Mapping[str, Fake], *args: object) -> None:
        self.mounted = mounted
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self._send(self._reply())

    do_POST = do_GET  # noqa: N815 - the parent looks for this name

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the parent gives
        """Say nothing: who runs the sandbox reads its results, not its traffic."""

    def _reply(self) -> Reply:
        parts = urlsplit(self.path)
        name, _, path = parts.path.lstrip("/").partition("/")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if name not in self.mounted:
            known = ", ".join(sorted(self.mounted))
            return json_reply({"error": f"no platform {name!r} here, but: {known}"}, status=404)
        headers = {header.lower(): value for header, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return self.mounted[name].answer(Request(self.command, f"/{path}", query, headers, body))

    def _send(self, reply: Reply) -> None:
        body, headers = reply.body, dict(reply.headers)
        if len(body) >= WORTH_GZIP and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, compresslevel=1)
            headers["Content-Encoding"] = "gzip"
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
