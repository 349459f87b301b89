"""What people do on the page goes in as events, and whatever comes of it is said."""

import asyncio
import logging

import pytest

from adapters.platforms.web.actions import Actions
from adapters.platforms.web.handouts import Handouts
from adapters.platforms.web.limits import FILE_SECONDS, QUESTION_LENGTH
from adapters.platforms.web.visitors import MOST_WISHES, Visitor, wishes
from bot.conversation.events import Edited
from bot.conversation.verbs import RESET, STOP
from bot.conversation.views import File, Outcome
from bot.errors import StoreUnavailable
from bot.languages import speaker
from tests.fakes.receiver import Receiver

pytestmark = pytest.mark.looptime

ADA = Visitor(browser="b1")


async def test_a_question_that_is_none_is_not_put() -> None:
    receiver = Receiver()
    actions = Actions(receive=receiver.receive)
    viewer = actions.viewer(ADA, "en", "c1")
    assert await actions.ask(viewer, " \n ") is None
    assert await actions.edit(viewer, "0123456789abcdef", " ") is None
    assert receiver.events.empty()


async def test_what_is_longer_than_any_window_is_cut() -> None:
    receiver = Receiver()
    actions = Actions(receive=receiver.receive)
    await actions.ask(actions.viewer(ADA, "en", "c1"), "x" * (QUESTION_LENGTH + 1))
    assert len((await receiver.question()).text) == QUESTION_LENGTH


async def test_a_question_that_a_page_says_again_is_the_same_one() -> None:
    receiver = Receiver()
    actions = Actions(receive=receiver.receive)
    viewer = actions.viewer(ADA, "en", "c1")
    for _ in range(2):
        await actions.ask(viewer, "Why?", "0123456789abcdef")
    await actions.ask(viewer, "Why not?", "../x")
    first, second = [await receiver.question() for _ in range(2)]
    assert (first.id, first.text) == ("0123456789abcdef", "Why?")
    assert (second.text, second.id == "../x") == ("Why not?", False)


async def test_only_messages_that_the_page_made_are_edited() -> None:
    receiver = Receiver()
    actions = Actions(receive=receiver.receive)
    viewer = actions.viewer(ADA, "en", "c1")
    await actions.ask(viewer, "Why?")
    question = await receiver.question()
    await actions.edit(viewer, question.id, "Why not?")
    edit = receiver.events.get_nowait()
    assert isinstance(edit, Edited)
    assert (edit.message.id, edit.message.text) == (question.id, "Why not?")
    assert await actions.edit(viewer, "x" * 10_000, "Why not?") is None
    assert receiver.events.empty()


async def test_a_conversation_of_no_name_is_a_new_one() -> None:
    actions = Actions(receive=Receiver().receive)
    one, other = (actions.viewer(ADA, "en", "a:b").conversation for _ in range(2))
    assert one != other
    assert actions.viewer(ADA, "en", "c1").conversation == "c1"


async def test_deleting_a_conversation_ends_what_is_written_in_it_first() -> None:
    receiver = Receiver()
    actions = Actions(receive=receiver.receive)
    viewer = actions.viewer(ADA, "en", "c1")
    await actions.delete(viewer, "c2")
    done = [await receiver.command() for _ in range(2)]
    assert [each.verb for each in done] == [STOP.word, RESET.word]
    assert {each.channel for each in done} == {actions.viewer(ADA, "en", "c2").channel}
    await actions.delete(viewer, "a:b")
    assert receiver.events.empty()


@pytest.mark.parametrize(
    ("error", "words"),
    [(StoreUnavailable("away"), "can't reach my memory"), (ValueError("a secret"), "went wrong on my side")],
)
async def test_whatever_goes_wrong_ends_in_words(
    error: Exception, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    receiver = Receiver()
    actions = Actions(receive=receiver.receive)
    viewer = actions.viewer(ADA, "en", "c1")
    with caplog.at_level(logging.ERROR):
        receiver.faults.append(error)
        notice = await actions.ask(viewer, "Keep this to yourself.")
        assert notice is not None
        assert (words in notice.text, notice.outcome) == (True, Outcome.FAILED)
        receiver.faults.append(error)
        assert words in (await actions.save(ADA, "en", {"temperature": "0.3"})).text
        receiver.faults.append(error)
        assert await actions.panel(ADA, "en") is None
    assert "secret" not in caplog.text
    assert "yourself" not in caplog.text
    assert ("Said from the page" in caplog.text) == isinstance(error, ValueError)


async def test_a_file_is_there_for_a_while() -> None:
    handouts, file = Handouts(), File(name="export.json", content=b"{}")
    address = handouts.offer(file, "b1")
    assert handouts.offer(file, "b1") == address
    name = address.removeprefix("/files/")
    assert handouts.find_file(name, "b1") is file
    assert handouts.find_file(name, "b2") is None
    await asyncio.sleep(FILE_SECONDS + 1)
    assert handouts.find_file(name, "b1") is None


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("tlh, en;q=0.2, es;q=0.7", "es"),
        ("en;q=0, es;q=0.1", "es"),
        ("tlh", "en"),
        ("", "en"),
        ("es;q=x, ;;, en", "en"),
        (f"{'tlh,' * MOST_WISHES}es", "en"),
    ],
)
async def test_the_page_speaks_what_the_browser_likes_best(header: str, language: str) -> None:
    assert speaker(*wishes(header)).language.tag == language
