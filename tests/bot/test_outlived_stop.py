"""A Stop that could not be taken away when its answer ended, and is pressed."""

import asyncio
from dataclasses import replace

import pytest

from bot.conversation import verbs
from bot.conversation.events import Invoked
from bot.conversation.requests import Request, Work
from tests.fakes.bot import Bot
from tests.fakes.messages import command, message
from tests.fakes.model import Speaker

pytestmark = pytest.mark.looptime

BELOW = ["Regenerate", "Copy", "👍 Good answer", "👎 Bad answer"]


def stop(target: str = "1") -> Invoked:
    return replace(command(verbs.STOP.word, target=target, id="stop"), reply=("click",))


async def below(bot: Bot, pressed: Invoked) -> list[str] | None:
    """The buttons that belong below the message on which it was pressed, where that is known."""
    notice = await bot.service.receive(pressed)
    assert notice is not None
    assert notice.text == "There is nothing to stop here."
    return None if notice.below is None else [button.label for button in notice.below]


async def test_the_buttons_of_the_ended_answer_take_its_place() -> None:
    bot = Bot(Speaker(("The sky is blue.",)))
    await bot.hears(message())
    assert await below(bot, stop()) == BELOW


async def test_nothing_does_where_the_answer_is_not_kept_any_more() -> None:
    bot = Bot(Speaker(("The sky is blue.",)))
    await bot.hears(message(), command(verbs.RESET.word, verbs.EVERYTHING, id="reset"))
    assert await below(bot, stop()) == []


async def test_while_another_answer_is_written_it_is_that_of_an_older_one_all_the_same() -> None:
    bot = Bot(Speaker(("The sky is blue.",)))
    await bot.hears(message())
    bot.model.pieces = ["w "] * 1000
    async with bot.running():
        await bot.receive(message(id="2", at=2))
        await asyncio.sleep(3)
        assert await below(bot, stop()) == BELOW
        assert bot.model.speaking == 1


async def test_typed_it_is_about_no_message() -> None:
    bot = Bot(Speaker(("The sky is blue.",)))
    await bot.hears(message())
    assert await below(bot, stop("")) is None


async def test_an_answer_that_waits_to_be_written_again_keeps_its_own() -> None:
    bot = Bot(Speaker(("The sky is blue.",)))
    await bot.hears(message())
    await bot.store.requests.submit(Request(id="again", at=9.0, work=Work.AGAIN, message=message()))
    assert await below(bot, stop()) is None
