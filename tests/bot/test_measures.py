"""What is counted of what happens in the bot. On virtual time."""

import asyncio
from typing import TypeVar

import pytest

from bot.answering.lease import LEASE
from bot.conversation.events import ChannelRef, Said
from bot.conversation.measures import (
    Adopted,
    AnswerWritten,
    BoughtTwice,
    CallEnded,
    Ended,
    EventCame,
    GivenUp,
    LineWasFull,
    Measure,
    ModelFailed,
    PlaceTaken,
    Rated,
    RateLimited,
    Shrunk,
    TextShown,
    TurnEnded,
)
from bot.conversation.requests import Interruption, Progress, question_request
from bot.conversation.views import Page
from bot.errors import (
    ContentRefused,
    Gone,
    MixtralBotError,
    ModelUnreachable,
    PlatformFailed,
    StreamBroke,
    TooFast,
)
from bot.ports import was_too_fast
from bot.service.sweeper import SWEEP
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import CHANNEL, command, message
from tests.fakes.model import Speaker
from tests.fakes.platform import Screen
from tests.fakes.store import InMemoryStore

pytestmark = pytest.mark.looptime

T = TypeVar("T", bound=Measure)

SLOW = [f"word{number} " for number in range(60)]


def of(kind: type[T], bot: Bot) -> list[T]:
    """The measures of one kind, in their order."""
    return [each for each in bot.measures if isinstance(each, kind)]


def ends(bot: Bot) -> list[Ended]:
    return [each.how for each in of(TurnEnded, bot)]


async def test_an_answer_counts_once_with_when_its_words_came_and_stood_there() -> None:
    bot = Bot(Speaker(["The ", "sky ", "is ", "blue."], every=1.0), screen=Screen(round_trip=0.25))
    await bot.hears(message())
    [turn] = of(TurnEnded, bot)
    assert (turn.platform, turn.how) == ("screen", Ended.FINISHED)
    assert turn.first_token == pytest.approx(1.0, abs=0.01)
    assert turn.first_text == pytest.approx(1.25, abs=0.01)
    assert 4.2 <= turn.seconds <= 5.5
    [written] = of(AnswerWritten, bot)
    assert (written.model, written.tokens) == ("mixtral", 4)
    assert written.seconds == pytest.approx(3.0, abs=0.01)
    assert of(EventCame, bot) == [EventCame(platform="screen", kind="said")]
    assert of(PlaceTaken, bot) == [PlaceTaken(seconds=0.0)]


async def test_text_is_as_old_as_the_oldest_word_that_nobody_had_seen() -> None:
    bot = Bot(Speaker(SLOW, every=0.1), screen=Screen(round_trip=0.5))
    await bot.hears(message())
    lags = [each.lag for each in of(TextShown, bot)]
    assert lags[0] == pytest.approx(0.5, abs=0.01)
    assert all(0.5 <= lag <= 2.5 for lag in lags)
    assert len(lags) < len(SLOW) / 4  # one a call, none for a piece


async def test_a_model_that_pauses_makes_no_text_old() -> None:
    class Pausing(Speaker):
        async def stream(self, *args, **named):  # type: ignore[no-untyped-def]  # as the speaker's
            async for event in super().stream(*args, **named):
                yield event
                await asyncio.sleep(20)

    bot = Bot(Pausing(["Well, ", "yes."]))
    await bot.hears(message())
    assert max(each.lag for each in of(TextShown, bot)) < 2


async def test_whoever_stops_or_deletes_is_told_apart() -> None:
    for how, ended in ((Interruption.STOP, Ended.STOPPED), (Interruption.WITHDRAW, Ended.WITHDRAWN)):
        bot = Bot(Speaker(SLOW))
        async with bot.running():
            await bot.receive(message())
            await asyncio.sleep(2)
            await bot.store.conversations.interrupt(CHANNEL, "1", how)
            await asyncio.sleep(LONG)
        assert ends(bot) == [ended]


@pytest.mark.parametrize(
    ("refusal", "ended"),
    [
        (ContentRefused("too long", blocked=False), Ended.REFUSED),
        (ContentRefused("blocked", blocked=True), Ended.REFUSED),
        (Gone("deleted"), Ended.WITHDRAWN),
        (PlatformFailed("500"), Ended.REFUSED),
    ],
)
async def test_what_a_platform_does_not_take_is_counted_by_its_kind(
    refusal: MixtralBotError, ended: Ended
) -> None:
    screen = Screen()
    screen.refuses = lambda page: refusal if page.body else None  # type: ignore[assignment,return-value]  # a PlatformError
    bot = Bot(Speaker(["Yes."]), screen=screen)
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(2 * LONG)
    assert ends(bot) == [ended]
    assert {each.how for each in of(CallEnded, bot)} >= {refusal.kind}


async def test_a_model_that_breaks_off_counts_with_its_server_and_the_kind_of_its_error() -> None:
    bot = Bot(Speaker(["Well, "], ends_with=StreamBroke("cut off")))
    await bot.hears(message())
    assert ends(bot) == [Ended.BROKEN_OFF]
    assert of(ModelFailed, bot)[0] == ModelFailed(model="mixtral", server="here", kind="stream_broke")


async def test_each_request_to_a_model_counts_that_is_made_in_vain() -> None:
    bot = Bot(Speaker([], ends_with=ModelUnreachable("no connection")))
    await bot.hears(message())
    assert [each.kind for each in of(ModelFailed, bot)] == ["unreachable"] * 4


async def test_calls_count_by_what_came_of_them_and_rate_limits_by_bucket_and_scope() -> None:
    screen = Screen()
    screen.faults = [TooFast(1.0), TooFast(1.0, scope="bot")]
    bot = Bot(Speaker(["Yes."]), screen=screen)
    await bot.hears(message())
    assert of(RateLimited, bot) == [
        RateLimited(platform="screen", bucket="post", scope=scope) for scope in ("bucket", "bot")
    ]
    assert [each.how for each in of(CallEnded, bot)][:3] == ["too_fast", "too_fast", "done"]


async def test_one_that_the_platforms_library_sends_again_by_itself_counts_too() -> None:
    class Patient(Screen):
        """Its first post comes too fast, and its library waits."""

        async def post(
            self, question: Said, page: Page, once: str, *, again: bool = False, after: str = ""
        ) -> str:
            was_too_fast("bot")
            return await super().post(question, page, once, again=again, after=after)

    bot = Bot(Speaker(["Yes."]), screen=Patient())
    await bot.hears(message())
    assert of(RateLimited, bot) == [RateLimited(platform="screen", bucket="post", scope="bot")]
    assert {each.how for each in of(CallEnded, bot)} == {"done"}


async def test_who_comes_to_a_full_line_and_who_waited_in_it_count() -> None:
    bot = Bot(Speaker(SLOW), places=1, most_waiting=1)
    async with bot.running():
        for name in ("a", "b", "c"):
            await bot.receive(
                message(id=name, channel=ChannelRef(platform="screen", workspace="w", channel=name))
            )
            await asyncio.sleep(0.1)
        assert bot.service.state().waiting == 1
        await asyncio.sleep(LONG)
    assert of(LineWasFull, bot) == [LineWasFull()]
    assert sorted(ends(bot)) == [Ended.FINISHED, Ended.FINISHED, Ended.REFUSED]
    assert max(each.seconds for each in of(PlaceTaken, bot)) > 5


async def test_what_a_dead_process_left_counts_as_adopted_and_as_bought_twice() -> None:
    store = InMemoryStore()
    await store.requests.submit(question_request(message()))
    claim = await store.requests.claim(CHANNEL)
    assert claim is not None
    await store.requests.beat(claim, Progress(text="The sky", replies=("1-0",)))
    bot = Bot(Speaker(["The ", "sky ", "is ", "blue."]), store=store)
    async with bot.running():
        await asyncio.sleep(LONG)
    [adopted] = of(Adopted, bot)
    assert adopted.seconds is not None
    assert LEASE <= adopted.seconds <= LEASE + 2 * SWEEP
    assert of(BoughtTwice, bot) == [BoughtTwice(model="mixtral")]
    assert of(Shrunk, bot) == []
    [turn] = of(TurnEnded, bot)
    assert (turn.first_token, turn.first_text) == (None, None)


async def test_what_is_given_up_counts() -> None:
    class Broken(Screen):
        async def post(self, *args: object, **named: object) -> str:
            raise ValueError("a secret")

    bot = Bot(Speaker(["Yes."]), screen=Broken())
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(LONG)
    assert of(GivenUp, bot) == [GivenUp(platform="screen", question=True)]


async def test_ratings_count() -> None:
    bot = Bot(Speaker(["Yes."]))
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(5)
        for number, word in enumerate(("good", "bad")):
            await bot.receive(command(word, id=f"r{number}", target="1", reply=("typed",)))
    assert of(Rated, bot) == [Rated(platform="screen", good=good) for good in (True, False)]


async def test_a_call_that_is_put_off_by_ourselves_is_nobodys_rate_limit() -> None:
    class Late(Screen):
        """Its first request would go out when the right to show has ended."""

        async def edit(self, channel: object, message: str, page: Page) -> None:
            if not self.told_off:
                self.told_off = True
                raise TooFast(0.5, scope="ours")
            await super().edit(CHANNEL, message, page)

        told_off = False

    bot = Bot(Speaker(SLOW), screen=Late())
    await bot.hears(message())
    assert of(RateLimited, bot) == []
    assert {each.how for each in of(CallEnded, bot)} == {"done"}
