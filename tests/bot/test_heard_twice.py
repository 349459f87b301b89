"""What two processes hear at the same moment, as while Discord's shards change: one event to the store."""

import asyncio

import pytest

from bot.conversation.events import Deleted, Edited, Event
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import ADA, CHANNEL, command, message
from tests.fakes.model import Speaker
from tests.fakes.platform import Screen
from tests.fakes.store import InMemoryStore

pytestmark = pytest.mark.looptime

WORDS = [f"w{number} " for number in range(10)]
WHOLE = "".join(WORDS).strip()


class Two:
    """Two processes of a bot, on one store and one platform."""

    def __init__(self) -> None:
        self.model, self.store, self.screen = Speaker(WORDS, every=1), InMemoryStore(), Screen()
        self.bots = [Bot(self.model, store=self.store, screen=self.screen) for _ in range(2)]

    async def hear(self, *events: Event, apart: float = 0.0) -> None:
        """Both hear each event, one of them so many seconds later."""

        async def one(bot: Bot, event: Event, after: float) -> None:
            await asyncio.sleep(after)
            await bot.receive(event)

        async with self.bots[0].running(), self.bots[1].running():
            for event in events:
                hearing = [one(bot, event, number * apart) for number, bot in enumerate(self.bots)]
                await asyncio.gather(*hearing)
            await asyncio.sleep(LONG)


@pytest.mark.parametrize("apart", [0.0, 2.0, 60.0], ids=["at once", "in mid-answer", "after it"])
async def test_a_question_is_answered_once(apart: float) -> None:
    two = Two()
    await two.hear(message(), apart=apart)
    assert two.screen.texts() == [WHOLE]
    assert len(two.model.prompts) == 1


@pytest.mark.parametrize("apart", [0.0, 2.0, 60.0], ids=["at once", "in mid-answer", "after it"])
async def test_an_edit_is_answered_anew_once(apart: float) -> None:
    two = Two()
    await two.hear(message())
    await two.hear(Edited(message=message("And Mars?"), edited_at=2.0), apart=apart)
    assert [prompt.messages[-1].content for prompt in two.model.prompts[1:]] == ["Ada: And Mars?"]


async def test_an_edit_in_mid_answer_is_begun_anew_once() -> None:
    two = Two()
    edit = Edited(message=message("And Mars?"), edited_at=2.0)
    async with two.bots[0].running(), two.bots[1].running():
        await two.bots[0].receive(message())
        await asyncio.sleep(3)
        for bot in two.bots:
            await bot.receive(edit)
            await asyncio.sleep(2)
        await asyncio.sleep(LONG)
    assert two.screen.texts() == [WHOLE]
    assert len(two.model.prompts) == 2


async def test_a_verb_is_done_once() -> None:
    two = Two()
    await two.hear(message())
    await two.hear(command("regenerate", id="2", author=ADA), apart=0.5)
    assert len(two.model.prompts) == 2
    assert len(two.screen.texts()) == 1


async def test_a_button_is_answered_by_one_of_them() -> None:
    two = Two()
    await two.hear(command("temperature", "0.3", reply=("token",)))
    assert len(two.screen.told) == 1


async def test_what_is_deleted_is_gone() -> None:
    two = Two()
    await two.hear(message(), apart=1.0)
    await two.hear(Deleted(channel=CHANNEL, id="1"))
    assert two.screen.texts() == []
