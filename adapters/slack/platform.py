"""Slack as a `ChatPlatform`: connecting, posting, editing, telling."""

import asyncio
from collections import OrderedDict
from contextlib import suppress

import aiohttp
import yarl

from adapters.slack import limits, translate
from adapters.slack.api import Api
from adapters.slack.deliveries import Deliveries
from adapters.slack.faults import Refused, faults
from adapters.slack.limits import LIMITS
from adapters.slack.signs import Signs
from adapters.slack.streams import Streams
from adapters.slack.text import inert
from adapters.slack.translate import address_of
from bot.draft import Page
from bot.errors import PlatformFailed
from bot.messages import Attachment, ChannelRef, CommandInvoked, IncomingMessage, Spoken
from bot.notice import Notice
from bot.ports import Receive

FILE_HOSTS = frozenset({"files.slack.com", "files.slack-gov.com"})

MOST_POSTED = 1000
"""Messages remembered so that a page that is posted again is edited instead."""

QUIET = {"unfurl_links": False, "unfurl_media": False}


class SlackPlatform:
    """One app on Slack, in one workspace or many. Made once, run once."""

    name = translate.PLATFORM
    limits = LIMITS

    def __init__(self, *, api: Api, deliveries: Deliveries, streams: Streams, signs: Signs) -> None:
        self._api = api
        self._deliveries = deliveries
        self._streams = streams
        self._signs = signs
        self._posted: OrderedDict[tuple[ChannelRef, str], str] = OrderedDict()

    async def run(self, receive: Receive) -> None:
        """Connect and hand on events until cancelled. Raises `SlackRefused`."""
        watching = asyncio.create_task(self._streams.watch())
        try:
            await self._deliveries.run(receive)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await self._api.close()

    def bucket(self, message: str | None) -> str:
        """Slack counts each of its methods apart."""
        if message is None:
            return limits.POST
        return limits.APPEND if message in self._streams else limits.UPDATE

    async def post(self, question: IncomingMessage, page: Page, once: str) -> str:
        """Show a new page in the question's thread; its message's `ts`."""
        posted = question.channel, once
        if posted in self._posted:
            await self.edit(question.channel, self._posted[posted], page)
            return self._posted[posted]
        self._streams.go_on(question.channel)
        await self._streams.leave(question)
        message = await self._streams.start(question, page)
        if message is None:
            message = await self._post(question.channel, inert(page.text))
        self._posted[posted] = message
        if len(self._posted) > MOST_POSTED:
            self._posted.popitem(last=False)
        if page.final:
            await self._signs.clear(question.channel)
        return message

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        """Show `page` on a message of ours."""
        self._streams.go_on(channel)
        if not await self._streams.show(channel, message, page):
            await self._update(channel, message, inert(page.text))
        if page.final:
            await self._signs.clear(channel)

    async def remove(self, channel: ChannelRef, message: str) -> None:
        """Delete a message of ours."""
        home, _ = address_of(channel)
        try:
            await self._api(channel.workspace, "chat.delete", channel=home, ts=message)
        except Refused as refused:
            if refused.code != "message_not_found":
                raise

    async def tell(self, to: Spoken, notice: Notice) -> None:
        """Say it to the person alone; in direct messages, where there is nobody else, as a message."""
        text = inert(notice.text)
        channel, thread = address_of(to.channel)
        if isinstance(to, CommandInvoked) and to.reply_token:
            await self._respond(to.reply_token, text)
        elif channel.startswith("D"):
            await self._post(to.channel, text)
        else:
            # A thread that does not exist yet shows nothing: beside its first message, then.
            beside = {} if thread in (None, to.id) else {"thread_ts": thread}
            await self._api(
                to.channel.workspace,
                "chat.postEphemeral",
                channel=channel,
                user=to.author.id,
                markdown_text=text,
                **beside,
            )

    async def read(self, attachment: Attachment, channel: ChannelRef, limit: int) -> bytes:
        """The file's first `limit` bytes, from Slack's own hosts and nowhere else: the token goes along."""
        with faults():  # an address that is none, too
            url, api = yarl.URL(attachment.url, encoded=True), yarl.URL(self._api.client.base_url)
            hosted = url.scheme == "https" and url.host in FILE_HOSTS
            if not hosted and url.origin() != api.origin():
                raise PlatformFailed("a file that does not lie with Slack")
        token = await self._api.token(channel.workspace)
        content = bytearray()
        with faults():
            async with self._api.session.get(
                url,
                headers={"Authorization": f"Bearer {token}"},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=limits.FILE_SECONDS),
            ) as response:
                page = response.content_type == "text/html" and attachment.media_type != "text/html"
                if response.status != 200 or page:  # a page to log in on, where the token may not read files
                    raise PlatformFailed(f"a file was answered with {response.status}")
                async for chunk in response.content.iter_any():
                    content += chunk
                    if len(content) >= limit:
                        break
        return bytes(content[:limit])

    async def thinking(self, channel: ChannelRef) -> None:
        """Show that the agent is at work, with Slack's own stop button where the app has one."""
        await self._signs.show(channel)

    async def _post(self, channel: ChannelRef, text: str) -> str:
        home, thread = address_of(channel)
        answer = await self._api(
            channel.workspace, "chat.postMessage", channel=home, thread_ts=thread, markdown_text=text, **QUIET
        )
        return str(answer["ts"])

    async def _update(self, channel: ChannelRef, message: str, text: str) -> None:
        home, _ = address_of(channel)
        update = {"channel": home, "ts": message, "markdown_text": text}
        try:
            await self._api(channel.workspace, "chat.update", **update)
        except Refused as refused:
            if refused.code != "streaming_state_conflict":
                raise
            # A process that died streamed on it: it has to be stopped first.
            with suppress(Refused):
                await self._api(channel.workspace, "chat.stopStream", channel=home, ts=message)
            await self._api(channel.workspace, "chat.update", **update)

    async def _respond(self, url: str, text: str) -> None:
        """Answer through a response URL: it takes no `markdown_text`, but a block of Markdown."""
        body = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": text,
            "blocks": [{"type": "markdown", "text": text}],
        }
        with faults():
            async with self._api.session.post(url, json=body) as response:
                if response.status == 404:
                    raise Refused("used_url", 404)
                if response.status != 200:
                    raise PlatformFailed(f"a response URL answered {response.status}")
