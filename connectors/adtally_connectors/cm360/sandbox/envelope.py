"""Pages and refusals in the API's own form, and how parameters are read.

Source: Campaign Manager 360 API v5, guide "Errors", and its lists' parameters; read 2026-11.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from adtally import world

MOST_ROWS = 1000
DOMAINS = {403: "usageLimits", 401: "global", 404: "global"}


class Refusal(Exception):
    """One error of the API by its reason."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status, self.reason, self.message = status, reason, message


def refused(refusal: Refusal) -> world.Reply:
    """Who asks too fast is refused with 403, like who may not ask at all."""
    fault = {
        "message": refusal.message,
        "domain": "global" if refusal.reason == "forbidden" else DOMAINS.get(refusal.status, "global"),
        "reason": refusal.reason,
    }
    document = {"error": {"code": refusal.status, "message": refusal.message, "errors": [fault]}}
    headers = {"Retry-After": "1"} if refusal.reason.endswith("RateLimitExceeded") else {}
    return world.json_reply(document, status=refusal.status, headers=headers)


def invalid(message: str) -> Refusal:
    return Refusal(400, "invalid", message)


def missing(what: str) -> Refusal:
    return Refusal(404, "notFound", f"{what} not found.")


def check_names(given: Mapping[str, str], known: Collection[str], needed: Collection[str] = ()) -> None:
    """Refuse a parameter that the method does not have, and the lack of one that it needs."""
    for name in sorted(given.keys() - set(known) - set(needed)):
        raise invalid(f'Invalid JSON payload received. Unknown name "{name}".')
    for name in needed:
        if not given.get(name):
            raise Refusal(400, "required", f"Required parameter: {name}")


def page(
    key: str, rows: Sequence[object], given: Mapping[str, str], *, most: int = MOST_ROWS
) -> dict[str, object]:
    """One page of a list; the token is "" after the last one."""
    text = given.get("maxResults", str(most))
    if not text.isdigit() or not 0 < int(text) <= most:
        raise invalid(f"Invalid value {text!r} for maxResults.")
    size, token = int(text), given.get("pageToken", "")
    if token and not token.removeprefix("CAEQ").isdigit():
        raise invalid("Invalid page token.")
    start = int(token.removeprefix("CAEQ") or 0)
    following = f"CAEQ{start + size}" if start + size < len(rows) else ""
    kind = f"dfareporting#{key}ListResponse"
    return {"kind": kind, key: list(rows[start : start + size]), "nextPageToken": following}
