"""What is text, what is a picture, and how both quotes and files reach the model."""

import asyncio
import codecs
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering import decoding
from bot.answering.decoding import document_kind, unread_kind
from bot.answering.files import cut_files
from bot.conversation.content import Quote, TextFile, Unread, question_text

WORDS = "Grüße, 你好 🙂\n"

STEPS = 1_000_000
"""Bytes that are decoded in several steps."""


def text_of(content: bytes, media_type: str = "", *, whole: bool = True) -> str | None:
    return asyncio.run(decoding.text_of(content, media_type, whole=whole))


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
    assert text_of(content, "text/plain") == WORDS


def test_an_old_windows_file_is_read_with_its_quotes() -> None:
    assert text_of(b"caf\xe9 \x93so\x94 na\xefve caf\xe9") == "café “so” naïve café"


@pytest.mark.parametrize(
    "content",
    [b"\x7fELF\x02\x01\x01\x00", b"plain\0text", b"PK\x03\x04\xff\xfe\x9d", b"\xe9\x01\x02", b"\x81\xfe\xe0"],
)
def test_a_binary_file_is_no_text_whatever_it_calls_itself(content: bytes) -> None:
    assert text_of(content, "text/plain") is None


def test_a_broken_utf_16_file_is_no_text() -> None:
    assert text_of(codecs.BOM_UTF16_LE + b"\x00\xd8a\x00") is None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_shows_itself_without_a_mark(encoding: str) -> None:
    assert text_of("id;name\r\n1;Ada Lovelace\r\n".encode(encoding)) == "id;name\n1;Ada Lovelace\n"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        ("жизнь".encode("koi8-r"), "text/plain; charset=KOI8-R"),
        ("<?xml version='1.0' encoding='koi8-r'?>жизнь".encode("koi8-r"), "text/xml"),
        ("# -*- coding: koi8-r -*-\nжизнь".encode("koi8-r"), ""),
    ],
)
def test_a_file_is_read_in_the_encoding_that_it_claims(content: bytes, media_type: str) -> None:
    text = text_of(content, media_type)
    assert text is not None
    assert text.endswith("жизнь")


@pytest.mark.parametrize("claim", ["punycode", "unicode_escape", "zlib", "nonsense", "utf-8", "utf-77"])
def test_a_claim_that_is_no_encoding_of_text_is_not_believed(claim: str) -> None:
    assert text_of(b"caf\xe9 au lait", f"text/plain; charset={claim}") == "café au lait"


def test_a_character_that_the_limit_cuts_is_left_out() -> None:
    cut = "xé".encode()[:-1]
    assert text_of(cut, whole=False) == "x"
    assert text_of(cut) == "x\u00c3"


def test_line_breaks_of_other_systems_become_ours() -> None:
    assert text_of(b"one\r\ntwo\rthree\n") == "one\ntwo\nthree\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("shift", range(4))
def test_a_large_file_is_read_in_steps_and_is_the_same(encoding: str, shift: int) -> None:
    text = " " * shift + "naïve café\r\n" * (STEPS // 12)
    assert text_of(text.encode(encoding)) == text.replace("\r\n", "\n")


async def test_while_a_large_file_is_read_others_have_their_turn() -> None:
    reading = asyncio.ensure_future(decoding.text_of(b"a" * STEPS))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 3
    assert reading.result() == "a" * STEPS


@given(st.binary(max_size=64))
def test_no_bytes_raise(content: bytes) -> None:
    text = text_of(content)
    assert text is None or "\0" not in text


@pytest.mark.parametrize(
    ("name", "media_type", "kind"),
    [
        ("a.PNG", "", Unread.PICTURE),
        ("a", "image/webp", Unread.PICTURE),
        ("a.svg", "image/svg+xml", Unread.PICTURE),
        ("a.mp3", "audio/mpeg", Unread.SOUND),
        ("a.ogg", "application/octet-stream", Unread.SOUND),
        ("a.mp4", "video/mp4", Unread.FILM),
        ("a.zip", "application/zip", Unread.ARCHIVE),
        ("a.tar.gz", "", Unread.ARCHIVE),
        ("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Unread.DOCUMENT),
        ("a.png", "text/plain", None),
        ("a.txt", "", None),
        ("a.json", "application/json", None),
        ("a.ts", "text/typescript", None),
        ("png", "", None),
    ],
)
def test_what_is_no_text_is_known_by_its_type_or_else_by_its_name(
    name: str, media_type: str, kind: Unread | None
) -> None:
    assert unread_kind(name, media_type) is kind


@pytest.mark.parametrize(
    ("name", "media_type", "content", "kind"),
    [
        ("a", "", b"%PDF-1.7 ", "pdf"),
        ("a.docx", "", b"PK\x03\x04", "docx"),
        ("a.pdf", "application/pdf", b"no such thing", ""),
        ("a.zip", "", b"PK\x03\x04", ""),
    ],
)
def test_a_document_is_known_by_its_bytes(name: str, media_type: str, content: bytes, kind: str) -> None:
    assert document_kind(name, media_type, content) == kind


def test_the_longest_files_give_way_first() -> None:
    files = (TextFile(name="a", text="a" * 300), TextFile(name="b", text="b" * 5000))
    small, large = cut_files(files, 3000)
    assert small == files[0]
    assert large.text.startswith("b" * 1000)
    assert len(large.text) == 2000


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
    files = [TextFile(name="cat.png", text=""), TextFile(name="a.zip", unread=Unread.ARCHIVE)]
    assert question_text("And?", [], files) == (
        "And?\n\n[file: cat.png, in which no text can be read]\n\n[file: a.zip, an archive, not read]"
    )
