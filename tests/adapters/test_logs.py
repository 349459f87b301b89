"""How the log looks, in a process of its own, as logging is the whole process's."""

import json
import subprocess
import sys

SAY = """
import logging, sys
from adapters.logs import configure_logging
configure_logging(sys.argv[1], sys.argv[2])
logging.getLogger("bot.answer").info("answered %s", "discord:1:2\\nin two lines")
logging.getLogger("discord.http").info("a payload")
logging.getLogger("discord.http").warning("a warning")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("bot").exception("broken")
"""


def logged(level: str, style: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", SAY, level, style], capture_output=True, text=True, check=True
    ).stderr


def test_a_line_of_json_is_one_line_and_has_the_trace() -> None:
    lines = [json.loads(line) for line in logged("DEBUG", "json").splitlines()]
    assert [line["message"] for line in lines] == [
        "answered discord:1:2\nin two lines",
        "a warning",
        "broken",
    ]
    assert lines[0]["level"] == "INFO"
    assert lines[0]["logger"] == "bot.answer"
    assert "trace" not in lines[0]
    assert "ZeroDivisionError" in lines[2]["trace"]


def test_libraries_are_quiet_at_every_level() -> None:
    text = logged("DEBUG", "text")
    assert "INFO bot.answer: answered discord:1:2" in text
    assert "a payload" not in text


def test_the_level_holds_for_libraries_too() -> None:
    text = logged("ERROR", "text")
    assert "broken" in text
    assert "a warning" not in text
    assert "answered" not in text
