"""The program as a process of its own: started, drained, killed.

What it imports takes longer than most tests do. So a server imports it once, and each bot is a fork of that:
a process like any other, with its own memory, signals and end.
"""

import asyncio
import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path

PR_SET_PDEATHSIG = 1

PROGRAM = Path(sys.executable).parent / "mixtral-bot"

SETTLED = 30.0
"""Seconds until what is waited for has failed: far longer than it ever takes here."""

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(
    [
        __name__,
        "adapters.main",
        "adapters.composition",
        "adapters.platforms.discord.assembly",
        "adapters.platforms.slack.assembly",
    ]
)


class BotProcess:
    """A process that was begun."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Its exit code; `None` while it runs, less than nothing after a signal."""
        return self._process.exitcode

    async def wait(self) -> int:
        """Its exit code, when it has ended."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)


@asynccontextmanager
async def bot_process(
    data_dir: Path, environment: Mapping[str, str], *arguments: str
) -> AsyncIterator[BotProcess]:
    """`mixtral-bot` with these variables and no others of ours; gone at the end, whatever happens."""
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": str(data_dir),
        "DATA_DIR": str(data_dir / "kept"),
        "HTTP_PORT": "0",
        "WEB_PORT": "0",
        "LOG_LEVEL": "DEBUG",
        **environment,
    }
    (data_dir / "bot.log").touch()
    forked = _forks.Process(target=_be_the_program, args=(arguments, variables, str(data_dir)))
    forked.start()
    process = BotProcess(forked)
    try:
        yield process
    finally:
        await kill(process)


def _be_the_program(arguments: Sequence[str], variables: Mapping[str, str], folder: str) -> None:
    from adapters.main import main  # in the fork

    if sys.platform == "linux":
        # Tests that are killed leave no bot behind, which would go on taking a place on the machine.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    log = os.open("bot.log", os.O_WRONLY | os.O_APPEND)
    for stream, target in ((os.open(os.devnull, os.O_RDONLY), 0), (log, 1), (log, 2)):
        os.dup2(stream, target)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.stdin, sys.argv = open(0), [str(PROGRAM), *arguments]  # noqa: SIM115  # for as long as it lives
    main()


async def kill(process: BotProcess) -> None:
    """`kill -9`, without a chance to say good-bye."""
    if process.returncode is None:
        process.send_signal(signal.SIGKILL)
        await process.wait()


async def drain(process: BotProcess) -> int:
    """SIGTERM, then its exit code."""
    process.send_signal(signal.SIGTERM)
    return await process.wait()
