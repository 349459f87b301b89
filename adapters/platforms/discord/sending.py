"""Sends one message, and where Discord refuses something beside its text, the text without that."""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import discord
from discord.http import handle_message_parameters
from discord.webhook.async_ import async_context

from adapters.platforms.discord.calls import Calls
from adapters.platforms.discord.draw.messages import DrawnMessage
from adapters.platforms.discord.errors import accessories, refusal_error
from bot.conversation.events import ChannelRef

T = TypeVar("T")

logger = logging.getLogger(__name__)


async def send(
    calls: Calls,
    place: discord.abc.Messageable,
    message: DrawnMessage,
    channel: ChannelRef,
    *,
    once: str,
) -> Any:
    """Send a message, the same `once` one message; what Discord answers. Raises what the library does."""

    async def send_as(drawn: DrawnMessage) -> Any:
        return await calls.send(_sending(place, drawn, once), bucket="post", channel=channel)

    return await without_refused(message, send_as, channel.key)


async def without_refused(
    message: DrawnMessage, call: Callable[[DrawnMessage], Awaitable[T]], where: str
) -> T:
    """Make a call with a message, and again without what Discord refuses beside its text. `where`: for the
    log. Raises what the library does."""
    while True:
        try:
            return await call(message)
        except discord.HTTPException as theirs:
            plainer = message.without(accessories(theirs))
            if plainer is message:
                raise
            logger.warning("%s: shown without what was refused: %s", where, refusal_error(theirs))
            message = plainer


async def edit_quietly(webhook: discord.Webhook, message: int, drawn: DrawnMessage) -> int:
    """Put a message in place of one that a webhook has sent, or of an answer that was promised, which has no
    flags yet; its id. The library can't say there that links load nothing. Raises what the library does."""
    with handle_message_parameters(
        content=drawn.text,
        view=drawn.view,
        flags=discord.MessageFlags(suppress_embeds=True),
        previous_allowed_mentions=webhook._state.allowed_mentions,
        **drawn.new_files(),
    ) as parameters:
        answer = await async_context.get().edit_webhook_message(
            webhook.id,
            webhook.token or "",
            message,
            session=webhook.session,
            proxy=webhook.proxy,
            proxy_auth=webhook.proxy_auth,
            payload=parameters.payload,
            multipart=parameters.multipart,
            files=parameters.files,
            with_components=bool(drawn.view),
        )
    return int(answer["id"])


def _sending(
    place: discord.abc.Messageable, drawn: DrawnMessage, once: str
) -> Coroutine[Any, Any, discord.Message]:
    """With a nonce, discord.py asks Discord to enforce it."""
    extras = drawn.extras()
    if drawn.reply_to:
        extras["reference"] = discord.MessageReference(
            message_id=int(drawn.reply_to), channel_id=getattr(place, "id", 0), fail_if_not_exists=False
        )
    return place.send(drawn.text, nonce=_nonce(once), **extras)


def _nonce(once: str) -> str:
    """Discord takes 25 characters."""
    return hashlib.blake2b(once.encode(errors="replace"), digest_size=12).hexdigest()
