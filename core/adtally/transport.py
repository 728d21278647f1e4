"""One request over the wire: sent, redirected where that is harmless, and its answer read whole."""

from __future__ import annotations

import logging
import os
import threading
from io import BytesIO
from typing import IO
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.structures import CaseInsensitiveDict
from requests.utils import get_environ_proxies

from .answer import Answer, origin, shown_url
from .auth import Auth
from .body import Limits, read_body
from .errors import ContractError, TimedOut, TransientError

log = logging.getLogger(__name__)

REDIRECTS = 3
LOOPBACK = ("127.0.0.1", "localhost", "::1")
GLANCE = 32 * 1024
"""Bytes at either end of a file by which a refusal or a proxy's page is known."""


def _without_query(record: logging.LogRecord) -> bool:
    """Let urllib3 log a request without its query: some platforms want secrets there."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            arg.partition("?")[0] if isinstance(arg, str) and arg.startswith("/") else arg
            for arg in record.args
        )
    return True


logging.getLogger("urllib3.connectionpool").addFilter(_without_query)


class Transport:
    """The connections of one connector, some for each thread. ``requests`` counts what was sent."""

    def __init__(self, base_url: str, timeout_seconds: float) -> None:
        self.requests = 0
        self._base_url, self._timeout_seconds = base_url, timeout_seconds
        self._sessions = threading.local()

    def send(
        self,
        request: requests.Request,
        auth: Auth | None,
        *,
        signed: bool,
        limits: Limits,
        into: IO[bytes] | None = None,
    ) -> Answer:
        """What came back, good or not; of a body that goes ``into`` a file, only a glance at it.

        Raises TransientError, TimedOut or ContractError where nothing usable did.
        """
        session = self._session()
        prepared = session.prepare_request(request)
        if auth is not None:
            prepared = auth(prepared)
        for _ in range(REDIRECTS + 1):
            _check_scheme(prepared.url or "")
            self.requests += 1
            log.debug("%s %s", prepared.method, shown_url(prepared.url or ""))
            answer = self._read(session, prepared, limits, into)
            target = answer.headers.get("Location")
            if answer.status not in (301, 302, 303, 307, 308) or not target:
                return answer
            url = urljoin(answer.url, target)
            if (signed or prepared.body) and origin(url) != origin(answer.url):
                if into is None:
                    raise ContractError(f"{shown_url(answer.url)}: redirects credentials to {origin(url)}")
                # A file may lie elsewhere: it is fetched without credentials.
                prepared, signed = session.prepare_request(requests.Request("GET", url)), False
            prepared.url = url
        raise ContractError(f"{shown_url(request.url)}: more than {REDIRECTS} redirects")

    def _read(
        self,
        session: requests.Session,
        prepared: requests.PreparedRequest,
        limits: Limits,
        into: IO[bytes] | None,
    ) -> Answer:
        url = prepared.url or ""
        try:
            response = session.send(
                prepared,
                stream=True,
                allow_redirects=False,
                timeout=self._timeout_seconds,
                proxies=session.proxies,
                verify=session.verify,
            )
            with response:
                body = BytesIO() if into is None else into
                read_body(response.raw, shown_url(url), limits, body)
                seen = body.getvalue() if isinstance(body, BytesIO) else _glance(body)
                return Answer(response.status_code, CaseInsensitiveDict(response.headers), seen, url)
        # Not "from error": what requests raises quotes the URL with its query, where tokens may stand.
        except (requests.exceptions.SSLError, urllib3.exceptions.SSLError) as error:
            raise ContractError(f"{shown_url(url)}: no trusted connection ({type(error).__name__})") from None
        except (requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError):
            raise TimedOut(f"{shown_url(url)}: no answer within {self._timeout_seconds:g} seconds") from None
        except urllib3.exceptions.ProtocolError:
            raise TransientError(f"{shown_url(url)}: the answer was cut") from None
        except (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError) as error:
            raise TransientError(
                f"{shown_url(url)}: the connection failed ({type(error).__name__})"
            ) from None
        except requests.RequestException as error:
            raise ContractError(f"{shown_url(url)}: cannot be asked ({type(error).__name__})") from None

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._sessions, "session", None)
        if session is None:
            session = requests.Session()
            session.proxies.update(get_environ_proxies(self._base_url))
            session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
            session.trust_env = False
            session.headers["User-Agent"] = "adtally"
            session.headers["Accept-Encoding"] = "gzip"
            self._sessions.session = session
        return session


def _check_scheme(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ContractError(f"{shown_url(url)}: only https is asked, and plain http on loopback")


def _glance(file: IO[bytes]) -> bytes:
    """A small file, or both ends of a large one."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size <= 2 * GLANCE:
        return file.read()
    begins = file.read(GLANCE)
    file.seek(-GLANCE, os.SEEK_END)
    return begins + file.read()
