"""The worked example: its files, its commands, its sums, and every number that it states."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import Struct

import adtally
from adtally.cli import main
from adtally.ledger import Ledger
from adtally.money import rounded
from adtally.reconciliation.verdicts import Outcome
from adtally.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "worked-example.md").read_text(encoding="utf-8")
NUMBER = re.compile(r"(?<![\w.-])\d[\d,]*(?:\.\d+)?(?:e-\d+)?(?!\w)")
BEYOND_THE_ROWS = {"0.1%": "money_match", "0.01": "alpha", "0.5%": "rate_match", "1.00": "100 minor units"}
"""Defaults that the page states; the results show what comes of them."""


class Run(Struct, frozen=True):
    told: tuple[str, ...]
    """What each command printed."""
    outcomes: tuple[Outcome, ...]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def fenced(language: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return [text for name, text in found if name == language]


def files() -> dict[str, str]:
    return dict(re.findall(r"^`([\w.]+)`\n\n```(?:csv|toml)\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The page's files and commands, run for real in a folder of their own."""
    folder = tmp_path_factory.mktemp("worked")
    for name, text in files().items():
        (folder / name).write_text(text, encoding="utf-8")
    told = []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in fenced("")[0].splitlines():
            program, *words = shlex.split(command)
            answer = CliRunner().invoke(main, words)
            assert (program, answer.exit_code) == ("adtally", 0), answer.output
            told.append(answer.output)
        settings = Settings.load(folder / "config.toml")
        with Ledger(folder / "adtally.db") as ledger:
            [month] = adtally.reconcile(settings, ledger, month="2026-02", keep=False).months
    assert "EUR" in (folder / "report.html").read_text(encoding="utf-8")
    return Run(tuple(told), month.outcomes)


def stated() -> Iterator[tuple[str, str, str, str]]:
    """Check, subject, verdict and sentence of each row of the page's tables of results."""
    for section in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]:
        check = section.partition("\n")[0]
        for row in re.findall(r"^\| ([^|]+) \| (\w+) \| (.+) \|$", section, re.MULTILINE):
            if row[0] != "about":
                yield (check, *row)


def test_every_result_comes_out_as_the_page_says(run: Run) -> None:
    came = {
        (one.check_id, one.subject.removeprefix(one.connector), one.verdict, plain(one.explanation))
        for one in run.outcomes
    }

    said = list(stated())

    assert len(said) > 15
    for check, subject, verdict, sentence in said:
        candidates = {row for row in came if row[0] == check and row[1].endswith(f"/{subject}")}
        assert candidates == {(check, next(iter(candidates))[1], verdict, sentence)}


def test_page_leaves_out_no_result_but_clear_ones(run: Run) -> None:
    said = {(check, subject) for check, subject, *_ in stated()}

    left_out = [
        (one.check_id, one.subject)
        for one in run.outcomes
        if one.verdict != "clear"
        and not any(one.check_id == check and one.subject.endswith(f"/{subject}") for check, subject in said)
    ]

    assert left_out == []


def test_terminal_prints_what_the_page_shows(run: Run) -> None:
    [shown] = [text for text in fenced("text") if text.startswith("What was paid for")]

    assert shown in plain(run.told[1])


def sums() -> list[tuple[str, str]]:
    """Every ``expression = value`` of the page."""
    lines = [line for text in fenced("text") for line in text.splitlines() if " = " in line]
    parts = [re.split(r"\s{2,}", line)[0].partition(" = ") for line in lines]
    return [(left, right) for left, _, right in parts]


@pytest.mark.parametrize(("expression", "value"), sums())
def test_sums_of_the_page_are_right(expression: str, value: str) -> None:
    result, printed = worth(expression), worth(value)
    ticks = 10 ** len(value.partition(".")[2].rstrip("%"))

    if value.endswith("%"):  # shares are cut
        assert result * 100 * ticks // 1 == printed * 100 * ticks
    else:
        scaled = result * ticks
        assert rounded(scaled.numerator, scaled.denominator) == printed * ticks


def worth(expression: str) -> Fraction:
    text = re.sub(r"[\d,]+(?:\.\d+)?", lambda hit: f"Fraction('{hit[0].replace(',', '')}')", expression)
    for sign, python in {"−": "-", "×": "*", "%": " / 100"}.items():
        text = text.replace(sign, python)
    assert re.fullmatch(r"(Fraction\('[\d.]+'\)|[-+*/() ]|100)+", text)
    return Fraction(eval(text, {"Fraction": Fraction}))


def test_every_number_of_the_text_is_one_that_came_out_or_went_in(run: Run) -> None:
    results = [text for one in run.outcomes for text in (one.explanation, one.formula)]
    cells = " ".join(files().values()).replace(",", " ")
    inputs = [cells, *BEYOND_THE_ROWS, *(f"{left} {right}" for left, right in sums())]
    known = {amount(text) for text in NUMBER.findall(plain(" ".join([*results, *run.told, *inputs])))}
    prose = re.sub(r"```\w*\n.*?```", "", PAGE, flags=re.DOTALL)
    prose = re.sub(r"\]\([^)]*\)|`[^`]*`|^#.*$", "", prose, flags=re.MULTILINE)

    stray = [text for text in NUMBER.findall(prose) if amount(text) not in known]

    assert stray == []


def amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
