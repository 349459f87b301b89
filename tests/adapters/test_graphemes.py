"""Grapheme boundaries, found from the neighbourhood alone."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from adapters.graphemes import LOOK_BACK, boundary

PARTS = [
    *"a \n\ré#각각किя",
    *"\u0301\u200d\u094d\u0600\ufe0f\u20e3",
    "👨",
    "👩",
    "🏽",
    "🇩",
    "🇪",
]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join))
def test_every_boundary_is_where_unicode_puts_it(text: str) -> None:
    true = [0, *(match.end() for match in regex.finditer(r"\X", text))]
    for index in range(len(text) + 1):
        assert boundary(text, index) == max(each for each in true if each <= index)


@pytest.mark.parametrize(
    "whole", ["👨‍👩‍👧‍👦", "🇩🇪", "e\u0301\u0302", "🏴\U000e0067\U000e0062\U000e007f", "क्षि"]
)
def test_what_looks_like_one_character_is_not_parted(whole: str) -> None:
    for index in range(1, len(whole)):
        assert boundary(f"x{whole}y", 1 + index) == 1


def test_flags_are_paired_from_the_first_of_their_row() -> None:
    flags = "🇩🇪" * 1000
    assert boundary(f"x{flags}", 1001) == 1001
    assert boundary(f"x{flags}", 1002) == 1001


def test_a_mark_without_end_is_cut_in_the_end() -> None:
    text = "a" + "\u0301" * (2 * LOOK_BACK)
    assert boundary(text, 2 * LOOK_BACK) == LOOK_BACK


def test_places_outside_of_the_text_are_its_ends() -> None:
    assert (boundary("abc", 7), boundary("abc", -1), boundary("", 0)) == (3, 0, 0)
