"""How a part becomes a campaign: its ids, its agreement, and the price, which the seed moves a little."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Literal, NamedTuple, TypeAlias
from uuid import UUID

from ..calendar import Window
from ..money import rounded
from ..records import Model
from .model import FIRST_DAY, RUNNING, Account, AdGroup, Agreement, Campaign, Channel, stream

ALWAYS = Window(FIRST_DAY, RUNNING.last_day)
CENT_MICROS = {
    "EUR": 10_000,
    "USD": 10_000,
    "NZD": 10_000,
    "JPY": 2_000_000,
    "KWD": 3_000,
    "GBP": 10_000,
    "TWD": 1_000_000,
}
"""What buys about as much as a cent: a whole number of what the currency's rows are shown in."""
FIRST_ID = {
    "meta_ads": 120_210_000_000_000_000,
    "tiktok_ads": 1_780_000_000_000_000_000,
    "linkedin_ads": 601_000_000,
    "reddit_ads": 142_154_000_000,
    "apple_ads": 1_440_000_000,
    "microsoft_ads": 420_000_000,
    "amazon_ads": 281_474_000_000_000,
    "pinterest_ads": 626_000_000_000,
    "dv360": 880_000_000,
}
"""Where a platform's ids start: TikTok's are too large for a binary float."""
BASE_36 = "0123456789abcdefghijklmnopqrstuvwxyz"


class Cast(NamedTuple):
    name: str
    channel: Channel
    model: Model
    price: int
    """In cents, or what buys as much; for cps the share in hundredths of a percent."""
    volume: int
    ad_groups: int = 0
    agreed: Literal["", "fixed", "cap"] = ""
    goal: Literal["", "conversions", "pay_per_conversion"] = ""
    status: Literal["enabled", "paused", "removed"] = "enabled"
    days: Window = ALWAYS
    flight: Window | None = None
    """When it may run by the agreement, if that says so."""
    click_only: bool = False
    remnant: bool = False
    silent: bool = False
    quiet: bool = False
    still_on: date | None = None
    seen_only: bool = True
    validation_days: int = 0
    counted_by: str = ""
    step: int = 0
    """Units of a month at the full price, if the others cost a fifth less."""


Part: TypeAlias = tuple[Account, tuple[Cast, ...]]
Spell: TypeAlias = Callable[[int], str]


def played(parts: Iterable[Part], seed: int) -> tuple[Account, ...]:
    """The accounts with their campaigns, in order."""
    return tuple(_filled(account, casts, number, seed) for number, (account, casts) in enumerate(parts, 1))


def _filled(account: Account, casts: tuple[Cast, ...], number: int, seed: int) -> Account:
    first = FIRST_ID.get(account.platform, 70_000_000)
    spell = SPELLED.get(account.platform, str)
    campaigns = tuple(
        _campaign(cast, first + number * 100_000 + place * 1_000, spell, account.currency, seed)
        for place, cast in enumerate(casts, 1)
    )
    return replace(account, campaigns=campaigns)


def _campaign(cast: Cast, number: int, spell: Spell, currency: str, seed: int) -> Campaign:
    campaign_id = spell(number)
    cents = rounded(cast.price * stream(seed, "price", campaign_id).randint(85, 120), 100) or 1
    price = cents * CENT_MICROS[currency]
    return Campaign(
        campaign_id=campaign_id,
        name=cast.name,
        model=cast.model,
        channel=cast.channel,
        price_micros=price,
        volume=cast.volume,
        goal=cast.goal,
        status=cast.status,
        days=cast.days,
        ad_groups=tuple(
            _ad_group(number, spell, group, cast, price) for group in range(1, cast.ad_groups + 1)
        ),
        agreement=_agreement(cast, price),
        remnant=cast.remnant,
        silent=cast.silent,
        quiet=cast.quiet,
        still_on=cast.still_on,
        seen_only=cast.seen_only,
    )


def _agreement(cast: Cast, price: int) -> Agreement | None:
    if cast.model == "cps":
        return Agreement("cps", "fixed", share_ppm=cast.price * 100, validation_days=cast.validation_days)
    if not cast.agreed:
        return None
    flight = cast.flight or (cast.days if cast.model == "flat" else None)
    return Agreement(
        model=cast.model,
        kind=cast.agreed,
        rate_micros=0 if cast.step else price,
        tiers=((cast.step, price), (None, price * 4 // 5)) if cast.step else (),
        flight=flight,
        click_only=cast.click_only,
        counted_by=cast.counted_by,
        validation_days=cast.validation_days,
    )


def _ad_group(campaign: int, spell: Spell, group: int, cast: Cast, price: int) -> AdGroup:
    number = campaign + group * 10
    ads = 1 if cast.remnant or cast.quiet or cast.channel in ("video", "reel") else 2
    return AdGroup(
        spell(number),
        name=f"{cast.name} {group}",
        bid_micros=price * 3 // 2,
        ads=tuple(spell(number + ad) for ad in range(1, ads + 1)),
    )


def _uuid(number: int) -> str:
    return str(UUID(int=number, version=4))


def _base_36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = BASE_36[digit] + text
    return text


SPELLED: dict[str, Spell] = {"snapchat_ads": _uuid, "x_ads": _base_36}
"""Where ids are no decimal numbers."""
