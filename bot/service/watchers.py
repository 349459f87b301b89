"""Whoever watches a conversation is told what stands in it, whenever that changes."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field

from bot.conversation.events import ChannelRef
from bot.conversation.requests import Change, Snapshot
from bot.conversation.views import Conversation
from bot.display.conversation import Growing, conversation
from bot.errors import StoreUnavailable
from bot.languages import speaker

logger = logging.getLogger(__name__)

REREAD = 30.0
"""Seconds after which a conversation is read again though nothing was said of it: what is published can get
lost."""

AGAIN = 1.0
"""Seconds until a store that is away is asked once more."""


@dataclass(slots=True, eq=False)
class _Watcher:
    """`stale`: the store has, or may have, something else than what was read last."""

    wake: asyncio.Event = field(default_factory=asyncio.Event)
    stale: bool = True


class Watchers:
    """`read` gives a conversation as the store has it, and raises `StoreUnavailable`; `growing` the answer
    that this process shows in it, by its `ChannelRef.key`, if there is one."""

    def __init__(
        self,
        *,
        read: Callable[[ChannelRef], Awaitable[Snapshot]],
        growing: Callable[[str], Growing | None],
    ) -> None:
        self._read = read
        self._growing = growing
        self._watching: dict[str, set[_Watcher]] = defaultdict(set)

    def changed(self, change: Change) -> None:
        """Something is published of a conversation."""
        if change.grown and self._growing(change.conversation) is not None:
            return  # it grows here, and `grew` says so sooner
        for watcher in self._watching.get(change.conversation, ()):
            watcher.stale = True
            watcher.wake.set()

    def grew(self, conversation: str) -> None:
        """This process shows something else of an answer."""
        for watcher in self._watching.get(conversation, ()):
            watcher.wake.set()

    def subscribed(self) -> None:
        """What was published before this moment may have been missed."""
        for watchers in self._watching.values():
            for watcher in watchers:
                watcher.stale = True
                watcher.wake.set()

    async def watch(self, channel: ChannelRef, locale: str) -> AsyncGenerator[Conversation, None]:
        """What stands in a conversation, all of it at first and then whenever it changes; while the store is
        away, what stood there stays."""
        say, watcher, version = speaker(locale), _Watcher(), 0
        self._watching[channel.key].add(watcher)
        snapshot: Snapshot | None = None
        shown: Conversation | None = None
        try:
            while True:
                patience = REREAD
                watcher.wake.clear()
                if watcher.stale:
                    watcher.stale = False
                    try:
                        snapshot = await self._read(channel)
                    except StoreUnavailable:
                        watcher.stale, patience = True, AGAIN
                if snapshot is not None:
                    growing = self._growing(channel.key)
                    stands = conversation(channel, snapshot, growing, version, say)
                    if shown is None or stands.exchanges != shown.exchanges:
                        version += 1
                        shown = conversation(channel, snapshot, growing, version, say)
                        yield shown
                try:
                    async with asyncio.timeout(patience):
                        await watcher.wake.wait()
                except TimeoutError:
                    watcher.stale = True
        finally:
            self._watching[channel.key].discard(watcher)
            if not self._watching[channel.key]:
                del self._watching[channel.key]
