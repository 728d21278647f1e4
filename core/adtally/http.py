"""HTTP as connectors see it: ask, be signed, wait when told, and get a typed answer or one of our errors."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, TypeVar
from urllib.parse import urlsplit

import msgspec
from requests import Request

from .answer import Answer, http_error, no_json, no_table, origin, shown_url, torn, witness
from .auth import Auth
from .baton import Baton
from .body import Limits, spool
from .errors import (
    AdtallyError,
    AuthError,
    ContractError,
    DeadlineError,
    DeniedError,
    QuotaError,
    TransientError,
)
from .json_stream import json_items
from .pace import Pace, retrying
from .sheet import csv_rows
from .transport import Transport

T = TypeVar("T")

POLLS = 60
LONGEST_POLL = 120.0
"""Growing by half from ten seconds, some two hours in all."""
FILE_TIMES = 16
"""How many times as large as a page a file may be: it is not held in memory."""


class Http:
    """One connector's way to its platform. Relative paths go to ``base_url``; see ``resolve`` for others."""

    sleep: Callable[[float], None] = staticmethod(time.sleep)
    """How to wait for a refusal to pass."""
    rest: Callable[[float], None] | None = None
    """How to wait for a report that the platform prepares; None: as for a refusal."""
    ends: float = math.inf
    """The instant, by ``time.monotonic``, from which on nothing more is asked."""

    def __init__(
        self,
        base_url: str,
        *,
        auth: Callable[[], Auth | None] = lambda: None,
        headers: Callable[[], Mapping[str, str]] = dict[str, str],
        error: Callable[[Answer], AdtallyError | None] = http_error,
        own_hosts: tuple[str, ...] = (),
        rebased: bool = False,
        timeout_seconds: float = 60,
        requests_per_second: float | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.own_hosts = own_hosts
        self.rebased = rebased
        self.baton = Baton()
        self.limits = Limits(patience=timeout_seconds)
        self._make_auth, self._error = auth, error
        self._headers = headers
        self._auth: Auth | None = None
        self._auth_lock = threading.Lock()
        self.pace = Pace(gap=1 / requests_per_second if requests_per_second else 0.0)
        self._transport = Transport(self.base_url, timeout_seconds)

    @property
    def requests(self) -> int:
        """How many were sent."""
        return self._transport.requests

    def get(
        self,
        path: str,
        *,
        decode: type[T],
        params: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        signed: bool = True,
    ) -> T:
        """GET and decode into ``decode``. Raises one of our errors."""
        answer = self.ask("GET", path, params=params, headers=headers, signed=signed, as_json=True)
        return answer.decode(decode)

    def post(
        self,
        path: str,
        *,
        decode: type[T],
        json: object = None,
        data: Mapping[str, str] | None = None,
        params: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        signed: bool = True,
    ) -> T:
        """POST a JSON document or a form and decode the answer. Raises one of our errors."""
        answer = self.ask(
            "POST",
            path,
            json=json,
            data=data,
            params=params,
            headers=headers,
            signed=signed,
            as_json=True,
        )
        return answer.decode(decode)

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        data: Mapping[str, str] | None = None,
        signed: bool = True,
        as_json: bool = False,
    ) -> Answer:
        """One good answer: signed, paced, retried while the refusal is transient, renewed once if expired.

        With ``as_json`` a proxy's page or a torn document, sent as if all were well, is transient, too.
        """
        body = None if json is None else msgspec.json.encode(json)
        kind = {} if body is None else {"Content-Type": "application/json"}
        request = self._request(method, path, {**kind, **(headers or {})}, signed=signed)
        request.params, request.data = _texts(params), body or data or []
        return self._tried(request, signed=signed, as_json=as_json)

    def json_items(
        self, path: str, *, decode: type[T], headers: Mapping[str, str] | None = None, signed: bool = False
    ) -> Iterator[T]:
        """The elements of a JSON array in a file, or the values of an object, without holding the document.

        The file comes whole, and as often as it takes, before the first element; gzip and ZIP are unpacked.
        """
        with self._file(path, headers, signed=signed, as_json=True) as file:
            yield from json_items(file, decode, shown_url(self.resolve(path)[0]))

    def csv_rows(
        self, path: str, *, headers: Mapping[str, str] | None = None, signed: bool = False
    ) -> Iterator[list[str]]:
        """The cells of each row of a file of comma-separated values; it comes as that of ``json_items``."""
        with self._file(path, headers, signed=signed, as_json=False) as file:
            yield from csv_rows(file, shown_url(self.resolve(path)[0]))

    def pause(self, seconds: float) -> None:
        """Wait, and let other units go on meanwhile; for reports that the platform prepares.

        Raises DeadlineError when the run would be over by then.
        """
        self._check_deadline(seconds)
        with self.baton.parted():
            (self.rest or self.sleep)(seconds)

    def polls(self, seconds: float) -> Iterator[int]:
        """Count the looks at a report that the platform prepares: a wait lies between two, longer each time.

        Begins with ``seconds``; ends after about two hours when that is ten.
        """
        for poll in range(POLLS):
            yield poll
            self.pause(min(seconds * 1.5**poll, max(seconds, LONGEST_POLL)))

    def slow_down(self, seconds: float) -> None:
        """Let no request of these credentials start before so many seconds: the platform asked for it."""
        self.pace.hold(time.monotonic() + seconds)

    def resolve(self, path: str) -> tuple[str, bool]:
        """The URL to ask, and whether it is the connector's own (and so may carry credentials).

        A path is the connector's own. A URL on one of ``own_hosts`` too; it moves below ``base_url`` when the
        user has set that. Any other URL was handed out by an answer: followed as given, never signed.
        """
        if not urlsplit(path).scheme:
            return f"{self.base_url}/{path.lstrip('/')}", True
        parts = urlsplit(path)
        if parts.netloc in self.own_hosts:
            tail = parts.path + (f"?{parts.query}" if parts.query else "")
            return (f"{self.base_url}{tail}" if self.rebased else path), True
        return path, origin(path) == origin(self.base_url)

    def _request(self, method: str, path: str, headers: Mapping[str, str] | None, *, signed: bool) -> Request:
        url, own = self.resolve(path)
        if signed and not own:
            raise ContractError(f"{shown_url(url)}: credentials go only to {origin(self.base_url)}")
        return Request(method, url, headers={**(self._headers() if own else {}), **(headers or {})})

    @contextmanager
    def _file(
        self, path: str, headers: Mapping[str, str] | None, *, signed: bool, as_json: bool
    ) -> Generator[IO[bytes]]:
        request = self._request("GET", path, headers, signed=signed)
        with spool() as file:
            try:
                self._tried(request, signed=signed, as_json=as_json, into=file)
            except AuthError as error:
                if signed:
                    raise
                where = shown_url(request.url)  # a link without credentials says nothing about the account
                raise TransientError(f"{where}: the link no longer works", status=error.status) from error
            file.seek(0)
            yield file

    def _tried(
        self, request: Request, *, signed: bool, as_json: bool, into: IO[bytes] | None = None
    ) -> Answer:
        """One good answer, after as many tries as it takes; ``into`` gets its body where that is a file's."""
        with self.baton.parted():
            tries = retrying(self.pace, self.sleep, self.ends)
            answer = tries(self._exchange, request, signed, as_json, into)
        if shown := witness.get():
            shown(request, replace(answer, body=_whole(into)) if into else answer)
        return answer

    def _exchange(self, request: Request, signed: bool, as_json: bool, into: IO[bytes] | None) -> Answer:
        auth = self._sign() if signed else None
        answer = self._send(request, auth, signed, into)
        error = self._error(answer) if signed else http_error(answer)
        if isinstance(error, AuthError) and not isinstance(error, DeniedError) and auth and auth.renew():
            answer = self._send(request, auth, signed, into)
            error = self._error(answer)
        if isinstance(error, TransientError) and error.retry_after and not isinstance(error, QuotaError):
            self.slow_down(error.retry_after)
        if isinstance(error, ContractError):
            error = torn(answer) or error
        if error is None and (as_json or into):
            error = no_json(answer) if as_json else no_table(answer)
        if error is not None:
            raise error
        return answer

    def _send(self, request: Request, auth: Auth | None, signed: bool, into: IO[bytes] | None) -> Answer:
        wait = self.pace.claim(time.monotonic())
        self._check_deadline(wait)
        if wait > 0:
            self.sleep(wait)
        limits = self.limits
        if into is not None:
            limits = replace(limits, max_bytes=limits.max_bytes * FILE_TIMES)
        return self._transport.send(request, auth, signed=signed, limits=limits, into=into)

    def _check_deadline(self, wait: float) -> None:
        if time.monotonic() + wait >= self.ends:
            raise DeadlineError("the run's deadline came first")

    def _sign(self) -> Auth | None:
        with self._auth_lock:
            if self._auth is None:
                self._auth = self._make_auth()
            return self._auth


def _whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _texts(params: Mapping[str, object] | None) -> dict[str, str]:
    """Parameters as text; None is left out, booleans are ``true`` and ``false``."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in (params or {}).items()
        if value is not None
    }
