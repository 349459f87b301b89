"""Slack's sign that the agent is at work: a session's status, with a stop button while it is `processing`."""

import asyncio
from collections import OrderedDict
from contextlib import suppress

from adapters.platforms.slack.client import Client
from adapters.platforms.slack.errors import Refused
from adapters.platforms.slack.limits import SIGN_SECONDS
from adapters.platforms.slack.translate import address_of
from bot.conversation.events import ChannelRef
from bot.errors import PlatformError

MOST_SIGNS = 1000
"""Threads remembered, so that their signs are taken away with their answers."""


class AgentStatus:
    """Where it was shown, and when. Apps without `agent_view` have no such sign: they are asked once a
    workspace."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._shown: OrderedDict[ChannelRef, float] = OrderedDict()
        self._unable: set[str] = set()

    async def show(self, channel: ChannelRef) -> None:
        """Show it; it stays until it is cleared, by whichever process: so it is shown again now and then."""
        now = asyncio.get_running_loop().time()
        last = self._shown.get(channel)
        if channel.workspace in self._unable or (last is not None and now - last < SIGN_SECONDS):
            return
        try:
            await self._set(channel, "processing")
        except Refused as refused:
            if refused.lasting:
                self._unable.add(channel.workspace)
            return
        self._shown[channel] = now
        self._shown.move_to_end(channel)
        if len(self._shown) > MOST_SIGNS:
            self._shown.popitem(last=False)

    async def clear(self, channel: ChannelRef, *, elsewhere: bool = False) -> None:
        """The answer stands. `elsewhere`: another process may have shown the sign before it died."""
        shown = self._shown.pop(channel, None) is not None
        if shown or (elsewhere and channel.workspace not in self._unable):
            with suppress(PlatformError):
                await self._set(channel, "active")

    async def _set(self, channel: ChannelRef, status: str) -> None:
        home, thread = address_of(channel)
        await self._client(
            channel.workspace, "agents.sessions.setStatus", channel_id=home, thread_ts=thread, status=status
        )
