"""Secrets taken out of what a platform was asked and answered, before any of it is kept.

Three nets: the values that the configuration calls secret and the tokens obtained with them, however they are
spelled; what a link or a form says under the name of a credential; and such members of JSON.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from pydantic import BaseModel, Secret, SecretBytes, SecretStr

REMOVED = b"[removed]"
SHORT = 8
"""A secret of fewer characters is taken out only where it stands alone: inside a word it is chance."""

_NAMES = (
    rb"(?:access_token|appsecret_proof|app_?secret|client_secret|refresh_token|id_token|developer_token"
    rb"|input_token|fb_exchange_token|oauth_token|oauth_signature|assertion|password|api_?key"
    rb"|key|sig|signature|token|x-(?:amz|goog)-[a-z0-9-]+)"
)
_MEMBERS = (
    rb"(?:access_?token|appsecret_proof|app_?secret|client_?secret|refresh_?token|id_?token|developer_?token"
    rb"|oauth_token|oauth_token_secret|private_?key)"
)
_VALUE = rb"""(?:[^&"'\s<>\\;,#]|\\+/|\\+u(?!00(?:26|22|27|3c|3e|23|2c|3b))[0-9a-f]{4})++"""
_NESTED = rb"""(?:(?!%(?:25)*26)[^&"'\s<>\\;,#])++"""
_PARAMETER = (
    rb"(?i:(" + _NAMES + rb")(?:(=|\\+u003d)" + _VALUE + rb"|(%(?:25)*3d)" + _NESTED + rb"))"
)  # a link may stand in a parameter of another one, and then ends where that parameter does
# Each way begins with a literal: that alone lets the search skip what cannot be one.
_IN_LINK = re.compile(rb"(\?|&|;|\\u0026|%(?:25)*(?:3[Ff]|26))" + _PARAMETER)
_IN_FORM = re.compile(rb"()" + _PARAMETER)
_MEMBER = re.compile(rb'("(?i:' + _MEMBERS + rb')\\*"\s*:\s*\\*")(?:[^"\\]|\\+[^"\\])*+')
_SIGNS_OF_LINKS = (b"=", b"%3d", b"%253d", b"u003d")
_SIGNS_OF_MEMBERS = (b'token"', b'secret"', b'proof"', b'key"', b"token\\", b"secret\\", b"proof\\", b"key\\")
"""In lower case. To look for these first is a hundred times as quick as the patterns."""

_JSON_NAMES = {"\n": rb"\\+n", "\r": rb"\\+r", "\t": rb"\\+t", "\b": rb"\\+b", "\f": rb"\\+f", " ": rb"\+"}
_APART = rb"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\u[0-9A-Fa-f]{4}))", rb"(?![A-Za-z0-9])"


def secrets_of(settings: object, *, secret: bool = False) -> Iterator[str]:
    """Every text that pydantic hides in these settings, however deep it lies; the empty ones are left out.

    With ``secret`` all text is.
    """
    if isinstance(settings, SecretStr | SecretBytes | Secret):
        hidden = cast("SecretStr | SecretBytes | Secret[object]", settings)
        yield from secrets_of(hidden.get_secret_value(), secret=True)
    elif isinstance(settings, str | bytes):
        text = settings.decode(errors="replace") if isinstance(settings, bytes) else settings
        if secret and text.strip():
            yield text.strip()
    elif isinstance(settings, BaseModel):
        yield from secrets_of(dict(settings), secret=secret)
    elif isinstance(settings, Mapping):
        for value in cast("Mapping[object, object]", settings).values():
            yield from secrets_of(value, secret=secret)
    elif isinstance(settings, list | tuple | set | frozenset):
        for value in cast("Iterable[object]", settings):
            yield from secrets_of(value, secret=secret)


class Redactor:
    """Takes these secrets out, and those that are added to ``tokens`` later."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self.tokens = set(secrets)
        self._known = 0
        self._spellings = list[_Spelling]()

    def clean(self, data: bytes) -> bytes:
        """The text without secrets, each replaced by ``[removed]``; the very same bytes where it has none."""
        if self._known != len(self.tokens):
            self._known = len(self.tokens)
            # The longest first: one secret may be a part of another.
            ordered = sorted(filter(None, self.tokens), key=len, reverse=True)
            self._spellings = [spelling for secret in ordered for spelling in _spellings(secret)]
        for spelling in self._spellings:
            if spelling.anchor in data:
                data = spelling.pattern.sub(REMOVED, data)
        lower = data.lower()
        if any(sign in lower for sign in _SIGNS_OF_LINKS):
            data = _IN_LINK.sub(rb"\1\2\3\4" + REMOVED, data)
        if any(sign in lower for sign in _SIGNS_OF_MEMBERS):
            data = _MEMBER.sub(rb"\1" + REMOVED, data)
        return data

    def clean_form(self, data: bytes) -> bytes:
        """The same for what was sent, where a parameter may come first."""
        if first := _IN_FORM.match(data):
            data = first.expand(rb"\2\3\4" + REMOVED) + data[first.end() :]
        return self.clean(data)


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A way to write a secret: without its ``anchor``, which is quick to look for, it is not there."""

    anchor: bytes
    pattern: re.Pattern[bytes]


@lru_cache(maxsize=64)
def _spellings(secret: str) -> tuple[_Spelling, ...]:
    """In plain, JSON and percent escapes, also one inside the other; and the same of its base64."""
    raw = secret.encode()
    if len(secret) < SHORT:
        return _spelling(secret, alone=True), _spelling(b64encode(raw).decode().rstrip("="), alone=True)
    # Inside longer base64, such as of "name:secret", a text is spelled in three ways, by where it begins; its
    # first and last characters may mix with its neighbours and are left.
    encoded = (
        b64encode(bytes(before) + raw).decode()[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
        for before in range(3)
    )
    return _spelling(secret), *(_spelling(text, base64=True) for text in encoded)


def _spelling(text: str, *, alone: bool = False, base64: bool = False) -> _Spelling:
    pattern = b"".join(_character(char, base64=base64) for char in text)
    if alone:
        pattern = pattern.join(_APART)
    anchor = max(re.split(r"[^A-Za-z0-9]+", text), key=len)
    return _Spelling(anchor.encode(), re.compile(pattern))


def _character(char: str, *, base64: bool) -> bytes:
    r"""A pattern for the ways to write a character: ``/`` is also ``\/``, ``\u002f``, ``%2F``, ``%252f``."""
    if char.isascii() and char.isalnum():
        return char.encode()
    raw, units = char.encode(), char.encode("utf-16-be")
    ways = [
        b"".join(rb"\\+u(?i:%s)" % units[at : at + 2].hex().encode() for at in range(0, len(units), 2)),
        b"".join(rb"%%(?:25)*(?i:%02x)" % byte for byte in raw),
    ]
    if char in _JSON_NAMES:
        ways.append(_JSON_NAMES[char])
    if base64 and char in "+/":
        ways.append(b"-" if char == "+" else b"_")  # RFC 4648, section 5
    ways.append(rb"\\+" if char == "\\" else rb"\\*" + re.escape(raw))  # last: ``%`` begins ``%25``
    return b"(?:" + b"|".join(ways) + b")"
