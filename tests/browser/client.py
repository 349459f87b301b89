"""A reader without a browser: what the page's scripts say to the server, and nothing that is drawn."""

import asyncio
import json
import re
import secrets
from types import TracebackType
from typing import Self

import aiohttp


class Client:
    """`heard` is everything that the server sent to the open page."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._changed = asyncio.Condition()
        self._conversation = secrets.token_hex(8)
        self._reading: asyncio.Task[None] | None = None
        self.heard = ""

    async def __aenter__(self) -> Self:
        async with self._session.get(f"{self._url}/", headers={"Accept": "text/html"}) as response:
            self._base = str(response.url).rstrip("/")
        self._reading = asyncio.create_task(self._read())
        await self.until('"whole": true')
        self.heard = ""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        await self._session.close()

    async def ask(self, text: str) -> None:
        """Send a question; what comes of it is heard."""
        body = {"conversation": self._conversation, "text": text, "id": secrets.token_hex(8)}
        async with self._session.post(f"{self._base}/api/ask", json=body) as response:
            assert response.status == 200, await response.text()

    async def until(self, pattern: str, *, timeout: float = 90.0) -> None:
        """Wait until the server has sent something like this."""
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(lambda: re.search(pattern, self.heard))

    async def _read(self) -> None:
        url = f"{self._base}/api/watch?conversation={self._conversation}"
        forever = aiohttp.ClientTimeout(total=None)
        async with self._session.get(url, timeout=forever) as response:
            assert response.status == 200
            async for line in response.content:
                if line.startswith(b"data:"):
                    async with self._changed:
                        self.heard += json.dumps(json.loads(line[5:]), ensure_ascii=False)
                        self._changed.notify_all()
