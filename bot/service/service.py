"""Runs the bot: its platforms, what they hear, what is at work, and the end of it all."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing

from bot.answering.answer import Answerer
from bot.answering.queue import Places
from bot.conversation.events import Author, ChannelRef, Event
from bot.conversation.requests import Change
from bot.conversation.views import Conversation, Notice
from bot.ports import Platform, Store
from bot.service.holding import Holding
from bot.service.intake import Intake
from bot.service.supervisor import Supervised
from bot.service.sweeper import Sweeper
from bot.service.watchers import Watchers
from bot.service.worker import Worker


class Service:
    """The bot at work. `drain_seconds`: how long running answers may take when it is told to stop."""

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
        self._drain_seconds = drain_seconds
        self._loops = {
            "sweeper": Supervised("sweeper", Sweeper(store, worker, intake.waiting, lease=lease).run),
            "listener": Supervised("listener", self._listen),
            "line": Supervised("line", places.run),
        }

    def health(self) -> Mapping[str, bool]:
        """What of the bot runs as it should."""
        return {
            "store": all(loop.store_answers for loop in self._loops.values()),
            **{name: loop.runs for name, loop in self._loops.items()},
        }

    async def receive(self, event: Event) -> Notice | None:
        """Take one event in, however long the store is away. Raises `StoreUnavailable` where too much
        waits."""
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
            await self._drain(hurry or asyncio.Event())
            for task in done - {stopped}:
                task.result()
        finally:
            for task in (*running, *others):
                task.cancel()
            await asyncio.gather(*running, *others, return_exceptions=True)

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
