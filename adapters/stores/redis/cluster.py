"""A client of a Redis Cluster, where redis-py's own is not yet what the store needs.

It waits for a place instead of failing when much is asked at once, and after a pipeline that failed it asks
anew who has which part of the keys, as redis-py's does after a command alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from redis import exceptions
from redis.asyncio import Redis
from redis.asyncio.cluster import ClusterNode, RedisCluster

from adapters.stores.redis.connection import cancellable
from adapters.stores.redis.wrong_type import SettingAside, is_of_wrong_type

Command: TypeAlias = Sequence[str | bytes | float]

Refused: TypeAlias = Callable[[Command, Exception], Awaitable[Any]]
"""What comes in place of what a command gives that ended with an error."""

AT_ONCE = 64
"""Commands on their way at once, and as many pipelines: each takes a connection to a node."""

LISTENERS = 16
"""Connections to a node that are neither: they wait for what is published."""

LOST = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.ClusterDownError,
    exceptions.SlotNotCoveredError,
)
"""After these, somebody else may have that part of the keys."""


class ClusterClient(SettingAside, RedisCluster):  # type: ignore[misc]  # two bases of redis-py's differ
    """`options`: those of redis-py's client."""

    def __init__(self, **options: Any) -> None:  # the library's own signature
        super().__init__(
            max_connections=2 * AT_ONCE + LISTENERS,
            # Else each fifth key that has moved cuts off whatever is under way on all nodes.
            reinitialize_steps=0,
            **options,
        )
        kind = cancellable(self.connection_kwargs["connection_class"])
        self.connection_kwargs["connection_class"] = kind
        for node in self.startup_nodes:
            node.connection_class = kind  # type: ignore[assignment]  # one of `Connection`'s kind
        self._places, self._pipelines = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(AT_ONCE)

    async def execute_command(self, *args: Any, **kwargs: Any) -> Any:  # the library's own signature
        async with self._places:
            return await super().execute_command(*args, **kwargs)

    async def carry_out(self, commands: Sequence[Command], *, refused: Refused) -> list[Any]:
        """As in `client.round_trip`. No pipeline has commands of several slots."""
        slots: dict[int, list[int]] = {}
        for number, command in enumerate(commands):
            slots.setdefault(self.keyslot(_key(command)), []).append(number)
        last = slots.pop(self.keyslot(_key(commands[-1])))
        given: dict[int, Any] = {}

        async def together(numbers: Sequence[int]) -> None:
            these = await self._together([commands[number] for number in numbers], refused)
            given.update(zip(numbers, these, strict=True))

        ended = await asyncio.gather(*map(together, slots.values()), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error
        await together(last)
        return [given[number] for number in range(len(commands))]

    async def _together(self, commands: Sequence[Command], refused: Refused) -> list[Any]:
        """What each of these gave, whose keys are all in one slot; in one round trip."""
        async with self._pipelines:
            pipeline = self.pipeline()
            for command in commands:
                pipeline.execute_command(*command)
            try:
                given = await without_errors(
                    self, commands, await pipeline.execute(raise_on_error=False), refused
                )
            except LOST:
                with suppress(exceptions.SlotNotCoveredError):
                    self._look_anew(self.primary_of(_key(commands[0])))
                raise
        return given

    async def aclose_all(self) -> None:
        """Close it, also where it was about to look anew."""
        await self.aclose()
        await self.nodes_manager.aclose()

    def primary_of(self, key: str) -> ClusterNode:
        """The node that has this key, as far as is known. Raises `SlotNotCoveredError`."""
        node = self.get_node_from_key(key)
        if node is None:
            raise exceptions.SlotNotCoveredError
        return node

    def _look_anew(self, node: ClusterNode) -> None:
        """Have it asked before the next command who has which part of the keys, and this node last."""
        self.nodes_manager.move_node_to_end_of_cached_nodes(node.name)
        self._initialize = True


async def raise_error(command: Command, error: Exception) -> Any:
    """An error has nothing in its place."""
    raise error


async def without_errors(
    client: SettingAside | Redis, commands: Sequence[Command], given: Sequence[Any], refused: Refused
) -> list[Any]:
    """What a pipeline gave for these, each error replaced. A command that met a key of another type is
    carried out once that is set aside."""
    whole = []
    for command, each in zip(commands, given, strict=True):
        if not isinstance(each, Exception):
            whole.append(each)
        elif is_of_wrong_type(each):
            whole.append(await client.execute_command(*command))
        else:
            whole.append(await refused(command, each))
    return whole


def _key(command: Command) -> str:
    """The first key that a command of the store's names."""
    return str(command[3] if command[0] == "EVALSHA" else command[1])
