"""Lines drawn in a conversation, on every store."""

import asyncio

from bot.conversation.requests import Change
from bot.conversation.turns import Divider
from bot.ports import Store
from tests.contracts.test_conversations import running
from tests.contracts.test_requests import claimed, lease_over, turn
from tests.fakes.messages import CHANNEL, message

FIRST, SECOND = Divider(after=1.0, drawn_at=1.5), Divider(after=2.25, drawn_at=1764238277.123456)


async def test_lines_come_out_as_they_were_drawn(store: Store) -> None:
    assert (await running(store)).dividers == ()
    assert await store.conversations.divide(CHANNEL, (), (FIRST, SECOND))
    assert (await store.conversations.read(CHANNEL)).dividers == (FIRST, SECOND)
    await lease_over()
    assert (await claimed(store)).dividers == (FIRST, SECOND)


async def test_of_two_who_draw_at_once_one_alone_does(store: Store) -> None:
    drawn = await asyncio.gather(
        *(store.conversations.divide(CHANNEL, (), (each,)) for each in (FIRST, SECOND))
    )
    assert sorted(drawn) == [False, True]
    assert await store.conversations.divide(CHANNEL, (FIRST if drawn[0] else SECOND,), ())
    assert (await store.conversations.read(CHANNEL)).dividers == ()


async def test_a_line_outlives_the_answer_that_was_being_written(store: Store) -> None:
    claim = await running(store)
    await store.conversations.divide(CHANNEL, (), (FIRST,))
    await store.requests.commit(claim, turn(claim))
    stands = await store.conversations.read(CHANNEL)
    assert (stands.dividers, len(stands.turns)) == ((FIRST,), 1)


async def test_deleting_a_conversation_takes_its_lines_along(store: Store) -> None:
    await store.conversations.divide(CHANNEL, (), (FIRST,))
    await store.conversations.reset(CHANNEL)
    assert (await running(store, message(id="2", at=2.0))).dividers == ()


async def test_whoever_watches_is_told_of_a_line(store: Store) -> None:
    heard, subscribed = asyncio.Queue[Change](), asyncio.Event()
    listening = asyncio.create_task(store.changes.listen(heard.put_nowait, subscribed.set))
    await subscribed.wait()
    await store.conversations.divide(CHANNEL, (), (FIRST,))
    assert (await heard.get()).conversation == CHANNEL.key
    listening.cancel()
