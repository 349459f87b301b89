"""When more may come to a process. On virtual time."""

import asyncio

import pytest

from tests.fakes.bot import Bot
from tests.fakes.messages import message
from tests.fakes.model import Speaker

pytestmark = pytest.mark.looptime


def is_ready(bot: Bot) -> bool:
    return all(each for each in bot.service.readiness().values() if isinstance(each, bool))


async def test_it_waits_for_each_platform_once_and_a_later_outage_is_told_alone() -> None:
    there = {"now": False}
    bot = Bot(Speaker(["Yes."]), connected=lambda: there["now"])
    async with bot.running():
        await asyncio.sleep(2)
        assert not is_ready(bot)
        there["now"] = True
        assert is_ready(bot)
        there["now"] = False
        assert is_ready(bot)
        assert bot.service.readiness()["platforms"] == {"screen": False}


async def test_a_connection_counts_that_nobody_has_asked_about() -> None:
    there = {"now": True}
    bot = Bot(Speaker(["Yes."]), connected=lambda: there["now"])
    async with bot.running():
        await asyncio.sleep(2)
        there["now"] = False
        assert is_ready(bot)


async def test_whoever_ends_takes_nothing_more() -> None:
    bot = Bot(Speaker(["word "] * 100))
    stop = asyncio.Event()
    running = asyncio.create_task(bot.service.run(stop))
    await bot.receive(message())
    await asyncio.sleep(1)
    assert is_ready(bot)
    stop.set()
    await asyncio.sleep(1)
    assert not running.done()
    assert bot.service.readiness()["open"] is False
    await running


async def test_the_store_has_what_each_process_says_until_it_ends() -> None:
    bot = Bot(Speaker(["word "] * 100))
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(3)
        [sign] = await bot.store.fleet.read()
        assert sign.ago <= 1
        assert (sign.state.name, sign.state.version) == ("host:1", "1.0")
        assert sign.state.running == {"screen": 1}
        [answer] = sign.state.answers
        assert (answer.platform, answer.private, len(answer.turn)) == ("screen", False, 8)
        assert 1 <= answer.seconds <= 3
        assert answer.rate > 0
    assert await bot.store.fleet.read() == []
