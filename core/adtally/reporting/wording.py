"""The words of everything that people read: numbers, days, verdicts, severities, and names made safe."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime

from ..calendar import Window
from ..money import MICROS, amount_text, exponent, rounded
from ..platforms import platform_name
from ..reconciliation.verdicts import EvidenceClass, Severity, Verdict

ABSENT = "–"
NO_BREAK = "\u00a0"

VERDICT_LABELS: dict[Verdict, str] = {
    "finding": "Finding",
    "match": "Match",
    "within_tolerance": "Within tolerance",
    "explained": "Explained",
    "clear": "Clear",
    "pending": "Pending",
    "not_checkable": "Not checkable",
}

VERDICT_LINES: dict[Verdict, str] = {
    "finding": "the bill and the facts disagree beyond tolerance",
    "match": "equal to the last unit",
    "within_tolerance": "differs by less than rounding or the agreed limit",
    "explained": "differs, and documented rows account for all of it",
    "clear": "looked for a problem of this kind, found none",
    "pending": "the source may still change these numbers",
    "not_checkable": "an input is missing; nothing is claimed either way",
}

SEVERITY_LINES: dict[Severity, str] = {
    "critical": "breaks the contract: 5% of the document or 1,000 units and more",
    "high": "breaks the contract: 1% of the document or 100 units and more",
    "medium": "a smaller breach, or your own count is significantly short",
    "low": "waste under a correct contract, or still pending",
    "info": "worth knowing, no money to claim",
}

CLASS_WORDS: dict[EvidenceClass, str] = {
    "E0": "the platform's own numbers",
    "E1": "the platform's numbers, seen elsewhere",
    "E2": "your own tag or SDK",
    "E3": "your own records",
}

FIRST_COMMANDS = (
    ("adtally init", "writes a config.toml to fill in"),
    ("adtally check", "proves the credentials, stores nothing"),
    ("adtally sync", "fetches what the platforms report and bill"),
)


def shown(text: str) -> str:
    r"""The text with control, format and separator characters spelled out, such as ``\u202e``.

    Names come from platforms: a character that reorders, hides or erases what stands beside it must not act.
    The joiners of emoji and of Indic and Arabic script stay: they change only their neighbours' shapes.
    """
    return "".join(_spelled(char) if _acts(char) else char for char in text)


def _acts(char: str) -> bool:
    return char not in "\u200c\u200d" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _spelled(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"


def cut(text: str, width: int) -> str:
    """The safe text, cut in the middle if it is longer than ``width`` characters."""
    safe = shown(text)
    if len(safe) <= width:
        return safe
    head = (width - 1) // 2
    return f"{safe[:head]}…{safe[len(safe) - (width - 1 - head) :]}"


def platform_label(platform: str) -> str:
    return shown(platform_name(platform))


def plural(count: int, one: str, many: str = "") -> str:
    """``1 claim``, ``39 claims``, ``1,204 claims``."""
    return f"{count:,}{NO_BREAK}{one if count == 1 else many or one + 's'}"


def count_text(count: int | None) -> str:
    return ABSENT if count is None else f"{count:,}".replace("-", "−")


def signed_amount(micros: int, currency: str) -> str:
    """The amount of a difference: with a plus above zero."""
    text = amount_text(micros, currency)
    return f"+{text}" if micros > 0 else text


def unit_price(micros: int, units: int, currency: str, *, most: int = 4) -> str:
    """The price of one unit; a dash without units.

    It has the currency's own decimals from 10 on, 2 from 1 on, ``most`` below; decimals beyond the currency's
    own are left out where they are zero.
    """
    if not units:
        return ABSENT
    price, least = rounded(micros, units), exponent(currency)
    wanted = least if abs(price) >= 10 * MICROS else 2 if abs(price) >= MICROS else most
    text = amount_text(price, currency, decimals=max(least, wanted))
    whole, point, decimals = text.partition(".")
    kept = decimals.rstrip("0").ljust(least, "0")
    return whole + point + kept if kept else whole


def big_price(micros: int, units: int, currency: str) -> str:
    """A unit price as a headline: 2 decimals, 4 only where 2 would hide it."""
    is_small = bool(units) and abs(rounded(micros, units)) * 20 < MICROS
    return unit_price(micros, units, currency, most=4 if is_small else 2)


def share_text(part: int, whole: int, *, decimals: int = 0) -> str:
    """The share in percent; ``<1%`` or ``<0.1%`` for what is there but rounds to nothing."""
    if whole <= 0:
        return ABSENT
    tick = 10**decimals
    ticks = rounded(part * 100 * tick, whole)
    if ticks == 0 and part > 0:
        return f"<{_fixed(1, decimals)}%"
    if ticks == 100 * tick and part < whole:
        return f">{_fixed(ticks - 1, decimals)}%"
    return f"{_fixed(ticks, decimals)}%"


def rate_text(part: int | None, whole: int | None) -> str:
    """A rate such as clicks of impressions, with 2 decimals."""
    return ABSENT if part is None or not whole else share_text(part, whole, decimals=2)


def ratio_text(part: int, whole: int) -> str:
    """``×1.72``."""
    return f"×{_fixed(rounded(part * 100, whole), 2)}" if whole else ABSENT


def times_text(part: int, whole: int) -> str:
    """How many times the whole a part is, in words: ``18 times``, ``1.72 times``."""
    if not whole:
        return ABSENT
    decimals = 0 if abs(part) >= 10 * abs(whole) else 2
    return f"{_fixed(rounded(part * 10**decimals, whole), decimals)} times"


def short_money(micros: int, currency: str) -> str:
    """The amount as context beside an exact figure: ``EUR 174k``."""
    units = abs(rounded(micros, MICROS))
    sizes = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k"))
    size, letter = next(((size, letter) for size, letter in sizes if units >= size), (1, ""))
    tenths = rounded(units * 10, size)
    if not letter:
        text = amount_text(abs(micros), currency)
    else:
        text = _fixed(tenths, 1) if tenths < 1000 else f"{rounded(tenths, 10):,}"
    return f"{currency}{NO_BREAK}{'−' if micros < 0 else ''}{text}{letter}"


def day_text(day: date | None) -> str:
    """``17 Oct``."""
    return ABSENT if day is None else f"{day.day}{NO_BREAK}{day:%b}"


def days_text(first_day: date, last_day: date) -> str:
    """``17 Oct``, ``21–31 Oct``, ``30 Sep–2 Oct``; both years where they differ."""
    if first_day == last_day:
        return day_text(first_day)
    if first_day.year != last_day.year:
        return f"{day_text(first_day)} {first_day.year}–{day_text(last_day)} {last_day.year}"
    if first_day.month == last_day.month:
        return f"{first_day.day}–{day_text(last_day)}"
    return f"{day_text(first_day)}–{day_text(last_day)}"


def period_text(window: Window) -> str:
    """``1–31 Oct 2026``."""
    text = days_text(window.first_day, window.last_day)
    same_year = window.first_day.year == window.last_day.year
    return f"{text}{NO_BREAK}{window.last_day.year}" if same_year else text


def month_text(window: Window) -> str:
    """``October 2026``."""
    return f"{window.first_day:%B}{NO_BREAK}{window.first_day.year}"


def instant_text(instant: datetime | str | None) -> str:
    """``23 Nov 2026 06:12 UTC``, from an aware datetime or ISO 8601 text; a dash for none."""
    if not instant:
        return ABSENT
    moment = (datetime.fromisoformat(instant) if isinstance(instant, str) else instant).astimezone(UTC)
    return f"{moment.day} {moment:%b %Y %H:%M} UTC"


def seconds_text(seconds: float) -> str:
    """``42 s``, ``1 min 12 s``, ``2 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole}{NO_BREAK}s"
    if whole < 3600:
        return f"{whole // 60}{NO_BREAK}min {whole % 60}{NO_BREAK}s"
    return f"{whole // 3600}{NO_BREAK}h {whole % 3600 // 60}{NO_BREAK}min"


def _fixed(ticks: int, decimals: int) -> str:
    """An integer number of 10^-decimals as text."""
    sign, size = ("−" if ticks < 0 else ""), abs(ticks)
    whole, rest = divmod(size, 10**decimals)
    return f"{sign}{whole:,}.{rest:0{decimals}d}" if decimals else f"{sign}{whole:,}"
