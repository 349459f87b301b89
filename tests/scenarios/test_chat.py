"""`mixtral-bot chat`: at a terminal, and on a pipe."""

import json
import re
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.program import at_terminal, outcome
from tests.scenarios.bot_process import PROGRAM
from tests.scenarios.pipe import piped
from tests.servers.model import Fault, ModelServer, counting
from tests.terminal import CTRL_C, CTRL_D, Terminal, children, terminal

PROMPT = "you >"


def chat(folder: Path, model: ModelServer) -> AbstractAsyncContextManager[Terminal]:
    return at_terminal("chat", folder=folder, environment={"MODEL_URL": model.url})


async def test_what_was_said_yesterday_is_shown_and_known_today(tmp_path: Path) -> None:
    async with ModelServer(lambda asked: "It is **blue**." if "sky" in asked else "Rayleigh.") as model:
        async with chat(tmp_path, model) as window:
            await window.see(PROMPT)
            window.type("What colour is the sky?")
            await window.see("It is blue.")
            await window.see(PROMPT)
            window.press(CTRL_D)
            assert await window.ended() == 0
        async with chat(tmp_path, model) as window:
            before = await window.see(PROMPT + " What colour is the sky?\n")
            assert before == PROMPT + " What colour is the sky?\n"
            await window.see("It is blue.")
            await window.see(PROMPT)
            window.type("Who found that out?")
            await window.see("It is blue.")
            await window.see(PROMPT)
            window.press(CTRL_D)
            assert await window.ended() == 0
        assert [one["content"] for one in model.requests[-1].body["messages"]] == [
            "What colour is the sky?",
            "It is **blue**.",
            "Who found that out?",
        ]
    assert children(tmp_path) == []


@pytest.mark.parametrize("keys", ["\n", "/stop\n", "stop\n", CTRL_C])
async def test_a_line_or_ctrl_c_ends_an_answer_that_grows(tmp_path: Path, keys: str) -> None:
    async with ModelServer(counting(10_000), pace=20) as model, chat(tmp_path, model) as window:
        await window.see(PROMPT)
        window.type("Count.")
        await window.see("w5")
        window.press(keys)
        await window.see("Stopped.")
        await window.see(PROMPT)
        assert model.requests[0].closed_at > 0
        model.text = "Never mind."
        window.type("What?")
        await window.see("Never mind.")
        await window.see(PROMPT)
        assert len(model.requests) == 2
        window.press(CTRL_C)
        assert await window.ended() == 0
        assert window.echoes()
    assert children(tmp_path) == []


async def test_a_question_that_ends_an_answer_is_answered_next(tmp_path: Path) -> None:
    async with ModelServer(counting(10_000), pace=20) as model, chat(tmp_path, model) as window:
        await window.see(PROMPT)
        window.type("Count.")
        await window.see("w5")
        model.text = "To five."
        window.type("How far did you get?")
        await window.see("Stopped.")
        await window.see("To five.")
        await window.see(PROMPT)
        assert model.requests[1].body["messages"][-1]["content"] == "How far did you get?"


async def test_ctrl_c_twice_ends_the_chat_and_leaves_nothing_running(tmp_path: Path) -> None:
    async with (
        ModelServer(counting(10_000), pace=20) as model,
        # As it is installed: here is the end of an interpreter of its own.
        terminal(PROGRAM, "chat", folder=tmp_path, environment={"MODEL_URL": model.url}) as window,
    ):
        await window.see(PROMPT)
        window.type("Count.")
        await window.see("w5")
        window.press(CTRL_C)
        await window.see("Stopped.")
        window.press(CTRL_C)
        assert await window.ended() == 0
        assert window.echoes()
        assert "Traceback" not in window.shown
    assert children(tmp_path) == []


ALT_ENTER, UP, TAB = "\x1b\r", "\x1b[A", "\t"


async def test_a_question_has_several_lines_and_comes_back_with_an_arrow(tmp_path: Path) -> None:
    async with ModelServer("Yes.") as model:
        async with chat(tmp_path, model) as window:
            await window.see(PROMPT)
            window.press(f"one{ALT_ENTER}two\n")
            await window.see("Yes.")
            await window.see(PROMPT)
            window.press(CTRL_D)
            assert await window.ended() == 0
        async with chat(tmp_path, model) as window:
            await window.see("Yes.")
            await window.see(PROMPT)
            await window.waits()
            window.press(UP)
            await window.see("two")
            window.press(" three\n")
            await window.see("Yes.")
    asked = [request.body["messages"][-1]["content"] for request in model.requests]
    assert asked == ["one\ntwo", "one\ntwo three"]


async def test_a_word_with_a_slash_is_completed(tmp_path: Path) -> None:
    async with ModelServer("Yes.") as model, chat(tmp_path, model) as window:
        await window.see(PROMPT)
        window.press(f"/tempe{TAB} 0.3\n")
        await window.see("from 0.9 to 0.3")


async def test_ctrl_c_empties_a_line_that_is_being_written(tmp_path: Path) -> None:
    async with ModelServer("Yes.") as model, chat(tmp_path, model) as window:
        await window.see(PROMPT)
        window.press(f"never mind{CTRL_C}Really?\n")
        await window.see("Yes.")
    assert model.requests[0].body["messages"][-1]["content"] == "Really?"


async def test_lines_that_were_pasted_together_are_questions_one_by_one(tmp_path: Path) -> None:
    async with ModelServer("Yes.", pace=5) as model, chat(tmp_path, model) as window:
        await window.see(PROMPT)
        window.press("one\ntwo\nthree\n")
        for _ in range(3):
            await window.see("Yes.")
            await window.see(PROMPT)
        assert "Stopped." not in window.shown
        asked = [request.body["messages"][-1]["content"] for request in model.requests]
        assert asked == ["one", "two", "three"]


async def test_another_version_comes_and_an_answer_that_was_cut_goes_on(tmp_path: Path) -> None:
    async with ModelServer("First.") as model, chat(tmp_path, model) as window:
        await window.see(PROMPT)
        window.type("Really?")
        await window.see("First.")
        await window.see(PROMPT)
        model.text = "Second."
        window.type("/regenerate")
        await window.see("Second.")
        await window.see(PROMPT)
        window.type("/continue")
        await window.see("This answer is complete")
        await window.see(PROMPT)
        window.type("/version 1")
        await window.see("First.")
        await window.see(PROMPT)


async def test_an_answer_can_be_copied_as_it_was_written(tmp_path: Path) -> None:
    async with ModelServer("It is **bold**.") as model, chat(tmp_path, model) as window:
        await window.see(PROMPT)
        window.type("Write.")
        await window.see("It is bold.")
        await window.see(PROMPT)
        window.type("/copy")
        await window.see("It is **bold**.\n")


async def test_an_export_is_written_beside_an_earlier_one_for_its_owner_alone(tmp_path: Path) -> None:
    async with ModelServer("Hello, Ada.") as model:
        shown = await piped("I am Ada.\n/export\n/export\n", tmp_path, MODEL_URL=model.url)
    for name in ("mixtral-export.json", "mixtral-export-2.json"):
        file = tmp_path / name
        assert re.search(rf"{file}( |$)", shown)
        assert file.stat().st_mode & 0o777 == 0o600
        [conversation] = json.loads(file.read_text())["conversations"]
        assert conversation["questions"][0]["answers"] == ["Hello, Ada."]


async def test_the_exit_code_says_whether_there_was_an_answer(tmp_path: Path) -> None:
    async with ModelServer("Yes.") as model:
        model.faults.extend([Fault(status=401)])
        for lines, code in (("One?\nTwo?\n", 1), ("Three?\n", 0), ("/help\n", 0), ("", 0)):
            ended = await outcome("chat", folder=tmp_path, environment={"MODEL_URL": model.url}, typed=lines)
            assert (lines, ended.code) == (lines, code), ended.said


async def test_a_pipe_answers_every_word_in_turn(tmp_path: Path) -> None:
    async with ModelServer("Yes.") as model:
        shown = await piped("Really?\n/regenerate\n/copy\n", tmp_path, installed=True, MODEL_URL=model.url)
    first, _, rest = shown.partition("*I keep what we write here")
    assert first == "Yes. "
    assert rest.endswith("deletes it.* Yes. Here is the answer as it was written, in Markdown. Yes.")
