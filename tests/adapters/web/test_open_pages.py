"""The page over a real socket: what a browser's closing leaves behind."""

import asyncio
from collections.abc import AsyncGenerator
from importlib.util import find_spec

import pytest

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


@pytest.mark.skipif(find_spec("uvicorn") is None, reason="the page is an optional part")
async def test_a_page_that_is_closed_is_watched_no_longer() -> None:
    # Here alone: a process that collects this test should not import what it takes a moment to import.
    from adapters.platforms.web.assembly import web

    bot, port, records = Watched(), free_port(), InMemoryStore().records("web")
    platform = web(host="127.0.0.1", port=port, users={}, records=records, history_days=30, pulse=0.2)
    serving = asyncio.create_task(platform.run(bot))
    try:
        async with asyncio.timeout(60):
            async with Client(f"http://127.0.0.1:{port}"):
                assert bot.watching == 1
            while bot.watching:
                await asyncio.sleep(0.1)
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
