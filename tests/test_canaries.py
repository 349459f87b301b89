"""That what must not be seen is found where it is."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from tests.canaries import finds_around, finds_in_log, secrets_of, texts_of
from tests.scenarios.bot_process import PROGRAM

ENVIRONMENT = {
    "DISCORD_TOKEN": "a-token-of-discord",
    "WEB_USERS": "ada:correct-horse,bob:$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
    "HTTPS_PROXY": "http://user:s3cret-word@proxy.example:3128",
    "LOG_LEVEL": "DEBUG",
}
SECRETS = {"a-token-of-discord", "correct-horse", "p=1$c2FsdHNhbHQ$aGFzaGhhc2g", "s3cret-word"}


def test_every_secret_of_a_program_is_looked_for() -> None:
    assert secrets_of(ENVIRONMENT) >= SECRETS
    assert "DEBUG" not in secrets_of(ENVIRONMENT)


def test_what_stands_in_a_log_is_found(tmp_path: Path) -> None:
    log = tmp_path / "bot.log"
    log.write_text("INFO answered: Why is the sky blue?\n")
    assert finds_in_log(log, texts_of(["Hm.", "Why is the sky blue?\nSay it."])) == ["Why is the sky blue?"]
    assert finds_in_log(tmp_path / "none", ["x"]) == []


async def test_what_a_child_was_given_is_found_and_so_is_what_its_child_was_given() -> None:
    wait = "import sys; print('up', flush=True); sys.stdin.read()"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {wait!r}, 's3cret-word'])"
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", nested, env=ENVIRONMENT, stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    await child.stdout.readline()

    found = finds_around(os.getpid(), SECRETS)
    child.stdin.close()
    await child.wait()
    assert set(found) == SECRETS


BROKEN = """
import os
from dataclasses import replace
from tests.platform_elsewhere import PLATFORM as whole
PLATFORM = replace(whole, commands="broken_elsewhere:register")
def register(*_):
    secret = os.environ["SECRET"]
    raise ValueError(f"somebody said {secret}")
"""


def test_what_ends_the_program_is_told_without_its_words_and_values(tmp_path: Path) -> None:
    (tmp_path / "broken_elsewhere.py").write_text(BROKEN)
    ended = subprocess.run(
        [PROGRAM, "--help"],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": f"{tmp_path}:{Path(__file__).parent.parent}",
            "BOT_PLATFORMS": "broken_elsewhere",
            "SECRET": "s3cret-word",
        },
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "ValueError" in ended.stderr
    assert "in register" in ended.stderr
    assert "s3cret-word" not in ended.stderr + ended.stdout
