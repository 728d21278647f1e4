"""The sandbox's ad platforms on loopback HTTP: each fake answers below a path of its own name."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from .config import write_config
from .faults import Chosen, Strikes, chosen_faults
from .messages import Fake, MakesFake, Request, json_reply
from .wire_faults import ELSEWHERE, Outgoing, packed
from .world import World

GROUP = "adtally.sandboxes"


def installed() -> dict[str, MakesFake]:
    """Every registered fake by its name: entry points of the group ``adtally.sandboxes``."""
    return {entry.name: entry.load() for entry in entry_points(group=GROUP)}


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox."""

    world: World
    url: str
    fakes: Mapping[str, Fake]
    faults: tuple[Chosen, ...] = ()
    strayed: list[Request] = field(default_factory=list[Request])
    """What came in from clients that followed a redirect to another host."""

    def write_config(self, directory: Path) -> Path:
        """Write config.toml and the publishers' files into ``directory``; the path of config.toml."""
        return write_config(self.world, directory, self.url, self.fakes)


@contextmanager
def serve(
    world: World, *, port: int = 0, fakes: Mapping[str, MakesFake] | None = None, faults: str = ""
) -> Generator[Sandbox]:
    """A sandbox on 127.0.0.1 for as long as the block runs; port 0 takes a free one.

    Without ``fakes`` all installed ones answer. ``faults`` is a list such as ``latency,429=0.2,
    reset@google_ads=0.05`` of names in FAULTS. Raises OSError if the port is taken, and ConfigError for a
    list of faults that cannot be read.
    """
    chosen = installed() if fakes is None else fakes
    struck = chosen_faults(faults, chosen)
    mounted = {name: make(world) for name, make in chosen.items()}
    stopping, strayed = threading.Event(), list[Request]()
    strikes = Strikes(struck, world.seed)
    exchange = partial(_Exchange, mounted, strikes, stopping, strayed)
    with ThreadingHTTPServer(("127.0.0.1", port), exchange) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield Sandbox(world, f"http://127.0.0.1:{server.server_address[1]}", mounted, struck, strayed)
        finally:
            stopping.set()
            server.shutdown()
            thread.join()


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30

    def __init__(
        self,
        mounted: Mapping[str, Fake],
        strikes: Strikes,
        stopping: threading.Event,
        strayed: list[Request],
        *args: object,
    ) -> None:
        self.mounted, self.strikes, self.stopping, self.strayed = mounted, strikes, stopping, strayed
        super().__init__(*args)  # type: ignore[arg-type]

    def handle(self) -> None:
        with suppress(ConnectionError):  # the client has left
            super().handle()

    def do_GET(self) -> None:
        self._send(self._answer())

    do_POST = do_DELETE = do_GET  # noqa: N815 - the parent looks for these names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the parent gives
        """Say nothing: who runs the sandbox reads its results, not its traffic."""

    def _answer(self) -> Outgoing:
        name, request = self._request()
        zipped = "gzip" in request.headers.get("accept-encoding", "")
        if name not in self.mounted:
            if name == ELSEWHERE:
                self.strayed.append(request)
            known = ", ".join(sorted(self.mounted))
            return packed(
                json_reply({"error": f"no platform {name!r} here, but: {known}"}, status=404), zipped=zipped
            )
        faults = self.strikes.on(name, request)
        for fault in faults:
            request = fault.asks(request)
        reply = self.mounted[name].answer(request)
        for fault in faults:
            reply = fault.answers(request, reply)
        out = packed(reply, zipped=zipped)
        for fault in faults:
            out = fault.sends(out)
        return out

    def _request(self) -> tuple[str, Request]:
        """The platform's name and what it is asked."""
        parts = urlsplit(self.path)
        name, _, path = parts.path.lstrip("/").partition("/")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {header.lower(): value for header, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return name, Request(self.command, f"/{path}", query, headers, body, parts.query)

    def _send(self, out: Outgoing) -> None:
        self.close_connection |= out.ends != "kept" or self._waited(out.delay_seconds)
        if out.status:
            self.send_response(out.status)
            for name, value in out.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(out.length))
            self.end_headers()
            self._send_body(out)
        if out.ends == "reset":
            linger = struct.pack("ii", 1, 0)  # closing then discards what is unsent and says RST (socket(7))
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            socket.close(self.connection.detach())

    def _send_body(self, out: Outgoing) -> None:
        if not out.gap_seconds:
            self.wfile.write(out.body)
            return
        for at in range(len(out.body)):
            self.wfile.write(out.body[at : at + 1])
            if self._waited(out.gap_seconds):
                self.close_connection = True
                return

    def _waited(self, seconds: float) -> bool:
        """Wait; whether the sandbox stops meanwhile."""
        return seconds > 0 and self.stopping.wait(seconds)
