"""A platform at its own pace: what came too fast or failed is made again in its turn, on virtual time."""

import asyncio
from dataclasses import replace

import pytest

from bot.conversation.limits import Bucket, Per
from bot.conversation.views import Notice
from bot.display.paced import Paced
from bot.display.slots import Slots
from bot.errors import Gone, PlatformFailed, TooFast
from tests.fakes.budget import InMemoryBudget
from tests.fakes.messages import CHANNEL, message
from tests.fakes.platform import LIMITS, Screen

pytestmark = pytest.mark.looptime

ELSEWHERE = replace(CHANNEL, channel="elsewhere")


def paced(screen: Screen) -> Paced:
    return Paced(screen, Slots(screen.limits, InMemoryBudget()))


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_notices_keep_the_platforms_pace() -> None:
    screen = Screen()
    here = paced(screen)
    await asyncio.gather(*(here.tell(message(), Notice(text=str(number))) for number in range(12)))
    assert len(screen.told) == 12
    assert now() == pytest.approx(10)


async def test_a_notice_that_came_too_fast_is_said_later() -> None:
    screen = Screen()
    screen.faults = [TooFast(3.0)]
    await paced(screen).tell(message(), Notice(text="Hello"))
    assert [text for _, text in screen.told] == ["Hello"]
    assert now() == pytest.approx(3)


async def test_a_limit_of_one_channel_leaves_the_others_alone() -> None:
    screen = Screen()
    screen.faults = [TooFast(30.0)]
    here = paced(screen)
    limited = asyncio.create_task(here.tell(message(), Notice(text="late")))
    await asyncio.sleep(0.1)
    await here.tell(message(channel=ELSEWHERE), Notice(text="at once"))
    assert now() < 1
    await limited
    assert now() == pytest.approx(30)


async def test_a_limit_of_the_whole_bot_holds_everything() -> None:
    screen = Screen()
    screen.faults = [TooFast(30.0, scope="bot")]
    here = paced(screen)
    limited = asyncio.create_task(here.tell(message(), Notice(text="late")))
    await asyncio.sleep(0.1)
    await here.tell(message(channel=ELSEWHERE), Notice(text="late as well"))
    await limited
    assert now() == pytest.approx(30)


async def test_what_cannot_be_taken_away_is_left_and_the_rest_is_taken() -> None:
    screen = Screen()
    screen.messages = {"1-0": [(0.0, "a")], "1-1": [(0.0, "b")]}
    screen.faults = [Gone("403"), TooFast(1.0), PlatformFailed("500")]
    await paced(screen).take_back(CHANNEL, ["1-0", "1-1"])
    assert list(screen.messages) == ["1-0"]


async def test_calls_are_booked_for_the_whole_bot_too() -> None:
    limits = replace(LIMITS, total=Bucket(calls=1, seconds=2, per=Per.BOT))
    here = paced(Screen(limits=limits))
    await here.tell(message(), Notice(text="a"))
    await here.tell(message(channel=ELSEWHERE), Notice(text="b"))
    assert now() == pytest.approx(2)
