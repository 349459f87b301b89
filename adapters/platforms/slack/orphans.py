"""Messages of ours whose ids nobody knows: they were posted, and whoever did so died, or lost the answer.

What is posted carries a mark that nobody sees. A stream can't carry one before it is stopped; but no other is
open in its thread, since one question of a thread is answered at a time.
"""

import hashlib
import logging
from collections.abc import Sequence

from adapters.platforms.slack.client import Client
from adapters.platforms.slack.errors import Refused
from adapters.platforms.slack.history import thread_pages
from adapters.platforms.slack.translate import Payload, address_of
from adapters.platforms.slack.workspaces import Workspaces
from bot.conversation.events import ChannelRef, Said
from bot.errors import StoreUnavailable, TooFast

logger = logging.getLogger(__name__)

KIND = "mixtral_answer"

STREAMS_TRIED = 3
"""Messages without a mark of which we find out whether they are open streams."""


def mark(channel: ChannelRef, once: str) -> Payload:
    """What a message carries unseen. Every app of a workspace can read it: it says nothing."""
    digest = hashlib.sha256(f"{channel.key} {once}".encode()).hexdigest()[:32]
    return {"event_type": KIND, "event_payload": {"once": digest}}


class Orphans:
    """Looks for them, with what an app may read that hears the channel."""

    def __init__(self, client: Client, workspaces: Workspaces) -> None:
        self._client = client
        self._workspaces = workspaces

    async def find(self, question: Said, once: str) -> str | None:
        """The message that answers this question and was posted with `once`; `None` where there is none, or
        where Slack does not let it be looked for. Raises `PlatformFailed`."""
        channel = question.channel
        try:
            workspace = await self._workspaces.find(channel.workspace)
            pages = thread_pages(self._client, channel, oldest=question.id, include_all_metadata="true")
            messages = [message async for page in pages for message in page]
        except (Refused, TooFast, StoreUnavailable) as error:
            logger.warning("a message that may stand already can't be looked for: %s", error)
            return None
        ours = [each for each in messages if workspace and each.get("user") == workspace.bot_user]
        wanted = mark(channel, once)["event_payload"]
        for each in ours:
            if (each.get("metadata") or {}).get("event_payload") == wanted:
                return str(each["ts"])
        return await self._open_stream(channel, ours)

    async def _open_stream(self, channel: ChannelRef, ours: Sequence[Payload]) -> str | None:
        """The stream that is open in the thread; it is open no more."""
        home, _ = address_of(channel)
        unmarked = [each for each in ours if not each.get("metadata") and not each.get("files")]
        for each in reversed(unmarked[-STREAMS_TRIED:]):
            try:
                await self._client(channel.workspace, "chat.stopStream", channel=home, ts=each["ts"])
            except (Refused, TooFast):
                continue  # it is none
            return str(each["ts"])
        return None
