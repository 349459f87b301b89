"""The composition root: the one place where objects are made and handed to each other."""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack

from aiohttp import web

from adapters.composition.models import models
from adapters.composition.platforms import discord_platform, slack_platform, web_platform
from adapters.composition.secrets import shown
from adapters.composition.service import bot_service
from adapters.composition.store import kept_in
from adapters.configuration import Settings
from adapters.http import HttpServer
from adapters.logs import unhandled
from adapters.models.tokenizer import MixtralTokenizer
from adapters.platforms.console.platform import ConsolePlatform
from adapters.platforms.discord.platform import DiscordPlatform
from adapters.stores.redis.server import redis_client
from bot.conversation.generation import OfferedModel
from bot.conversation.settings import GenerationSettings
from bot.display.slots import Slots
from bot.ports import Platform


async def serve(settings: Settings, *, console: bool, page: bool) -> None:
    """Put everything together and run it; SIGTERM and SIGINT let running answers end first.

    `console`: chat in the terminal, and nowhere else but on the `page`.
    """
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.set_exception_handler(unhandled)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    url = shown(settings.redis_url)
    async with AsyncExitStack() as resources:
        redis = await resources.enter_async_context(redis_client(url, settings.data_dir))
        store = await kept_in(redis, settings)
        offered = models(settings)
        tokenizer = MixtralTokenizer()
        platforms: list[tuple[Platform, Slots]] = []
        routes: Sequence[web.RouteDef] = ()
        if console:
            terminal = ConsolePlatform()
            platforms.append((terminal, Slots(terminal.limits, store.budget)))
            loop.add_signal_handler(signal.SIGINT, interrupted, terminal, stop)
        if settings.discord_token is not None and not console:
            slots = Slots(DiscordPlatform.limits, store.budget)
            platforms.append((discord_platform(settings, store, slots), slots))
        if settings.slack and not console:
            platform, routes = slack_platform(settings, store)
            platforms.append((platform, Slots(platform.limits, store.budget)))
        if page and (shown_in_browser := web_platform(settings, store)):
            platforms.append((shown_in_browser, Slots(shown_in_browser.limits, store.budget)))
        service = bot_service(
            settings,
            store,
            platforms=platforms,
            models=offered,
            tokenizer=tokenizer,
            defaults=defaults(settings, offered[0][0]),
        )
        if not console:
            server = HttpServer(
                settings.http_host, settings.http_port, lambda: {"store": service.store_answers}, routes
            )
            await resources.enter_async_context(server)
        await service.run(stop)


def interrupted(terminal: ConsolePlatform, stop: asyncio.Event) -> None:
    """Ctrl-C ends the answer that grows; where there is none, and the second time, the program."""
    if not terminal.interrupt():
        stop.set()


def defaults(settings: Settings, model: OfferedModel) -> GenerationSettings:
    """How the model writes where nobody has said otherwise."""
    return GenerationSettings(
        temperature=settings.bot_temperature,
        max_new_tokens=settings.bot_max_new_tokens,
        top_p=settings.bot_top_p,
        repetition_penalty=settings.bot_repetition_penalty,
        seed=settings.bot_seed,
        system_prompt=settings.bot_system_prompt,
        model=model.name,
    )
