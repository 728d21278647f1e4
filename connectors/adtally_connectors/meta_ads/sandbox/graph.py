"""The Graph API as the fake reads it: parameters, selected fields, pages, and refusals.

Source: "Graph API" guides and the error reference of the Marketing API v26.0, read 2026-11.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

import msgspec

from adtally import world

FIELD = re.compile(r"(\w+)(?:\{([^{}]*)\})?\s*(?:,|$)\s*")
ALWAYS = {"access_token", "appsecret_proof"}


class Refusal(Exception):
    """One error of the API, by its code and, where it has one, its subcode."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int = 0,
        status: int = 400,
        headers: Mapping[str, str] | None = None,
        is_transient: bool = False,
    ) -> None:
        super().__init__(message)
        self.code, self.subcode, self.status = code, subcode, status
        self.message, self.headers, self.is_transient = message, dict(headers or {}), is_transient


def refused(refusal: Refusal, trace: str) -> world.Reply:
    """The refusal as the API words it."""
    error: dict[str, object] = {
        "message": refusal.message,
        "type": "OAuthException",
        "code": refusal.code,
        "is_transient": refusal.is_transient,
        "fbtrace_id": trace,
    }
    if refusal.subcode:
        error["error_subcode"] = refusal.subcode
    return world.json_reply({"error": error}, status=refusal.status, headers=refusal.headers)


def parameters(request: world.Request) -> dict[str, str]:
    """Those of the query and, of a POST, of its form or JSON body; a value that is no text becomes JSON."""
    found = dict(request.query)
    if request.body:
        kind = request.headers.get("content-type", "").partition(";")[0]
        if kind == "application/json":
            body = msgspec.json.decode(request.body, type=dict[str, object])
            found |= {
                name: value if isinstance(value, str) else msgspec.json.encode(value).decode()
                for name, value in body.items()
            }
        else:
            found |= dict(parse_qsl(request.body.decode()))
    return found


def check_names(given: Mapping[str, str], known: Collection[str]) -> None:
    """Refuse a parameter that the edge does not have."""
    unknown = sorted(given.keys() - ALWAYS - set(known))
    if unknown:
        raise Refusal(100, f"(#100) Param {unknown[0]} is not a parameter of this edge.")


def decoded(given: Mapping[str, str], name: str) -> object:
    """A parameter that is JSON, or None where it is not given."""
    text = given.get(name)
    try:
        return None if text is None else msgspec.json.decode(text)
    except msgspec.DecodeError:
        raise Refusal(100, f"(#100) Param {name} must be valid JSON.") from None


def listed(given: Mapping[str, str], name: str) -> list[str]:
    """A parameter that is a JSON list of texts; [] where it is not given."""
    value = decoded(given, name)
    if value is None:
        return []
    try:
        return msgspec.convert(value, list[str])
    except msgspec.ValidationError:
        raise Refusal(100, f"(#100) Param {name} must be an array.") from None


def selected(node: Mapping[str, object], fields: str, known: Collection[str], kind: str) -> dict[str, object]:
    """The named fields that have a value, with ``id``; nested ones as ``campaign{name}``."""
    found: dict[str, object] = {"id": node["id"]} if "id" in node else {}
    at = 0
    while at < len(fields):
        match = FIELD.match(fields, at)
        if match is None:
            raise Refusal(2500, f"Syntax error in fields near {fields[at : at + 20]!r}.")
        name, inner = match[1], match[2]
        if name not in known:
            raise Refusal(100, f"(#100) Tried accessing nonexisting field ({name}) on node type ({kind}).")
        value = node.get(name)
        if inner:
            names = {part.strip() for part in inner.split(",")}
            whole = msgspec.convert(value, dict[str, object])
            value = {part: whole[part] for part in whole if part in names}
        if value is not None:
            found[name] = value
        at = match.end()
    return found


def page(
    rows: Sequence[Mapping[str, object]], given: Mapping[str, str], *, url: str, most: int
) -> dict[str, object]:
    """One page of rows, with the absolute URL of the next one; ``most`` is what one page can hold here."""
    text = given.get("limit", "25")
    if not text.isdigit() or int(text) < 1:
        raise Refusal(100, "(#100) Param limit must be a positive integer.")
    at = _offset(given.get("after", ""), len(rows))
    end = at + min(int(text), most)
    answer: dict[str, object] = {"data": list(rows[at:end])}
    if rows:
        cursors = {"before": _cursor(at), "after": _cursor(min(end, len(rows)))}
        paging: dict[str, object] = {"cursors": cursors}
        if end < len(rows):
            query = {name: value for name, value in given.items() if name != "appsecret_proof"}
            paging["next"] = f"{url}?{urlencode(query | {'after': _cursor(end)})}"
        answer["paging"] = paging
    if given.get("summary") == "true":
        answer["summary"] = {"total_count": len(rows)}
    return answer


def _cursor(at: int) -> str:
    return base64.urlsafe_b64encode(f"row {at}".encode()).decode()


def _offset(cursor: str, rows: int) -> int:
    if not cursor:
        return 0
    try:
        at = int(base64.urlsafe_b64decode(cursor).removeprefix(b"row "))
    except (ValueError, binascii.Error):
        at = -1
    if not 0 <= at <= rows:
        raise Refusal(100, "(#100) Invalid cursor value.")
    return at
