"""What every store does with work that shall end early, turns that change, and words that are overheard."""

import asyncio
from dataclasses import replace

import pytest

from bot.conversation.content import Quote
from bot.conversation.events import Address, Said
from bot.conversation.requests import Change, Claim, Interruption, Progress, Request, Work, asked
from bot.conversation.turns import Account, Rating, Turn, Version
from bot.errors import Interrupted
from bot.ports import Submission
from tests.contracts.conftest import Store
from tests.contracts.test_mailbox import THREAD, claimed, lease_over, turn
from tests.fakes.messages import BOB, CHANNEL, message

ACCOUNT = Account(
    model="mixtral",
    settings={"temperature": 0.3, "seed": 7, "system_prompt": "¿Qué?"},
    origins={"temperature": "channel"},
    seen=("0",),
    tokens=17,
    left_out_turns=1,
    left_out_tokens=0,
    seconds=1.5,
    ending="length",
)


async def remembered(store: Store, *ids: str) -> list[Turn]:
    """Questions that were asked and answered."""
    for id in ids:  # noqa: A001
        await store.mailbox.submit(asked(message(id=id, at=float(id))))
        claim = await claimed(store)
        await store.mailbox.commit(claim, turn(claim, f"answer {id}"))
    return list(await store.archive.turns(CHANNEL))


async def running(store: Store, sent: Said | None = None) -> Claim:
    await store.mailbox.submit(asked(sent or message()))
    return await claimed(store)


def again(of: str = "1", *, id: str = "again:1:1", work: Work = Work.AGAIN) -> Request:  # noqa: A002
    return Request(id=id, at=5.0, work=work, message=message(id=of))


async def test_what_is_being_done_can_be_seen_with_the_messages_that_show_it(store: Store) -> None:
    assert await store.interrupts.current(CHANNEL) is None
    claim = await running(store)
    await store.mailbox.beat(claim, Progress(text="Ray", replies=("r1",)))
    found = await store.interrupts.current(CHANNEL)
    assert found is not None
    assert (found.request, found.replies) == (claim.request, ("r1",))
    await store.mailbox.commit(claim, None)
    assert await store.interrupts.current(CHANNEL) is None


@pytest.mark.parametrize("how", [Interruption.STOP, Interruption.WITHDRAW, Interruption.REVISE])
async def test_whoever_is_at_work_hears_it_at_once_and_finds_it_at_the_next_beat(
    store: Store, how: Interruption
) -> None:
    heard: list[Change] = []

    def tell(change: Change) -> None:
        if change.interruption is not None:
            heard.append(change)

    listening = asyncio.create_task(store.interrupts.listen(tell, lambda: None))
    claim = await running(store)
    async with asyncio.timeout(5):
        while not heard:
            # Until the listener is there, nothing is heard: it is said again.
            match how:
                case Interruption.STOP:
                    assert await store.interrupts.stop(CHANNEL, "1")
                case Interruption.WITHDRAW:
                    assert await store.interrupts.withdraw(CHANNEL, "1")
                case Interruption.REVISE:
                    assert await store.interrupts.revise(message(f"Text {asyncio.get_running_loop().time()}"))
            await asyncio.sleep(0.05)
    assert heard[0] == Change(conversation=CHANNEL.key, message="1", interruption=how)
    assert await store.mailbox.beat(claim, Progress()) is how
    listening.cancel()


async def test_only_the_question_that_is_worked_on_can_be_stopped(store: Store) -> None:
    assert not await store.interrupts.stop(CHANNEL, "1")
    claim = await running(store)
    assert not await store.interrupts.stop(CHANNEL, "2")
    assert await store.mailbox.beat(claim, Progress()) is None


async def test_a_stop_is_known_to_who_takes_over_and_gone_after_the_commit(store: Store) -> None:
    claim = await running(store)
    await store.interrupts.stop(CHANNEL, "1")
    await store.mailbox.release(claim, Progress(text="Ray"))
    claim = await claimed(store)
    assert claim.interruption is Interruption.STOP
    await store.mailbox.commit(claim, turn(claim, "Ray"))
    assert (await running(store, message(id="2", at=2))).interruption is None


@pytest.mark.parametrize("revised", [False, True])
async def test_an_answer_to_what_was_deleted_or_edited_is_not_remembered(store: Store, revised: bool) -> None:
    claim = await running(store)
    if revised:
        await store.interrupts.revise(message("Another text"))
    else:
        await store.interrupts.withdraw(CHANNEL, "1")
    with pytest.raises(Interrupted) as refused:
        await store.mailbox.commit(claim, turn(claim))
    assert refused.value.how is (Interruption.REVISE if revised else Interruption.WITHDRAW)
    assert await store.archive.turns(CHANNEL) == []
    await store.mailbox.commit(claim, None)
    assert await store.mailbox.take(CHANNEL) is None


async def test_an_edited_question_is_taken_again_with_its_new_text_and_its_messages(store: Store) -> None:
    claim = await running(store)
    assert await store.interrupts.revise(message("Another text"))
    await store.mailbox.release(claim, Progress(text="old", replies=("r1",)))
    claim = await claimed(store)
    assert claim.message.text == "Another text"
    assert claim.progress == Progress(text="", replies=("r1",))
    assert claim.interruption is None


async def test_the_same_text_is_no_edit(store: Store) -> None:
    claim = await running(store)
    assert await store.interrupts.revise(message())
    assert await store.mailbox.beat(claim, Progress()) is None


async def test_a_deletion_is_not_undone_by_an_edit(store: Store) -> None:
    await running(store)
    await store.interrupts.withdraw(CHANNEL, "1")
    assert not await store.interrupts.revise(message("Another text"))


async def test_a_question_that_waits_is_edited_and_deleted_where_it_waits(store: Store) -> None:
    await running(store)
    await store.mailbox.submit(asked(message("Two?", id="2", at=2)))
    await store.mailbox.submit(asked(message("Three?", id="3", at=3)))
    assert await store.interrupts.revise(message("Two!", id="2", at=2))
    assert await store.interrupts.withdraw(CHANNEL, "3")
    await lease_over()
    claim = await claimed(store)
    assert await store.mailbox.commit(claim, turn(claim))
    claim = await claimed(store)
    assert claim.message.text == "Two!"
    assert not await store.mailbox.commit(claim, turn(claim))


async def test_a_question_that_was_deleted_before_it_arrived_is_known(store: Store) -> None:
    assert not await store.interrupts.withdraw(CHANNEL, "1")
    assert await store.mailbox.submit(asked(message())) is Submission.DUPLICATE


async def test_a_turn_that_is_done_again_takes_its_own_place(store: Store) -> None:
    first, second = await remembered(store, "1", "2")
    await store.mailbox.submit(again())
    claim = await claimed(store)
    assert (claim.request.work, claim.about) == (Work.AGAIN, 0)
    changed = replace(first, versions=(*first.versions, Version(text="new", account=ACCOUNT)), shown=1)
    await store.mailbox.commit(claim, changed)
    assert await store.archive.turns(CHANNEL) == [changed, second]


async def test_a_turn_that_was_forgotten_meanwhile_does_not_come_back(store: Store) -> None:
    first, second = await remembered(store, "1", "2")
    await store.mailbox.submit(again())
    claim = await claimed(store)
    assert await store.archive.amend(CHANNEL, first, None)
    await store.mailbox.commit(claim, first)
    assert await store.archive.turns(CHANNEL) == [second]


async def test_work_on_a_turn_whose_question_is_deleted_is_withdrawn(store: Store) -> None:
    await remembered(store, "1")
    await store.mailbox.submit(again())
    claim = await claimed(store)
    assert await store.interrupts.withdraw(CHANNEL, "1")
    assert await store.mailbox.beat(claim, Progress()) is Interruption.WITHDRAW


async def test_a_turn_is_amended_unless_somebody_was_faster(store: Store) -> None:
    [first] = await remembered(store, "1")
    rated = first.with_version(
        Version(text="a", account=ACCOUNT, ratings={"screen::u-bob": Rating(good=True, why="¡Sí!")})
    )
    assert await store.archive.amend(CHANNEL, first, rated)
    assert await store.archive.turns(CHANNEL) == [rated]
    assert not await store.archive.amend(CHANNEL, first, None)
    assert await store.archive.amend(CHANNEL, rated, None)
    assert await store.archive.turns(CHANNEL) == []


async def test_what_is_overheard_comes_with_the_next_question_and_once(store: Store) -> None:
    aside = message("Look at this.", id="a", channel=THREAD, address=Address.FOLLOW_UP, author=BOB)
    assert await store.mailbox.submit(asked(aside), only_known=True) is Submission.NOT_OURS
    await store.archive.overhear(replace(aside, id="b", text="And this."))
    assert await store.archive.heard(THREAD, "a")
    assert not await store.archive.heard(CHANNEL, "a")
    await store.mailbox.submit(asked(message(channel=THREAD)))
    claim = await claimed(store, THREAD)
    assert claim.heard == (
        Quote(author="Bob", text="Look at this.", person="screen::u-bob"),
        Quote(author="Bob", text="And this.", person="screen::u-bob"),
    )
    await store.archive.overhear(replace(aside, id="c", text="Later."))
    await store.mailbox.commit(claim, turn(claim))
    await store.mailbox.submit(asked(message(id="2", at=2, channel=THREAD)))
    assert [quote.text for quote in (await claimed(store, THREAD)).heard] == ["Later."]


async def test_a_workspaces_settings_hold_in_its_channels(store: Store) -> None:
    await store.memory.change(CHANNEL, {"seed": 7, "top_p": 0.5}, by="screen::u-ada", workspace=True)
    await store.memory.change(CHANNEL, {"seed": 8}, by="screen::u-ada")
    elsewhere = replace(CHANNEL, channel="elsewhere")
    layers = await store.memory.settings(elsewhere)
    assert (layers.workspace, layers.channel) == ({"seed": 7, "top_p": 0.5}, {})
    claim = await running(store)
    assert claim.settings == await store.memory.settings(CHANNEL)
    assert claim.settings.channel == {"seed": 8}
    assert (await store.memory.settings(replace(CHANNEL, workspace="other"))).workspace == {}
