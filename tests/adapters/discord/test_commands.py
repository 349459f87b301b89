"""The texts of commands in every language: within Discord's rules, and told to Discord."""

import re

import discord
import pytest
from discord import app_commands

from adapters.platforms.discord.commands import CONTROLS, SHORTCUTS, Translator, phrase, translation
from bot.conversation.verbs import TYPED
from bot.languages import languages, speaker
from tests.adapters.discord.online import online, platform_for
from tests.servers.discord import DiscordServer

NAME = re.compile(r"[-_'\w]{1,32}")


@pytest.mark.parametrize("tag", languages())
def test_names_and_descriptions_fit_discord_in_every_language(tag: str) -> None:
    say = speaker(tag)
    names = [say(f"command_{control.name}") for control in CONTROLS]
    names += [say(f"option_{name}_name") for name in ("text", "value", "workspace")]
    assert [name for name in names if not NAME.fullmatch(name) or name != name.lower()] == []
    assert len(set(names)) == len(names)
    assert [name for name in SHORTCUTS if not 1 <= len(say(f"menu_{name}")) <= 32] == []
    hints = [translation(control.hint, control.name, tag) for control in CONTROLS if control.hint]
    abouts = [say(f"command_{control.name}_about") for control in CONTROLS]
    assert [
        text for text in (*hints, *abouts, say("option_workspace_about")) if not 1 <= len(text) <= 100
    ] == []


def test_an_english_name_is_the_word_itself() -> None:
    assert [control.name for control in CONTROLS] == [
        speaker("en")(f"command_{control.name}") for control in CONTROLS
    ]
    assert {control.name for control in CONTROLS} <= set(TYPED)


async def test_discord_is_told_the_names_in_every_language_that_the_bot_speaks(
    server: DiscordServer,
) -> None:
    async with online(server, platform_for(server)):
        pass
    [command] = [one for one in server.world.commands if one["name"] == "temperature"]
    wanted = {
        locale.value: speaker(locale.value)("command_temperature")
        for locale in discord.Locale
        if locale.value.partition("-")[0] in set(languages()) - {"en"}
    }
    assert command["name_localizations"] == wanted
    assert set(command["description_localizations"]) == set(wanted)


async def test_a_text_in_a_language_that_the_bot_does_not_speak_stays_english() -> None:
    context: app_commands.TranslationContextTypes = app_commands.TranslationContext(
        location=app_commands.TranslationContextLocation.other, data=None
    )
    told = await Translator().translate(phrase("command_ask"), discord.Locale.korean, context)
    assert told is None
