"""The bot as the program puts it together, with fakes around it, for tests on virtual time."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from adapters.composition.rules import Rules
from adapters.composition.service import bot_service
from bot.conversation.events import Event, Invoked, Said
from bot.conversation.generation import OfferedModel
from bot.conversation.measures import Measure
from bot.conversation.requests import Quota
from bot.conversation.settings import GenerationSettings
from bot.display.draft import Boundary
from bot.display.slots import Slots
from bot.ports import Meter, Platform, Store, Tokenizer, unmeasured
from bot.service.admission import Admission
from bot.service.presence import Presence
from bot.service.reporter import Identity
from bot.service.service import Service
from tests.fakes.documents import Shelf
from tests.fakes.model import Speaker, Words, anywhere
from tests.fakes.platform import Screen
from tests.fakes.store import InMemoryStore, now

LONG = 300.0
"""Seconds of virtual time: everything that was asked has been answered by then."""


class Bot:
    """`model` is the first of two models; the other one is named "other", and stands in for it as a
    `fallback` of that id. `platform`: in place of the screen. `clock`: seconds as the platform counts
    them. `connected`: whether the platform is. `measures`: what was counted, by the
    `meter`, too. `around`: what stands between the bot and its store. `tokenizer`: counts words where there
    is none; `boundary`: between any two characters likewise."""

    def __init__(
        self,
        model: Speaker,
        *,
        store: InMemoryStore | None = None,
        admission: Admission | None = None,
        places: int = 20,
        most_waiting: int = 0,
        questions: int = 100,
        context_tokens: int = 1000,
        drain_seconds: float = 30,
        other: Speaker | None = None,
        fallback: str = "",
        screen: Screen | None = None,
        platform: Platform | None = None,
        clock: Callable[[], float] = now,
        catch_up: float = 900.0,
        connected: Callable[[], bool] = lambda: True,
        meter: Meter = unmeasured,
        around: Callable[[Store], Store] = lambda store: store,
        tokenizer: Tokenizer | None = None,
        boundary: Boundary = anywhere,
    ) -> None:
        self.screen = screen or Screen()
        self._platform: Platform = platform or self.screen
        self.model = model
        self.store = store or InMemoryStore()
        self.documents = Shelf()
        self._clock = clock
        self._connected = connected
        self._meter = meter
        self._around = around
        self._tokenizer = tokenizer or Words()
        self._boundary = boundary
        self.measures: list[Measure] = []
        quota = Quota(questions=questions, seconds=3600)
        self._rules = Rules(
            admission=admission or Admission(),
            quota=quota,
            by_address={self._platform.name: quota},
            places=places,
            most_waiting=most_waiting,
            everyone=False,
            history_days=30,
            shutdown_seconds=drain_seconds,
            catch_up=catch_up,
        )
        first = OfferedModel(name="mixtral", id="mixtral", host="here", context_tokens=context_tokens)
        second = replace(first, name="other", id=fallback or "other", fallback=bool(fallback))
        self._models = [(first, model), (second, other or model)]
        self.service = self._put_together()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """One start of the bot, until it is told to stop."""
        self.service = self._put_together()
        stop = asyncio.Event()
        running = asyncio.create_task(self.service.run(stop))
        await asyncio.sleep(0)
        yield
        stop.set()
        await running

    async def hears(self, *events: Event) -> list[str]:
        """Say these, wait until everything is answered; what stands on the screen."""
        async with self.running():
            for event in events:
                await self.receive(event)
            await asyncio.sleep(LONG)
        return self.screen.texts()

    async def receive(self, event: Event) -> None:
        """Hand an event in, and show what comes back."""
        notice = await self.service.receive(event)
        if notice is not None and isinstance(event, Said | Invoked):
            await self.screen.tell(event, notice)

    def words(self) -> list[str]:
        """What the bot said itself."""
        return [text for _, text in self.screen.told]

    def _count(self, measure: Measure) -> None:
        self.measures.append(measure)
        self._meter(measure)

    def _put_together(self) -> Service:
        return bot_service(
            self._rules,
            self._around(self.store),
            platforms=[(self._platform, Slots(self._platform.limits, self.store.budget))],
            models=self._models,
            tokenizer=self._tokenizer,
            defaults=GenerationSettings(model="mixtral"),
            read_document=self.documents.text,
            boundary=self._boundary,
            identity=Identity(name="host:1", key=secrets.token_hex(8), version="1.0", started=self._clock()),
            presence=Presence({self._platform.name: self._connected}),
            meter=self._count,
            clock=now,
            now=self._clock,
        )
