"""The platform that is measured against: a child process, so that its work does not count as ours.

Every page is rendered and compressed once, on the first request for its days, and sent as it is from then on.
Conversions are told only below ``/acting``, so that the other gates measure delivery alone.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .google import ACCOUNT, PAGE_ROWS, Row, actions, pages, rows, view_through, zipped

ACTING = "/acting"
DAYS = r".*FROM campaign .*BETWEEN '([\d-]+)' AND '([\d-]+)'"
DELIVERY = re.compile(r"metrics\.invalid_clicks" + DAYS)
CONVERSIONS = {
    actions: re.compile(r"segments\.conversion_action," + DAYS),
    view_through: re.compile(r"metrics\.view_through_conversions" + DAYS),
}
NOTHING = zipped(b"{}")
TOKEN = zipped(b'{"access_token": "token", "expires_in": 3599, "token_type": "Bearer"}')


@cache
def answers(
    render: Callable[[date, date], list[Row]], first_day: str, last_day: str, indent: int | None
) -> list[bytes]:
    days = date.fromisoformat(first_day), date.fromisoformat(last_day)
    return [zipped(page) for page in pages(*days, indent=indent, render=render)]


@cache
def clients(accounts: int) -> bytes:
    """The accounts below the manager that is asked."""
    found = [
        {"id": str(int(ACCOUNT) + n), "currencyCode": "EUR", "timeZone": "Europe/Berlin"}
        for n in range(accounts)
    ]
    return zipped(json.dumps({"results": [{"customerClient": client} for client in found]}).encode())


class Google(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave in one packet

    def do_GET(self) -> None:
        self._reply(NOTHING)

    def do_POST(self) -> None:
        """A token, the list of accounts, or a page of what is told; every other report is empty."""
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path.endswith("/token"):
            self._reply(TOKEN)
            return
        asked = json.loads(text)
        if "FROM customer_client" in asked["query"]:
            # The manager's number says how many accounts it has, so that one server serves every gate.
            self._reply(clients(int(self.path.split("/")[-2])))
            return
        told = {rows: DELIVERY} | (CONVERSIONS if self.path.startswith(ACTING) else {})
        for render, query in told.items():
            if found := query.search(asked["query"]):
                indent = None if "prettyPrint=false" in self.path else 2
                page = int(asked.get("pageToken", 0)) // PAGE_ROWS
                self._reply(answers(render, found[1], found[2], indent)[page])
                return
        self._reply(NOTHING)

    def _reply(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing: the table is what the bench prints."""


@contextmanager
def google() -> Generator[str]:
    """A running server's base URL; the process ends with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.terminate()
        process.communicate()


def main() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Google) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
