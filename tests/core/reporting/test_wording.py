from datetime import UTC, date, datetime

import pytest

from adtally.calendar import Window
from adtally.reporting import wording

UNIT = 1_000_000


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Fjord Coffee", "Fjord Coffee"),
        ("a\u202egnp.exe", "a\\u202egnp.exe"),
        ("\x1b[2J\x00", "\\u001b[2J\\u0000"),
        ("line\nline\u2028", "line\\u000aline\\u2028"),
        ("soft\u00adhyphen\ufeff", "soft\\u00adhyphen\\ufeff"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("年末セール ☕ é", "年末セール ☕ é"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_characters_that_act_are_spelled_out(name: str, safe: str) -> None:
    assert wording.shown(name) == safe


def test_long_name_is_cut_in_the_middle() -> None:
    assert wording.cut("abcdefghij", 7) == "abc…hij"
    assert wording.cut("abcdefg", 7) == "abcdefg"
    assert len(wording.cut("x" * 10_000, 64)) == 64


def test_name_is_made_safe_before_it_is_cut() -> None:
    assert wording.cut("\u202e" * 100, 13) == "\\u202e…\\u202e"


@pytest.mark.parametrize(
    ("part", "whole", "decimals", "text"),
    [
        (69, 100, 0, "69%"),
        (21, 1000, 1, "2.1%"),
        (1, 100_000, 1, "<0.1%"),
        (1, 100_000, 0, "<1%"),
        (999_999, 1_000_000, 0, ">99%"),
        (1, 1, 0, "100%"),
        (0, 5, 0, "0%"),
        (0, 0, 0, "–"),
    ],
)
def test_share_never_rounds_something_to_nothing_nor_less_to_all(
    part: int, whole: int, decimals: int, text: str
) -> None:
    assert wording.share_text(part, whole, decimals=decimals) == text


@pytest.mark.parametrize(
    ("micros", "units", "currency", "text"),
    [
        (1_500 * UNIT, 2_000, "EUR", "0.75"),
        (123 * UNIT, 10_000, "USD", "0.0123"),
        (612 * UNIT, 500, "USD", "1.22"),
        (5_000 * UNIT, 36, "JPY", "139"),
        (41_625_000, 333, "KWD", "0.125"),
        (5 * UNIT, 0, "EUR", "–"),
    ],
)
def test_unit_price_has_as_many_decimals_as_its_size_needs(
    micros: int, units: int, currency: str, text: str
) -> None:
    assert wording.unit_price(micros, units, currency) == text


def test_headline_price_has_two_decimals_unless_they_would_hide_it() -> None:
    assert wording.big_price(7_750_000, 10, "EUR") == "0.78"
    assert wording.big_price(123 * UNIT, 10_000, "EUR") == "0.0123"


@pytest.mark.parametrize(
    ("micros", "currency", "text"),
    [
        (174_400 * UNIT, "EUR", "EUR\u00a0174k"),
        (40_230 * UNIT, "EUR", "EUR\u00a040.2k"),
        (23_400_000 * UNIT, "JPY", "JPY\u00a023.4M"),
        (999 * UNIT, "USD", "USD\u00a0999.00"),
        (-5_000 * UNIT, "USD", "USD\u00a0−5.0k"),
    ],
)
def test_short_money_is_context(micros: int, currency: str, text: str) -> None:
    assert wording.short_money(micros, currency) == text


@pytest.mark.parametrize(
    ("first_day", "last_day", "text"),
    [
        (date(2026, 10, 17), date(2026, 10, 17), "17 Oct"),
        (date(2026, 10, 21), date(2026, 10, 31), "21–31 Oct"),
        (date(2026, 9, 30), date(2026, 10, 2), "30 Sep–2 Oct"),
        (date(2025, 12, 30), date(2026, 1, 2), "30 Dec 2025–2 Jan 2026"),
    ],
)
def test_days_are_as_short_as_they_can_be(first_day: date, last_day: date, text: str) -> None:
    assert wording.days_text(first_day, last_day).replace("\u00a0", " ") == text


def test_period_carries_its_year_and_instant_its_zone() -> None:
    october = Window(date(2026, 10, 1), date(2026, 10, 31))

    assert wording.period_text(october).replace("\u00a0", " ") == "1–31 Oct 2026"
    assert wording.instant_text(datetime(2026, 11, 23, 6, 12, 59, tzinfo=UTC)) == "23 Nov 2026 06:12 UTC"
    assert wording.instant_text("2026-11-23T07:12:00+01:00") == "23 Nov 2026 06:12 UTC"
    assert wording.instant_text("") == "–"


def test_every_verdict_severity_and_class_has_its_words() -> None:
    assert list(wording.VERDICT_LABELS) == list(wording.VERDICT_LINES)
    assert list(wording.SEVERITY_LINES) == ["critical", "high", "medium", "low", "info"]
    assert list(wording.CLASS_WORDS) == ["E0", "E1", "E2", "E3"]
