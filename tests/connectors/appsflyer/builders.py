"""What AppsFlyer answers, in small: apps, rows of the Master API, files of the aggregate pull report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

HOST = "https://hq1.appsflyer.com"
APPS = f"{HOST}/api/mng/apps"
LAST_UPDATE = f"{HOST}/api/master-agg-data/lastupdate"
APP = "id123456789"
MASTER = f"{HOST}/api/master-agg-data/v4/app/{APP}"
PULL = f"{HOST}/api/agg-data/export/app/{APP}/partners_by_date_report/v5"
DAY = "2026-10-05"

Json: TypeAlias = Mapping[str, object]

HEADER = (
    "Date,Agency/PMD (af_prt),Media Source (pid),Campaign (c),Impressions,Clicks,CTR,Installs,"
    "Conversion Rate,Total Revenue,af_purchase (Event counter),clicks (Event counter),Sales in EUR"
)
RETARGETED = "Date,Agency/PMD (af_prt),Media Source (pid),Campaign (c),Clicks,Conversions,Conversion Type"


def app(number: str = APP, **attributes: object) -> Json:
    told = {"name": "Demo", "platform": "ios", "currency": "EUR", "time_zone": "Europe/Paris"}
    return {"id": number, "type": "app", "attributes": told | attributes}


def row(**changes: object) -> Json:
    """A row of the Master API; a title with blanks is written with underscores."""
    cells = {
        "Install Time": DAY,
        "Media Source": "nightbird_int",
        "Campaign ID": "4711",
        "Campaign": "Autumn",
        "Attributed Touch Type": "click",
        "Is Primary": "true",
        "Impressions": "N/A",
        "Clicks": 900,
        "Installs": 88,
    }
    return cells | {name.replace("_", " "): value for name, value in changes.items()}


def fraud(**changes: object) -> Json:
    cells = {
        "Install Time": DAY,
        "Media Source": "nightbird_int",
        "Campaign ID": "4711",
        "Campaign": "Autumn",
        "Post Attribution Installs": 9,
    }
    return cells | {name.replace("_", " "): value for name, value in changes.items()}


def line(
    *,
    day: str = DAY,
    agency: str = "None",
    source: str = "nightbird_int",
    campaign: str = "Autumn",
    shown: str = "N/A",
    clicks: str = "900",
    installs: str = "88",
) -> str:
    """A row of the aggregate pull report."""
    return f"{day},{agency},{source},{campaign},{shown},{clicks},N/A,{installs},N/A,61.10,6,7777,98.00"


def sheet(*lines: str, header: str = HEADER) -> str:
    """A file as AppsFlyer writes it."""
    return "\ufeff" + "".join(f"{one}\r\n" for one in (header, *lines))
