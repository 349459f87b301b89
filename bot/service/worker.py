"""Keeps every conversation's questions moving: one at a time in each, as many conversations as there are."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress

from bot.answering.answer import Answerer
from bot.conversation.events import ChannelRef
from bot.display.paced import Paced
from bot.errors import LeaseLost, StoreUnavailable
from bot.ports import Requests

logger = logging.getLogger(__name__)

STORE_PATIENCE = 5.0
"""Seconds until a conversation is looked at again whose store did not answer."""


class Worker:
    """`screens`: the platforms by their names."""

    def __init__(
        self,
        *,
        screens: Mapping[str, Paced],
        requests: Requests,
        answerer: Answerer,
    ) -> None:
        self._screens = screens
        self._requests = requests
        self._answerer = answerer
        self._draining = False
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._asked_again: set[str] = set()

    def work(self, channel: ChannelRef) -> None:
        """Something waits in this conversation."""
        if self._draining:
            return
        if channel.key in self._at_work:
            self._asked_again.add(channel.key)
            return
        self._at_work[channel.key] = asyncio.create_task(self._answer_all(channel), name=channel.key)

    async def _answer_all(self, channel: ChannelRef) -> None:
        try:
            await self._answer_next(channel)
        finally:
            # In the same step as the last look at `_asked_again`: nothing can be asked in between.
            del self._at_work[channel.key]

    async def _answer_next(self, channel: ChannelRef) -> None:
        screen = self._screens[channel.platform]
        more = True
        while more and not self._draining:
            self._asked_again.discard(channel.key)
            try:
                since = self._answerer.clock()
                claim = await self._requests.claim(channel)
                more = claim is not None and await self._answerer.answer(claim, screen, since)
            except LeaseLost:
                logger.warning("%s: another process took over", channel.key)
                return
            except StoreUnavailable:
                logger.warning("%s: the store does not answer", channel.key)
                await asyncio.sleep(STORE_PATIENCE)
                continue
            more = more or channel.key in self._asked_again

    def adopt(self, channel: ChannelRef) -> None:
        """Something may wait in this conversation that nobody is at work on."""
        if channel.platform in self._screens and channel.key not in self._at_work:
            self.work(channel)

    async def drain(self, seconds: float) -> None:
        """Begin nothing more; let answers end for so long, and hand over those that do not in time."""
        self._draining = True
        tasks = list(self._at_work.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*late, return_exceptions=True)
