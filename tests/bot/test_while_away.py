"""What was said while the bot was away, from its event to the screen, on virtual time."""

from dataclasses import replace

import pytest

from bot.conversation.events import Address, Author, Edited, Said
from bot.conversation.requests import question_request
from bot.errors import PlatformFailed
from tests.fakes.bot import Bot
from tests.fakes.messages import ADA, BOB, CHANNEL, command, message
from tests.fakes.model import Speaker

pytestmark = pytest.mark.looptime

BACK = 10_000.0
"""When the bot is back, in seconds since 1970."""

LINE = "\n\n*Asked while I was away.*"


def bot(*, minutes: int = 15) -> Bot:
    return Bot(Speaker(["Blue."]), clock=lambda: BACK, catch_up=minutes * 60.0)


def late(text: str, *, ago: float, author: Author = ADA, address: Address = Address.MENTION) -> Said:
    said = message(text, id=text, at=BACK - ago, author=author, address=address)
    return replace(said, late=True)


async def test_what_was_asked_meanwhile_is_answered_in_order_with_a_line_that_says_so() -> None:
    back = bot()
    assert await back.hears(late("First?", ago=600), late("Second?", ago=300)) == [f"Blue.{LINE}"] * 2
    assert [prompt.messages[-1].content for prompt in back.model.prompts] == ["Ada: First?", "Ada: Second?"]


async def test_the_line_is_in_the_askers_language() -> None:
    [text] = await bot().hears(late("¿Por qué?", ago=60, author=replace(ADA, locale="es")))
    assert text == "Blue.\n\n*Me lo preguntaste mientras no estaba.*"


async def test_the_line_is_no_part_of_the_answer_that_the_model_sees_later() -> None:
    back = bot()
    await back.hears(late("First?", ago=600), message("And now?", id="2", at=BACK))
    assert "while I was away" not in back.model.prompts[1].text
    assert back.screen.texts() == [f"Blue.{LINE}", "Blue."]


@pytest.mark.parametrize(("minutes", "ago"), [(15, 901), (0, 1)])
async def test_what_was_asked_too_long_ago_gets_nothing(minutes: int, ago: float) -> None:
    back = bot(minutes=minutes)
    assert await back.hears(late("First?", ago=ago), late("!temperature 0.3", ago=ago)) == []
    assert back.words() == []
    assert (await back.store.settings.read(CHANNEL, "")).channel == {}


async def test_what_was_answered_before_is_not_answered_again() -> None:
    back = bot()
    said = late("First?", ago=60)
    await back.hears(replace(said, late=False))
    assert await back.hears(said) == ["Blue."]


async def test_an_edit_made_meanwhile_holds_for_what_was_answered_before() -> None:
    back = bot()
    said = late("First?", ago=60)
    await back.hears(replace(said, late=False))
    edited = replace(said, text="Better?")
    await back.hears(edited, Edited(message=edited, edited_at=BACK - 30))
    assert [prompt.messages[-1].content for prompt in back.model.prompts] == ["Ada: First?", "Ada: Better?"]


async def test_what_was_edited_before_it_was_read_is_one_question() -> None:
    back = bot()
    said = late("Better?", ago=60)
    assert await back.hears(said, Edited(message=said, edited_at=BACK - 30)) == [f"Blue.{LINE}"]
    assert len(back.model.prompts) == 1


async def test_a_follow_up_counts_where_the_bot_has_spoken() -> None:
    back = bot()
    follow_up = late("And at night?", ago=60, author=BOB, address=Address.FOLLOW_UP)
    assert await back.hears(follow_up) == []
    await back.hears(message("Why?", at=BACK))
    assert await back.hears(follow_up) == ["Blue.", f"Blue.{LINE}"]


async def test_a_verb_that_was_typed_meanwhile_is_done() -> None:
    back = bot()
    said = late("!temperature 0.3", ago=60)
    await back.hears(said, said)
    assert back.words() == [
        "Changed temperature from 0.9 to 0.3, for your questions here; a manager sets it for all."
    ]


async def test_an_answer_that_another_process_goes_on_with_keeps_the_line() -> None:
    back = bot()
    await back.store.requests.submit(question_request(late("First?", ago=60)))
    claim = await back.store.requests.claim(CHANNEL)
    assert claim is not None
    assert await back.hears(command("help", id="c")) == [f"Blue.{LINE}"]


async def accepted(bot: Bot, *questions: str) -> None:
    """These were taken in by a process that died before it began with them."""
    for number, text in enumerate(questions):
        await bot.store.requests.submit(question_request(message(text, id=text, at=BACK - 60 + number)))


async def test_a_question_that_was_deleted_meanwhile_is_not_answered() -> None:
    back = bot()
    await accepted(back, "First?", "Second?")
    back.screen.deleted = {"First?"}
    assert await back.hears(message("Third?", id="Third?", at=BACK)) == ["Blue.", "Blue."]
    assert [prompt.messages[-1].content for prompt in back.model.prompts] == ["Ada: Second?", "Ada: Third?"]
    assert back.screen.looked_for == ["First?", "Second?"]
    assert not (await back.store.conversations.read(CHANNEL)).waiting


async def test_a_question_is_answered_where_the_platform_does_not_say_whether_it_stands() -> None:
    back = bot()
    await accepted(back, "First?")
    back.screen.deleted = PlatformFailed("500")
    assert await back.hears() == ["Blue."]


async def test_what_nobody_can_have_missed_costs_no_request() -> None:
    back = bot()
    await back.hears(late("First?", ago=60), message("Second?", id="2", at=BACK))
    assert len(back.model.prompts) == 2
    assert back.screen.looked_for == []
