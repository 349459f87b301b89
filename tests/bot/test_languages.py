"""What the bot says itself: nothing is missing, and times read as people say them."""

import ast
import fnmatch
from pathlib import Path
from string import Formatter

import pytest

import bot
from bot.admission import Refusal
from bot.languages import amount, languages, speaker
from bot.languages.faults import INSTEAD
from bot.languages.language import Phrase
from bot.languages.times import duration

SOURCES = Path(bot.__file__).parent


def said_in_the_code() -> set[str]:
    """The keys that `say` and `_tell` are called with, and those kept in tables; of one that is put together,
    how it begins, with a `*`."""
    keys = {*INSTEAD.values(), *(refusal.value for refusal in Refusal)}
    for source in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"say", "_tell"}:
                for argument in node.args[:2]:
                    keys |= literals(argument)
    return keys


def literals(node: ast.expr) -> set[str]:
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=one, orelse=other):
            return literals(one) | literals(other)
        case ast.JoinedStr(values=[ast.Constant(value=str(beginning)), *_]):
            return {f"{beginning}*"}
    return set()


def texts(phrase: Phrase) -> list[str]:
    return [phrase] if isinstance(phrase, str) else list(phrase.values())


def fields(phrase: Phrase) -> set[str]:
    """The values that a phrase may need; a count need not stand in every plural form."""
    return {name for text in texts(phrase) for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("tag", languages())
def test_every_language_says_everything_with_the_same_values(tag: str) -> None:
    english, language = languages()["en"].phrases, languages()[tag]
    missing = set(english) - set(language.phrases)
    unknown = set(language.phrases) - set(english)
    assert (missing, unknown) == (set(), set())
    for key, phrase in language.phrases.items():
        assert fields(phrase) == fields(english[key]), key
        if not isinstance(phrase, str):
            forms = {language.plural(count) for count in range(200)}
            assert set(phrase) == forms, key


def test_what_the_code_says_is_in_the_catalogue() -> None:
    phrases = languages()["en"].phrases
    said = said_in_the_code()
    assert len(said) > 50
    assert {key for key in said if not fnmatch.filter(phrases, key)} == set()


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
