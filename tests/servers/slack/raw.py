"""The local Slack's Web API called without a library that waits, retries or hides."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from tests.servers.slack import SlackServer


class Raw:
    """Calls with the bot's token, unless another is given."""

    def __init__(self, server: SlackServer, session: aiohttp.ClientSession) -> None:
        self._server = server
        self._session = session

    async def ask(
        self, method: str, *, token: str = "", **arguments: Any
    ) -> tuple[int, dict[str, Any], Mapping[str, str]]:
        headers = {"Authorization": f"Bearer {token or self._server.team.bot_token}"}
        url = self._server.api_url + method
        async with self._session.post(url, json=arguments, headers=headers) as response:
            return response.status, await response.json(), response.headers

    async def done(self, method: str, **arguments: Any) -> dict[str, Any]:
        status, answer, _ = await self.ask(method, **arguments)
        assert (status, answer["ok"]) == (200, True), answer
        return answer

    async def refused(self, method: str, **arguments: Any) -> str:
        """Slack says no with HTTP 200; its word for why."""
        status, answer, _ = await self.ask(method, **arguments)
        assert (status, answer["ok"]) == (200, False)
        return str(answer["error"])

    async def status(self, url: str, **content: Any) -> int:
        async with self._session.post(url, json=content) as response:
            return response.status
