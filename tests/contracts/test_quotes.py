"""What every store does with words that are quoted when they are deleted or edited where they stand."""

from dataclasses import replace

import pytest

from bot.conversation.content import Quote
from bot.conversation.events import Address, Said
from bot.conversation.requests import Claim, Interruption, Snapshot, State, question_request
from bot.conversation.turns import Turn
from bot.ports import Store
from tests.contracts.test_conversations import again, revise, running, withdraw
from tests.contracts.test_requests import THREAD, claimed, lease_over, turn
from tests.fakes.messages import BOB, CHANNEL, message


def quoting(id: str, *quoted: str, at: float = 1.0) -> Said:  # noqa: A002  # the field's name
    quotes = tuple(Quote(author="Bob", text="Look.", person="screen::u-bob", message=each) for each in quoted)
    return message(f"Question {id}", id=id, at=at, quotes=quotes)


def quotes_in(stands: Snapshot) -> list[list[str]]:
    """What is quoted in the turns and in what waits."""
    quotes = [*(each.quotes for each in stands.turns), *(each.message.quotes for each in stands.waiting)]
    return [[quote.text for quote in each] for each in quotes]


async def quoted(store: Store) -> None:
    """A turn and a question that waits, which both quote the message "b"."""
    claim = await running(store, quoting("1", "a", "b"))
    await store.requests.commit(claim, replace(turn(claim), quotes=claim.message.quotes))
    await running(store, message(id="2", at=2))
    await store.requests.submit(question_request(quoting("3", "b", at=3)))


async def test_a_message_that_is_deleted_is_quoted_nowhere_any_more(store: Store) -> None:
    await quoted(store)
    assert await withdraw(store, "b") is State.UNKNOWN
    assert quotes_in(await store.conversations.read(CHANNEL)) == [["Look."], []]


async def test_a_message_that_is_edited_is_quoted_in_its_new_words(store: Store) -> None:
    await quoted(store)
    await revise(store, message("Look there.", id="b", author=BOB))
    assert quotes_in(await store.conversations.read(CHANNEL)) == [["Look.", "Look there."], ["Look there."]]


async def test_a_message_for_others_that_is_edited_is_quoted_in_its_new_words(store: Store) -> None:
    await quoted(store)
    edited = message("Look there.", id="b", address=Address.OVERHEARD)
    await store.conversations.interrupt(CHANNEL, "b", Interruption.REVISE, edited)
    assert quotes_in(await store.conversations.read(CHANNEL)) == [["Look.", "Look there."], ["Look there."]]


async def test_a_message_whose_new_words_may_not_be_seen_is_quoted_no_more(store: Store) -> None:
    await quoted(store)
    await revise(store, message("", id="b", author=BOB))
    assert quotes_in(await store.conversations.read(CHANNEL)) == [["Look."], []]


async def quoted_elsewhere(store: Store) -> None:
    """The channel's message "b" is quoted in a thread of it: in a turn, and in a question that waits."""
    first = replace(quoting("1", "b"), channel=THREAD)
    await store.requests.submit(question_request(first))
    claim = await claimed(store, THREAD)
    await store.requests.commit(claim, replace(turn(claim), quotes=first.quotes))
    await store.requests.submit(question_request(replace(quoting("2", "b", at=2), channel=THREAD)))


async def test_a_message_that_is_deleted_is_quoted_in_no_thread_either(store: Store) -> None:
    await quoted_elsewhere(store)
    assert await withdraw(store, "b") is State.UNKNOWN
    assert quotes_in(await store.conversations.read(THREAD)) == [[], []]


@pytest.mark.parametrize("address", [Address.MENTION, Address.OVERHEARD])
async def test_a_message_that_is_edited_is_quoted_in_its_new_words_in_a_thread_too(
    store: Store, address: Address
) -> None:
    await quoted_elsewhere(store)
    await revise(store, message("Look there.", id="b", author=BOB, address=address))
    assert quotes_in(await store.conversations.read(THREAD)) == [["Look there."], ["Look there."]]


async def test_what_a_question_quotes_since_its_edit_is_reached_as_well(store: Store) -> None:
    await store.requests.submit(question_request(message("Why?", channel=THREAD)))
    edited = replace(quoting("1", "b"), channel=THREAD)
    await store.conversations.interrupt(THREAD, "1", Interruption.REVISE, edited)
    await withdraw(store, "b")
    assert quotes_in(await store.conversations.read(THREAD)) == [[]]


async def test_a_stop_changes_no_quote(store: Store) -> None:
    await quoted_elsewhere(store)
    await store.conversations.interrupt(CHANNEL, "b", Interruption.STOP)
    assert quotes_in(await store.conversations.read(THREAD)) == [["Look."], ["Look."]]


async def test_a_question_that_is_quoted_in_a_thread_stays_there_only_in_its_new_words(store: Store) -> None:
    claim = await running(store, message(id="b"))
    await store.requests.commit(claim, turn(claim))
    await quoted_elsewhere(store)
    await withdraw(store, "b")
    assert quotes_in(await store.conversations.read(CHANNEL)) == []
    assert quotes_in(await store.conversations.read(THREAD)) == [[], []]


async def quoted_while_answering(store: Store) -> tuple[Claim, Turn]:
    """A thread's question that is being answered, and its turn to be: it quotes two messages of the channel,
    of which the store has not heard yet."""
    claim = await running_in_thread(store)
    return claim, replace(turn(claim), quotes=quoting("1", "a", "b").quotes)


async def running_in_thread(store: Store) -> Claim:
    await store.requests.submit(question_request(message(channel=THREAD)))
    return await claimed(store, THREAD)


async def test_a_message_that_is_deleted_while_an_answer_quotes_it_is_not_kept(store: Store) -> None:
    claim, becomes = await quoted_while_answering(store)
    await withdraw(store, "b")
    await store.requests.commit(claim, becomes)
    assert quotes_in(await store.conversations.read(THREAD)) == [["Look."]]


async def test_a_message_that_is_edited_while_an_answer_quotes_it_is_kept_in_its_newest_words(
    store: Store,
) -> None:
    claim, becomes = await quoted_while_answering(store)
    await revise(store, message("Look there.", id="a", author=BOB, address=Address.OVERHEARD))
    await revise(store, message("Look up.", id="a", author=BOB, address=Address.OVERHEARD))
    await revise(store, message("", id="b", author=BOB, address=Address.OVERHEARD))
    await store.requests.commit(claim, becomes)
    assert quotes_in(await store.conversations.read(THREAD)) == [["Look up."]]


async def test_what_another_version_is_written_to_quotes_is_reached_meanwhile(store: Store) -> None:
    claim, becomes = await quoted_while_answering(store)
    await store.requests.commit(claim, becomes)
    await store.requests.submit(replace(again(), message=claim.message))
    claim = await claimed(store, THREAD)
    await withdraw(store, "b")
    assert claim.turn is not None
    await store.requests.commit(claim, replace(claim.turn, shown=0))
    assert quotes_in(await store.conversations.read(THREAD)) == [["Look."]]


async def test_what_changed_while_a_process_answered_that_died_is_known_to_the_next(store: Store) -> None:
    _, becomes = await quoted_while_answering(store)
    await withdraw(store, "b")
    await lease_over()
    await store.requests.commit(await claimed(store, THREAD), becomes)
    assert quotes_in(await store.conversations.read(THREAD)) == [["Look."]]


async def test_words_that_an_earlier_answer_was_told_of_change_no_later_one(store: Store) -> None:
    await running_in_thread(store)
    await revise(store, message("Look there.", id="a", author=BOB, address=Address.OVERHEARD))
    await store.requests.drop(THREAD)
    await revise(store, message("Look.", id="a", author=BOB, address=Address.OVERHEARD))
    await store.requests.submit(question_request(message(id="2", channel=THREAD)))
    claim = await claimed(store, THREAD)
    await store.requests.commit(claim, replace(turn(claim), quotes=quoting("2", "a").quotes))
    assert quotes_in(await store.conversations.read(THREAD)) == [["Look."]]
