"""The preparation says in words what a machine lacks, and leaves nothing that passes for an environment."""

import asyncio
import subprocess
from pathlib import Path

from tests.terminal import CTRL_C, children, terminal

ROOT = Path(__file__).parent.parent


def make_run(folder: Path, python: str) -> list[str]:
    """The command `make run` for a place of its own, with a Python that does what this shell script does."""
    (folder / "Makefile").write_text((ROOT / "Makefile").read_text())
    for name in ("requirements.lock", "pyproject.toml"):
        (folder / name).touch()
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{python}\n")
    program.chmod(0o755)
    return ["make", "run", f"PYTHON={program}"]


def prepared(folder: Path, python: str) -> subprocess.CompletedProcess[str]:
    """What comes of it."""
    return subprocess.run(
        make_run(folder, python),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_python_that_is_too_old_is_named_with_what_to_do(tmp_path: Path) -> None:
    made = prepared(tmp_path, "exit 1")
    assert made.returncode
    assert "Python 3.11 or newer is needed: install it, then say: make PYTHON=python3.12" in made.stderr
    assert not (tmp_path / ".venv/made").exists()


def test_a_python_without_its_venv_module_is_told_how_to_get_it(tmp_path: Path) -> None:
    made = prepared(tmp_path, 'case "$2" in *ensurepip*) exit 1;; esac')
    assert made.returncode
    assert "apt install python3-venv" in made.stderr
    assert not (tmp_path / ".venv/made").exists()


def test_a_machine_without_a_network_is_told_so(tmp_path: Path) -> None:
    pip = (
        'mkdir -p .venv/bin && printf "#!/bin/sh\\nexit 1\\n" > .venv/bin/python && chmod +x .venv/bin/python'
    )
    made = prepared(tmp_path, f'case "$1" in -m) {pip};; esac')
    assert made.returncode
    assert "is there a network, or a proxy to set?" in made.stderr
    assert made.stderr.count("This is done once:") == 1
    steps = [line[:6] for line in made.stderr.splitlines() if " of 3: " in line]
    assert steps == ["1 of 3", "2 of 3"]
    assert not (tmp_path / ".venv/made").exists()


async def test_ctrl_c_while_it_prepares_leaves_no_child_and_no_environment(tmp_path: Path) -> None:
    command = make_run(tmp_path, 'case "$1" in -m) exec sleep 3600;; esac')
    async with terminal(*command, folder=tmp_path, environment={}) as window, asyncio.timeout(60):
        await window.see("Making an environment")
        while not any(line.startswith("sleep") for line in children(tmp_path)):
            await asyncio.sleep(0.01)
        window.press(CTRL_C)
        assert await window.ended()
        assert children(tmp_path) == []
    assert not (tmp_path / ".venv/made").exists()
