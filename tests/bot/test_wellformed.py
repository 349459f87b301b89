"""Text that can be written anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.content import Quote
from bot.conversation.wellformed import WellFormedPieces, well_formed
from tests.fakes.messages import command, message

ANYTHING = st.text(st.characters(codec=None, categories=None))


@given(ANYTHING)
def test_every_text_can_be_written_afterwards(text: str) -> None:
    well_formed(text).encode()


@given(st.text())
def test_what_can_be_written_stays_as_it_is(text: str) -> None:
    assert well_formed(text) is text


def test_two_halves_are_one_character_and_a_lone_half_is_none() -> None:
    assert well_formed("\ud83d\ude00!") == "😀!"
    assert well_formed("a\ud83db") == "a\ufffdb"


def test_everything_in_an_event_is_looked_through() -> None:
    said = message("\ud83d", quotes=(Quote(author="Bob", text="\ude00"),))
    assert well_formed(said).text == "\ufffd"
    assert well_formed(said).quotes[0].text == "\ufffd"
    assert well_formed(command("settings", changes={"system": "\ud83d"})).changes == {"system": "\ufffd"}
    assert well_formed(message("plain")) == message("plain")


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        (["a\ud83d", "\ude00b"], "a\N{GRINNING FACE}b"),
        (["\ud83d", "b"], "\N{REPLACEMENT CHARACTER}b"),
        (["\ude00"], "\N{REPLACEMENT CHARACTER}"),
        (["a\ud83d"], "a\N{REPLACEMENT CHARACTER}"),
        (["\ud83d", "\ud83d", "\ude00"], "\N{REPLACEMENT CHARACTER}\N{GRINNING FACE}"),
    ],
)
def test_halves_that_come_in_two_pieces_are_joined(pieces: list[str], whole: str) -> None:
    text = WellFormedPieces()
    assert "".join(map(text.add, pieces)) + text.rest() == whole
