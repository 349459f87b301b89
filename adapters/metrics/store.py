"""The store, with the round trips of each turn told: what else is asked of it is rare."""

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.conversation.events import ChannelRef
from bot.conversation.fleet import Given, ProcessState, Sign
from bot.conversation.measures import StoreAsked
from bot.conversation.requests import Claim, Interruption, Lane, Progress, Request, Submission
from bot.conversation.turns import Turn
from bot.errors import Interrupted, StoreError
from bot.ports import (
    Budget,
    Changes,
    ChannelSettings,
    Conversations,
    Fleet,
    Leases,
    Line,
    Meter,
    People,
    Records,
    Requests,
    Store,
)

T = TypeVar("T")


class _Timed:
    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    async def __call__(self, operation: str, asked: Awaitable[T]) -> T:
        began, failed = time.perf_counter(), ""
        try:
            return await asked
        except Interrupted:
            raise
        except StoreError as error:
            failed = error.kind
            raise
        finally:
            seconds = time.perf_counter() - began
            self._meter(StoreAsked(operation=operation, seconds=seconds, failed=failed))


class _TimedRequests:
    """`bot.ports.Requests`."""

    def __init__(self, requests: Requests, timed: _Timed) -> None:
        self._requests = requests
        self._timed = timed
        self.drop = requests.drop

    async def submit(self, request: Request, *, only_known: bool = False) -> Submission:
        return await self._timed("submit", self._requests.submit(request, only_known=only_known))

    async def take(
        self, request: Request, *, only_known: bool = False, room: int | None = None
    ) -> tuple[Submission, Claim | None]:
        return await self._timed("take", self._requests.take(request, only_known=only_known, room=room))

    async def claim(
        self, channel: ChannelRef, lane: Lane = Lane.QUESTIONS, *, room: int | None = None
    ) -> Claim | None:
        return await self._timed("claim", self._requests.claim(channel, lane, room=room))

    async def beat(self, claim: Claim, progress: Progress) -> Interruption | None:
        return await self._timed("beat", self._requests.beat(claim, progress))

    async def commit(self, claim: Claim, turn: Turn | None) -> bool:
        return await self._timed("commit", self._requests.commit(claim, turn))

    async def release(self, claim: Claim, progress: Progress | None, *, failed: bool = False) -> None:
        await self._timed("release", self._requests.release(claim, progress, failed=failed))

    async def orphans(self, wanted: Callable[[ChannelRef, Lane], bool]) -> Sequence[ChannelRef]:
        return await self._timed("orphans", self._requests.orphans(wanted))


class _TimedFleet:
    """`bot.ports.Fleet`."""

    def __init__(self, fleet: Fleet, timed: _Timed) -> None:
        self._fleet = fleet
        self._timed = timed
        self.leave = fleet.leave

    async def sign(self, process: str, state: ProcessState) -> Given:
        return await self._timed("sign", self._fleet.sign(process, state))

    async def read(self) -> Sequence[Sign]:
        return await self._fleet.read()


class TimedStore:
    """`bot.ports.Store`: a `store` of whose round trips `meter` is told."""

    def __init__(self, store: Store, meter: Meter) -> None:
        timed = _Timed(meter)
        self.requests: Requests = _TimedRequests(store.requests, timed)
        self.fleet: Fleet = _TimedFleet(store.fleet, timed)
        self.conversations: Conversations = store.conversations
        self.settings: ChannelSettings = store.settings
        self.people: People = store.people
        self.changes: Changes = store.changes
        self.budget: Budget = store.budget
        self.line: Line = store.line
        self._store = store

    def records(self, kind: str) -> Records:
        return self._store.records(kind)

    def leases(self, kind: str) -> Leases:
        return self._store.leases(kind)
