"""Code fences over pages: closed, opened again, held back while they arrive."""

import re

import pytest

from adapters.graphemes import boundary
from bot.conversation.views import Page
from bot.display.draft import Draft
from bot.display.fences import Reading


def pages_of(text: str, limit: int = 2000) -> tuple[Page, ...]:
    draft = Draft(limit, boundary)
    draft.append(text)
    return draft.pages(final=True)


def marks(text: str) -> list[str]:
    """The mark of the open fence after each line, "" when none is open."""
    reading = Reading(widest=40)
    found: list[str] = []
    for line in text.split("\n"):
        reading = reading.after(line)
        found.append(reading.fence.mark if reading.fence else "")
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```py\nx\n```", ["```", "```", ""]),
        ("   ~~~\n   ~~~~  ", ["~~~", ""]),
        ("    ```\nx", ["", ""]),
        ("``` a`b\nx", ["", ""]),
        ("~~~ a`b\n```\n~~\n~~~ x\n~~~", ["~~~", "~~~", "~~~", "~~~", ""]),
        ("````\n```\n`````", ["````", "````", ""]),
        ("```\n    ```\n```", ["```", "```", ""]),
        ("- ```sh\n  x\n  ```", ["```", "```", ""]),
        ("1. a\n\n   - b\n\n        ```\n        ```", ["", "", "", "", "```", ""]),
        ("- a\n\nb\n    ```", ["", "", "", ""]),
        ("> ```\n> x\nout", ["```", "```", ""]),
        ("> ```\n```", ["```", "```"]),
        ("`" * 41, [""]),
    ],
)
def test_a_fence_is_what_commonmark_takes_for_one(text: str, expected: list[str]) -> None:
    assert marks(text) == expected


@pytest.mark.parametrize("whole", ["```py", "  ~~~~ x", "> - ```", "12. ```c"])
def test_a_line_stays_undecided_for_as_long_as_it_may_open_a_fence(whole: str) -> None:
    reading = Reading(widest=40)
    assert all(reading.undecided(whole[:end]) for end in range(len(whole) + 1))
    assert not any(reading.undecided(line) for line in ("`x", "a", "```x`", "- a", "1.a", "~x", "> a"))


def test_inside_a_fence_only_its_end_is_undecided() -> None:
    inside = Reading(widest=40).after("```")
    assert all(inside.undecided(line) for line in ("", "  ", "`", "```", "``` "))
    assert not any(inside.undecided(line) for line in ("x", "```x", "- "))


def test_a_block_whose_information_is_too_long_goes_on_with_its_language() -> None:
    pages = pages_of("```python " + "title " * 5 + "\n" + "value = 1\n" * 9 + "```", 80)
    assert pages[1].text.startswith("```python\nvalue = 1\n")


def test_a_block_that_is_cut_goes_on_in_its_language() -> None:
    first, second = pages_of("```python\n" + "value = 1\n" * 9 + "```", 80)
    assert first.text == "```python\n" + "value = 1\n" * 6 + "```"
    assert second.text == "```python\n" + "value = 1\n" * 3 + "```"
    assert first.body + second.body == "```python\n" + "value = 1\n" * 9 + "```"


def test_the_indentation_of_code_survives_a_cut() -> None:
    text = "```\n" + "    deep\n\n" * 20 + "```"
    for page in pages_of(text, 60):
        assert re.fullmatch(r"```\n((    deep)?\n)+```", page.text)


def test_a_fence_in_a_quote_is_closed_and_opened_within_the_quote() -> None:
    first, second = pages_of("> ~~~ sh\n" + "> echo hi\n" * 8 + "> ~~~\n\nSo.", 80)
    assert first.text == "> ~~~ sh\n" + "> echo hi\n" * 6 + "> ~~~"
    assert second.text == "> ~~~ sh\n" + "> echo hi\n" * 2 + "> ~~~\n\nSo."


def test_a_fence_in_a_list_may_be_indented_with_it() -> None:
    text = (
        "1. Do:\n\n    ```sh\n"
        + "    echo hi\n" * 6
        + "    ```\n2. Done, and some words more for the second page"
    )
    pages = pages_of(text, 80)
    assert pages[0].text.startswith("1. Do:\n\n    ```sh\n    echo hi\n")
    assert pages[0].text.endswith("echo hi\n    ```")
    assert pages[1].text.startswith("    ```sh\n    echo hi\n")
    assert pages[1].text.endswith("echo hi\n    ```")
    assert pages[2].text == "2. Done, and some words more for the second page"


def test_a_longer_fence_is_not_ended_by_a_shorter_one() -> None:
    for page in pages_of("````md\n" + "```\ninner\n```\n" * 10 + "````", 70):
        assert page.text.startswith("````md\n")
        assert page.text.endswith("\n````")


def test_the_next_page_does_not_begin_with_what_would_pass_for_a_fence() -> None:
    for page in pages_of(("word " * 10 + "```x ") * 10, 50):
        assert not page.text.startswith("`")


@pytest.mark.parametrize(
    "text",
    [
        "```" + "a" * 9000,
        "`" * 9000,
        "~~~ " + "b c" * 3000 + "\nx\n~~~\n",
        "```\n" + "c" * 9000,
        "```" + " " * 9000 + "x",
    ],
)
def test_a_fence_without_measure_ends_and_stays_within_the_limit(text: str) -> None:
    pages = pages_of(text)
    assert "".join(page.body for page in pages) == text
    assert all(len(page.text) <= 2000 for page in pages)


def test_an_open_block_is_closed_on_the_growing_page_so_that_it_renders() -> None:
    draft = Draft(2000, boundary)
    draft.append("Look:\n```py\nx = 1")
    (page,) = draft.pages()
    assert page.text == "Look:\n```py\nx = 1\n```"
    assert page.body == "Look:\n```py\nx = 1"
    assert not page.full


def test_a_half_arrived_fence_does_not_flicker() -> None:
    draft = Draft(2000, boundary)
    seen: list[str] = []
    for letter in "Look:\n```py\nx\n```\nSo.":
        draft.append(letter)
        for page in draft.pages():
            if page.text not in seen:
                seen.append(page.text)
    block = "Look:\n```py\nx\n```"
    assert seen == ["L", "Lo", "Loo", "Look", "Look:", block, f"{block}\nS", f"{block}\nSo", f"{block}\nSo."]


def test_a_line_of_a_quoted_block_that_is_cut_stays_in_the_quote() -> None:
    pages = pages_of("> ```\n> " + "x" * 200 + "\n> ```\nout", 80)
    assert len(pages) == 4
    for page in pages[:-1]:
        assert re.fullmatch(r"> ```\n> x+\n> ```", page.text)
    assert re.fullmatch(r"> ```\n> x+\n> ```\nout", pages[-1].text)


@pytest.mark.parametrize("before", range(20, 110))
def test_no_page_shows_a_block_with_nothing_in_it(before: int) -> None:
    text = "a" * before + "\n```py\n" + "x" * 60 + "\n``````````\n" + "b" * 90
    for page in pages_of(text, 100):
        assert "```py\n```" not in page.text


def test_a_list_goes_on_over_pages_for_the_fences_in_it() -> None:
    text = (
        "10. " + "word " * 9 + "\n\n    more words here\n\n      ```sh\n" + "      echo\n" * 10 + "      ```"
    )
    pages = pages_of(text, 60)
    assert pages[1].text.startswith("more words here")
    assert pages[-1].text.startswith("      ```sh\n")
