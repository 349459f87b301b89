"""The whole core many times over on virtual time, with fakes around it, while processes die, lose their store
and find it again.

    python -m tests.chaos.simulation --seeds 1000 --from 1

A seed chooses everything, and the same seed does it again. Those that show a fault are printed, and make it
end with 1. With `--calm` processes die or are renewed now and then, and that is all; it says how soon answers
went on.
"""

import argparse
import asyncio
import logging
import random
import sys
from collections import Counter
from dataclasses import dataclass, replace

import looptime

from bot.conversation.events import Author
from bot.errors import MixtralBotError, StoreUnavailable
from tests.chaos.recovery import quantiles, recoveries
from tests.chaos.surroundings import WORDS, Asked, Died, Model, Process, Surroundings, Through
from tests.chaos.verdict import Seen, Verdict, judge
from tests.fakes.bot import Bot
from tests.fakes.messages import CHANNEL, message
from tests.fakes.platform import Screen
from tests.fakes.store import InMemoryStore, now

CHANNELS = 4
QUESTIONS = 4
"""In each channel."""

PLACES = 3
"""Answers that are written at once, over all processes."""

TROUBLED = 40.0
"""Seconds in which something goes wrong every few."""

QUIET = 90.0
"""Seconds after that, in which everything must come to its end."""

OFTEN, SELDOM = (1.0, 8.0), (10.0, 15.0)
"""Seconds between two faults."""

OF_PROCESSES = ("death", "renewal")
FAULTS = (*OF_PROCESSES, "freeze", "cut off", "store away", "store slow")


@dataclass(frozen=True, slots=True)
class Running:
    """A bot, until it is told to `stop`."""

    bot: Bot
    task: asyncio.Task[None]
    stop: asyncio.Event


class Simulation:
    """One run. `faults` counts what went wrong: in a `calm` one processes die or are renewed now and then,
    and nobody waits for a place or for a text to grow anew; `deaths`: when they died."""

    def __init__(self, seed: int, *, processes: int, calm: bool) -> None:
        self.chance = random.Random(seed)
        self.calm = calm
        self.deaths: list[float] = []
        self.processes = processes
        self.faults: Counter[str] = Counter()
        self.store = InMemoryStore()
        self.screen = Screen()
        self.answers: dict[str, str] = {}
        self.overdue: set[float] = set()
        self.model = Model(self.chance, continues=calm or self.chance.random() < 0.5, fails=not calm)
        self.living: dict[Process, Running] = {}
        self.leaving: list[asyncio.Task[None]] = []

    async def run(self) -> Verdict:
        for _ in range(self.processes):
            self.start()
        asking = [asyncio.create_task(self.ask(channel)) for channel in range(CHANNELS)]
        until = now() + TROUBLED
        while now() < until:
            await asyncio.sleep(self.chance.uniform(*(SELDOM if self.calm else OFTEN)))
            await self.go_wrong()
        await asyncio.gather(*asking)
        await asyncio.sleep(QUIET)
        verdict = self.verdict()
        verdict.stuck.extend("a process that was told to stop" for each in self.leaving if not each.done())
        for process, running in self.living.items():
            process.dead = True
            self.leaving.append(running.task)
        for task in self.leaving:
            task.cancel()
        await asyncio.gather(*self.leaving, return_exceptions=True)
        return verdict

    def start(self) -> None:
        process = Process()
        bot = Bot(
            Asked(self.model, process),  # type: ignore[arg-type]  # as one
            store=Through(self.store, process.reach_store),  # type: ignore[arg-type]  # as one
            platform=Through(self.surroundings(process), process.alive),
            places=2 * CHANNELS if self.calm else PLACES,
            drain_seconds=self.chance.choice([0.5, 20.0]),
        )
        stop = asyncio.Event()
        self.living[process] = Running(bot, asyncio.create_task(bot.service.run(stop)), stop)

    def surroundings(self, process: Process) -> Surroundings:
        return Surroundings(
            self.chance, process, self.screen, self.answers, self.overdue, fails=not self.calm
        )

    async def go_wrong(self) -> None:
        process = self.chance.choice([*self.living])
        seconds = self.chance.choice([0.5, 3.0, 8.0, 15.0])
        match fault := self.chance.choice(OF_PROCESSES if self.calm else FAULTS):
            case "death":
                self.deaths.append(now())
                process.dead = True
                self.living.pop(process).task.cancel()
                self.start()
            case "renewal":
                running = self.living.pop(process)
                running.stop.set()
                self.leaving.append(running.task)
                self.start()
            case "freeze":
                process.frozen_until = now() + seconds
            case "cut off":
                process.cut_off = True
                asyncio.get_running_loop().call_later(seconds, setattr, process, "cut_off", False)
            case "store away":
                self.store.faults.fails = StoreUnavailable("away")
                await asyncio.sleep(seconds)
                self.store.faults.fails = None
            case "store slow":
                self.store.faults.slow = 0.5
                await asyncio.sleep(seconds)
                self.store.faults.slow = 0.0
        self.faults[fault] += 1

    async def ask(self, channel: int) -> None:
        """Somebody asks, and their platform hands it in again until it is taken."""
        for number in range(QUESTIONS):
            await asyncio.sleep(self.chance.uniform(0, TROUBLED / QUESTIONS))
            tag = f"q{channel * QUESTIONS + number}"
            question = replace(
                message(tag, id=tag, at=now(), author=Author(id=f"u{channel}", name="Ada")),
                channel=replace(CHANNEL, channel=f"c{channel}"),
            )
            while True:
                bot = self.living[self.chance.choice([*self.living])].bot
                try:
                    async with asyncio.timeout(30):
                        await bot.service.receive(question)
                    break
                except (MixtralBotError, TimeoutError, Died):
                    await asyncio.sleep(1)

    def recovered(self) -> list[float]:
        """Seconds after which each answer went on whose process had died."""
        texts = {tag: self.screen.messages[shown] for shown, tag in self.answers.items()}
        return [seconds for seconds, _ in recoveries(self.deaths, self.model.left, texts)]

    def texts(self, shown: str) -> list[tuple[float, str]]:
        """What stood in a message, when; without what was on the wire for so long that another process had
        the answer, unless that is the last word."""
        *texts, last = self.screen.messages[shown]
        return [*(each for each in texts if each[0] not in self.overdue), last]

    def verdict(self) -> Verdict:
        seen = []
        for number in range(CHANNELS * QUESTIONS):
            tag = f"q{number}"
            shown = [each for each, text in self.answers.items() if text == tag]
            there = [each for each in shown if self.screen.messages.get(each)]
            texts = self.texts(there[0]) if there else []
            seen.append(
                Seen(
                    tag=tag,
                    channel=f"c{number // QUESTIONS}",
                    texts=[(at, text) for at, text in texts if not text.startswith("⏳")],
                    messages=len(there),
                    calls=[(at, begun) for asked, at, begun in self.model.calls if asked == tag],
                    buttons=[button.label for each in there for button in self.screen.buttons[each]],
                )
            )
        verdict = judge(seen, whole={each.tag: f"{each.tag}{''.join(WORDS)}" for each in seen})
        for channel in range(CHANNELS):
            box = self.store.box(replace(CHANNEL, channel=f"c{channel}"))
            kept = [turn.message for turn in box.turns]
            asked = [f"q{channel * QUESTIONS + number}" for number in range(QUESTIONS)]
            verdict.disorder.extend(tag for tag in asked if kept.count(tag) != 1)
            if [tag for tag in kept if tag in asked] != asked:
                verdict.disorder.append(f"c{channel}")
        return verdict


def play(seed: int, *, processes: int = 3, calm: bool = False) -> tuple[Verdict, Simulation]:
    """One run on virtual time."""
    random.seed(seed)  # the bot's own chance
    loop = looptime.new_event_loop()
    loop.set_exception_handler(lambda loop, context: None)  # what the dead leave behind
    try:
        simulation = Simulation(seed, processes=processes, calm=calm)
        return loop.run_until_complete(simulation.run()), simulation
    finally:
        loop.close()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--from", dest="first", type=int, default=1)
    parser.add_argument("--calm", action="store_true")
    options = parser.parse_args()
    logging.disable()
    faults, again, failed, recovered = Counter[str](), 0, 0, list[float]()
    for seed in range(options.first, options.first + options.seeds):
        verdict, simulation = play(seed, calm=options.calm)
        recovered += simulation.recovered()
        faults += simulation.faults
        again += len(verdict.again)
        if broken := verdict.broken():
            failed += 1
            print(f"seed {seed}: {broken}; {dict(simulation.faults)}", flush=True)
    print(f"{options.seeds} seeds: {failed} wrong; {dict(faults)}; bought again from the start: {again}")
    if options.calm:
        print(f"recovered: {quantiles(sorted(recovered))}")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
