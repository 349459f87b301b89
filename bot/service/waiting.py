"""What this process has taken in and is not done: a store that loses all that it had is given it again.

What is being worked on is put back by whoever works on it. What only waits is nowhere but in the store, and
here.
"""

import asyncio
from collections.abc import Callable

from bot.conversation.events import ChannelRef
from bot.conversation.requests import ONCE, Change, Interruption, Lane, Request, Submission
from bot.conversation.room import MOST_BYTES, weight
from bot.ports import Requests

MOST_KNOWN = 10_000
"""Requests known at once, and no more than `MOST_BYTES` of them; one more, and the oldest is not known any
more."""

AT_ONCE = 100
"""Requests that are submitted side by side: they share round trips."""


class Waiting:
    """Requests by the key of their conversation and their id, the oldest first."""

    def __init__(self) -> None:
        self._requests: dict[tuple[str, str], tuple[Request, int]] = {}
        self._size = 0

    def add(self, request: Request) -> None:
        """It was taken in, or has another text now. What is about an answer is lost with that answer."""
        if request.work in ONCE:
            key, size = (request.message.channel.key, request.id), weight(request)
            self._size += size - self._requests.get(key, (request, 0))[1]
            self._requests[key] = request, size
            while len(self._requests) > MOST_KNOWN or self._size > MOST_BYTES:
                self.remove(*next(iter(self._requests)))

    def remove(self, conversation: str, request: str) -> None:
        """It is done, or was withdrawn."""
        if (known := self._requests.pop((conversation, request), None)) is not None:
            self._size -= known[1]

    def changed(self, change: Change) -> None:
        """Something is published of a conversation."""
        if change.interruption in (None, Interruption.WITHDRAW):
            self.remove(change.conversation, change.message)

    @property
    def empty(self) -> bool:
        """Whether a store can have lost nothing that is known here."""
        return not self._requests

    async def submit_again(self, requests: Requests, work: Callable[[ChannelRef, Lane], None]) -> None:
        """Give the store all of them: those that it still knows stay as they are. Raises
        `StoreUnavailable`."""

        async def submit(key: tuple[str, str]) -> None:
            if (known := self._requests.get(key)) is not None:  # else it was done meanwhile
                request, _ = known
                if await requests.submit(request) is Submission.NEW:
                    work(request.message.channel, request.lane)

        keys = list(self._requests)
        for first in range(0, len(keys), AT_ONCE):
            await asyncio.gather(*map(submit, keys[first : first + AT_ONCE]))
