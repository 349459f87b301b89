"""The growing reply: first words at once, never back, always the last, nothing shown twice."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.conversation.limits import Bucket, Per
from bot.conversation.requests import NOTHING_YET, Progress
from bot.display.paced import Paced
from bot.display.reply import Reply
from bot.display.slots import Slots
from bot.errors import Gone, PlatformFailed, TooFast
from tests.fakes.budget import InMemoryBudget
from tests.fakes.messages import message
from tests.fakes.model import anywhere
from tests.fakes.platform import LIMITS, Screen

pytestmark = pytest.mark.looptime


class Always:
    """The right to show, which nobody takes away. `saving` is done whenever progress is saved."""

    def __init__(self, saving: Callable[[], Awaitable[None]] | None = None) -> None:
        self.saving = saving
        self.held = asyncio.Event()
        self.held.set()

    @property
    def holds(self) -> bool:
        return self.held.is_set()

    async def wait(self) -> None:
        await self.held.wait()

    async def save(self) -> bool:
        if self.saving is not None:
            await self.saving()
        return self.held.is_set()


def paced(screen: Screen, slots: Slots | None = None) -> Paced:
    return Paced(screen, slots or Slots(screen.limits, InMemoryBudget()))


def reply_on(
    screen: Screen,
    slots: Slots | None = None,
    *,
    progress: Progress = NOTHING_YET,
    right: Always | None = None,
    grew: Callable[[], None] = lambda: None,
) -> Reply:
    return Reply(
        message(),
        once="1",
        screen=paced(screen, slots),
        boundary=anywhere,
        right=right or Always(),
        grew=grew,
        progress=progress,
    )


async def grow(reply: Reply, *pieces: str, every: float = 0.0, note: str = "") -> None:
    """Write while the pieces arrive, to the end."""
    writing = asyncio.create_task(reply.write())
    for piece in pieces:
        reply.append(piece)
        await asyncio.sleep(every)
    reply.finish(note)
    await writing


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_the_first_words_are_shown_at_once() -> None:
    screen = Screen()
    await grow(reply_on(screen), "The", " sky", every=3)
    assert screen.messages["1-0"][0] == (0, "The")


async def test_the_last_text_is_always_shown() -> None:
    screen = Screen(round_trip=0.3)
    await grow(reply_on(screen), *(f"word{number} " for number in range(20)), every=0.07)
    assert screen.texts() == ["".join(f"word{number} " for number in range(20)).rstrip()]
    assert screen.finals == {"1-0"}


async def test_no_text_is_shown_twice_and_none_after_a_newer_one() -> None:
    screen = Screen(round_trip=0.2, limits=replace(LIMITS, settles=False))
    await grow(reply_on(screen), *"abcdefghijklmnopqrstuvwxyz", every=0.5)
    versions = [text for _, text in screen.messages["1-0"]]
    assert versions == sorted(set(versions), key=len)
    assert screen.most_in_flight == 1


async def test_a_reader_never_waits_for_the_platform() -> None:
    screen = Screen(round_trip=100)
    reply = reply_on(screen)
    writing = asyncio.create_task(reply.write())
    for _ in range(1000):
        reply.append("word ")
        await asyncio.sleep(0)
    assert now() == 0
    reply.finish()
    await writing


async def test_a_growing_text_keeps_the_platforms_pace() -> None:
    screen = Screen()
    await grow(reply_on(screen), *(f"{number} " for number in range(40)), every=0.5)
    times = [at for at, _ in screen.messages["1-0"]]
    edits = times[1:]
    assert all(later - earlier >= 5 for earlier, later in zip(edits, edits[5:], strict=False))
    assert len(times) > 15


async def test_a_last_text_does_not_wait_for_the_growth_interval() -> None:
    screen = Screen()
    await grow(reply_on(screen), "a", "b", every=0.1)
    at, text = screen.messages["1-0"][-1]
    assert text == "ab"
    assert at == pytest.approx(0.2)


async def test_a_platform_where_a_settled_answer_looks_different_is_told_that_it_is_settled() -> None:
    screen = Screen(limits=replace(LIMITS, settles=True))
    reply = reply_on(screen)
    writing = asyncio.create_task(reply.write())
    reply.append("The sky")
    await asyncio.sleep(3)
    assert screen.finals == set()
    reply.finish()
    await writing
    assert screen.finals == {"1-0"}


async def test_what_does_not_fit_goes_on_in_a_next_message() -> None:
    screen = Screen()
    text = " ".join(f"word{number:03}" for number in range(60))
    await grow(reply_on(screen), text)
    assert len(screen.texts()) > 1
    assert " ".join(screen.texts()).split() == text.split()
    assert screen.finals == {f"1-{len(screen.texts()) - 1}"}


async def test_a_note_stands_below_the_text_and_is_no_part_of_it() -> None:
    screen = Screen()
    reply = reply_on(screen)
    await grow(reply, "The sky", note="(broke off)")
    assert screen.texts() == ["The sky\n\n(broke off)"]
    assert reply.text == "The sky"


async def test_a_note_that_does_not_fit_gets_a_message_of_its_own() -> None:
    screen = Screen()
    await grow(reply_on(screen), "x" * 195, note="(broke off)")
    assert screen.texts() == ["x" * 195, "(broke off)"]


async def test_an_answer_without_words_is_its_note() -> None:
    screen = Screen()
    await grow(reply_on(screen), note="(nothing)")
    assert screen.texts() == ["(nothing)"]


async def test_a_status_is_replaced_by_the_first_words() -> None:
    screen = Screen()
    reply = reply_on(screen)
    writing = asyncio.create_task(reply.write())
    reply.status("waiting: 2")
    await asyncio.sleep(2)
    reply.append("The sky")
    reply.finish()
    await writing
    assert [text for _, text in screen.messages["1-0"]] == ["waiting: 2", "The sky"]


async def test_what_is_to_be_shown_is_saved_before_and_a_messages_id_after() -> None:
    screen, saved = Screen(), list[tuple[Progress, list[str]]]()

    async def save() -> None:
        await asyncio.sleep(0.1)
        saved.append((reply.progress, screen.texts()))

    reply = reply_on(screen, right=Always(save))
    await grow(reply, "The", " sky", every=3)
    assert saved[0] == (Progress(text="The"), [])
    assert saved[1] == (Progress(text="The", replies=("1-0",)), ["The"])
    assert saved[2] == (Progress(text="The sky", replies=("1-0",)), ["The"])


async def test_without_the_right_to_show_the_text_stands_still_and_goes_on_with_it() -> None:
    screen, right = Screen(), Always()
    reply = reply_on(screen, right=right)
    writing = asyncio.create_task(reply.write())
    reply.append("The")
    await asyncio.sleep(2)
    right.held.clear()
    reply.append(" sky is blue.")
    reply.finish()
    await asyncio.sleep(60)
    assert screen.texts() == ["The"]
    right.held.set()
    await writing
    assert screen.texts() == ["The sky is blue."]


async def test_an_answer_that_was_taken_over_goes_on_on_its_own_message_without_shrinking() -> None:
    screen = Screen()
    reply = reply_on(screen, progress=Progress(text="The sky is", replies=("1-0",)))
    await grow(reply, "The", " sky", " is", " blue", every=2)
    assert list(screen.messages) == ["1-0"]
    assert all(len(text) >= len("The sky is") for _, text in screen.messages["1-0"])
    assert screen.texts() == ["The sky is blue"]


async def test_messages_that_a_new_text_does_not_need_are_removed() -> None:
    screen = Screen()
    await grow(reply_on(screen, progress=Progress(text="x" * 300, replies=("1-0", "1-1"))), "Short.")
    assert list(screen.messages) == ["1-0"]
    assert screen.texts() == ["Short."]


async def test_a_rate_limit_that_was_hit_is_waited_out_and_nothing_is_lost() -> None:
    screen = Screen()
    screen.faults = [TooFast(7.0)]
    await grow(reply_on(screen), "The sky")
    [(at, text)] = screen.messages["1-0"]
    assert text == "The sky"
    assert at == pytest.approx(7)


async def test_a_platform_that_fails_for_a_while_gets_the_newest_text_then() -> None:
    screen = Screen()
    screen.faults = [PlatformFailed("502"), PlatformFailed("502")]
    await grow(reply_on(screen), "The", " sky", every=0.5)
    assert screen.texts() == ["The sky"]


async def test_a_channel_that_is_gone_ends_the_reply() -> None:
    screen = Screen()
    screen.faults = [Gone("deleted")]
    with pytest.raises(Gone):
        await grow(reply_on(screen), "The sky")


async def test_the_replies_of_a_channel_share_its_pace() -> None:
    screen = Screen()
    slots = Slots(screen.limits, InMemoryBudget())
    replies = [reply_on(screen, slots, progress=Progress(replies=(f"m{number}",))) for number in range(3)]
    pieces = [f"{number} " for number in range(20)]
    await asyncio.gather(*(grow(reply, *pieces, every=0.5) for reply in replies))
    times = sorted(at for versions in screen.messages.values() for at, _ in versions)
    assert all(later - earlier >= 5 for earlier, later in zip(times, times[5:], strict=False))
    assert screen.texts() == ["".join(pieces).rstrip()] * 3


async def test_whoever_watches_sees_it_end_once_its_last_text_stands() -> None:
    screen, right, seen = Screen(), Always(), list[tuple[bool, list[str]]]()
    reply = reply_on(screen, right=right, grew=lambda: seen.append((reply.growing.ended, screen.texts())))
    writing = asyncio.create_task(reply.write())
    reply.append("The sky")
    await asyncio.sleep(1)
    right.held.clear()
    reply.append(" is blue.")
    reply.finish()
    await asyncio.sleep(1)
    assert not reply.growing.ended
    right.held.set()
    await writing
    assert seen[0] == (False, ["The sky"])
    assert seen[-1] == (True, ["The sky is blue."])


async def test_what_a_library_held_back_until_the_right_was_lost_is_not_shown() -> None:
    screen, right = Screen(), Always()
    reply = reply_on(screen, right=right)
    writing = asyncio.create_task(reply.write())
    reply.append("one")
    await asyncio.sleep(1.5)
    screen.waits_within = 5.0
    reply.append(" two")
    await asyncio.sleep(1.5)
    right.held.clear()  # while the call waits
    await asyncio.sleep(30)
    assert screen.texts() == ["one"]
    right.held.set()
    reply.finish()
    await writing
    assert screen.texts() == ["one two"]


async def test_first_words_are_not_held_up_by_why_there_were_none_yet() -> None:
    tight = replace(LIMITS, total=Bucket(calls=6, seconds=60, reserve=0, per=Per.BOT))
    screen = Screen(limits=tight)
    slots = Slots(tight, InMemoryBudget())
    waiting = [
        Reply(message(), once=str(n), screen=paced(screen, slots), boundary=anywhere, right=Always())
        for n in range(3)
    ]
    writing = [asyncio.create_task(reply.write()) for reply in waiting]
    for reply in waiting:
        reply.status("In line.")
    await asyncio.sleep(1)
    assert len(screen.messages) == 1  # a third of the minute's calls are half a minute apart
    waiting[2].append("Because")
    await asyncio.sleep(1)
    assert sorted(screen.texts()) == ["Because", "In line."]
    for task in writing:
        task.cancel()
