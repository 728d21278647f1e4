"""A document is read element by element, wherever the chunks of its file end."""

import io
import json
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st
from msgspec import Struct

from adtally import json_stream
from adtally.errors import ContractError
from adtally.json_stream import json_items

URL = "https://files.example/report"


class Row(Struct):
    day: str
    cost: Decimal = Decimal(0)


texts = st.text(max_size=12) | st.sampled_from(["},{", '"},', "]},", '\\"}, {', "}],"])
rows = st.lists(st.fixed_dictionaries({"day": texts, "cost": st.integers(0, 10**9), "more": st.just([{}])}))


@pytest.fixture(params=[7, 64, 2**20])
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "CHUNK", request.param)


@pytest.mark.usefixtures("chunk")
class TestChunks:
    @given(rows, st.sampled_from([None, 1]))
    def test_elements_of_an_array_come_as_they_stand(
        self, document: list[dict[str, object]], indent: int | None
    ) -> None:
        file = io.BytesIO(json.dumps(document, indent=indent).encode())

        assert [row.day for row in json_items(file, Row, URL)] == [row["day"] for row in document]

    @given(st.dictionaries(texts, rows, max_size=5))
    def test_values_of_an_object_come_as_they_stand(
        self, document: dict[str, list[dict[str, object]]]
    ) -> None:
        file = io.BytesIO(b"\xef\xbb\xbf" + json.dumps(document, ensure_ascii=False).encode())

        told = [[row.day for row in part] for part in json_items(file, list[Row], URL)]

        assert told == [[row["day"] for row in part] for part in document.values()]


def test_no_more_than_a_few_chunks_are_held() -> None:
    row = b'{"day": "2026-10-01", "cost": 12.345678},'
    file = io.BytesIO(b"[" + row * 200_000 + row[:-1] + b"]")

    items = json_items(file, Row, URL)
    first = next(items)

    assert first == Row("2026-10-01", Decimal("12.345678"))
    assert file.tell() == 2 * json_stream.CHUNK
    assert sum(1 for _ in items) == 200_000


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (b'"text"', "neither an array nor an object of JSON"),
        (b"", "neither an array nor an object of JSON"),
        (b'[{"day": "1"}', "truncated"),
        (b'[{"day": "1"} {"day": "2"}]', "malformed"),
        (b'[{"day": "1"}, null]', r"Expected `object`, got `null` - at `\$\[1\]`"),
        (b'[{"day": "\xff"}]', "utf-8|malformed|UTF-8"),
    ],
)
def test_other_documents_are_refused(document: bytes, says: str) -> None:
    with pytest.raises(ContractError, match=f"(?s){URL}: .*({says})"):
        list(json_items(io.BytesIO(document), Row, URL))


def test_an_element_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "LARGEST", json_stream.CHUNK)

    with pytest.raises(ContractError, match="an element is larger than"):
        list(json_items(io.BytesIO(b'[{"day": "' + b"x" * 3 * json_stream.CHUNK), Row, URL))
