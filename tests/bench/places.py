"""Where people ask: a local Discord, a local Slack, the page. Each is made in a process of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.conversation.events import ChannelRef
from tests.bench.growth import Reply, Texts, steps, words
from tests.bench.model import WORD, answer
from tests.browser.client import Client
from tests.chaos.run import on_discord, on_slack
from tests.scenarios.slack_place import without_note
from tests.servers.discord import DiscordServer
from tests.servers.discord.limits import EDIT_MESSAGE
from tests.servers.ports import free_port
from tests.servers.slack import SlackServer

ROUND_TRIP = 0.1
"""Seconds of each call to Discord or Slack."""

LOOKS = 0.1
"""Seconds between two looks at whether all answers stand there."""

QUIET = 75.0
"""Seconds in which nothing is shown: then nothing more comes. Slack's windows are a minute long."""

SLACK_EDITS = ("chat.update", "chat.appendStream")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A conversation in which one person asks once. `shown`: what stood there in each message of the bot."""

    channel: ChannelRef
    ask: Callable[[str], Awaitable[object]]
    shown: Callable[[], Sequence[Texts]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Calls that changed a text that stood there, and those that were answered 429."""

    edits: int = 0
    too_fast: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of questions, and how many seconds it took."""

    replies: Sequence[Reply]
    counts: Counts
    seconds: float


class Place:
    """One of them. `spot` makes a conversation; `counts` are those up to now."""

    def __init__(
        self,
        variables: Mapping[str, str],
        connected: Callable[[], Awaitable[object]],
        spot: Callable[[int], Awaitable[Spot]],
        counts: Callable[[], Counts] = Counts,
    ) -> None:
        self._variables = variables
        self._connected = connected
        self._spot = spot
        self._counts = counts
        self._spots: list[Spot] = []

    async def variables(self) -> Mapping[str, str]:
        """Those with which a bot is there."""
        return self._variables

    async def connected(self) -> None:
        """Wait until it is."""
        await self._connected()

    async def open(self, count: int) -> Sequence[ChannelRef]:
        """Have so many conversations; the channels that they are in."""
        self._spots = [await self._spot(number) for number in range(count)]
        return [spot.channel for spot in self._spots]

    async def play(self, replies: int, spread: float, tokens: int) -> Played:
        """Have somebody ask in so many of them, spread over so many seconds, and wait until all answers are
        whole, or nothing more comes."""
        loop = asyncio.get_running_loop()
        begun, before = loop.time(), self._counts()
        spots, asked, asking = self._spots[:replies], list[float](), list[asyncio.Future[object]]()
        for number, spot in enumerate(spots):
            await asyncio.sleep(begun + spread * number / replies - loop.time())
            asked.append(loop.time())
            asking.append(asyncio.ensure_future(spot.ask(f"q{number}")))
        await _stands(spots, tokens)
        await asyncio.gather(*asking)
        after = self._counts()
        return Played(
            replies=[
                Reply(tag=f"q{number}", asked_at=at, seen=steps(spot.shown()))
                for number, (spot, at) in enumerate(zip(spots, asked, strict=True))
            ],
            counts=Counts(edits=after.edits - before.edits, too_fast=after.too_fast - before.too_fast),
            seconds=loop.time() - begun,
        )


async def _stands(spots: Sequence[Spot], tokens: int) -> None:
    """Wait until all of it stands in each, or nothing has changed for long."""
    loop = asyncio.get_running_loop()
    seen, since, left = 0, loop.time(), list(spots)
    while left and loop.time() - since < QUIET:
        await asyncio.sleep(LOOKS)
        left = [spot for spot in left if sum(words(texts[-1][1]) for texts in spot.shown()) < tokens]
        versions = sum(len(texts) for spot in spots for texts in spot.shown())
        if versions != seen:
            seen, since = versions, loop.time()


@asynccontextmanager
async def discord() -> AsyncIterator[Place]:
    """A local Discord, with a channel for each conversation."""
    async with DiscordServer() as server:
        server.edge.round_trip = ROUND_TRIP

        async def spot(number: int) -> Spot:
            person = server.world.add_user(f"Person {number}")
            channel = await server.add_channel(f"channel-{number}")
            return Spot(
                channel=ChannelRef(platform="discord", workspace=server.world.guild, channel=channel.id),
                ask=lambda tag: server.say(channel, person, f"{server.bot.mention} {tag}"),
                shown=lambda: [
                    [(version.at, version.content) for version in message.versions]
                    for message in server.answers(channel)
                ],
            )

        def counts() -> Counts:
            edits = sum(f"{each.method} {each.route}" == EDIT_MESSAGE for each in server.edge.requests)
            return Counts(edits=edits, too_fast=server.edge.statuses[429])

        yield Place(on_discord(server), server.connected, spot, counts)


@asynccontextmanager
async def _slack(*, private: bool) -> AsyncIterator[Place]:
    async with SlackServer(round_trip=ROUND_TRIP) as server:

        async def spot(number: int) -> Spot:
            person = server.add_user(f"Person {number}")
            channel = server.dm(person) if private else server.add_channel(f"channel-{number}")
            return Spot(
                channel=ChannelRef(platform="slack", workspace=server.team.id, channel=channel.id),
                ask=lambda tag: server.people.say(channel, person, tag, mention=not private),
                shown=lambda: [
                    [(version.at, without_note(version.text)) for version in message.versions]
                    for message in server.answers(channel)
                ],
            )

        def counts() -> Counts:
            edits = sum(len(server.called(method)) for method in SLACK_EDITS)
            return Counts(edits=edits, too_fast=server.statuses[429])

        async def connected() -> None:
            await server.until(lambda: server.transports.hellos >= 2, timeout=60)

        yield Place(on_slack(server), connected, spot, counts)


@asynccontextmanager
async def slack() -> AsyncIterator[Place]:
    """A local Slack, with a channel for each conversation: messages are updated."""
    async with _slack(private=False) as place:
        yield place


@asynccontextmanager
async def slack_direct() -> AsyncIterator[Place]:
    """A local Slack, and somebody's direct messages for each conversation: they are streamed."""
    async with _slack(private=True) as place:
        yield place


@asynccontextmanager
async def page() -> AsyncIterator[Place]:
    """The page in the browser: what its scripts say to the bot, each open page a visitor of its own."""
    port = free_port()
    async with AsyncExitStack() as visits:

        async def spot(number: int) -> Spot:
            client = await visits.enter_async_context(Client(f"http://127.0.0.1:{port}"))
            texts: list[tuple[float, str]] = []
            reading = asyncio.ensure_future(_read(client, texts))
            visits.callback(reading.cancel)
            return Spot(
                channel=ChannelRef(platform="web", workspace="", channel=str(number)),
                ask=client.ask,
                shown=lambda: [texts] if texts else [],
            )

        async def connected() -> None:
            """The bot serves the page when it says that it is ready."""

        yield Place({"WEB_PORT": str(port), "WEB_HOST": "127.0.0.1"}, connected, spot)


async def _read(client: Client, texts: list[tuple[float, str]]) -> None:
    """Write down when more words of the answer have come to a page."""
    loop, seen, at = asyncio.get_running_loop(), 0, 0
    while True:
        await asyncio.sleep(LOOKS / 2)
        if found := WORD.findall(client.heard, at):
            at = max(0, len(client.heard) - len("w000"))
            if (count := max(int(word[1:]) for word in found) + 1) > seen:
                seen = count
                texts.append((loop.time(), answer(count)))
