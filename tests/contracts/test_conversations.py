"""What every store does with work that shall end early, turns that change, and words that are quoted."""

import asyncio
from dataclasses import replace

import pytest

from bot.conversation.events import Address, ChannelRef, Said
from bot.conversation.layers import Scope
from bot.conversation.requests import (
    Change,
    Claim,
    Interruption,
    Progress,
    Reached,
    Request,
    State,
    Submission,
    Work,
    command_request,
    question_request,
)
from bot.conversation.turns import Rating, Turn, Version
from bot.errors import Interrupted
from bot.ports import Store
from tests.contracts.test_requests import ACCOUNT, THREAD, claimed, lease_over, turn
from tests.fakes.messages import CHANNEL, PRIVATE, command, message


async def remembered(store: Store, *ids: str) -> list[Turn]:
    """Questions that were asked and answered."""
    for id in ids:  # noqa: A001
        await store.requests.submit(question_request(message(id=id, at=float(id))))
        claim = await claimed(store)
        await store.requests.commit(claim, turn(claim, f"answer {id}"))
    return list((await store.conversations.read(CHANNEL)).turns)


async def running(store: Store, sent: Said | None = None) -> Claim:
    await store.requests.submit(question_request(sent or message()))
    return await claimed(store)


async def withdraw(store: Store, id: str) -> State:  # noqa: A002  # the field's name
    return (await store.conversations.interrupt(CHANNEL, id, Interruption.WITHDRAW)).state


async def revise(store: Store, sent: Said) -> State:
    return (await store.conversations.interrupt(CHANNEL, sent.id, Interruption.REVISE, sent)).state


async def stop(store: Store, id: str) -> State:  # noqa: A002  # the field's name
    return (await store.conversations.interrupt(CHANNEL, id, Interruption.STOP)).state


def again(of: str = "1", *, id: str = "again:1:1", work: Work = Work.AGAIN) -> Request:  # noqa: A002
    return Request(id=id, at=5.0, work=work, message=message(id=of))


async def test_what_is_being_done_can_be_seen_with_the_messages_that_show_it(store: Store) -> None:
    assert (await store.conversations.read(CHANNEL)).running is None
    claim = await running(store)
    await store.requests.beat(claim, Progress(text="Ray", replies=("r1",)))
    found = (await store.conversations.read(CHANNEL)).running
    assert found is not None
    assert (found.request, found.replies) == (claim.request, ("r1",))
    await store.requests.commit(claim, None)
    assert (await store.conversations.read(CHANNEL)).running is None


@pytest.mark.parametrize("how", [Interruption.STOP, Interruption.WITHDRAW, Interruption.REVISE])
async def test_whoever_is_at_work_hears_it_at_once_and_finds_it_at_the_next_beat(
    store: Store, how: Interruption
) -> None:
    heard: list[Change] = []

    def tell(change: Change) -> None:
        if change.interruption is not None:
            heard.append(change)

    listening = asyncio.create_task(store.changes.listen(tell, lambda: None))
    claim = await running(store)
    async with asyncio.timeout(5):
        while not heard:
            # Until the listener is there, nothing is heard: it is said again.
            match how:
                case Interruption.STOP:
                    assert await stop(store, "1") is State.RUNNING
                case Interruption.WITHDRAW:
                    assert await withdraw(store, "1") is State.RUNNING
                case Interruption.REVISE:
                    text = f"Text {asyncio.get_running_loop().time()}"
                    assert await revise(store, message(text)) is State.RUNNING
            await asyncio.sleep(0.05)
    version = heard[0].version
    assert heard[0] == Change(conversation=CHANNEL.key, version=version, message="1", interruption=how)
    assert await store.requests.beat(claim, Progress()) is how
    listening.cancel()


async def test_only_the_question_that_is_worked_on_can_be_stopped(store: Store) -> None:
    assert await stop(store, "1") is State.UNKNOWN
    claim = await running(store)
    assert await stop(store, "2") is State.UNKNOWN
    assert await store.requests.beat(claim, Progress()) is None


async def test_a_stop_is_known_to_who_takes_over_and_gone_after_the_commit(store: Store) -> None:
    claim = await running(store)
    await stop(store, "1")
    await store.requests.release(claim, Progress(text="Ray"))
    claim = await claimed(store)
    assert claim.interruption is Interruption.STOP
    await store.requests.commit(claim, turn(claim, "Ray"))
    assert (await running(store, message(id="2", at=2))).interruption is None


@pytest.mark.parametrize("revised", [False, True])
async def test_an_answer_to_what_was_deleted_or_edited_is_not_remembered(store: Store, revised: bool) -> None:
    claim = await running(store)
    if revised:
        await revise(store, message("Another text"))
    else:
        await withdraw(store, "1")
    with pytest.raises(Interrupted) as refused:
        await store.requests.commit(claim, turn(claim))
    assert refused.value.how is (Interruption.REVISE if revised else Interruption.WITHDRAW)
    assert (await store.conversations.read(CHANNEL)).turns == ()
    await store.requests.commit(claim, None)
    assert await store.requests.claim(CHANNEL) is None


async def test_an_edited_question_is_taken_again_with_its_new_text_and_its_messages(store: Store) -> None:
    claim = await running(store)
    assert await revise(store, message("Another text")) is State.RUNNING
    await store.requests.release(claim, Progress(text="old", replies=("r1",)))
    claim = await claimed(store)
    assert claim.message.text == "Another text"
    assert claim.progress == Progress(text="", replies=("r1",))
    assert claim.interruption is None


async def test_the_same_text_is_no_edit(store: Store) -> None:
    claim = await running(store)
    assert await revise(store, message()) is State.SAME
    assert await store.requests.beat(claim, Progress()) is None


async def test_a_deletion_is_not_undone_by_an_edit(store: Store) -> None:
    await running(store)
    await withdraw(store, "1")
    assert await revise(store, message("Another text")) is State.UNKNOWN


async def test_a_question_that_waits_is_edited_and_deleted_where_it_waits(store: Store) -> None:
    await running(store)
    await store.requests.submit(question_request(message("Two?", id="2", at=2)))
    await store.requests.submit(question_request(message("Three?", id="3", at=3)))
    assert await revise(store, message("Two!", id="2", at=2)) is State.WAITING
    assert await withdraw(store, "3") is State.WAITING
    await lease_over()
    claim = await claimed(store)
    assert await store.requests.commit(claim, turn(claim))
    claim = await claimed(store)
    assert claim.message.text == "Two!"
    assert not await store.requests.commit(claim, turn(claim))


async def test_a_question_that_was_deleted_before_it_arrived_is_known(store: Store) -> None:
    await remembered(store, "1")
    assert await withdraw(store, "2") is State.UNKNOWN
    assert await store.requests.submit(question_request(message(id="2"))) is Submission.DUPLICATE


async def test_a_turn_that_is_done_again_takes_its_own_place(store: Store) -> None:
    first, second = await remembered(store, "1", "2")
    await store.requests.submit(again())
    claim = await claimed(store)
    assert (claim.request.work, claim.turns, claim.turn) == (Work.AGAIN, (), first)
    changed = replace(first, versions=(*first.versions, Version(text="new", account=ACCOUNT)), shown=1)
    await store.requests.commit(claim, changed)
    assert (await store.conversations.read(CHANNEL)).turns == (changed, second)


async def test_a_turn_that_was_forgotten_meanwhile_does_not_come_back(store: Store) -> None:
    first, second = await remembered(store, "1", "2")
    await store.requests.submit(again())
    claim = await claimed(store)
    assert await store.conversations.amend(CHANNEL, first, None)
    await store.requests.commit(claim, first)
    assert (await store.conversations.read(CHANNEL)).turns == (second,)


async def test_work_on_a_turn_whose_question_is_deleted_is_withdrawn(store: Store) -> None:
    await remembered(store, "1")
    await store.requests.submit(again())
    claim = await claimed(store)
    assert await withdraw(store, "1") is State.RUNNING
    assert await store.requests.beat(claim, Progress()) is Interruption.WITHDRAW


async def test_a_turn_is_amended_unless_somebody_was_faster(store: Store) -> None:
    [first] = await remembered(store, "1")
    rated = first.with_version(
        Version(text="a", account=ACCOUNT, ratings={"screen::u-bob": Rating(good=True, why="¡Sí!")})
    )
    assert await store.conversations.amend(CHANNEL, first, rated)
    assert (await store.conversations.read(CHANNEL)).turns == (rated,)
    assert not await store.conversations.amend(CHANNEL, first, None)
    assert await store.conversations.amend(CHANNEL, rated, None)
    assert (await store.conversations.read(CHANNEL)).turns == ()


async def test_a_question_that_is_meant_for_others_since_its_edit_stays_what_it_was(store: Store) -> None:
    await store.requests.submit(question_request(message("Why?", id="a")))
    edited = message("Never mind.", id="a", address=Address.OVERHEARD)
    reached = await store.conversations.interrupt(CHANNEL, "a", Interruption.REVISE, edited)
    stands = await store.conversations.read(CHANNEL)
    assert reached.state is State.UNKNOWN
    assert [each.message.text for each in stands.waiting] == ["Why?"]


async def test_a_question_that_is_deleted_is_forgotten_and_told(store: Store) -> None:
    first, second = await remembered(store, "1", "2")
    reached = await store.conversations.interrupt(CHANNEL, "1", Interruption.WITHDRAW)
    assert reached == Reached(state=State.UNKNOWN, turn=first)
    assert (await store.conversations.read(CHANNEL)).turns == (second,)
    edited = message("Otherwise?", id="2")
    reached = await store.conversations.interrupt(CHANNEL, "2", Interruption.REVISE, edited)
    assert reached == Reached(state=State.UNKNOWN, turn=second)
    assert (await store.conversations.read(CHANNEL)).turns == (second,)


async def test_an_edit_that_waits_goes_with_its_question(store: Store) -> None:
    await remembered(store, "1")
    await running(store, message(id="2", at=2))
    for number in (1, 2):
        await store.requests.submit(again(id=f"redo:1:{number}", work=Work.REDO))
    await store.requests.submit(question_request(message(id="3", at=3)))
    assert await withdraw(store, "1") is State.WAITING
    stands = await store.conversations.read(CHANNEL)
    assert stands.turns == ()
    assert [each.id for each in stands.waiting] == ["3"]


async def test_the_conversation_of_a_message_of_the_bot_is_found(store: Store) -> None:
    await store.requests.submit(question_request(message(channel=THREAD)))
    claim = await claimed(store, THREAD)
    await store.requests.beat(claim, Progress(text="Ray", replies=("r1",)))
    assert await store.conversations.of_message(CHANNEL, "r1") == THREAD
    await store.requests.commit(claim, turn(claim))
    assert await store.conversations.of_message(CHANNEL, "r2") == THREAD
    assert await store.conversations.of_message(CHANNEL, "1") is None


async def test_every_change_has_a_version_of_its_own(store: Store) -> None:
    versions = [(await store.conversations.read(CHANNEL)).version]

    async def changed() -> None:
        versions.append((await store.conversations.read(CHANNEL)).version)

    claim = await running(store)
    await changed()
    await store.requests.beat(claim, Progress(text="Ray"))
    await changed()
    await store.requests.commit(claim, turn(claim))
    await changed()
    await store.settings.change(CHANNEL, {"seed": 7}, by="")
    await changed()
    await store.conversations.reset(CHANNEL)
    await changed()
    assert versions == sorted(set(versions))


async def test_a_workspaces_settings_hold_in_its_channels(store: Store) -> None:
    await store.settings.change(CHANNEL, {"seed": 7, "top_p": 0.5}, by="screen::u-ada", scope=Scope.WORKSPACE)
    await store.settings.change(CHANNEL, {"seed": 8}, by="screen::u-ada")
    elsewhere = replace(CHANNEL, channel="elsewhere")
    layers = await store.settings.read(elsewhere, "")
    assert (layers.workspace, layers.channel) == ({"seed": 7, "top_p": 0.5}, {})
    claim = await running(store)
    assert claim.settings == await store.settings.read(CHANNEL, "")
    assert claim.settings.channel == {"seed": 8}
    assert (await store.settings.read(replace(CHANNEL, workspace="other"), "")).workspace == {}


@pytest.mark.parametrize("scope", list(Scope))
async def test_what_is_set_is_told_to_all_for_whom_it_holds(store: Store, scope: Scope) -> None:
    heard, subscribed = asyncio.Queue[Change](), asyncio.Event()
    listening = asyncio.create_task(store.changes.listen(heard.put_nowait, subscribed.set))
    await subscribed.wait()
    await store.settings.change(THREAD, {"seed": 7}, by="screen::u-ada", scope=scope)
    change = await heard.get()
    listening.cancel()
    assert change.scope == (THREAD.home if scope is Scope.WORKSPACE else THREAD.scope)


async def test_a_claim_says_when_the_conversation_was_reset(store: Store) -> None:
    claim = await running(store)
    assert claim.reset_at == 0.0
    await store.requests.commit(claim, turn(claim))
    await store.conversations.reset(CHANNEL)
    first = (await running(store, message(id="2", at=2))).reset_at
    assert first > 0.0
    await store.conversations.reset(CHANNEL)
    await lease_over()
    assert (await claimed(store)).reset_at > first


async def asked(store: Store, *channels: ChannelRef) -> None:
    for channel in channels:
        await store.requests.submit(question_request(message(channel=channel)))
        await asyncio.sleep(0.01)  # the order is that of the store's own time


async def test_the_latest_conversations_are_known_for_a_day(store: Store) -> None:
    other = replace(CHANNEL, platform="other")
    await asked(store, CHANNEL, PRIVATE, THREAD, other)
    await store.requests.submit(command_request(command("help", channel=replace(CHANNEL, channel="d")), 1.0))
    assert await store.conversations.latest("screen", private=False, most=10) == [THREAD, CHANNEL]
    assert await store.conversations.latest("screen", private=False, most=1) == [THREAD]
    assert await store.conversations.latest("screen", private=True, most=10) == [PRIVATE]
    await asked(store, replace(CHANNEL, channel="e"))
    assert len(await store.conversations.latest("screen", private=False, most=10)) == 3


async def test_of_who_is_forgotten_no_private_conversation_is_known(store: Store) -> None:
    await asked(store, PRIVATE)
    await store.people.forget(message().person)
    assert await store.conversations.latest("screen", private=True, most=10) == []
