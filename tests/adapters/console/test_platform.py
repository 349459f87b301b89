"""The terminal chat on real pipes and a real terminal, with a bot that does what each test says."""

import asyncio
import io
import os
import pty
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TextIO

import pytest

from adapters.console.platform import ConsolePlatform
from bot.draft import Page
from bot.errors import ChannelGone, StoreUnavailable
from bot.messages import Attachment, Event, IncomingMessage

PATIENCE = 10.0
"""Seconds until a test that hangs has failed."""

Act = Callable[[ConsolePlatform, IncomingMessage], Awaitable[None]]


def page(text: str, number: int = 0, *, final: bool = False) -> Page:
    return Page(number=number, body=text, text=text, full=final, final=final)


class Chat:
    """A platform and what was asked on it. Each question is answered by a task, as the bot does."""

    def __init__(self, platform: ConsolePlatform, act: Act) -> None:
        self.platform = platform
        self.act = act
        self.asked: list[str] = []
        self._answering: list[asyncio.Task[None]] = []

    async def receive(self, event: Event) -> None:
        assert isinstance(event, IncomingMessage)
        self.asked.append(event.text)
        self._answering.append(asyncio.create_task(self._answer(event)))

    async def _answer(self, message: IncomingMessage) -> None:
        await self.act(self.platform, message)

    async def run(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.platform.run(self.receive)
            await asyncio.gather(*self._answering, return_exceptions=True)


async def echo(platform: ConsolePlatform, message: IncomingMessage) -> None:
    """An answer that grows once, then is final."""
    posted = await platform.post(message, page("You"))
    await asyncio.sleep(0)
    await platform.edit(message.channel, posted, page(f"You said **{message.text}**", final=True))


def pipe(text: bytes) -> int:
    """The reading end of a pipe that holds this and nothing more."""
    source, end = os.pipe()
    with os.fdopen(end, "wb") as writer:
        writer.write(text)
    return source


async def piped(text: bytes, act: Act = echo) -> tuple[str, list[str]]:
    """What was shown for an input, and what was asked."""
    shown = io.StringIO()
    source = pipe(text)
    chat = Chat(ConsolePlatform(source, shown), act)
    await chat.run()
    os.close(source)
    return shown.getvalue(), chat.asked


async def test_a_pipe_gets_finished_answers_as_plain_text() -> None:
    assert await piped(b"one\ntwo") == ("You said **one**\nYou said **two**\n", ["one", "two"])


async def test_empty_lines_ask_nothing() -> None:
    assert (await piped(b"\n  \n\nhello\r\n\n"))[1] == ["hello"]


async def test_an_empty_input_ends_at_once() -> None:
    assert await piped(b"") == ("", [])


async def test_nothing_at_all_ends_at_once() -> None:
    with Path(os.devnull).open("rb") as nothing:
        await Chat(ConsolePlatform(nothing.fileno(), io.StringIO()), echo).run()


async def test_a_file_is_read_like_a_pipe() -> None:
    shown = io.StringIO()
    with tempfile.TemporaryFile() as file:
        file.write(b"from a file\n")
        file.seek(0)
        await Chat(ConsolePlatform(file.fileno(), shown), echo).run()
    assert shown.getvalue() == "You said **from a file**\n"


async def test_the_next_line_waits_for_the_answer_to_the_last() -> None:
    order: list[str] = []

    async def slow(platform: ConsolePlatform, message: IncomingMessage) -> None:
        order.append(f"asked {message.text}")
        for _ in range(20):
            await asyncio.sleep(0.001)
        await platform.post(message, page("x", final=True))
        order.append(f"answered {message.text}")

    await piped(b"1\n2\n", slow)
    assert order == ["asked 1", "answered 1", "asked 2", "answered 2"]


async def test_an_enormous_line_arrives_whole() -> None:
    line = ("mixtral " * 250_000).strip()
    _, asked = await piped(line.encode() + b"\nnext\n")
    assert asked == [line, "next"]


async def test_letters_that_are_cut_by_the_reading_are_whole() -> None:
    line = "x" + "🦊" * 40_000
    assert (await piped(line.encode()))[1] == [line]


async def test_bytes_that_are_no_text_do_not_end_the_chat() -> None:
    assert (await piped(b"caf\xe9\nnext\n"))[1] == ["caf\ufffd", "next"]


async def test_what_the_bot_says_itself_is_an_answer_too() -> None:
    async def told(platform: ConsolePlatform, message: IncomingMessage) -> None:
        await platform.tell(message, "temperature was 0.9 and is now 0.3")

    assert (await piped(b"/temperature 0.3\n", told))[0] == "temperature was 0.9 and is now 0.3\n"


async def test_the_chat_outlives_a_store_that_does_not_answer() -> None:
    shown = io.StringIO()
    source = pipe(b"one\ntwo\n")
    platform = ConsolePlatform(source, shown)

    async def refuse(event: Event) -> None:
        await platform.tell(event, "try again")
        raise StoreUnavailable

    async with asyncio.timeout(PATIENCE):
        await platform.run(refuse)
    os.close(source)
    assert shown.getvalue() == "try again\ntry again\n"


async def test_pages_are_shown_together_when_the_answer_stands() -> None:
    async def two_pages(platform: ConsolePlatform, message: IncomingMessage) -> None:
        await platform.post(message, page("first"))
        await platform.post(message, page("second", 1, final=True))

    assert (await piped(b"go\n", two_pages))[0] == "first\nsecond\n"


async def test_an_answer_from_an_earlier_start_is_not_the_one_that_is_waited_for() -> None:
    async def finishes_another_first(platform: ConsolePlatform, message: IncomingMessage) -> None:
        await platform.edit(message.channel, "1.000000-1/0", page("the old answer", final=True))
        await asyncio.sleep(0.05)
        await echo(platform, message)

    assert (await piped(b"new\n", finishes_another_first))[0] == "the old answer\nYou said **new**\n"


async def test_no_escape_code_reaches_a_pipe() -> None:
    async def coloured(platform: ConsolePlatform, message: IncomingMessage) -> None:
        await platform.post(message, page("\x1b[31mred\x1b[0m"))
        await platform.edit(message.channel, f"{message.id}/0", page("\x1b[31mred\x1b[0m", final=True))

    assert "\x1b" not in (await piped(b"go\n", coloured))[0]


async def test_it_ends_when_nobody_reads_the_output() -> None:
    source, (out, sink) = pipe(b"one\ntwo\n"), os.pipe()
    os.close(out)
    with os.fdopen(sink, "w") as writer:
        platform = ConsolePlatform(source, writer)
        chat = Chat(platform, echo)
        await chat.run()
        with pytest.raises(ChannelGone):
            await platform.read(Attachment(name="a", url="", size=1), 1)
    os.close(source)
    assert chat.asked == ["one"]


class Terminal:
    """A terminal's two ends: what is typed at `keys`, what is on its screen in `shown`."""

    def __init__(self, keys: int, device: int, sink: TextIO) -> None:
        self.keys = keys
        self.device = device
        self.sink = sink
        self.shown = ""
        self._more = asyncio.Event()
        asyncio.get_running_loop().add_reader(keys, self._read)

    def type(self, text: str) -> None:
        os.write(self.keys, text.encode())

    async def until(self, text: str, times: int = 1) -> None:
        async with asyncio.timeout(PATIENCE):
            while self.shown.count(text) < times:
                self._more.clear()
                await self._more.wait()

    def _read(self) -> None:
        self.shown += os.read(self.keys, 65536).decode(errors="replace")
        self._more.set()


@asynccontextmanager
async def terminal() -> AsyncIterator[Terminal]:
    keys, device = pty.openpty()
    with os.fdopen(os.dup(device), "w") as sink:
        yield Terminal(keys, device, sink)
        asyncio.get_running_loop().remove_reader(keys)
    os.close(device)
    os.close(keys)


async def test_on_a_terminal_the_answer_grows_as_markdown() -> None:
    async with terminal() as screen:
        go_on = asyncio.Event()

        async def grows(platform: ConsolePlatform, message: IncomingMessage) -> None:
            posted = await platform.post(message, page("growing **bold"))
            await go_on.wait()
            await platform.edit(message.channel, posted, page("growing **bold**", final=True))

        chat = Chat(ConsolePlatform(screen.device, screen.sink), grows)
        running = asyncio.create_task(chat.run())
        await screen.until("you > ")
        screen.type("hello\n")
        await screen.until("growing **bold")
        go_on.set()
        await screen.until("you > ", times=2)
        assert "growing \x1b[1mbold\x1b[0m" in screen.shown
        screen.type("\x04")
        await running
        assert chat.asked == ["hello"]


async def test_a_long_answer_stands_on_the_terminal_once() -> None:
    async with terminal() as screen:
        lines = [f"line {number}." for number in range(200)]

        async def grows(platform: ConsolePlatform, message: IncomingMessage) -> None:
            posted = await platform.post(message, page(lines[0]))
            for count in range(20, 200, 20):
                await platform.edit(message.channel, posted, page("\n\n".join(lines[:count])))
            await platform.edit(message.channel, posted, page("\n\n".join(lines), final=True))

        chat = Chat(ConsolePlatform(screen.device, screen.sink), grows)
        running = asyncio.create_task(chat.run())
        await screen.until("you > ")
        screen.type("go\n")
        await screen.until("you > ", times=2)
        # The first lines left the window long ago: while it grew, they were drawn in one step only.
        assert screen.shown.count("line 1.") <= 2
        assert screen.shown.count("line 199.") == 1
        screen.type("\x04")
        await running


async def test_a_chat_that_is_cancelled_gives_the_cursor_back() -> None:
    async with terminal() as screen:

        async def starts(platform: ConsolePlatform, message: IncomingMessage) -> None:
            await platform.post(message, page("never finished"))

        chat = Chat(ConsolePlatform(screen.device, screen.sink), starts)
        running = asyncio.create_task(chat.run())
        await screen.until("you > ")
        screen.type("go\n")
        await screen.until("never finished")
        running.cancel()
        await asyncio.wait([running])
        await screen.until("\x1b[?25h")
        screen.type("\n")  # lets the thread that reads go before its terminal is closed
