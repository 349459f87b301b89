"""A reader without a browser: what the page's scripts say to the server, and nothing that is drawn."""

import asyncio
import json
import re
import secrets
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import aiohttp


class Client:
    """`heard` is everything that the server sent to the open page. `cookies`: those of the browser."""

    def __init__(self, url: str, cookies: aiohttp.CookieJar | None = None) -> None:
        self._url = url
        self._page = secrets.token_hex(5)
        self.cookies = cookies or aiohttp.CookieJar(unsafe=True)
        self._session = aiohttp.ClientSession(cookie_jar=self.cookies)
        self._events: dict[str, dict[str, Any]] = {}
        self._changed = asyncio.Condition()
        self._conversation = ""
        self._reading: list[asyncio.Task[None]] = []
        self.heard = ""

    async def __aenter__(self) -> Self:
        async with self._session.get(f"{self._url}/", headers={"Accept": "text/html"}) as response:
            self._base = str(response.url).rstrip("/")
        async with self._session.get(f"{self._base}/config") as response:
            config = await response.json()
        for event in config["dependencies"]:
            self._events.setdefault(event["api_name"], event)
        await self._join("_load", [""])
        await self.until('"conversation": "[^"]')
        self._conversation = re.findall('"conversation": "([^"]+)"', self.heard)[-1]
        self.heard = ""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)
        await self._session.close()

    async def ask(self, text: str) -> None:
        """Send a question; what comes of it is heard."""
        await self._join("_ask", [self._conversation, text])

    async def until(self, pattern: str, *, timeout: float = 90.0) -> None:
        """Wait until the server has sent something like this."""
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(lambda: re.search(pattern, self.heard))

    async def _join(self, name: str, data: Sequence[str]) -> None:
        body = {"data": data, "fn_index": self._events[name]["id"], "session_hash": self._page}
        async with self._session.post(f"{self._base}/gradio_api/queue/join", json=body) as response:
            assert response.status == 200, await response.text()
        self._reading.append(asyncio.create_task(self._read()))

    async def _read(self) -> None:
        url = f"{self._base}/gradio_api/queue/data?session_hash={self._page}"
        async with self._session.get(url, timeout=aiohttp.ClientTimeout(total=None)) as response:
            assert response.status == 200
            async for line in response.content:
                if line.startswith(b"data:"):
                    async with self._changed:
                        self.heard += json.dumps(json.loads(line[5:]), ensure_ascii=False)
                        self._changed.notify_all()
