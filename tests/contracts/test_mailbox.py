"""What every mailbox does, the fake and the one on a real server alike."""

import asyncio
from dataclasses import replace

import pytest

from bot.conversation.content import Attachment, Quote
from bot.conversation.events import ChannelRef
from bot.conversation.requests import Claim, Progress, Request, Work, asked
from bot.conversation.settings import Layers
from bot.conversation.turns import Turn
from bot.errors import LeaseLost
from bot.ports import Submission
from tests.contracts.conftest import LEASE, Store
from tests.fakes.messages import CHANNEL, PRIVATE, message
from tests.fakes.messages import turn as turn_of

THREAD = replace(CHANNEL, channel="t", parent="c")


def turn(claim: Claim, answer: str = "Rayleigh scattering.") -> Turn:
    sent = claim.message
    return turn_of(
        sent.text,
        answer,
        message=sent.id,
        author=sent.author.name,
        person=sent.person,
        replies=("r1", "r2"),
        asked_at=4e9,
    )


async def claimed(store: Store, channel: ChannelRef = CHANNEL) -> Claim:
    claim = await store.mailbox.take(channel)
    assert claim is not None
    return claim


async def lease_over() -> None:
    """A real server has a clock of its own: no virtual time here."""
    await asyncio.sleep(LEASE * 1.5)


async def test_a_message_comes_out_as_it_went_in(store: Store) -> None:
    sent = message(
        "¿Qué? </s> “quoted” \u2028",
        attachments=(Attachment(name="a.py", url="u", size=3, media_type="text/x-python"),),
        quotes=(Quote(author="Bob", text="Why?"),),
        reply=("interaction", "1", "x"),
    )
    await store.mailbox.submit(asked(sent))
    assert (await claimed(store)).message == sent


async def test_the_same_message_twice_is_one_also_after_its_answer(store: Store) -> None:
    assert await store.mailbox.submit(asked(message())) is Submission.NEW
    assert await store.mailbox.submit(asked(message())) is Submission.DUPLICATE
    claim = await claimed(store)
    assert not await store.mailbox.commit(claim, turn(claim))
    assert await store.mailbox.submit(asked(message())) is Submission.DUPLICATE
    assert await store.mailbox.take(CHANNEL) is None


async def test_what_is_asked_of_an_answer_is_one_request_while_it_waits_and_may_be_asked_again(
    store: Store,
) -> None:
    await store.mailbox.submit(asked(message()))
    claim = await claimed(store)
    await store.mailbox.commit(claim, turn(claim))
    again = Request(id="again:1:1", at=2.0, work=Work.AGAIN, message=message())
    assert await store.mailbox.submit(again) is Submission.NEW
    assert await store.mailbox.submit(again) is Submission.DUPLICATE
    claim = await claimed(store)
    assert await store.mailbox.submit(again) is Submission.DUPLICATE
    await store.mailbox.commit(claim, turn(claim))
    assert await store.mailbox.submit(again) is Submission.NEW


async def test_questions_come_in_the_order_of_writing_whatever_the_order_of_arrival(store: Store) -> None:
    for at in (2, 3, 1):
        await store.mailbox.submit(asked(message(id=str(at), at=at)))
    answered = []
    more = True
    while more:
        claim = await claimed(store)
        answered.append(claim.message.id)
        more = await store.mailbox.commit(claim, turn(claim))
    assert answered == ["1", "2", "3"]


async def test_turns_are_remembered_oldest_first(store: Store) -> None:
    for at in (1, 2, 3):
        await store.mailbox.submit(asked(message(id=str(at), at=at)))
    for at in (1, 2):
        claim = await claimed(store)
        await store.mailbox.commit(claim, turn(claim, f"answer {at}"))
    assert [each.answer for each in (await claimed(store)).turns] == ["answer 1", "answer 2"]


async def test_one_question_of_a_conversation_is_answered_at_a_time(store: Store) -> None:
    await store.mailbox.submit(asked(message()))
    await store.mailbox.submit(asked(message(id="2", at=2)))
    await claimed(store)
    assert await store.mailbox.take(CHANNEL) is None


async def test_a_question_whose_holder_died_is_taken_over_with_its_progress(store: Store) -> None:
    await store.mailbox.submit(asked(message(at=2)))
    claim = await claimed(store)
    await store.mailbox.beat(claim, Progress(text="Ray", replies=("r1",)))
    await store.mailbox.submit(asked(message(id="older", at=1)))
    assert await store.mailbox.orphans() == []
    await lease_over()
    assert await store.mailbox.orphans() == [CHANNEL]
    again = await claimed(store)
    assert again.message.id == "1"
    assert again.progress == Progress(text="Ray", replies=("r1",))
    assert again.fence > claim.fence


async def test_a_beat_keeps_the_lease(store: Store) -> None:
    await store.mailbox.submit(asked(message()))
    claim = await claimed(store)
    for _ in range(4):
        await asyncio.sleep(LEASE / 2)
        await store.mailbox.beat(claim, Progress())
    assert await store.mailbox.take(CHANNEL) is None


async def test_who_lost_the_lease_can_do_nothing_more(store: Store) -> None:
    await store.mailbox.submit(asked(message()))
    late = await claimed(store)
    await lease_over()
    claim = await claimed(store)
    with pytest.raises(LeaseLost):
        await store.mailbox.beat(late, Progress(text="old"))
    with pytest.raises(LeaseLost):
        await store.mailbox.commit(late, turn(late, "old"))
    with pytest.raises(LeaseLost):
        await store.mailbox.release(late, Progress(text="old"))
    await store.mailbox.commit(claim, turn(claim, "new"))
    await store.mailbox.submit(asked(message(id="2", at=2)))
    assert [each.answer for each in (await claimed(store)).turns] == ["new"]


async def test_a_beat_after_the_commit_holds_nothing_up(store: Store) -> None:
    await store.mailbox.submit(asked(message()))
    await store.mailbox.submit(asked(message(id="2", at=2)))
    claim = await claimed(store)
    assert await store.mailbox.commit(claim, None)
    with pytest.raises(LeaseLost):
        await store.mailbox.beat(claim, Progress())
    assert (await claimed(store)).message.id == "2"


async def test_a_question_that_was_given_back_is_there_at_once(store: Store) -> None:
    await store.mailbox.submit(asked(message()))
    await store.mailbox.release(await claimed(store), Progress(text="Ray", replies=("r1",)))
    assert await store.mailbox.orphans() == [CHANNEL]
    assert (await claimed(store)).progress.text == "Ray"


async def test_a_commit_of_nothing_drops_the_question(store: Store) -> None:
    await store.mailbox.submit(asked(message()))
    assert not await store.mailbox.commit(await claimed(store), None)
    await lease_over()
    assert await store.mailbox.orphans() == []


async def test_a_follow_up_counts_only_where_there_is_a_conversation(store: Store) -> None:
    follow_up = message(id="2", at=2, channel=THREAD)
    assert await store.mailbox.submit(asked(follow_up), only_known=True) is Submission.NOT_OURS
    await store.mailbox.submit(asked(message(channel=THREAD)))
    assert await store.mailbox.submit(asked(follow_up), only_known=True) is Submission.NEW


async def test_a_reset_forgets_the_turns_and_the_one_that_is_being_answered(store: Store) -> None:
    for at in (1, 2, 3):
        await store.mailbox.submit(asked(message(id=str(at), at=at)))
    claim = await claimed(store)
    await store.mailbox.commit(claim, turn(claim))
    claim = await claimed(store)
    assert await store.memory.reset(CHANNEL) == 1
    await store.mailbox.commit(claim, turn(claim))
    assert (await claimed(store)).turns == ()


async def test_a_thread_has_its_channels_settings_and_a_conversation_of_its_own(store: Store) -> None:
    await store.memory.change(CHANNEL, {"temperature": 0.3}, by="screen::u-ada")
    await store.memory.change(CHANNEL, {"seed": "random"}, by="screen::u-ada")
    await store.memory.change(CHANNEL, {"seed": None}, by="screen::u-ada")
    await store.mailbox.submit(asked(message()))
    claim = await claimed(store)
    await store.mailbox.commit(claim, turn(claim))
    await store.mailbox.submit(asked(message(channel=THREAD)))
    in_thread = await claimed(store, THREAD)
    assert in_thread.settings == Layers(channel={"temperature": 0.3}) == await store.memory.settings(THREAD)
    assert in_thread.turns == ()
    assert await store.memory.settings(PRIVATE) == Layers(private=True)


async def test_an_event_is_seen_for_the_first_time_once(store: Store) -> None:
    assert await store.memory.once(CHANNEL, "e1")
    assert not await store.memory.once(CHANNEL, "e1")
    assert await store.memory.once(PRIVATE, "e1")


async def test_a_quota_says_when_it_resets_and_is_each_persons_own(store: Store) -> None:
    assert await store.quota.resets_in("ada") is None
    await store.quota.spend("ada")
    await store.quota.spend("ada")
    seconds = await store.quota.resets_in("ada")
    assert seconds is not None
    assert 50 < seconds <= 61
    assert await store.quota.resets_in("bob") is None


async def test_a_channels_sessions_are_its_conversations_with_the_latest_first(store: Store) -> None:
    for number, place in enumerate((CHANNEL, THREAD, PRIVATE)):
        await store.mailbox.submit(asked(message(f"Question {number} " + "x" * 100, channel=place)))
        claim = await claimed(store, place)
        await store.mailbox.commit(claim, replace(turn(claim), asked_at=4e9 + number))
    sessions = await store.memory.sessions(CHANNEL)
    assert [(each.channel, each.asked_at) for each in sessions] == [("t", 4e9 + 1), ("c", 4e9)]
    assert sessions[0].title == "Question 1…"
    await store.memory.reset(THREAD)
    assert [each.channel for each in await store.memory.sessions(CHANNEL)] == ["c"]
