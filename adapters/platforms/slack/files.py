"""Files: those that people attach, and those that the bot hands over."""

import asyncio
import json
import logging
from collections.abc import Sequence

import aiohttp
import yarl

from adapters.platforms.slack.client import Client
from adapters.platforms.slack.content import STUB, attachment
from adapters.platforms.slack.errors import Refused, slack_errors
from adapters.platforms.slack.limits import FILE_SECONDS, PERSON_WAIT
from adapters.proxies import proxy_for
from bot.conversation.content import Attachment
from bot.conversation.events import ChannelRef
from bot.conversation.views import File
from bot.errors import PlatformError, PlatformFailed

logger = logging.getLogger(__name__)

HOSTS = frozenset({"files.slack.com", "files.slack-gov.com"})


class Files:
    """Every method raises the errors under `PlatformError`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def looked_up(self, files: Sequence[Attachment], workspace: str) -> tuple[Attachment, ...]:
        """The files, with what Slack says in time of those whose event does not tell what they are."""
        return tuple(await asyncio.gather(*(self._looked_up(file, workspace) for file in files)))

    async def read(self, file: Attachment, channel: ChannelRef, limit: int) -> bytes:
        """The file's first `limit` bytes, from Slack's own hosts and nowhere else: the token goes along."""
        if file.url.startswith(STUB):
            file = await self._info(file, channel.workspace)
        with slack_errors():  # an address that is none, too
            url, api = yarl.URL(file.url, encoded=True), yarl.URL(self._client.sdk.base_url)
            hosted = url.scheme == "https" and url.host in HOSTS
            if not hosted and url.origin() != api.origin():
                raise PlatformFailed("a file that does not lie with Slack")
        token = await self._client.token(channel.workspace)
        content = bytearray()
        with slack_errors():
            async with self._client.session.get(
                url,
                headers={"Authorization": f"Bearer {token}"},
                allow_redirects=False,
                proxy=proxy_for(str(url)),
                timeout=aiohttp.ClientTimeout(total=FILE_SECONDS),
            ) as response:
                page = response.content_type == "text/html" and file.media_type != "text/html"
                if response.status != 200 or page:  # a page to log in on, where the token may not read files
                    logger.warning("a file was not handed over: is there the scope files:read?")
                    raise PlatformFailed(f"a file was answered with {response.status}")
                async for chunk in response.content.iter_any():
                    content += chunk
                    if len(content) >= limit:
                        break
        return bytes(content[:limit])

    async def _looked_up(self, file: Attachment, workspace: str) -> Attachment:
        if not file.url.startswith(STUB):
            return file
        try:
            async with asyncio.timeout(PERSON_WAIT):
                return await self._info(file, workspace)
        except (PlatformError, TimeoutError):
            return file

    async def _info(self, file: Attachment, workspace: str) -> Attachment:
        """A file as Slack tells of it."""
        try:
            answer = await self._client.ask(workspace, "files.info", file=file.url.removeprefix(STUB))
        except Refused as refused:
            logger.warning("a file is not known: %s", refused)
            raise
        return attachment({"id": file.name, **(answer.get("file") or {})})

    async def direct(self, workspace: str, user: str) -> str:
        """The id of the direct messages with that person."""
        answer = await self._client.ask(workspace, "conversations.open", users=user)
        return str(answer["channel"]["id"])

    async def share(self, file: File, workspace: str, channel: str, thread: str | None, comment: str) -> None:
        """Put a file into direct messages, with a line above it."""
        opened = await self._client.ask(
            workspace, "files.getUploadURLExternal", filename=file.name, length=len(file.content)
        )
        with slack_errors():
            async with self._client.session.post(
                opened["upload_url"],
                data=file.content,
                proxy=proxy_for(opened["upload_url"]),
                timeout=aiohttp.ClientTimeout(total=FILE_SECONDS),
            ) as response:
                if response.status != 200:
                    raise PlatformFailed(f"an upload was answered with {response.status}")
        place = {"thread_ts": thread} if thread else {}
        await self._client.ask(
            workspace,
            "files.completeUploadExternal",
            files=json.dumps([{"id": opened["file_id"], "title": file.name}]),
            channel_id=channel,
            initial_comment=comment,
            **place,
        )
