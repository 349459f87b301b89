"""A fresh start: a line that anybody may draw and take away; deleting is for who manages the channel."""

from dataclasses import replace

import pytest

from bot.conversation.dividers import MOST_DIVIDERS, with_divider
from bot.conversation.events import Author, ChannelRef, Edited, Standing
from bot.conversation.requests import Snapshot
from bot.conversation.turns import Divider
from bot.conversation.verbs import RESET
from bot.conversation.views import Notice, Outcome
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import ADA, BOB, CHANNEL, PRIVATE, command, message, turn
from tests.fakes.model import Speaker

pytestmark = pytest.mark.looptime

RED, BLUE = "My colour is red.", "My colour is blue."
MANAGER = replace(BOB, standing=Standing.CHANNEL)


async def answered(bot: Bot, *texts: str, first: int = 1, channel: ChannelRef = CHANNEL) -> str:
    """What the model was told with the last of these questions."""
    await bot.hears(
        *(
            message(text, id=str(number), at=float(number), channel=channel)
            for number, text in enumerate(texts, first)
        )
    )
    return bot.model.prompts[-1].text


async def done(
    bot: Bot, argument: str = "", *, author: Author = ADA, channel: ChannelRef = CHANNEL, number: int = 1
) -> Notice:
    """What comes of `/reset`."""
    event = command(
        "reset", argument, channel=channel, id=f"r{number}", author=author, reply=("interaction",)
    )
    async with bot.running():
        notice = await bot.service.receive(event)
    assert notice is not None
    return notice


async def questions(bot: Bot, channel: ChannelRef = CHANNEL) -> list[str]:
    return [each.question for each in (await bot.store.conversations.read(channel)).turns]


@pytest.mark.parametrize("author", [ADA, MANAGER], ids=["member", "manager"])
async def test_a_reset_draws_a_line_above_which_the_model_sees_nothing_and_deletes_nothing(
    author: Author,
) -> None:
    bot = Bot(Speaker(["Yes."]))
    await answered(bot, RED, "And now?")
    notice = await done(bot, author=author)
    assert f"{author.name} has drawn a line: I leave the 2 questions above" in notice.text
    assert notice.public
    told = await answered(bot, BLUE, "Which one?", first=3)
    assert "blue" in told
    assert "red" not in told
    assert await questions(bot) == [RED, "And now?", BLUE, "Which one?"]


async def test_its_undo_button_takes_the_line_away_whoever_presses_it() -> None:
    bot = Bot(Speaker(["Yes."]))
    await answered(bot, RED)
    [undo] = (await done(bot)).buttons
    assert (undo.verb, undo.label) == (RESET.word, "Undo")
    undone = await done(bot, undo.argument, author=BOB, number=2)
    assert undone.outcome is Outcome.DONE
    assert "red" in await answered(bot, "Which one?", first=2)


async def test_an_undo_takes_away_its_own_line_and_no_later_one() -> None:
    bot = Bot(Speaker(["Yes."]))
    await answered(bot, RED)
    [earlier] = (await done(bot)).buttons
    await answered(bot, BLUE, first=2)
    [later] = (await done(bot, number=2)).buttons
    assert (await done(bot, earlier.argument, number=3)).outcome is Outcome.REFUSED
    assert "blue" not in await answered(bot, "Which one?", first=3)
    await done(bot, later.argument, number=4)
    told = await answered(bot, "And now?", first=4)
    assert "blue" in told
    assert "red" not in told
    await done(bot, "undo", number=5)
    assert "red" in await answered(bot, "And now?", first=5)
    assert (await done(bot, "undo", number=6)).outcome is Outcome.REFUSED


async def test_an_answer_above_a_line_is_written_anew_with_what_stood_above_it() -> None:
    bot = Bot(Speaker(["Yes."]))
    await answered(bot, RED, "Which one?")
    await done(bot)
    await answered(bot, BLUE, first=3)
    await bot.hears(command("regenerate", id="a", target="2"))
    assert "red" in bot.model.prompts[-1].text
    await bot.hears(Edited(message=message("Is it so?", id="3", at=3.0), edited_at=4.0))
    assert "red" not in bot.model.prompts[-1].text


async def test_a_question_that_waits_when_the_line_is_drawn_stands_above_it() -> None:
    bot = Bot(Speaker(["Yes."], every=30.0))
    async with bot.running():
        await bot.receive(message(RED))
        await bot.receive(message(BLUE, id="2", at=2.0))
        notice = await bot.service.receive(command("reset", id="r", author=ADA, reply=("interaction",)))
    assert notice is not None
    assert "2 questions" in notice.text
    told = await answered(bot, "Which one?", first=3)
    assert "blue" not in told
    assert "red" not in told


async def test_a_member_may_not_delete_what_everybody_said_and_a_manager_may() -> None:
    bot = Bot(Speaker(["Yes."]))
    await answered(bot, RED)
    refused = await done(bot, "everything", author=BOB)
    assert refused.outcome is Outcome.REFUSED
    assert "`!forget` deletes what is yours" in refused.text
    assert await questions(bot) == [RED]
    assert (await done(bot, "everything", author=MANAGER, number=2)).text.startswith("Deleted: one question")
    assert await questions(bot) == []


async def test_in_private_a_button_beside_undo_deletes_for_good() -> None:
    bot = Bot(Speaker(["Yes."]))
    await answered(bot, RED, channel=PRIVATE)
    notice = await done(bot, channel=PRIVATE)
    assert not notice.public
    assert "I leave the question above" in notice.text
    _, delete = notice.buttons
    assert delete.label == "Delete for good"
    await done(bot, delete.argument, channel=PRIVATE, number=2)
    assert await questions(bot, PRIVATE) == []


async def test_what_else_is_typed_behind_it_changes_nothing() -> None:
    bot = Bot(Speaker(["Yes."]))
    await answered(bot, RED)
    assert (await done(bot, "all")).outcome is Outcome.REFUSED
    assert "red" in await answered(bot, "Which one?", first=2)


async def test_typed_in_spanish_it_is_said_in_spanish() -> None:
    bot = Bot(Speaker(["Sí."]))
    await answered(bot, RED)
    assert "ha trazado una línea" in (await done(bot, author=replace(ADA, locale="es"))).text


def test_lines_that_divide_nothing_are_one_and_there_are_no_more_than_are_kept() -> None:
    stands, drawn = Snapshot(turns=(turn(asked_at=1.0),)), list[Divider]()
    for number in range(3):
        drawn = list(with_divider(replace(stands, dividers=tuple(drawn)), LONG + number).dividers)
    assert drawn == [Divider(after=1.0, drawn_at=LONG + 2)]
    for number in range(2 * MOST_DIVIDERS):
        stands = Snapshot(turns=(turn(asked_at=2.0 + number),), dividers=tuple(drawn))
        drawn = list(with_divider(stands, 2 * LONG + number).dividers)
    assert len(drawn) == MOST_DIVIDERS
    assert drawn[-1].after == 2 * MOST_DIVIDERS + 1.0
