"""What AppsFlyer counted in the world, as rows of every grouping, and the noise around it.

Source: rows of Master API and aggregate pull reports as public clients quote them; read 2026-11. The counts
of a campaign are the world's proofs. Around them lie organic installs, a network without campaign ids, what
privacy restricts, and assists, which are one more source of an install that counts elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from adtally import Window, world

SOURCES = {
    "google_ads": "googleadwords_int",
    "meta_ads": "Facebook Ads",
    "tiktok_ads": "bytedanceglobal_int",
    "snapchat_ads": "snapchat_int",
    "x_ads": "Twitter",
    "apple_ads": "Apple Search Ads",
}
"""Media sources by platform; any other one is a network with a link of AppsFlyer's."""
KINDS = {
    "install": "installs",
    "click": "clicks",
    "impression": "impressions",
    "invalid_install": "post_attribution_installs",
}
RENAMED = date(2026, 10, 10)
"""On this day each campaign is renamed, so that it comes under both names."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What one row counts; a count that is not there is not told."""

    day: date
    pid: str
    af_c_id: str | None
    c: str | None
    counts: dict[str, int]
    attributed_touch_type: str | None = "click"
    is_primary: bool = True
    af_prt: str | None = None

    @property
    def cells(self) -> dict[str, str | None]:
        """Its cells by the name of the grouping."""
        return {
            "install_time": str(self.day),
            "pid": self.pid,
            "af_c_id": self.af_c_id,
            "c": self.c,
            "af_prt": self.af_prt,
            "attributed_touch_type": self.attributed_touch_type,
            "is_primary": str(self.is_primary).lower(),
        }


def counted(played: world.World, app_id: str, window: Window) -> list[Counted]:
    """Every row of the days, sorted as AppsFlyer does: by nothing that a reader could rely on."""
    rows = [*_campaigns(played, app_id, window), *_noise(played, app_id, window)]
    return sorted(rows, key=lambda row: _chance(played.seed, row.day, row.pid, row.c or "", row.is_primary))


def _campaigns(played: world.World, app_id: str, window: Window) -> Iterator[Counted]:
    names = {one.campaign_id: one.name for account in played.accounts for one in account.campaigns}
    platforms = {account.account_id: account.platform for account in played.accounts}
    grouped: dict[tuple[date, str, str | None, str | None], dict[str, int]] = {}
    for proof in played.evidence:
        if (proof.connector, proof.source_id) == ("appsflyer", app_id) and proof.day in window:
            platform = platforms.get(proof.account_id, "network")
            pid = proof.refers_to or SOURCES.get(platform, f"{platform}_int")
            af_c_id = proof.campaign_id if proof.key_kind == "campaign_id" else None
            name = names.get(proof.campaign_id, proof.campaign_id) if af_c_id else None
            counts = grouped.setdefault((proof.day, pid, af_c_id, name), {})
            counts[KINDS[proof.kind]] = counts.get(KINDS[proof.kind], 0) + proof.quantity
    for (day, pid, af_c_id, name), counts in grouped.items():
        if name and day == RENAMED:
            before = {kind: count // 2 for kind, count in counts.items()}
            yield Counted(day, pid, af_c_id, f"{name} (old)", before, af_prt="agency_x")
            counts = {kind: count - before[kind] for kind, count in counts.items()}  # noqa: PLW2901
        yield Counted(day, pid, af_c_id, name, counts)
        yield Counted(day, pid, af_c_id, name, {"installs": 3}, is_primary=False)


def _noise(played: world.World, app_id: str, window: Window) -> Iterator[Counted]:
    for day in window:
        if not played.first_day <= day <= played.today:
            continue
        some = 20 + _chance(played.seed, app_id, day) % 60
        yield Counted(day, "organic", None, None, {"installs": 9 * some}, None)
        wave = 'Autumn, "wave 2"'
        clicks = {"installs": some, "clicks": 11 * some, "post_attribution_installs": some // 9}
        yield Counted(day, "nightbird_int", None, wave, clicks)
        seen = {"installs": some // 5, "clicks": 0, "impressions": 400 * some}
        yield Counted(day, "nightbird_int", None, wave, seen, "impression")
        yield Counted(day, "restricted", None, None, {"installs": some // 4})


def _chance(*names: object) -> int:
    digest = hashlib.blake2b("/".join(map(str, names)).encode(), digest_size=4).digest()
    return int.from_bytes(digest)
