"""How much of Meta's hourly quotas is used, as the headers of every answer tell it.

Source: "Rate limiting", Marketing API v26 (2026-05-05). Shares are percents of a rolling hour, the time to
regain access is in minutes, and each header names one quota or several (app, account, use case).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

USE_CASES = "x-business-use-case-usage"
QUOTAS = ("x-fb-ads-insights-throttle", "x-ad-account-usage", "x-app-usage")

STOP_AT, STOP_SECONDS = 95.0, 60.0
EASE_AT, EASE_SECONDS = 75.0, 2.0
LONGEST_STOP = 900.0


class Quota(Struct):
    """One quota; each header fills in other fields."""

    app_id_util_pct: float = 0
    acc_id_util_pct: float = 0
    call_count: float = 0
    total_cputime: float = 0
    total_time: float = 0
    estimated_time_to_regain_access: float | None = None

    @property
    def used(self) -> float:
        parts = (self.call_count, self.total_cputime, self.total_time)
        return max(self.app_id_util_pct, self.acc_id_util_pct, *parts)


def seconds_to_wait(headers: Mapping[str, str]) -> float:
    """How long further requests should stay away for, by what is used up; 0 while there is room."""
    used = max((quota.used for quota in _quotas(headers)), default=0.0)
    if used >= STOP_AT:
        return min(max(STOP_SECONDS, seconds_to_regain(headers) or 0), LONGEST_STOP)
    return EASE_SECONDS if used >= EASE_AT else 0.0


def seconds_to_regain(headers: Mapping[str, str]) -> float | None:
    """When Meta expects to answer again, or None if it does not say; 0 means at once."""
    told = (quota.estimated_time_to_regain_access for quota in _quotas(headers))
    return max((minutes * 60 for minutes in told if minutes is not None), default=None)


def _quotas(headers: Mapping[str, str]) -> Iterator[Quota]:
    """Every quota that the headers tell; a header that cannot be read tells none."""
    if text := headers.get(USE_CASES):
        try:
            cases = msgspec.json.decode(text, type=dict[str, list[Quota]], strict=False)
        except msgspec.DecodeError:
            return
        for quotas in cases.values():
            yield from quotas
    for name in QUOTAS:
        if text := headers.get(name):
            try:
                yield msgspec.json.decode(text, type=Quota, strict=False)
            except msgspec.DecodeError:
                return
