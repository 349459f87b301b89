"""What kind of place a channel is, and who made it: most of Slack's events do not say."""

import asyncio
import logging
from dataclasses import dataclass

from adapters.platforms.slack.asked_once import AskedOnce
from adapters.platforms.slack.client import Client
from adapters.platforms.slack.errors import Refused
from adapters.platforms.slack.limits import CHANNEL_SECONDS, PERSON_WAIT, UNKNOWN_SECONDS
from adapters.platforms.slack.translate import PRIVATE, place
from bot.conversation.events import ChannelRef
from bot.errors import PlatformError

logger = logging.getLogger(__name__)

MOST_CHANNELS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """`private`: direct messages, with one person or several. `creator`: who may manage a channel.
    `name`: "" for one that not everybody in the workspace may know of."""

    name: str = ""
    private: bool = False
    creator: str = ""


class Channels:
    """Channels, asked for once an hour and never waited for long."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[tuple[str, str], tuple[Channel, float]] = {}
        self._asked: AskedOnce[Channel] = AskedOnce()

    def remember_kind(self, workspace: str, channel: str, kind: str | None) -> None:
        """A message says what kind of channel it stands in; a mention does not."""
        if kind in PRIVATE:
            self._keep(workspace, channel, Channel(private=True))

    def is_known(self, workspace: str, channel: str) -> bool:
        """Whether nobody has to be asked about that channel."""
        return self._remembered(workspace, channel) is not None

    def _remembered(self, workspace: str, channel: str) -> Channel | None:
        found, until = self._known.get((workspace, channel), (None, 0.0))
        return found if until > asyncio.get_running_loop().time() else None

    async def channel(self, workspace: str, channel: str) -> Channel:
        """The channel of that id; a public one that nobody manages where Slack does not say."""
        if channel.startswith("D"):
            return Channel(private=True)
        if (remembered := self._remembered(workspace, channel)) is not None:
            return remembered
        return await self._asked.answer((workspace, channel), lambda: self._ask(workspace, channel))

    async def _ask(self, workspace: str, channel: str) -> Channel:
        found, _ = self._known.get((workspace, channel), (None, 0.0))
        try:
            async with asyncio.timeout(PERSON_WAIT):
                answer = await self._client.ask(workspace, "conversations.info", channel=channel)
        except Refused as refused:
            logger.info("a channel is not known: %s", refused)
            return self._keep(workspace, channel, found or Channel())
        except (PlatformError, TimeoutError) as error:
            logger.info("a channel is not known: %s", type(error).__name__)
            return self._keep(workspace, channel, found or Channel(), UNKNOWN_SECONDS)
        told = answer.get("channel") or {}
        private = bool(told.get("is_im") or told.get("is_mpim"))
        return self._keep(
            workspace,
            channel,
            Channel(
                name="" if private or told.get("is_private") else str(told.get("name") or ""),
                private=private,
                creator=str(told.get("creator") or ""),
            ),
        )

    async def place(self, workspace: str, channel: str, ts: str = "") -> ChannelRef:
        """A thread in that channel, or the channel itself."""
        found = await self.channel(workspace, channel)
        return place(workspace, channel, ts, private=found.private)

    def _keep(
        self, workspace: str, channel: str, found: Channel, seconds: float = CHANNEL_SECONDS
    ) -> Channel:
        if len(self._known) >= MOST_CHANNELS:
            self._known.clear()
        self._known[workspace, channel] = found, asyncio.get_running_loop().time() + seconds
        return found
