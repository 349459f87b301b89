"""What many tasks ask of a server at once, in one round trip."""

import asyncio
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
