"""Pages end or are an error, rows come once and all of them, ids come in parts."""

import pytest

from adtally.errors import ContractError, TransientError
from adtally.lists import batches, check_count, cursor_pages, in_common, once

PAGES: dict[str, tuple[list[int], str]] = {"": ([1, 2], "a"), "a": ([], "b"), "b": ([3], "")}


def test_pages_are_followed_until_none_is_named_over_empty_ones() -> None:
    assert list(cursor_pages(PAGES.__getitem__)) == [[1, 2], [], [3]]


def test_page_that_names_an_earlier_one_is_an_error() -> None:
    with pytest.raises(ContractError, match="never end: page 3"):
        list(cursor_pages(lambda cursor: ([1], {"": "a", "a": "b", "b": "a"}[cursor])))


def test_empty_pages_without_end_are_an_error() -> None:
    with pytest.raises(ContractError, match="11 empty ones"):
        list(cursor_pages(lambda cursor: ([], f"{cursor}x")))


def test_batches_hold_each_item_once_in_order() -> None:
    assert list(batches("abcde", 2)) == [("a", "b"), ("c", "d"), ("e",)]
    assert not list(batches("", 2))


def test_rows_come_once_in_the_order_in_which_they_were_first_seen() -> None:
    assert list(once(["a1", "b1", "a2", "c1"], lambda row: row[0])) == ["a1", "b1", "c1"]


def test_value_of_a_key_is_the_one_that_all_share() -> None:
    pairs = [("x", 1), ("y", 1), ("x", 1), ("y", 2), ("y", 1)]

    assert in_common(pairs, lambda *_: 0) == {"x": 1, "y": 0}


@pytest.mark.parametrize(
    ("came", "error", "says"),
    [
        (1999, TransientError, "rows are missing: 1,999 of 2,000 clicks came; sync again"),
        (2001, ContractError, "too many rows: 2,001 clicks came, the platform counts 2,000"),
    ],
)
def test_another_number_than_the_platforms_is_an_error(came: int, error: type[Exception], says: str) -> None:
    check_count(2000, 2000)
    with pytest.raises(error, match=says):
        check_count(came, 2000, "clicks")
