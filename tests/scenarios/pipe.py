"""The installed program's terminal chat, on a pipe."""

import asyncio
import os
from pathlib import Path

from tests.scenarios.bot_process import PROGRAM


async def piped(lines: str, tmp_path: Path, **environment: str) -> str:
    """What `mixtral-bot chat` prints for these lines, its white space made even."""
    process = await asyncio.create_subprocess_exec(
        PROGRAM,
        "chat",
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "DATA_DIR": str(tmp_path / "kept"),
            **environment,
        },
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        output, _ = await process.communicate(lines.encode())
    assert process.returncode == 0
    return " ".join(output.decode().split())
