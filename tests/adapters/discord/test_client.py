"""The adapter's way to a local Discord: logging in, handing events on, breaks in the connection."""

import asyncio
import logging

import pytest
import yarl
from discord.gateway import DiscordWebSocket

from adapters.platforms.discord.errors import DiscordRefused
from bot.conversation.events import Event, Said
from bot.conversation.views import Notice
from bot.errors import StoreUnavailable
from tests.adapters.discord.online import online, page, platform_for, post
from tests.fakes.receiver import Receiver
from tests.servers.discord import Channel, DiscordServer, Fault, User


async def test_events_of_a_channel_keep_their_order_while_another_channel_waits(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform, release = platform_for(server), asyncio.Event()
    quiet = server.world.add_channel("quiet")
    heard: list[str] = []

    class Slow(Receiver):
        async def receive(self, event: Event) -> Notice | None:
            assert isinstance(event, Said)
            if event.channel.channel == general.id:
                await release.wait()
            heard.append(event.id)
            server.world.changed()
            return None

    running = asyncio.create_task(platform.run(Slow()))
    await server.connected()
    first = await server.say(general, ann, f"{server.bot.mention} one")
    second = await server.say(general, ann, f"{server.bot.mention} two")
    elsewhere = await server.say(quiet, ann, f"{server.bot.mention} three")
    await server.until(lambda: heard == [elsewhere.id])
    release.set()
    await server.until(lambda: heard == [elsewhere.id, first.id, second.id])
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_store_that_is_away_is_logged_once_and_once_when_it_is_back(
    server: DiscordServer, general: Channel, ann: User, caplog: pytest.LogCaptureFixture
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        ear.faults = [StoreUnavailable(), StoreUnavailable()]
        for text in ("one", "two", "three"):
            await server.say(general, ann, f"{server.bot.mention} {text}")
        assert (await ear.question()).text == "three"
        await asyncio.sleep(0)
    lines = [record.message for record in caplog.records if record.name == "adapters.platforms.discord.inbox"]
    assert len(lines) == 2
    assert "does not answer" in lines[0]
    assert "is back" in lines[1]


async def test_a_fault_of_ours_is_told_in_words_and_logged_without_the_message(
    server: DiscordServer, general: Channel, ann: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    platform = platform_for(server)
    async with online(server, platform) as ear:
        ear.faults = [KeyError("my secret")]
        asked = await server.say(general, ann, f"{server.bot.mention} my secret")
        [told] = await server.until(lambda: server.answers(general))
    assert told.reference == asked.id
    assert "went wrong" in told.content
    assert "KeyError" in caplog.text
    assert "my secret" not in caplog.text


async def test_what_was_missed_in_a_short_break_is_heard_after_it(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        async with server.disconnected():
            await server.say(general, ann, f"{server.bot.mention} why?")
        assert (await ear.question()).text == "why?"
    assert server.gateway.resumed == 1


@pytest.mark.parametrize("code", [1000, 1001, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009])
@pytest.mark.parametrize("forget", [False, True])
async def test_a_connection_that_was_closed_for_a_while_comes_back(
    server: DiscordServer, general: Channel, ann: User, code: int, forget: bool
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        async with server.disconnected(forget=forget, code=code):
            pass
        await server.until(lambda: server.gateway.identified + server.gateway.resumed == 2)
        await server.say(general, ann, f"{server.bot.mention} why?")
        assert (await ear.question()).text == "why?"


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (4004, "DISCORD_TOKEN"),
        (4010, "newer version"),
        (4011, "more servers"),
        (4012, "newer version"),
        (4013, "newer version"),
        (4014, "DISCORD_MESSAGE_CONTENT=false"),
    ],
)
async def test_a_connection_that_is_closed_for_good_ends_with_what_to_do(
    server: DiscordServer, code: int, remedy: str
) -> None:
    platform = platform_for(server)
    running = asyncio.create_task(platform.run(Receiver()))
    await server.connected()
    with pytest.raises(DiscordRefused, match=remedy):
        async with server.disconnected(code=code):
            await running


async def test_a_wrong_token_names_the_variable_and_not_the_token(
    server: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(DiscordRefused, match="DISCORD_TOKEN") as refused:
        await platform_for(server, token="not-the-token").run(Receiver())
    assert "not-the-token" not in f"{refused.value}{caplog.text}"
    assert "\n" not in str(refused.value)


async def test_an_intent_that_was_not_granted_names_its_variable(server: DiscordServer) -> None:
    with pytest.raises(DiscordRefused, match="DISCORD_MESSAGE_CONTENT=false"):
        await platform_for(server, message_content=True).run(Receiver())


async def test_a_discord_that_cannot_be_reached_at_first_is_waited_for(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    server.fail(Fault(method="GET", path="/users/@me", status=503))
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        assert (await ear.question()).text == "why?"


async def test_a_gateway_that_cannot_be_reached_at_first_is_waited_for(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL("ws://127.0.0.1:1")
    running = asyncio.create_task(platform.run(Receiver()))
    await server.until(lambda: server.world.commands)
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(server.gateway_url)
    await server.connected()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_is_shown_before_the_login_waits_for_it(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    async with online(server, platform_for(server)) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
    platform = platform_for(server)
    posting = asyncio.create_task(post(platform, question, page("Because")))
    async with online(server, platform):
        await posting
    assert [one.content for one in server.answers(general)] == ["Because"]


async def test_what_is_shown_during_a_break_waits_for_its_end(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
    posting = asyncio.create_task(post(platform, question, page("Because")))
    await asyncio.sleep(0)
    async with online(server, platform):
        await posting
    assert [one.content for one in server.answers(general)] == ["Because"]
