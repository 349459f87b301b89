"""What is text, what is a picture, and how both quotes and files reach the model."""

import codecs
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.files import MAX_FILE_BYTES, is_image, text_of
from bot.conversation.content import Quote, TextFile, question_text

WORDS = "Grüße, 你好 🙂\n"


@pytest.mark.parametrize(
    "content",
    [
        WORDS.encode(),
        codecs.BOM_UTF8 + WORDS.encode(),
        codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + WORDS.encode("utf-32-le"),
        codecs.BOM_UTF32_BE + WORDS.encode("utf-32-be"),
    ],
)
def test_a_text_file_is_read_in_the_encoding_that_it_says(content: bytes) -> None:
    assert text_of("notes.txt", "text/plain", content) == WORDS


def test_an_old_windows_file_is_read_with_its_quotes() -> None:
    assert text_of("a.txt", "", b"caf\xe9 \x93so\x94 na\xefve caf\xe9") == "café “so” naïve café"


@pytest.mark.parametrize(
    "content",
    [b"\x7fELF\x02\x01\x01\x00", b"plain\0text", b"PK\x03\x04\xff\xfe\x9d", b"\xe9\x01\x02", b"\x81\xfe\xe0"],
)
def test_a_binary_file_is_no_text_whatever_it_calls_itself(content: bytes) -> None:
    assert text_of("readme.txt", "text/plain", content) is None


def test_a_broken_utf_16_file_is_no_text() -> None:
    assert text_of("a.txt", "", codecs.BOM_UTF16_LE + b"\x00\xd8a\x00") is None


def test_pictures_and_sounds_are_never_read_as_text() -> None:
    assert text_of("a.svg", "image/svg+xml", b"<svg/>") is None
    assert text_of("a.mp3", "audio/mpeg", b"ID3") is None


def test_a_character_that_the_limit_cuts_is_left_out() -> None:
    cut = ("x" * (MAX_FILE_BYTES - 1) + "é").encode()[:MAX_FILE_BYTES]
    assert text_of("a.txt", "", cut) == "x" * (MAX_FILE_BYTES - 1)


def test_line_breaks_of_other_systems_become_ours() -> None:
    assert text_of("a.txt", "", b"one\r\ntwo\rthree\n") == "one\ntwo\nthree\n"


@given(st.binary(max_size=64))
def test_no_bytes_raise(content: bytes) -> None:
    text = text_of("a", "", content)
    assert text is None or "\0" not in text


@pytest.mark.parametrize(
    ("name", "media_type", "picture"),
    [
        ("a.PNG", "", True),
        ("a", "image/webp", True),
        ("a.png", "text/plain", False),
        ("a.txt", "", False),
        ("png", "", False),
    ],
)
def test_a_picture_is_known_by_its_type_or_else_by_its_name(
    name: str, media_type: str, picture: bool
) -> None:
    assert is_image(name, media_type) is picture


def test_a_question_shows_the_quote_then_the_words_then_the_files() -> None:
    text = question_text(
        " Is this right? ",
        [Quote(author="Ada", text="One\n\nTwo")],
        [TextFile(name="sum.py", text="print(1 + 1)")],
    )
    assert text == ("Ada wrote:\n> One\n>\n> Two\n\nIs this right?\n\nFile sum.py:\n```py\nprint(1 + 1)\n```")


def test_a_question_without_anything_beside_it_is_the_words_alone() -> None:
    assert question_text(" hello\n", [], []) == "hello"


@given(st.text(alphabet="`\na ", max_size=60).filter(str.strip))
def test_a_file_can_not_end_the_fence_around_it(content: str) -> None:
    text = question_text("", [], [TextFile(name="x.md", text=content)])
    fence = text.splitlines()[1].removesuffix("md")
    ends = [line for line in text.splitlines()[2:] if re.fullmatch(rf" *{fence}`* *", line)]
    assert ends == [fence]
    assert text.endswith(fence)


def test_a_name_with_line_breaks_stays_on_its_line() -> None:
    assert question_text("", [Quote(author="A\nB", text="x")], [TextFile(name="a\n```", text="y")]) == (
        "A B wrote:\n> x\n\nFile a ```:\n```\ny\n```"
    )


def test_a_file_in_which_nothing_can_be_read_is_named() -> None:
    text = question_text("And?", [], [TextFile(name="cat.png", text="")])
    assert text == "And?\n\n[file: cat.png, in which no text can be read]"
