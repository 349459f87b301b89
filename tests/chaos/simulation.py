"""The whole core many times over on virtual time, with fakes around it, while processes die, lose their store
and find it again.

    python -m tests.chaos.simulation --seeds 1000 --from 1

A seed chooses everything, and the same seed does it again. Those that show a fault are printed, and make it
end with 1.
"""

import argparse
import asyncio
import inspect
import logging
import random
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import looptime

from bot.conversation.events import Author, Said
from bot.conversation.generation import Prompt, StreamEvent
from bot.conversation.requests import Change
from bot.conversation.settings import GenerationSettings
from bot.errors import MixtralBotError, ModelUnreachable, PlatformFailed, StoreUnavailable, StreamBroke
from tests.chaos.verdict import TAG, Seen, Verdict, judge
from tests.fakes.bot import Bot
from tests.fakes.messages import CHANNEL, message
from tests.fakes.model import Speaker
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

WORDS = tuple(f" w{number}" for number in range(24))
PORTS = ("requests", "conversations", "settings", "people", "changes", "budget", "line")


class Died(BaseException):
    """The process is no more: whatever it does next ends here."""


@dataclass(slots=True, eq=False)
class Process:
    """`cut_off`: the store is not there for it. Both are asked before and after each call. `frozen_until`: it
    stands still until then, and whatever it was about to do comes late."""

    dead: bool = False
    cut_off: bool = False
    frozen_until: float = 0.0

    async def thaw(self) -> None:
        """Go on when it is not frozen."""
        while now() < self.frozen_until:
            await asyncio.sleep(self.frozen_until - now())

    def alive(self) -> None:
        if self.dead:
            raise Died

    def reach_store(self) -> None:
        self.alive()
        if self.cut_off:
            raise StoreUnavailable("cut off")


class Through:
    """A port of the bot, as one process reaches it."""

    def __init__(self, port: object, pass_on: Callable[[], None]) -> None:
        self._port = port
        self._pass_on = pass_on

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._port, name)
        if name in PORTS:
            return Through(value, self._pass_on)
        if name == "records":
            return lambda kind: Through(value(kind), self._pass_on)
        if name == "listen":
            return lambda tell, subscribed: value(self._told(tell), subscribed)
        if not inspect.iscoroutinefunction(value):
            return value
        return self._call(value)

    def _call(self, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def call(*arguments: Any, **named: Any) -> Any:
            self._pass_on()
            given = await method(*arguments, **named)
            self._pass_on()  # what was done stays done, though its answer may be lost
            return given

        return call

    def _told(self, tell: Callable[[Change], None]) -> Callable[[Change], None]:
        def told(change: Change) -> None:
            with suppress(Died, StoreUnavailable):
                self._pass_on()
                tell(change)

        return told


class Model(Speaker):
    """Says some words after the tag of the question. `calls`: for which it was asked, when, and from how long
    a beginning, in words."""

    def __init__(self, chance: random.Random, *, continues: bool) -> None:
        super().__init__((), every=0.2, continues=continues)
        self._chance = chance
        self.calls: list[tuple[str, float, int]] = []
        self._broke: set[str] = set()

    async def stream(self, prompt: Prompt, settings: GenerationSettings) -> AsyncGenerator[StreamEvent, None]:
        tag = TAG.findall(prompt.messages[-2 if prompt.beginning else -1].content)[-1]
        self.pieces = (tag, *WORDS)
        begun = len(prompt.beginning.split())
        self.calls.append((tag, now(), begun))
        if self._chance.random() < 0.05:
            raise ModelUnreachable("down")
        breaks_after = self._chance.randrange(1, 20) if self.continues and tag not in self._broke else None
        said = 0
        async for event in super().stream(prompt, settings):
            yield event
            said += 1
            if said == breaks_after and self._chance.random() < 0.3:
                self._broke.add(tag)
                raise StreamBroke("cut")


class Surroundings(Screen):
    """A platform on which calls take their time and fail now and then."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(round_trip=0.1)
        self._chance = chance
        self.answers: dict[str, str] = {}

    async def post(self, question: Said, *arguments: Any, **named: Any) -> str:
        shown = await super().post(question, *arguments, **named)
        self.answers[shown] = question.text
        return shown

    async def _show(self, message: str, page: Any) -> None:
        if self._chance.random() < 0.03:
            raise PlatformFailed("503")
        await super()._show(message, page)


class Simulation:
    """One run. `faults` counts what went wrong."""

    def __init__(self, seed: int, *, processes: int) -> None:
        self.chance = random.Random(seed)
        self.processes = processes
        self.faults: Counter[str] = Counter()
        self.store = InMemoryStore()
        self.screen = Surroundings(self.chance)
        self.model = Model(self.chance, continues=self.chance.random() < 0.5)
        self.living: dict[Process, tuple[Bot, asyncio.Task[None]]] = {}

    async def run(self) -> Verdict:
        for _ in range(self.processes):
            self.start()
        asking = [asyncio.create_task(self.ask(channel)) for channel in range(CHANNELS)]
        until = now() + TROUBLED
        while now() < until:
            await asyncio.sleep(self.chance.uniform(1, 8))
            await self.go_wrong()
        await asyncio.gather(*asking)
        await asyncio.sleep(QUIET)
        verdict = self.verdict()
        for process, (_, running) in self.living.items():
            process.dead = True
            running.cancel()
        await asyncio.gather(*(running for _, running in self.living.values()), return_exceptions=True)
        return verdict

    def start(self) -> None:
        process = Process()
        bot = Bot(
            Through(self.model, process.alive),  # type: ignore[arg-type]  # as one
            store=Through(self.store, process.reach_store),  # type: ignore[arg-type]  # as one
            platform=Through(self.screen, process.alive),
            places=PLACES,
        )
        self.living[process] = (bot, asyncio.create_task(bot.service.run(asyncio.Event())))

    async def go_wrong(self) -> None:
        process = self.chance.choice([*self.living])
        seconds = self.chance.choice([0.5, 3.0, 8.0, 15.0])
        match fault := self.chance.choice(["death", "cut off", "store away", "store slow"]):
            case "death":
                process.dead = True
                self.living.pop(process)[1].cancel()
                self.start()
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
                bot, _ = self.living[self.chance.choice([*self.living])]
                try:
                    async with asyncio.timeout(30):
                        await bot.service.receive(question)
                    break
                except (MixtralBotError, TimeoutError, Died):
                    await asyncio.sleep(1)

    def verdict(self) -> Verdict:
        seen = []
        for number in range(CHANNELS * QUESTIONS):
            tag = f"q{number}"
            shown = [each for each, text in self.screen.answers.items() if text == tag]
            there = [each for each in shown if self.screen.messages.get(each)]
            texts = self.screen.messages[there[0]] if there else []
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


def play(seed: int, *, processes: int = 3) -> tuple[Verdict, Simulation]:
    """One run on virtual time."""
    random.seed(seed)  # the bot's own chance
    loop = looptime.new_event_loop()
    loop.set_exception_handler(lambda loop, context: None)  # what the dead leave behind
    try:
        simulation = Simulation(seed, processes=processes)
        return loop.run_until_complete(simulation.run()), simulation
    finally:
        loop.close()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--from", dest="first", type=int, default=1)
    options = parser.parse_args()
    logging.disable()
    faults, again, failed = Counter[str](), 0, 0
    for seed in range(options.first, options.first + options.seeds):
        verdict, simulation = play(seed)
        faults += simulation.faults
        again += len(verdict.again)
        if broken := verdict.broken():
            failed += 1
            print(f"seed {seed}: {broken}; {dict(simulation.faults)}", flush=True)
    print(f"{options.seeds} seeds: {failed} wrong; {dict(faults)}; bought again from the start: {again}")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
