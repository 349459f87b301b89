"""What people are told beside an answer."""

import logging
from collections.abc import Awaitable

from bot.conversation.events import Opened, Spoken
from bot.conversation.views import Notice, Outcome
from bot.errors import PlatformError, StoreFull
from bot.languages import speaker
from bot.ports import Store

logger = logging.getLogger(__name__)

HOUR = 3600
"""Seconds for which an event is known: a platform sends it again within minutes, if it does."""


async def until_told(telling: Awaitable[None]) -> None:
    """Tell somebody something, where they can be told."""
    try:
        await telling
    except PlatformError as error:
        logger.warning("could not be told: %s", error)


async def is_untold(event: Spoken, store: Store) -> bool:
    """Whether nobody was told before that nothing comes of this event, as far as that is known."""
    if event.reply:
        return True
    try:
        return await store.records("events").claim(f"refused:{event.channel.key}:{event.id}", HOUR)
    except StoreFull:
        return True


def failed(event: Spoken | Opened, phrase: str) -> Notice:
    """That nothing came of it, and why."""
    return Notice(text=speaker(event.author.locale)(phrase), outcome=Outcome.FAILED)
