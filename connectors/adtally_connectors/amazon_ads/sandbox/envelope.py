"""How the services of Amazon Ads refuse, and how parameters and pages are checked.

Source: OpenAPI documents and error bodies of the Amazon Ads API; read 2026-11. Each generation of services
has another name for the words of a refusal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

import msgspec

from adtally import world

T = TypeVar("T")
MOST_ROWS, SENT_ROWS = 100, 40
"""What a page may be asked for, and what it holds at most."""
WORDS = {"/reporting": "detail", "/adsApi": "message"}
"""The name of the words by the beginning of the path; others say ``details``."""


class Refusal(Exception):
    def __init__(self, status: int, words: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.status, self.words, self.headers = status, words, headers or {}


def refused(refusal: Refusal, path: str) -> world.Reply:
    name = next((name for begin, name in WORDS.items() if path.startswith(begin)), "details")
    document = {"code": str(refusal.status), name: refusal.words, "requestId": "sandbox"}
    return world.json_reply(document, status=refusal.status, headers=refusal.headers)


def check_names(given: Collection[str], known: Collection[str]) -> None:
    for name in sorted(set(given) - set(known)):
        raise Refusal(400, f"Unknown parameter: {name}")


def body(request: world.Request, shape: type[T], *media_types: str) -> T:
    """The JSON body; its media type and the one that is accepted are part of the contract."""
    if request.headers.get("content-type") not in media_types:
        raise Refusal(415, f"Content-Type must be {' or '.join(media_types)}")
    try:
        return msgspec.json.decode(request.body, type=shape)
    except msgspec.DecodeError as error:
        raise Refusal(400, f"Request body is not valid: {error}") from error


def by_token(rows: Sequence[object], size: int, token: str | None) -> tuple[Sequence[object], str | None]:
    """One page and the token of the next one."""
    if not 1 <= size <= MOST_ROWS:
        raise Refusal(400, f"maxResults must be between 1 and {MOST_ROWS}")
    start = 0
    if token is not None:
        if not token.startswith("token-") or not token[6:].isdigit():
            raise Refusal(400, "nextToken is not valid")
        start = int(token[6:])
    end = start + min(size, SENT_ROWS)
    return rows[start:end], f"token-{end}" if end < len(rows) else None


def by_number(rows: Sequence[object], given: Mapping[str, str]) -> Sequence[object]:
    """One page by its first row."""
    start, count = given.get("startIndex", "0"), given.get("count", str(MOST_ROWS))
    if not start.isdigit() or not count.isdigit() or not 1 <= int(count) <= MOST_ROWS:
        raise Refusal(400, f"startIndex and count must be numbers, count at most {MOST_ROWS}")
    return rows[int(start) : int(start) + min(int(count), SENT_ROWS)]
