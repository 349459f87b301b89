"""The local Discord seen by the real discord.py: what a bot that uses the library hears and can do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.servers.discord import MESSAGE_CONTENT, DiscordServer, User

MINIMAL = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class Listener(discord.Client):
    """A bot that keeps what it hears, and replies to whoever mentions it."""

    def __init__(
        self,
        intents: discord.Intents = MINIMAL,
        *,
        shard_id: int | None = None,
        shard_count: int | None = None,
    ) -> None:
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            shard_id=shard_id,
            shard_count=shard_count,
        )
        self._heard: asyncio.Queue[discord.Message] = asyncio.Queue()
        self.tree = app_commands.CommandTree(self)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once: the library waits five seconds before every identify but the first."""

    async def next_message(self) -> discord.Message:
        return await asyncio.wait_for(self._heard.get(), timeout=5)

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self._heard.put_nowait(message)
        if self.user in message.mentions:
            await message.reply("I am here")


@asynccontextmanager
async def online(client: Listener, server: DiscordServer) -> AsyncIterator[None]:
    """Connect the real library to the local server, and put its addresses back afterwards. Raises what ends
    the connection before."""
    before = server.gateway.identified
    addresses = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.rest_url, yarl.URL(server.gateway_url)
    try:
        async with client:
            await client.login(server.token)
            connection = asyncio.create_task(client.connect())
            connection.add_done_callback(lambda _: server.world.changed())
            await server.until(lambda: server.gateway.identified > before or connection.done())
            if connection.done():
                connection.result()
            yield
            await client.close()
            await connection
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = addresses


async def test_a_mention_arrives_and_is_answered_by_a_reply_that_pings_nobody(
    server: DiscordServer, ann: User
) -> None:
    async with online(Listener(), server):
        question = await server.say(server.general, ann, f"{server.bot.mention} hello")
        [answer] = await server.until(lambda: server.answers(server.general))
    assert (answer.content, answer.reference) == ("I am here", question.id)
    assert answer.allowed_mentions == {"parse": []}
    assert answer.pings == frozenset()


async def test_content_is_blank_without_the_intent_unless_it_is_meant_for_the_bot(
    server: DiscordServer, ann: User
) -> None:
    client = Listener()
    async with online(client, server):
        mention = await server.say(server.general, ann, f"{server.bot.mention} one")
        [answer] = await server.until(lambda: server.answers(server.general))
        await server.say(server.general, ann, "two", attachments=[("a.txt", b"a", "text/plain")])
        await server.say(server.general, ann, f"{server.world.bot_role.mention} three")
        await server.say(server.general, ann, "four", reply_to=answer, ping=False)
        await server.dm(ann, "five")
        heard = [await client.next_message() for _ in range(5)]
    assert [message.content for message in heard] == [mention.content, "", "", "", "five"]
    assert heard[1].attachments == []
    assert [role.tags.bot_id for role in heard[2].role_mentions if role.tags] == [int(server.bot.id)]


async def test_a_reply_that_pings_the_bot_can_be_read(server: DiscordServer, ann: User) -> None:
    client = Listener()
    async with online(client, server):
        await server.say(server.general, ann, server.bot.mention)
        [answer] = await server.until(lambda: server.answers(server.general))
        await server.say(server.general, ann, "and now?", reply_to=answer)
        await client.next_message()
        assert (await client.next_message()).content == "and now?"


async def test_all_content_is_shown_with_the_message_content_intent() -> None:
    intents = discord.Intents(MINIMAL.value | MESSAGE_CONTENT)
    client = Listener(intents)
    async with DiscordServer(privileged=MESSAGE_CONTENT) as server, online(client, server):
        await server.say(server.general, server.world.add_user("bob"), "to everybody")
        assert (await client.next_message()).content == "to everybody"


async def test_resuming_after_a_cut_connection_loses_no_message(server: DiscordServer, ann: User) -> None:
    client = Listener()
    async with online(client, server):
        await server.dm(ann, "before")
        assert (await client.next_message()).content == "before"
        async with server.disconnected():
            await server.until(lambda: server.gateway.waiting)
            await server.dm(ann, "meanwhile")
        await server.dm(ann, "after")
        assert [(await client.next_message()).content for _ in range(2)] == ["meanwhile", "after"]
    assert (server.gateway.identified, server.gateway.resumed) == (1, 1)


async def test_a_forgotten_session_begins_anew(server: DiscordServer, ann: User) -> None:
    client = Listener()
    async with online(client, server):
        async with server.disconnected(forget=True):
            await server.dm(ann, "nobody will tell")
        await server.until(lambda: server.gateway.identified == 2)
        await server.dm(ann, "after")
        assert (await client.next_message()).content == "after"
    assert server.gateway.resumed == 0


@pytest.mark.parametrize(
    ("token", "intents", "code"),
    [("a-wrong-token", MINIMAL.value, 4004), ("a-local-token", MESSAGE_CONTENT, 4014)],
)
async def test_the_gateway_closes_on_a_wrong_token_and_on_intents_that_were_not_granted(
    server: DiscordServer, token: str, intents: int, code: int
) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(server.gateway_url) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 2, "d": {"token": token, "intents": intents, "properties": {}}})
        assert (await socket.receive()).data == code


async def test_a_slash_command_is_deferred_and_then_answered(server: DiscordServer, ann: User) -> None:
    client = Listener()
    may_answer = asyncio.Event()

    @client.tree.command(description="Set the temperature")
    async def temperature(interaction: discord.Interaction, value: float) -> None:
        await interaction.response.defer()
        await may_answer.wait()
        await interaction.edit_original_response(content=f"{value} for {interaction.locale}")
        await interaction.followup.send("only you see this", ephemeral=True)

    async with online(client, server):
        await client.tree.sync()
        used = await server.slash(server.general, ann, "temperature", {"value": 0.3}, locale="de")
        await server.until(lambda: used.acknowledged_at)
        assert used.answered is None
        may_answer.set()
        answer = await server.until(lambda: used.answered)
        [aside] = await server.until(lambda: used.follow_ups)
    assert answer.content == "0.3 for de"
    assert aside.content == "only you see this"
    assert server.answers(server.general) == [answer]


async def test_files_travel_both_ways(server: DiscordServer, ann: User) -> None:
    client = Listener()
    async with online(client, server):
        written = await server.dm(ann, "read this")
        message = await client.next_message()
        await message.channel.send(file=discord.File(__file__, "again.py"))
        await server.say(written.channel, ann, "", attachments=[("a.txt", b"inside", "text/plain")])
        [attached] = (await client.next_message()).attachments
        assert await attached.read() == b"inside"
    [[uploaded]] = [answer.files for answer in server.answers(written.channel)]
    assert (uploaded.name, uploaded.content[:3]) == ("again.py", b'"""')


async def test_a_forwarded_message_carries_what_was_forwarded(server: DiscordServer, ann: User) -> None:
    client = Listener()
    async with online(client, server):
        original = await server.say(server.general, ann, "from the channel")
        await server.say(server.world.direct_channel(ann), ann, "", forward=original)
        heard = [await client.next_message() for _ in range(2)]
    assert [snapshot.content for snapshot in heard[1].message_snapshots] == ["from the channel"]


async def test_the_bot_can_write_to_a_person_first(server: DiscordServer, ann: User) -> None:
    client = Listener()
    async with online(client, server):
        await server.say(server.general, ann, "hello")
        await (await client.next_message()).author.send("in private")
    [answer] = server.answers(server.world.direct_channel(ann))
    assert answer.content == "in private"
