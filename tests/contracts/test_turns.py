"""What every store gives of a conversation's turns: as many as there is room for, or one of them."""

from dataclasses import replace

import pytest

from bot.conversation.content import TextFile
from bot.conversation.requests import Progress, Submission, question_request
from bot.conversation.turns import Rating
from bot.ports import Store
from tests.contracts.test_conversations import again, remembered, withdraw
from tests.contracts.test_requests import claimed, turn
from tests.fakes.messages import CHANNEL, PRIVATE, message

FILES = (TextFile(name="a.txt", text="Ä" * 40), TextFile(name="b.png", unread="picture"))


async def asked_with_files(store: Store, *ids: str) -> None:
    for id in ids:  # noqa: A001
        await store.requests.submit(question_request(message(id=id, at=float(id))))
        claim = await claimed(store)
        await store.requests.commit(claim, replace(turn(claim, f"answer {id}"), files=FILES))


async def test_a_claim_has_the_newest_turns_that_there_is_room_for_and_says_how_many_there_are_before(
    store: Store,
) -> None:
    await asked_with_files(store, "1", "2", "3")
    await store.requests.submit(question_request(message(id="4", at=4)))
    size = (await store.conversations.read(CHANNEL, "3")).turns[0].size
    claim = await store.requests.claim(CHANNEL, room=2 * size)
    assert claim is not None
    assert ([each.message for each in claim.turns], claim.earlier) == (["2", "3"], 1)
    assert [each.files for each in claim.turns] == [FILES, FILES]
    await store.requests.release(claim, Progress())
    claim = await store.requests.claim(CHANNEL, room=2 * size - 1)
    assert claim is not None
    assert ([each.message for each in claim.turns], claim.earlier) == (["3"], 2)


async def test_a_turn_that_is_done_again_has_those_before_it_and_its_files(store: Store) -> None:
    await asked_with_files(store, "1", "2", "3")
    await store.requests.submit(again("2", id="again:2:1"))
    claim = await claimed(store)
    assert claim.turn is not None
    assert (claim.turn.message, claim.turn.files) == ("2", FILES)
    assert [each.message for each in claim.turns] == ["1"]


@pytest.mark.parametrize("named", ["2", "r2", "", "unknown"])
async def test_one_turn_is_read_by_any_of_its_messages(store: Store, named: str) -> None:
    for id in ("1", "2"):  # noqa: A001
        await store.requests.submit(question_request(message(id=id, at=float(id))))
        claim = await claimed(store)
        await store.requests.commit(claim, replace(turn(claim), files=FILES, replies=(f"r{id}",)))
    stands = await store.conversations.read(CHANNEL, named)
    found = [("2", FILES)] if named != "unknown" else []
    assert [(each.message, each.files) for each in stands.turns] == found
    assert stands.earlier == len(found)


async def test_the_files_of_a_whole_conversation_are_there_by_name_and_stay_when_a_turn_is_amended(
    store: Store,
) -> None:
    await asked_with_files(store, "1")
    [named] = (await store.conversations.read(CHANNEL)).turns
    assert named.files == (replace(FILES[0], text=""), FILES[1])
    rated = named.with_version(replace(named.version, ratings={"screen::u-bob": Rating(good=True)}))
    assert await store.conversations.amend(CHANNEL, named, rated)
    [now] = (await store.conversations.read(CHANNEL, "1")).turns
    assert (now.files, now.version) == (FILES, rated.version)


async def test_what_changed_since_the_last_question_is_known_to_the_next(store: Store) -> None:
    _, second, third = await remembered(store, "1", "2", "3")
    await store.conversations.amend(CHANNEL, second, None)
    await withdraw(store, "1")
    await store.requests.submit(question_request(message(id="4", at=4)))
    claim = await claimed(store)
    assert claim.turns == (third,)
    await store.requests.commit(claim, turn(claim))
    await store.conversations.reset(CHANNEL)
    await store.requests.submit(question_request(message(id="5", at=5)))
    assert (await claimed(store)).turns == ()


async def test_a_question_is_taken_in_and_claimed_in_one_unless_somebody_is_at_work(store: Store) -> None:
    became, claim = await store.requests.take(question_request(message()), room=1000)
    assert became is Submission.NEW
    assert claim is not None
    assert claim.message == message()
    assert await store.requests.take(question_request(message())) == (Submission.DUPLICATE, None)
    second = question_request(message(id="2", at=2))
    assert await store.requests.take(second) == (Submission.NEW, None)
    assert await store.requests.commit(claim, turn(claim))
    assert (await claimed(store)).message.id == "2"
    elsewhere = question_request(message(id="3", channel=PRIVATE))
    assert await store.requests.take(elsewhere, only_known=True) == (Submission.NOT_OURS, None)


async def test_what_waits_longer_is_claimed_by_what_is_taken_in_after_it(store: Store) -> None:
    await store.requests.submit(question_request(message()))
    _, claim = await store.requests.take(question_request(message(id="2", at=2)))
    assert claim is not None
    assert claim.message.id == "1"
