"""What is asked of AppsFlyer: paths, groupings and counts.

Source: published OpenAPI documents "App list API", "Master API", "Master freshness API" and "Aggregate Pull
API V2 token" (as of 2026-08; read 2026-11).
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlencode

from adtally import Account, Window

APPS = "/api/mng/apps"
APPS_SIZE = 1000
MASTER = "/api/master-agg-data/"
LAST_UPDATE = f"{MASTER}lastupdate"
PULL = "/api/agg-data/"


class Counts(NamedTuple):
    """Columns of a report by the kind of evidence that they count, and by what they are grouped."""

    columns: dict[str, str]
    groupings: tuple[str, ...] = ()


BY_CAMPAIGN = ("install_time", "pid", "af_c_id", "c")
USERS = Counts(
    {"install": "installs", "click": "clicks", "impression": "impressions"},
    (*BY_CAMPAIGN, "attributed_touch_type", "is_primary"),
)
FRAUD = Counts({"invalid_install": "post_attribution_installs"}, BY_CAMPAIGN)
"""What was attributed, and so may be billed, and was found out later; blocked installs never were."""
RETARGETED = Counts({"install": "conversions"})


def master_path(account: Account) -> str:
    return f"{MASTER}v4/app/{quote(account.id, safe='')}"


def master_params(counts: Counts, window: Window) -> dict[str, object]:
    """Days and amounts are the app's own; the rows come as JSON."""
    return {
        "from": window.first_day,
        "to": window.last_day,
        "groupings": ",".join(counts.groupings),
        "kpis": ",".join(counts.columns.values()),
        "timezone": "preferred",
        "format": "json",
    }


def pull_path(account: Account, window: Window, *, retargeting: bool) -> str:
    """The report by day, media source and campaign. Its days are UTC's unless the app's zone is named."""
    asked = {"from": str(window.first_day), "to": str(window.last_day), "timezone": account.timezone}
    if retargeting:
        asked["reattr"] = "true"
    return f"{PULL}export/app/{quote(account.id, safe='')}/partners_by_date_report/v5?{urlencode(asked)}"
