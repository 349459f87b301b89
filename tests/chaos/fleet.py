"""The bots: processes of the installed program, each with a folder and a port of its own."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp

from tests.scenarios.bot_process import PROGRAM
from tests.servers.ports import free_port

READY = 60.0
"""Seconds in which a bot that was started has to be ready."""

DRAINED = 40.0
"""Seconds in which a bot that was told to stop has to end."""


class Fleet:
    """`program` starts a bot. `deaths`: when (the loop's clock) one was killed; `ended`: what those said last
    that ended by themselves, `given_up`: the same of those that never were ready."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        size: int,
        *,
        program: Sequence[str] = (str(PROGRAM),),
    ) -> None:
        self._program = program
        self._folder = folder
        self._environment = environment
        self._bots: list[Process | None] = [None] * size
        self._ports = [0] * size
        self.deaths: list[float] = []
        self.ended: list[str] = []
        self.given_up: list[str] = []

    @property
    def size(self) -> int:
        return len(self._bots)

    def pid(self, number: int) -> int:
        """The number of a bot's process."""
        process = self._bots[number]
        assert process is not None
        return process.pid

    def address(self, number: int) -> str:
        """Where one that was started says how it is, the same after each start."""
        return f"127.0.0.1:{self._ports[number]}"

    async def start(self, number: int) -> None:
        """Start one, and wait until it says that it has all that it needs, or `READY` is over."""
        folder = self._folder / f"bot{number}"
        folder.mkdir(exist_ok=True)
        self._ports[number] = self._ports[number] or free_port()
        own = {"PATH": os.environ["PATH"], "HOME": str(folder), "HTTP_PORT": str(self._ports[number])}
        with (folder / "bot.log").open("ab") as log:
            self._bots[number] = await asyncio.create_subprocess_exec(
                *self._program,
                cwd=folder,
                env={**self._environment, **own},
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
            )
        with suppress(TimeoutError):
            async with asyncio.timeout(READY):
                while self._running(number) and not await self._ready(number):
                    await asyncio.sleep(0.1)
        if not self._running(number):
            self.given_up.append(self._last_words(number))
            self._bots[number] = None

    async def start_all(self) -> None:
        await asyncio.gather(*map(self.start, range(self.size)))

    async def revive(self) -> None:
        """Start those again that ended by themselves, as a service manager does."""
        for number, process in enumerate(self._bots):
            if process is not None and process.returncode is not None:
                self.ended.append(self._last_words(number))
            if not self._running(number):
                await self.start(number)

    def _last_words(self, number: int) -> str:
        log = (self._folder / f"bot{number}" / "bot.log").read_text(errors="replace")
        return "".join(log.splitlines()[-1:])

    async def kill(self, number: int, *, with_children: bool = False) -> None:
        """`kill -9`, and of what it started, too."""
        process = self._bots[number]
        if process is not None and process.returncode is None:
            self.deaths.append(asyncio.get_running_loop().time())
            children = _children(process.pid) if with_children else ()
            for each in (process.pid, *children):
                os.kill(each, signal.SIGKILL)
            await process.wait()

    async def freeze(self, number: int, seconds: float) -> None:
        """Let one stand still for so long."""
        process = self._bots[number]
        if process is not None and process.returncode is None:
            process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(seconds)
            process.send_signal(signal.SIGCONT)

    async def drain(self, number: int) -> None:
        """SIGTERM, and wait for its end; whoever does not come to it is killed."""
        process = self._bots[number]
        if process is not None and process.returncode is None:
            process.terminate()
            try:
                async with asyncio.timeout(DRAINED):
                    code = await process.wait()
            except TimeoutError:
                self.ended.append(f"bot {number} did not end within {DRAINED:.0f} s of SIGTERM")
                await self.kill(number)
            else:
                if code:
                    self.ended.append(f"bot {number} ended with {code} after SIGTERM")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill what still runs."""
        for number in range(self.size):
            await self.kill(number, with_children=True)

    def _running(self, number: int) -> bool:
        process = self._bots[number]
        return process is not None and process.returncode is None

    async def _ready(self, number: int) -> bool:
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session,
                session.get(f"http://127.0.0.1:{self._ports[number]}/readyz") as response,
            ):
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False


def _children(pid: int) -> Sequence[int]:
    """The processes that it started, as Linux tells them."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
