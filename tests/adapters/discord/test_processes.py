"""Several processes of one bot on a local Discord: each event is heard by one of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.platforms.discord.errors import DiscordRefused
from adapters.platforms.discord.platform import DiscordPlatform
from tests.adapters.discord.online import name, page, platform_for, post
from tests.fakes.receiver import Receiver
from tests.fakes.store import InMemoryStore
from tests.servers.discord import Channel, DiscordServer, Shard, User

COUNT = 4


@pytest.fixture
def store() -> InMemoryStore:
    """With leases that are over soon, though not while a busy machine stands still for a moment."""
    return InMemoryStore(lease=1.5)


@pytest.fixture(autouse=True)
def at_once(server: DiscordServer) -> None:
    """Discord lets all shards begin together."""
    server.gateway.sharding.max_concurrency = 16


@pytest.fixture
def channels(server: DiscordServer) -> list[Channel]:
    """One of each shard."""
    world = server.world
    return [
        world.add_channel(f"of {number}", world.add_guild(shard=number, of=COUNT)) for number in range(COUNT)
    ]


@asynccontextmanager
async def running(platform: DiscordPlatform, ear: Receiver) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(platform.run(ear))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def all_connected(server: DiscordServer, count: int = COUNT) -> None:
    """Each shard is listened to once."""
    wanted = [Shard(number=number, count=count) for number in range(count)]
    await server.until(lambda: server.gateway.connected == wanted, timeout=20)


async def settled(server: DiscordServer, identified: int) -> None:
    """The shards are shared out, by so many sessions in all."""
    await server.until(lambda: server.gateway.identified >= identified, timeout=20)
    await all_connected(server)


async def ask(server: DiscordServer, ann: User, *channels: Channel) -> None:
    for channel in channels:
        await server.say(channel, ann, f"{server.bot.mention} {channel.name}")


async def heard(ear: Receiver, count: int) -> list[str]:
    return sorted([(await ear.question()).text for _ in range(count)])


async def test_each_event_is_heard_by_one_process_and_any_of_them_shows_its_answer(
    server: DiscordServer, store: InMemoryStore, channels: list[Channel], ann: User
) -> None:
    first, second = Receiver(), Receiver()
    second.events = first.events
    other = platform_for(server, store=store, shards=COUNT)
    async with (
        running(platform_for(server, store=store, shards=COUNT), first),
        running(other, second),
    ):
        await settled(server, COUNT)
        await ask(server, ann, *channels)
        await server.dm(ann, "in private")
        questions = [await first.question() for _ in range(COUNT + 1)]
        assert sorted(each.text for each in questions) == [
            "in private",
            *(channel.name for channel in channels),
        ]
        for question in questions:
            await post(other, question, page("Because."))
    assert [len(server.answers(channel)) for channel in channels] == [1] * COUNT
    assert first.events.empty()


async def test_a_process_that_holds_none_shows_edits_and_opens_threads(
    server: DiscordServer, store: InMemoryStore, general: Channel, ann: User
) -> None:
    ear = Receiver()
    async with running(platform_for(server, store=store, threads=True), ear):
        await server.connected()
        await server.say(general, ann, f"{server.bot.mention} Why?")
        question = await ear.question()
        idle = platform_for(server, store=store, threads=True)
        async with running(idle, Receiver()):
            shown = await post(idle, question, page("Because"))
            await idle.edit(question.channel, shown, page("Because."))
    thread = server.world.channels[question.id]
    [answer] = server.answers(thread)
    assert (answer.content, shown) == ("Because.", name(answer))
    assert server.gateway.identified == 1


async def test_who_leaves_hands_its_shards_over_and_goes_on_showing(
    server: DiscordServer, store: InMemoryStore, channels: list[Channel], ann: User
) -> None:
    first, second, leaving = Receiver(), Receiver(), asyncio.Event()
    old = platform_for(server, store=store, shards=COUNT, leaving=leaving)
    async with running(old, first):
        await all_connected(server)
        await ask(server, ann, channels[0])
        question = await first.question()
        async with running(platform_for(server, store=store, shards=COUNT), second):
            await settled(server, COUNT + 2)
            leaving.set()
            await settled(server, 2 * COUNT)
            await ask(server, ann, *channels)
            # The first question may have been read, too.
            texts: set[str] = set()
            while len(texts) < COUNT:
                texts.update(await heard(second, 1))
            await post(old, question, page("Because."))
    assert [each.content for each in server.answers(channels[0])] == ["Because."]


async def test_what_a_process_has_heard_it_hands_on_whoever_has_the_shard_by_then(
    server: DiscordServer, store: InMemoryStore, channels: list[Channel], ann: User
) -> None:
    first, second = Receiver(), Receiver()
    first.taking.clear()
    async with running(platform_for(server, store=store, shards=COUNT), first):
        await all_connected(server)
        await ask(server, ann, *channels, *channels)
        async with running(platform_for(server, store=store, shards=COUNT), second):
            await settled(server, COUNT + 2)
            late = [await second.question() for _ in range(2 * 2)]
            first.taking.set()
            assert await heard(first, 2 * COUNT) == sorted([channel.name for channel in channels] * 2)
    assert {each.late for each in late} == {True}


async def test_a_shard_that_breaks_takes_no_other_down(
    server: DiscordServer, store: InMemoryStore, channels: list[Channel], ann: User
) -> None:
    ear = Receiver()
    async with running(platform_for(server, store=store, shards=COUNT), ear):
        await all_connected(server)
        server.gateway.garble(Shard(number=1, count=COUNT))
        await ask(server, ann, channels[0], channels[2])
        assert await heard(ear, 2) == ["of 0", "of 2"]
        await settled(server, COUNT + 1)
        await ask(server, ann, channels[1])
        assert await heard(ear, 1) == ["of 1"]
    assert [each.shard.number for each in server.gateway.sharding.identifies[COUNT:]] == [1]


async def test_where_discord_wants_more_shards_there_are_more(
    server: DiscordServer, store: InMemoryStore, channels: list[Channel], ann: User
) -> None:
    ear, sharding = Receiver(), server.gateway.sharding
    async with running(platform_for(server, store=store), ear):
        await all_connected(server, 1)
        await server.dm(ann, "first")
        assert await heard(ear, 1) == ["first"]
        sharding.shards = sharding.least = COUNT
        async with server.disconnected(forget=True, code=4011):
            await ask(server, ann, *channels)
        await all_connected(server)
        assert await heard(ear, COUNT) == [channel.name for channel in channels]


@pytest.mark.parametrize(("shards", "remedy"), [(1, "DISCORD_SHARD_COUNT"), (0, "take it out of some")])
async def test_where_there_can_not_be_more_the_bot_ends_with_what_to_do(
    server: DiscordServer, shards: int, remedy: str
) -> None:
    async with running(platform_for(server, shards=shards), Receiver()) as task:
        await server.connected()
        with pytest.raises(DiscordRefused, match=remedy):
            async with server.disconnected(code=4011):
                await task


async def test_what_was_said_between_two_processes_is_read_by_the_one_that_comes_after(
    server: DiscordServer, store: InMemoryStore, channels: list[Channel], ann: User
) -> None:
    first, second = Receiver(), Receiver()
    async with running(platform_for(server, store=store, shards=COUNT), first):
        await all_connected(server)
        await ask(server, ann, *channels)
        await heard(first, COUNT)
    await ask(server, ann, *channels)
    reads = len(server.edge.requests)
    async with running(platform_for(server, store=store, shards=2), second):
        await all_connected(server, 2)
        late = [await second.question() for _ in range(2 * COUNT)]
    assert {each.late for each in late} == {True}
    assert sorted({each.text for each in late}) == [channel.name for channel in channels]
    asked = [each.path for each in server.edge.requests[reads:] if "/messages" in each.path]
    assert len(asked) == COUNT


async def test_what_is_said_before_a_first_session_that_never_came_is_read_in_the_next(
    server: DiscordServer, store: InMemoryStore, channels: list[Channel], ann: User
) -> None:
    second = Receiver()
    async with server.disconnected():
        async with running(platform_for(server, store=store, shards=COUNT), Receiver()):
            await server.until(lambda: server.gateway.waiting == COUNT)
        await ask(server, ann, *channels)
    async with running(platform_for(server, store=store, shards=COUNT), second):
        late = [await second.question() for _ in range(COUNT)]
    assert {each.late for each in late} == {True}
    assert sorted(each.text for each in late) == [channel.name for channel in channels]


async def test_one_process_with_one_shard_asks_no_more_than_it_must(server: DiscordServer) -> None:
    async with running(platform_for(server), Receiver()):
        await server.connected()
        await server.until(lambda: server.world.commands)
    assert sorted(each.path for each in server.edge.requests if each.method == "GET") == [
        "/gateway/bot",
        "/oauth2/applications/@me",
        "/users/@me",
    ]
