"""What people can tell the bot, and what it says to it."""

import pytest

from bot.commands import Commands, understood
from bot.generation import GenerationSettings
from bot.messages import Address, CommandInvoked, IncomingMessage
from tests.fakes.mailbox import InMemoryMailbox, InMemoryMemory
from tests.fakes.messages import CHANNEL, PRIVATE, command, message


@pytest.fixture
def commands() -> Commands:
    memory = InMemoryMemory(InMemoryMailbox())
    return Commands(memory=memory, defaults=GenerationSettings(), history_days=30)


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
    event = understood(message(text))
    assert isinstance(event, CommandInvoked)
    assert (event.name, event.argument) == (name, argument)


@pytest.mark.parametrize("text", ["Why?", "!!! help", "! really", "5! = 120"])
def test_what_is_no_word_is_a_question(text: str) -> None:
    assert understood(message(text)) == message(text)


def test_ask_is_a_question() -> None:
    assert understood(message("!ask Why?")) == message("Why?")


def test_a_follow_up_is_never_a_command() -> None:
    follow_up = message("!reset", address=Address.FOLLOW_UP)
    assert isinstance(understood(follow_up), IncomingMessage)


async def test_a_setting_holds_for_its_channel_and_says_what_it_was_and_is(commands: Commands) -> None:
    assert "was 0.9 and is now 0.3" in await commands.answer(command("temperature", "0.3"))
    assert "is 0.3 here" in await commands.answer(command("temperature"))
    assert "is 0.9 here" in await commands.answer(command("temperature", channel=PRIVATE))


async def test_out_of_range_is_answered_with_the_range_and_changes_nothing(commands: Commands) -> None:
    assert "from 0 to 2" in await commands.answer(command("temperature", "9"))
    assert "`random`" in await commands.answer(command("seed", "many"))
    assert "is 0.9 here" in await commands.answer(command("temperature"))


async def test_default_goes_back(commands: Commands) -> None:
    await commands.answer(command("temperature", "0.3"))
    assert "was 0.3 and is now 0.9" in await commands.answer(command("temperature", "default"))


async def test_settings_shows_all_and_which_were_set_here(commands: Commands) -> None:
    await commands.answer(command("seed", "random"))
    shown = await commands.answer(command("settings"))
    assert "seed: random (set here)" in shown
    assert "repetition_penalty: 1.2\n" in shown


async def test_reset_says_when_there_was_nothing_to_forget(commands: Commands) -> None:
    assert "nothing to forget" in await commands.answer(command("reset"))


async def test_an_unknown_word_names_its_neighbour(commands: Commands) -> None:
    assert "`temperature`" in await commands.answer(command("temprature", "1"))
    assert "don't know `xyzzy`" in await commands.answer(command("xyzzy"))


async def test_help_says_how_long_conversations_are_kept(commands: Commands) -> None:
    assert "30 days" in await commands.answer(command("help", channel=CHANNEL))
