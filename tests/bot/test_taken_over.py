"""Answers whose process died, froze or lost the store: nothing is bought twice, nothing shrinks."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from bot.conversation.events import ChannelRef
from bot.conversation.generation import FinishReason
from bot.conversation.requests import Claim, Interruption, Progress, asked
from bot.conversation.turns import Account, Turn
from bot.errors import ModelRefused, StoreUnavailable, StreamBroke
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import CHANNEL, message
from tests.fakes.model import Speaker
from tests.fakes.platform import Screen
from tests.fakes.store import InMemoryMailbox, now

pytestmark = pytest.mark.looptime

WORDS = tuple(f"w{number} " for number in range(60))
WHOLE = "".join(WORDS).rstrip()
STOOD = "".join(WORDS[:30])
ACCOUNT = Account(
    model="mixtral",
    settings={"max_new_tokens": 256},
    origins={},
    seen=(),
    tokens=9,
    left_out_turns=0,
    left_out_tokens=0,
    seconds=1.0,
    ending=FinishReason.END,
)


class Store(InMemoryMailbox):
    """Away between two times: calls fail, or with `hangs` wait for its return."""

    def __init__(self) -> None:
        super().__init__()
        self.away = (0.0, 0.0)
        self.hangs = False

    async def take(self, channel: ChannelRef) -> Claim | None:
        await self._answer()
        return await super().take(channel)

    async def beat(self, claim: Claim, progress: Progress) -> Interruption | None:
        await self._answer()
        return await super().beat(claim, progress)

    async def commit(self, claim: Claim, turn: Turn | None) -> bool:
        await self._answer()
        return await super().commit(claim, turn)

    async def orphans(self) -> Sequence[ChannelRef]:
        await self._answer()
        return await super().orphans()

    async def _answer(self) -> None:
        began, ends = self.away
        if not began <= now() < ends:
            return
        if not self.hangs:
            raise StoreUnavailable("away")
        await asyncio.sleep(ends - now())


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
    await store.submit(asked(message()))
    claim = await store.take(CHANNEL)
    assert claim is not None
    account = ACCOUNT if ended else None
    await store.beat(claim, Progress(text=text, replies=replies, ended=ended, account=account))
    return store


async def taken_over(model: Speaker, store: Store, *, stood: str = STOOD) -> Bot:
    bot = Bot(model, mailbox=store, screen=Watched())
    bot.screen.messages["1-0"].append((0.0, stood))
    async with bot.running():
        await asyncio.sleep(LONG)
    return bot


@pytest.mark.parametrize("hangs", [False, True])
@pytest.mark.parametrize("seconds", [8.0, 15.0, 40.0])
@pytest.mark.parametrize("begins", [2.0, 5.9])
async def test_a_store_that_is_away_costs_nothing_twice(begins: float, seconds: float, hangs: bool) -> None:
    store = Store()
    store.away, store.hangs = (begins, begins + seconds), hangs
    screen = Watched()
    bot = Bot(Speaker(WORDS), mailbox=store, screen=screen)
    async with bot.running():
        await bot.intake.receive(message())
        await asyncio.sleep(LONG)
    assert len(bot.model.prompts) == 1
    assert " ".join(screen.texts()).split() == WHOLE.split()
    [turn] = await bot.archive.turns(CHANNEL)
    assert turn.answer.split() == WHOLE.split()
    assert set(turn.replies) == set(screen.messages)
    assert screen.shrunk() == []


async def test_while_its_lease_is_over_an_answer_stands_still_and_the_model_is_read_on() -> None:
    store = Store()
    store.away = (2.0, 42.0)
    bot = Bot(Speaker(WORDS), mailbox=store)
    async with bot.running():
        await bot.intake.receive(message())
        await asyncio.sleep(10)
        stands = bot.screen.texts()
        assert bot.model.speaking == 0
        await asyncio.sleep(31)
        assert bot.screen.texts() == stands
        assert stands[0].split() != WHOLE.split()
        await asyncio.sleep(LONG)
    assert " ".join(bot.screen.texts()).split() == WHOLE.split()


async def test_whoever_lost_its_claim_while_the_store_was_away_writes_no_more() -> None:
    store = Store()
    store.away = (2.0, 12.0)
    bot = Bot(Speaker(WORDS), mailbox=store)
    async with bot.running():
        await bot.intake.receive(message())
        await asyncio.sleep(11.9)
        stands = bot.screen.texts()
        store.away = (0.0, 0.0)
        store.box(CHANNEL).leased_until = 0.0
        assert await store.take(CHANNEL) is not None
        store.box(CHANNEL).leased_until = LONG * 2
        await asyncio.sleep(LONG / 2)
        assert bot.screen.texts() == stands
        assert await bot.archive.turns(CHANNEL) == []


async def test_what_the_model_was_done_with_is_shown_and_remembered_without_asking_it_again() -> None:
    bot = await taken_over(Speaker(["Another answer."]), await left_behind(STOOD, ended="end"))
    assert bot.model.prompts == []
    assert bot.screen.texts() == [STOOD.rstrip()]
    assert bot.screen.finals == {"1-0"}
    [turn] = await bot.archive.turns(CHANNEL)
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
    [turn] = await bot.archive.turns(CHANNEL)
    assert turn.answer.split() == WHOLE.split()
    account = turn.version.account
    assert account is not None
    assert account.settings["max_new_tokens"] == 256


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
    [turn] = await bot.archive.turns(CHANNEL)
    assert turn.answer == STOOD


async def test_an_answer_that_was_stopped_as_its_process_died_keeps_what_stands() -> None:
    store = await left_behind(STOOD)
    store.box(CHANNEL).interruption = Interruption.STOP
    bot = await taken_over(Speaker(WORDS), store)
    assert bot.model.prompts == []
    assert bot.screen.texts() == [f"{STOOD.rstrip()}\n\n*Stopped.*"]


async def test_no_word_is_shown_that_another_process_could_not_go_on_from() -> None:
    store = Store()
    bot = Bot(Speaker(WORDS), mailbox=store)
    async with bot.running():
        await bot.intake.receive(message())
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
        await bot.intake.receive(message())
        await asyncio.sleep(LONG)
    assert len(bot.model.prompts) == 1
    [turn] = await bot.archive.turns(CHANNEL)
    assert turn.answer.startswith(bot.screen.texts()[0])
