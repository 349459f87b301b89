"""How far behind the model a reader is, on Discord, on Slack, and on both at once in one process.

The installed program on local platforms with real limits and 100 ms round trips, each reply in a channel of
its own. A token's delay is the time from its leaving the model to its standing in the channel.
"""

import asyncio
import os
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean, median

from tests.bench.places import ROUND_TRIP, MakePlace, Place, Spot, discord, slack
from tests.scenarios.bot_process import bot_process, drain
from tests.servers.model import ModelServer, Request, counting

TOKENS = 300
PACE = 30.0
"""Tokens a second: a busy Mixtral on two GPUs."""

PLACES: dict[str, MakePlace] = {
    "Discord": discord,
    "Slack, channels": partial(slack, private=False),
    "Slack, direct": partial(slack, private=True),
}

RUNS = (
    (("Discord",), 1),
    (("Discord",), 10),
    (("Discord",), 50),
    (("Slack, channels",), 1),
    (("Slack, channels",), 10),
    (("Slack, direct",), 1),
    (("Slack, direct",), 10),
    (("Discord", "Slack, channels"), 10),
    (("Discord", "Slack, direct"), 10),
)
"""Who is busy at the same time, each with so many replies."""

HEADS = (
    "where",
    "replies",
    "mean delay",
    "first words",
    "last words",
    "lost",
    "429s",
    "CPU s/1k",
    "MiB/reply",
)
COLUMNS = "{:<26} {:>7} {:>10} {:>11} {:>10} {:>5} {:>5} {:>9} {:>9}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Delays in seconds on one platform; processor time for 1,000 tokens and memory for each reply, in MiB
    above that of the idle bot, of the whole process."""

    mean_delay: float
    first_delay: float
    final_delay: float
    lost: int
    too_fast: int
    cpu: float
    memory: float


def cpu_seconds(process: int) -> float:
    """User and system time of a process so far (`/proc/PID/stat`, fields 14 and 15)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mib(process: int) -> float:
    """Its resident memory."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def measure(makers: Sequence[MakePlace], replies: int) -> list[Measured]:
    """Ask once in each of so many channels of every platform at once, and watch."""
    async with AsyncExitStack() as resources:
        model = await resources.enter_async_context(ModelServer("Ready.", pace=PACE))
        places = [await resources.enter_async_context(make()) for make in makers]
        folder = Path(resources.enter_context(tempfile.TemporaryDirectory()))
        environment = {
            "MODEL_URL": model.url,
            # One more, as the first answer may not have given its place back yet.
            "MODEL_CONCURRENCY": str(replies * len(places) + 1),
            "LOG_LEVEL": "WARNING",
        }
        for place in places:
            environment |= place.environment
        bot = await resources.enter_async_context(bot_process(folder, environment))
        for place in places:
            await place.connected()
            # A first answer, so that nothing is loaded for the first time in what is measured.
            await _answered(place, await place.spots(1), "Ready.")
        model.text = counting(TOKENS)
        model.requests.clear()
        spots = [await place.spots(replies) for place in places]
        cpu, memory = cpu_seconds(bot.pid), memory_mib(bot.pid)
        await asyncio.gather(*(_answered(*each, model.text) for each in zip(places, spots, strict=True)))
        cpu, memory = cpu_seconds(bot.pid) - cpu, memory_mib(bot.pid) - memory
        await drain(bot)
        share = replies * len(places)
        return [
            _measured(place, theirs, model.requests, cpu / (share * TOKENS) * 1000, memory / share)
            for place, theirs in zip(places, spots, strict=True)
        ]


async def _answered(place: Place, spots: Sequence[Spot], text: str) -> None:
    for spot in spots:
        await spot.ask()
    await place.until(
        lambda: all(" ".join(versions[-1][1] for versions in spot.shown()) == text for spot in spots)
    )


def _measured(
    place: Place, spots: Sequence[Spot], requests: Sequence[Request], cpu: float, memory: float
) -> Measured:
    delays = [_delays(spot, requests) for spot in spots]
    return Measured(
        mean_delay=fmean(delay for each in delays for delay in each),
        first_delay=median(each[0] for each in delays),
        final_delay=median(each[-1] for each in delays),
        lost=sum(TOKENS - len(each) for each in delays),
        too_fast=place.too_fast(),
        cpu=cpu,
        memory=memory,
    )


def _delays(spot: Spot, requests: Sequence[Request]) -> list[float]:
    """For each token that was shown, how long after the model said it; the model's pace is even."""
    request = next(each for each in requests if spot.id in str(each.body["messages"]))
    step = (request.last_at - request.first_at) / (TOKENS - 1)
    versions = [(at, set(text.split())) for message in spot.shown() for at, text in message]
    shown = (min((at for at, words in versions if f"w{n}" in words), default=None) for n in range(TOKENS))
    return [at - (request.first_at + n * step) for n, at in enumerate(shown) if at is not None]


async def main() -> None:
    print(f"{TOKENS} tokens at {PACE:g}/s, {ROUND_TRIP:g} s round trips; delays in seconds")
    print(COLUMNS.format(*HEADS))
    for names, replies in RUNS:
        for name, got in zip(names, await measure([PLACES[name] for name in names], replies), strict=True):
            delays = (f"{delay:.2f}" for delay in (got.mean_delay, got.first_delay, got.final_delay))
            costs = (got.lost, got.too_fast, f"{got.cpu:.2f}", f"{got.memory:.2f}")
            print(COLUMNS.format(_label(name, names), replies, *delays, *costs))


def _label(name: str, names: Sequence[str]) -> str:
    return " + ".join((name, *(each for each in names if each != name)))


if __name__ == "__main__":
    asyncio.run(main())
