"""The page over a real socket with Gradio: what a browser's closing leaves behind."""

import asyncio
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.util import find_spec

import pytest

from adapters.platforms.web.limits import OPEN_EACH, PULSE
from bot.conversation.events import Author, ChannelRef
from bot.conversation.views import Conversation
from tests.browser.client import Client
from tests.fakes.receiver import Receiver
from tests.fakes.store import InMemoryStore
from tests.servers.ports import free_port


class Watched(Receiver):
    """`watching`: how many pages are looked at just now."""

    watching = 0

    async def watch(self, channel: ChannelRef, author: Author) -> AsyncGenerator[Conversation, None]:
        self.watching += 1
        try:
            yield Conversation(channel=channel, version=1, exchanges=())
            await asyncio.Event().wait()
        finally:
            self.watching -= 1


@asynccontextmanager
async def page(bot: Watched, *, pulse: float = PULSE) -> AsyncIterator[str]:
    """The page's address, while it is served."""
    # Here alone: a process that collects this test should not import what it takes a moment to import.
    from adapters.platforms.web.assembly import web

    port, records = free_port(), InMemoryStore().records("web")
    platform = web(host="127.0.0.1", port=port, users={}, records=records, history_days=30, pulse=pulse)
    serving = asyncio.create_task(platform.run(bot))
    try:
        async with asyncio.timeout(60):
            yield f"http://127.0.0.1:{port}"
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


@pytest.mark.skipif(find_spec("gradio") is None, reason="the page is an optional part")
async def test_a_page_that_is_closed_is_watched_no_longer_and_nothing_was_counted() -> None:
    bot = Watched()
    async with page(bot, pulse=0.2) as url:
        async with Client(url):
            assert bot.watching == 1
        while bot.watching:
            await asyncio.sleep(0.1)
    assert "pandas._libs" not in sys.modules  # where Gradio would put what was done


@pytest.mark.long
@pytest.mark.skipif(find_spec("gradio") is None, reason="the page is an optional part")
async def test_of_the_pages_of_one_visitor_so_many_go_on_and_those_of_others_do(long: bool) -> None:
    if not long:
        pytest.skip("a page more than one may have is opened in `make check` alone")
    bot = Watched()
    async with page(bot) as url, AsyncExitStack() as pages:
        other, first = Client(url), Client(url)
        await pages.enter_async_context(other)
        await pages.enter_async_context(first)
        for _ in range(OPEN_EACH + 2):
            await pages.enter_async_context(Client(url, first.cookies))
        while bot.watching != OPEN_EACH + 1:
            await asyncio.sleep(0.1)
        other.heard = ""
        await other.ask("Why?")
        await other.until("event_id")
