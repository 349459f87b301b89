"""The whole bot with fakes around it, for tests on virtual time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.answering.answer import Answerer
from bot.answering.model_call import Deadlines
from bot.answering.question import Asker
from bot.answering.queue import Places
from bot.commands.context import Context
from bot.conversation.events import Event, Invoked, Said
from bot.conversation.generation import OfferedModel
from bot.conversation.requests import Quota
from bot.conversation.settings import GenerationSettings
from bot.display.paced import Paced
from bot.display.slots import Slots
from bot.ports import Platform
from bot.service.admission import Admission
from bot.service.intake import Intake
from bot.service.prices import Prices
from bot.service.service import Service
from bot.service.watchers import Watchers
from bot.service.worker import Worker
from tests.fakes.budget import InMemoryBudget
from tests.fakes.documents import Shelf
from tests.fakes.model import Speaker, Words, anywhere
from tests.fakes.platform import Screen
from tests.fakes.store import LEASE, InMemoryStore, now

LONG = 300.0
"""Seconds of virtual time: everything that was asked has been answered by then."""


class Bot:
    """`model` is the first of two models; the other one is named "other". `platform`: in place of the
    screen. `clock`: seconds as the platform counts them."""

    def __init__(
        self,
        model: Speaker,
        *,
        store: InMemoryStore | None = None,
        admission: Admission | None = None,
        places: int = 20,
        questions: int = 100,
        context_tokens: int = 1000,
        drain_seconds: float = 30,
        other: Speaker | None = None,
        screen: Screen | None = None,
        platform: Platform | None = None,
        clock: Callable[[], float] = now,
    ) -> None:
        self.screen = screen or Screen()
        self._platform: Platform = platform or self.screen
        self.model = model
        self.store = store or InMemoryStore()
        self.documents = Shelf()
        self._clock = clock
        self._quota = Quota(questions=questions, seconds=3600)
        self._admission = admission or Admission()
        self._places = Places(places)
        self._drain_seconds = drain_seconds
        self._generators = {"mixtral": model, "other": other or model}
        self._models = [
            OfferedModel(name=name, id=name, host="here", context_tokens=context_tokens)
            for name in self._generators
        ]
        answerer = self._answerer()
        self.watchers = Watchers(read=self.store.conversations.read, growing=answerer.growing)
        answerer.listeners.append(self.watchers.grew)
        self.intake = self._intake(self._worker(answerer))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """One start of the bot, until it is told to stop."""
        answerer = self._answerer()
        self.watchers = Watchers(read=self.store.conversations.read, growing=answerer.growing)
        answerer.listeners.append(self.watchers.grew)
        worker = self._worker(answerer)
        self.intake = self._intake(worker)
        self.service = Service(
            platforms={self._platform.name: self._platform},
            intake=self.intake,
            worker=worker,
            answerer=answerer,
            store=self.store,
            watchers=self.watchers,
            lease=LEASE,
            drain_seconds=self._drain_seconds,
        )
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
        notice = await self.intake.receive(event)
        if notice is not None and isinstance(event, Said | Invoked):
            await self.screen.tell(event, notice)

    def words(self) -> list[str]:
        """What the bot said itself."""
        return [text for _, text in self.screen.told]

    def _answerer(self) -> Answerer:
        return Answerer(
            requests=self.store.requests,
            conversations=self.store.conversations,
            asker=Asker(
                models=self._models,
                generators=self._generators,
                tokenizer=Words(),
                read_document=self.documents.text,
                places=self._places,
                defaults=GenerationSettings(model="mixtral"),
                deadlines=Deadlines(),
            ),
            boundary=anywhere,
            lease=LEASE,
            clock=now,
        )

    def _worker(self, answerer: Answerer) -> Worker:
        return Worker(
            screens={self._platform.name: self._paced()},
            requests=self.store.requests,
            answerer=answerer,
            do=self._do,
            beat=1.0,
        )

    async def _do(self, command: Invoked) -> None:
        await self.intake.do(command)

    def _paced(self) -> Paced:
        return Paced(self._platform, Slots(self._platform.limits, InMemoryBudget()))

    def _intake(self, worker: Worker) -> Intake:
        return Intake(
            screens={self._platform.name: self._paced()},
            store=self.store,
            prices=Prices(
                people=self.store.people,
                quota=self._quota,
                by_address={self._platform.name: self._quota},
                admins=self._admission.admins,
            ),
            admission=self._admission,
            context=Context(
                store=self.store,
                defaults=GenerationSettings(model="mixtral"),
                models=self._models,
                tokens=Words().count,
                everyone=False,
                history_days=30,
                now=self._clock,
            ),
            work=worker.work,
        )
