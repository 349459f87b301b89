"""Hostile answers, drawn by what draws them on Discord and on Slack, in the pieces in which they may come:
none may ping anybody or load anything, and none may hold the event loop for long.

`make fuzz` plays 100,000; one that was found is played again by `--seed` and `--first`.
"""

import argparse
import asyncio
import gc
import os
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import repeat

from tests.security.hostile import output, pieces
from tests.security.renderers import Judgement, on_the_discord_wire, on_the_slack_wire
from tests.security.watchdog import WatchedLoop
from tests.security.work import BORDERS, HOSTILE, MOST, WORK, Work

TOGETHER = 500
"""Outputs that one process plays at a time."""


RUNS = 3


@dataclass(slots=True)
class Figures:
    """Of many outputs. `longest`: seconds for which the loop was held."""

    outputs: int = 0
    discord: Judgement = field(default_factory=Judgement)
    slack: Judgement = field(default_factory=Judgement)
    longest: float = 0.0
    longest_of: int = 0

    def add(self, other: "Figures") -> None:
        self.outputs += other.outputs
        for mine, theirs in ((self.discord, other.discord), (self.slack, other.slack)):
            mine.pages += theirs.pages
            mine.steps += theirs.steps
            mine.hostile += theirs.hostile
            mine.found += theirs.found
        if other.longest > self.longest:
            self.longest, self.longest_of = other.longest, other.longest_of


def play(seed: int, first: int, count: int) -> Figures:
    """So many outputs from that one on."""
    figures, loop = Figures(), WatchedLoop()
    asyncio.set_event_loop(loop)
    _play_one(Figures(), loop, seed, first)  # once, for all that is made at first use
    gc.collect()
    gc.freeze()
    try:
        for number in range(first, first + count):
            _play_one(figures, loop, seed, number)
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    return figures


def _play_one(figures: Figures, loop: WatchedLoop, seed: int, number: int) -> None:
    text, of_discord, of_slack, loop.longest = output(seed, number), Judgement(), Judgement(), 0.0
    cut = list(pieces(text, seed, number))
    loop.run_until_complete(on_the_discord_wire(text, cut, of_discord, loop.unseen))
    for private in (True, False):
        chance = random.Random(f"{seed}:{number}:{private}")
        drawn = on_the_slack_wire(text, cut, of_slack, loop.unseen, private=private, chance=chance)
        loop.run_until_complete(drawn)
    for judgement in (of_discord, of_slack):
        judgement.found = [f"output {number} of seed {seed}: {each}" for each in judgement.found]
    one = Figures(1, of_discord, of_slack, loop.longest, number)
    figures.add(one)


def hold(name: str) -> tuple[float, str, str]:
    """The longest that a kind of work takes on a hostile text as long as one may be: seconds, its name, and
    of what the text is. Of some runs the shortest counts: a busy machine makes the others longer."""
    longest, most = (0.0, name, ""), BORDERS.get(name, MOST)
    gc.freeze()  # as the program does at its start
    for unit in HOSTILE:
        text = (unit * most)[:most]
        seconds = min(_seconds(WORK[name], text) for _ in range(RUNS))
        longest = max(longest, (seconds, name, unit[:20]))
    return longest


def _seconds(work: Work, text: str) -> float:
    """Of its longest step."""
    longest, began = 0.0, time.thread_time()
    steps = work(text)
    if isinstance(steps, Iterator):
        for _ in steps:
            now = time.thread_time()
            longest, began = max(longest, now - began), now
    return max(longest, time.thread_time() - began)


def main() -> int:
    """Play them, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    print(f"hostile answers: {asked.outputs}, seed {asked.seed}", flush=True)
    firsts = range(asked.first, asked.first + asked.outputs, TOGETHER)
    counts = [min(TOGETHER, asked.first + asked.outputs - first) for first in firsts]
    figures, began = Figures(), time.monotonic()
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        for part in processes.map(play, repeat(asked.seed), firsts, counts):
            figures.add(part)
        holds = sorted(processes.map(hold, WORK), reverse=True)
    for seconds, name, unit in holds[:5]:
        print(f"{name}, {BORDERS.get(name, MOST)} characters of {unit!r}: {seconds * 1000:.1f} ms")
    return report(figures, time.monotonic() - began)


def report(figures: Figures, seconds: float) -> int:
    """Print them; 1 where something was found."""
    print(f"{figures.outputs} answers in {seconds:.0f} s")
    for name, judgement in (("Discord", figures.discord), ("Slack", figures.slack)):
        print(
            f"{name}: {judgement.pages} pages, {judgement.steps} calls; {judgement.hostile} would ping as "
            f"they were written; {len(judgement.found)} ping somebody or load something"
        )
    print(f"longest hold of the event loop: {figures.longest * 1000:.1f} ms (answer {figures.longest_of})")
    found = [*figures.discord.found, *figures.slack.found]
    print("\n".join(found[:50]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
