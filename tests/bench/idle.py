"""What the bot needs before anybody asks: seconds until it is ready on Discord and Slack, and memory."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.program import program
from tests.chaos.run import on_discord, on_slack
from tests.chaos.store import local_store
from tests.servers.discord import DiscordServer
from tests.servers.ports import free_port
from tests.servers.slack import SlackServer

PLATFORMS, PAGE = "Discord and Slack", "Discord, Slack and the page"

SETTLES = 3.0
"""Seconds until it has what it will have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """Seconds until it was connected, and megabytes."""

    start: float
    memory: float


async def idle() -> Mapping[str, Idle]:
    """Without the page, and with it."""
    return {
        PLATFORMS: await _idle("0"),
        PAGE: await _idle(str(free_port())),
    }


async def _idle(page: str) -> Idle:
    async with AsyncExitStack() as resources:
        folder = Path(resources.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))
        discord = await resources.enter_async_context(DiscordServer())
        slack = await resources.enter_async_context(SlackServer())
        store = await resources.enter_async_context(local_store(folder))
        variables = {
            **on_discord(discord),
            **on_slack(slack),
            "REDIS_URL": store.url,
            "MODEL_URL": "http://127.0.0.1:9",
            "MODEL_API": "chat",
            "WEB_PORT": page,
            "WEB_HOST": "127.0.0.1",
        }
        begun = time.monotonic()
        bot = await resources.enter_async_context(program(folder, variables))
        await discord.connected()
        await slack.until(lambda: slack.transports.hellos >= 2, timeout=60)
        start = time.monotonic() - begun
        await asyncio.sleep(SETTLES)
        return Idle(start=start, memory=bot.memory)
