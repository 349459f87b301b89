"""The terminal as a platform, over a pipe's streams."""

import asyncio
import io
import os
import threading
from collections.abc import Callable
from typing import TextIO

from adapters.platforms.console.platform import ConsolePlatform
from adapters.platforms.console.translate import typed
from bot.conversation.events import Event, Said
from bot.conversation.views import Notice, Page
from tests.fakes.store import InMemoryArchive, InMemoryInterrupts, InMemoryMailbox


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
    store = InMemoryMailbox()
    return ConsolePlatform(
        typed_in(lines), sink, archive=InMemoryArchive(store), interrupts=InMemoryInterrupts(store)
    )


async def talk(lines: str, answer: Callable[[Said], str]) -> tuple[list[Said], str]:
    """What is heard of these lines, and what stands in the output."""
    sink = io.StringIO()
    platform = on_pipe(lines, sink)
    heard: list[Said] = []

    async def receive(event: Event) -> None:
        assert isinstance(event, Said)
        heard.append(event)
        text = answer(event)
        page = Page(number=0, body=text, text=text[: len(text) // 2])
        message = await platform.post(event, page, event.id)
        await platform.edit(event.channel, message, Page(number=0, body=text, text=text, final=True))

    async with asyncio.timeout(5):
        await platform.run(receive)
    return heard, sink.getvalue()


async def test_each_line_of_a_pipe_is_asked_and_only_finished_text_is_printed() -> None:
    heard, printed = await talk("one\n\ntwo", lambda question: f"answer to {question.text}")
    assert [question.text for question in heard] == ["one", "two"]
    assert printed == "answer to one\nanswer to two\n"


async def test_a_line_is_asked_only_when_the_answer_before_it_stands() -> None:
    sink = io.StringIO()
    platform = on_pipe("one\ntwo\n", sink)
    heard: list[Said] = []

    async def receive(event: Event) -> None:
        assert isinstance(event, Said)
        heard.append(event)

    running = asyncio.create_task(platform.run(receive))
    async with asyncio.timeout(5):
        while not heard:
            await asyncio.sleep(0)
        assert [question.text for question in heard] == ["one"]
        await platform.tell(heard[0], Notice(text="said"))
        while len(heard) < 2:
            await asyncio.sleep(0)
    running.cancel()
    assert sink.getvalue() == "said\n"


def test_a_word_may_begin_with_a_slash() -> None:
    question = typed("/temperature 0.3", person="ada", number=1, at=1.0)
    assert question.text == "!temperature 0.3"
    assert typed("/usr/bin is full", person="ada", number=1, at=1.0).text == "/usr/bin is full"
    assert question.channel.private


async def test_an_enormous_line_is_one_question() -> None:
    heard, _ = await talk("x" * 1_000_000 + "\n", lambda _: "too long")
    assert [len(question.text) for question in heard] == [1_000_000]


async def test_pages_are_printed_one_after_the_other() -> None:
    sink = io.StringIO()
    platform = on_pipe("", sink)
    question = typed("one", person="ada", number=1, at=1.0)
    await platform.post(question, Page(number=0, body="first", text="first", full=True), "1-0")
    await platform.post(question, Page(number=1, body="second", text="second", final=True), "1-1")
    assert sink.getvalue() == "first\nsecond\n"
