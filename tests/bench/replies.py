"""How far behind the model a reader is, with 1, 10 and 50 replies growing at once.

The installed program on a local Discord with real limits and 100 ms round trips, each reply in a channel of
its own. A token's delay is the time from its leaving the model to its standing in the channel.
"""

import asyncio
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

from tests.scenarios.bot_process import bot_process, drain
from tests.servers.discord import Channel, DiscordServer
from tests.servers.model import ModelServer, Request, counting

ROUND_TRIP = 0.1
TOKENS = 300
PACE = 30.0
"""Tokens a second: a busy Mixtral on two GPUs."""

COLUMNS = "{:>8} {:>11} {:>12} {:>12} {:>6} {:>6} {:>15} {:>13}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Delays in seconds; memory in MiB above that of the idle bot, for each reply."""

    mean_delay: float
    first_delay: float
    final_delay: float
    lost: int
    too_fast: int
    cpu_per_1000_tokens: float
    memory: float


def cpu_seconds(process: int) -> float:
    """User and system time of a process so far (`/proc/PID/stat`, fields 14 and 15)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mib(process: int) -> float:
    """Its resident memory."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def measure(replies: int) -> Measured:
    """Ask once in each of so many channels, and watch."""
    async with DiscordServer() as discord, ModelServer(counting(TOKENS), pace=PACE) as model:
        discord.edge.round_trip = ROUND_TRIP
        ada = discord.world.add_user("Ada")
        channels = [await discord.add_channel(f"channel-{number}") for number in range(replies)]
        with tempfile.TemporaryDirectory() as folder:
            environment = {
                "DISCORD_TOKEN": discord.token,
                "DISCORD_API_URL": discord.rest_url,
                "DISCORD_GATEWAY_URL": discord.gateway_url,
                "MODEL_URL": model.url,
                "MODEL_CONCURRENCY": str(replies),
                "LOG_LEVEL": "WARNING",
            }
            async with bot_process(Path(folder), environment) as bot:
                await discord.connected()
                # A first answer, so that nothing is loaded for the first time in what is measured.
                await discord.say(discord.general, ada, f"{discord.bot.mention} 0")
                await discord.until(lambda: _text(discord, discord.general) == counting(TOKENS), timeout=60)
                model.requests.clear()
                cpu, memory = cpu_seconds(bot.pid), memory_mib(bot.pid)
                for channel in channels:
                    await discord.say(channel, ada, f"{discord.bot.mention} {channel.id}")
                await discord.until(
                    lambda: all(_text(discord, each) == counting(TOKENS) for each in channels), timeout=120
                )
                cpu, memory = cpu_seconds(bot.pid) - cpu, memory_mib(bot.pid) - memory
                await drain(bot)
        delays = [_delays(discord, channel, model.requests) for channel in channels]
        return Measured(
            mean_delay=fmean(delay for each in delays for delay in each),
            first_delay=median(each[0] for each in delays),
            final_delay=median(each[-1] for each in delays),
            lost=sum(TOKENS - len(each) for each in delays),
            too_fast=discord.edge.statuses[429],
            cpu_per_1000_tokens=cpu / (replies * TOKENS) * 1000,
            memory=memory / replies,
        )


def _text(discord: DiscordServer, channel: Channel) -> str:
    return " ".join(message.content for message in discord.answers(channel))


def _delays(discord: DiscordServer, channel: Channel, requests: list[Request]) -> list[float]:
    """For each token that was shown, how long after the model said it; the model's pace is even."""
    request = next(each for each in requests if channel.id in str(each.body["messages"]))
    step = (request.last_at - request.first_at) / (TOKENS - 1)
    versions = [
        (version.at, set(version.content.split()))
        for message in discord.answers(channel)
        for version in message.versions
    ]
    shown = (min((at for at, words in versions if f"w{n}" in words), default=None) for n in range(TOKENS))
    return [at - (request.first_at + n * step) for n, at in enumerate(shown) if at is not None]


async def main() -> None:
    heads = (
        "replies",
        "mean delay",
        "first words",
        "last words",
        "lost",
        "429s",
        "CPU s/1k tokens",
        "MiB/reply",
    )
    print(f"{TOKENS} tokens at {PACE:g}/s, {ROUND_TRIP:g} s round trips; delays in seconds")
    print(COLUMNS.format(*heads))
    for replies in (1, 10, 50):
        got = await measure(replies)
        row = (
            f"{got.mean_delay:.2f}",
            f"{got.first_delay:.2f}",
            f"{got.final_delay:.2f}",
            got.lost,
            got.too_fast,
        )
        print(COLUMNS.format(replies, *row, f"{got.cpu_per_1000_tokens:.2f}", f"{got.memory:.2f}"))


if __name__ == "__main__":
    asyncio.run(main())
