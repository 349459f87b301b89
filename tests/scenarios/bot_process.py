"""The program as a process of its own: started, drained, killed.

What it imports takes longer than most tests do. So a server imports it once, and each program is a fork of
that: a process like any other, with its own memory, signals and end.
"""

import asyncio
import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from multiprocessing.context import ForkServerProcess
from multiprocessing.reduction import DupFd
from operator import methodcaller
from pathlib import Path

from tests.canaries import finds_around, finds_in_log, secrets_of
from tests.terminal import take_terminal

PR_SET_PDEATHSIG = 1

PROGRAM = Path(sys.executable).parent / "mixtral-bot"

SETTLED = 30.0
"""Seconds until what is waited for has failed: far longer than it ever takes here."""

_forks = multiprocessing.get_context("forkserver")

_IMPORTED = (
    __name__,
    "adapters.main",
    "adapters.composition",
    "adapters.operator.doctor.at_start",
    "adapters.operator.doctor.doctor",
    "adapters.operator.setup.model",
    "adapters.operator.setup.setup",
    "adapters.platforms.discord.assembly",
    "adapters.platforms.discord.doctor",
    "adapters.platforms.discord.setup",
    "adapters.platforms.slack.assembly",
    "adapters.platforms.slack.doctor",
    "adapters.platforms.slack.setup",
    "adapters.platforms.console.assembly",
    "adapters.platforms.console.prompt",
)


def import_once(*modules: str) -> None:
    """Have these imported by the server, too. It begins with the first program, and takes no more on then."""
    _forks.set_forkserver_preload([*_IMPORTED, *modules])


import_once()

Streams = tuple[int, int, int]
"""Descriptors of its input, its output, and what it says beside that."""


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
    """`mixtral-bot` with these variables and no others of ours; gone at the end, whatever happens. What it
    leaves behind is looked through for its secrets."""
    variables = {
        "PATH": os.environ["PATH"],
        "HOME": str(data_dir),
        "DATA_DIR": str(data_dir / "kept"),
        "HTTP_PORT": "0",
        "WEB_PORT": "0",
        "LOG_LEVEL": "DEBUG",
        **environment,
    }
    with _logged(data_dir / "bot.log") as streams:
        async with fork(data_dir, variables, arguments, streams) as process:
            yield process
            secrets = secrets_of(variables)
            assert finds_around(process.pid, secrets) == []
    assert finds_in_log(data_dir / "bot.log", secrets) == []


@contextmanager
def _logged(log: Path) -> Iterator[Streams]:
    """Without an input; all that is said is added to that file."""
    with open(os.devnull, "rb") as nothing, log.open("ab") as file:
        yield nothing.fileno(), file.fileno(), file.fileno()


@asynccontextmanager
async def fork(
    folder: Path,
    variables: Mapping[str, str],
    arguments: Sequence[str],
    streams: Streams,
    *,
    leads: bool = False,
) -> AsyncIterator[BotProcess]:
    """The program in that folder, with these variables alone. `leads`: it has a terminal to itself."""
    passed = tuple(_Passed(stream) for stream in streams)
    forked = _forks.Process(target=_be_the_program, args=(arguments, variables, str(folder), passed, leads))
    forked.start()
    process = BotProcess(forked)
    try:
        yield process
    finally:
        await kill(process)


class _Passed:
    """A descriptor; where it arrives, it is the number that it has there."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __reduce__(self) -> tuple[object, ...]:
        return methodcaller("detach"), (DupFd(self._descriptor),)


def _be_the_program(
    arguments: Sequence[str], variables: Mapping[str, str], folder: str, streams: Streams, leads: bool
) -> None:
    from adapters.main import main  # in the fork

    if sys.platform == "linux":
        # Tests that are killed leave no bot behind, which would go on taking a place on the machine.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    for target, stream in enumerate(streams):
        os.dup2(stream, target)
    for stream in streams:
        os.close(stream)
    if leads:
        os.setsid()
        take_terminal()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # As an interpreter opens them, for as long as it lives.
    sys.stdin = open(0, encoding="utf-8", errors="surrogateescape")  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", errors="surrogateescape")  # noqa: SIM115
    sys.stderr = open(2, "w", 1, encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
    sys.argv = [str(PROGRAM), *arguments]
    sys.orig_argv = [sys.executable, *sys.argv]
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
