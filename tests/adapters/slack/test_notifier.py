"""What the bot says itself, on a local Slack: to whom, with which buttons, and files."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from adapters.platforms.slack.platform import SlackPlatform
from bot.commands.panel import panel
from bot.conversation import verbs
from bot.conversation.events import Invoked
from bot.conversation.views import Button, File, Notice
from bot.languages import speaker
from tests.adapters.slack.online import online, platform_for
from tests.fakes.receiver import Receiver, context
from tests.servers.slack import Fault, SlackServer, User

FORGET = Button(verb=verbs.FORGET.word, target="", label="Delete everything", argument="everything")
EXPORT = File(name="mixtral-export.json", content=b"{}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    server: SlackServer
    platform: SlackPlatform
    ear: Receiver
    ada: User

    async def said(self, text: str, *, private: bool = False, thread: str = "") -> Invoked:
        """What Ada said to the bot, as a word that it understands."""
        place = self.server.dm(self.ada) if private else self.server.general
        await self.server.people.say(place, self.ada, text, mention=True, thread=thread)
        heard = await self.ear.question()
        return Invoked(channel=heard.channel, id=heard.id, author=heard.author, verb=text.lstrip("!"))


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with SlackServer() as server:
        platform = platform_for(server)
        async with online(server, platform) as ear:
            yield Stage(server=server, platform=platform, ear=ear, ada=server.add_user("Ada"))


async def test_what_everybody_shall_know_is_one_message_in_the_thread(stage: Stage) -> None:
    first = await stage.server.people.say(stage.server.general, stage.ada, "Hm.")
    told = await stage.said("!temperature 0.3", thread=first.ts)
    await stage.platform.tell(told, Notice(text="Ada changed temperature.", public=True))
    [message] = stage.server.answers(stage.server.general)
    assert (message.text, message.thread_ts) == ("Ada changed temperature.", first.ts)
    assert not stage.server.ephemerals(stage.server.general, stage.ada)


async def test_what_everybody_shall_know_of_a_slash_command_is_answered_to_all(stage: Stage) -> None:
    response = await stage.server.people.slash(stage.server.general, stage.ada, "temperature 0.3")
    told = await stage.ear.command()
    await stage.platform.tell(told, Notice(text="Ada changed temperature.", public=True))
    assert [payload["response_type"] for payload in response.payloads] == ["in_channel"]
    [told_all] = stage.server.answers(stage.server.general)
    assert (told_all.text, told_all.unfurl) == ("Ada changed temperature.", False)


async def test_buttons_stand_below_and_bring_back_what_they_carry(stage: Stage) -> None:
    first = await stage.server.people.say(stage.server.general, stage.ada, "Hm.")
    told = await stage.said("!forget", thread=first.ts)
    await stage.platform.tell(told, Notice(text="Sure?", buttons=(FORGET,)))
    [asked] = stage.server.ephemerals(stage.server.general, stage.ada)
    assert asked.buttons == ["Delete everything"]
    await stage.server.people.press(asked, stage.ada, "Delete everything")
    pressed = await stage.ear.command()
    assert (pressed.verb, pressed.argument, pressed.channel) == ("forget", "everything", told.channel)


async def test_the_settings_and_the_help_have_buttons_of_their_own(stage: Stage) -> None:
    asked = await stage.said("!hm")
    shown = await panel(asked.channel, asked.author, context(), speaker("en"))
    await stage.platform.tell(await stage.said("!settings"), Notice(text="Settings", panel=shown.panel))
    await stage.platform.tell(await stage.said("!help"), Notice(text="Help"))
    settings, helped = stage.server.ephemerals(stage.server.general, stage.ada)
    assert settings.buttons == ["Change settings"]
    assert helped.buttons == ["Change settings", "Show settings"]
    await stage.server.people.press(helped, stage.ada, "Change settings")
    assert len(stage.server.world.views) == 1


async def test_a_file_comes_in_direct_messages_and_never_into_a_channel(stage: Stage) -> None:
    await stage.platform.tell(await stage.said("!export"), Notice(text="All of it.", file=EXPORT))
    [told] = stage.server.ephemerals(stage.server.general, stage.ada)
    assert told.text == "I have sent it to you in private."
    assert not stage.server.answers(stage.server.general)
    [sent] = stage.server.answers(stage.server.dm(stage.ada))
    assert (sent.text, [file["name"] for file in sent.files]) == ("All of it.", ["mixtral-export.json"])
    [upload] = stage.server.world.uploads.values()
    assert upload.content == b"{}"


async def test_a_file_that_is_asked_for_in_private_comes_there_and_nothing_else_is_said(stage: Stage) -> None:
    told = await stage.said("!export", private=True)
    await stage.platform.tell(told, Notice(text="All of it.", file=EXPORT))
    [sent] = stage.server.answers(stage.server.dm(stage.ada))
    assert (sent.text, sent.thread_ts) == ("All of it.", told.id)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(method="files.getUploadURLExternal", error="missing_scope"), "install me here again"),
        (Fault(method="conversations.open", error="missing_scope"), "install me here again"),
        (Fault(method="files.completeUploadExternal", status=503, html="<html/>"), "Something went wrong"),
    ],
)
async def test_a_file_that_cannot_be_handed_over_is_told(stage: Stage, fault: Fault, words: str) -> None:
    stage.server.fail(fault)
    await stage.platform.tell(await stage.said("!export"), Notice(text="All of it.", file=EXPORT))
    [told] = stage.server.ephemerals(stage.server.general, stage.ada)
    assert words in told.text


async def test_a_short_answer_to_copy_is_a_block_of_code_that_nothing_in_it_ends(stage: Stage) -> None:
    answer = "Look:\n```py\nprint(1)\n```"
    file = File(name="answer.md", content=answer.encode())
    await stage.platform.tell(await stage.said("!copy"), Notice(text="As it was written.", file=file))
    [told] = stage.server.ephemerals(stage.server.general, stage.ada)
    assert told.text == f"As it was written.\n\n````\n{answer}\n````"
    assert not stage.server.world.uploads


async def test_a_long_answer_to_copy_is_a_file(stage: Stage) -> None:
    file = File(name="answer.md", content=b"x" * 2501)
    await stage.platform.tell(await stage.said("!copy"), Notice(text="As it was written.", file=file))
    [sent] = stage.server.answers(stage.server.dm(stage.ada))
    assert sent.files[0]["name"] == "answer.md"


async def test_in_a_thread_that_does_not_exist_yet_it_is_said_beside_the_first_message(stage: Stage) -> None:
    told = await stage.said("!why")
    other = replace(told, id="V1", target=told.id)
    for each in (told, other):
        await stage.platform.tell(each, Notice(text="I know nothing of that message."))
    shown = stage.server.ephemerals(stage.server.general, stage.ada)
    assert [message.thread_ts for message in shown] == ["", ""]


async def test_who_can_not_be_told_in_a_channel_is_told_in_private_without_buttons_about_that_channel(
    stage: Stage,
) -> None:
    told = await stage.said("!temperature 0.3")
    stage.server.fail(Fault(method="chat.postEphemeral", error="user_not_in_channel"))
    await stage.platform.tell(told, Notice(text="That did not work.", buttons=(FORGET,)))
    [message] = stage.server.answers(stage.server.dm(stage.ada))
    assert (message.text, list(message.buttons)) == ("That did not work.", [])
