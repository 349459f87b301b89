"""The page over a real socket: what a browser's closing leaves behind."""

import asyncio
from collections.abc import AsyncGenerator
from importlib.util import find_spec

import aiohttp
import pytest

from bot.conversation.events import Author, ChannelRef
from bot.conversation.views import Conversation
from tests.browser.client import Client
from tests.fakes.bot import Bot
from tests.fakes.model import Speaker
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


@pytest.mark.skipif(find_spec("uvicorn") is None, reason="the page is an optional part")
async def test_a_program_asks_and_hears_the_answer_with_a_token_alone() -> None:
    """As docs/api.md says."""
    from adapters.platforms.web.assembly import web

    port, store = free_port(), InMemoryStore()
    platform = web(
        host="127.0.0.1", port=port, users={}, records=store.records("web"), history_days=30, pulse=0.2
    )
    url, jar = f"http://127.0.0.1:{port}", aiohttp.CookieJar(unsafe=True)
    asked = {"conversation": "c1", "text": "Why is the sky blue?"}
    async with asyncio.timeout(60), Bot(Speaker(["The", " sky."]), platform=platform, store=store).running():
        async with aiohttp.ClientSession(cookie_jar=jar) as browser:
            while not await _answers(browser, url):
                await asyncio.sleep(0.1)
            async with browser.post(f"{url}/en/api/token") as answer:
                given = {"Authorization": f"Bearer {await answer.text()}"}
        async with aiohttp.ClientSession(headers=given, cookie_jar=aiohttp.DummyCookieJar()) as program:
            async with program.post(f"{url}/en/api/ask", json=asked) as answer:
                assert await answer.json() == {"conversation": "c1", "notice": None}
            heard = b""
            async with program.get(f"{url}/en/api/watch?conversation=c1") as stream:
                async for line in stream.content:
                    heard += line
                    if b'"busy": false' in line and b"The sky." in heard:
                        break
            async with program.get(f"{url}/en/api/conversations") as answer:
                listed = await answer.json()
    assert [(each["name"], each["title"]) for each in listed] == [("c1", "Why is the sky blue?")]


async def _answers(browser: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with browser.get(url) as answer:
            return answer.status == 200
    except aiohttp.ClientConnectionError:
        return False
