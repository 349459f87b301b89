"""The installed program as a process, and what it uses: as Linux tells it, and as it is watched from outside.

Its CPU is the bot's alone: the platforms, the model and the store have processes of their own.
"""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from redis.asyncio import Redis

from tests.chaos.fleet import Fleet
from tests.chaos.usage import of_process

HOOK = Path(__file__).parent / "hook"

LOOKS = 0.2
"""Seconds between two looks at its memory."""

WRITES = 30.0
"""Seconds in which it says what was watched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """At each look, seconds by which the loop was `late`, and by which it was `held` by what it computed:
    others on the machine make it late, too. `stacks`: how often it was seen in each."""

    late: list[float]
    held: list[float]
    stacks: Mapping[str, int]


@dataclass(slots=True, kw_only=True)
class Used:
    """Processor seconds, megabytes at most, and requests that the store read."""

    cpu: float = 0.0
    memory: float = 0.0
    trips: int = 0
    watched: Watched = field(default_factory=lambda: Watched(late=[], held=[], stacks={}))


class Program:
    """One that runs. `redis` is its store."""

    def __init__(self, pid: int, redis: Redis, watched: Path) -> None:
        self._pid = pid
        self._redis = redis
        self._watched = watched

    @property
    def memory(self) -> float:
        """Megabytes that it has."""
        return of_process(self._pid)[0]

    @property
    def cpu(self) -> float:
        """Seconds that its threads have computed (`/proc/PID/task/*/schedstat`, in billionths)."""
        nanoseconds = 0
        for task in Path(f"/proc/{self._pid}/task").iterdir():
            with suppress(OSError):  # a thread may have ended
                nanoseconds += int((task / "schedstat").read_text().split()[0])
        return nanoseconds / 1e9

    async def trips(self) -> int:
        """Requests that the store has read: a pipeline is one."""
        return int((await self._redis.info("stats"))["total_reads_processed"])

    @asynccontextmanager
    async def using(self) -> AsyncIterator[Used]:
        """What is used while the block runs: it stands there when that has ended."""
        used = Used()
        looking = asyncio.create_task(self._most_memory(used))
        self._watched.unlink(missing_ok=True)
        os.kill(self._pid, signal.SIGUSR1)
        cpu, trips = self.cpu, await self.trips()
        try:
            yield used
        finally:
            looking.cancel()
        used.cpu, used.trips = self.cpu - cpu, await self.trips() - trips - 1
        used.memory = max(used.memory, self.memory)
        os.kill(self._pid, signal.SIGUSR2)
        async with asyncio.timeout(WRITES):
            while not self._watched.exists():
                await asyncio.sleep(LOOKS)
        used.watched = Watched(**json.loads(self._watched.read_text()))

    async def _most_memory(self, used: Used) -> None:
        while True:
            used.memory = max(used.memory, self.memory)
            await asyncio.sleep(LOOKS)


@asynccontextmanager
async def program(folder: Path, variables: Mapping[str, str]) -> AsyncIterator[Program]:
    """Start it, on the store that the variables name, and wait until it says that it is ready."""
    watched = folder / "watched.json"
    environment = {**variables, "PYTHONPATH": str(HOOK), "BENCH_WATCHED": str(watched)}
    async with Fleet(folder, environment, 1) as fleet, Redis.from_url(variables["REDIS_URL"]) as redis:
        await fleet.start_all()
        if fleet.given_up:
            raise RuntimeError(f"the bot does not start: {fleet.given_up[0]}")
        yield Program(fleet.pid(0), redis, watched)
