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
        "More": ["backup", "restore", "size", "export-feedback"],
    }


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "chat",
        "setup",
        "doctor",
        "slack-manifest",
        "discord-invite",
        "status",
        "size",
        "export-feedback",
    ],
)
def test_every_command_has_help_with_an_example_that_fits_a_small_window(command: str) -> None:
    shown = CliRunner().invoke(
        command_line(OWN), [command, "--help"], prog_name="mixtral-bot", env={"COLUMNS": "80"}
    )
    assert shown.exit_code == 0
    assert f"Usage: mixtral-bot {command}" in shown.output
    assert re.search(rf"Examples:\s+.*mixtral-bot {command}", shown.output)
    assert max(len(line) for line in shown.output.splitlines()) <= 80


HELPS = """
import sys
from contextlib import suppress
from adapters.configuration import OWN
from adapters.main import command_line

for command in ("", "run", "chat", "setup", "doctor", "slack-manifest", "discord-invite", "status", "size"):
    with suppress(SystemExit):
        command_line(OWN)([*command.split(), "--help"])
print("MODULES", *sorted({name.partition(".")[0] for name in sys.modules}))
print("BOT", *sorted(name for name in sys.modules if name.startswith("bot.")))
"""

HEAVY = {
    "aiohttp",
    "argon2",
    "discord",
    "fakeredis",
    "huggingface_hub",
    "orjson",
    "prometheus_client",
    "prompt_toolkit",
    "pypdf",
    "redis",
    "regex",
    "sentencepiece",
    "slack_bolt",
    "slack_sdk",
    "uvicorn",
    "uvloop",
    "yaml",
}
"""What a bot that runs needs, and help does not: each of them takes as long as all that help needs."""


def test_help_imports_nothing_that_only_a_bot_that_runs_needs(tmp_path: Path) -> None:
    shown = said(sys.executable, "-c", HELPS, folder=tmp_path)
    loaded = {line.split()[0]: line.split()[1:] for line in shown.splitlines() if line.split()}
    assert HEAVY & {*loaded["MODULES"]} == set()
    assert len(loaded["BOT"]) <= 12, loaded["BOT"]


def test_it_says_which_version_it_is(tmp_path: Path) -> None:
    assert said(PROGRAM, "--version", folder=tmp_path) == f"mixtral-bot {version('mixtral-bot')}\n"


def test_it_says_what_memory_a_mixtral_needs(tmp_path: Path) -> None:
    first, second, third = said(PROGRAM, "size", folder=tmp_path).split("\n", 5)[0:5:2]
    assert "46.7 billion parameters" in first
    assert second.startswith("At 16 bit with 1 reader of 32,768 tokens: 97.70 GB, which one GPU of 141 GB")
    assert third == "At 4 bit with 1 reader of 32,768 tokens: 27.65 GB, which one GPU of 32 GB holds."


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
