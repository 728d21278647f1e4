"""How refusals look, in both their shapes, and how bodies are checked.

Source: API v13, fault models of the SDK 13.0.30.1, "Operation Error Codes" (2024-11-06); read 2026-11. Which
HTTP status comes with a fault is not documented.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias, TypeVar

import msgspec

from adtally import world

Json: TypeAlias = dict[str, object]
T = TypeVar("T")

SYMBOLS = {
    0: "InternalError",
    100: "NullRequest",
    105: "InvalidCredentials",
    106: "UserIsNotAuthorized",
    109: "AuthenticationTokenExpired",
    116: "RequestMissingHeaders",
    117: "CallRateExceeded",
    207: "ConcurrentRequestOverLimit",
    210: "EntityNotExistent",
    2003: "ReportingServiceAccountNotAuthorized",
    2009: "ReportingServiceInvalidCustomDateRangeStart",
    2010: "ReportingServiceInvalidCustomDateRangeEnd",
    2014: "ReportingServiceNullColumns",
    2015: "ReportingServiceRequiredColumnsNotSelected",
    2016: "ReportingServiceDuplicateColumns",
    2017: "ReportingServiceNoMeasureSelected",
    2018: "ReportingServiceInvalidAccountId",
    2030: "ReportingServiceMaxCampaignsExceeded",
    2100: "ReportingServiceInvalidReportId",
}
OF_THE_API = {0, 105, 106, 109, 116, 117}
"""Codes that come in the shape of authentication and throttling."""
STATUSES = {0: 500, 105: 401, 109: 401}


class Refusal(Exception):
    """One error of the API by its code."""

    def __init__(self, code: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.headers = code, message, headers

    def reply(self, tracking_id: str) -> world.Reply:
        error = {"Code": self.code, "ErrorCode": SYMBOLS[self.code], "Message": self.message}
        nothing: list[str] = []
        document: Json = {"TrackingId": tracking_id}
        if self.code in OF_THE_API:
            document |= {"Errors": [error | {"Detail": ""}], "Type": "AdApiFaultDetail"}
        else:
            operation = [error | {"Details": ""}]
            document |= {"OperationErrors": operation, "BatchErrors": nothing, "Type": "ApiFaultDetail"}
        return world.json_reply(document, status=STATUSES.get(self.code, 400), headers=self.headers)


def invalid(message: str) -> Refusal:
    return Refusal(100, message)


def check_names(given: Collection[str], needed: Collection[str], known: Collection[str] = ()) -> None:
    """Refuse a key that the request does not have, and the lack of one that it needs."""
    for name in sorted(set(given) - set(known) - set(needed)):
        raise invalid(f"{name}: unknown element.")
    for name in needed:
        if name not in given:
            raise invalid(f"{name}: this element is required.")


def read(given: Mapping[str, object], name: str, shape: type[T]) -> T:
    """One element of a request in its type: ids are text."""
    try:
        return msgspec.convert(given.get(name), shape)
    except msgspec.ValidationError as error:
        raise invalid(f"{name}: {error}") from error


def optional(given: Mapping[str, object], name: str, shape: type[T]) -> T | None:
    """One element of a request, or None where it is left out or null."""
    return None if given.get(name) is None else read(given, name, shape)


def flags(given: Mapping[str, object], name: str, known: Collection[str]) -> set[str]:
    """The values of one text with commas; none where it is left out."""
    found = {flag.strip() for flag in (optional(given, name, str) or "").split(",")} - {""}
    for flag in sorted(found - set(known)):
        raise invalid(f"{name}: {flag} is not a value.")
    return found


def page(rows: Sequence[object], given: Mapping[str, object], most: int) -> list[object]:
    """The asked page; a page beyond the last one is empty."""
    asked = read(given, "PageInfo", dict[str, int])
    check_names(asked, ("Index", "Size"))
    index, size = asked["Index"], asked["Size"]
    if index < 0 or not 1 <= size <= most:
        raise invalid(f"PageInfo: Index from 0 and Size up to {most} are possible.")
    return list(rows[index * size : (index + 1) * size])


def predicate(given: Mapping[str, object], fields: Collection[str]) -> tuple[str, str]:
    """The one condition of a search: its field and value."""
    predicates = read(given, "Predicates", list[dict[str, str]])
    if len(predicates) != 1:
        raise invalid("Predicates: exactly one is possible.")
    check_names(predicates[0], ("Field", "Operator", "Value"))
    if predicates[0]["Field"] not in fields or predicates[0]["Operator"] != "Equals":
        raise invalid("Predicates: not a possible field or operator.")
    return predicates[0]["Field"], predicates[0]["Value"]
