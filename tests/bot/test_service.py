"""The bot at work, from what people write to what stands on the screen, on virtual time."""

import asyncio
from dataclasses import replace

import pytest

from bot.conversation.content import Attachment
from bot.conversation.events import Address, Author, ChannelRef, Edited
from bot.conversation.generation import FinishReason
from bot.conversation.requests import Progress, question_request
from bot.errors import ContextTooLong, Gone, ModelSilent, StreamBroke
from bot.service.admission import Admission
from tests.fakes.bot import Bot
from tests.fakes.messages import CHANNEL, PRIVATE, command, message
from tests.fakes.model import Speaker
from tests.fakes.store import InMemoryStore

pytestmark = pytest.mark.looptime

SKY = ("The", " sky", " is", " blue.")


async def test_a_question_is_answered_and_remembered() -> None:
    bot = Bot(Speaker(SKY))
    texts = await bot.hears(message(id="1"), message("And at night?", id="2", at=2))
    assert texts == ["The sky is blue."] * 2
    assert "The sky is blue." in bot.model.prompts[1].text
    assert "Ada: And at night?" in bot.model.prompts[1].text


async def test_the_same_message_twice_is_one() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message(), message(), message())
    assert len(bot.model.prompts) == 1


async def test_questions_of_a_channel_are_answered_one_at_a_time_in_the_order_of_writing() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(*(message(f"Question {at}?", id=str(at), at=at) for at in (1, 3, 2)))
    assert [prompt.messages[-1].content[-11:] for prompt in bot.model.prompts] == [
        f"Question {at}?" for at in (1, 2, 3)
    ]
    assert bot.model.most_speaking == 1


async def test_channels_are_answered_side_by_side_up_to_the_number_of_places() -> None:
    bot = Bot(Speaker(SKY), places=2)
    channels = (replace(CHANNEL, channel=str(number)) for number in range(5))
    texts = await bot.hears(*(message(id=channel.channel, channel=channel) for channel in channels))
    assert texts == ["The sky is blue."] * 5
    assert bot.model.most_speaking == 2
    shown = [text for versions in bot.screen.messages.values() for _, text in versions]
    assert any("Before you: 2" in text for text in shown)


async def test_a_setting_reaches_the_model() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(command("temperature", "0.3", id="c1"))
    await bot.hears(message())
    assert bot.model.settings[0].temperature == 0.3


async def test_a_private_session_is_in_no_other_prompt() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message("My secret is 1234.", channel=PRIVATE, id="p", address=Address.PRIVATE))
    await bot.hears(message())
    assert "1234" not in bot.model.prompts[-1].text


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (StreamBroke(), "connection to the model was lost"),
        (ModelSilent(), "fell silent"),
        (FinishReason.LENGTH, "limit of 256 tokens"),
        (FinishReason.FILTERED, "content filter"),
    ],
)
async def test_an_answer_that_does_not_end_well_keeps_its_words_and_says_why(
    ending: FinishReason | StreamBroke | ModelSilent, words: str
) -> None:
    bot = Bot(Speaker(SKY, ends_with=ending))
    [text] = await bot.hears(message())
    assert text.startswith("The sky is blue.\n\n*")
    assert words in text
    claim_again = await bot.hears(message(id="2", at=2))
    assert len(claim_again) == 2
    assert "broke off" not in bot.model.prompts[1].text


async def test_a_fault_before_the_first_word_is_told_in_words_and_not_remembered() -> None:
    bot = Bot(Speaker((), ends_with=ContextTooLong("too long")))
    [text] = await bot.hears(message())
    assert "too long for the model's server" in text
    await bot.hears(message(id="2", at=2))
    assert len(bot.model.prompts[1].messages) == 1


async def test_an_error_of_our_own_is_told_too_and_the_channel_lives_on() -> None:
    bot = Bot(Speaker((), ends_with=FinishReason.END))
    del bot.model.pieces
    assert await bot.hears(message()) == []
    assert len(bot.model.prompts) == 3
    assert [text[:20] for text in bot.words()] == ["Something went wrong"]
    bot.model.pieces = SKY
    assert (await bot.hears(message(id="2", at=2)))[-1] == "The sky is blue."


async def test_a_channel_that_is_deleted_stops_the_model_and_ends_quietly() -> None:
    bot = Bot(Speaker(["word "] * 1000))
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(3)
        bot.screen.faults.append(Gone("deleted"))
        await asyncio.sleep(5)
        assert bot.model.speaking == 0
    assert bot.words() == []


async def test_a_long_paste_is_cut_and_said_and_the_channel_lives_on() -> None:
    bot = Bot(Speaker(SKY), context_tokens=500)
    first, second = await bot.hears(message("word " * 20_000), message("Short?", id="2", at=2))
    assert "tokens were left out" in first
    assert second == "The sky is blue."


async def test_files_are_read_images_declined_and_both_said() -> None:
    bot = Bot(Speaker(SKY))
    bot.screen.files = {"u1": b"print('hi')"}
    files = (
        Attachment(name="a.py", url="u1", size=11, media_type="text/x-python"),
        Attachment(name="cat.png", url="u2", size=11, media_type="image/png"),
    )
    [text] = await bot.hears(message(attachments=files))
    assert "print('hi')" in bot.model.prompts[0].text
    assert "did not see cat.png" in text


async def test_a_long_file_keeps_its_beginning_and_its_end_and_that_is_said() -> None:
    bot = Bot(Speaker(SKY), context_tokens=100_000)
    bot.screen.files = {"u1": b"first line\n" + b"x\n" * 100_000 + b"last line"}
    log = Attachment(name="a.log", url="u1", size=200_020, media_type="text/plain")
    [text] = await bot.hears(message(attachments=(log,)))
    assert "first line" in bot.model.prompts[0].text
    assert "last line" in bot.model.prompts[0].text
    assert "a.log is long, so I left out its middle." in text


async def test_a_picture_without_a_word_is_declined_and_the_model_is_not_asked() -> None:
    bot = Bot(Speaker(SKY))
    cat = Attachment(name="cat.png", url="u2", size=11, media_type="image/png")
    assert await bot.hears(message("", attachments=(cat,))) == [
        "*I read text only, so I did not see cat.png.*"
    ]
    assert bot.model.prompts == []
    assert await bot.hears(message(id="2", at=2)) == [
        "*I read text only, so I did not see cat.png.*",
        "The sky is blue.",
    ]


async def test_of_two_hundred_questions_at_once_the_model_hears_as_many_as_the_quota_allows() -> None:
    bot = Bot(Speaker(SKY), questions=60, places=100)
    channels = [replace(CHANNEL, channel=f"c{number}") for number in range(200)]
    async with bot.running():
        await asyncio.gather(
            *(
                bot.receive(message(id=f"{number}", at=float(number), channel=channel))
                for number, channel in enumerate(channels)
            )
        )
        await asyncio.sleep(1000)
    assert len(bot.model.prompts) == 60
    assert sum("used up" in each for each in bot.words()) == 140


async def test_a_question_that_is_edited_while_it_is_answered_costs_each_time() -> None:
    bot = Bot(Speaker(SKY, every=60.0), questions=10)
    async with bot.running():
        await bot.receive(message())
        for number in range(100):
            await asyncio.sleep(5)
            await bot.receive(Edited(message=message(f"Why {number}?"), edited_at=2.0 + number))
        await asyncio.sleep(1000)
    assert len(bot.model.prompts) == 10
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.question == "Why 8?"


async def test_the_quota_says_when_it_resets() -> None:
    bot = Bot(Speaker(SKY), questions=2)
    await bot.hears(*(message(id=str(number), at=number) for number in range(4)))
    assert len(bot.model.prompts) == 2
    assert all("again in 60 minutes" in text for text in bot.words())
    assert len(bot.words()) == 2


async def test_an_event_that_comes_twice_costs_one_question_and_is_refused_once() -> None:
    bot = Bot(Speaker(SKY), questions=2)
    await bot.hears(*(message(id=str(number), at=number) for number in (1, 1, 2, 2, 3, 3)))
    assert len(bot.model.prompts) == 2
    assert len(bot.words()) == 1


async def test_an_admin_has_no_quota() -> None:
    bot = Bot(Speaker(SKY), questions=1, admission=Admission(admins=frozenset({"u-ada"})))
    await bot.hears(message(), message(id="2", at=2))
    assert len(bot.model.prompts) == 2


async def test_who_may_not_ask_is_told_and_the_blocked_are_not_answered() -> None:
    bot = Bot(Speaker(SKY), admission=Admission(allowed_users=frozenset({"u-bob"})))
    await bot.hears(message())
    assert "not on its list" in bot.words()[0]
    bot = Bot(Speaker(SKY), admission=Admission(blocked_users=frozenset({"u-ada"})))
    await bot.hears(message())
    assert bot.words() == []
    assert bot.model.prompts == []


async def test_a_follow_up_counts_only_where_the_bot_has_spoken() -> None:
    thread = ChannelRef(platform="screen", workspace="w", channel="t", parent="c")
    bot = Bot(Speaker(SKY))
    follow_up = message("And?", id="1", channel=thread, address=Address.FOLLOW_UP)
    await bot.hears(follow_up)
    assert bot.model.prompts == []
    await bot.hears(message(id="2", at=2, channel=thread))
    await bot.hears(replace(follow_up, id="3", sent_at=3))
    assert len(bot.model.prompts) == 2


async def test_an_answer_that_cannot_end_in_time_is_handed_to_the_next_start() -> None:
    store = InMemoryStore()
    words = [f"word{number} " for number in range(60)]
    slow = Bot(Speaker(words), store=store, drain_seconds=2)
    async with slow.running():
        await slow.service.receive(message())
        await slow.service.receive(message("And you?", id="2", at=2))
        await asyncio.sleep(3)
    assert slow.model.speaking == 0
    next_start = Bot(Speaker(words, continues=True), store=store)
    async with next_start.running():
        await asyncio.sleep(60)
    first, second = (await next_start.store.conversations.read(CHANNEL)).turns
    assert first.answer.split() == second.answer.split() == "".join(words).split()
    assert first.replies[0] == "1-0"


async def test_a_process_that_died_is_taken_over_on_the_same_message() -> None:
    store = InMemoryStore()
    await store.requests.submit(question_request(message()))
    claim = await store.requests.claim(CHANNEL)
    assert claim is not None
    await store.requests.beat(claim, Progress(text="The sky", replies=("1-0",)))
    bot = Bot(Speaker(SKY), store=store)
    async with bot.running():
        await asyncio.sleep(60)
    assert bot.screen.texts() == ["The sky is blue."]
    assert bot.screen.finals == {"1-0"}


async def test_an_empty_mention_gets_a_hello() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message(""))
    assert bot.words()[0].startswith("Hello")


async def test_people_are_told_apart_in_a_channel_but_not_in_private() -> None:
    bot = Bot(Speaker(SKY))
    bob = Author(id="u-bob", name="Bob")
    await bot.hears(message("One?"), message("Two?", id="2", at=2, author=bob))
    assert bot.model.prompts[-1].messages[-1].content == "Bob: Two?"
    await bot.hears(message("Three?", id="3", channel=PRIVATE, address=Address.PRIVATE))
    assert bot.model.prompts[-1].messages[-1].content == "Three?"
