"""Runs the bot: its platforms, what they hear, what is at work, and the end of it all."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress

from bot.answering.answer import Answerer
from bot.answering.queue import Places
from bot.conversation.events import Author, ChannelRef, Event, Said
from bot.conversation.fleet import ProcessState
from bot.conversation.measures import EventCame
from bot.conversation.requests import Change
from bot.conversation.turn_ids import at_work_on
from bot.conversation.views import Conversation, Notice
from bot.errors import StoreUnavailable
from bot.ports import Meter, Platform, Store
from bot.service.holding import Holding
from bot.service.intake import Intake
from bot.service.reporter import Reporter
from bot.service.supervisor import Supervised
from bot.service.sweeper import Sweeper
from bot.service.watchers import Watchers
from bot.service.worker import Worker

LEAVE = 1.0
"""Seconds to say goodbye: without, whoever looks sees a process that died."""


class Service:
    """The bot at work. `drain_seconds`: how long running answers may take when it is told to stop.
    `unreadable`: records of the store that could not be read and were set aside, by their kind."""

    def __init__(
        self,
        *,
        platforms: Mapping[str, Platform],
        intake: Intake,
        worker: Worker,
        answerer: Answerer,
        store: Store,
        watchers: Watchers,
        places: Places,
        reporter: Reporter,
        meter: Meter,
        lease: float,
        drain_seconds: float,
    ) -> None:
        self._platforms = platforms
        self._intake = intake
        self._holding = Holding(intake.receive, wait=intake.wait, refuse=intake.refuse)
        self._worker = worker
        self._answerer = answerer
        self._store = store
        self._watchers = watchers
        self._places = places
        self._reporter = reporter
        self._meter = meter
        self._open = True
        self.unreadable: Mapping[str, int] = {}
        self._store_seconds = 0.0
        self._drain_seconds = drain_seconds
        self._loops = {
            "sweeper": Supervised(
                "sweeper", Sweeper(store, worker, intake.waiting, lease=lease, beat=self._beat).run
            ),
            "listener": Supervised("listener", self._listen),
            "line": Supervised("line", places.run),
        }

    def health(self) -> Mapping[str, bool]:
        """What of the bot runs as it should."""
        return {
            "store": all(loop.store_answers for loop in self._loops.values()),
            **{name: loop.runs for name, loop in self._loops.items()},
        }

    def readiness(self) -> Mapping[str, bool | Mapping[str, bool]]:
        """Whether more may come here: what it takes, and what of that is so. A platform that is away later on
        is told of, and is no reason to stay away from the others."""
        presence = self._reporter.presence
        return {
            **self.health(),
            "open": self._open,
            "connected": presence.came(),
            "platforms": presence.now(),
        }

    def state(self) -> ProcessState:
        """How it stands with this process."""
        return self._reporter.state(
            needs={**self.health(), "open": self._open}, held=self._holding.held, store=self._store_seconds
        )

    async def _beat(self) -> bool:
        """Say in the store how it stands; whether what was said last is there still."""
        began = asyncio.get_running_loop().time()
        given = await self._store.fleet.sign(self._reporter.identity.key, self.state())
        self._store_seconds = asyncio.get_running_loop().time() - began
        self.unreadable = given.unreadable
        return given.known

    async def receive(self, event: Event) -> Notice | None:
        """Take one event in, however long the store is away. Raises `StoreUnavailable` where too much
        waits."""
        came = EventCame(platform=event.channel.platform, kind=type(event).__name__.lower())
        if not isinstance(event, Said):
            self._meter(came)
            return await self._holding.receive(event)
        with at_work_on(event.channel, event.id, request=event.id):
            self._meter(came)
            return await self._holding.receive(event)

    async def watch(self, channel: ChannelRef, author: Author) -> AsyncGenerator[Conversation, None]:
        """What stands in a conversation, all of it at first and then whenever it changes; nothing for who is
        not heard there."""
        if self._intake.admission.refusal(author, channel) is not None:
            return
        async with aclosing(self._watchers.watch(channel, author.locale)) as conversations:
            async for conversation in conversations:
                yield conversation

    async def run(self, stop: asyncio.Event, hurry: asyncio.Event | None = None) -> None:
        """Run until `stop` is set or a platform ends by itself, then let running answers end; a `hurry` hands
        them over at once."""
        running = [
            asyncio.create_task(platform.run(self), name=name) for name, platform in self._platforms.items()
        ]
        stopped = asyncio.create_task(stop.wait())
        others = [stopped, *(asyncio.create_task(loop.run()) for loop in self._loops.values())]
        try:
            done, _ = await asyncio.wait((*running, stopped), return_when=asyncio.FIRST_COMPLETED)
            self._open = False
            await self._drain(hurry or asyncio.Event())
            for task in done - {stopped}:
                task.result()
        finally:
            for task in (*running, *others):
                task.cancel()
            await asyncio.gather(*running, *others, return_exceptions=True)
            await self._leave()

    async def _leave(self) -> None:
        with suppress(StoreUnavailable, TimeoutError):
            async with asyncio.timeout(LEAVE):
                await self._store.fleet.leave(self._reporter.identity.key)

    async def _listen(self, is_well: Callable[[], None]) -> None:
        """Learn what changes in conversations, and which answers shall end early."""

        def subscribed() -> None:
            is_well()
            self._watchers.subscribed()

        await self._store.changes.listen(self._changed, subscribed)

    def _changed(self, change: Change) -> None:
        if change.ticket:
            self._places.called(change.ticket)
            return
        if change.interruption is not None:
            self._answerer.interrupt(change.conversation, change.message, change.interruption)
        self._intake.waiting.changed(change)
        self._watchers.changed(change)

    async def _drain(self, hurry: asyncio.Event) -> None:
        telling = list(self._intake.telling.tasks)
        await self._worker.drain(self._drain_seconds, hurry)
        await self._places.close()
        if telling:
            _, late = await asyncio.wait(telling, timeout=self._drain_seconds)
            for task in late:
                task.cancel()
