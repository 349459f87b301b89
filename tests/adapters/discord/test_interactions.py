"""The first answer to an interaction, which Discord waits three seconds for, on a local Discord."""

import asyncio
import logging

import pytest

from bot.conversation.events import Event, Invoked
from bot.conversation.views import Notice, Outcome
from bot.errors import StoreUnavailable
from tests.adapters.discord.online import given, online, page, platform_for, post
from tests.fakes.receiver import Receiver
from tests.servers.discord import Channel, DiscordServer, Fault, User
from tests.servers.discord.world import EPHEMERAL

LATE = 2.2
"""Seconds: longer than the bot has for a first answer, and shorter than Discord waits."""


class Held(Receiver):
    """Takes events in when it is let."""

    def __init__(self) -> None:
        super().__init__(given())
        self.asked, self.let = asyncio.Event(), asyncio.Event()

    async def receive(self, event: Event) -> Notice | None:
        self.asked.set()
        await self.let.wait()
        return await super().receive(event)


async def test_a_command_is_answered_once_the_bot_has_taken_it_in_and_not_before(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    bot = Held()
    bot.notice = Notice(text="Set.", outcome=Outcome.DONE)
    async with online(server, platform_for(server), bot):
        interaction = await server.slash(general, ann, "temperature", {"value": "1"})
        await bot.asked.wait()
        before = interaction.acknowledged_at
        bot.let.set()
        told = await server.until(lambda: interaction.answered)
    assert before is None
    assert (told.content, told.flags & EPHEMERAL) == ("Set.", EPHEMERAL)
    calls = [each.route for each in server.edge.requests if "webhooks" in each.route]
    assert calls == []  # one call is all that it takes


async def test_what_takes_long_is_deferred_and_answered_then(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    bot = Receiver(given())
    bot.seconds, bot.notice = LATE, Notice(text="Set.")
    async with online(server, platform_for(server), bot):
        interaction = await server.slash(general, ann, "temperature", {"value": "1"})
        await server.until(lambda: interaction.acknowledged_at)
        assert interaction.answered is None
        told = await server.until(lambda: interaction.answered)
    assert (told.content, told.flags & EPHEMERAL) == ("Set.", EPHEMERAL)


async def test_an_answer_that_is_there_before_the_first_answer_waits_for_it(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)

    class Fast(Receiver):
        """Shows the answer while the question is still being taken in."""

        posting: asyncio.Task[str] | None = None

        async def receive(self, event: Event) -> Notice | None:
            await super().receive(event)
            question = await self.question()
            self.posting = asyncio.create_task(post(platform, question, page("Because")))
            await asyncio.sleep(0.1)
            return None

    bot = Fast()
    async with online(server, platform, bot):
        interaction = await server.slash(general, ann, "ask", {"text": "why?"})
        await server.until(lambda: interaction.answered)
    assert [one.content for one in server.answers(general)] == ["Because"]
    assert interaction.original is not None


@pytest.mark.parametrize("fault", [StoreUnavailable(), TypeError("my secret")])
async def test_a_fault_while_a_command_is_taken_in_ends_in_words(
    server: DiscordServer, general: Channel, ann: User, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    async with online(server, platform_for(server)) as ear:
        ear.faults = [fault]
        interaction = await server.slash(general, ann, "reset")
        told = await server.until(lambda: interaction.answered)
    ours = isinstance(fault, TypeError)
    assert ("went wrong" in told.content, told.flags & EPHEMERAL) == (ours, EPHEMERAL)
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.getMessage() for record in errors] == [f"interaction {interaction.id}"] * ours
    assert [record.exc_info is not None for record in errors] == [True] * ours


async def test_what_was_answered_too_late_is_not_said_to_everybody(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    bot = Held()
    bot.notice = Notice(text="For you alone.")
    async with online(server, platform_for(server), bot):
        interaction = await server.slash(general, ann, "settings")
        interaction.invoked_at -= 4
        bot.let.set()
        await server.until(lambda: server.edge.statuses[404])
        other = await server.slash(general, ann, "settings")
        await server.until(lambda: other.answered)
    assert server.answers(general) == []


async def test_a_first_answer_of_which_discord_says_nothing_counts(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    async with online(server, platform_for(server)) as ear:
        ear.notice = Notice(text="word " * 500)
        server.fail(
            Fault(method="POST", path="/interactions/*/callback", status=200, applied=True, page=True)
        )
        interaction = await server.slash(general, ann, "help")
        await server.until(lambda: interaction.follow_ups)
    assert interaction.answered is not None
    assert interaction.answered.content.startswith("word")
    assert server.answers(general) == []


async def test_a_form_whose_values_take_long_is_answered_on_the_panel_all_the_same(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    bot = Receiver(given(), answers=True)
    async with online(server, platform_for(server), bot):
        used = await server.slash(general, ann, "settings")
        panel = await server.until(lambda: used.answered)
        opened = await server.press(panel, ann, "Generation")
        await server.until(lambda: opened.form)
        bot.seconds = LATE
        await server.send_form(opened, {"temperature": "9"})
        await server.until(lambda: "takes a number" in panel.content)
    events = [bot.events.get_nowait() for _ in range(bot.events.qsize())]
    assert [each.changes for each in events if isinstance(each, Invoked)] == [{}, {"temperature": "9"}]
