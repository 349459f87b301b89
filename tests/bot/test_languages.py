"""What the bot says itself: nothing is missing, and times read as people say them."""

import ast
from pathlib import Path
from string import Formatter

import pytest

import bot
from bot.admission import Refusal
from bot.languages import LANGUAGES, amount, speaker
from bot.languages.faults import INSTEAD
from bot.languages.times import duration

SOURCES = Path(bot.__file__).parent


def said_in_the_code() -> set[str]:
    """The keys that `say` and `_tell` are called with as literals, and those kept in tables."""
    keys = {*INSTEAD.values(), *(refusal.value for refusal in Refusal)}
    for source in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"say", "_tell"}:
                parts = (part for argument in node.args for part in ast.walk(argument))
                keys.update(
                    part.value
                    for part in parts
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                )
    return keys


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_values(language: str) -> None:
    english = LANGUAGES["en"]
    assert set(LANGUAGES[language]) == set(english)
    for key, phrase in LANGUAGES[language].items():
        assert fields(phrase) == fields(english[key]), key


def test_what_the_code_says_is_in_the_catalogue() -> None:
    assert {key for key in said_in_the_code() if key.islower() and key.isidentifier()} <= set(LANGUAGES["en"])


def test_a_language_that_is_not_spoken_here_is_answered_in_english() -> None:
    assert speaker("tlh")("hello") == speaker("en-GB")("hello")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 second"),
        (1.2, "2 seconds"),
        (60, "60 seconds"),
        (61, "2 minutes"),
        (3600, "60 minutes"),
        (3601, "2 hours"),
    ],
)
def test_times_are_rounded_up_and_said_in_words(seconds: float, words: str) -> None:
    assert duration(speaker("en"), seconds) == words


@pytest.mark.parametrize(("number", "words"), [(2.0, "2"), (0.05, "0.05"), (4096, "4096")])
def test_numbers_are_said_without_an_empty_fraction(number: float, words: str) -> None:
    assert amount(number) == words
