"""Connections on which a task that is cancelled ends."""

import asyncio
from collections.abc import Iterable

from redis.asyncio import BlockingConnectionPool
from redis.asyncio.connection import AbstractConnection


class _Cancellable(AbstractConnection):
    """redis-py sends through `asyncio.wait_for`, which before Python 3.12 loses a cancellation that comes in
    the moment in which the sending is done (bpo-37658): the task would go on for ever."""

    async def send_packed_command(
        self, command: bytes | str | Iterable[bytes], check_health: bool = True
    ) -> None:
        task = asyncio.current_task()
        before = task.cancelling() if task is not None else 0
        await super().send_packed_command(command, check_health)
        if task is not None and task.cancelling() > before:
            # Nobody reads the answer: it must not be taken for the next command's.
            await self.disconnect(nowait=True)
            raise asyncio.CancelledError


def cancellable(pool: BlockingConnectionPool) -> BlockingConnectionPool:
    """The pool with such connections, of the kind that its address asks for."""
    kind = pool.connection_class
    pool.connection_class = type(kind.__name__, (_Cancellable, kind), {})
    return pool
