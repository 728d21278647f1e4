"""The filter of a list of orders, as Shopify reads it: what it does not know is left out, with a warning.

Source: Shopify, guide "API search syntax" (read 2026-11).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

TERM = re.compile(r"(\w+):(>=|<=|>|<)?(?:'([^']*)'|(\S+))")
COMPARES: Mapping[str, Callable[[datetime, datetime], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
TIMES = ("created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class Filter:
    terms: tuple[tuple[str, str, datetime], ...]
    warnings: tuple[Mapping[str, str], ...]

    def fits(self, created: datetime, updated: datetime) -> bool:
        instants = {"created_at": created, "updated_at": updated}
        return all(COMPARES[sign](instants[name], bound) for name, sign, bound in self.terms)


def read(text: str, timezone: str) -> Filter:
    """The filter; an instant without an offset is one of the shop's clock."""
    terms: list[tuple[str, str, datetime]] = []
    warnings: list[Mapping[str, str]] = []
    for name, sign, quoted, bare in _terms(text):
        try:
            bound = datetime.fromisoformat(quoted)
        except ValueError:
            bound = None
        if name not in TIMES or not sign or bound is None:
            told = (
                f"Input `{quoted or bare}` is not an accepted value." if name in TIMES else "Invalid field."
            )
            warnings.append({"field": name, "message": told, "code": "invalid_value"})
            continue
        terms.append((name, sign, bound if bound.tzinfo else bound.replace(tzinfo=ZoneInfo(timezone))))
    return Filter(tuple(terms), tuple(warnings))


def _terms(text: str) -> Iterable[tuple[str, str, str, str]]:
    for match in TERM.finditer(text):
        yield match[1], match[2] or "", match[3] or "", match[4] or ""
