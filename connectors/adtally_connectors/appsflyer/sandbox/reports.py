"""The two reports on what was counted: of the Master API as JSON or CSV, and the aggregate pull report.

Source: published OpenAPI documents "Master API" and "Aggregate Pull API V2 token" (as of 2026-08); rows and
headers as public clients quote them; read 2026-11.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

from adtally import world

from .counted import KINDS, Counted
from .envelope import Refusal, check_names, days

TITLES = {
    "install_time": "Install Time",
    "pid": "Media Source",
    "af_c_id": "Campaign ID",
    "c": "Campaign",
    "af_prt": "Agency",
    "attributed_touch_type": "Attributed Touch Type",
    "is_primary": "Is Primary",
    "impressions": "Impressions",
    "clicks": "Clicks",
    "installs": "Installs",
    "post_attribution_installs": "Post Attribution Installs",
}
"""The groupings and counts that the sandbox has, with what their columns are called."""
COUNTS = tuple(KINDS.values())
LONGEST = 31
HEADER = (
    *("Date", "Agency/PMD (af_prt)", "Media Source (pid)", "Campaign (c)", "Impressions", "Clicks", "CTR"),
    *("Installs", "Conversion Rate", "Sessions", "Loyal Users", "Loyal Users/Installs", "Total Revenue"),
    *("Total Cost", "ROI", "Average eCPI", "af_purchase (Unique users)", "af_purchase (Event counter)"),
)
OF_PULL = ("from", "to", "timezone", "currency", "reattr", "category", "media_source")
WRONG_FIELDS = Refusal(416, "Wrong API Fields")
NULL = "None"


def master(rows: Iterable[Counted], given: Mapping[str, str], *, protect360: bool) -> world.Reply:
    """The rows by the groupings that were asked for, with the counts that were asked for."""
    kpis, groupings = _names(given, "kpis"), _names(given, "groupings")
    if not kpis:
        raise Refusal(403, "No KPIs provided.")
    if not groupings:
        raise Refusal(416, "No Groupings Selected")
    has = COUNTS if protect360 else COUNTS[:3]
    if not set(kpis) <= set(has) or not set(groupings) <= TITLES.keys() - set(COUNTS):
        raise WRONG_FIELDS
    known = ("from", "to", "groupings", "kpis", "timezone", "currency", "format")
    check_names(given, known, WRONG_FIELDS)
    if given.get("timezone", "preferred") != "preferred" or given.get("format", "json") not in ("", "json"):
        raise WRONG_FIELDS
    if days(given, 403, in_object=False).days > LONGEST:
        told = "Something went wrong. Please re-try to download in a minute, choose a narrower time range"
        raise Refusal(416, f"{told}, or contact AppsFlyer support.")
    sums: dict[tuple[str | None, ...], dict[str, int]] = {}
    for row in rows:
        if set(kpis) & row.counts.keys():
            known_sums = sums.setdefault(tuple(row.cells[name] for name in groupings), {})
            for name, number in row.counts.items():
                known_sums[name] = known_sums.get(name, 0) + number
    titles = [TITLES[name] for name in (*groupings, *kpis)]
    table = [
        [*(NULL if cell is None else cell for cell in cells), *(counts.get(name) for name in kpis)]
        for cells, counts in sums.items()
    ]
    if given.get("format") == "json":
        return world.json_reply([dict(zip(titles, line, strict=True)) for line in table])
    return _csv(titles, [["N/A" if cell is None else cell for cell in line] for line in table])


def pull(rows: Iterable[Counted], given: Mapping[str, str], timezone: str) -> world.Reply:
    """The aggregate report by day, media source and campaign; assists are not in it."""
    for name, allowed in {"category": ("standard",), "reattr": ("true", "false")}.items():
        if name in given and given[name] not in allowed:
            raise Refusal(400, f"Invalid {name}", in_object=True)
    if given.get("timezone", "UTC") != timezone:
        raise Refusal(400, "Invalid timezone", in_object=True)
    sums: dict[tuple[str | None, ...], dict[str, int]] = {}
    for row in rows:
        users = row.counts.keys() & set(COUNTS[:3])
        if row.is_primary and users:
            known = sums.setdefault(
                tuple(row.cells[name] for name in ("install_time", "af_prt", "pid", "c")), {}
            )
            for name in users:
                known[name] = known.get(name, 0) + row.counts[name]
    if given.get("reattr") == "true":
        return _retargeting(sums)
    lines: list[list[object]] = []
    for cells, counts in sums.items():
        shown, clicked, installed = (
            counts.get(name, "N/A") for name in ("impressions", "clicks", "installs")
        )
        known_cells = [NULL if cell is None else cell for cell in cells]
        lines.append(
            [
                *known_cells,
                shown,
                clicked,
                "N/A",
                installed,
                "N/A",
                5,
                1,
                "0.2",
                "61.10",
                "N/A",
                "N/A",
                "N/A",
                2,
                3,
            ]
        )
    return _csv(HEADER, lines)


def _retargeting(sums: Mapping[tuple[str | None, ...], Mapping[str, int]]) -> world.Reply:
    """Of each row a few who installed anew, and many who only came back."""
    header = (*HEADER[:4], "Clicks", "Conversions", "Conversion Type", "Conversion Rate", "Sessions")
    lines: list[list[object]] = []
    for cells, counts in sums.items():
        known_cells = [NULL if cell is None else cell for cell in cells]
        for kind, number in (("re-attribution", 2), ("re-engagement", 40)):
            lines.append([*known_cells, counts.get("clicks", "N/A"), number, kind, "N/A", 9])
    return _csv(header, lines)


def _csv(header: Sequence[str], lines: Iterable[Sequence[object]]) -> world.Reply:
    """A file as AppsFlyer writes it: with a byte order mark and CRLF."""
    text = StringIO()
    write = csv.writer(text, lineterminator="\r\n").writerow
    write(header)
    for line in lines:
        write(line)
    return world.Reply(200, b"\xef\xbb\xbf" + text.getvalue().encode(), {"Content-Type": "text/csv"})


def _names(given: Mapping[str, str], parameter: str) -> list[str]:
    return [name for name in given.get(parameter, "").split(",") if name]
