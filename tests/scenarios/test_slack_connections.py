"""More processes of the installed program than Slack allows an app connections of Socket Mode."""

import asyncio
import re
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.chaos.store import local_store
from tests.scenarios.bot_process import kill
from tests.scenarios.slack_place import Place, local_place, said
from tests.servers.slack.limits import LIMITS
from tests.servers.slack.transports import MOST_SOCKETS

place = pytest.fixture(local_place)

WAIT = 60.0
"""Seconds for a dozen programs on two cores."""

QUESTIONS = 15
"""That are asked at a time: some on each connection."""

ABOUT = re.compile(r"about (\w+)")


def echo(asked: str) -> str:
    """What the model says: the last word that was asked about."""
    return f"On {ABOUT.findall(asked)[-1]}."


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT):
        while not condition():
            await asyncio.sleep(0.1)


def waiting(folders: list[Path]) -> int:
    """How many processes have found no connection."""
    return sum("waiting for one" in (folder / "bot.log").read_text() for folder in folders)


async def ask(place: Place, what: str) -> None:
    """Ask much at once, and wait until there are as many answers; each is there once."""
    asked = [await place.ask(f"Tell me about {what}{number}") for number in range(QUESTIONS)]

    def answers() -> list[list[str]]:
        return [list(map(said, place.slack.answers(each.channel, each.ts))) for each in asked]

    await until(lambda: all(each and each[0].endswith(".") for each in answers()))
    assert answers() == [[f"On {what}{number}."] for number in range(QUESTIONS)]


@pytest.mark.long
async def test_eleven_share_ten_connections_and_take_everything_once_though_some_die(
    place: Place, tmp_path: Path, long: bool
) -> None:
    if not long:
        pytest.skip("a minute, in make check")
    transports = place.slack.transports
    place.slack.limits.limits = dict.fromkeys(LIMITS, (10_000, 60.0))
    place.model.text = echo
    folders = [tmp_path / f"bot{number}" for number in range(MOST_SOCKETS + 1)]
    async with local_store(tmp_path) as store, AsyncExitStack() as stack:
        bots = []
        for folder in folders:
            folder.mkdir()
            program = Place(place.slack, place.model, folder).bot(REDIS_URL=store.url)
            bots.append(await stack.enter_async_context(program))
        await until(lambda: len(transports.sockets) == MOST_SOCKETS and waiting(folders) > 0)
        await ask(place, "birds")
        for bot in bots[:3]:
            await kill(bot)
        await ask(place, "cats")
        await until(lambda: len(transports.sockets) == MOST_SOCKETS)
        await ask(place, "dogs")
    assert (transports.most_connected, transports.refused) == (MOST_SOCKETS, 0)
    assert len(place.model.requests) == 3 * QUESTIONS
