"""Lines of a file descriptor, whatever it is: a terminal, a pipe, a file, `/dev/null`."""

import asyncio
import os
import select
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

CHUNK = 65536
"""Bytes; a pipe holds as many on Linux."""

LOCAL_MODES = 3
"""Where `termios.tcgetattr` has the modes that echo is one of."""


class Keyboard:
    """Reads a line when it is asked for one, on a thread of its own, as files can't be waited for otherwise.

    The thread is a daemon that reads the descriptor itself: one that waits in `sys.stdin` holds its lock, and
    the interpreter dies of that lock at exit.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._rest = bytearray()
        self._ended = False
        self._wanted: threading.Semaphore = threading.Semaphore(0)
        self._deliver: Callable[[str | None], object] | None = None

    async def line(self) -> str | None:
        """The next line without its end, however long; `None` at the end of the input."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str | None] = loop.create_future()

        def arrived(line: str | None) -> None:
            if not answer.done():
                answer.set_result(line)

        def deliver(line: str | None) -> None:
            with suppress(RuntimeError):  # the loop is closed: the program ends
                loop.call_soon_threadsafe(arrived, line)

        started = self._deliver is not None
        self._deliver = deliver
        if not started:
            threading.Thread(target=self._read, name="keyboard", daemon=True).start()
        self._wanted.release()
        return await answer

    async def typed(self) -> str | None:
        """The next line that is typed at a terminal; who no longer waits for it leaves it to the next one."""
        loop = asyncio.get_running_loop()
        readable = asyncio.Event()
        loop.add_reader(self._descriptor, readable.set)
        try:
            await readable.wait()
        finally:
            loop.remove_reader(self._descriptor)
        return self._next()

    def waiting(self) -> bool:
        """Whether more was typed (or pasted) already than was asked for."""
        return bool(self._rest) or bool(select.select([self._descriptor], [], [], 0)[0])

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """A terminal does not show what is typed meanwhile; a line that was not finished then is dropped."""
        shown = termios.tcgetattr(self._descriptor)
        hidden = [*shown]
        hidden[LOCAL_MODES] = shown[LOCAL_MODES] & ~termios.ECHO
        termios.tcsetattr(self._descriptor, termios.TCSANOW, hidden)
        try:
            yield
        finally:
            with suppress(termios.error):  # the terminal was hung up
                termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, shown)

    def _read(self) -> None:
        while self._wanted.acquire():
            line = self._next()
            if self._deliver is not None:
                self._deliver(line)

    def _next(self) -> str | None:
        looked = 0
        while (end := self._rest.find(b"\n", looked)) < 0 and not self._ended:
            looked = len(self._rest)
            try:
                chunk = os.read(self._descriptor, CHUNK)
            except OSError:  # the terminal was hung up
                chunk = b""
            self._rest += chunk
            self._ended = not chunk
        if end < 0 and not self._rest:
            return None
        line = bytes(self._rest if end < 0 else self._rest[:end])
        del self._rest[: len(line) + 1]
        return line.decode(errors="replace").rstrip("\r")
