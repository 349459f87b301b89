"""What people are told beside an answer."""

import logging
from collections.abc import Awaitable

from bot.conversation.events import Opened, Spoken
from bot.conversation.views import Notice, Outcome
from bot.errors import PlatformError
from bot.languages import speaker
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


def not_heard(event: Spoken | Opened, refusal: Refusal) -> Notice:
    """That its person is not heard, and why."""
    return Notice(text=speaker(event.author.locale)(refusal.value), outcome=Outcome.REFUSED)


def failed(event: Spoken | Opened, phrase: str) -> Notice:
    """That nothing came of it, and why."""
    return Notice(text=speaker(event.author.locale)(phrase), outcome=Outcome.FAILED)
