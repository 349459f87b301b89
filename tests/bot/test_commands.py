"""What people can tell the bot, and what it says to it."""

from dataclasses import replace

import pytest

from bot.commands import invoke
from bot.commands.words import as_verb
from bot.conversation.events import Address, Invoked, Said
from bot.conversation.layers import Scope
from tests.fakes.messages import CHANNEL, command, message
from tests.fakes.receiver import context


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
    assert understood("!temperature 0.3 --workspace") == ("0.3", Scope.WORKSPACE)
    assert understood("!prompt save x talk of --workspace") == ("save x talk of --workspace", None)


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("mark", ["", "--", "scope:", "scope: ", "scope=", "Scope: "])
def test_a_word_behind_a_value_says_for_whom_it_holds(mark: str, scope: Scope) -> None:
    assert understood(f"!temperature 0.3 {mark}{scope}") == ("0.3", scope)
    assert understood(f"!preset default {mark}{scope} ") == ("default", scope)


def test_a_texts_last_word_is_its_own() -> None:
    assert understood("!system You talk to me") == ("You talk to me", None)
    assert understood("!system You are a pirate. --channel") == ("You are a pirate.", Scope.CHANNEL)
    assert understood("!model me") == ("me", None)
    assert understood("!temperature --me") == ("", Scope.ME)
    assert understood("!temperature 0.3me") == ("0.3me", None)


def understood(text: str) -> tuple[str, Scope | None]:
    """A verb's argument, and for whom it is to hold."""
    event = as_verb(message(text))
    assert isinstance(event, Invoked)
    return event.argument, event.scope


async def said(name: str, argument: str = "") -> str:
    """What the bot answers to a word."""
    response = await invoke(command(name, argument), context(everyone=False))
    assert response.notice is not None
    return response.notice.text


async def test_reset_says_when_there_was_nothing_above() -> None:
    assert "nothing above" in await said("reset")


async def test_an_unknown_word_names_its_neighbour() -> None:
    assert "`temperature`" in await said("temprature", "1")
    assert "don't know `xyzzy`" in await said("xyzzy")


async def test_where_there_is_nobody_else_help_speaks_of_nobody_and_nothing_to_press() -> None:
    given = context(everyone=False)
    asked = replace(command("help"), channel=replace(CHANNEL, platform="page"))
    response = await invoke(asked, given)
    assert response.notice is not None
    assert "30 days" in response.notice.text
    for word in ("mention", "❌", "channel", "thread"):
        assert word not in response.notice.text.lower()
        assert word in (await said("help")).lower()


async def test_help_says_how_long_conversations_are_kept() -> None:
    assert "30 days" in await said("help")
    assert "`!language` (`en`, `es`, `fr`)" in await said("help")
