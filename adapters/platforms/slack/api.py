"""Slack's Web API on one shared connection pool, each call with its workspace's own token."""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.platforms.slack.faults import Refused, faults
from adapters.platforms.slack.limits import CALL_SECONDS
from adapters.platforms.slack.workspaces import Workspaces
from adapters.proxies import proxy_for, way_to
from bot.errors import PlatformFailed, StoreUnavailable, TooFast

logger = logging.getLogger(__name__)

PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds between tries to connect while Slack cannot be reached; the last one for ever."""


class Api:
    """`url` replaces Slack's own base. Calls raise the errors under `PlatformError`."""

    def __init__(self, workspaces: Workspaces, url: str = "") -> None:
        self._workspaces = workspaces
        self.url = f"{url.rstrip('/')}/" if url else AsyncWebClient.BASE_URL
        self._client: AsyncWebClient | None = None

    @property
    def client(self) -> AsyncWebClient:
        """The library's client, without a token: slack_sdk would open a connection for every call by itself,
        and sleep inside a call that came too fast."""
        if self._client is None:
            session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))
            self._client = AsyncWebClient(base_url=self.url, session=session, retry_handlers=[])
            # By itself it takes one from the environment, whatever NO_PROXY says.
            self._client.proxy = proxy_for(self.url)
        return self._client

    @property
    def session(self) -> aiohttp.ClientSession:
        """The pool, for what is not the Web API: files and response URLs."""
        session = self.client.session
        assert session is not None  # noqa: S101  # set where the client is made
        return session

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self.session.close()
            self._client = None

    async def __call__(self, workspace: str, method: str, **arguments: object) -> Mapping[str, Any]:
        """Call a method that changes something; its answer."""
        return await self._call(workspace, method, json=arguments)

    async def ask(self, workspace: str, method: str, **arguments: object) -> Mapping[str, Any]:
        """Call a method that only reads: Slack takes no JSON there."""
        return await self._call(workspace, method, params=arguments)

    async def respond(self, url: str, body: Mapping[str, object]) -> bool:
        """Answer at a response URL, which takes no `markdown_text` but blocks; `False` where it is used up:
        it is good for half an hour and five times."""
        with faults():
            async with self.session.post(url, json=body, proxy=proxy_for(url)) as response:
                if response.status not in (200, 404):
                    raise PlatformFailed(f"a response URL answered {response.status}")
                return response.status == 200

    async def token(self, workspace: str) -> str:
        """The bot's token there. Raises `Refused` where it is not installed any more."""
        try:
            found = await self._workspaces.find(workspace)
        except StoreUnavailable as error:
            raise PlatformFailed("the installation could not be read") from error
        if found is None:
            raise Refused("not_installed", 0)
        return found.bot_token

    async def _call(self, workspace: str, method: str, **body: Mapping[str, object]) -> Mapping[str, Any]:
        token = await self.token(workspace)
        with faults():
            answer = await self.client.api_call(
                method,
                headers={"Authorization": f"Bearer {token}"},
                **body,  # type: ignore[arg-type]  # the library says dict where any mapping will do
            )
        return answer.data if isinstance(answer.data, dict) else {}


async def patiently(attempt: Callable[[], Awaitable[None]], url: str) -> None:
    """Try until it works, while Slack can't be reached at `url`. Raises `SlackRefused`, which no patience
    helps."""
    for pause in itertools.chain(PAUSES, itertools.repeat(PAUSES[-1])):
        try:
            return await attempt()
        except (PlatformFailed, TooFast) as error:
            if pause == PAUSES[0]:
                logger.warning("Slack cannot be reached%s, trying on: %s", way_to(url), error)
        await asyncio.sleep(pause)
