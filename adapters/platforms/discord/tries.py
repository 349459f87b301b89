"""Tries to reach Discord until it goes well, and says once why it does not."""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable
from typing import NoReturn

import aiohttp
import discord
from discord.http import Route

from adapters.logs import place_of
from adapters.platforms.discord.errors import UNREADABLE
from adapters.platforms.discord.last_answer import LastAnswer
from adapters.proxies import way_to

logger = logging.getLogger(__name__)

PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds between tries while Discord cannot be reached; the last one for ever."""

SOMETHING_ELSE = (
    "If that is not Discord's: is there a login page or a proxy before it, and is DISCORD_API_URL right?"
)


class Tries:
    """Of one connection. `last_answer`: what came from Discord's address."""

    def __init__(self, last_answer: LastAnswer) -> None:
        self._last_answer = last_answer
        self.went_well()

    def went_well(self) -> None:
        """What fails from now on fails for the first time."""
        self._pauses = itertools.chain(PAUSES, itertools.repeat(PAUSES[-1]))
        self._quiet = False
        self._last_answer.forget()

    async def keep(self, attempt: Callable[[], Awaitable[None]]) -> NoReturn:
        """Make the attempt whenever it has ended, until cancelled. Raises what is neither the library's nor
        the network's."""
        while True:
            try:
                await attempt()
            except (discord.DiscordException, aiohttp.ClientError, OSError) as theirs:
                self._say(f"Discord cannot be reached{way_to(Route.BASE)}", type(theirs).__name__)
            except UNREADABLE as theirs:
                self._say("Discord's answer can't be read", place_of(theirs))
            self._last_answer.forget()
            await asyncio.sleep(next(self._pauses))

    def _say(self, words: str, error: str) -> None:
        if not self._quiet:
            logger.warning("%s, trying on: %s", words, self._heard(error))
        self._quiet = True

    def _heard(self, error: str) -> str:
        """An error, what came before it, and what to do where that is not Discord's own."""
        came = str(self._last_answer)
        return f"{error}: {came}. {SOMETHING_ELSE}" if came else error
