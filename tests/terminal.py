"""A program on a terminal of its own, as a person has it before them: what is shown, and what is typed."""

import asyncio
import fcntl
import os
import pty
import re
import signal
import struct
import termios
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Protocol

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\r")
CTRL_C, CTRL_D = "\x03", "\x04"

PATIENCE = 30.0
"""Seconds until what is waited for has failed: far longer than it ever takes here."""


class Process(Protocol):
    """What runs on a terminal."""

    @property
    def pid(self) -> int:
        """Its number."""

    async def wait(self) -> int:
        """Its exit code, when it has ended."""


class Terminal:
    """`process` runs on it; `shown` is everything so far, without what moves the cursor."""

    def __init__(self, process: Process, descriptor: int) -> None:
        self.process = process
        self._descriptor = descriptor
        self._seen = 0
        self._raw = b""
        self._changed = asyncio.Condition()
        self._telling: set[asyncio.Task[None]] = set()
        asyncio.get_running_loop().add_reader(descriptor, self._read)

    @property
    def shown(self) -> str:
        return CONTROL.sub("", self._raw.decode(errors="replace"))

    async def see(self, text: str) -> str:
        """Wait until this is shown after what was seen last; what was shown up to there."""
        try:
            async with asyncio.timeout(PATIENCE), self._changed:
                await self._changed.wait_for(lambda: text in self.shown[self._seen :])
        except TimeoutError:
            raise AssertionError(f"{text!r} is not in {self.shown[self._seen :]!r}") from None
        before, end = self._seen, self.shown.index(text, self._seen) + len(text)
        self._seen = end
        return self.shown[before:end]

    async def waits(self) -> None:
        """Wait until the program waits for a key: a Ctrl-C just before that is not noticed."""
        async with asyncio.timeout(PATIENCE):
            while Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2][0] != "S":
                await asyncio.sleep(0.01)

    def type(self, line: str) -> None:
        """Type a line, with Enter."""
        self.press(f"{line}\n")

    def press(self, keys: str) -> None:
        os.write(self._descriptor, keys.encode())

    async def ended(self) -> int:
        """Wait for the program's end; its exit code."""
        async with asyncio.timeout(PATIENCE):
            code = await self.process.wait()
        self._read()
        return code

    def echoes(self) -> bool:
        """Whether the terminal shows what is typed."""
        return bool(termios.tcgetattr(self._descriptor)[3] & termios.ECHO)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)

    def _read(self) -> None:
        try:
            while chunk := os.read(self._descriptor, 65536):
                self._raw += chunk
        except BlockingIOError:
            pass
        except OSError:  # the program has ended, and nobody else has the terminal open
            asyncio.get_running_loop().remove_reader(self._descriptor)
        task = asyncio.create_task(self._tell())
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


@asynccontextmanager
async def terminal(
    *command: str | Path, folder: Path, environment: Mapping[str, str]
) -> AsyncIterator[Terminal]:
    """The command on a terminal; gone at the end, with all that it started there."""
    ours, its = terminal_ends()
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=terminal_variables(folder, environment),
        stdin=its,
        stdout=its,
        stderr=its,
        start_new_session=True,
        preexec_fn=take_terminal,
    )
    async with window_over(process, ours, its) as window:
        yield window


def terminal_ends() -> tuple[int, int]:
    """Both ends of a terminal of 100 × 40 letters: a person's, and its program's."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    os.set_blocking(ours, False)
    return ours, its


def terminal_variables(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Those of a program there."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "xterm", **environment}


@asynccontextmanager
async def window_over(process: Process, ours: int, its: int) -> AsyncIterator[Terminal]:
    """The terminal of a process that has its end of it by now."""
    os.close(its)
    window = Terminal(process, ours)
    try:
        yield window
    finally:
        for kill in (os.killpg, os.kill):  # it may be too young to lead a group
            with suppress(ProcessLookupError):
                kill(process.pid, signal.SIGKILL)
        await process.wait()
        window.close()


def take_terminal() -> None:
    """The standard input becomes the terminal that Ctrl-C comes from."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def children(folder: Path) -> list[str]:
    """The programs that run in `folder` or below it, or have it in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with suppress(OSError):
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if str(folder) in line or (entry / "cwd").readlink().is_relative_to(folder):
                    found.append(line)
    return found
