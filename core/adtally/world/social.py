"""Who advertises on Meta and TikTok: the accounts, their campaigns, and what was agreed for them.

Among them are accounts that pay by card, clocks on either side of UTC, and a currency that Meta counts in
whole units though ISO 4217 gives it two decimals.
"""

from __future__ import annotations

from datetime import date

from ..calendar import DAY, Window
from .cast import AUTUMN, AUTUMN_AND_A_DAY, UNTIL_PAUSED, UNTIL_REMOVED
from .casting import ALWAYS, Cast, Part
from .model import SEPTEMBER, Account

SOCIAL_MANAGER = "555000111"
"""The business at Meta that is invoiced by the month."""
CENTER = "7000000000000000555"
"""The business center at TikTok that is invoiced by the month."""
CENT, YEN = 10_000, 1_000_000
AHEAD = Window(ALWAYS.first_day, ALWAYS.last_day + DAY)
"""On a clock that is already a day further when the sandbox is asked at noon UTC."""

REACH = Cast("Social reach", "social", "cpm", 360, 15_000, 2, "cap")
TRAFFIC = Cast("Social traffic", "social", "cpc", 38, 9_000, 2, "cap")
SALES = Cast("Catalogue sales", "social", "cpm", 700, 8_000, 1, goal="conversions")
OLD = Cast("Old collection", "social", "cpc", 33, 4_000, 1, status="removed", days=UNTIL_REMOVED)
LATE_SUMMER = Cast("Late summer", "social", "cpc", 30, 3_000, 1, status="paused", days=UNTIL_PAUSED)
QUIET = Cast("Collectors only", "social", "cpm", 300, 300, 1, quiet=True)
SEASON = Cast("Autumn sale", "social", "cpm", 340, 9_000, 1, "cap", days=AUTUMN_AND_A_DAY, flight=AUTUMN)
REMNANT = Cast("Remnant traffic", "social", "cpc", 30, 9, 1, remnant=True)
PAUSED = Cast("Stock check", "social", "cpm", 280, 5_000, 1, still_on=date(2026, 10, 20))
CLIP = Cast("Short clip", "reel", "cpv", 4, 6_000, 1, "cap")
STORY = Cast("Founders' story", "reel", "cpv", 5, 5_000, 1)
INSTALLS = Cast("App installs", "social", "cpi", 60, 9_000, 1, "fixed", click_only=True)
CLICKED = Cast(
    "App installs by click", "social", "cpi", 70, 8_000, 1, "fixed", click_only=True, seen_only=False
)
FLYER = Cast("Flyer", "social", "cpm", 250, 4_000, 1)
FLYERS = (
    FLYER._replace(name="September flyer", days=Window(date(2026, 9, 3), date(2026, 9, 28))),
    FLYER._replace(name="October flyer", days=Window(date(2026, 10, 3), date(2026, 10, 28))),
)
"""Nothing runs while a month turns: what is open then does not depend on the hour."""

META: tuple[Part, ...] = (
    (
        Account("meta", "meta_ads", "3000000201", "Lindenhof Social", "EUR", "Europe/Berlin",
                manager_id=SOCIAL_MANAGER, billed_to="lindenhof social", tax_ppm=190_000, row_micros=CENT),
        (REACH, TRAFFIC, SALES, OLD, QUIET, SEASON, REMNANT),
    ),
    (
        Account("meta", "meta_ads", "3000000202", "Lindenhof Portugal", "EUR", "Europe/Lisbon",
                manager_id=SOCIAL_MANAGER, billed_to="lindenhof social", tax_ppm=190_000, row_micros=CENT),
        (REACH, TRAFFIC, LATE_SUMMER, PAUSED),
    ),
    (
        Account("meta", "meta_ads", "3000000203", "Hoshino Tea Social", "JPY", "Asia/Tokyo",
                manager_id=SOCIAL_MANAGER, billed_to="hoshino social", tax_ppm=100_000, row_micros=YEN),
        (CLIP, STORY),
    ),
    (
        Account("meta", "meta_ads", "3000000204", "Formosa Games", "TWD", "Asia/Taipei",
                manager_id=SOCIAL_MANAGER, billed_to="formosa", row_micros=YEN),
        (INSTALLS, CLICKED),
    ),
    (
        Account("meta", "meta_ads", "3000000205", "Corner Bakery Social", "EUR", "Europe/Lisbon",
                row_micros=CENT, payment="card", threshold_micros=75_000_000),
        FLYERS,
    ),
    (
        Account("meta", "meta_ads", "3000000206", "Corner Kiosk", "USD", "America/New_York",
                row_micros=CENT, payment="card", threshold_micros=50_000_000),
        FLYERS,
    ),
    (
        Account("meta", "meta_ads", "3000000207", "Lindenhof Pop-up", "EUR", "Europe/Berlin",
                manager_id=SOCIAL_MANAGER, billed_to="popup", unbilled=SEPTEMBER, row_micros=CENT),
        (Cast("Pop-up store", "social", "cpm", 300, 900, 1),),
    ),
    (
        Account("meta", "meta_ads", "3000000208", "Sister Company Social", "EUR", "Europe/Berlin",
                access="denied"),
        (),
    ),
)  # fmt: skip

TIKTOK: tuple[Part, ...] = (
    (
        Account("tiktok", "tiktok_ads", "7011111111111111101", "Pacific Outfitters Clips", "USD",
                "America/Los_Angeles", manager_id=CENTER, billed_to="pacific clips", row_micros=CENT),
        (REACH, TRAFFIC, SALES, OLD, QUIET, SEASON, REMNANT),
    ),
    (
        Account("tiktok", "tiktok_ads", "7011111111111111102", "Kea Outdoor", "NZD", "Pacific/Auckland",
                manager_id=CENTER, billed_to="kea", tax_ppm=150_000, row_micros=CENT),
        tuple(cast._replace(days=AHEAD) for cast in (REACH, TRAFFIC, SALES)),
    ),
    (
        Account("tiktok", "tiktok_ads", "7011111111111111103", "Hoshino Tea Clips", "JPY", "Asia/Tokyo",
                row_micros=YEN, payment="prepaid", voucher_ppm=120_000),
        tuple(cast._replace(days=AHEAD) for cast in (CLIP, STORY)),
    ),
    (
        Account("tiktok", "tiktok_ads", "7011111111111111104", "Sister Company Clips", "USD",
                "America/New_York", access="denied"),
        (),
    ),
)  # fmt: skip
