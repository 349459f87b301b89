"""Answers to interactions: the first one within three seconds, the others by the interaction's token, which
lives a quarter of an hour."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from typing import TypeVar

import aiohttp
import discord

from adapters.platforms.discord.draw.messages import DrawnMessage
from adapters.platforms.discord.errors import (
    ALREADY_ACKNOWLEDGED,
    UNKNOWN_MESSAGE,
    UNREADABLE,
    is_over,
    refusal_error,
)
from adapters.platforms.discord.interaction_events import First, Handle, Interaction, ReplyToken, alone
from adapters.platforms.discord.limits import INTERACTION_SECONDS
from adapters.platforms.discord.sending import edit_quietly, without_refused
from bot.languages import speaker

T = TypeVar("T")

logger = logging.getLogger(__name__)

ORIGINAL: int = "@original"  # type: ignore[assignment]  # Discord's name for it, only put into the path

LOGGED = "an interaction"


class FirstAnswer(Enum):
    """What became of a first answer."""

    OURS = auto()
    THEIRS = auto()
    """Somebody was faster, maybe another process with the same token."""
    FAILED = auto()
    """Discord tells the person so itself."""


@dataclass(slots=True)
class _Unanswered:
    """An interaction that waits for its first answer; one at a time gives it."""

    interaction: Interaction
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Responses:
    """Every method that shows something says whether it could; where not, the token is no more, and the
    channel remains.

    Editing this way reaches channels that the bot itself cannot see, and spends nothing of their rate limit.
    """

    def __init__(self) -> None:
        self._unanswered: dict[Handle, _Unanswered] = {}
        self._filled: dict[Handle, float] = {}
        self._messages: dict[int, Handle] = {}
        self._webhooks: dict[Handle, tuple[discord.Client, discord.Webhook]] = {}

    def begin(self, interaction: Interaction, handle: Handle) -> None:
        """What is said to this interaction from now on may be its first answer, and what is shown waits for
        that; until `end`."""
        self._unanswered[handle] = _Unanswered(interaction)

    def end(self, handle: Handle) -> None:
        """There is a first answer, or nobody gives one here."""
        if waiting := self._unanswered.pop(handle, None):
            waiting.over.set()

    async def defer(self, handle: Handle) -> FirstAnswer:
        """Say that the answer is on its way, as the first answer, where there is none yet."""
        waiting = self._unanswered.get(handle)
        if waiting is None:
            return FirstAnswer.THEIRS
        first, response = ReplyToken.read(handle).first, waiting.interaction.response
        if first is First.PANEL:
            return await self._first(handle, response.defer)
        thinking = partial(response.defer, ephemeral=first is First.ALONE, thinking=True)
        return await self._first(handle, thinking)

    async def redraw(self, handle: Handle, view: discord.ui.View | None) -> None:
        """Change what stands below the message that was pressed, as the first answer, where there is none
        yet. It reaches messages that the bot itself may not change any more."""
        waiting = self._unanswered.get(handle)
        if waiting is not None and waiting.interaction.type is discord.InteractionType.component:
            await self._first(handle, partial(waiting.interaction.response.edit_message, view=view))
            self._fill(handle)

    async def show(self, client: discord.Client, handle: Handle, drawn: DrawnMessage) -> int | None:
        """Put a message into the first answer, as often as wanted; its id."""
        if waiting := self._unanswered.get(handle):
            await waiting.over.wait()
        return await self._put(client, handle, ORIGINAL, drawn)

    async def follow_up(self, client: discord.Client, handle: Handle, drawn: DrawnMessage) -> int | None:
        """Say a message to everybody beside the first answer, which says something; its id. `handle`: ()
        where no interaction asked for it."""
        if not handle:
            return None
        webhook = self._webhook(client, handle)

        async def send(drawn: DrawnMessage) -> discord.WebhookMessage:
            return await webhook.send(drawn.text, wait=True, **drawn.extras())

        message = await _unless_over(without_refused(drawn, send, LOGGED))
        if message is None:
            return None
        self._fill(handle)
        self._messages[message.id] = handle
        return message.id

    async def edit(self, client: discord.Client, message: int, drawn: DrawnMessage) -> bool:
        """Change a message that `show` or `follow_up` gave a short while ago."""
        handle = self._messages.get(message, ())
        if not self._is_filled(handle):
            return False
        return await self._put(client, handle, message, drawn) is not None

    async def remove(self, client: discord.Client, message: int) -> bool:
        """Delete such a message."""
        handle = self._messages.get(message, ())
        if not self._is_filled(handle):
            return False
        try:
            await self._webhook(client, handle).delete_message(message)
        except discord.HTTPException as theirs:
            if not is_over(theirs):
                raise
            return theirs.code == UNKNOWN_MESSAGE
        return True

    async def _put(
        self, client: discord.Client, handle: Handle, message: int, drawn: DrawnMessage
    ) -> int | None:
        webhook = self._webhook(client, handle)
        shown = await _unless_over(
            without_refused(drawn, lambda drawn: edit_quietly(webhook, message, drawn), LOGGED)
        )
        if shown is None:
            return None
        self._fill(handle)
        self._messages[shown] = handle
        return shown

    async def tell(self, client: discord.Client, handle: Handle, drawn: DrawnMessage, *, alone: bool) -> bool:
        """Say `drawn`, to the reader alone or to everybody: as the first answer where there is none; in it
        where it is empty and seen by the same people; else beside it, and what is empty goes away."""
        if waiting := self._unanswered.get(handle):
            respond = waiting.interaction.response.send_message

            async def answer(drawn: DrawnMessage) -> None:
                await respond(drawn.text, ephemeral=alone, **drawn.extras())

            given = await self._first(handle, lambda: without_refused(drawn, answer, LOGGED))
            if given is not FirstAnswer.THEIRS:
                self._fill(handle)
                return True  # where it failed, Discord says so itself
        first = ReplyToken.read(handle).first
        webhook = self._webhook(client, handle)
        filled = first is First.PANEL or self._is_filled(handle)
        if not filled and alone == (first is First.ALONE):
            return await self.show(client, handle, drawn) is not None

        async def send(drawn: DrawnMessage) -> discord.WebhookMessage:
            return await webhook.send(drawn.text, ephemeral=alone, wait=True, **drawn.extras())

        async def say() -> discord.WebhookMessage:
            if not filled:
                # Before the other one: a first message beside an empty answer would only fill it.
                await webhook.delete_message(ORIGINAL)
            return await without_refused(drawn, send, LOGGED)

        if await _unless_over(say()) is None:
            return False
        self._fill(handle)
        return True

    async def _first(self, handle: Handle, answer: Callable[[], Awaitable[object]]) -> FirstAnswer:
        """Give the first answer, if nobody has."""
        waiting = self._unanswered[handle]
        async with waiting.lock:
            if waiting.over.is_set():
                return FirstAnswer.THEIRS
            given = await first_answer(waiting.interaction, answer())
            self.end(handle)
            return given

    def _is_filled(self, handle: Handle) -> bool:
        """Whether its first answer says something, or is gone, and its quarter of an hour is not over."""
        return self._filled.get(handle, 0.0) > asyncio.get_running_loop().time()

    def _fill(self, handle: Handle) -> None:
        now = asyncio.get_running_loop().time()
        self._filled = {token: until for token, until in self._filled.items() if until > now}
        self._filled.setdefault(handle, now + INTERACTION_SECONDS)
        self._messages = {
            message: token for message, token in self._messages.items() if token in self._filled
        }
        self._webhooks = {token: made for token, made in self._webhooks.items() if token in self._filled}

    def _webhook(self, client: discord.Client, handle: Handle) -> discord.Webhook:
        made_for, webhook = self._webhooks.get(handle, (None, None))
        if webhook is None or made_for is not client:
            token = ReplyToken.read(handle)
            webhook = discord.Webhook.partial(token.application, token.token, client=client)
            webhook.type = (
                discord.WebhookType.application
            )  # the library takes partial ones for plain webhooks
            self._webhooks[handle] = client, webhook
        return webhook


async def first_answer(interaction: Interaction, answer: Awaitable[object]) -> FirstAnswer:
    """Give a first answer."""
    try:
        await answer
    except discord.HTTPException as theirs:
        if theirs.code == ALREADY_ACKNOWLEDGED:
            return FirstAnswer.THEIRS
        logger.warning("interaction %s: %s", interaction.id, refusal_error(theirs))
    except (discord.DiscordException, aiohttp.ClientError, OSError) as theirs:
        logger.warning("interaction %s: %s", interaction.id, type(theirs).__name__)
    except UNREADABLE:
        return FirstAnswer.OURS  # it was taken, and nothing that the library knows was said of it
    else:
        return FirstAnswer.OURS
    return FirstAnswer.FAILED


async def open_form(interaction: Interaction, form: discord.ui.Modal) -> None:
    """Open a form as the first answer; where Discord takes none, a word comes in its place."""
    given = await first_answer(interaction, interaction.response.send_modal(form))
    if given is FirstAnswer.FAILED:
        await answer_in_words(interaction, speaker(interaction.locale.value)("unexpected"))


async def answer_in_words(interaction: Interaction, text: str, view: discord.ui.View | None = None) -> None:
    """Answer in words, to that person alone; beside the first answer where there is one."""
    ephemeral, extras = alone(interaction) is First.ALONE, DrawnMessage(text=text, view=view).extras()
    if interaction.response.is_done():
        await first_answer(interaction, interaction.followup.send(text, ephemeral=ephemeral, **extras))
    else:
        await first_answer(
            interaction, interaction.response.send_message(text, ephemeral=ephemeral, **extras)
        )


async def _unless_over(call: Awaitable[T]) -> T | None:
    """What a call gives; `None` where the token is over, or the first answer was deleted."""
    try:
        return await call
    except discord.HTTPException as theirs:
        if is_over(theirs):
            return None
        raise
