"""`mixtral-bot` as an operator says it: a command that comes to its end, or goes on at a terminal.

Most tests fork it (`tests/scenarios/bot_process.py`). `installed` starts it as it stands in the environment,
which takes as long as its imports do: a test or two of each command, so that this is known to go well.
"""

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from tests.scenarios.bot_process import PROGRAM, fork
from tests.terminal import Terminal, terminal_ends, terminal_variables, window_over

PATIENCE = 60.0
"""Seconds until a command that has not ended has failed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The exit code, the output, and what was said beside it."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Both."""
        return self.out + self.err


async def outcome(
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str],
    typed: str | None = None,
    installed: bool = False,
) -> Outcome:
    """What comes of a command in that folder. `typed`: what is piped into it; `None`: there is no input."""
    variables = {"PATH": os.environ["PATH"], "HOME": str(folder), **environment}
    async with asyncio.timeout(PATIENCE):
        run = _installed if installed else _forked
        return await run(arguments, folder, variables, None if typed is None else typed.encode())


async def _installed(
    arguments: tuple[str, ...], folder: Path, variables: Mapping[str, str], typed: bytes | None
) -> Outcome:
    process = await asyncio.create_subprocess_exec(
        PROGRAM,
        *arguments,
        cwd=folder,
        env=variables,
        stdin=DEVNULL if typed is None else PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await process.communicate(typed)
    assert process.returncode is not None
    return Outcome(process.returncode, out.decode(), err.decode())


async def _forked(
    arguments: tuple[str, ...], folder: Path, variables: Mapping[str, str], typed: bytes | None
) -> Outcome:
    with TemporaryFile() as out, TemporaryFile() as err, _input(typed) as given:
        streams = (given.fileno(), out.fileno(), err.fileno())
        async with fork(folder, variables, arguments, streams) as process:
            code = await process.wait()
        out.seek(0)
        err.seek(0)
        return Outcome(code, out.read().decode(), err.read().decode())


def _input(typed: bytes | None) -> IO[bytes]:
    """A pipe that holds this, or nothing at all."""
    if typed is None:
        return open(os.devnull, "rb")
    end, ours = os.pipe()
    with open(ours, "wb") as pipe:
        pipe.write(typed)
    return open(end, "rb")


@asynccontextmanager
async def at_terminal(
    *arguments: str, folder: Path, environment: Mapping[str, str]
) -> AsyncIterator[Terminal]:
    """The program on a terminal; gone at the end, with all that it started there."""
    ours, its = terminal_ends()
    variables = terminal_variables(folder, environment)
    async with (
        fork(folder, variables, arguments, (its, its, its), leads=True) as process,
        window_over(process, ours, its) as window,
    ):
        yield window
