"""A small HTTP server on 127.0.0.1 that answers what a function says, and may break off in the middle."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

from ..world import Reply, Request

LENGTH = "Content-Length"


@dataclass(frozen=True, slots=True)
class Arrived:
    """One request with the whole URL that was asked; the path of ``request`` is that of the URL."""

    url: str
    request: Request

    @property
    def mark(self) -> tuple[str, str, bytes]:
        """Equal for equal requests."""
        return self.request.method, self.url, self.request.body


Answers: TypeAlias = Callable[[Arrived], Reply]


@contextmanager
def loopback(answers: Answers) -> Generator[str]:
    """The origin of a server, such as ``http://127.0.0.1:40123``, for as long as the block runs."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Exchange, answers)) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def cut(reply: Reply) -> Reply:
    """The first half of the reply, after which the connection closes: Content-Length promised all of it."""
    whole = str(max(len(reply.body), 1))
    return replace(reply, body=reply.body[: len(reply.body) // 2], headers={**reply.headers, LENGTH: whole})


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30

    def __init__(self, answers: Answers, *args: object) -> None:
        self._answers = answers
        super().__init__(*args)  # type: ignore[arg-type]

    def handle(self) -> None:
        with suppress(ConnectionError):  # the client has left
            super().handle()

    def do_GET(self) -> None:
        reply = self._answers(self._arrived())
        self.send_response(reply.status)
        for name, value in ({LENGTH: str(len(reply.body))} | dict(reply.headers)).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)
        self.close_connection |= reply.headers.get(LENGTH, str(len(reply.body))) != str(len(reply.body))

    do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_GET  # noqa: N815 - the names that the parent looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the parent gives
        """Say nothing: a law says what matters."""

    def _arrived(self) -> Arrived:
        parts = urlsplit(self.path)
        headers = {header.lower(): value for header, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        body = self.rfile.read(int(headers.get("content-length") or 0))
        request = Request(self.command, parts.path, query, headers, body, parts.query)
        return Arrived(f"http://{headers.get('host', '')}{self.path}", request)
