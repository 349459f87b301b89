"""Where replies are measured: a local Discord, and a local Slack's channels or direct messages."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from tests.scenarios.slack_place import without_note
from tests.servers.discord import Channel, DiscordServer
from tests.servers.slack import SlackServer

ROUND_TRIP = 0.1

Shown = list[list[tuple[float, str]]]
"""Of each message of a reply the texts that have stood there, and since when on the loop's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where one reply grows: a channel of its own. Its `id` tells its question from others at the model."""

    id: str
    ask: Callable[[], Awaitable[object]]
    shown: Callable[[], Shown]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A platform. `spots` makes so many; `until` waits for a condition, looking at every change; `too_fast`
    counts its answers 429."""

    environment: Mapping[str, str]
    connected: Callable[[], Awaitable[object]]
    spots: Callable[[int], Awaitable[list[Spot]]]
    until: Callable[[Callable[[], bool]], Awaitable[object]]
    too_fast: Callable[[], int]


MakePlace = Callable[[], AbstractAsyncContextManager[Place]]


@asynccontextmanager
async def discord() -> AsyncIterator[Place]:
    """A channel for each reply."""
    async with DiscordServer() as server:
        server.edge.round_trip = ROUND_TRIP
        ada = server.world.add_user("Ada")

        def spot(channel: Channel) -> Spot:
            return Spot(
                id=channel.id,
                ask=lambda: server.say(channel, ada, f"{server.bot.mention} {channel.id}"),
                shown=lambda: [
                    [(version.at, version.content) for version in message.versions]
                    for message in server.answers(channel)
                ],
            )

        async def spots(count: int) -> list[Spot]:
            return [spot(await server.add_channel(f"channel-{number}")) for number in range(count)]

        yield Place(
            environment={
                "DISCORD_TOKEN": server.token,
                "DISCORD_API_URL": server.rest_url,
                "DISCORD_GATEWAY_URL": server.gateway_url,
            },
            connected=server.connected,
            spots=spots,
            until=lambda condition: server.until(condition, timeout=240),
            too_fast=lambda: server.edge.statuses[429],
        )


@asynccontextmanager
async def slack(*, private: bool) -> AsyncIterator[Place]:
    """A channel for each reply, where messages are updated; or somebody's direct messages for each, where
    they are streamed."""
    async with SlackServer(round_trip=ROUND_TRIP) as server:

        def spot(number: int) -> Spot:
            person = server.add_user(f"Person {number}")
            channel = server.dm(person) if private else server.add_channel(f"channel-{number}")
            return Spot(
                id=channel.id,
                ask=lambda: server.people.say(channel, person, channel.id, mention=not private),
                shown=lambda: [
                    [(version.at, without_note(version.text)) for version in message.versions]
                    for message in server.answers(channel)
                ],
            )

        async def spots(count: int) -> list[Spot]:
            return [spot(number) for number in range(count)]

        async def until(condition: Callable[[], bool]) -> None:
            await server.until(condition, timeout=240)

        yield Place(
            environment={
                "SLACK_BOT_TOKEN": server.team.bot_token,
                "SLACK_APP_TOKEN": server.app_token,
                "SLACK_API_URL": server.api_url,
            },
            connected=lambda: until(lambda: server.transports.hellos >= 2),
            spots=spots,
            until=until,
            too_fast=lambda: server.statuses[429],
        )
