"""Refusals in the words of each of AppsFlyer's APIs, and how days and parameters are read.

Source: published OpenAPI documents "App list API", "Master API" and "Aggregate Pull API V2 token" (as of
2026-08; read 2026-11).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from adtally import Window, world


class Refusal(Exception):
    """One refusal: its status, and its message as text of JSON or in an object."""

    def __init__(self, status: int, message: str, *, in_object: bool = False) -> None:
        super().__init__(message)
        self.status, self.message, self.in_object = status, message, in_object


def refused(refusal: Refusal) -> world.Reply:
    """The refusal; a throttled client need not wait, so that the sandbox loses no time over it."""
    document = {"message": refusal.message} if refusal.in_object else refusal.message
    headers = {"Retry-After": "0"} if refusal.status in (429, 503) else {}
    return world.json_reply(document, status=refusal.status, headers=headers)


def not_found() -> world.Reply:
    """The page that comes for a wrong app, a foreign token and an API that the plan does not have."""
    page = b"<!DOCTYPE html><html><head><title>AppsFlyer 404</title></head><body>Not found</body></html>"
    return world.Reply(404, page, {"Content-Type": "text/html"})


def check_names(given: Mapping[str, str], known: Collection[str], refusal: Refusal) -> None:
    """Refuse a parameter that the report does not have."""
    if given.keys() - set(known):
        raise refusal


def days(given: Mapping[str, str], status: int, *, in_object: bool) -> Window:
    """The inclusive days that are asked for."""
    try:
        first, last = (date.fromisoformat(given.get(name, "")) for name in ("from", "to"))
    except ValueError:
        raise Refusal(status, "Unrecognized date format.", in_object=in_object) from None
    if first > last:
        raise Refusal(status, "From date can't be after To date.", in_object=in_object)
    return Window(first, last)
