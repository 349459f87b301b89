"""An answer in the reader's hands, on virtual time: stop, regenerate, leaf, continue, copy, rate, why."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

import pytest

from adapters.logs import JsonLines
from bot.conversation import verbs
from bot.conversation.events import Address, Author, ChannelRef, Invoked, Standing
from bot.conversation.generation import FinishReason, Prompt, StreamEvent, Thinking
from bot.conversation.layers import Scope
from bot.conversation.requests import Claim, Interruption
from bot.conversation.settings import GenerationSettings
from bot.conversation.turns import Turn
from bot.conversation.views import Page
from bot.errors import StreamBroke
from bot.service.admission import Admission
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import ADA, BOB, CHANNEL, PRIVATE, command, message
from tests.fakes.model import Speaker
from tests.fakes.platform import LIMITS, Screen
from tests.fakes.store import InMemoryRequests, InMemoryStore

pytestmark = pytest.mark.looptime

SKY = ("The", " sky", " is", " blue.")
ENDLESS = [f"w{number} " for number in range(1000)]


def pressed(
    action: str,
    argument: str = "",
    *,
    target: str = "1",
    by: Author = ADA,
    id: str = "",  # noqa: A002  # the field's name
) -> Invoked:
    invoked = command(action, argument, target=target, author=by, id=id or f"{action}{argument}-{by.id}")
    return replace(invoked, reply=("click",))


def actions(bot: Bot, shown: str = "1-0") -> list[str]:
    """The buttons below a message, as a person reads them."""
    return [button.label for button in bot.screen.buttons[shown]]


async def turns(bot: Bot) -> list[Turn]:
    return list((await bot.store.conversations.read(CHANNEL)).turns)


async def test_a_growing_answer_can_be_stopped_and_what_is_shown_stays() -> None:
    bot = Bot(Speaker(ENDLESS))
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(3)
        assert actions(bot) == ["Stop"]
        await bot.receive(pressed(verbs.STOP.word))
        await asyncio.sleep(0.3)
        assert bot.model.speaking == 0
        await asyncio.sleep(LONG)
    [text], [turn] = bot.screen.texts(), await turns(bot)
    assert text == f"{turn.answer.rstrip()}\n\n*Stopped.*"
    assert turn.answer.startswith("w0 w1")
    assert turn.question == "Why is the sky blue?"


async def test_a_stop_reaches_the_process_that_is_at_work() -> None:
    store = InMemoryStore()
    one, other = Bot(Speaker(ENDLESS), store=store), Bot(Speaker(SKY), store=store)
    async with one.running(), other.running():
        await one.service.receive(message())
        await asyncio.sleep(3)
        await other.service.receive(pressed(verbs.STOP.word))
        await asyncio.sleep(0.3)
        assert one.model.speaking == 0


async def test_a_stop_that_nobody_heard_is_found_by_the_next_beat() -> None:
    bot = Bot(Speaker(ENDLESS))
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(3)
        bot.store.listeners.clear()
        await bot.store.conversations.interrupt(CHANNEL, "1", Interruption.STOP)
        await asyncio.sleep(1.1)
        assert bot.model.speaking == 0


async def test_what_a_dead_process_had_shown_stays_when_it_was_stopped_before_it_died() -> None:
    store = InMemoryStore()
    died = Bot(Speaker(ENDLESS), store=store, drain_seconds=0)
    async with died.running():
        await died.service.receive(message())
        await asyncio.sleep(3)
    store.box(CHANNEL).interruption = None
    await died.store.conversations.interrupt(CHANNEL, "1", Interruption.STOP)
    bot = Bot(Speaker(SKY), store=store)
    async with bot.running():
        await asyncio.sleep(60)
    [turn] = await turns(bot)
    assert turn.answer.startswith("w0 w1")
    assert bot.model.prompts == []


@pytest.mark.parametrize(("who", "stops"), [(ADA, True), (BOB, False)])
async def test_only_who_asked_may_stop(who: Author, stops: bool) -> None:
    bot = Bot(Speaker(ENDLESS))
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(3)
        await bot.receive(pressed(verbs.STOP.word, by=who))
        await asyncio.sleep(1)
        assert bot.model.speaking == (0 if stops else 1)
        await bot.receive(pressed(verbs.STOP.word, by=replace(BOB, standing=Standing.CHANNEL), id="x"))
        await asyncio.sleep(1)
        assert bot.model.speaking == 0


async def test_the_word_stop_alone_stops() -> None:
    bot = Bot(Speaker(ENDLESS))
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(3)
        await bot.receive(message("Stop", id="2", at=2))
        await asyncio.sleep(1)
        assert bot.model.speaking == 0


async def test_a_reaction_is_answered_with_silence() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message(), replace(pressed(verbs.STOP.word, target="r"), quiet=True))
    assert bot.words() == []


async def test_a_reaction_names_its_message_and_not_the_thread_in_which_it_stands() -> None:
    bot, thread = Bot(Speaker(SKY)), replace(CHANNEL, channel="c:1", parent="c")
    like = replace(pressed(verbs.GOOD.word, target="1-0"), quiet=True, reply=())
    await bot.hears(message(channel=thread))
    await bot.hears(like)
    [turn] = (await bot.store.conversations.read(thread)).turns
    assert [rating.good for rating in turn.version.ratings.values()] == [True]


async def test_a_reaction_to_what_is_no_answer_is_nothing_to_be_done() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(replace(pressed(verbs.GOOD.word, target="r"), quiet=True, reply=()))
    assert bot.store.boxes == {}


async def test_regenerating_keeps_the_versions_and_the_model_sees_the_one_that_is_shown() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message())
    for answer in ("Second.", "Third.", "Fourth."):
        bot.model.pieces = [answer]
        await bot.hears(pressed(verbs.AGAIN.word, id=answer))
    assert bot.screen.texts() == ["Fourth."]
    assert [label.strip("‹ ›") for label in actions(bot)[:3]] == ["Earlier", "4/4", "Later"]  # noqa: RUF001
    assert [button.enabled for button in bot.screen.buttons["1-0"]][:3] == [True, False, False]
    await bot.hears(pressed(verbs.VERSION.word, "1"))
    assert bot.screen.texts() == ["The sky is blue."]
    assert actions(bot)[1] == "1/4"
    await bot.hears(message("And at night?", id="2", at=2))
    assert bot.model.prompts[-1].messages[1].content == "The sky is blue."


async def test_another_version_has_another_seed_and_the_same_question_on_the_same_message() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message())
    await bot.hears(pressed(verbs.AGAIN.word))
    assert list(bot.screen.messages) == ["1-0"]
    assert bot.model.prompts[0] == bot.model.prompts[1]
    assert bot.model.settings[0].seed == 42
    assert bot.model.settings[1].seed != 42


async def test_two_who_press_at_once_get_one_more_version() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message())
    await bot.hears(pressed(verbs.AGAIN.word, id="a"), pressed(verbs.AGAIN.word, id="b"))
    assert len(bot.model.prompts) == 2
    assert "asked for already" in bot.words()[-1]


async def test_a_version_that_comes_to_nothing_leaves_the_one_before_it() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message())
    bot.model.pieces, bot.model.ends_with = (), StreamBroke()
    await bot.hears(pressed(verbs.AGAIN.word))
    assert bot.screen.texts()[0].startswith("The sky is blue.\n\n")
    [turn] = await turns(bot)
    assert [version.text for version in turn.versions] == ["The sky is blue."]


async def test_a_shorter_version_needs_fewer_messages() -> None:
    bot = Bot(Speaker(["word "] * 100))
    await bot.hears(message())
    assert len(bot.screen.messages) == 3
    bot.model.pieces = SKY
    await bot.hears(pressed(verbs.AGAIN.word))
    assert bot.screen.texts() == ["The sky is blue."]
    [turn] = await turns(bot)
    assert turn.replies == ("1-0",)


async def test_an_answer_at_its_limit_goes_on_where_it_was() -> None:
    bot = Bot(Speaker(SKY[:2], ends_with=FinishReason.LENGTH))
    await bot.hears(message())
    assert "Continue" in actions(bot)
    bot.model.pieces, bot.model.ends_with = SKY[2:], FinishReason.END
    await bot.hears(pressed(verbs.GO_ON.word))
    assert bot.screen.texts() == ["The sky is blue."]
    assert "Continue" not in actions(bot)
    prompt = bot.model.prompts[1]
    assert prompt.beginning == "The sky"
    assert prompt.text.endswith("[/INST] The sky")
    assert [turn.answer for turn in await turns(bot)] == ["The sky is blue."]


async def test_a_whole_answer_is_not_continued() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message())
    await bot.hears(pressed(verbs.GO_ON.word))
    assert "nothing to continue" in bot.words()[-1]
    assert len(bot.model.prompts) == 1


async def test_the_quota_counts_another_version() -> None:
    bot = Bot(Speaker(SKY), questions=1)
    await bot.hears(message())
    await bot.hears(pressed(verbs.AGAIN.word))
    assert "used up your questions" in bot.words()[-1]
    assert len(bot.model.prompts) == 1


async def test_a_copy_is_the_answer_as_it_was_written() -> None:
    bot = Bot(Speaker(["# Sky\n", "**blue**"]))
    await bot.hears(message())
    await bot.hears(pressed(verbs.COPY.word, by=BOB))
    file = bot.screen.notices[-1].file
    assert file is not None
    assert file.content == b"# Sky\n**blue**"


async def test_a_rating_is_kept_with_its_reason_and_can_be_changed() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message())
    await bot.hears(pressed(verbs.GOOD.word, by=BOB), pressed(verbs.BAD.word))
    await bot.hears(pressed(verbs.GOOD.word, "well put", id="why"))
    [turn] = await turns(bot)
    ratings = {person: (each.good, each.why) for person, each in turn.version.ratings.items()}
    assert ratings == {"screen::u-bob": (True, ""), "screen::u-ada": (True, "well put")}


async def test_a_rating_that_is_given_while_another_version_is_written_is_kept() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message())
    bot.model.pieces = [f"w{number} " for number in range(50)]
    async with bot.running():
        await bot.receive(pressed(verbs.AGAIN.word))
        await asyncio.sleep(2)
        await bot.receive(pressed(verbs.BAD.word, by=BOB))
        await asyncio.sleep(LONG)
    [turn] = await turns(bot)
    assert [list(version.ratings) for version in turn.versions] == [["screen::u-bob"], []]


@pytest.mark.parametrize("action", [verbs.AGAIN.word, verbs.GO_ON.word, verbs.COPY.word, verbs.GOOD.word])
async def test_a_button_of_an_answer_that_is_gone_says_so_and_changes_nothing(action: str) -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message())
    await bot.hears(command("reset", "everything", id="r"))
    await bot.hears(pressed(action))
    assert "no longer keep this answer" in bot.words()[-1]
    assert len(bot.model.prompts) == 1


async def test_another_person_may_not_have_somebodys_answer_written_anew() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message())
    await bot.hears(pressed(verbs.AGAIN.word, by=BOB), pressed(verbs.VERSION.word, "1", by=BOB))
    assert all("Only the person who asked" in words for words in bot.words()[-2:])


async def test_why_tells_what_the_model_saw() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message(), command("seed", "7", id="s"))
    await bot.hears(message("And at night?", id="2", at=2))
    await bot.hears(command("why", target="2-0", id="w"))
    words = bot.words()[-1]
    assert "**Question 2 of this conversation**" in words
    assert "mixtral answered in 1 second" in words
    assert "It saw one earlier question" in words
    assert "seed: 7 (channel)" in words
    assert "temperature: 0.9 (default)" in words


class Thinker(Speaker):
    """Thinks before it speaks, on a server that takes no seed."""

    def ignored(self, settings: GenerationSettings) -> tuple[str, ...]:
        return ("seed",)

    async def stream(self, prompt: Prompt, settings: GenerationSettings) -> AsyncGenerator[StreamEvent, None]:
        yield Thinking(characters=30)
        yield Thinking(characters=12)
        async with aclosing(super().stream(prompt, settings)) as events:
            async for event in events:
                yield event


async def test_why_names_the_turn_as_the_log_does(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    caplog.handler.setFormatter(JsonLines())
    bot = Bot(Speaker(["Yes."]))
    await bot.hears(message())
    await bot.hears(command("why", target="1-0", id="w"))
    name = bot.words()[-1].split()[-1].rstrip(".")
    lines = [json.loads(line) for line in caplog.text.splitlines()]
    assert [line["message"].split()[0] for line in lines if line.get("turn") == name] == ["answered"]


async def test_why_tells_how_much_was_thought_and_what_had_no_effect() -> None:
    bot = Bot(Thinker(SKY))
    await bot.hears(message())
    await bot.hears(command("why", target="1-0", id="w"))
    words = bot.words()[-1]
    assert "It thought aloud: 42 characters" in words
    assert "Without effect, as the model's server does not take them: seed." in words


async def test_why_tells_of_a_silence() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message())
    await bot.hears(command("why", target="of-others", id="w"))
    assert "I know nothing about that message" in bot.words()[-1]


async def test_a_model_that_is_no_longer_offered_is_replaced_and_said() -> None:
    bot = Bot(Speaker(SKY))
    bot.store.set[CHANNEL.scope]["model"] = "gone"
    [text] = await bot.hears(message())
    assert text == "The sky is blue.\n\n*The model gone is no longer offered here, so mixtral answered.*"


async def test_the_model_that_a_channel_picked_answers() -> None:
    bot = Bot(Speaker(SKY), other=Speaker(["I am the other."]))
    await bot.hears(command("model", "other", id="m"))
    assert await bot.hears(message()) == ["I am the other."]


class Eager(Screen):
    """A reader presses a button as soon as it stands there."""

    bot: Bot

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        await super().edit(channel, message, page)
        if page.final:
            self.press = asyncio.create_task(self.bot.receive(pressed(verbs.COPY.word)))


async def test_a_button_that_is_pressed_before_the_answer_is_remembered_works() -> None:
    screen = Eager()
    screen.bot = Bot(Speaker(ENDLESS[:30]), screen=screen)
    await screen.bot.hears(message())
    [copied] = screen.notices
    assert copied.file is not None
    assert copied.file.content.decode().startswith("w0 w1")


class SlowToKeep(InMemoryRequests):
    """A store that takes a while over each turn."""

    async def commit(self, claim: Claim, turn: Turn | None) -> bool:
        await asyncio.sleep(0.5)
        return await super().commit(claim, turn)


async def test_a_press_on_an_answer_that_is_not_kept_yet_waits_for_that() -> None:
    store = InMemoryStore()
    store.requests = SlowToKeep(store)
    bot = Bot(Speaker(SKY), store=store)
    async with bot.running():
        await bot.receive(message())
        for number in (1, 2, 3):
            while not bot.screen.buttons or "Stop" in actions(bot) or len(bot.model.prompts) < number:
                await asyncio.sleep(0.05)
            bot.model.pieces = (f"Version {number + 1}.",)
            await bot.receive(pressed(verbs.AGAIN.word, id=f"click {number}"))
        await asyncio.sleep(LONG)
    assert bot.words() == ["I'm writing another version."] * 3
    [turn] = await turns(bot)
    assert [version.text for version in turn.versions][1:] == ["Version 2.", "Version 3.", "Version 4."]


@pytest.mark.parametrize(
    ("verb", "words"), [(verbs.COPY.word, "as it was written"), (verbs.WHY.word, "answered in")]
)
async def test_a_word_about_the_latest_answer_means_the_one_that_is_not_kept_yet(
    verb: str, words: str
) -> None:
    store = InMemoryStore()
    store.requests = SlowToKeep(store)
    bot = Bot(Speaker(SKY), store=store)
    async with bot.running():
        await bot.receive(message())
        while not bot.screen.buttons or "Stop" in actions(bot):
            await asyncio.sleep(0.05)
        await bot.receive(command(verb))
        await asyncio.sleep(LONG)
    [told] = bot.words()
    assert words in told


async def test_a_press_on_an_answer_that_is_still_written_says_so() -> None:
    bot = Bot(Speaker(ENDLESS))
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(3)
        await bot.receive(pressed(verbs.COPY.word))
        await asyncio.sleep(3)
    assert bot.words() == ["I'm working on it."]


async def test_a_reaction_of_somebody_who_may_not_use_the_bot_is_passed_over_in_silence() -> None:
    bot = Bot(Speaker(SKY), admission=Admission(allowed_users=frozenset({ADA.id})))
    reaction = replace(pressed(verbs.GOOD.word, by=BOB), quiet=True, reply=())
    await bot.hears(message(), reaction)
    assert bot.words() == []
    await bot.hears(replace(reaction, id="a word", quiet=False))
    assert len(bot.words()) == 1


async def test_the_first_answer_in_private_says_that_it_is_kept_and_no_other_in_any_thread_there() -> None:
    bot = Bot(Speaker(SKY))
    thread = replace(PRIVATE, channel="dm:2", parent="dm")
    texts = []
    for each in (
        message(channel=PRIVATE, address=Address.PRIVATE),
        message(id="2", at=2, channel=PRIVATE, address=Address.PRIVATE),
        message(id="3", at=3, channel=thread, address=Address.PRIVATE),
        message(id="4", at=4),
    ):
        texts = await bot.hears(each)
    assert texts[0].startswith("The sky is blue.\n\n*I keep what we write here")
    assert texts[1:] == ["The sky is blue."] * 3


async def test_an_answer_need_not_say_what_is_kept_where_people_read_it_before_they_write() -> None:
    bot = Bot(Speaker(SKY), screen=Screen(limits=replace(LIMITS, says_what_is_kept=True)))
    texts = await bot.hears(message(channel=PRIVATE, address=Address.PRIVATE))
    assert texts == ["The sky is blue."]


async def test_another_version_is_written_with_the_settings_of_who_wanted_it() -> None:
    bot = Bot(Speaker(SKY))
    keeper = Author(id="u-bob", name="Bob", standing=Standing.CHANNEL)
    await bot.hears(command("temperature", "0.3", author=ADA, id="hers"))
    await bot.hears(command("temperature", "0.7", author=keeper, scope=Scope.ME, id="his"))
    await bot.hears(message())
    bot.model.pieces = ["Second."]
    await bot.hears(pressed(verbs.AGAIN.word, by=keeper))
    assert [settings.temperature for settings in bot.model.settings] == [0.3, 0.7]
    await bot.hears(pressed(verbs.WHY.word))
    assert "temperature: 0.7 (of who wanted this answer)" in bot.words()[-1]
