"""The pages: nothing lost, nothing cut that belongs together, no fence left open, nothing shown twice."""

import re
from itertools import pairwise

import pytest
import regex
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from adapters.graphemes import boundary
from bot.conversation.views import Page
from bot.display.draft import STEP, Draft

LIMITS = st.sampled_from([50, 51, 64, 100, 333, 2000])
PARTS = st.sampled_from(
    [
        *(
            "word ",
            "A sentence. ",
            "Why? ",
            " ",
            "\n",
            "\n\n",
            "x" * 40,
            "y" * 130,
            "\r\n",
            "\t",
            "的。",
            "`code` ",
        ),
        *("```", "````", "~~~", "```py\n", "```\n", "\n```\n", "\n```js\n", "`", "``", "~", "\n~~~ a b\n"),
        *("👨‍👩‍👧", "e\u0301", "\u0301", "🇩🇪", "🇩", "\u200d", "> ", "\n> ", "- ", "\n1. ", "    ", "  "),
    ]
)
TEXTS = st.lists(PARTS, max_size=80).map("".join)


def pages_of(text: str, limit: int = 2000) -> tuple[Page, ...]:
    draft = Draft(limit, boundary)
    draft.append(text)
    return draft.pages(final=True)


def joined(pages: tuple[Page, ...]) -> str:
    return "".join(page.body for page in pages)


def open_fence(text: str) -> str:
    """The mark of the fence open where `text` ends, "" when none is: CommonMark's rules, once more."""
    mark = ""
    for line in text.split("\n"):
        found = re.match(r" {0,3}(`{3,}|~{3,})(.*)$", line)
        if found is None:
            continue
        if not mark:
            mark = "" if found[1][0] == "`" and "`" in found[2] else found[1]
        elif found[1].startswith(mark) and not found[2].strip():
            mark = ""
    return mark


@given(TEXTS, LIMITS)
def test_nothing_is_lost_or_doubled_and_every_page_fits_and_shows_something(text: str, limit: int) -> None:
    pages = pages_of(text, limit)
    assert joined(pages) == (text if text.strip() else "")
    assert [page.number for page in pages] == list(range(len(pages)))
    assert [page.final for page in pages] == [False] * (len(pages) - 1) + [True] * bool(pages)
    for page in pages:
        assert page.full
        assert page.text.strip()
        assert len(page.text) <= limit


@given(
    TEXTS, LIMITS, st.lists(st.integers(min_value=1, max_value=60), min_size=1, max_size=20), st.booleans()
)
@example("text ```\n" * 30, 50, [1], True)
def test_the_pages_do_not_depend_on_the_pieces_and_a_full_one_never_changes(
    text: str, limit: int, sizes: list[int], looked_at: bool
) -> None:
    draft = Draft(limit, boundary)
    full: list[Page] = []
    at = number = 0
    while at < len(text):
        size = sizes[number % len(sizes)]
        draft.append(text[at : at + size])
        at += size
        number += 1
        if looked_at:
            pages = draft.pages()
            assert list(pages[: len(full)]) == full
            full = [page for page in pages if page.full]
            assert text[:at].startswith(joined(pages))
            for page in pages:
                assert page.text.strip()
                assert len(page.text) <= limit
    pages = draft.pages(final=True)
    assert list(pages[: len(full)]) == full
    assert pages == pages_of(text, limit)


@given(TEXTS, LIMITS)
def test_no_grapheme_is_cut(text: str, limit: int) -> None:
    ends = {match.end() for match in regex.finditer(r"\X", text)}
    at = 0
    for page in pages_of(text, limit):
        at += len(page.body)
        assert at in ends


UNCONTAINED = st.lists(
    st.sampled_from(
        [
            "words and more\n",
            "a line. ",
            "z" * 70,
            "\n",
            "\n\n",
            "```python\n",
            "\n```\n",
            "\n~~~\n",
            "`````\n",
            "``",
        ]
    ),
    max_size=30,
).map("".join)


@given(UNCONTAINED, LIMITS)
def test_no_fence_is_open_at_the_end_of_any_page_while_it_grows_or_after(text: str, limit: int) -> None:
    # A longer mark leaves no room to close it and is taken for text.
    assume(all(len(mark) <= limit // 5 for mark in re.findall("`+", text)))
    draft = Draft(limit, boundary)
    for letter in text:
        draft.append(letter)
        for page in draft.pages()[-2:]:
            assert not open_fence(page.text)
    for page in draft.pages(final=True):
        assert not open_fence(page.text)


def prose(paragraphs: int) -> str:
    return "\n\n".join(
        " ".join(
            f"Sentence {sentence} of paragraph {paragraph} says little."
            for sentence in range(paragraph % 7 + 1)
        )
        for paragraph in range(paragraphs)
    )


def code(language: str, lines: int) -> str:
    body = "\n".join(f"{'    ' * (line % 4)}step_{line} = {language}({line})" for line in range(lines))
    return f"```{language}\n{body}\n```"


LONG = "\n\n".join(
    [
        prose(40),
        code("python", 290),
        prose(30),
        code("rust", 260),
        code("c", 40),
        prose(20),
        code("go", 300),
        prose(35),
    ]
)


def test_forty_kilobytes_with_four_code_blocks_arrive_whole_with_no_fence_open() -> None:
    assert len(LONG) > 40_000
    pages = pages_of(LONG)
    assert joined(pages) == LONG
    shown: list[str] = []
    for page in pages:
        assert not open_fence(page.text)
        assert 1000 <= len(page.text) <= 2000 or page.final
        shown += page.text.split("\n")
    fences = [line for line in shown if line.startswith("```")]
    assert [line for line in shown if line and not line.startswith("```")] == [
        line for line in LONG.split("\n") if line and not line.startswith("```")
    ]
    assert all((opened == "```") != (closed == "```") for opened, closed in pairwise(fences))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("a" * 30 + "\n\n" + "b" * 10 + "\n" + "c" * 10 + ". " + "d" * 30, "a" * 30),
        ("a" * 30 + "\n" + "c" * 10 + ". " + "d" * 30, "a" * 30),
        ("a" * 10 + "\n\n" + "b" * 20 + ". " + "c " * 30, "a" * 10 + "\n\n" + "b" * 20 + "."),
        ("a" * 10 + ". " + "b" * 20 + " cc dd " + "e" * 30, "a" * 10 + ". " + "b" * 20 + " cc dd"),
        ("a" * 10 + " " + "b" * 80, "a" * 10 + " " + "b" * 39),
    ],
    ids=["paragraph", "line", "sentence", "word", "letter"],
)
def test_a_page_ends_with_the_best_that_leaves_it_half_full(text: str, first: str) -> None:
    assert pages_of(text, 50)[0].text == first


def test_ten_thousand_letters_without_a_space_fill_five_pages() -> None:
    pages = pages_of("x" * 10_000)
    assert [len(page.text) for page in pages] == [2000] * 5


def test_ten_thousand_letters_of_families_are_cut_between_families() -> None:
    pages = pages_of("👨‍👩‍👧‍👦" * 1500)
    assert joined(pages) == "👨‍👩‍👧‍👦" * 1500
    assert all(page.text.startswith("👨") and page.text.endswith("👦") for page in pages)


def test_a_grapheme_longer_than_a_page_is_cut_after_all() -> None:
    pages = pages_of("a" + "\u0301" * 200, 50)
    assert [len(page.text) for page in pages] == [50, 50, 50, 50, 1]


def test_white_space_alone_makes_no_page() -> None:
    draft = Draft(2000, boundary)
    draft.append(" \n")
    assert draft.pages() == ()
    assert draft.pages(final=True) == ()


def test_white_space_without_end_stays_between_two_pages() -> None:
    text = "a" + "\n" * 10_000 + "b" * 2000
    pages = pages_of(text)
    assert [page.text for page in pages] == ["a", "b" * 2000]
    assert joined(pages) == text


@given(TEXTS, LIMITS, st.booleans())
@settings(max_examples=30)
def test_a_long_text_is_read_in_steps_and_the_pages_are_the_same(text: str, limit: int, looked: bool) -> None:
    text *= 1 + 3 * STEP // max(1, len(text))
    draft = Draft(limit, boundary)
    draft.append(text)
    steps = 0
    while draft.read():
        steps += 1
        if looked and steps == 2:
            draft.pages()
    assert draft.pages(final=True) == pages_of(text, limit)
    assert looked or steps == max(0, len(text) - 1) // STEP


@pytest.mark.parametrize("flood", ["> ", "- ", "1. ", "12345678", "`", "~ ", "``` ", " >", "* * "])
def test_a_flood_of_signs_stays_whole(flood: str) -> None:
    text = (flood * 20_000)[:20_000]
    assert joined(pages_of(text)) == (text if text.strip() else "")
