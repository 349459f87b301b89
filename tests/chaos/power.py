"""`kill -9` of a bot and of its own server together, again and again at random moments, while people on Slack
go on asking: nothing that was acknowledged may be lost.

    python -m tests.chaos.power --seed 1 --times 50

It ends with 1 where an acknowledged question is lost, doubled, cut, seen to shrink or out of its order.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos.fleet import Fleet
from tests.chaos.outcome import Asked, outcome, quiet
from tests.chaos.places import OnSlack
from tests.chaos.run import asking, local_model, on_slack
from tests.servers.slack import SlackServer

CONVERSATIONS = 8
BETWEEN = (0.2, 2.0)
"""Seconds between two questions."""

LIVES = (0.5, 8.0)
"""Seconds that a bot lives after it is ready."""

AGAIN_AFTER = (0.1, 10.0, 30.0)
"""Seconds between Slack's attempts to hand an event over; the real ones are 0, 60 and 300."""


async def power(seed: int, times: int, folder: Path) -> tuple[bool, Mapping[str, object]]:
    """Whether something happened that must not, and all that did."""
    chance, ended = random.Random(seed), asyncio.Event()
    async with (
        local_model() as model,
        SlackServer() as slack,
        Fleet(folder, {**on_slack(slack), **asking(model)}, size=1) as fleet,
    ):
        slack.transports.retry_pauses = AGAIN_AFTER
        platform = OnSlack(slack)
        asked: Asked = {}
        killed: list[tuple[float, str]] = []

        async def ask() -> None:
            people = random.Random(chance.random())
            while not ended.is_set():
                tag = f"q{len(asked)}"
                asked[tag] = platform, await platform.ask(people.randrange(CONVERSATIONS), tag)
                await asyncio.sleep(people.uniform(*BETWEEN))

        await fleet.start_all()
        asking_on = asyncio.create_task(ask())
        for _ in range(times):
            await asyncio.sleep(chance.uniform(*LIVES))
            killed.append((time.time(), "both killed"))
            await fleet.kill(0, with_children=True)
            await fleet.start(0)
        ended.set()
        await asking_on
        await quiet([platform], asked)
        seen = outcome(model, [platform], asked, fleet=fleet, faults=killed)
        return seen.wrong, {"seed": seed, **seen.report()}


def main() -> None:
    """One run; exit with 1 where something happened that must not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=int, default=50)
    asked = parser.parse_args()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        wrong, report = asyncio.run(power(asked.seed, asked.times, Path(folder)))
    print(json.dumps(report))
    sys.exit(wrong)


if __name__ == "__main__":
    main()
