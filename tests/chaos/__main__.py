"""Several bots on one store and one local Discord, while processes and the store are killed and frozen.

    python -m tests.chaos --seed 1 --processes 3 --channels 24 --messages 5

The seed is printed, and chooses every fault. It ends with 1 where a question was left without a word, an
answer shrank, stayed cut or was bought again after it had stood whole.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections import Counter, defaultdict
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.store import StoreServer
from tests.chaos.verdict import TAG, Seen, Verdict, judge
from tests.scenarios.bot_process import PROGRAM
from tests.servers.discord import Channel, DiscordServer, Message
from tests.servers.discord.components import inside
from tests.servers.discord.limits import Allowance
from tests.servers.model import ModelServer, counting

WORDS = 80
PACE = 10.0
"""Words of an answer, and how many come in a second."""

EVERY = 2.0
"""Seconds between two faults."""

QUIET = 90.0
"""Seconds after the last fault in which everything must have been answered."""

PLENTY = Allowance(calls=1000, seconds=1.0)


@dataclass(slots=True, kw_only=True)
class Chaos:
    """One run. `faults` counts what was done."""

    chance: random.Random
    discord: DiscordServer
    model: ModelServer
    store: StoreServer
    folder: Path
    bots: list[Process | None]
    faults: Counter[str] = field(default_factory=Counter)

    async def start(self, number: int) -> None:
        """Start a bot."""
        folder = self.folder / f"bot{number}"
        folder.mkdir(exist_ok=True)
        with (folder / "bot.log").open("ab") as log:
            self.bots[number] = await asyncio.create_subprocess_exec(
                PROGRAM,
                cwd=folder,
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(folder),
                    "HTTP_PORT": "0",
                    "WEB_PORT": "0",
                    "REDIS_URL": self.store.url,
                    "DISCORD_TOKEN": self.discord.token,
                    "DISCORD_API_URL": self.discord.rest_url,
                    "DISCORD_GATEWAY_URL": self.discord.gateway_url,
                    "MODEL_URL": self.model.url,
                    "MODEL_API": "chat",
                    "MODEL_CONCURRENCY": "100",
                    "BOT_USER_QUOTA": "100000/hour",
                },
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def fault(self) -> None:
        """Let something go wrong."""
        kind = self.chance.choice(("kill", "freeze", "freeze store", "kill store"))
        self.faults[kind] += 1
        victim = self.chance.randrange(len(self.bots))
        process = self.bots[victim]
        match kind:
            case "kill" if process is not None:
                process.kill()
                await process.wait()
                await asyncio.sleep(self.chance.uniform(0, 2))
                await self.start(victim)
            case "freeze" if process is not None:
                with suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGSTOP)
                    await asyncio.sleep(self.chance.uniform(0.5, 10))
                    os.kill(process.pid, signal.SIGCONT)
            case "freeze store":
                await self.store.freeze(self.chance.uniform(0.5, 8))
            case _:
                await self.store.kill()
                await asyncio.sleep(self.chance.uniform(0.1, 3))
                await self.store.start()
        for number, bot in enumerate(self.bots):
            if bot is not None and bot.returncode is not None:
                self.faults["ended by itself"] += 1
                await self.start(number)

    async def end(self) -> None:
        """Kill what still runs."""
        for bot in self.bots:
            if bot is not None and bot.returncode is None:
                bot.kill()
                await bot.wait()


def answer(prompt: str) -> str:
    """The model's whole answer: the tag of the last question, and words of which a missing one is seen."""
    return f"{TAG.findall(prompt)[-1]} {counting(WORDS)}"


def calls_of(model: ModelServer) -> dict[str, list[tuple[float, int]]]:
    """When the model was asked about each question, and from how many words on."""
    calls: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for request in model.requests:
        messages: list[dict[str, Any]] = request.body["messages"]
        asked = [message["content"] for message in messages if message["role"] == "user"]
        tags = [tag for content in asked for tag in TAG.findall(content)]
        begun = messages[-1]["content"] if messages[-1]["role"] == "assistant" else ""
        calls[tags[-1]].append((request.came_at, len(begun.split())))
    return calls


def seen_of(discord: DiscordServer, questions: dict[str, Message], model: ModelServer) -> list[Seen]:
    """What stands and stood for each question."""
    calls, answers = calls_of(model), defaultdict(list)
    for message in (each for channel in discord.world.channels.values() for each in discord.answers(channel)):
        tags = TAG.findall(" ".join(version.content for version in message.versions))
        owner = next((tag for tag, question in questions.items() if question.id == message.reference), "")
        for tag in {owner or (tags[0] if tags else "")} - {""}:
            answers[tag].append(message)
    return [
        Seen(
            tag=tag,
            channel=question.channel.id,
            texts=sorted((each.at, each.content) for message in answers[tag] for each in message.versions),
            messages=sum(bool(TAG.search(message.content)) for message in answers[tag]),
            calls=calls[tag],
            buttons=[
                str(part.get("label"))
                for message in answers[tag]
                for part in inside(message.components)
                if part.get("label")
            ],
        )
        for tag, question in questions.items()
    ]


async def run(seed: int, processes: int, channels: int, messages: int) -> Verdict:
    """One run with this seed."""
    # Imported here: the program may not be installed where the verdict is only tested.
    from adapters.stores.redis.program import program

    found = await program()
    assert found is not None, "no Redis server is on this machine"
    async with AsyncExitStack() as resources:
        folder = Path(resources.enter_context(tempfile.TemporaryDirectory()))
        model = await resources.enter_async_context(ModelServer(answer, pace=PACE))
        model.cuts = True
        discord = await resources.enter_async_context(DiscordServer(limits={}, everything=PLENTY))
        store = StoreServer(found.path, folder)
        await store.start()
        resources.push_async_callback(store.kill)
        chance = random.Random(seed)
        chaos = Chaos(
            chance=chance, discord=discord, model=model, store=store, folder=folder, bots=[None] * processes
        )
        resources.push_async_callback(chaos.end)
        for number in range(processes):
            await chaos.start(number)
        await discord.until(lambda: discord.gateway.identified >= processes, timeout=60)
        questions = await play(chaos, channels, messages)
        verdict = judge(seen_of(discord, questions, model), whole={tag: answer(tag) for tag in questions})
        print(json.dumps({"seed": seed, "faults": dict(chaos.faults), **verdict.summary()}))
        return verdict


async def play(chaos: Chaos, channels: int, messages: int) -> dict[str, Message]:
    """Ask, and let things go wrong meanwhile, until everything is quiet."""
    discord = chaos.discord
    questions: dict[str, Message] = {}
    person = discord.world.add_user("Ada")
    places: list[Channel] = [await discord.add_channel(f"c{number}") for number in range(channels)]
    ended = asyncio.Event()

    async def trouble() -> None:
        while not ended.is_set():
            await asyncio.sleep(EVERY)
            await chaos.fault()

    troubling = asyncio.create_task(trouble())
    for number in range(messages):
        for place in chaos.chance.sample(places, len(places)):
            tag = f"q{len(questions)}"
            questions[tag] = await discord.say(place, person, f"{discord.bot.mention} {tag}")
            await asyncio.sleep(0.02)
        await asyncio.sleep(chaos.chance.uniform(2, 6) if number + 1 < messages else 0)
    ended.set()
    await troubling
    quiet_by = time.monotonic() + QUIET
    while time.monotonic() < quiet_by:
        seen = seen_of(discord, questions, chaos.model)
        if all(each.texts and answer(each.tag) in each.texts[-1][1] for each in seen):
            break
        await asyncio.sleep(1)
    await asyncio.sleep(2)
    return questions


def main() -> None:
    """Run each seed; exit with 1 where something happened that must not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1, help="so many, from the first on")
    parser.add_argument("--processes", type=int, default=3)
    parser.add_argument("--channels", type=int, default=24)
    parser.add_argument("--messages", type=int, default=5)
    asked = parser.parse_args()
    wrong = False
    for seed in range(asked.seed, asked.seed + asked.seeds):
        verdict = asyncio.run(run(seed, asked.processes, asked.channels, asked.messages))
        wrong |= bool(verdict.silent or verdict.refused or verdict.cut or verdict.shrunk or verdict.twice)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
