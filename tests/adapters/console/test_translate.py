"""What a typed line becomes, and what a terminal may be given."""

import pytest

from adapters.platforms.console.controls import as_word, ends
from adapters.platforms.console.translate import (
    author_of,
    harmless,
    locale_in,
    message_id,
    question_in,
    question_of,
)
from bot.commands.words import as_verb
from bot.conversation.events import Address, ChannelRef, Invoked

ADA = author_of("ada", "en")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("/temperature 0.3", "!temperature 0.3"),
        ("/RESET", "!RESET"),
        ("!temperature 0.3", "!temperature 0.3"),
        ("/etc/passwd is a file", "/etc/passwd is a file"),
        ("/ask", "!ask"),
        ("/version 1", "!version 1"),
        ("/temprature 0.3", "!temprature 0.3"),
        ("/usr", "/usr"),
        ("/", "/"),
        ("/ reset", "/ reset"),
        ("what does /reset do?", "what does /reset do?"),
    ],
)
def test_a_slash_before_one_of_the_bots_words_is_a_command(line: str, text: str) -> None:
    assert as_word(line) == text


@pytest.mark.parametrize(
    ("line", "over"), [("/quit", True), (" /EXIT ", True), ("quit", False), ("/q", False)]
)
def test_what_people_type_to_leave_ends_it(line: str, over: bool) -> None:
    assert ends(line) is over


def test_a_line_is_a_private_message_of_its_user() -> None:
    message = question_in("  hello \n", author=ADA, number=3, at=12.5)
    assert message.channel == ChannelRef(platform="console", workspace="local", channel="ada", private=True)
    assert (message.author.name, message.text, message.sent_at) == ("ada", "hello", 12.5)
    assert message.address is Address.PRIVATE


@pytest.mark.parametrize(
    ("environ", "locale"),
    [
        ({"LANG": "es_MX.UTF-8"}, "es-MX"),
        ({"LANG": "de_AT@euro", "LC_ALL": "es"}, "es"),
        ({"LANG": "es_ES.UTF-8", "LC_MESSAGES": "en_GB.UTF-8", "LC_ALL": ""}, "en-GB"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_that_of_the_environment(environ: dict[str, str], locale: str) -> None:
    assert locale_in(environ) == locale


def test_two_lines_of_one_moment_are_two_messages() -> None:
    assert (
        question_in("a", author=ADA, number=1, at=1.0).id != question_in("a", author=ADA, number=2, at=1.0).id
    )


def test_the_core_takes_the_command() -> None:
    event = as_verb(question_in("/temperature 0.3", author=ADA, number=1, at=1.0))
    assert isinstance(event, Invoked)
    assert (event.verb, event.argument) == ("temperature", "0.3")


def test_a_message_knows_its_question() -> None:
    assert question_of(message_id("12.5-3", 11)) == "12.5-3"


def test_a_model_can_not_steer_the_terminal() -> None:
    assert harmless("a\x1b[2Jb\x07\x9b1m\tc\nd\x7fé🦊") == "a[2Jb1m\tc\ndé🦊"
