"""What a simulated process has around it: a store that it can lose, a model and a platform that fail."""

import asyncio
import inspect
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any

from bot.conversation.events import Said
from bot.conversation.generation import Prompt, StreamEvent
from bot.conversation.requests import Change
from bot.conversation.settings import GenerationSettings
from bot.errors import ModelError, ModelUnreachable, PlatformFailed, StoreUnavailable, StreamBroke
from bot.ports import going_out
from tests.chaos.verdict import TAG
from tests.fakes.model import Speaker
from tests.fakes.platform import Screen
from tests.fakes.store import now

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

    async def alive(self) -> None:
        while now() < self.frozen_until:
            await asyncio.sleep(self.frozen_until - now() + 0.001)  # less is no time at all
        if self.dead:
            raise Died

    async def reach_store(self) -> None:
        await self.alive()
        if self.cut_off:
            raise StoreUnavailable("cut off")


class Through:
    """A port of the bot, as one process reaches it."""

    def __init__(self, port: object, pass_on: Callable[[], Awaitable[None]]) -> None:
        self._port = port
        self._pass_on = pass_on
        self._hearing: list[asyncio.Future[None]] = []

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
            await self._pass_on()
            given = await method(*arguments, **named)
            await self._pass_on()  # what was done stays done, though its answer may be lost
            return given

        return call

    def _told(self, tell: Callable[[Change], None]) -> Callable[[Change], None]:
        async def hear(change: Change) -> None:
            with suppress(Died, StoreUnavailable):
                await self._pass_on()
                tell(change)

        return lambda change: self._hearing.append(asyncio.ensure_future(hear(change)))


class Model(Speaker):
    """Says some words after the tag of the question. `calls`: for which it was asked, when, and from how long
    a beginning, in words; `left`: for which somebody left it in mid-answer, and when. `fails`: now and
    then it is not there, or breaks off."""

    def __init__(self, chance: random.Random, *, continues: bool, fails: bool) -> None:
        super().__init__((), every=0.2, continues=continues)
        self._chance = chance
        self._fails = fails
        self.calls: list[tuple[str, float, int]] = []
        self.left: list[tuple[str, float]] = []
        self._broke: set[str] = set()

    async def asked_by(
        self, process: "Process", prompt: Prompt, settings: GenerationSettings
    ) -> AsyncGenerator[StreamEvent, None]:
        """The same, as a process has it: it may die or stand still between any two pieces, and while it
        connects."""
        await asyncio.sleep(self._chance.uniform(0, 0.2))
        await process.alive()
        going_out()
        tag, ended = _tag(prompt), False
        try:
            async with aclosing(self.stream(prompt, settings)) as events:
                async for event in events:
                    await process.alive()
                    yield event
            ended = True
        except ModelError:
            ended = True
            raise
        finally:
            if not ended:
                self.left.append((tag, now()))

    async def stream(self, prompt: Prompt, settings: GenerationSettings) -> AsyncGenerator[StreamEvent, None]:
        tag = _tag(prompt)
        self.pieces = (tag, *WORDS)
        begun = len(prompt.beginning.split())
        self.calls.append((tag, now(), begun))
        if self._fails and self._chance.random() < 0.05:
            raise ModelUnreachable("down")
        may_break = self._fails and self.continues and tag not in self._broke
        breaks_after = self._chance.randrange(1, 20) if may_break else None
        said = 0
        async for event in super().stream(prompt, settings):
            yield event
            said += 1
            if said == breaks_after and self._chance.random() < 0.3:
                self._broke.add(tag)
                raise StreamBroke("cut")


def _tag(prompt: Prompt) -> str:
    """Of the question that is asked."""
    return str(TAG.findall(prompt.messages[-2 if prompt.beginning else -1].content)[-1])


class Asked:
    """The model as one process has it."""

    def __init__(self, model: Model, process: Process) -> None:
        self._model = model
        self._process = process
        self.continues = model.continues

    def ignored(self, settings: GenerationSettings) -> tuple[str, ...]:
        return ()

    def stream(self, prompt: Prompt, settings: GenerationSettings) -> AsyncGenerator[StreamEvent, None]:
        return self._model.asked_by(self._process, prompt, settings)


class Surroundings(Screen):
    """A platform as one process has it: calls take their time; where it `fails`, they fail now and then, or
    wait within the client's library; while the process is frozen nothing goes out, and what was about to goes
    out when it wakes. `world` is what all of them write on; `overdue`: when something came so late there.
    """

    def __init__(
        self,
        chance: random.Random,
        process: Process,
        world: Screen,
        answers: dict[str, str],
        overdue: set[float],
        *,
        fails: bool,
    ) -> None:
        super().__init__(round_trip=0.1)
        self._chance = chance
        self._fails = fails
        self._process = process
        self.messages, self.buttons, self.finals = world.messages, world.buttons, world.finals
        self.answers = answers
        self.overdue = overdue
        self._under_way: list[asyncio.Future[None]] = []

    async def post(self, question: Said, *arguments: Any, **named: Any) -> str:
        shown = await super().post(question, *arguments, **named)
        self.answers[shown] = question.text
        return shown

    async def _show(self, message: str, page: Any) -> None:
        """Once begun it has its effect: to cancel a call does not take it back."""
        call = asyncio.ensure_future(self._send(message, page))
        self._under_way.append(call)
        await asyncio.shield(call)

    async def _send(self, message: str, page: Any) -> None:
        if self._fails and self._chance.random() < 0.03:
            raise PlatformFailed("503")
        if self._fails and self._chance.random() < 0.1:
            await asyncio.sleep(self._chance.uniform(1, 8))  # within the client's library
        await self._process.alive()
        await super()._show(message, page)

    async def _travel(self) -> None:
        await super()._travel()
        arrives = now()
        await self._process.alive()
        if now() > arrives:
            self.overdue.add(now())
