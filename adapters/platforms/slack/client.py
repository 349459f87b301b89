"""Slack's Web API on one shared connection pool, each call with its workspace's own token."""

import asyncio
import itertools
import logging
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.outgoing import asked_as_it_goes_out
from adapters.platforms.slack.draw import without
from adapters.platforms.slack.errors import Refused, refusal, slack_errors
from adapters.platforms.slack.limits import CALL_SECONDS
from adapters.platforms.slack.workspaces import Workspace, Workspaces
from adapters.proxies import proxy_for, way_to
from bot.errors import PlatformFailed, StoreUnavailable, TooFast

logger = logging.getLogger(__name__)

T = TypeVar("T")

QUIET: Mapping[str, object] = {"unfurl_links": False, "unfurl_media": False}
"""Goes with whatever is posted: a picture that the model names would tell its server who reads, and when."""

POSTING = frozenset({"chat.postMessage", "chat.postEphemeral"})

MOST_LEFT_OUT = 1000
"""Messages remembered of which Slack has refused a part."""

CODE = re.compile(r"[a-z]+(_[a-z]+)+")
"""A word of Slack's, in JSON or alone."""

PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds between tries to connect while Slack cannot be reached; the last one for ever."""


class Client:
    """`url` replaces Slack's own base. Calls raise the errors under `PlatformError`."""

    def __init__(self, workspaces: Workspaces, url: str = "") -> None:
        self._workspaces = workspaces
        self.url = f"{url.rstrip('/')}/" if url else AsyncWebClient.BASE_URL
        self._sdk: AsyncWebClient | None = None
        self._left_out: OrderedDict[tuple[str, str, str], Sequence[str]] = OrderedDict()

    @property
    def sdk(self) -> AsyncWebClient:
        """The library's client, without a token: slack_sdk would open a connection for every call by itself,
        and sleep inside a call that came too fast."""
        if self._sdk is None:
            timeout, trace = aiohttp.ClientTimeout(total=CALL_SECONDS), asked_as_it_goes_out()
            session = aiohttp.ClientSession(timeout=timeout, trace_configs=[trace])
            self._sdk = AsyncWebClient(base_url=self.url, session=session, retry_handlers=[])
            # By itself it takes one from the environment, whatever NO_PROXY says.
            self._sdk.proxy = proxy_for(self.url)
        return self._sdk

    @property
    def session(self) -> aiohttp.ClientSession:
        """The pool, for what is not the Web API: files and response URLs."""
        session = self.sdk.session
        assert session is not None  # noqa: S101  # set where the client is made
        return session

    async def close(self) -> None:
        """Close the connections."""
        if self._sdk is not None:
            await self.session.close()
            self._sdk = None

    async def __call__(self, workspace: str, method: str, **arguments: object) -> Mapping[str, Any]:
        """Call a method that changes something; its answer. What is refused beside a text is left out, and
        from then on of that message."""
        if method in POSTING:
            arguments = {**QUIET, **arguments}
        place = workspace, str(arguments.get("channel"))
        known = self._left_out.get((*place, str(arguments.get("ts") or "")), ())

        async def call(given: Mapping[str, object]) -> Mapping[str, Any]:
            return await self._call(workspace, method, json=given)

        answer, left_out = await self._with_less(call, arguments, known)
        if left_out and answer.get("ts"):
            self._left_out[(*place, str(answer["ts"]))] = left_out
            if len(self._left_out) > MOST_LEFT_OUT:
                self._left_out.popitem(last=False)
        return answer

    async def ask(self, workspace: str, method: str, **arguments: object) -> Mapping[str, Any]:
        """Call a method that only reads: Slack takes no JSON there."""
        return await self._call(workspace, method, params=arguments)

    async def respond(self, url: str, body: Mapping[str, object]) -> bool:
        """Answer at a response URL, which takes no `markdown_text` but blocks; `False` where it is used up:
        it is good for half an hour and five times."""
        taken, _ = await self._with_less(lambda given: self._respond(url, given), {**QUIET, **body})
        return taken

    async def _respond(self, url: str, body: Mapping[str, object]) -> bool:
        with slack_errors():
            async with self.session.post(url, json=body, proxy=proxy_for(url)) as response:
                if response.status in (200, 404):
                    return response.status == 200
                found = CODE.search(await response.text())
                if response.status not in (400, 403) or found is None:
                    raise PlatformFailed(f"a response URL answered {response.status}")
        raise refusal(found[0], response.status)

    async def _with_less(
        self,
        call: Callable[[Mapping[str, object]], Awaitable[T]],
        arguments: Mapping[str, object],
        known: Sequence[str] = (),
    ) -> tuple[T, Sequence[str]]:
        """What `call` gives with as many of the arguments as Slack takes, without those that are `known` to
        be refused; and what was left out."""
        left_out = list(known)
        for name in known:
            arguments = without(name, arguments) or arguments
        while True:
            try:
                return await call(arguments), left_out
            except Refused as refused:
                less = without(refused.row.without, arguments)
                if less is None:
                    raise
                logger.info("left out %s: %s", refused.row.without, refused)
                left_out.append(refused.row.without)
                arguments = less

    async def token(self, workspace: str) -> str:
        """The bot's token there. Raises `Refused` where it is not installed any more."""
        return (await self._installed(workspace)).bot_token

    async def organisation(self, workspace: str) -> str:
        """The id of the organisation that the workspace belongs to; "" for none. Raises what `token` does."""
        return (await self._installed(workspace)).organisation

    async def _installed(self, workspace: str) -> Workspace:
        try:
            found = await self._workspaces.find(workspace)
        except StoreUnavailable as error:
            raise PlatformFailed("the installation could not be read") from error
        if found is None:
            raise refusal("not_installed", 0)
        return found

    async def _call(self, workspace: str, method: str, **body: Mapping[str, object]) -> Mapping[str, Any]:
        token = await self.token(workspace)
        with slack_errors():
            answer = await self.sdk.api_call(
                method,
                headers={"Authorization": f"Bearer {token}"},
                **body,  # type: ignore[arg-type]  # the library says dict where any mapping will do
            )
        return answer.data if isinstance(answer.data, dict) else {}


async def until_reached(attempt: Callable[[], Awaitable[None]], url: str) -> None:
    """Try until it works, while Slack can't be reached at `url`. Raises `SlackRefused`, which no patience
    helps."""
    for pause in itertools.chain(PAUSES, itertools.repeat(PAUSES[-1])):
        try:
            return await attempt()
        except (PlatformFailed, TooFast) as error:
            if pause == PAUSES[0]:
                logger.warning("Slack cannot be reached%s, trying on: %s", way_to(url), error)
        await asyncio.sleep(pause)
