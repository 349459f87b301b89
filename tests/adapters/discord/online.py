"""The adapter on a local Discord: what it heard, and a memory for the commands that it registered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.controls import KnownCommands
from adapters.discord.platform import DiscordPlatform
from adapters.discord.traffic import Observe
from bot.draft import Page
from tests.fakes.ear import Ear
from tests.servers.discord import DiscordServer


class Memory:
    """Keeps one value. `save` counts in `saves`."""

    def __init__(self) -> None:
        self.kept: str | None = None
        self.saves = 0
        self.commands = KnownCommands(load=self._load, save=self._save)

    async def _load(self) -> str | None:
        return self.kept

    async def _save(self, definition: str) -> None:
        self.kept = definition
        self.saves += 1


def platform_for(
    server: DiscordServer,
    *,
    token: str = "",
    message_content: bool = False,
    threads: bool = False,
    memory: Memory | None = None,
    observe: Observe | None = None,
) -> DiscordPlatform:
    return DiscordPlatform(
        token=token or server.token,
        known_commands=(memory or Memory()).commands,
        message_content=message_content,
        threads=threads,
        api_url=server.rest_url,
        gateway_url=server.gateway_url,
        observe=observe,
    )


@asynccontextmanager
async def discords_own_addresses() -> AsyncIterator[None]:
    """Put the library's addresses back: the adapter can set them for the whole process alone."""
    addresses = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = addresses


@asynccontextmanager
async def online(server: DiscordServer, platform: DiscordPlatform) -> AsyncIterator[Ear]:
    """Run the adapter until the block ends; begun when it is connected and its commands are known."""
    ear = Ear()
    running = asyncio.create_task(platform.run(ear.receive))
    try:
        await server.connected()
        await server.until(lambda: server.world.commands)
        yield ear
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def page(text: str, number: int = 0) -> Page:
    return Page(number=number, body=text, text=text)
