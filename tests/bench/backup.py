"""What a backup and a restore cost: `python -m tests.bench.backup --conversations 100000`.

The store has so many conversations of four turns each, with answers of 256 words. The commands run beside it,
as processes of their own.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from redis.asyncio import Redis

from adapters.stores.redis.copied import CONVERSATION, Entry
from adapters.stores.redis.copying import everything
from adapters.stores.redis.pasting import Pasting
from adapters.stores.redis.store import RedisStore
from bot.conversation.requests import question_request
from bot.conversation.turns import Version
from tests.bench.turns import account
from tests.fakes.messages import CHANNEL, message, turn
from tests.scenarios.bot_process import PROGRAM
from tests.servers.store import emptied, one_server

TURNS, WORDS = 4, 256
PATTERNS = 50
"""Conversations that differ; the others are like one of them, in other channels."""

MB = 1_000_000

NAME = "PATTERN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds, and the megabytes that the process had at most."""

    seconds: float
    memory: float

    def __str__(self) -> str:
        return f"{self.seconds:6.1f} s {self.memory:6.0f} MB at most"


def text(chance: random.Random, words: int) -> str:
    """Words as people use them: few of them often."""
    numbers = (int(chance.paretovariate(0.7)) for _ in range(words))
    return " ".join(f"{number * 2654435761 % 2**32:x}"[: 2 + number % 7] for number in numbers)


async def pattern(redis: Redis, chance: random.Random) -> Sequence[Entry]:
    """What one conversation leaves in the store, in a channel of the name `NAME`."""
    await redis.flushall()
    store = RedisStore(redis, lease=60.0, history_days=30)
    await store.prepare()
    channel = replace(CHANNEL, channel=NAME)
    for number in range(TURNS):
        sent = message(text(chance, 20), id=f"{NAME}{number}", at=float(number), channel=channel)
        await store.requests.submit(question_request(sent))
        claim = await store.requests.claim(channel)
        assert claim is not None
        version = Version(text=text(chance, WORDS), account=account(()))
        answered = turn(sent.text, message=sent.id, replies=(f"{NAME}r{number}",), asked_at=time.time())
        await store.requests.commit(claim, replace(answered, versions=(version,)))
    return [entry async for entry in everything(redis) if NAME in entry.key]


async def fill(redis: Redis, conversations: int) -> None:
    """Have so many in it."""
    chance = random.Random(1)
    patterns = [await pattern(redis, chance) for _ in range(PATTERNS)]
    await redis.flushall()
    pasting = Pasting(redis)
    await pasting.begin()
    for number in range(conversations):
        name = f"{number:019}"
        for entry in patterns[number % PATTERNS]:
            if entry.kind != CONVERSATION:
                parts = tuple(part.replace(NAME.encode(), name.encode()) for part in entry.parts)
                await pasting.put(replace(entry, key=entry.key.replace(NAME, name), parts=parts))
    await pasting.end(2)


def measured(*arguments: str | Path, url: str) -> Cost:
    """What a command costs that ends well."""
    begun = time.monotonic()
    environment = {"PATH": os.environ["PATH"], "REDIS_URL": url, "BACKUP_PASSPHRASE": "correct horse"}
    if "--plain" in arguments:
        del environment["BACKUP_PASSPHRASE"]
    words = [str(each) for each in arguments if each != "--plain"]
    process = subprocess.Popen([PROGRAM, *words], env=environment, cwd=Path(words[-1]).parent)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return Cost(seconds=time.monotonic() - begun, memory=usage.ru_maxrss * 1024 / MB)


@asynccontextmanager
async def server(folder: Path) -> AsyncIterator[tuple[str, Redis]]:
    async with one_server(folder) as url, emptied(url) as redis:
        yield url, redis


async def main() -> None:
    """Measure, and say it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--conversations", type=int, default=100_000)
    asked = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with server(folder / "one") as (url, redis):
            begun = time.monotonic()
            await fill(redis, asked.conversations)
            keys, used = await redis.dbsize(), (await redis.info("memory"))["used_memory"] / MB
            print(f"{asked.conversations} conversations, {keys} keys, {used:.0f} MB in the server")
            print(f"(filled in {time.monotonic() - begun:.0f} s)", flush=True)
            for how in ("--plain", ""):
                file = folder / f"bot{how}"
                cost = measured("backup", *([how] if how else []), file, url=url)
                size = file.stat().st_size / MB
                print(f"backup  {'plain    ' if how else 'encrypted'} {cost}, file {size:.0f} MB", flush=True)
            await redis.flushall()
            for how in ("--plain", ""):
                options = ["--replace", *([how] if how else [])]
                cost = measured("restore", *options, folder / f"bot{how}", url=url)
                assert await redis.dbsize() == keys
                print(f"restore {'plain    ' if how else 'encrypted'} {cost}", flush=True)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a terminal's or a pipe's
    asyncio.run(main())
