"""An ad platform on loopback that is careless with tokens, and the connector of a stranger who asks it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

GOOD, WRONG = "s3cret-good-t0ken", "s3cret-wrong-t0ken"
CONNECTOR = """
from collections.abc import Iterator
from datetime import date

from msgspec import Struct
from pydantic import SecretStr

from adtally import Account, Auth, Connector, Delivery, Unit, header_auth, pulls


class Row(Struct):
    day: date
    campaign: str
    clicks: int


class Harbour(Connector):
    name = "harbour"
    base_url: str = "https://api.harbour.example"
    access_token: SecretStr

    def auth(self) -> Auth:
        return header_auth("Authorization", self.access_token, prefix="Bearer ")

    def accounts(self) -> list[Account]:
        ids = self.http.get("accounts", params=self.key(), decode=list[str])
        return [Account(id=id_, name=f"Harbour {id_}", currency="EUR", timezone="UTC") for id_ in ids]

    @pulls(Delivery, max_days=31, restated_days=3)
    def campaign_daily(self, unit: Unit) -> Iterator[Delivery]:
        query = {"from": unit.window.first_day, **self.key()}
        for row in self.http.get(f"stats/{unit.account.id}", params=query, decode=list[Row]):
            if row.campaign == "bug":
                raise KeyError(self.access_token.get_secret_value())
            yield Delivery(day=row.day, campaign_id=row.campaign, clicks=row.clicks)

    def key(self) -> dict[str, object]:
        return {"access_token": self.access_token.get_secret_value()}
"""


@dataclass
class Harbour:
    """What the platform answers by account, and when it keeps a caller waiting."""

    url: str = ""
    accounts: tuple[str, ...] = ("1",)
    asked: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def configure(self, folder: Path, *, first_day: str, north: str = GOOD, south: str = WRONG) -> Path:
        """Write a configuration with two connectors; returns its path."""
        (folder / "harbour_ads.py").write_text(CONNECTOR, encoding="utf-8")
        path = folder / "config.toml"
        tables = "".join(
            f'[connectors.{name}]\nuse = "harbour_ads:Harbour"\n'
            f'base_url = "{self.url}"\naccess_token = "{token}"\n\n'
            for name, token in (("north", north), ("south", south))
        )
        path.write_text(f"[sync]\nfirst_day = {first_day}\n\n{tables}", encoding="utf-8")
        return path


@contextmanager
def serve(platform: Harbour) -> Iterator[Harbour]:
    """The platform on a free port of 127.0.0.1."""

    class Exchange(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answer(platform, self.path, self.headers.get("Authorization", ""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the parent gives
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Exchange) as server:
        server.daemon_threads = True
        platform.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield platform
        finally:
            platform.go_on.set()
            server.shutdown()
            thread.join()


def answer(platform: Harbour, path: str, token: str) -> tuple[int, bytes]:
    url = urlsplit(path)
    if token != f"Bearer {GOOD}":
        return 401, json.dumps({"error": f"{token} is not known"}).encode()
    if url.path == "/accounts":
        return 200, json.dumps(platform.accounts).encode()
    account = url.path.rpartition("/")[2]
    day = parse_qs(url.query)["from"][0]
    match account:
        case "html":
            return 200, json.dumps({"page": f"<html>Signed in with {token}</html>"}).encode()
        case "slow":
            platform.asked.set()
            platform.go_on.wait(30)
        case _:
            pass
    return 200, json.dumps([{"day": day, "campaign": account, "clicks": 3}]).encode()
