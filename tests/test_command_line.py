"""What `mixtral-bot` says of itself to somebody who sees it for the first time."""

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.configuration import OWN
from adapters.event_loop import loop_factory
from adapters.main import command_line
from tests.scenarios.bot_process import PROGRAM


def said(*arguments: str | Path, folder: Path, **environment: str) -> str:
    """The output of a program that ends well, in a window of 80 letters."""
    return subprocess.run(
        arguments,
        cwd=folder,
        env={
            "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}",
            "HOME": str(folder),
            "COLUMNS": "80",
            **environment,
        },
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout


def test_the_help_has_a_line_for_each_command_in_groups(tmp_path: Path) -> None:
    text = said(PROGRAM, "--help", folder=tmp_path)
    assert "New here? Say mixtral-bot setup." in text
    groups = re.findall(r"╭─ (.+?) ─.*?\n(.*?)╰", text, re.DOTALL)
    commands = {
        name: [line.strip("│ ").split("  ")[0] for line in lines.splitlines()]
        for name, lines in groups
        if name != "Options"
    }
    assert commands == {
        "Talk": ["run", "chat"],
        "Set up": ["setup", "doctor", "discord-invite", "slack-manifest", "status"],
        "More": ["size", "export-feedback"],
    }


@pytest.mark.parametrize(
    "command", ["run", "chat", "setup", "doctor", "slack-manifest", "discord-invite", "size"]
)
def test_every_command_has_help(command: str) -> None:
    shown = CliRunner().invoke(command_line(OWN), [command, "--help"], prog_name="mixtral-bot")
    assert shown.exit_code == 0
    assert f"Usage: mixtral-bot {command}" in shown.output


def test_it_says_which_version_it_is(tmp_path: Path) -> None:
    assert said(PROGRAM, "--version", folder=tmp_path) == f"mixtral-bot {version('mixtral-bot')}\n"


def test_it_says_what_memory_a_mixtral_needs(tmp_path: Path) -> None:
    assert "46.7 billion parameters" in said(PROGRAM, "size", folder=tmp_path)


def test_a_shell_completes_commands_and_options(tmp_path: Path) -> None:
    script = """
    eval "$(mixtral-bot --show-completion)"
    for words in "mixtral-bot se" "mixtral-bot setup --discord-"; do
        COMP_WORDS=($words) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _mixtral_bot_completion mixtral-bot
        echo "${COMPREPLY[@]}"
    done
    """
    assert said("bash", "-c", script, folder=tmp_path).splitlines() == ["setup", "--discord-token"]


def test_completion_is_installed_for_the_shell_that_asks(tmp_path: Path) -> None:
    said("bash", "-c", "mixtral-bot --install-completion; true", folder=tmp_path)
    [source] = re.findall(r"source '?(\S+?)'?$", (tmp_path / ".bashrc").read_text(), re.MULTILINE)
    assert "_mixtral_bot_completion" in Path(source).read_text()


def test_the_bot_runs_on_uvloop_where_that_is_installed() -> None:
    make = loop_factory()
    assert make is not None
    loop = make()
    loop.close()
    assert type(loop).__module__ == "uvloop"


def test_without_uvloop_the_bot_runs_on_the_loop_of_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert loop_factory() is None
