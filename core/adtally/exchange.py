"""What was asked and what came back, as plain values that may be kept."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import requests

from .answer import Answer, witness
from .auth import noted_tokens
from .connector import Connector
from .errors import ConfigError
from .redaction import Redactor, secrets_of


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as it was before it was signed, and its answer, without secrets; no headers."""

    method: str
    url: str
    """With its parameters."""
    sent: str
    """The body of the request; "" if it had none."""
    status: int
    content_type: str
    body: bytes


def redactor_of(connector: Connector) -> Redactor:
    """What takes the connector's secrets out: those of its settings, and tokens that took their place."""
    secrets = set(secrets_of(connector))
    with suppress(ConfigError):  # of a token file that cannot be read no token can be used
        if connector.token_file:
            secrets.update([connector.token_file.read(secret) for secret in secrets])
    return Redactor(secrets)


@contextmanager
def watched(redactor: Redactor, keep: Callable[[Exchange], None]) -> Generator[None]:
    """Hand each good answer that this thread gets to ``keep``; those to requests for tokens are not shown."""

    def show(request: requests.Request, answer: Answer) -> None:
        keep(to_exchange(request, answer, redactor))

    watching, noting = witness.set(show), noted_tokens.set(redactor.tokens)
    try:
        yield
    finally:
        witness.reset(watching)
        noted_tokens.reset(noting)


def to_exchange(request: requests.Request, answer: Answer, redactor: Redactor) -> Exchange:
    """The exchange without secrets."""
    prepared = request.prepare()
    parts = urlsplit(prepared.url or "")
    url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    sent = prepared.body or b""
    return Exchange(
        method=prepared.method or "",
        url=_text(redactor.clean(url.encode())),
        sent=_text(redactor.clean_form(sent if isinstance(sent, bytes) else str(sent).encode())),
        status=answer.status,
        content_type=_text(redactor.clean(answer.headers.get("Content-Type", "").encode())),
        body=redactor.clean(answer.body),
    )


def _text(data: bytes) -> str:
    return data.decode(errors="replace")
