"""What people can tell the bot, and what it says to it."""

import pytest

from bot.commands import invoke
from bot.commands.words import as_verb
from bot.conversation.events import Address, Invoked, Said
from tests.fakes.bot import Bot
from tests.fakes.messages import command, message
from tests.fakes.model import Speaker


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("!temperature 0.3", "temperature", "0.3"),
        ("  !SETTINGS ", "settings", ""),
        ("!system You are a pirate.", "system", "You are a pirate."),
        ("!max_tokens", "max_tokens", ""),
        ("!ask", "ask", ""),
        ("", "hello", ""),
    ],
)
def test_a_word_after_the_mention_is_a_command(text: str, name: str, argument: str) -> None:
    event = as_verb(message(text))
    assert isinstance(event, Invoked)
    assert (event.verb, event.argument) == (name, argument)


@pytest.mark.parametrize("text", ["Why?", "!!! help", "! really", "5! = 120"])
def test_what_is_no_word_is_a_question(text: str) -> None:
    assert as_verb(message(text)) == message(text)


def test_ask_is_a_question() -> None:
    assert as_verb(message("!ask Why?")) == message("Why?")


def test_a_follow_up_is_never_a_command() -> None:
    follow_up = message("!reset", address=Address.FOLLOW_UP)
    assert isinstance(as_verb(follow_up), Said)


def test_a_workspace_behind_a_value_says_where_it_holds() -> None:
    event = as_verb(message("!temperature 0.3 --workspace"))
    assert isinstance(event, Invoked)
    assert (event.argument, event.whole) == ("0.3", True)
    kept = as_verb(message("!prompt save x talk of --workspace"))
    assert isinstance(kept, Invoked)
    assert (kept.argument, kept.whole) == ("save x talk of --workspace", False)


async def said(name: str, argument: str = "") -> str:
    """What the bot answers to a word."""
    bot = Bot(Speaker(()))
    response = await invoke(command(name, argument), bot.intake.context)
    assert response.notice is not None
    return response.notice.text


async def test_reset_says_when_there_was_nothing_to_forget() -> None:
    assert "nothing to forget" in await said("reset")


async def test_an_unknown_word_names_its_neighbour() -> None:
    assert "`temperature`" in await said("temprature", "1")
    assert "don't know `xyzzy`" in await said("xyzzy")


async def test_help_says_how_long_conversations_are_kept() -> None:
    assert "30 days" in await said("help")
