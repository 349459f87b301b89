"""`python -m tests.store_versions [FOLDER …]`: what stands on Redis, on each server that there is.

They are the `redis-server` of each FOLDER, the one on the PATH, and the Valkey in the package. One that is
not there is said to be missing; the end is 1 where a test fails.
"""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.stores.redis.program import Program, program

TESTS = ("tests/contracts", "tests/adapters/redis", "tests/scenarios")
"""Those that a server runs in, those of the store and of the whole bot."""


def main(folders: list[str]) -> int:
    """How many of them a test failed on."""
    failed = 0
    for folder in [*folders, *found("redis-server"), ""]:
        server = asyncio.run(first_in(folder))
        if server is None:
            print(f"== {folder or 'the package'}: no server there, NOT run", flush=True)
            continue
        print(f"== {server.version}, {folder or 'in the package'}", flush=True)
        failed += passed(server) != 0
    if not found("redis-server"):
        print("== redis-server: none on the PATH, NOT run")
    return min(failed, 1)


def found(name: str) -> list[str]:
    """The folder of the PATH that has `name`, if one has."""
    path = shutil.which(name)
    return [str(Path(path).parent)] if path else []


async def first_in(folder: str) -> Program | None:
    """The server that the bot would start with that PATH alone; "": the one in the package."""
    before = os.environ["PATH"]
    os.environ["PATH"] = folder
    try:
        return await program()
    finally:
        os.environ["PATH"] = before


def passed(server: Program) -> int:
    """Run the tests with that server first on the PATH; pytest's own code of exit."""
    with TemporaryDirectory() as folder:
        Path(folder, "redis-server").symlink_to(server.path)
        path = f"{folder}{os.pathsep}{os.environ['PATH']}"
        command = (sys.executable, "-m", "pytest", "--quiet", "--numprocesses", "4", "--no-header", *TESTS)
        return subprocess.run(command, env={**os.environ, "PATH": path}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
