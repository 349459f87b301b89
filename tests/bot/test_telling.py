"""What people are told beside answers, while a platform takes no words."""

import asyncio

import pytest

from bot.conversation.content import Quote
from bot.service.telling import Telling, addressee
from tests.fakes.messages import command, message


async def test_more_words_than_may_be_on_their_way_are_not_said_and_later_ones_are(
    caplog: pytest.LogCaptureFixture,
) -> None:
    telling, said, back = Telling(most=2), list[int](), asyncio.Event()

    async def say(number: int) -> None:
        await back.wait()
        said.append(number)

    for number in range(4):
        telling.start(say(number))
    back.set()
    await asyncio.gather(*telling.tasks)
    telling.start(say(4))
    await asyncio.gather(*telling.tasks)
    assert said == [0, 1, 4]
    assert len(caplog.records) == 1


def test_who_is_told_is_known_without_what_they_said() -> None:
    said = message("x" * 1000, id="1", quotes=(Quote(author="Bob", text="y"),))
    told = addressee(said)
    assert (told.id, told.channel, told.author) == (said.id, said.channel, said.author)
    assert "xxx" not in repr(told)
    assert addressee(command("help", id="1")) == command("help", id="1")
