"""Whoever watches a conversation is told what stands in it, whenever that changes."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.conversation.events import ChannelRef
from bot.conversation.requests import Change, Snapshot
from bot.conversation.views import Conversation, Exchange
from bot.display.conversation import Growing, growing_elsewhere, standing, with_growing
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
        self._under: dict[str, set[_Watcher]] = defaultdict(set)

    def changed(self, change: Change) -> None:
        """Something is published of a conversation."""
        if change.grown and self._growing(change.conversation) is not None:
            return  # it grows here, and `grew` says so sooner
        _reread(self._under.get(change.scope, ()) if change.scope else self._at(change.conversation))

    def grew(self, conversation: str) -> None:
        """This process shows something else of an answer."""
        for watcher in self._at(conversation):
            watcher.wake.set()

    def subscribed(self) -> None:
        """What was published before this moment may have been missed."""
        for watchers in self._watching.values():
            _reread(watchers)

    def _at(self, conversation: str) -> Collection[_Watcher]:
        return self._watching.get(conversation, ())

    @contextmanager
    def _watched(self, channel: ChannelRef) -> Iterator[_Watcher]:
        """Somebody who watches this conversation."""
        watcher = _Watcher()
        places = [(self._watching, channel.key)]
        places += [(self._under, name) for name in (channel.scope, channel.home) if name]
        for watching, name in places:
            watching[name].add(watcher)
        try:
            yield watcher
        finally:
            for watching, name in places:
                watching[name].discard(watcher)
                if not watching[name]:
                    del watching[name]

    async def watch(self, channel: ChannelRef, locale: str) -> AsyncGenerator[Conversation, None]:
        """What stands in a conversation, all of it at first and then whenever it changes; while the store is
        away, what stood there stays."""
        say, version = speaker(locale), 0
        stands: Mapping[str, Exchange] | None = None
        elsewhere: Growing | None = None
        shown: tuple[Exchange, ...] | None = None
        with self._watched(channel) as watcher:
            while True:
                patience = REREAD
                watcher.wake.clear()
                if watcher.stale:
                    watcher.stale = False
                    try:
                        snapshot = await self._read(channel)
                        stands = standing(snapshot, say)
                        elsewhere = growing_elsewhere(snapshot.running, say)
                    except StoreUnavailable:
                        watcher.stale, patience = True, AGAIN
                if stands is not None:
                    exchanges = with_growing(stands, self._growing(channel.key) or elsewhere)
                    if exchanges != shown:
                        version, shown = version + 1, exchanges
                        yield Conversation(channel=channel, version=version, exchanges=exchanges)
                try:
                    async with asyncio.timeout(patience):
                        await watcher.wake.wait()
                except TimeoutError:
                    watcher.stale = True


def _reread(watchers: Collection[_Watcher]) -> None:
    for watcher in watchers:
        watcher.stale = True
        watcher.wake.set()
