"""Whoever watches a conversation sees what stands in it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace

import pytest

from bot.conversation.events import ChannelRef
from bot.conversation.requests import Change, Progress, Request, Running, Snapshot, Work, question_request
from bot.conversation.views import Conversation
from bot.display.conversation import Growing
from bot.errors import StoreUnavailable
from bot.service.watchers import REREAD, Watchers
from tests.fakes.messages import CHANNEL, message, turn

pytestmark = pytest.mark.looptime


class Place:
    """A conversation in a store, and what this process shows of it."""

    def __init__(self, snapshot: Snapshot | None = None) -> None:
        self.snapshot = snapshot or Snapshot()
        self.growing: Growing | None = None
        self.away = False
        self.reads = 0
        self.watchers = Watchers(read=self.read, growing=lambda _: self.growing)

    async def read(self, channel: ChannelRef) -> Snapshot:
        self.reads += 1
        if self.away:
            raise StoreUnavailable
        return self.snapshot

    def watch(self) -> AsyncGenerator[Conversation, None]:
        return self.watchers.watch(CHANNEL, "en")

    def becomes(self, snapshot: Snapshot, *, grown: bool = False) -> None:
        self.snapshot = snapshot
        self.watchers.changed(Change(conversation=CHANNEL.key, grown=grown))


QUESTION = message("Why is the sky blue?", id="1")
RUNNING = Snapshot(running=Running(request=question_request(QUESTION)))


async def test_all_of_it_comes_first_and_then_each_change() -> None:
    place = Place(Snapshot(turns=(turn(message="1"),)))
    async with aclosing(place.watch()) as conversations:
        first = await anext(conversations)
        place.becomes(Snapshot(turns=(turn(message="1"), turn("And the sea?", "It too.", message="2"))))
        second = await anext(conversations)
    assert [each.question for each in first.exchanges] == ["Why is the sky blue?"]
    assert [each.answer for each in second.exchanges] == ["Rayleigh scattering.", "It too."]
    assert second.version > first.version


async def test_an_answer_that_grows_here_is_seen_without_asking_the_store() -> None:
    place = Place(RUNNING)
    async with aclosing(place.watch()) as conversations:
        await anext(conversations)
        reads = place.reads
        for text in ("Ray", "Rayleigh"):
            place.growing = Growing(question="1", text=text)
            place.watchers.grew(CHANNEL.key)
            seen = await anext(conversations)
            assert (seen.exchanges[0].answer, seen.exchanges[0].growing) == (text, True)
        place.becomes(RUNNING, grown=True)
        await asyncio.sleep(1)
    assert place.reads == reads


async def test_an_answer_that_grows_in_another_process_is_seen_as_far_as_the_store_knows() -> None:
    place = Place(RUNNING)
    async with aclosing(place.watch()) as conversations:
        assert (await anext(conversations)).busy
        shown = Running(request=question_request(QUESTION), progress=Progress(text="Rayl", replies=("m",)))
        place.becomes(Snapshot(running=shown), grown=True)
        assert (await anext(conversations)).exchanges[0].answer == "Rayl"


async def test_a_question_that_waits_behind_another_stands_there_and_can_be_stopped() -> None:
    second = question_request(message("And the sea?", id="2", at=2.0))
    place = Place(Snapshot(running=RUNNING.running, waiting=(second,)))
    async with aclosing(place.watch()) as conversations:
        exchanges = (await anext(conversations)).exchanges
    assert [(each.question, each.growing) for each in exchanges] == [
        ("Why is the sky blue?", True),
        ("And the sea?", True),
    ]
    assert [button.verb for button in exchanges[1].buttons] == ["stop"]


async def test_an_answer_that_is_written_again_stands_until_there_is_another() -> None:
    again = Request(id="again", at=2.0, work=Work.AGAIN, message=QUESTION)
    place = Place(Snapshot(turns=(turn(message="1"),), running=Running(request=again)))
    async with aclosing(place.watch()) as conversations:
        assert (await anext(conversations)).exchanges[0].answer == "Rayleigh scattering."
        place.growing = Growing(question="1", text="Because")
        place.watchers.grew(CHANNEL.key)
        assert (await anext(conversations)).exchanges[0].answer == "Because"


async def test_what_is_published_while_nobody_is_subscribed_is_read_afterwards() -> None:
    place = Place(RUNNING)
    async with aclosing(place.watch()) as conversations:
        await anext(conversations)
        place.snapshot = Snapshot(turns=(turn(message="1"),))
        place.watchers.subscribed()
        assert (await anext(conversations)).exchanges[0].answer == "Rayleigh scattering."


async def test_what_was_never_published_is_seen_within_half_a_minute() -> None:
    place = Place(RUNNING)
    async with aclosing(place.watch()) as conversations:
        await anext(conversations)
        place.snapshot = Snapshot(turns=(turn(message="1"),))
        began = asyncio.get_running_loop().time()
        await anext(conversations)
        assert asyncio.get_running_loop().time() - began <= REREAD


async def test_while_the_store_is_away_what_stood_there_stays() -> None:
    place = Place(RUNNING)
    async with aclosing(place.watch()) as conversations:
        await anext(conversations)
        place.away = True
        place.becomes(Snapshot(turns=(turn(message="1"),)))
        waiting = asyncio.ensure_future(anext(conversations))
        await asyncio.sleep(10)
        assert not waiting.done()
        place.away = False
        assert (await waiting).exchanges[0].answer == "Rayleigh scattering."


async def test_nobody_is_remembered_who_watches_no_more() -> None:
    place = Place(RUNNING)
    async with aclosing(place.watch()) as conversations:
        await anext(conversations)
    reads = place.reads
    place.becomes(Snapshot())
    await asyncio.sleep(2 * REREAD)
    assert place.reads == reads


THREAD = replace(CHANNEL, channel="t", parent=CHANNEL.channel)
NEXT_DOOR = replace(CHANNEL, channel="next-door")
ABROAD = replace(CHANNEL, workspace="abroad")


@pytest.mark.parametrize(
    ("scope", "reread"),
    [(CHANNEL.scope, [CHANNEL, THREAD]), (CHANNEL.home, [CHANNEL, THREAD, NEXT_DOOR])],
    ids=["channel", "workspace"],
)
async def test_what_is_set_is_read_again_by_all_for_whom_it_holds(
    scope: str, reread: list[ChannelRef]
) -> None:
    read = list[ChannelRef]()

    async def snapshot(channel: ChannelRef) -> Snapshot:
        read.append(channel)
        return RUNNING

    async def ended(watching: "asyncio.Future[Conversation]") -> None:
        watching.cancel()
        await asyncio.wait([watching])

    watchers = Watchers(read=snapshot, growing=lambda _: None)
    async with AsyncExitStack() as stack:
        for channel in (CHANNEL, THREAD, NEXT_DOOR, ABROAD):
            conversations = await stack.enter_async_context(aclosing(watchers.watch(channel, "en")))
            await anext(conversations)
            stack.push_async_callback(ended, asyncio.ensure_future(anext(conversations)))
        await asyncio.sleep(1)
        read.clear()
        watchers.changed(Change(conversation=CHANNEL.key, scope=scope))
        await asyncio.sleep(1)
        assert sorted(each.key for each in read) == sorted(each.key for each in reread)
