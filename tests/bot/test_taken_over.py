"""Answers whose process died, froze or lost the store: nothing is bought twice, nothing shrinks."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest

from bot.answering.lease import LEASE
from bot.conversation.generation import FinishReason, Prompt, StartsOver, StreamEvent, TakesBack, TextDelta
from bot.conversation.requests import Interruption, Progress, question_request
from bot.conversation.settings import GenerationSettings
from bot.conversation.turns import Account
from bot.errors import Gone, ModelRefused, StoreUnavailable, StreamBroke
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import CHANNEL, message
from tests.fakes.model import Speaker
from tests.fakes.platform import LIMITS, Screen
from tests.fakes.store import Faults, InMemoryStore, now

pytestmark = pytest.mark.looptime

WORDS = tuple(f"w{number} " for number in range(60))
WHOLE = "".join(WORDS).rstrip()
STOOD = "".join(WORDS[:30])
ACCOUNT = Account(
    model="mixtral",
    settings={"max_new_tokens": 256},
    origins={},
    tokens=9,
    left_out_turns=0,
    left_out_tokens=0,
    seconds=1.0,
    ending=FinishReason.END,
)


@dataclass(slots=True)
class Away(Faults):
    """Between two times, calls fail, or with `hung` wait for the store's return."""

    span: tuple[float, float] = (0.0, 0.0)
    hung: bool = False

    async def passed(self) -> None:
        began, ends = self.span
        if began <= now() < ends:
            if not self.hung:
                raise StoreUnavailable("away")
            await asyncio.sleep(ends - now())


class Store(InMemoryStore):
    """Away for a time."""

    def __init__(self, span: tuple[float, float] = (0.0, 0.0), *, hung: bool = False) -> None:
        super().__init__()
        self.faults: Away = Away(span=span, hung=hung)


class Watched(Screen):
    """Says when a message lost words that had stood there."""

    def shrunk(self) -> list[str]:
        return [
            later
            for versions in self.messages.values()
            for (_, earlier), (_, later) in pairwise(versions)
            if len(later) < len(earlier)
        ]


async def left_behind(text: str, *, ended: str = "", replies: tuple[str, ...] = ("1-0",)) -> Store:
    """A store in which a process died after it had shown `text`."""
    store = Store()
    await store.requests.submit(question_request(message()))
    claim = await store.requests.claim(CHANNEL)
    assert claim is not None
    account = ACCOUNT if ended else None
    await store.requests.beat(claim, Progress(text=text, replies=replies, ended=ended, account=account))
    return store


async def taken_over(model: Speaker, store: Store, *, stood: str = STOOD) -> Bot:
    bot = Bot(model, store=store, screen=Watched())
    bot.screen.messages["1-0"].append((0.0, stood))
    async with bot.running():
        await asyncio.sleep(LONG)
    return bot


@pytest.mark.parametrize("text", ["", STOOD])
async def test_what_a_process_that_died_may_have_posted_is_looked_for(text: str) -> None:
    bot = await taken_over(Speaker(WORDS), await left_behind(text, replies=()), stood=text)
    assert bot.screen.doubted == {"1-0"}
    await bot.hears(message(id="2", at=2))
    assert bot.screen.doubted == {"1-0"}


@pytest.mark.parametrize("hangs", [False, True])
@pytest.mark.parametrize("seconds", [8.0, 15.0, 40.0])
@pytest.mark.parametrize("begins", [2.0, 5.9])
async def test_a_store_that_is_away_costs_nothing_twice(begins: float, seconds: float, hangs: bool) -> None:
    store = Store((begins, begins + seconds), hung=hangs)
    screen = Watched()
    bot = Bot(Speaker(WORDS), store=store, screen=screen)
    async with bot.running():
        await bot.service.receive(message())
        await asyncio.sleep(LONG)
    assert len(bot.model.prompts) == 1
    assert " ".join(screen.texts()).split() == WHOLE.split()
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.answer.split() == WHOLE.split()
    assert set(turn.replies) == set(screen.messages)
    assert screen.shrunk() == []


async def test_a_request_that_was_held_up_does_not_go_out_once_the_lease_is_over() -> None:
    store = Store((0.5, 42.0))
    bot = Bot(Speaker(WORDS), store=store)
    bot.model.connects = LEASE
    async with bot.running():
        await bot.service.receive(message())
        await asyncio.sleep(41)
        assert bot.model.prompts == []
        bot.model.connects = 0.1
        await asyncio.sleep(LONG)
    assert len(bot.model.prompts) == 1
    assert " ".join(bot.screen.texts()).split() == WHOLE.split()


async def test_while_its_lease_is_over_an_answer_stands_still_and_the_model_is_read_on() -> None:
    store = Store((2.0, 42.0))
    bot = Bot(Speaker(WORDS), store=store)
    async with bot.running():
        await bot.service.receive(message())
        await asyncio.sleep(10)
        stands = bot.screen.texts()
        assert bot.model.speaking == 0
        await asyncio.sleep(31)
        assert bot.screen.texts() == stands
        assert stands[0].split() != WHOLE.split()
        await asyncio.sleep(LONG)
    assert " ".join(bot.screen.texts()).split() == WHOLE.split()


async def test_whoever_lost_its_claim_while_the_store_was_away_writes_no_more() -> None:
    store = Store((2.0, 12.0))
    bot = Bot(Speaker(WORDS), store=store)
    async with bot.running():
        await bot.service.receive(message())
        await asyncio.sleep(11.9)
        stands = bot.screen.texts()
        store.faults.span = (0.0, 0.0)
        store.box(CHANNEL).leased_until = 0.0
        assert await store.requests.claim(CHANNEL) is not None
        store.box(CHANNEL).leased_until = LONG * 2
        await asyncio.sleep(LONG / 2)
        assert bot.screen.texts() == stands
        assert (await bot.store.conversations.read(CHANNEL)).turns == ()


async def test_what_the_model_was_done_with_is_shown_and_remembered_without_asking_it_again() -> None:
    bot = await taken_over(Speaker(["Another answer."]), await left_behind(STOOD, ended="end"))
    assert bot.model.prompts == []
    assert bot.screen.texts() == [STOOD.rstrip()]
    assert bot.screen.finals == {"1-0"}
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.answer == STOOD
    assert turn.version.account == ACCOUNT


async def test_what_was_cut_by_its_limit_says_so_after_it_was_taken_over() -> None:
    store = await left_behind(STOOD, ended="length")
    box = store.box(CHANNEL)
    box.progress = replace(box.progress, account=replace(ACCOUNT, ending=FinishReason.LENGTH))
    bot = await taken_over(Speaker(WORDS), store)
    text = "".join(bot.screen.texts())
    assert text.startswith(STOOD.rstrip())
    assert "limit of 256 tokens" in text


async def test_the_model_goes_on_behind_what_stands_where_its_server_can() -> None:
    bot = await taken_over(Speaker(WORDS, continues=True), await left_behind(STOOD))
    [prompt] = bot.model.prompts
    assert prompt.beginning == STOOD.rstrip()
    assert bot.model.settings[0].max_new_tokens == 256 - 30
    assert " ".join(bot.screen.texts()).split() == WHOLE.split()
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.answer.split() == WHOLE.split()
    account = turn.version.account
    assert account is not None
    assert account.settings["max_new_tokens"] == 256


async def test_a_limit_that_is_reached_after_all_is_told_as_it_was_set() -> None:
    model = Speaker(WORDS, continues=True, ends_with=FinishReason.LENGTH)
    bot = await taken_over(model, await left_behind(STOOD))
    assert "limit of 256 tokens" in "".join(bot.screen.texts())


class Cut(Speaker):
    """Its first stream is cut after `lasts` words; it may say all again where it was to go on."""

    def __init__(self, *, continues: bool = True, lasts: int = 20, then: tuple[str, ...] = ()) -> None:
        super().__init__(WORDS, continues=continues)
        self.lasts = lasts
        self.then = then

    async def stream(self, prompt: Prompt, settings: GenerationSettings) -> AsyncGenerator[StreamEvent, None]:
        first = not self.prompts
        if self.then and not first:
            yield StartsOver()
            self.pieces, self.continues = self.then, False
        async with aclosing(super().stream(prompt, settings)) as events:
            count = 0
            async for event in events:
                if first and count == self.lasts:
                    raise StreamBroke("cut")
                count += 1
                yield event


class Reasoner(Speaker):
    """Thinks aloud before it answers, and only then says that it did. `pause`: seconds in between."""

    def __init__(self, *answer: str, pause: float = 0.0) -> None:
        super().__init__(answer)
        self.pause = pause

    async def stream(self, prompt: Prompt, settings: GenerationSettings) -> AsyncGenerator[StreamEvent, None]:
        for word in WORDS:
            await asyncio.sleep(self.every)
            yield TextDelta(text=word)
        yield TextDelta(text="\ud83d")
        yield TakesBack()
        await asyncio.sleep(self.pause)
        async with aclosing(super().stream(prompt, settings)) as events:
            async for event in events:
                yield event


@pytest.mark.parametrize("answer", ["Yes.", WHOLE * 2])
async def test_what_was_reasoning_is_neither_shown_nor_remembered(answer: str) -> None:
    bot = Bot(Reasoner(answer))
    await bot.hears(message())
    assert " ".join(bot.screen.texts()).split() == answer.split()
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert (turn.answer, turn.version.fault) == (answer, "")


async def test_reasoning_that_a_process_showed_before_it_died_stands_nowhere_either() -> None:
    bot = await taken_over(Reasoner("Yes."), await left_behind(STOOD))
    assert bot.screen.texts() == ["Yes."]
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert (turn.answer, turn.version.fault) == ("Yes.", "")


async def test_the_further_messages_of_what_was_reasoning_go_at_once() -> None:
    bot = Bot(Reasoner("Yes.", pause=30.0), screen=Screen(limits=replace(LIMITS, page_length=60)))
    async with bot.running():
        await bot.service.receive(message())
        await asyncio.sleep(6)
        before = len(bot.screen.messages)
        await asyncio.sleep(20)
        assert (before > 1, len(bot.screen.messages)) == (True, 1)
        await asyncio.sleep(LONG)
    assert bot.screen.texts() == ["Yes."]


async def told(model: Speaker) -> Bot:
    bot = Bot(model, screen=Watched())
    await bot.hears(message())
    return bot


async def test_an_answer_that_is_cut_goes_on_once_and_nobody_sees_it() -> None:
    bot = await told(Cut())
    assert " ".join(bot.screen.texts()).split() == WHOLE.split()
    assert [prompt.beginning for prompt in bot.model.prompts] == ["", "".join(WORDS[:20]).rstrip()]
    assert [settings.max_new_tokens for settings in bot.model.settings] == [256, 236]
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.version.fault == ""


async def test_where_its_server_cannot_go_on_a_cut_answer_can_be_continued() -> None:
    bot = await told(Cut(continues=False))
    assert len(bot.model.prompts) == 1
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.version.fault == "broke_off"
    [buttons] = bot.screen.buttons.values()
    assert "Continue" in [button.label for button in buttons]


async def test_a_cut_before_the_first_word_is_tried_once_more() -> None:
    bot = await told(Cut(continues=False, lasts=0))
    assert " ".join(bot.screen.texts()).split() == WHOLE.split()


@pytest.mark.parametrize("words", [10, 40])
async def test_a_text_that_starts_over_takes_nothing_from_the_reader(words: int) -> None:
    other = tuple(f"n{number} " for number in range(words))
    bot = await told(Cut(then=other))
    assert isinstance(bot.screen, Watched)
    stood, text = "".join(WORDS[:20]).rstrip(), "".join(bot.screen.texts())
    assert text.startswith("".join(other).rstrip() if words == 40 else stood)
    [shown] = bot.screen.messages.values()
    assert all(len(each) >= len(stood) for _, each in shown if each.startswith("n0"))
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert text.startswith(turn.answer.rstrip())


async def test_a_channel_that_goes_as_an_answer_is_taken_over_leaves_what_stood_in_the_store() -> None:
    store = await left_behind(STOOD)
    bot = Bot(Speaker([f"n{number} " for number in range(60)]), store=store)
    bot.screen.faults = [Gone("404")]
    async with bot.running():
        await asyncio.sleep(LONG)
    [turn] = (await store.conversations.read(CHANNEL)).turns
    assert len(turn.answer) >= len(STOOD)


async def test_where_it_cannot_what_stands_stays_until_the_new_text_has_come_that_far() -> None:
    bot = await taken_over(Speaker([f"n{number} " for number in range(60)]), await left_behind(STOOD))
    shown = [text for _, text in bot.screen.messages["1-0"]]
    assert all(len(text) >= len(STOOD.rstrip()) for text in shown)
    assert bot.screen.texts()[0].startswith("n0 n1")


@pytest.mark.parametrize(
    ("pieces", "ends_with", "words"),
    [
        (["Short."], FinishReason.END, "broke off here"),
        (["Short."], StreamBroke("cut"), "broke off here"),
        ([], ModelRefused("400"), "does not take this request"),
    ],
)
async def test_a_new_answer_that_comes_to_less_takes_nothing_of_what_stands(
    pieces: list[str], ends_with: FinishReason | StreamBroke | ModelRefused, words: str
) -> None:
    bot = await taken_over(Speaker(pieces, ends_with=ends_with), await left_behind(STOOD))
    text = "".join(bot.screen.texts())
    assert text.startswith(STOOD.rstrip())
    assert words in text
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.answer == STOOD


async def test_an_answer_that_was_stopped_as_its_process_died_keeps_what_stands() -> None:
    store = await left_behind(STOOD)
    store.box(CHANNEL).interruption = Interruption.STOP
    bot = await taken_over(Speaker(WORDS), store)
    assert bot.model.prompts == []
    assert bot.screen.texts() == [f"{STOOD.rstrip()}\n\n*Stopped.*"]


@pytest.mark.parametrize("away", [(0.0, 0.0), (2.0, 5.0), (4.5, 30.0)])
@pytest.mark.parametrize("hung", [False, True])
async def test_no_word_is_shown_that_another_process_could_not_go_on_from(
    away: tuple[float, float], hung: bool
) -> None:
    store = Store(away, hung=hung)
    bot = Bot(Speaker(WORDS), store=store)
    async with bot.running():
        await bot.service.receive(message())
        for _ in range(40):
            await asyncio.sleep(0.15)
            shown = " ".join(bot.screen.texts()).split()
            if store.box(CHANNEL).current:
                assert store.box(CHANNEL).progress.text.split()[: len(shown)] == shown


class Broken(Screen):
    """Answers with something that its adapter does not understand, from a time on."""

    broken_from = 3.0

    async def _show(self, message: str, page: object) -> None:
        if now() >= self.broken_from:
            raise KeyError("owner")
        await super()._show(message, page)  # type: ignore[arg-type]


async def test_a_platform_that_breaks_in_mid_answer_ends_it_and_what_was_shown_is_remembered() -> None:
    bot = Bot(Speaker(WORDS), screen=Broken())
    async with bot.running():
        await bot.service.receive(message())
        await asyncio.sleep(LONG)
    assert len(bot.model.prompts) == 1
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.answer.startswith(bot.screen.texts()[0])
