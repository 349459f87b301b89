"""Slack's sign that the agent is at work: a session's status, with a stop button while it is `processing`."""

from contextlib import suppress

from adapters.platforms.slack.api import Api
from adapters.platforms.slack.faults import Refused
from adapters.platforms.slack.translate import address_of
from bot.conversation.events import ChannelRef
from bot.errors import PlatformError


class Signs:
    """Which threads show it. Apps without `agent_view` have no such sign: they are asked once a workspace."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._shown: set[ChannelRef] = set()
        self._unable: set[str] = set()

    async def show(self, channel: ChannelRef) -> None:
        """Show it; it stays until it is cleared."""
        if channel.workspace in self._unable or channel in self._shown:
            return
        try:
            await self._set(channel, "processing")
        except Refused:
            self._unable.add(channel.workspace)
        else:
            self._shown.add(channel)

    async def clear(self, channel: ChannelRef, *, elsewhere: bool = False) -> None:
        """The answer stands. `elsewhere`: another process may have shown the sign before it died."""
        if channel in self._shown or (elsewhere and channel.workspace not in self._unable):
            self._shown.discard(channel)
            with suppress(PlatformError):
                await self._set(channel, "active")

    async def _set(self, channel: ChannelRef, status: str) -> None:
        home, thread = address_of(channel)
        await self._api(
            channel.workspace, "agents.sessions.setStatus", channel_id=home, thread_ts=thread, status=status
        )
