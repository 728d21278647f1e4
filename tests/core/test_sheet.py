"""Files of comma-separated values as they come: with marks, NULs and quotes, or broken."""

import io

import pytest

from adtally.errors import ContractError
from adtally.sheet import csv_rows

URL = "https://files.example/report"


@pytest.mark.parametrize(
    ("file", "rows"),
    [
        (b'\xef\xbb\xbf"Day","Name"\r\n"2026","Brand, US"\r\n', [["Day", "Name"], ["2026", "Brand, US"]]),
        (b'a,"b\nc"\n\n,,1\n', [["a", "b\nc"], [], ["", "", "1"]]),
        (b'a,"say ""yes"""\n', [["a", 'say "yes"']]),
        (b"a\0,b\0\n", [["a", "b"]]),
        (b"", []),
        ("Käse,ü".encode(), [["Käse", "ü"]]),
    ],
    ids=["mark", "line end in a cell", "quotes", "NULs", "nothing", "no line end"],
)
def test_rows_come_as_cells(file: bytes, rows: list[list[str]]) -> None:
    assert list(csv_rows(io.BytesIO(file), URL)) == rows


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (b"a,b\n\xff,c\n", "line 1 is no UTF-8"),
        (b'a,b\n"c,d\n', "line 2: unexpected end of data"),
        (b'a,"b"c\n', "line 1: ',' expected after '\"'"),
        (b"a," + b"x" * 200_000, "line 1: field larger than field limit"),
    ],
    ids=["encoding", "open quote", "text after a quote", "endless cell"],
)
def test_a_broken_file_is_refused_with_its_line(file: bytes, says: str) -> None:
    with pytest.raises(ContractError) as caught:
        list(csv_rows(io.BytesIO(file), URL))

    assert str(caught.value).startswith(f"{URL}: {says}")
