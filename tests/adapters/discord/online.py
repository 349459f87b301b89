"""The adapter on a local Discord: what it heard, and a memory for the commands that it registered."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial

from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.platforms.discord.calls import Observe
from adapters.platforms.discord.controls import KnownCommands
from adapters.platforms.discord.listening import Fleet
from adapters.platforms.discord.message_names import message_name
from adapters.platforms.discord.platform import NOBODYS, DiscordPlatform
from adapters.platforms.discord.roles import Wanted
from bot.commands.context import Context
from bot.conversation.events import Said, Spoken
from bot.conversation.generation import OfferedModel
from bot.conversation.views import Button, Notice, Page
from bot.ports import Budget
from tests.fakes.budget import InMemoryBudget
from tests.fakes.receiver import Receiver, context
from tests.fakes.store import InMemoryStore
from tests.servers.discord import DiscordServer, Message


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


def given(store: InMemoryStore | None = None) -> Context:
    """What is set, with two models to choose from."""
    return replace(
        context(),
        store=store or InMemoryStore(),
        models=(
            OfferedModel(name="mixtral", id="m", host="gpu.example.org", context_tokens=32768, size="8x7B"),
            OfferedModel(name="small", id="s", host="here", context_tokens=4096),
        ),
    )


def platform_for(
    server: DiscordServer,
    *,
    token: str = "",
    message_content: bool = False,
    threads: bool = False,
    memory: Memory | None = None,
    observe: Observe | None = None,
    count: Callable[[], None] = lambda: None,
    store: InMemoryStore | None = None,
    budget: Budget | None = None,
    shards: int = 0,
    only: Collection[int] = (),
    leaving: asyncio.Event | None = None,
    roles: Wanted = NOBODYS,
) -> DiscordPlatform:
    """`store`: it shares that with other processes, and reads what was missed. `budget`: and how fast it may
    begin sessions."""
    kept = store or InMemoryStore()
    fleet = Fleet(
        records=kept.records("discord"),
        leases=kept.leases("discord"),
        budget=budget or InMemoryBudget(),
        latest=partial(kept.conversations.latest, "discord"),
        known_commands=(memory or Memory()).commands,
        count=shards,
        only=only,
        catch_up=900.0 if store else 0.0,
        leaving=leaving or asyncio.Event(),
    )
    return DiscordPlatform(
        token=token or server.token,
        fleet=fleet,
        message_content=message_content,
        threads=threads,
        api_url=server.rest_url,
        gateway_url=server.gateway_url,
        observe=observe,
        count=count,
        roles=roles,
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
async def online(
    server: DiscordServer, platform: DiscordPlatform, bot: Receiver | None = None
) -> AsyncIterator[Receiver]:
    """Run the adapter until the block ends; begun when it is connected and its commands are known."""
    bot, before = bot or Receiver(given()), server.gateway.identified
    running = asyncio.create_task(platform.run(bot))
    try:
        await server.until(lambda: server.gateway.identified > before and server.world.commands)
        yield bot
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def name(message: Message) -> str:
    """What the bot calls one of its messages."""
    return message_name(message.channel.id, message.id)


def page(text: str, number: int = 0, buttons: tuple[Button, ...] = ()) -> Page:
    return Page(number=number, body=text, text=text, buttons=buttons)


async def post(platform: DiscordPlatform, question: Said, shown: Page) -> str:
    return await platform.post(question, shown, f"{question.id}-{shown.number}")


async def tell(platform: DiscordPlatform, to: Spoken, text: str) -> None:
    await platform.tell(to, Notice(text=text))
