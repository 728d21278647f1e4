"""What every answer is wrapped in, and how bodies are read.

Source: Apple Ads Platform API 1.0, "ErrorResponse", "QueryRequest", "RequestPagination"; apple-ads-platform
1.117.0; read 2026-11. Money is decimal text.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, TypeAlias, TypeVar

import msgspec

from adtally import world

T = TypeVar("T")
Value: TypeAlias = bool | int | str
MOST_ROWS, DEFAULT_ROWS = 5000, 100
CODES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "TOO_MANY_REQUESTS",
    500: "INTERNAL",
}


class Refusal(Exception):
    """One error of the API by its HTTP status."""

    def __init__(self, status: int, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.detail = status, message, detail


class Strict(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A part of a body; any other key is refused."""


class Filter(Strict, frozen=True):
    field: str
    operator: str
    value: Value | list[Value]

    @property
    def values(self) -> list[Value]:
        return self.value if isinstance(self.value, list) else [self.value]


class Sorting(Strict, frozen=True):
    field: str
    order: Literal["ASC", "DESC"] = "ASC"


class Pagination(Strict, frozen=True):
    offset: int = 0
    page_size: int = DEFAULT_ROWS


class CountedPagination(Pagination, frozen=True):
    fetch_total_count: bool = False


def invalid(message: str, detail: str = "INVALID_VALUE") -> Refusal:
    return Refusal(400, message, detail)


def refused(refusal: Refusal) -> world.Reply:
    detail = {"code": refusal.detail, "message": f"See {refusal.detail}."}
    details = [detail] if refusal.detail else list[dict[str, str]]()
    error = {"code": CODES[refusal.status], "message": refusal.message, "details": details}
    return world.json_reply({"error": error}, status=refusal.status)


def decoded(request: world.Request, shape: type[T]) -> T:
    """The JSON body of a question."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise invalid("The body must be application/json.")
    try:
        return msgspec.json.decode(request.body, type=shape)
    except msgspec.DecodeError as error:
        raise invalid(f"The request has invalid fields: {error}") from error


def in_order(rows: Sequence[T], sorting: Sequence[Sorting]) -> list[T]:
    """Rows by id, in the direction that is asked for."""
    for each in sorting:
        if each.field != "id":
            raise invalid(f"sorting: the sandbox sorts by id only, not by {each.field}.")
    down = bool(sorting) and sorting[0].order == "DESC"
    return list(reversed(rows)) if down else list(rows)


def cut_out(rows: Sequence[T], asked: Pagination) -> list[T]:
    """The page of rows that is asked for."""
    if asked.offset < 0 or not 1 <= asked.page_size <= MOST_ROWS:
        raise invalid(f"pagination: offset is 0 or more, pageSize 1 to {MOST_ROWS}.")
    return list(rows[asked.offset : asked.offset + asked.page_size])


def placed(asked: Pagination, total: int | None) -> dict[str, int]:
    """Where the page stands."""
    place = {"offset": asked.offset, "pageSize": asked.page_size}
    return place if total is None else place | {"totalCount": total}


def money(micros: int, currency: str) -> dict[str, str]:
    """Decimal text with the currency's decimals, or more where the amount has them."""
    amount = Decimal(micros).scaleb(-6)
    text = f"{amount:.2f}" if currency != "JPY" else f"{amount:.0f}"
    exact = text if Decimal(text) == amount else f"{amount.normalize():f}"
    return {"amount": exact, "currency": currency}
