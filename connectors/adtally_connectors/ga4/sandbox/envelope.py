"""Refusals in the form of Google's APIs, and the body of a report as it may be written.

Source: GA4 Data API v1beta, RunReportRequest and FilterExpression, and Google's canonical error codes; read
2026-11.
"""

from __future__ import annotations

import msgspec

from adtally import world

STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}
AT_ONCE = {"Retry-After": "0"}
"""GA4 sends no such header; the sandbox does, so that its moods take no time."""


class Refusal(Exception):
    """One error of the API by its HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def refused(refusal: Refusal) -> world.Reply:
    told = {"code": refusal.status, "message": refusal.message, "status": STATUSES[refusal.status]}
    headers = AT_ONCE if refusal.status in (429, 503) else {}
    return world.json_reply({"error": told}, status=refusal.status, headers=headers)


def invalid(message: str) -> Refusal:
    return Refusal(400, message)


class Strict(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A part of a request; any other key is refused."""


class Name(Strict, frozen=True):
    name: str


class Days(Strict, frozen=True):
    start_date: str
    end_date: str


class StringFilter(Strict, frozen=True):
    value: str
    match_type: str = "EXACT"
    case_sensitive: bool = False


class InList(Strict, frozen=True):
    values: tuple[str, ...]
    case_sensitive: bool = False


class Empty(Strict, frozen=True):
    """Holds for ``(not set)`` and empty."""


class Filter(Strict, frozen=True):
    field_name: str
    string_filter: StringFilter | None = None
    in_list_filter: InList | None = None
    empty_filter: Empty | None = None


class Expression(Strict, frozen=True):
    """One of the four."""

    and_group: Group | None = None
    or_group: Group | None = None
    not_expression: Expression | None = None
    filter: Filter | None = None


class Group(Strict, frozen=True):
    expressions: tuple[Expression, ...]


class DimensionOrder(Strict, frozen=True):
    dimension_name: str
    order_type: str = "ALPHANUMERIC"


class Order(Strict, frozen=True):
    dimension: DimensionOrder
    desc: bool = False


class Asked(Strict, frozen=True):
    """The body of runReport; of the API's other keys the sandbox knows none."""

    date_ranges: tuple[Days, ...]
    metrics: tuple[Name, ...]
    dimensions: tuple[Name, ...] = ()
    dimension_filter: Expression | None = None
    order_bys: tuple[Order, ...] = ()
    keep_empty_rows: bool = False
    limit: int = 10_000
    offset: int = 0


def asked(body: bytes) -> Asked:
    """The report that is asked for. Raises Refusal for what is none."""
    try:
        return msgspec.json.decode(body, type=Asked, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise invalid(f"Invalid JSON payload received. {error}") from None
