"""Words and names that stand nowhere else, on both platforms, while much goes wrong: none of them is in the
log at its finest level, in what a health check says, or in what a crash leaves behind."""

import asyncio
import json
import os
import re
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from tests.canaries import finds_in_log
from tests.scenarios.bot_process import SETTLED, BotProcess
from tests.scenarios.test_both import BothPlaces
from tests.servers import discord as discords
from tests.servers import slack as slacks
from tests.servers.discord import DiscordServer
from tests.servers.model import Fault, ModelServer
from tests.servers.slack import SlackServer

QUESTION, ANSWER, FILE, NAME = (f"{word}canary" for word in ("asked", "answered", "attached", "zebedee"))
"""Parts of what is written; none is a word that the program says."""

SAID = "That was refused"
"""Words of a server's own, which quotes what it was sent behind them."""

COMES = 10.0
"""Seconds in which something comes of a question; where not, the next fault has its turn."""

CANARIES = (QUESTION, ANSWER, FILE, NAME, NAME.title())

MODEL = (
    Fault(status=500, body=json.dumps({"error": {"message": f"{SAID}: {QUESTION} by {NAME}"}})),
    Fault(status=422, body=json.dumps({"error": f"{SAID} {QUESTION}"})),
    Fault(status=401, body=f"{SAID} {QUESTION}"),
    Fault(status=200, body="", raw=(f"data: {SAID} {QUESTION}\n\n".encode(),)),
    Fault(error={"message": f"{SAID} {QUESTION}", "type": "overloaded"}),
    Fault(cut_after=3),
    Fault(reason=f"{SAID}: {QUESTION}"),
)
"""How a model server fails, and quotes what it was sent."""

DISCORD = (
    discords.Fault(
        method="POST", path="/channels/*/messages", status=400, code=50035, message=f"{SAID} {ANSWER}"
    ),
    discords.Fault(method="PATCH", path="/channels/*", status=403, code=50013, message=f"{SAID} {ANSWER}"),
    discords.Fault(method="PATCH", path="/channels/*", status=500, code=0, message=f"{SAID} {ANSWER}"),
    discords.Fault(method="POST", path="/channels/*/messages", status=0),
    discords.Fault(method="PATCH", path="/channels/*", status=429, retry_after=0.2),
    discords.Fault(method="PATCH", path="/channels/*", status=502, page=True),
)
SLACK = (
    slacks.Fault(method="chat.postMessage", error="internal_error"),
    slacks.Fault(method="chat.postMessage", error=f"{SAID}: {ANSWER}"),
    slacks.Fault(method="chat.update", error="invalid_blocks"),
    slacks.Fault(method="chat.update", status=500, html=f"<p>{SAID} {ANSWER}</p>"),
    slacks.Fault(method="chat.update", unanswered=True),
    slacks.Fault(method="users.info", error=f"{SAID}: {NAME}"),
)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[BothPlaces]:
    async with SlackServer() as slack, DiscordServer() as discord, ModelServer() as model:
        place = BothPlaces(slack, discord, model, tmp_path)
        place.ada, place.bob = slack.add_user(NAME.title()), discord.world.add_user(NAME.title())
        yield place


async def ask(place: BothPlaces, number: int) -> None:
    """On both, with a file; on each something comes of it, where the fault lets it."""
    slack, discord, text = place.slack, place.discord, f"{QUESTION} {number}"
    files = {f"{FILE}.txt": FILE.encode(), f"{FILE}.pdf": b"%PDF-1.7 " + FILE.encode()}
    asked = await slack.people.say(slack.general, place.ada, text, mention=True, files=files)
    question = await discord.say(discord.general, place.bob, f"{discord.bot.mention} {text}")
    with suppress(TimeoutError):
        await slack.until(lambda: slack.answers(slack.general, asked.ts), timeout=COMES)
    with suppress(TimeoutError):
        await discord.until(
            lambda: [each for each in discord.answers(discord.general) if each.reference == question.id],
            timeout=COMES,
        )


async def health(place: BothPlaces) -> str:
    """All that is said of it to whoever watches over it."""
    found = re.findall(r"listening on (http://\S+)", (place.folder / "bot.log").read_text())
    said = ""
    async with aiohttp.ClientSession() as client:
        for path in ("/healthz", "/readyz", f"/{QUESTION}", "/metrics", "/slack/events"):
            async with client.get(found[-1] + path) as response:
                said += f"{response.status} {response.headers} {await response.text()}\n"
    return said


def programs(process: int) -> Iterator[tuple[int, str]]:
    """What a process has started: numbers, and command lines as anybody on the machine reads them."""
    for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        yield int(child), Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")


async def crash(bot: BotProcess) -> None:
    """As a library's own fault ends it."""
    bot.send_signal(signal.SIGABRT)
    async with asyncio.timeout(SETTLED):
        assert await bot.wait() == -signal.SIGABRT


@pytest.mark.long
async def test_no_word_and_no_name_is_left_anywhere_whatever_goes_wrong(
    place: BothPlaces, long: bool
) -> None:
    if not long:
        pytest.skip("every fault in turn is played in `make check` alone")
    place.model.text = f"{ANSWER} one two three four five six seven eight"
    said = ""
    async with place.bot(BOT_USER_QUOTA="10000/hour", PYTHONFAULTHANDLER="1") as bot:
        await place.online()
        for number, fault in enumerate(MODEL):
            place.model.faults = [fault, fault]
            await ask(place, number)
        place.model.faults = []
        for number, (there, here) in enumerate(zip(DISCORD, SLACK, strict=True)):
            place.discord.edge.faults, place.slack.faults = [there], [here]
            await ask(place, 100 + number)
        place.discord.edge.faults, place.slack.faults = [], []
        async with place.discord.disconnected(forget=True):
            await place.slack.transports.disconnect("refresh_requested", warn=False)
        [store] = [pid for pid, line in programs(bot.pid) if "server" in line]
        os.kill(store, signal.SIGKILL)
        await ask(place, 200)
        await place.discord.until(
            lambda: ANSWER in place.discord.answers(place.discord.general)[-1].content, timeout=SETTLED
        )
        said = await health(place)
        await crash(bot)
    assert "200" in said
    assert [canary for canary in CANARIES if canary in said] == []
    assert finds_in_log(place.folder / "bot.log", CANARIES) == []
