"""A process's part of the line for the model, and a fleet's, on virtual time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.answering.queue import Places
from bot.conversation.events import Author, Said
from bot.conversation.requests import Change, Ticket
from bot.errors import LineFull, StoreUnavailable
from bot.ports import Line
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import ADA, BOB, CHANNEL, message
from tests.fakes.model import Speaker
from tests.fakes.store import InMemoryStore

pytestmark = pytest.mark.looptime

LEASE = 6.0
SECONDS = 2.0
"""What the model takes over an answer of twenty words."""


def question(number: int, author: Author | None = None) -> Said:
    """A question in a channel of its own, of a person of their own."""
    return message(
        id=str(number),
        channel=replace(CHANNEL, channel=f"c{number}"),
        author=author or Author(id=f"u{number}", name="Ada"),
        at=float(number),
    )


class Reachable:
    """The line, until the process is `dead`: it says nothing to it then."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.dead = False

    async def join(self, ticket: Ticket, places: int, most: int) -> int | None:
        self._alive()
        return await self._line.join(ticket, places, most)

    async def sign(self, tickets: Sequence[Ticket], places: int) -> Sequence[int]:
        self._alive()
        return await self._line.sign(tickets, places)

    async def leave(self, ticket: Ticket, places: int) -> None:
        self._alive()
        await self._line.leave(ticket, places)

    def _alive(self) -> None:
        if self.dead:
            raise StoreUnavailable


@asynccontextmanager
async def line(*counts: int, most: int = 0) -> AsyncIterator[list[Places]]:
    """The parts of so many processes, each with as many places in all."""
    store = InMemoryStore()
    parts = [Places(store.line, count, most=most, lease=LEASE) for count in counts]

    def changed(change: Change) -> None:
        for part in parts:
            part.called(change.ticket)

    store.listeners.append(changed)
    running = [asyncio.create_task(part.run(lambda: None)) for part in parts]
    yield parts
    for task in running:
        task.cancel()


async def test_places_are_given_first_come_first_served_and_never_too_many() -> None:
    order, inside, most = list[int](), 0, 0
    async with line(2) as [places]:

        async def come(number: int) -> None:
            nonlocal inside, most
            async with places.place(str(number), lambda before: None):
                order.append(number)
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(1)
                inside -= 1

        await asyncio.gather(*(come(number) for number in range(7)))
    assert order == list(range(7))
    assert most == 2
    assert asyncio.get_running_loop().time() == pytest.approx(4, abs=0.1)


async def test_who_waits_hears_how_many_stand_before_but_not_of_each_in_a_long_line() -> None:
    heard = list[int]()
    async with line(1) as [places]:

        async def come(person: str, waiting: list[int]) -> None:
            async with places.place(person, waiting.append):
                await asyncio.sleep(3)

        await asyncio.gather(*(come(str(number), []) for number in range(40)), come("last", heard))
    assert heard[0] == 39
    assert heard[-1] == 0
    assert heard == sorted(heard, reverse=True)
    assert len(heard) < 16


async def test_who_leaves_the_line_costs_nobody_a_place() -> None:
    async with line(1) as [places]:

        async def come(person: str) -> None:
            async with places.place(person, lambda before: None):
                await asyncio.sleep(1)

        first, second, third = (asyncio.create_task(come(person)) for person in "abc")
        await asyncio.sleep(0.5)
        second.cancel()
        await asyncio.gather(first, third)
        assert asyncio.get_running_loop().time() == pytest.approx(2, abs=0.1)
        async with asyncio.timeout(0.1), places.place("d", lambda before: None):
            pass


async def test_who_gives_up_in_the_moment_their_turn_comes_costs_nobody_a_place() -> None:
    async with line(1) as [places]:

        async def come(person: str, seconds: float) -> None:
            async with places.place(person, lambda before: None):
                await asyncio.sleep(seconds)

        first, second, third = (asyncio.create_task(come(person, 1.0)) for person in "abc")
        await asyncio.sleep(0.5)
        first.cancel()
        second.cancel()
        await asyncio.gather(first, second, third, return_exceptions=True)
        assert third.exception() is None
        async with asyncio.timeout(0.1), places.place("d", lambda before: None):
            pass


async def test_a_full_line_says_how_long_it_takes_once_that_was_seen() -> None:
    async with line(1, most=1) as [places]:

        async def come(seconds: float) -> None:
            async with places.place("somebody", lambda before: None):
                await asyncio.sleep(seconds)

        first, second = asyncio.create_task(come(10)), asyncio.create_task(come(10))
        await asyncio.sleep(1)
        with pytest.raises(LineFull) as full:
            await come(0)
        assert (full.value.waiting, full.value.seconds) == (1, None)
        await first
        third = asyncio.create_task(come(10))
        await asyncio.sleep(1)
        with pytest.raises(LineFull) as full:
            await come(0)
        assert full.value.seconds == pytest.approx(10, abs=0.5)
        await asyncio.gather(second, third)


async def test_a_place_whose_process_died_is_free_within_its_lease() -> None:
    store = InMemoryStore()
    reachable = Reachable(store.line)
    one, other = (Places(each, 1, lease=LEASE) for each in (reachable, store.line))
    signs = [asyncio.create_task(each.run(lambda: None)) for each in (one, other)]
    async with one.place("a", lambda before: None):
        await asyncio.sleep(10)
        reachable.dead = True
        async with asyncio.timeout(1.5 * LEASE), other.place("b", lambda before: None):
            pass
    for task in signs:
        task.cancel()
    await asyncio.gather(*signs, return_exceptions=True)


async def test_a_store_that_is_away_keeps_people_waiting_and_takes_nobodys_place() -> None:
    bot = Bot(Speaker(("Yes.",)), places=1)
    async with bot.running():
        bot.store.faults.hangs = True
        asyncio.get_running_loop().call_later(8, setattr, bot.store.faults, "hangs", False)
        await bot.receive(message())
        await asyncio.sleep(LONG)
    assert bot.screen.texts() == ["Yes."]


async def test_a_full_line_is_told_in_words_and_the_others_are_answered() -> None:
    bot = Bot(Speaker(["word "] * 40), places=1, most_waiting=2)
    async with bot.running():
        for number in range(5):
            await bot.receive(question(number))
        await asyncio.sleep(LONG)
    full = [text for text in bot.screen.texts() if "was not taken" in text]
    assert len(full) == 2
    assert len([text for text in bot.screen.texts() if text.startswith("word")]) == 3


@pytest.mark.long
async def test_a_fleet_of_four_keeps_the_model_busy_and_never_asks_too_much_of_it(long: bool) -> None:
    turns = 600 if long else 120
    store, model = InMemoryStore(), Speaker(["word "] * 20)
    fleet = [Bot(model, store=store, places=20) for _ in range(4)]
    async with fleet[0].running(), fleet[1].running(), fleet[2].running(), fleet[3].running():
        begun = asyncio.get_running_loop().time()
        await asyncio.gather(*(fleet[number % 4].receive(question(number)) for number in range(turns)))
        while len(model.prompts) < turns or model.speaking:
            await asyncio.sleep(0.05)
        seconds = asyncio.get_running_loop().time() - begun
    assert model.most_speaking == 20
    assert seconds < 1.15 * turns / 20 * SECONDS


async def test_who_asks_nine_of_ten_questions_holds_up_nobody_else() -> None:
    store, model = InMemoryStore(), Speaker(["word "] * 20)
    bot = Bot(model, store=store, places=4, questions=1000)
    async with bot.running():
        for number in range(90):
            await bot.receive(question(number, ADA))
        asked = asyncio.get_running_loop().time()
        await bot.receive(replace(question(90, BOB), text="Me too?"))
        while not any("Me too?" in str(prompt) for prompt in model.prompts):
            await asyncio.sleep(0.05)
        assert asyncio.get_running_loop().time() - asked < 2 * SECONDS
