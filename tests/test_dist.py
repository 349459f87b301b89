"""What `make dist` builds installs in an environment of its own, and answers there."""

import os
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
UV = str(Path(sys.executable).parent / "uv")
COMMIT = "0123456789ab"
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def said(*command: str | Path, folder: Path, typed: str = "", **environment: str) -> str:
    """The output of a program that ends well."""
    ended = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def is_whole(program: Path, folder: Path) -> None:
    """It says what it is, and makes a dry run of a question from a pipe."""
    assert said(program, "--version", folder=folder) == f"mixtral-bot {VERSION} (commit {COMMIT})\n"
    answer = said(
        program, folder=folder, typed="Why is the sky blue?\n", PATH="/usr/bin:/bin", HOME=str(folder)
    )
    assert "[INST] Why is the sky blue? [/INST]" in answer


@pytest.mark.long
def test_wheel_and_sdist_install_and_run_where_nothing_else_is(long: bool, tmp_path: Path) -> None:
    if not long:
        pytest.skip("played in `make check` alone: it installs everything twice")
    index = {**os.environ, "COMMIT": COMMIT}  # who reaches the package index by a proxy goes on doing so
    said("make", "dist", f"DIST={tmp_path}/dist", folder=ROOT, **index)
    [wheel], [sdist] = (tmp_path / "dist").glob("*.whl"), (tmp_path / "dist").glob("*.tar.gz")
    with tarfile.open(sdist) as kept:
        top = {name.split("/")[1] for name in kept.getnames()}
    assert {"bot", "adapters", "README.md", "LICENSE", "CHANGELOG.md", "requirements.lock"} <= top
    assert not {"tests", ".venv", "docs"} & top

    tools = {**index, "UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}
    lock = str(ROOT / "requirements.lock")
    whole = f"{wheel}[web,documents,speed]"
    said(
        UV,
        "tool",
        "install",
        "--python",
        sys.executable,
        "--constraints",
        lock,
        whole,
        folder=tmp_path,
        **tools,
    )
    is_whole(tmp_path / "bin/mixtral-bot", tmp_path)

    venv = tmp_path / "venv"
    said(UV, "venv", venv, "--python", sys.executable, folder=tmp_path, **index)
    said(UV, "pip", "install", "--python", venv / "bin/python", sdist, folder=tmp_path, **index)
    is_whole(venv / "bin/mixtral-bot", tmp_path)
