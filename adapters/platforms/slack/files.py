"""Files: those that people attach, and those that the bot hands over."""

import json

import aiohttp
import yarl

from adapters.platforms.slack.client import Client
from adapters.platforms.slack.errors import slack_errors
from adapters.platforms.slack.limits import FILE_SECONDS
from adapters.proxies import proxy_for
from bot.conversation.content import Attachment
from bot.conversation.events import ChannelRef
from bot.conversation.views import File
from bot.errors import PlatformFailed

HOSTS = frozenset({"files.slack.com", "files.slack-gov.com"})


class Files:
    """Every method raises the errors under `PlatformError`."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def read(self, attachment: Attachment, channel: ChannelRef, limit: int) -> bytes:
        """The file's first `limit` bytes, from Slack's own hosts and nowhere else: the token goes along."""
        with slack_errors():  # an address that is none, too
            url, api = yarl.URL(attachment.url, encoded=True), yarl.URL(self._client.sdk.base_url)
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
                page = response.content_type == "text/html" and attachment.media_type != "text/html"
                if response.status != 200 or page:  # a page to log in on, where the token may not read files
                    raise PlatformFailed(f"a file was answered with {response.status}")
                async for chunk in response.content.iter_any():
                    content += chunk
                    if len(content) >= limit:
                        break
        return bytes(content[:limit])

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
