"""Pieces that came together are passed on as few."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.models.huggingface.pieces import AT_ONCE, Piece, joined, parts
from adapters.models.huggingface.thoughts import overlap

PIECES = st.lists(
    st.builds(
        Piece,
        text=st.sampled_from(["", "a", "b"]),
        reasoning=st.sampled_from(["", "c"]),
        finish=st.sampled_from(["", "stop"]),
        failure=st.sampled_from([None, {"error": "no"}]),
    )
)


@given(pieces=PIECES)
def test_nothing_is_lost_and_nothing_changes_its_place(pieces: list[Piece]) -> None:
    def marks(pieces: list[Piece]) -> list[object]:
        return [
            mark
            for piece in pieces
            for mark in (*piece.text, piece.reasoning, piece.finish, piece.failure)
            if mark
        ]

    assert marks(joined(pieces)) == marks(pieces)


def test_texts_that_follow_each_other_are_one() -> None:
    assert joined([Piece(text="a"), Piece(text="b"), Piece(finish="stop")]) == [
        Piece(text="ab"),
        Piece(finish="stop"),
    ]


@pytest.mark.parametrize("mark", ["</s>", "[INST]", "<think>", "aab", ""])
@given(text=st.text(alphabet="</s>[INT]thinkab", max_size=12))
def test_the_end_of_a_text_may_be_the_beginning_of_a_mark(mark: str, text: str) -> None:
    lengths = [n for n in range(1, len(mark)) if text.endswith(mark[:n])]
    assert overlap(text, mark) == max(lengths, default=0)


@given(length=st.integers(0, 5 * AT_ONCE), finish=st.sampled_from(["", "stop"]))
def test_a_piece_is_the_same_in_parts_that_are_short_and_ends_with_the_last(length: int, finish: str) -> None:
    piece = Piece(text="abc" * (length // 3), reasoning="r", finish=finish)
    cut = list(parts(piece))
    assert "".join(each.text for each in cut) == piece.text
    assert max(len(each.text) for each in cut) <= AT_ONCE
    assert [each.finish for each in cut if each.finish] == [finish] * bool(finish)
    assert cut[-1].reasoning == "r"
