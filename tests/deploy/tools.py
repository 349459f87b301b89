"""The tools, from an environment of their own or from the machine."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
KEPT = ROOT / ".venv-deploy/bin"


@dataclass(frozen=True, slots=True)
class Ended:
    """The exit code, the output, and what was said beside it."""

    code: int
    out: str
    err: str


def run(tool: str, *arguments: str | Path) -> Ended:
    """What comes of a tool. Skips the test where it can't be had."""
    places = [str(KEPT), str(Path(sys.executable).parent), os.environ["PATH"]]
    program = shutil.which(tool, path=os.pathsep.join(places))
    if program is None:
        pytest.skip(f"not run: there is no {tool} here")
    ended = subprocess.run(
        [program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def passes(tool: str, *arguments: str | Path) -> str:
    """Its output, where all is well."""
    ended = run(tool, *arguments)
    assert ended.code == 0, ended.out + ended.err
    return ended.out
