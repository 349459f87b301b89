"""Several real Redis servers that stand in for each other: a Cluster of six, and a primary with a replica
that three Sentinels watch. Started from the same program as any other, and each killed as one likes.
"""

import asyncio
import ctypes
import random
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import RedisError

from adapters.stores.redis.client import ask, single
from adapters.stores.redis.program import program

STARTED = 90.0
"""Seconds until they must stand. A Sentinel that was held up for two seconds does nothing for thirty (its
documentation calls that TILT), and on a busy machine it may be more than once."""

DEAD_AFTER = 500
"""Milliseconds without a sign of life until a server counts as dead: an operator's is far longer."""

SLOTS = 16384

NAME = "chat"
"""What the Sentinels call their primary."""


class Fleet:
    """`url`: for the bot."""

    def __init__(self, binary: str, folder: Path) -> None:
        self._binary = binary
        self._folder = folder
        self._processes: dict[int, Process] = {}
        self._servers: list[int] = []
        self.url = ""

    async def start(self, port: int, *options: str) -> None:
        """Start a server on that port."""
        folder = self._folder / str(port)
        folder.mkdir()
        self._servers.append(port)
        # fmt: off
        self._processes[port] = await asyncio.create_subprocess_exec(
            self._binary, *options, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder),
            "--save", "", "--repl-diskless-sync-delay", "0",
            stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, preexec_fn=_end_with_parent,
        )
        # fmt: on
        await until(port, answers)

    async def watch(self, port: int, primary: int) -> None:
        """Start a Sentinel."""
        file = self._folder / f"sentinel-{port}.conf"
        file.write_text(
            f"port {port}\nbind 127.0.0.1\ndir {self._folder}\n"
            f"sentinel monitor {NAME} 127.0.0.1 {primary} 2\n"
            f"sentinel down-after-milliseconds {NAME} {DEAD_AFTER}\n"
            f"sentinel failover-timeout {NAME} 3000\n"
        )
        self._processes[port] = await asyncio.create_subprocess_exec(
            self._binary, str(file), "--sentinel",
            stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, preexec_fn=_end_with_parent,
        )  # fmt: skip
        await until(port, answers)

    async def primary_with(self, pattern: str) -> int:
        """The port of the primary that has a key like that."""
        for port in self._servers:
            if (await said(port, "HELLO"))["role"] == "master" and await said(port, "KEYS", pattern):
                return port
        raise LookupError(pattern)

    async def kill(self, port: int) -> None:
        """`kill -9`."""
        process = self._processes.pop(port)
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def end(self) -> None:
        """Kill them all."""
        for port in list(self._processes):
            await self.kill(port)


@asynccontextmanager
async def _fleet(folder: Path) -> AsyncIterator[Fleet]:
    found = await program()
    if found is None:
        pytest.skip("no Redis server is here, 6.2 or newer")
    fleet = Fleet(found.path, folder)
    try:
        yield fleet
    finally:
        await fleet.end()


@asynccontextmanager
async def cluster(folder: Path) -> AsyncIterator[Fleet]:
    """Three primaries and a replica of each."""
    ports = free_ports(6)
    async with _fleet(folder) as fleet:
        for port in ports:
            # fmt: off
            await fleet.start(
                port, "--cluster-enabled", "yes", "--cluster-node-timeout", str(DEAD_AFTER),
                "--cluster-replica-validity-factor", "0",
            )
            # fmt: on
        primaries = ports[:3]
        names = [str(await said(port, "CLUSTER", "MYID")) for port in primaries]
        edges = [SLOTS * number // 3 for number in range(4)]
        for number, port in enumerate(primaries):
            await said(port, "CLUSTER", "ADDSLOTS", *range(edges[number], edges[number + 1]))
            await said(port, "CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        for port in ports[1:]:
            await said(ports[0], "CLUSTER", "MEET", "127.0.0.1", port)
        for name, port in zip(names, ports[3:], strict=True):
            await until(port, partial(replicates, name))
            await until(port, follows)
        for port in ports:
            await until(port, whole)
        fleet.url = f"redis+cluster://127.0.0.1:{ports[0]},127.0.0.1:{ports[1]}"
        yield fleet


@asynccontextmanager
async def watched(folder: Path) -> AsyncIterator[Fleet]:
    """A primary, a replica and three Sentinels."""
    primary, replica, *sentinels = free_ports(5)
    async with _fleet(folder) as fleet:
        await fleet.start(primary)
        await fleet.start(replica, "--replicaof", "127.0.0.1", str(primary))
        await until(replica, follows)
        for port in sentinels:
            await fleet.watch(port, primary)
        for port in sentinels:
            await until(port, agreed)
        hosts = ",".join(f"127.0.0.1:{port}" for port in sentinels)
        fleet.url = f"redis+sentinel://{hosts}/{NAME}"
        yield fleet


Fleets = Callable[[Path], AbstractAsyncContextManager[Fleet]]

FLEETS = [pytest.param(each, id=each.__name__, marks=pytest.mark.long) for each in (cluster, watched)]
"""For tests that are played on both, and kill some of them."""


async def answers(port: int) -> bool:
    """Whether it does."""
    return bool(await said(port, "PING"))


async def replicates(primary: str, port: int) -> bool:
    """Make it a replica of that primary; whether it has heard of it."""
    return bool(await said(port, "CLUSTER", "REPLICATE", primary))


async def follows(port: int) -> bool:
    """Whether it has all that its primary has."""
    return bool((await said(port, "INFO", "replication"))["master_link_status"] == "up")


async def whole(port: int) -> bool:
    """Whether it knows of all the others."""
    slots = await said(port, "CLUSTER", "SLOTS")
    state = await said(port, "CLUSTER", "INFO")
    return "cluster_state:ok" in state and [len(each) for each in slots] == [4, 4, 4]


async def agreed(port: int) -> bool:
    """Whether a Sentinel knows of the others and of the replica."""
    state = await said(port, "SENTINEL MASTER", NAME)
    return (state["num-other-sentinels"], state["num-slaves"]) == (2, 1)


async def said(port: int, *command: str | int) -> Any:
    """What a server says to a command."""
    client = single(f"redis://127.0.0.1:{port}")
    try:
        return await ask(client, {}, *command)
    finally:
        await client.aclose()


async def until(port: int, holds: Callable[[int], Awaitable[object]]) -> None:
    """Wait until something holds of a server."""
    async with asyncio.timeout(STARTED):
        while True:
            try:
                if await holds(port):
                    return
            except (RedisError, OSError):
                pass  # it is not as far as that
            await asyncio.sleep(0.02)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, nor on the one that a node of a Cluster takes for the others; below those
    that connections are given."""
    ports: set[int] = set()
    while len(ports) < count:
        port = random.randrange(11000, 21000)
        with socket.socket() as one, socket.socket() as other, suppress(OSError):
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 10000))
            ports.add(port)
    return list(ports)


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
