"""What an answer leaves in memory when it has ended: nothing that only the garbage collector could remove."""

import gc
from collections.abc import Iterator, Sequence

import pytest

from bot.answering.attempt import Attempt
from bot.answering.lease import Lease
from bot.display.reply import Reply
from tests.fakes.bot import Bot
from tests.fakes.messages import message
from tests.fakes.model import Speaker

pytestmark = pytest.mark.looptime


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Without the collector, which would hide what is left to it."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def answers() -> Sequence[object]:
    """What there is in memory of any."""
    return [each for each in gc.get_objects() if isinstance(each, Attempt | Lease | Reply)]


@pytest.mark.usefixtures("uncollected")
async def test_an_answer_is_given_up_when_it_has_ended() -> None:
    of_other_tests = answers()
    bot = Bot(Speaker(("The sky ", "is blue.")))
    assert await bot.hears(message("Why?")) == ["The sky is blue."]
    assert len(answers()) == len(of_other_tests)
