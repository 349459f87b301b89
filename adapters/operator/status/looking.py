"""Asks the store how all processes are, once or again and again."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict

from adapters.configuration import Settings, load_settings
from adapters.logs import configure_logging
from adapters.operator.status.draw import drawn, is_alive
from adapters.stores.redis.server import kept_client
from adapters.stores.redis.store import RedisStore
from adapters.variables import shown
from bot.conversation.fleet import Sign
from bot.errors import StoreUnavailable
from bot.ports import Fleet

AGAIN = 2.0
"""Seconds between two looks."""

CLEAR = "\x1b[H\x1b[J"
"""A terminal's own way to begin its page anew."""


def look(*, as_json: bool) -> int:
    """Say it once; the exit code. Raises `StoreUnavailable`."""
    return asyncio.run(_once(as_json=as_json))


def looks(*, as_json: bool) -> None:
    """Say it until interrupted."""
    asyncio.run(_again_and_again(as_json=as_json))


async def _once(*, as_json: bool) -> int:
    async with _fleet(load_settings(os.environ)) as fleet:
        signs = await fleet.read()
    put(as_text(signs, as_json=as_json, now=time.time()))
    return 0 if any(map(is_alive, signs)) else 1


async def _again_and_again(*, as_json: bool) -> None:
    settings = load_settings(os.environ)
    while True:
        try:
            async with _fleet(settings) as fleet:
                while True:
                    text = as_text(await fleet.read(), as_json=as_json, now=time.time())
                    put(text if as_json or not sys.stdout.isatty() else f"{CLEAR}{text}")
                    await asyncio.sleep(AGAIN)
        except StoreUnavailable as away:
            print(away, file=sys.stderr, flush=True)
        await asyncio.sleep(AGAIN)


@asynccontextmanager
async def _fleet(settings: Settings) -> AsyncIterator[Fleet]:
    configure_logging("CRITICAL", "text")
    async with kept_client(shown(settings.redis_url), settings.data_dir) as redis:
        yield RedisStore(redis, lease=0.0, history_days=settings.bot_history_days).fleet


def as_text(signs: Sequence[Sign], *, as_json: bool, now: float) -> str:
    """For people, or for programs. `now` in seconds since 1970."""
    if not as_json:
        return "\n".join(drawn(signs, now=now))
    processes = [
        {**asdict(each.state), "alive": is_alive(each), "seconds_since_sign": each.ago} for each in signs
    ]
    return json.dumps({"processes": processes}, ensure_ascii=False)


def put(text: str) -> None:
    """Say it at once, to whoever reads line by line."""
    print(text, flush=True)
