"""A thousand questions in one second into one bot, whose store stands still for five seconds in the midst.

    python -m tests.chaos.crowd --questions 1000

They are asked on Discord, five in each channel, with Discord's real limits. It ends with 1 where one of them
is lost, doubled, cut, seen to shrink or answered out of its order.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos.fleet import Fleet
from tests.chaos.outcome import Asked, outcome, quiet
from tests.chaos.places import OnDiscord
from tests.chaos.run import asking, local_model, on_discord
from tests.chaos.store import local_store
from tests.servers.discord import DiscordServer

IN_A_CHANNEL = 5
PAUSED = 5.0
"""Seconds for which the store stands still."""


async def crowd(questions: int, folder: Path) -> tuple[bool, Mapping[str, object]]:
    """Whether something happened that must not, and all that did."""
    async with (
        local_model(pace=80.0) as model,
        DiscordServer() as discord,
        local_store(folder) as store,
        Fleet(folder, {**on_discord(discord), **asking(model), "REDIS_URL": store.url}, size=1) as fleet,
    ):
        await fleet.start_all()
        await discord.connected()
        platform = OnDiscord(discord, [discord.world.guild], lambda: False)
        channels = questions // IN_A_CHANNEL
        await platform.open(channels)
        asked: Asked = {}
        begun = time.monotonic()
        pausing: asyncio.Task[None] | None = None
        for number in range(questions):
            if number == questions // 2:
                pausing = asyncio.create_task(store.freeze(PAUSED))
            tag = f"q{number}"
            asked[tag] = platform, await platform.ask(number % channels, tag)
            await asyncio.sleep(max(0.0, number / questions - (time.monotonic() - begun)))
        took = time.monotonic() - begun
        assert pausing is not None
        await pausing
        await quiet([platform], asked)
        seen = outcome(model, [platform], asked, fleet=fleet, faults=())
        last = max(at for each in platform.shown() for at, _ in each.texts)
        first = min(question.at for _, question in asked.values())
        report = {"asked within": round(took, 1), "answered within": round(last - first, 1), **seen.report()}
        return seen.wrong, report


def main() -> None:
    """One run; exit with 1 where something happened that must not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=1000)
    asked = parser.parse_args()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        wrong, report = asyncio.run(crowd(asked.questions, Path(folder)))
    print(json.dumps(report))
    sys.exit(wrong)


if __name__ == "__main__":
    main()
