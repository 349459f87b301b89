"""Every control on both platforms, before and after a restart: one table, played by the installed program.

What is tried after a restart is pressed on an answer of the process before it, which was killed.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.bot_process import kill
from tests.scenarios.hands import Asked, DiscordHands, Hands, SlackHands
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer, counting
from tests.servers.slack import SlackServer

QUESTION, ENDLESS, LIMITED = "Why?", "Count forever.", "Count to thirty."
FINISHED, EARLIER = "Regenerate", "\u2039 Earlier"


async def stop_by_button(hands: Hands, asked: Asked) -> None:
    await hands.press(asked, "Stop")
    await stopped(hands, asked)


async def stop_by_reaction(hands: Hands, asked: Asked) -> None:
    await hands.react(asked, stop=True)
    await stopped(hands, asked)


async def stop_by_word(hands: Hands, asked: Asked) -> None:
    await hands.say(asked, "!stop")
    await stopped(hands, asked)


async def stopped(hands: Hands, asked: Asked) -> None:
    await hands.until(lambda: "*Stopped.*" in hands.shown(asked) and FINISHED in hands.shown(asked))


async def regenerate(hands: Hands, asked: Asked) -> None:
    before = hands.shown(asked).split("\n")[0]
    assert await hands.press(asked, "Regenerate") == "I'm writing another version."
    await hands.until(lambda: "2/2" in hands.shown(asked))
    assert hands.shown(asked).split("\n")[0] != before
    await hands.press(asked, EARLIER)
    await hands.until(lambda: "1/2" in hands.shown(asked))
    assert hands.shown(asked).split("\n")[0] == before


async def continue_at_the_limit(hands: Hands, asked: Asked) -> None:
    assert await hands.press(asked, "Continue") == "I'm continuing the answer."
    await hands.until(lambda: hands.shown(asked).split("\n")[0] == counting(30))


async def copy(hands: Hands, asked: Asked) -> None:
    text, before = hands.shown(asked).split("\n")[0], len(hands.files())
    told = await hands.press(asked, "Copy")
    assert text in told or text.encode() in hands.files()[before:]


async def rate_by_button(hands: Hands, asked: Asked) -> None:
    assert "It helps to know why" in await hands.press(asked, "👍 Good answer")


async def rate_by_reaction(hands: Hands, asked: Asked) -> None:
    await hands.react(asked, stop=False)


async def rate_by_word(hands: Hands, asked: Asked) -> None:
    await hands.say(asked, "!bad Too short.")


async def why(hands: Hands, asked: Asked) -> None:
    assert "from a prompt of" in await hands.why(asked)


async def ask_about(hands: Hands, asked: Asked) -> None:
    await hands.ask_about(asked, "Is that so?")
    await hands.until(lambda: sum(each.startswith("Answer ") for each in hands.public(asked)) == 2)


async def edit(hands: Hands, asked: Asked) -> None:
    before = hands.shown(asked)
    await hands.rewrite(asked, "Why not?")
    await hands.until(lambda: FINISHED in hands.shown(asked) != before)
    assert len(hands.public(asked)) == 1


async def delete(hands: Hands, asked: Asked) -> None:
    await hands.delete(asked)
    await hands.until(lambda: not hands.shown(asked))


async def change_in_the_form(hands: Hands, asked: Asked) -> None:
    await hands.fill_in(asked, "temperature", "0.3")
    await hands.until(
        lambda: "Ada changed temperature from 0.9 to 0.3 in this channel." in hands.public(asked)
    )
    await hands.command(asked, "temperature", "default")
    assert await hands.command(asked, "temperature") == "temperature is 0.9 here (default)."


async def choose_a_preset(hands: Hands, asked: Asked) -> None:
    await hands.command(asked, "preset", "precise")
    assert await hands.command(asked, "temperature") == "temperature is 0.2 here (preset precise, channel)."


async def keep_a_system_prompt(hands: Hands, asked: Asked) -> None:
    assert "`!prompt pirate`" in await hands.command(asked, "prompt", "save pirate You are a pirate.")
    await hands.command(asked, "prompt", "pirate")
    assert "You are a pirate." in await hands.command(asked, "system")


async def choose_a_model(hands: Hands, asked: Asked) -> None:
    await hands.command(asked, "model", "tiny")
    await hands.say(asked, "Who are you?")
    await hands.until(lambda: sum(each.startswith("Answer ") for each in hands.public(asked)) == 2)
    [who] = [request for request in hands.model.requests if "Who are you?" in str(request.body)]
    assert who.body["model"] == "local/tiny"


async def choose_a_language(hands: Hands, asked: Asked) -> None:
    await hands.command(asked, "language", "es")
    await hands.command(asked, "temperature", "0.5")
    await hands.until(
        lambda: "Ada cambió temperature de 0,9 a 0,5 en este canal." in hands.public(asked),
    )


async def start_afresh_and_go_back(hands: Hands, asked: Asked) -> None:
    async def told_with(question: str) -> str:
        await hands.say(asked, question)
        await hands.until(lambda: any(question in str(each.body) for each in hands.model.requests))
        return next(str(each.body) for each in hands.model.requests if question in str(each.body))

    await hands.say(asked, "!reset")
    await hands.until(lambda: any("Ada has drawn a line" in each for each in hands.public(asked)))
    assert QUESTION not in await told_with("What did I ask you?")
    await hands.say(asked, "!reset undo")
    await hands.until(lambda: any("The line is gone" in each for each in hands.public(asked)))
    assert QUESTION in await told_with("And what now?")
    await hands.until(lambda: sum(each.startswith("Answer ") for each in hands.public(asked)) == 3)


Control = Callable[[Hands, Asked], Coroutine[Any, Any, None]]
CONTROLS: tuple[tuple[str, Control], ...] = (
    (ENDLESS, stop_by_button),
    (ENDLESS, stop_by_reaction),
    (ENDLESS, stop_by_word),
    (QUESTION, regenerate),
    (LIMITED, continue_at_the_limit),
    (QUESTION, copy),
    (QUESTION, rate_by_button),
    (QUESTION, rate_by_reaction),
    (QUESTION, rate_by_word),
    (QUESTION, why),
    (QUESTION, ask_about),
    (QUESTION, edit),
    (QUESTION, delete),
    (QUESTION, change_in_the_form),
    (QUESTION, choose_a_preset),
    (QUESTION, keep_a_system_prompt),
    (QUESTION, choose_a_model),
    (QUESTION, choose_a_language),
    (QUESTION, start_afresh_and_go_back),
)
"""What is asked, and what is then done with its answer."""


@pytest.fixture(params=[DiscordHands, SlackHands])
async def hands(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Hands]:
    numbers = itertools.count(1)

    def text(asked: str) -> str:
        if ENDLESS in asked:
            return counting(4000)
        return counting(30) if LIMITED in asked else f"Answer {next(numbers)}."

    async with ModelServer(text, pace=50) as model, DiscordServer() as discord, SlackServer() as slack:
        model.cuts = True
        if request.param is DiscordHands:
            yield DiscordHands(discord, model, tmp_path)
        else:
            yield SlackHands(slack, model, tmp_path)


async def asked_and_answered(hands: Hands, text: str) -> Asked:
    """Asked; and but for an answer without end, answered to its end and kept."""
    asked = await hands.ask(text, most=20 if text == LIMITED else 0)
    if text != ENDLESS:
        await hands.until(lambda: FINISHED in hands.shown(asked))
        await hands.press(asked, "Copy")
    return asked


@pytest.mark.parametrize("restarted", [False, True])
async def test_every_control_works(hands: Hands, restarted: bool) -> None:
    async with hands.bot() as bot:
        await hands.online(1)
        asked = await asyncio.gather(*(asked_and_answered(hands, text) for text, _ in CONTROLS))
        if not restarted:
            await try_all(hands, asked)
        await kill(bot)
    if restarted:
        async with hands.bot():
            await hands.online(2)
            await try_all(hands, asked)


async def try_all(hands: Hands, asked: list[Asked]) -> None:
    async with asyncio.TaskGroup() as tasks:
        for (_, control), each in zip(CONTROLS, asked, strict=True):
            tasks.create_task(control(hands, each), name=control.__name__)
    await hands.command(asked[0], "export")
    await hands.until(lambda: any(b'"ratings"' in each for each in hands.files()))
    exported = json.loads(next(each for each in hands.files() if b'"ratings"' in each))
    given = [rating for each in exported["conversations"] for rating in each["ratings"]]
    assert sorted((rating["good"], rating["why"]) for rating in given) == [
        (False, ""),
        (False, "Too short."),
        (True, ""),
    ]
    more = len((ask_about, choose_a_model)) + 2 * len((start_afresh_and_go_back,))
    questions = len(CONTROLS) + more - len((delete,))
    assert f"Questions with their answers: {questions}." in await hands.forget(asked[0])
