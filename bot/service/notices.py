"""What people are told beside an answer."""

import logging
from collections.abc import Awaitable

from bot.conversation.events import Edited, Event, Opened, Said, Spoken
from bot.conversation.views import Notice, Outcome
from bot.errors import PlatformError, StoreFull
from bot.languages import speaker
from bot.ports import Store
from bot.service.admission import Refusal

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
        return await store.records("events").claim(_refusal(event), HOUR)
    except StoreFull:
        return True


async def is_refused(event: Event, store: Store) -> bool:
    """Whether it is read afterwards, and somebody was told at its time that nothing comes of it. Raises
    `StoreUnavailable`."""
    said = event.message if isinstance(event, Edited) else event
    if not (isinstance(said, Said) and said.late):
        return False
    return await store.records("events").load(_refusal(said)) is not None


def _refusal(event: Spoken) -> str:
    """The name of the mark of whoever was told."""
    return f"refused:{event.channel.key}:{event.id}"


def not_heard(event: Spoken | Opened, refusal: Refusal) -> Notice:
    """That its person is not heard, and why."""
    return Notice(text=speaker(event.author.locale)(refusal.value), outcome=Outcome.REFUSED)


def failed(event: Spoken | Opened, phrase: str) -> Notice:
    """That nothing came of it, and why."""
    return Notice(text=speaker(event.author.locale)(phrase), outcome=Outcome.FAILED)
