"""Microsoft's names of time zones and the IANA's: accounts have the first, the ledger the second.

Source: API v13, "TimeZoneType", "ReportTimeZone", and the guide "Time Zones" with its offsets (2024-11-06);
read 2026-11. ``zones.csv`` names one place for each; where the places of a name went different ways since,
one that has Microsoft's offset. ``AlmatyNovosibirsk`` (UTC+6) is not there: neither city has that offset.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from adtally import ContractError

SPELLED_IN_REPORTS = {
    "AthensBuckarestIstanbul": "AthensIslandanbulMinsk",
    "IslamabadKarachiTashkent": "IslandamabadKarachiTashkent",
    "MidwayIslandAndSamoa": "MidwayIslandandSamoa",
    "SolomonIslandNewCaledonia": "MagadanSolomonIslandNewCaledonia",
}
"""Names that the requests of reports have in another spelling than accounts."""


def to_iana(name: str) -> str:
    """The IANA name for an account's zone; one that is not known comes back, and is refused by core.

    The capitals of a name differ between versions.
    """
    return _table().get(name.casefold(), name)


def to_report_zone(iana: str) -> str:
    """The zone as a report is asked for it. Raises ContractError for one without a name of Microsoft's."""
    names = [name for name, place in _rows() if place == iana]
    if not names:
        raise ContractError(f"Microsoft has no name for the time zone {iana}")
    return SPELLED_IN_REPORTS.get(names[0], names[0])


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    text = files("adtally_connectors.microsoft_ads").joinpath("zones.csv").read_text(encoding="ascii")
    return tuple((row["microsoft"], row["iana"]) for row in csv.DictReader(text.splitlines()))


@cache
def _table() -> Mapping[str, str]:
    places = dict(_rows())
    spellings = {other: places[name] for name, other in SPELLED_IN_REPORTS.items()}
    return {name.casefold(): place for name, place in (places | spellings).items()}
