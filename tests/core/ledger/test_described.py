"""docs/ledger.md describes each column of each public table, and nothing that is not there."""

import re
from pathlib import Path

import pytest

from adtally.ledger import Ledger
from adtally.ledger.public import TABLES, columns

PAGE = (Path(__file__).parents[3] / "docs" / "ledger.md").read_text(encoding="utf-8")
SECTIONS: dict[str, str] = dict(re.findall(r"(?ms)^## (\w+)\n(.*?)(?=^## |\Z)", PAGE))
"""Text by table, in the order of the page."""


def described(table: str) -> list[str]:
    """The columns in the first cells of the table's section, with those of the section that it refers to."""
    text = SECTIONS[table]
    found = [name for other in re.findall(r"All columns of \[(\w+)\]", text) for name in described(other)]
    for cell in re.findall(r"(?m)^\| (.*?) \|", text):
        found += re.findall(r"`(\w+)`", cell)
    return found


def test_each_public_table_has_its_section_in_order() -> None:
    assert list(SECTIONS) == list(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_each_column_is_described_once(ledger: Ledger, table: str) -> None:
    assert sorted(described(table)) == sorted(columns(ledger, table))
