"""The terminal as a platform, over a pipe's streams."""

import asyncio
import io
import os
import threading
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from typing import TextIO

from adapters.platforms.console.platform import ConsolePlatform
from adapters.platforms.console.translate import author_of, question_in
from bot.conversation.events import Author, ChannelRef, Event, Said
from bot.conversation.views import Conversation, Exchange, Notice, Page
from bot.errors import StoreUnavailable
from tests.fakes.receiver import Receiver

ADA = author_of("ada", "en")


def typed_in(lines: str) -> int:
    """A pipe that gives these lines and then ends."""
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "w") as pipe:
            pipe.write(lines)

    threading.Thread(target=write, daemon=True).start()
    return reading


def on_pipe(lines: str, sink: TextIO) -> ConsolePlatform:
    """The terminal, with these lines on a pipe."""
    return ConsolePlatform(typed_in(lines), sink)


async def talk(lines: str, answer: Callable[[Said], str]) -> tuple[list[Said], str]:
    """What is heard of these lines, and what stands in the output."""
    sink = io.StringIO()
    platform = on_pipe(lines, sink)
    heard: list[Said] = []

    class Answering(Receiver):
        async def receive(self, event: Event) -> Notice | None:
            assert isinstance(event, Said)
            heard.append(event)
            text = answer(event)
            page = Page(number=0, body=text, text=text[: len(text) // 2])
            message = await platform.post(event, page, event.id)
            await platform.edit(event.channel, message, Page(number=0, body=text, text=text, final=True))
            return None

    async with asyncio.timeout(5):
        await platform.run(Answering())
    return heard, sink.getvalue()


async def test_each_line_of_a_pipe_is_asked_and_only_finished_text_is_printed() -> None:
    heard, printed = await talk("one\n\ntwo", lambda question: f"answer to {question.text}")
    assert [question.text for question in heard] == ["one", "two"]
    assert printed == "answer to one\nanswer to two\n"


async def test_a_line_is_asked_only_when_the_answer_before_it_stands() -> None:
    sink, stands = io.StringIO(), asyncio.Event()

    class Growing(Receiver):
        async def watch(self, channel: ChannelRef, author: Author) -> AsyncGenerator[Conversation, None]:
            growing = Exchange(id="1", question="one", answer="", written="", growing=True)
            yield Conversation(channel=channel, version=1, exchanges=(growing,))
            await stands.wait()
            yield Conversation(channel=channel, version=2, exchanges=(replace(growing, growing=False),))

    bot = Growing()
    running = asyncio.create_task(on_pipe("one\ntwo\n", sink).run(bot))
    assert (await bot.question()).text == "one"
    await asyncio.sleep(0.01)
    assert bot.events.empty()
    stands.set()
    assert (await bot.question()).text == "two"
    await running


async def test_what_the_bot_gives_back_is_the_answer_to_a_line() -> None:
    class Saying(Receiver):
        async def receive(self, event: Event) -> Notice | None:
            return Notice(text="said")

    sink = io.StringIO()
    await on_pipe("!help\n", sink).run(Saying())
    assert sink.getvalue() == "said\n"


async def test_a_store_that_is_away_is_told_in_the_persons_language() -> None:
    class Away(Receiver):
        async def receive(self, event: Event) -> Notice | None:
            assert isinstance(event, Said)
            assert event.author.locale == "es-MX"
            raise StoreUnavailable

    sink = io.StringIO()
    await ConsolePlatform(typed_in("¿Por qué?\n"), sink, locale="es-MX").run(Away())
    assert "memoria" in sink.getvalue()


def test_a_word_may_begin_with_a_slash() -> None:
    question = question_in("/temperature 0.3", author=ADA, number=1, at=1.0)
    assert question.text == "!temperature 0.3"
    assert question_in("/usr/bin is full", author=ADA, number=1, at=1.0).text == "/usr/bin is full"
    assert question.channel.private


async def test_an_enormous_line_is_one_question() -> None:
    heard, _ = await talk("x" * 1_000_000 + "\n", lambda _: "too long")
    assert [len(question.text) for question in heard] == [1_000_000]


async def test_pages_are_printed_one_after_the_other() -> None:
    sink = io.StringIO()
    platform = on_pipe("", sink)
    question = question_in("one", author=ADA, number=1, at=1.0)
    await platform.post(question, Page(number=0, body="first", text="first", full=True), "1-0")
    await platform.post(question, Page(number=1, body="second", text="second", final=True), "1-1")
    assert sink.getvalue() == "first\nsecond\n"
