"""Pages by cursor end, or are an error; ids come in parts."""

import pytest

from adtally.errors import ContractError
from adtally.paging import batches, cursor_pages

PAGES: dict[str, tuple[list[int], str]] = {"": ([1, 2], "a"), "a": ([], "b"), "b": ([3], "")}


def test_pages_are_followed_until_none_is_named_over_empty_ones() -> None:
    assert list(cursor_pages(PAGES.__getitem__)) == [[1, 2], [], [3]]


def test_first_cursor_may_be_known() -> None:
    assert list(cursor_pages(PAGES.__getitem__, "b")) == [[3]]


def test_page_that_names_an_earlier_one_is_an_error() -> None:
    with pytest.raises(ContractError, match="never end: page 3"):
        list(cursor_pages(lambda cursor: ([1], {"": "a", "a": "b", "b": "a"}[cursor])))


def test_empty_pages_without_end_are_an_error() -> None:
    with pytest.raises(ContractError, match="11 empty ones"):
        list(cursor_pages(lambda cursor: ([], f"{cursor}x")))


def test_batches_hold_each_item_once_in_order() -> None:
    assert list(batches("abcde", 2)) == [("a", "b"), ("c", "d"), ("e",)]
    assert not list(batches("", 2))
