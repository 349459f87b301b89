"""What a turn costs in the store with more and more turns behind it: `python -m tests.bench.turns`."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from redis.asyncio import Redis

from adapters.composition.service import BYTES_A_TOKEN
from adapters.stores.redis.store import RedisStore
from bot.conversation.content import TextFile
from bot.conversation.events import ChannelRef
from bot.conversation.requests import Claim, Progress, question_request
from bot.conversation.turns import Account, Turn, Version
from tests.fakes.messages import CHANNEL, message, turn
from tests.servers.store import emptied, one_server

BEHIND = (10, 100, 1_000, 10_000)

ANSWER = " ".join(["letters"] * 256)
"""As long as 256 tokens."""

BEATS = 8
"""Edits of an answer of that length, at forty tokens a second."""

FILES = tuple(TextFile(name=f"{number}.txt", text="letters " * 12_500) for number in range(4))
"""As many as are read, each as long as is kept."""

SPREAD = ((3_000, 1), (600, 5), (6, 500))
"""Conversations, and turns of each, whose memory is looked at."""

ASKED = 20
"""Questions that are counted together."""

ROOM = 32_768 * BYTES_A_TOKEN
"""What is told of a conversation in Mixtral's window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of one turn. `sent` and `received`: bytes that the server was sent, and gave; `cpu` and `server_cpu`:
    seconds of this process and of the server."""

    sent: float
    received: float
    commands: float
    scripts: float
    cpu: float
    server_cpu: float

    def __str__(self) -> str:
        return (
            f"{self.sent / 1000:8.1f} kB in {self.received / 1000:8.1f} kB out {self.scripts:5.1f} scripts "
            f"{self.commands:6.1f} commands "
            f"{1000 * self.cpu:6.2f} ms here {1000 * self.server_cpu:6.2f} ms there"
        )


def account(seen: tuple[str, ...]) -> Account:
    """As an answer has it that saw these turns."""
    return Account(
        model="mixtral",
        settings={"temperature": 0.7, "top_p": 0.95, "max_new_tokens": 1024, "seed": 7, "model": "mixtral"},
        origins={"temperature": "default", "top_p": "default", "max_new_tokens": "channel"},
        seen_from=seen[0] if seen else "",
        seen_turns=len(seen),
        tokens=4096,
        left_out_turns=0,
        left_out_tokens=0,
        seconds=6.4,
        ending="end",
    )


async def ask(
    store: RedisStore,
    number: int,
    *,
    beats: int,
    files: tuple[TextFile, ...] = (),
    channel: ChannelRef = CHANNEL,
) -> None:
    """One turn as the bot has it."""
    text = f"Question {number}: why is the sky blue?"
    sent = message(text, id=str(number), at=float(number), channel=channel)
    await store.requests.submit(question_request(sent))
    claim = await store.requests.claim(channel, room=ROOM)
    assert claim is not None
    for beat in range(1, beats + 1):
        text = ANSWER[: len(ANSWER) * beat // beats]
        await store.requests.beat(claim, Progress(text=text, replies=(f"r{number}",)))
    await store.requests.commit(claim, became(claim, files))


def became(claim: Claim, files: tuple[TextFile, ...]) -> Turn:
    seen = tuple(each.message for each in claim.turns[-100:])
    answered = turn(
        claim.message.text, message=claim.message.id, replies=(f"r{claim.message.id}",), asked_at=time.time()
    )
    return replace(answered, files=files, versions=(Version(text=ANSWER, account=account(seen)),))


async def counters(redis: Redis) -> dict[str, float]:
    stats, cpu = await redis.info("stats"), await redis.info("cpu")
    commands: dict[str, Any] = await redis.info("commandstats")
    return {
        "sent": stats["total_net_input_bytes"],
        "received": stats["total_net_output_bytes"],
        "commands": stats["total_commands_processed"],
        "scripts": commands.get("cmdstat_evalsha", {"calls": 0})["calls"],
        "cpu": time.process_time(),
        "server_cpu": cpu["used_cpu_user"] + cpu["used_cpu_sys"],
    }


async def cost(
    store: RedisStore, redis: Redis, first: int, *, asked: int = ASKED, files: tuple[TextFile, ...] = ()
) -> Cost:
    """What one of so many turns costs."""
    before = await counters(redis)
    for number in range(first, first + asked):
        await ask(store, number, beats=BEATS, files=files)
    after = await counters(redis)
    return Cost(**{name: (after[name] - before[name]) / asked for name in before})


async def kept(store: RedisStore, redis: Redis, *, conversations: int, turns: int) -> float:
    """Bytes of the server's memory for each turn of as many in so many conversations."""
    before = (await redis.info("memory"))["used_memory"]
    for number in range(conversations * turns):
        channel = replace(CHANNEL, channel=f"c{number % conversations}")
        await ask(store, number, beats=0, channel=channel)
    return float((await redis.info("memory"))["used_memory"] - before) / (conversations * turns)


@asynccontextmanager
async def fresh_store() -> AsyncIterator[tuple[RedisStore, Redis]]:
    """A store on a server of its own."""
    with TemporaryDirectory() as folder:
        async with one_server(Path(folder)) as url, emptied(url) as redis:
            store = RedisStore(redis, lease=60.0, history_days=30)
            await store.prepare()
            yield store, redis


async def main() -> None:
    sys.stdout.write("What a turn costs in the store, by how many are behind it:\n")
    async with fresh_store() as (store, redis):
        asked = 0
        for behind in BEHIND:
            while asked < behind:
                await ask(store, asked, beats=0)
                asked += 1
            sys.stdout.write(f"  {behind:6d} {await cost(store, redis, asked)}\n")
            asked += ASKED
    sys.stdout.write(f"Each of {ASKED} questions with four files of 100,000 letters:\n")
    async with fresh_store() as (store, redis):
        sys.stdout.write(f"         {await cost(store, redis, 0, files=FILES)}\n")
    sys.stdout.write("What the store's memory holds of one turn:\n")
    for conversations, turns in SPREAD:
        async with fresh_store() as (store, redis):
            held = await kept(store, redis, conversations=conversations, turns=turns)
            sys.stdout.write(f"  {conversations:6d} conversations of {turns:4d} turns {held:6.0f} bytes\n")


if __name__ == "__main__":
    asyncio.run(main())
