"""What others said in a thread before somebody asked the bot there, on a local Discord."""

import logging
from collections.abc import AsyncIterator

import pytest
from discord.utils import snowflake_time

from bot.conversation.events import ChannelRef
from bot.errors import PlatformFailed
from tests.adapters.discord.online import discords_own_addresses, online, page, platform_for, post
from tests.servers.discord import MESSAGE_CONTENT, Channel, DiscordServer, Fault, Message, User
from tests.servers.discord.permissions import READ_MESSAGE_HISTORY, VIEW_CHANNEL

DAY = 24 * 60 * 60


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """One that lets the bot read everything."""
    async with discords_own_addresses(), DiscordServer(privileged=MESSAGE_CONTENT) as server:
        yield server


@pytest.fixture
async def thread(server: DiscordServer, ann: User) -> Channel:
    return await server.open_thread(await server.say(server.general, ann, "Lamps"), "lamps")


def place(server: DiscordServer, thread: Channel) -> ChannelRef:
    return ChannelRef(
        platform="discord", workspace=server.world.guild, channel=thread.id, parent=thread.parent
    )


async def test_what_others_said_is_read_as_it_stands_there_now(
    server: DiscordServer, thread: Channel, ann: User
) -> None:
    bob, platform = server.world.add_user("bob"), platform_for(server, message_content=True)
    async with online(server, platform):
        first = await server.say(thread, ann, "The lamp is of.")
        await server.rewrite(first, "The lamp is out.")
        await server.delete_message(await server.say(thread, ann, "Never mind."))
        second = await server.say(thread, bob, f"{ann.mention} since when?")
        asked = await server.say(thread, bob, f"{server.bot.mention} since when?")
        await server.say(thread, ann, "Since noon.")
        quotes = await platform.before(place(server, thread), asked.id, 20)
        latest = await platform.before(place(server, thread), asked.id, 1)
    assert [(quote.author, quote.text, quote.message) for quote in quotes] == [
        ("Ann", "Lamps", thread.id),
        ("Ann", "The lamp is out.", first.id),
        ("Bob", "@Ann since when?", second.id),
    ]
    assert [quote.person for quote in quotes] == [f"discord::{each.id}" for each in (ann, ann, bob)]
    assert list(latest) == [quotes[0], quotes[2]]


async def test_what_the_bot_said_and_was_told_is_no_news_to_it(
    server: DiscordServer, thread: Channel, ann: User
) -> None:
    platform = platform_for(server, message_content=True)
    async with online(server, platform) as ear:
        await server.say(thread, ann, f"{server.bot.mention} why?")
        await post(platform, await ear.question(), page("Because"))
        [answer] = server.answers(thread)
        await server.say(thread, ann, "really?", reply_to=answer)
        await ear.question()
        asked = await server.say(thread, ann, f"{server.bot.mention} and?")
        [begins] = await platform.before(place(server, thread), asked.id, 20)
    assert begins.text == "Lamps"


async def test_what_is_older_than_a_day_is_left_out(
    server: DiscordServer, thread: Channel, ann: User
) -> None:
    platform = platform_for(server, message_content=True)
    async with online(server, platform):
        now = int(server.world.next_id())
        for text, seconds in (("long ago", DAY + 60), ("today", DAY - 60)):
            old = str(now - (seconds * 1000 << 22))
            server.world.add(Message(id=old, channel=thread, author=ann), text)
        quotes = await platform.before(place(server, thread), str(now), 20)
    assert [quote.text for quote in quotes] == ["Lamps", "today"]


async def test_what_was_said_before_a_moment_can_be_left_out(
    server: DiscordServer, thread: Channel, ann: User
) -> None:
    platform = platform_for(server, message_content=True)
    async with online(server, platform):
        now = int(server.world.next_id())
        for text, seconds in (("before", 61), ("since", 59)):
            said = str(now - (seconds * 1000 << 22))
            server.world.add(Message(id=said, channel=thread, author=ann), text)
        since = snowflake_time(now).timestamp() - 60
        quotes = await platform.before(place(server, thread), str(now), 20, since=since)
    assert [quote.text for quote in quotes] == ["since"]


@pytest.mark.parametrize("taken", [VIEW_CHANNEL, READ_MESSAGE_HISTORY])
async def test_where_it_may_not_be_read_there_is_none(
    server: DiscordServer, thread: Channel, ann: User, taken: int
) -> None:
    platform = platform_for(server, message_content=True)
    async with online(server, platform):
        await server.say(thread, ann, "The lamp is out.")
        server.world.bot_permissions &= ~taken
        asked = server.world.next_id()
        assert await platform.before(place(server, thread), asked, 20) == []


async def test_a_thread_that_is_no_more_and_a_thread_that_begins_have_none(
    server: DiscordServer, thread: Channel, ann: User
) -> None:
    platform = platform_for(server, message_content=True)
    here = place(server, thread)
    async with online(server, platform):
        await server.say(thread, ann, "The lamp is out.")
        before = len(server.edge.requests)
        assert await platform.before(here, here.channel, 20) == ()
        assert len(server.edge.requests) == before
        await server.delete_channel(thread)
        assert await platform.before(here, server.world.next_id(), 20) == []


async def test_without_the_privileged_intent_nothing_is_asked_for(
    server: DiscordServer, thread: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform):
        await server.say(thread, ann, "The lamp is out.")
        before = len(server.edge.requests)
        assert await platform.before(place(server, thread), server.world.next_id(), 20) == ()
        assert len(server.edge.requests) == before


async def test_a_discord_that_fails_says_so(server: DiscordServer, thread: Channel, ann: User) -> None:
    platform = platform_for(server, message_content=True)
    async with online(server, platform):
        server.fail(Fault(method="GET", path="/channels/*/messages", status=503))
        with pytest.raises(PlatformFailed):
            await platform.before(place(server, thread), server.world.next_id(), 20)


async def test_what_may_not_be_read_is_in_the_log_with_the_permission_that_is_missing(
    server: DiscordServer, thread: Channel, ann: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    platform = platform_for(server, message_content=True)
    async with online(server, platform):
        server.world.bot_permissions &= ~VIEW_CHANNEL
        await platform.before(place(server, thread), server.world.next_id(), 20)
    assert "missing access. Give the bot's role View Channel and Read Message History there." in caplog.text
