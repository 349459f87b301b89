"""An object in a process of its own: what is awaited of it here is done there."""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from multiprocessing.connection import Connection
from typing import Concatenate, Generic, ParamSpec, TypeVar

S = TypeVar("S")
R = TypeVar("R")
P = ParamSpec("P")

Make = Callable[[], AbstractAsyncContextManager[S]]
"""What makes the object there; a process begins anew, so it is a function that is found by its name."""


class Elsewhere(Generic[S]):
    """The object as it is seen from here."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def do(
        self, method: Callable[Concatenate[S, P], Awaitable[R]], *arguments: P.args, **named: P.kwargs
    ) -> R:
        """What this method of it gives. One is done at a time; `EOFError` where the process has died, which
        has said why."""
        self._connection.send((method.__name__, arguments, named))
        given: R = await asyncio.to_thread(self._connection.recv)
        return given


@asynccontextmanager
async def elsewhere(make: Make[S]) -> AsyncIterator[Elsewhere[S]]:
    """Make it in a new process, which ends with the block."""
    processes = multiprocessing.get_context("spawn")
    here, there = processes.Pipe()
    process = processes.Process(target=_be_there, args=(there, make), daemon=True)
    process.start()
    there.close()
    try:
        yield Elsewhere(here)
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        here.close()


def _be_there(connection: Connection, make: Make[object]) -> None:
    asyncio.run(_serve(connection, make))


async def _serve(connection: Connection, make: Make[object]) -> None:
    async with make() as made:
        while True:
            name, arguments, named = await asyncio.to_thread(connection.recv)
            connection.send(await getattr(made, name)(*arguments, **named))
