"""What a stopping process had begun to send does not go out any more once the answer is somebody else's."""

import asyncio

import pytest

from bot.conversation.views import Page
from tests.fakes.bot import Bot
from tests.fakes.messages import message
from tests.fakes.model import Speaker
from tests.fakes.platform import Screen

pytestmark = pytest.mark.looptime


class Library(Screen):
    """A call that was begun goes on when its caller is cancelled."""

    async def _show(self, message: str, page: Page) -> None:
        await asyncio.shield(asyncio.ensure_future(super()._show(message, page)))


async def test_what_a_library_held_back_does_not_go_out_after_the_answer_was_handed_over() -> None:
    words = tuple(f" w{number}" for number in range(40))
    bot = Bot(Speaker(words, every=0.5), screen=Library(), drain_seconds=1)
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(3)
        bot.screen.waits_within = 4.0
        await asyncio.sleep(1.5)
    [shown] = bot.screen.texts()
    await asyncio.sleep(30)
    assert bot.screen.texts() == [shown]
    assert bot.store.box(message().channel).turns == []
