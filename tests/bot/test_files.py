"""Files beside a question: what the model is told of them, and what the person is."""

import threading
from dataclasses import replace

import pytest

from bot.answering.beside import AT_ONCE
from bot.answering.files import MAX_FILES, MAX_TEXT
from bot.conversation.content import Attachment, Quote
from bot.conversation.events import Edited
from tests.fakes.bot import Bot
from tests.fakes.messages import CHANNEL, message
from tests.fakes.model import Speaker, Words

pytestmark = pytest.mark.looptime

SKY = ("The", " sky", " is", " blue.")
ANSWER = "The sky is blue."


def beside(name: str, media_type: str = "", size: int = 10) -> Attachment:
    return Attachment(name=name, url=f"u/{name}", size=size, media_type=media_type)


def told(bot: Bot) -> str:
    return bot.model.prompts[-1].messages[-1].content


async def test_what_is_not_read_is_named_to_the_person_and_to_the_model() -> None:
    bot = Bot(Speaker(SKY))
    bot.screen.files["u/notes.txt"] = b"Lamps are green."
    names = ("cat.png", "song.mp3", "film.mp4", "all.zip", "notes.txt")
    shown = "".join(await bot.hears(message("Well?", attachments=tuple(map(beside, names)))))
    assert "[file: cat.png, a picture, not read]" in told(bot)
    assert "[file: song.mp3, a sound, not read]" in told(bot)
    assert "[file: film.mp4, a film, not read]" in told(bot)
    assert "[file: all.zip, an archive, not read]" in told(bot)
    assert "[file: notes.txt, one file too many, not read]" in told(bot)
    assert len(names) == MAX_FILES + 1
    assert shown.startswith(ANSWER)
    for name in names:
        assert name in shown


async def test_a_picture_alone_is_no_question_to_the_model() -> None:
    bot = Bot(Speaker(SKY))
    said = await bot.hears(message("", attachments=(beside("cat.png", "image/png"),)))
    assert said == ["*I read text only, so I did not see cat.png.*"]
    assert bot.model.prompts == []
    assert await bot.hears(Edited(message=message("Why is the sky blue?"), edited_at=2.0)) == [ANSWER]


async def test_the_next_question_knows_that_there_was_a_picture() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message("", attachments=(beside("cat.png", "image/png"),)))
    await bot.hears(message("What was that?", id="2", at=2))
    assert "[file: cat.png, a picture, not read]" in told(bot)


async def test_a_text_file_without_a_word_is_a_question() -> None:
    bot = Bot(Speaker(SKY))
    bot.screen.files["u/message.txt"] = b"Why is the sky blue?"
    assert await bot.hears(message("", attachments=(beside("message.txt"),))) == [ANSWER]
    assert "Why is the sky blue?" in told(bot)


async def test_a_documents_text_is_read() -> None:
    bot = Bot(Speaker(SKY))
    bot.screen.files["u/report.pdf"] = b"%PDF-1.7 x"
    bot.documents.texts[b"%PDF-1.7 x"] = "Revenue 4711\n"
    assert await bot.hears(message("How much?", attachments=(beside("report.pdf"),))) == [ANSWER]
    assert "File report.pdf:\n```pdf\nRevenue 4711\n```" in told(bot)


async def test_a_document_that_nobody_can_read_is_named() -> None:
    bot = Bot(Speaker(SKY))
    bot.screen.files["u/report.pdf"] = b"%PDF-1.7 y"
    [shown] = await bot.hears(message("How much?", attachments=(beside("report.pdf"),)))
    assert "I could not get any text out of report.pdf" in shown


async def test_a_file_that_is_too_long_is_read_at_its_beginning_and_its_end() -> None:
    bot = Bot(Speaker(SKY), context_tokens=100_000)
    bot.screen.files["u/log.txt"] = b"BEGIN " + b"x" * (2 * MAX_TEXT) + b" END"
    [shown] = await bot.hears(message("Well?", attachments=(beside("log.txt"),)))
    assert "BEGIN" in told(bot)
    assert "END" in told(bot)
    assert "characters are left out here" in told(bot)
    assert "log.txt is long" in shown


async def test_a_file_gives_way_to_the_window_in_its_middle() -> None:
    bot = Bot(Speaker(SKY), context_tokens=1000)
    words = " ".join(f"w{number}" for number in range(3000))
    bot.screen.files["u/log.txt"] = f"BEGIN {words} END".encode()
    [shown] = await bot.hears(message("What is the last word?", attachments=(beside("log.txt"),)))
    assert "BEGIN" in told(bot)
    assert "END\n```" in told(bot)
    assert "What is the last word?" in told(bot)
    assert shown == f"{ANSWER}\n\n*log.txt is long, so I left out its middle.*"


class Counted(Words):
    """Notes how long the texts were that the loop itself has counted, and those that others have."""

    def __init__(self) -> None:
        self._loop = threading.get_ident()
        self.on_the_loop, self.beside = [0], [0]

    def count(self, text: str) -> int:
        counted = self.on_the_loop if threading.get_ident() == self._loop else self.beside
        counted.append(len(text))
        return super().count(text)


async def test_long_texts_are_counted_while_others_have_their_turn() -> None:
    tokenizer = Counted()
    answer = "Blue. " * (AT_ONCE // 5)
    bot = Bot(Speaker([answer]), context_tokens=100_000, tokenizer=tokenizer)
    bot.screen.files["u/log.txt"] = b"word " * AT_ONCE
    await bot.hears(message("Well?", attachments=(beside("log.txt"),)))
    await bot.hears(message("And then?", id="2", at=2))
    assert "And then?" in told(bot)
    assert max(tokenizer.on_the_loop) <= AT_ONCE < max(tokenizer.beside)
    assert len(answer) in tokenizer.beside


async def test_a_message_of_signs_that_nobody_sees_asks_nothing() -> None:
    bot = Bot(Speaker(SKY))
    [shown] = await bot.hears(message("\u200b \u2060\u200e\ufeff"))
    assert bot.model.prompts == []
    assert "nothing in your message" in shown


async def test_a_message_that_may_not_be_read_is_not_guessed_at() -> None:
    bot = Bot(Speaker(SKY))
    [shown] = await bot.hears(message("What about this?", quotes=(Quote(author="Bob", text=""),)))
    assert bot.model.prompts == []
    assert "Ask about this message" in shown


async def test_what_is_linked_is_told_as_it_stands_there_now() -> None:
    bot = Bot(Speaker(SKY))
    bot.screen.linked_messages = [Quote(author="Bob", text="The lamp is out.", message="m7")]
    await bot.hears(message("Is that so? http://x/m7", linked=("m7",)))
    assert "Bob wrote:\n> The lamp is out." in told(bot)
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert [quote.message for quote in turn.quotes] == ["m7"]


async def test_files_on_what_is_linked_and_on_what_was_said_before_are_read_with_the_question() -> None:
    bot = Bot(Speaker(SKY))
    bot.screen.files |= {"u/first.log": b"Lamps are green.", "u/linked.log": b"Lamps are red."}
    first, linked = beside("first.log"), beside("linked.log")
    bot.screen.linked_messages = [Quote(author="Bob", text="Red?", message="m7", attachments=(linked,))]
    bot.screen.said_before = [Quote(author="Bob", text="Green?", message="m1", attachments=(first,))]
    thread = replace(CHANNEL, channel="thread", parent=CHANNEL.channel)
    await bot.hears(message("Which? http://x/m7", linked=("m7",), channel=thread))
    assert "Lamps are green." in told(bot)
    assert "Lamps are red." in told(bot)
    [turn] = (await bot.store.conversations.read(thread)).turns
    assert [file.name for file in turn.files] == ["first.log", "linked.log"]
    assert all(quote.attachments == () for quote in turn.quotes)


async def test_a_link_that_leads_nowhere_is_said_and_the_question_is_answered() -> None:
    bot = Bot(Speaker(SKY))
    [shown] = await bot.hears(message("Is that so? http://x/m7", linked=("m7",)))
    assert shown == f"{ANSWER}\n\n*I could not read a message that you linked to.*"


async def test_the_title_of_a_thread_is_told_once() -> None:
    bot, title = Bot(Speaker(SKY)), Quote(author="", text="Drinks (tea)")
    await bot.hears(message("Who wins?", quotes=(title,)))
    assert told(bot) == "Ada: > Drinks (tea)\n\nWho wins?"
    await bot.hears(message("And now?", id="2", at=2, quotes=(title,)))
    assert bot.model.prompts[-1].text.count("Drinks") == 1
