"""The installed program as a process of its own: started, drained, killed."""

import asyncio
import ctypes
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

PR_SET_PDEATHSIG = 1

PROGRAM = Path(sys.executable).parent / "mixtral-bot"


@asynccontextmanager
async def bot_process(
    data_dir: Path, environment: Mapping[str, str], *arguments: str
) -> AsyncIterator[Process]:
    """`mixtral-bot` with these variables and no others of ours; gone at the end, whatever happens."""
    log = (data_dir / "bot.log").open("ab")
    process = await asyncio.create_subprocess_exec(
        PROGRAM,
        *arguments,
        cwd=data_dir,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(data_dir),
            "DATA_DIR": str(data_dir / "kept"),
            "HTTP_PORT": "0",
            "WEB_PORT": "0",
            "LOG_LEVEL": "DEBUG",
            **environment,
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
    )
    try:
        yield process
    finally:
        log.close()
        await kill(process)


def _end_with_parent() -> None:
    """Tests that are killed leave no bot behind, which would go on taking a place on the machine."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


async def kill(process: Process) -> None:
    """`kill -9`, without a chance to say good-bye."""
    if process.returncode is None:
        process.kill()
    await process.wait()


async def drain(process: Process) -> int:
    """SIGTERM, then its exit code."""
    process.send_signal(signal.SIGTERM)
    return await process.wait()
