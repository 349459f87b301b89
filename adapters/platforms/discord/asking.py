"""Asks the bot within the time that an interaction waits for its first answer."""

import asyncio
import logging

from adapters.platforms.discord.invocations import Interaction, opened
from bot.conversation.events import Event
from bot.conversation.views import Notice, Panel
from bot.errors import StoreUnavailable
from bot.ports import Receive

logger = logging.getLogger(__name__)

FIRST_ANSWER = 2.3
"""Seconds for the bot. Documented: an interaction's first answer is due in three seconds."""


class Asking:
    """A form can't be deferred: what it needs is here in time, or a word takes its place."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    async def notice(self, event: Event) -> Notice | None:
        """What the bot gives back; `None` where it gives nothing in time."""
        try:
            async with asyncio.timeout(FIRST_ANSWER):
                return await self._receive(event)
        except (TimeoutError, StoreUnavailable) as error:
            logger.warning("%s: not in time: %s", event.channel.key, type(error).__name__)
            return None

    async def panel(self, interaction: Interaction) -> Panel | None:
        """What may be seen of the place where somebody is; `None` where that is nothing, or not in time."""
        notice = await self.notice(opened(interaction))
        return notice.panel if notice is not None else None
