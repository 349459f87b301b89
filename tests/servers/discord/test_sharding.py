"""The local Discord's shards, seen by the real discord.py."""

from contextlib import AsyncExitStack

import discord
import pytest

from tests.servers.discord import DiscordServer, Shard, Sharding
from tests.servers.discord.test_client import Listener, online


async def test_each_shard_hears_of_its_own_guilds_and_the_first_one_of_what_is_private() -> None:
    async with DiscordServer() as server, AsyncExitStack() as stack:
        ann = server.world.add_user("ann")
        channels = [
            server.world.add_channel(f"of {number}", server.world.add_guild(shard=number, of=3))
            for number in range(3)
        ]
        clients = [Listener(shard_id=number, shard_count=3) for number in range(3)]
        for client in clients:
            await stack.enter_async_context(online(client, server))
        assert server.gateway.connected == [Shard(number=number, count=3) for number in range(3)]
        for channel in channels:
            await server.say(channel, ann, f"{server.bot.mention} {channel.name}")
        await server.dm(ann, "in private")
        assert [(await client.next_message()).clean_content for client in clients] == [
            f"@mixtral of {number}" for number in range(3)
        ]
        assert (await clients[0].next_message()).content == "in private"


@pytest.mark.parametrize(("shard", "code"), [((2, 2), 4010), ((0, 1), 4011)])
async def test_a_shard_that_can_not_be_is_refused(shard: tuple[int, int], code: int) -> None:
    client = Listener(shard_id=shard[0], shard_count=shard[1])
    async with DiscordServer(sharding=Sharding(least=2)) as server:
        with pytest.raises(discord.ConnectionClosed) as closed:
            async with online(client, server):
                pass
    assert closed.value.code == code


async def test_a_session_that_begins_too_early_is_refused_and_counted() -> None:
    async with DiscordServer(sharding=Sharding(window=0.3)) as server:
        async with online(Listener(), server):
            pass
        async with online(Listener(), server):
            pass
        assert server.gateway.sharding.too_early > 0
        assert server.gateway.identified == 2
