"""Who advertises on Google Ads and with publishers: the accounts, their campaigns, and what was agreed.

Ids and names are the same for every seed; prices move a little with it.
"""

from __future__ import annotations

from datetime import date

from ..calendar import DAY, Window
from .casting import Cast, Part
from .model import FIRST_DAY, OCTOBER, SEPTEMBER, Account

MANAGER, SUB_MANAGER = "1000000000", "1000000001"
MANAGERS = {MANAGER: "Lindenhof Holding", SUB_MANAGER: "Lindenhof Asia"}
"""Accounts that only hold others: the second lies below the first."""
BOOKED = Window(FIRST_DAY, OCTOBER.last_day)
UNTIL_PAUSED = Window(FIRST_DAY, date(2026, 10, 20))
UNTIL_REMOVED = Window(FIRST_DAY, date(2026, 9, 25))
AUTUMN = Window(date(2026, 9, 20), date(2026, 10, 15))
AUTUMN_AND_A_DAY = Window(AUTUMN.first_day, AUTUMN.last_day + DAY)
A_FEW_DAYS = Window(date(2026, 10, 5), date(2026, 10, 9))

BRAND = Cast("Brand search", "search", "cpc", 60, 1_100, 2, "cap")
GENERIC = Cast("Generic search", "search", "cpc", 45, 1_800, 2)
SMART = Cast("Search for conversions", "search", "cpc", 70, 900, 1, goal="conversions")
AWARE = Cast("Awareness video", "video", "cpm", 420, 12_000, 1, "cap")
VIEWABLE = Cast("Viewable display", "display", "vcpm", 310, 15_000, 2, "cap")
VIEWS = Cast("Video views", "video", "cpv", 4, 6_000, 1, "cap")
PAY_PER_SALE = Cast("Pay per sale", "display", "cpa", 1_150, 20_000, 1, "fixed", "pay_per_conversion")
EVERYWHERE = Cast("Performance Max", "all", "cpc", 55, 4_000, goal="conversions")
SUMMER = Cast("Summer sale", "search", "cpc", 40, 700, 1, status="paused", days=UNTIL_PAUSED)
OLD_SHOP = Cast("Old shop", "search", "cpc", 35, 600, 1, status="removed", days=UNTIL_REMOVED)
REMNANT = Cast("Remnant search", "search", "cpc", 30, 2, 1, remnant=True)
TEST = Cast("Display test", "display", "cpm", 150, 40, 1, days=A_FEW_DAYS, silent=True)

GOOGLE: tuple[Part, ...] = (
    (
        Account("google", "google_ads", "2000000101", "Lindenhof Shop", "EUR", "Europe/Berlin",
                manager_id=MANAGER, billed_to="lindenhof", tax_ppm=190_000),
        (BRAND, GENERIC, SMART, VIEWABLE, PAY_PER_SALE, EVERYWHERE, SUMMER, REMNANT),
    ),
    (
        Account("google", "google_ads", "2000000102", "Lindenhof India", "EUR", "Asia/Kolkata",
                manager_id=MANAGER, billed_to="lindenhof", tax_ppm=190_000),
        (BRAND, VIEWS, OLD_SHOP, TEST),
    ),
    (
        Account("google", "google_ads", "2000000103", "Pacific Outfitters", "USD", "America/Los_Angeles",
                manager_id=MANAGER, billed_to="pacific"),
        (BRAND, GENERIC, AWARE, PAY_PER_SALE, EVERYWHERE, OLD_SHOP, REMNANT),
    ),
    (
        Account("google", "google_ads", "2000000104", "Hoshino Tea", "JPY", "Asia/Tokyo",
                manager_id=SUB_MANAGER, billed_to="hoshino", tax_ppm=100_000),
        (BRAND, SMART, VIEWABLE, VIEWS, SUMMER, REMNANT),
    ),
    (
        Account("google", "google_ads", "2000000105", "Corner Bakery", "EUR", "Europe/Lisbon"),
        (BRAND, GENERIC, EVERYWHERE),
    ),
    (
        Account("google", "google_ads", "2000000106", "Closed Boutique", "EUR", "Europe/Berlin",
                manager_id=MANAGER, access="cancelled"),
        (),
    ),
    (
        Account("google", "google_ads", "2000000107", "Sister Company", "EUR", "Europe/Berlin",
                manager_id=MANAGER, access="denied"),
        (),
    ),
)  # fmt: skip

PUBLISHERS: tuple[Part, ...] = (
    (
        Account("northbay", "northbay", "NB-101", "Trailhead at Northbay", "USD", "America/New_York",
                billed_to="NB-101", tax_ppm=50_000),
        (
            Cast("Homepage sponsorship", "direct", "flat", 610_000, 9_000, agreed="fixed", days=BOOKED),
            Cast("Run of site", "direct", "cpm", 280, 30_000, agreed="fixed"),
            Cast("Viewable premium", "direct", "vcpm", 640, 14_000, agreed="fixed"),
            Cast("Newsletter clicks", "direct", "cpc", 75, 9_000, agreed="fixed"),
            Cast("Collectors corner", "direct", "cpm", 280, 300, agreed="fixed", quiet=True),
            Cast("Autumn takeover", "direct", "cpm", 300, 9_000, agreed="cap", days=AUTUMN_AND_A_DAY,
                 flight=AUTUMN),
        ),
    ),
    (
        Account("northbay", "northbay", "NB-102", "Trailhead video at Northbay", "USD", "America/New_York",
                billed_to="NB-102", serving_fee_micros=50_000, prints_subtotal=False),
        (
            Cast("Pre-roll views", "direct", "cpv", 5, 6_000, agreed="fixed"),
            Cast("Completed views", "direct", "cpcv", 9, 5_000, agreed="fixed"),
            Cast("Rich media", "direct", "cpe", 16, 16_000, agreed="fixed"),
            Cast("Remnant clicks", "direct", "cpc", 40, 12, agreed="fixed", remnant=True),
        ),
    ),
    (
        Account("northbay", "northbay", "NB-103", "Trailhead partners at Northbay", "USD", "America/New_York",
                billed_to="NB-103", prints_subtotal=False),
        (
            Cast("Partner sales", "direct", "cps", 800, 11_000, agreed="fixed"),
            Cast("Quote requests", "direct", "cpl", 900, 10_000, agreed="fixed"),
            Cast("Clicks by auction", "direct", "cpc", 90, 8_000, agreed="cap"),
            Cast("Remnant clicks", "direct", "cpc", 40, 12, agreed="fixed", remnant=True),
        ),
    ),
    (
        Account("gulf", "gulf", "GM-1", "Dallah at Gulf Media", "KWD", "Asia/Kuwait", billed_to="GM-1"),
        (
            Cast("App installs", "direct", "cpi", 70, 9_000, agreed="fixed"),
            Cast("Banner reach", "direct", "cpm", 90, 40_000, agreed="fixed"),
            Cast("Search partner clicks", "direct", "cpc", 12, 9_000, agreed="fixed"),
        ),
    ),
    (
        Account("gulf", "gulf", "GM-2", "Dallah finance at Gulf Media", "KWD", "Asia/Kuwait",
                billed_to="GM-2", prints_subtotal=False),
        (
            Cast("Card applications", "direct", "cpa", 450, 9_000, agreed="fixed"),
            Cast("Credit leads", "direct", "cpl", 260, 9_000, agreed="fixed"),
            Cast("Viewable takeover", "direct", "vcpm", 210, 12_000, agreed="cap"),
            Cast("Remnant leads", "direct", "cpl", 20, 12, agreed="fixed", remnant=True),
        ),
    ),
    (
        Account("gulf", "gulf", "GM-3", "Dallah pop-up at Gulf Media", "KWD", "Asia/Kuwait", billed_to="GM-3",
                unbilled=SEPTEMBER),
        (Cast("Pop-up banner", "direct", "cpm", 90, 900),),
    ),
    (
        Account("northbay", "northbay", "NB-109", "Trailhead studio at Northbay", "USD", "America/New_York"),
        (),
    ),
    (
        Account("gulf", "gulf", "GM-9", "Dallah studio at Gulf Media", "KWD", "Asia/Kuwait"),
        (),
    ),
)  # fmt: skip
