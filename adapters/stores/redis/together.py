"""What many tasks ask of a server at once, in one round trip."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

from adapters.stores.redis.cluster import Command

Send: TypeAlias = Callable[[Sequence[Command]], Awaitable[list[Any]]]
"""Sends commands in one round trip; what each of them gave, an error in place of what ended with one."""

Asked: TypeAlias = tuple[Sequence[Command], asyncio.Future[list[Any]]]


class Together:
    """One round trip is under way at a time; what is asked meanwhile waits for the next, in its order. Who
    asks alone does not wait."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._asked: list[Asked] = []
        self._sending: asyncio.Task[None] | None = None

    async def carry_out(self, commands: Sequence[Command]) -> list[Any]:
        """What each of these gave, which come behind one another. Raises what the sending does."""
        given = asyncio.get_running_loop().create_future()
        self._asked.append((commands, given))
        if self._sending is None:
            self._sending = asyncio.create_task(self._send_all())
        return list(await given)

    async def _send_all(self) -> None:
        asked: list[Asked] = []
        try:
            while self._asked:
                # Whoever was cancelled before it went out has not asked.
                asked, self._asked = [each for each in self._asked if not each[1].done()], []
                await self._send_these(asked)
        finally:
            self._sending = None
            for _, given in (*asked, *self._asked):
                given.cancel()

    async def _send_these(self, asked: Sequence[Asked]) -> None:
        try:
            results = await self._send([command for commands, _ in asked for command in commands])
        except Exception as error:
            for _, given in asked:
                if not given.done():
                    given.set_exception(error)
            return
        place = 0
        for commands, given in asked:
            if not given.done():
                given.set_result(results[place : place + len(commands)])
            place += len(commands)


FEW = 10
"""Of so many at work nobody waits for company. Our choice."""

AT_WORK = 5.0
"""Seconds since their last word for which somebody counts as at work. Answers give a sign every two."""


class Company:
    """What can wait a moment goes out with others of its kind, where many are at work: groups leave so many
    seconds apart at least. Who comes when none has left for that long does not wait, nor does who is in a
    hurry, and takes along those who do."""

    def __init__(self, apart: float) -> None:
        self._apart = apart
        self._at_work: OrderedDict[str, float] = OrderedDict()
        self._leaves_from = 0.0
        self._leaves = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    async def join(self, who: str, *, hurry: bool = False) -> None:
        """Return when the next group leaves. `who` is at work, and comes again."""
        self._at_work[who] = asyncio.get_running_loop().time()
        self._at_work.move_to_end(who)
        await self._wait(hurry=hurry)

    async def join_last(self, who: str) -> None:
        """The same for whoever does not come again."""
        self._at_work.pop(who, None)
        await self._wait(hurry=False)

    async def _wait(self, *, hurry: bool) -> None:
        loop = asyncio.get_running_loop()
        while self._at_work and next(iter(self._at_work.values())) < loop.time() - AT_WORK:
            self._at_work.popitem(last=False)
        if hurry or len(self._at_work) <= FEW or loop.time() >= self._leaves_from:
            self._leave()
            return
        if self._timer is None:
            self._timer = loop.call_at(self._leaves_from, self._leave)
        await self._leaves.wait()

    def _leave(self) -> None:
        self._leaves_from = asyncio.get_running_loop().time() + self._apart
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._leaves.set()
            self._leaves = asyncio.Event()
