"""Answers that a platform does not let stand, on virtual time: each ends in words, the next is answered."""

import asyncio
from collections.abc import Callable

import pytest

from bot.conversation import verbs
from bot.conversation.generation import FinishReason
from bot.conversation.views import Page
from bot.errors import (
    AccessLost,
    ContentRefused,
    Forbidden,
    Gone,
    ModelWaking,
    PlatformError,
    PlatformFailed,
)
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import CHANNEL, command, message
from tests.fakes.model import Speaker

pytestmark = pytest.mark.looptime

WORDS = ("The ", "sky ", "is ", "blue ", "and ", "full ", "of ", "badword ", "and ", "birds.")
BLOCKED = ContentRefused("400, code 200000", blocked=True)
UNSHOWABLE = ContentRefused("400, code 50035", blocked=False)
BLOCKED_NOTE = "*The rest of this answer was blocked by this place's own rules.*"
BLOCKED_WHOLE = "*This answer was blocked by this place's own rules.*"
UNSHOWABLE_WHOLE = "*This place does not take this answer. Copy gives you all of it.*"
UNSHOWABLE_NOTE = "*This place does not take the rest of this answer. Copy gives you all of it.*"


def where(word: str, error: PlatformError) -> Callable[[Page], PlatformError | None]:
    return lambda page: error if word in page.text else None


async def answered(bot: Bot) -> None:
    """The next question is answered at once."""
    bot.screen.refuses = lambda page: None
    bot.model.pieces = ("Yes.",)
    async with bot.running():
        await bot.receive(message(id="2", at=2))
        await asyncio.sleep(5)
    assert bot.screen.messages["2-0"][-1][1] == "Yes."


async def test_a_word_that_the_place_blocks_settles_what_stands_and_says_so() -> None:
    bot = Bot(Speaker(WORDS, every=2.0))
    bot.screen.refuses = where("badword", BLOCKED)
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(40)
        assert bot.model.speaking == 0
    assert bot.screen.texts() == [f"The sky is blue and full of\n\n{BLOCKED_NOTE}"]
    assert bot.screen.finals == {"1-0"}
    assert bot.screen.buttons["1-0"][0].verb == verbs.AGAIN.word
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.answer.rstrip() == "The sky is blue and full of"
    assert turn.version.fault == "content_blocked"
    await answered(bot)


@pytest.mark.parametrize(
    ("refusal", "note", "kept"), [(BLOCKED, BLOCKED_WHOLE, ""), (UNSHOWABLE, UNSHOWABLE_WHOLE, "badword")]
)
async def test_a_first_page_that_is_refused_leaves_a_line_that_speaks_of_the_whole_answer(
    refusal: PlatformError, note: str, kept: str
) -> None:
    bot = Bot(Speaker(("badword",)))
    bot.screen.refuses = where("badword", refusal)
    assert await bot.hears(message()) == [note]
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.answer == kept
    await answered(bot)


async def test_what_a_platform_can_not_show_is_read_to_its_end_and_handed_out_by_copy() -> None:
    bot = Bot(Speaker(WORDS, every=2.0))
    bot.screen.refuses = where("badword", UNSHOWABLE)
    assert await bot.hears(message()) == [f"The sky is blue and full of\n\n{UNSHOWABLE_NOTE}"]
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.answer == "".join(WORDS)
    await bot.hears(command(verbs.COPY.word, target="1", id="copy"))
    [notice] = [notice for notice in bot.screen.notices if notice.file is not None]
    assert notice.file is not None
    assert notice.file.content.decode() == "".join(WORDS)


async def test_who_may_not_be_answered_in_a_place_is_told_where_they_can_be() -> None:
    bot = Bot(Speaker(WORDS))
    bot.screen.refuses = lambda page: Forbidden("403: Send Messages")
    assert await bot.hears(message()) == []
    assert bot.words() == [
        "I may not write where you asked, so you can't see my answer there. "
        "Whoever runs that place can let me."
    ]
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert (turn.answer, turn.version.fault) == ("", "place_refused")
    assert len(bot.model.prompts) == 1
    await answered(bot)


async def test_where_the_bots_own_access_is_lost_nobody_blames_the_place() -> None:
    bot = Bot(Speaker(WORDS))
    bot.screen.refuses = lambda page: AccessLost("401: unauthorized")
    assert await bot.hears(message()) == []
    assert bot.words() == [
        "My own access to this chat does not work, so my answer could not be shown. "
        "Whoever runs the bot has to mend that, and will find how in its log."
    ]
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert (turn.answer, turn.version.fault) == ("", "access_lost")
    await answered(bot)


async def test_a_place_that_is_closed_in_mid_answer_keeps_what_stands() -> None:
    bot = Bot(Speaker(WORDS, every=1.0))
    bot.screen.refuses = where("full", Forbidden("403"))
    [shown] = await bot.hears(message())
    assert shown == "The sky is blue and"
    assert len(bot.words()) == 1
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.answer.rstrip() == "The sky is blue and"


async def test_a_sign_of_waiting_that_can_not_become_an_answer_does_not_stay_with_its_stop() -> None:
    bot = Bot(Speaker(WORDS, every=1.0))
    bot.model.ends_with = ModelWaking("503", estimated=30.0)
    bot.model.pieces = ()
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(5)
        assert [button.verb for button in bot.screen.buttons["1-0"]] == [verbs.STOP.word]
        bot.screen.refuses = lambda page: Forbidden("403")
        bot.model.pieces, bot.model.ends_with = WORDS, FinishReason.END
        await asyncio.sleep(LONG)
    assert bot.screen.texts() == []
    assert len(bot.words()) == 1


async def test_a_platform_that_fails_for_good_is_told_where_it_can_be() -> None:
    bot = Bot(Speaker(WORDS))
    bot.screen.refuses = lambda page: PlatformFailed("500")
    await bot.hears(message())
    await asyncio.sleep(LONG)
    assert bot.words() == ["My answer could not be shown. Please ask again."]
    await answered(bot)


async def test_an_answer_that_somebody_takes_away_is_not_written_again() -> None:
    bot = Bot(Speaker(WORDS, every=1.0))
    bot.screen.refuses = where("full", Gone("404"))
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(8)
        assert bot.model.speaking == 0
    assert bot.words() == []
    assert list(bot.screen.messages) == ["1-0"]
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.version.account is not None
    assert turn.version.account.ending == "withdrawn"
    await answered(bot)


async def test_a_line_that_is_refused_too_is_told_another_way() -> None:
    bot = Bot(Speaker(("badword",)))
    bot.screen.refuses = lambda page: BLOCKED
    assert await bot.hears(message()) == []
    assert bot.words() == [BLOCKED_WHOLE.strip("*")]
    await answered(bot)


async def test_what_can_be_done_with_an_answer_stands_below_the_word_that_takes_its_place() -> None:
    bot = Bot(Speaker(("badword",)))
    bot.screen.refuses = lambda page: UNSHOWABLE
    assert await bot.hears(message()) == []
    [notice] = bot.screen.notices
    assert notice.text == UNSHOWABLE_WHOLE.strip("*")
    assert [button.verb for button in notice.buttons][:2] == [verbs.AGAIN.word, verbs.COPY.word]


async def test_another_version_that_is_refused_leaves_the_one_that_stands() -> None:
    bot = Bot(Speaker(("The sky.",)))
    await bot.hears(message())
    bot.model.pieces = ("badword",)
    bot.screen.refuses = where("badword", BLOCKED)
    assert await bot.hears(command(verbs.AGAIN.word, target="1", id="again")) == [
        "The sky.\n\n*Another version was blocked by this place's own rules, so this one stays.*"
    ]
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert [version.text for version in turn.versions] == ["The sky."]
    await answered(bot)


async def test_another_version_that_can_not_be_shown_is_kept_and_spoken_of_as_a_whole() -> None:
    bot = Bot(Speaker(("The sky.",)))
    await bot.hears(message())
    bot.model.pieces = ("badword",)
    bot.screen.refuses = where("badword", UNSHOWABLE)
    assert await bot.hears(command(verbs.AGAIN.word, target="1", id="again")) == [UNSHOWABLE_WHOLE]
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert ([version.text for version in turn.versions], turn.shown) == (["The sky.", "badword"], 1)


@pytest.mark.parametrize(
    ("refusal", "note", "kept"),
    [(BLOCKED, BLOCKED_NOTE, "The sky is blue and full of "), (UNSHOWABLE, UNSHOWABLE_NOTE, "".join(WORDS))],
)
async def test_another_version_of_which_a_part_stands_is_that_part_however_long_the_one_before_was(
    refusal: PlatformError, note: str, kept: str
) -> None:
    before = 20 * "Long ago. "
    bot = Bot(Speaker((before,)))
    await bot.hears(message())
    bot.model.pieces, bot.model.every = WORDS, 1.0
    bot.screen.refuses = where("badword", refusal)
    shown = await bot.hears(command(verbs.AGAIN.word, target="1", id="again"))
    assert shown == [f"The sky is blue and full of\n\n{note}"]
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert [version.text for version in turn.versions] == [before, kept]


async def test_an_earlier_version_that_is_blocked_by_now_leaves_the_one_that_stands() -> None:
    bot = Bot(Speaker(("A badword.",)))
    await bot.hears(message())
    bot.model.pieces = ("The sky.",)
    await bot.hears(command(verbs.AGAIN.word, target="1", id="again"))
    bot.screen.refuses = where("badword", BLOCKED)
    back = command(verbs.VERSION.word, target="1", argument="1", id="back")
    assert await bot.hears(back) == [
        "The sky.\n\n*Another version was blocked by this place's own rules, so this one stays.*"
    ]
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.answer == "The sky."
