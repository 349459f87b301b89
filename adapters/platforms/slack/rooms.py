"""What kind of place a channel is, and who made it: most of Slack's events do not say."""

import asyncio
import logging
from dataclasses import dataclass

from adapters.platforms.slack.api import Api
from adapters.platforms.slack.faults import Refused
from adapters.platforms.slack.limits import PERSON_WAIT, ROOM_SECONDS, UNKNOWN_SECONDS
from adapters.platforms.slack.translate import PRIVATE, place
from bot.conversation.events import ChannelRef
from bot.errors import PlatformError

logger = logging.getLogger(__name__)

MOST_ROOMS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """`private`: direct messages, with one person or several. `creator`: who may manage a channel."""

    private: bool = False
    creator: str = ""


class Rooms:
    """Channels, asked for once an hour and never waited for long."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: dict[tuple[str, str], tuple[Room, float]] = {}

    def note_kind(self, workspace: str, channel: str, kind: str | None) -> None:
        """A message says what kind of channel it stands in; a mention does not."""
        if kind in PRIVATE:
            self._keep(workspace, channel, Room(private=True))

    async def room(self, workspace: str, channel: str) -> Room:
        """The channel of that id; a public one that nobody manages where Slack does not say."""
        if channel.startswith("D"):
            return Room(private=True)
        found, until = self._known.get((workspace, channel), (None, 0.0))
        if found is not None and until > asyncio.get_running_loop().time():
            return found
        try:
            async with asyncio.timeout(PERSON_WAIT):
                answer = await self._api.ask(workspace, "conversations.info", channel=channel)
        except Refused as refused:
            logger.info("a channel is not known: %s", refused)
            return self._keep(workspace, channel, found or Room())
        except (PlatformError, TimeoutError) as error:
            logger.info("a channel is not known: %s", type(error).__name__)
            return self._keep(workspace, channel, found or Room(), UNKNOWN_SECONDS)
        told = answer.get("channel") or {}
        room = Room(
            private=bool(told.get("is_im") or told.get("is_mpim")), creator=str(told.get("creator") or "")
        )
        return self._keep(workspace, channel, room)

    async def place(self, workspace: str, channel: str, ts: str = "") -> ChannelRef:
        """A thread in that channel, or the channel itself."""
        room = await self.room(workspace, channel)
        return place(workspace, channel, ts, private=room.private)

    def _keep(self, workspace: str, channel: str, room: Room, seconds: float = ROOM_SECONDS) -> Room:
        if len(self._known) >= MOST_ROOMS:
            self._known.clear()
        self._known[workspace, channel] = room, asyncio.get_running_loop().time() + seconds
        return room
