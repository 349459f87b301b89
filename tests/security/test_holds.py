"""How long the loop is held when somebody asks what is as long as the borders let in, and is answered so."""

import asyncio
import gc

import pytest

from adapters.graphemes import boundary
from adapters.models.tokenizer import MixtralTokenizer
from bot.answering.files import MAX_TEXT
from bot.conversation.content import Attachment, Quote
from bot.conversation.events import Said
from tests.fakes.bot import Bot
from tests.fakes.messages import message
from tests.fakes.model import Speaker
from tests.security.watchdog import WatchedLoop
from tests.security.work import ANSWER, HOSTILE, ON_THE_PAGE
from tests.test_linear import AT_MOST

FILES = 4


async def bot_that_is_asked(unit: str) -> tuple[Bot, Said]:
    """A question, four files and a quote beside it; the answer comes in one piece."""
    text = (unit * (ANSWER // len(unit) + 1))[:ANSWER]
    bot = Bot(Speaker([text]), context_tokens=32_768, tokenizer=MixtralTokenizer(), boundary=boundary)
    files = [
        Attachment(name=f"{number}.txt", url=f"u/{number}", size=3 * MAX_TEXT) for number in range(FILES)
    ]
    bot.screen.files |= {each.url: f"{each.name} {text * 3}".encode(errors="replace") for each in files}
    quotes = (Quote(author="Bob", text=text[:MAX_TEXT]),)
    return bot, message(f"Why? {text[:ON_THE_PAGE]}", attachments=tuple(files), quotes=quotes)


def longest_hold(unit: str) -> float:
    loop = WatchedLoop()
    asyncio.set_event_loop(loop)
    try:
        for each in ("word ", unit):  # once for all that is made at first use
            bot, question = loop.run_until_complete(bot_that_is_asked(each))
            gc.collect()
            gc.freeze()  # as the program does at its start
            loop.longest = 0.0
            loop.run_until_complete(bot.hears(question))
            loop.run_until_complete(bot.hears(message("And now?", id="2", at=2)))
            assert bot.model.prompts
        return loop.longest
    finally:
        asyncio.set_event_loop(None)
        loop.close()


@pytest.mark.long
@pytest.mark.parametrize("unit", HOSTILE, ids=ascii)
def test_the_core_holds_the_loop_for_no_longer_than_is_allowed(unit: str, long: bool) -> None:
    if not long:
        pytest.skip("times are taken in `make check` alone")
    assert min(longest_hold(unit) for _ in range(2)) < AT_MOST
