"""Asynchronous reports: asked for, looked at until they are complete, and sometimes failed.

Source: guide "Insights: asynchronous jobs" and ``AdReportRun`` of facebook-business 26.0.3, read 2026-11.
"""

from __future__ import annotations

from dataclasses import dataclass

from adtally import world

from .query import Query

STEPS = (
    {"async_status": "Job Not Started", "async_percent_completion": 0, "is_running": True},
    {"async_status": "Job Running", "async_percent_completion": 60, "is_running": True},
    {"async_status": "Job Completed", "async_percent_completion": 100, "is_running": False},
)
FAILURE = {
    "async_status": "Job Failed",
    "async_percent_completion": 0,
    "is_running": False,
    "error_code": -2,
    "error_subcode": 2490547,
    "error_message": "Report failed",
    "error_user_title": "Report Failed",
    "error_user_msg": "Try again later.",
}


@dataclass(slots=True)
class Run:
    """An asynchronous report: what was asked, and how often somebody looked."""

    run_id: str
    account: world.Account
    query: Query
    fails: bool
    looks: int = 0

    def node(self) -> dict[str, object]:
        self.looks += 1
        step = FAILURE if self.fails else STEPS[min(self.looks, len(STEPS)) - 1]
        window = self.query.window
        return {
            "id": self.run_id,
            "account_id": self.account.account_id,
            "time_ref": 1793800000,
            "date_start": window.first_day.isoformat(),
            "date_stop": window.last_day.isoformat(),
            **step,
        }

    @property
    def is_ready(self) -> bool:
        return not self.fails and self.looks >= len(STEPS)
