"""Documents as `bot.ports.Documents`: what the reader's process says, or nothing."""

import asyncio
import logging
import sys
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)

READER = Path(__file__).with_name("reader.py")

SECONDS = 15.0
"""How long a document may take, the process's start among them. Our choice: people wait no longer."""

AT_ONCE = 2
"""Processes at the same time: each may take half a gigabyte."""

LONGEST = 4_000_000
"""Bytes of text that are taken from a process: more than any model's window."""


class ReaderProcesses:
    """`seconds`: how long one may take."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._places = asyncio.Semaphore(AT_ONCE)

    async def text(self, kind: str, content: bytes) -> str | None:
        """The text of a `pdf` or a `docx`; `None` where nobody can give it within the limits."""
        async with self._places:
            # Isolated, and without the bot's environment: what is read may try to do anything there.
            reader = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                str(READER),
                kind,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={},
            )
            try:
                async with asyncio.timeout(self._seconds):
                    text = await _output(reader, content)
                    code = await reader.wait()
            except TimeoutError:
                logger.info("a document (%s, %d bytes) was not read in time", kind, len(content))
                return None
            finally:
                if reader.returncode is None:
                    with suppress(ProcessLookupError):
                        reader.kill()
                    await reader.wait()
        if code:
            logger.info("a document (%s, %d bytes) was not read: code %d", kind, len(content), code)
            return None
        return text.decode("utf-8", "replace")


async def _output(reader: asyncio.subprocess.Process, content: bytes) -> bytes:
    """What it has written, once it has had all of the document."""
    assert reader.stdin is not None  # noqa: S101  # it is a pipe, as asked
    assert reader.stdout is not None  # noqa: S101  # it is a pipe
    with suppress(ConnectionError):  # it gave up before it had read all
        reader.stdin.write(content)
        await reader.stdin.drain()
    reader.stdin.close()
    text = bytearray()
    while len(text) < LONGEST and (piece := await reader.stdout.read(65536)):
        text += piece
    if len(text) >= LONGEST:
        reader.kill()
        raise TimeoutError
    return bytes(text)
