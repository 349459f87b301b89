"""How the log looks, in a process of its own, as logging is the whole process's."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

SAY = """
import logging, sys
from adapters.logs import configure_logging
configure_logging(sys.argv[1], sys.argv[2], quiet=["discord"])
logging.getLogger("bot.answering.answer").info("answered %s", "discord:1:2\\nin two lines")
logging.getLogger("discord.http").info("a payload")
logging.getLogger("discord.http").warning("a warning")
try:
    try:
        int(sys.argv[3])
    except ValueError as error:
        raise ExceptionGroup(sys.argv[3], [KeyError(sys.argv[3])]) from error
except ExceptionGroup:
    logging.getLogger("bot").exception("broken")
"""

FORGET = """
import asyncio, gc, sys
from adapters.logs import configure_logging, unhandled
configure_logging("INFO", sys.argv[1])

async def fails():
    raise ValueError(sys.argv[2])

async def main():
    asyncio.get_running_loop().set_exception_handler(unhandled)
    task = asyncio.create_task(fails(), name="discord:1:2")
    asyncio.get_running_loop().call_soon(int, sys.argv[2])
    await asyncio.sleep(0)
    del task
    gc.collect()

asyncio.run(main())
"""

THROW = """
import sys, threading
from adapters.logs import configure_logging, report_threads
report_threads()
if sys.argv[1]:
    configure_logging("INFO", sys.argv[1])

class Thrown:
    def __del__(self):
        raise ValueError(sys.argv[2])

def fails():
    raise KeyError(sys.argv[2])

Thrown()
thread = threading.Thread(target=fails)
thread.start()
thread.join()
"""


def logged(level: str, style: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", SAY, level, style, "my secret"], capture_output=True, text=True, check=True
    ).stderr


TURN = """
import asyncio, logging, sys
from adapters.logs import configure_logging
from bot.conversation.events import ChannelRef
from bot.conversation.turn_ids import at_work_on, turn_id
configure_logging("INFO", sys.argv[1])
where, logger = ChannelRef(platform="discord", workspace="1", channel="2"), logging.getLogger("bot")

async def inside():
    logger.info("within")
    logging.getLogger("a.library").info("within, too")

async def main():
    with at_work_on(where, "3"):
        task = asyncio.create_task(inside())
    logger.info("outside")
    await task
    print(turn_id(where, "3"))

asyncio.run(main())
"""


@pytest.mark.parametrize("style", ["json", "text"])
def test_all_that_is_logged_of_a_turn_has_its_name_and_nothing_else_has(style: str) -> None:
    done = subprocess.run([sys.executable, "-c", TURN, style], capture_output=True, text=True, check=True)
    name, lines = done.stdout.strip(), done.stderr.splitlines()
    assert len(name) == 8
    assert ["outside" not in line and name in line for line in lines] == [False, True, True]
    if style == "json":
        assert [json.loads(line).get("turn") for line in lines] == [None, name, name]


def test_a_line_of_json_has_what_the_operators_guide_says_of_it() -> None:
    fields = set[str]().union(*(json.loads(line) for line in logged("INFO", "json").splitlines()))
    guide = Path("docs/operations.md").read_text().partition("## The log\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \|", guide, re.MULTILINE)
    assert {*fields, "turn"} == set(rows)


def test_a_line_of_json_is_one_line_and_has_the_trace() -> None:
    lines = [json.loads(line) for line in logged("DEBUG", "json").splitlines()]
    assert [line["message"] for line in lines] == [
        "answered discord:1:2\nin two lines",
        "a warning",
        "broken",
    ]
    assert lines[0]["level"] == "INFO"
    assert lines[0]["logger"] == "bot.answering.answer"
    assert "trace" not in lines[0]
    assert "my secret" not in lines[2]["trace"]
    assert [name for name in ("ValueError", "ExceptionGroup", "KeyError") if name in lines[2]["trace"]] == [
        "ValueError",
        "ExceptionGroup",
        "KeyError",
    ]


@pytest.mark.parametrize("style", ["text", "json"])
def test_what_nobody_caught_is_logged_without_its_words(style: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", FORGET, style, "my secret"], capture_output=True, text=True, check=True
    ).stderr
    assert "Task exception was never retrieved" in said
    assert "Exception in callback int" in said
    assert "ValueError" in said
    assert ", in fails" in said
    assert "secret" not in said


@pytest.mark.parametrize("style", ["", "text", "json"])
def test_what_ends_a_thread_and_what_is_thrown_away_in_vain_is_told_without_its_words(style: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", THROW, style, "my secret"], capture_output=True, text=True, check=True
    ).stderr
    assert all(place in said for place in ("ValueError", "in __del__", "KeyError", "in fails"))
    assert "secret" not in said


def test_an_errors_own_words_are_not_logged() -> None:
    text = logged("DEBUG", "text")
    assert "ExceptionGroup\n" in text
    assert "my secret" not in text


def test_libraries_are_quiet_at_every_level() -> None:
    text = logged("DEBUG", "text")
    assert "INFO bot.answering.answer: answered discord:1:2" in text
    assert "a payload" not in text


def test_the_level_holds_for_libraries_too() -> None:
    text = logged("ERROR", "text")
    assert "broken" in text
    assert "a warning" not in text
    assert "answered" not in text


LIBRARY = """
import logging, sys
from adapters.logs import configure_logging
configure_logging("INFO", sys.argv[1], quiet=["discord"])
try:
    int(sys.argv[2])
except ValueError:
    logging.getLogger("discord.client").exception("Attempting a reconnect in %.2fs", 1.5)
"""


@pytest.mark.parametrize("style", ["text", "json"])
def test_an_error_that_a_library_logs_is_one_line(style: str) -> None:
    command = [sys.executable, "-c", LIBRARY, style, "my secret"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    [line] = said.splitlines()
    assert "Attempting a reconnect in 1.50s: ValueError at <string>:6 in <module>" in line
    assert "my secret" not in line
