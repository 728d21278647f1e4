"""Titles and cells of AppsFlyer's reports, whichever of its APIs wrote them.

Source: headers and rows as public clients quote them (read 2026-11). Titles come with and without a code in
brackets and in varying case. ``None`` and ``N/A`` are text for "not told", which is not zero. Campaign names
are whatever somebody put into a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from unicodedata import category

from adtally import ContractError, to_micros

from .wire import Cell

LONGEST = 200
CODE = re.compile(r"\s*\((pid|c|af_\w+)\)$")
NOTHING = {"", "none", "n/a", "null", "nan", "(not set)", "(other)"}

TITLES: Mapping[str, tuple[str, ...]] = {
    "day": ("Install Time", "Date"),
    "source": ("Media Source", "pid"),
    "campaign_id": ("Campaign ID", "af_c_id"),
    "campaign": ("Campaign", "Campaign Name", "c"),
    "touch": ("Attributed Touch Type", "Touch Type"),
    "primary": ("Is Primary", "Is Primary Attribution"),
    "agency": ("Agency/PMD", "Agency", "af_prt"),
    "ad_group": ("Adset ID", "af_adset_id"),
    "ad": ("Adgroup ID", "af_ad_id"),
    "conversion_type": ("Conversion Type",),
    "installs": ("Installs",),
    "clicks": ("Clicks",),
    "impressions": ("Impressions",),
    "conversions": ("Conversions",),
    "post_attribution_installs": (
        "Post Attribution Installs",
        "Protect360 Post Attribution Installs",
        "Post Attribution Fraudulent Installs",
    ),
}
"""What a column may be called; the first name is the usual one."""


def plain(title: str) -> str:
    """A title without what varies in it: case, blanks, signs, a code in brackets."""
    return "".join(filter(str.isalnum, CODE.sub("", title.strip().lower())))


def found(titles: Iterable[str], needed: Iterable[str]) -> dict[str, str]:
    """The title of each known column that is there. Raises ContractError for a needed one that is not."""
    listed = list(titles)
    by_plain = {plain(title): title for title in reversed(listed)}
    there: dict[str, str] = {}
    for name, spellings in TITLES.items():
        title = next((by_plain[plain(one)] for one in spellings if plain(one) in by_plain), None)
        if title is not None:
            there[name] = title
    for name in needed:
        if name not in there:
            told = ", ".join(map(text, listed))[:300]
            raise ContractError(f"the report has no column {TITLES[name][0]} ({name}), only: {told}")
    return there


def text(cell: Cell) -> str:
    """The cell without control characters, cut to a length; "" where it tells nothing.

    Raises ContractError for a number with a fraction: an id that was one has lost digits.
    """
    if isinstance(cell, float):
        raise ContractError(f"{cell!r} came where text was expected")
    kept = "".join(letter for letter in str(cell) if category(letter)[0] != "C").strip()
    return "" if kept.lower() in NOTHING else kept[:LONGEST]


def count(title: str, cell: Cell) -> int | None:
    """Millionths, or None where it is not told. Raises ContractError for what is no count."""
    written = str(cell).strip()
    if written.lower() in NOTHING:
        return None
    try:
        number = to_micros(written)
    except ContractError:
        raise ContractError(f"{title}: {text(written)[:40]!r} is no count") from None
    if number < 0:
        raise ContractError(f"{title}: {written[:40]!r} is below zero")
    return number


def day(title: str, cell: Cell) -> date:
    """The day of ``2026-10-01`` or ``2026-10-01 00:00:00``. Raises ContractError for anything else."""
    try:
        return date.fromisoformat(str(cell).strip()[:10])
    except ValueError:
        raise ContractError(f"{title}: there is no day in {text(str(cell))[:40]!r}") from None
