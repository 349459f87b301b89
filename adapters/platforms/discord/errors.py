"""What goes wrong at Discord, as the bot's own errors."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import aiohttp
import discord

from adapters.logs import place_of
from adapters.platforms.discord.refusals import error_for
from bot.errors import PlatformError, PlatformFailed, TooFast

logger = logging.getLogger(__name__)

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK = 10003, 10008, 10015
INVALID_WEBHOOK_TOKEN, THREAD_EXISTS = 50027, 160004
TOKEN_REFUSED, ALREADY_ACKNOWLEDGED = 4004, 40060
TOO_MANY_REQUESTS = 429
"""Error and close codes and a status, from "Opcodes and Status Codes" in Discord's documentation."""

CLOUDFLARE_PAUSE = 60.0
"""Seconds to stay away when Discord's proxy refuses us and does not say for how long."""

UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)
"""What discord.py raises where an answer is not Discord's own: a proxy's page, or another shape. It reads it
as if it were."""

TOKEN_REMEDY = "Reset the token on the developer portal's Bot page."  # noqa: S105  # words about one
WRONG_TOKEN = f"Discord does not accept DISCORD_TOKEN. {TOKEN_REMEDY}"

INTENT_REMEDY = "Turn it on, on the developer portal's Bot page, or set DISCORD_MESSAGE_CONTENT=false."
NO_MESSAGE_CONTENT = f"DISCORD_MESSAGE_CONTENT=true needs the Message Content Intent. {INTENT_REMEDY}"


class DiscordRefused(PlatformError):
    """Discord does not let the bot in; the message is the remedy, in one line."""


@contextmanager
def library_errors() -> Iterator[None]:
    """Library exceptions, as ours. Only codes are kept of them: their texts may quote what people wrote."""
    try:
        yield
    except discord.RateLimited as theirs:
        raise TooFast(theirs.retry_after) from theirs
    except discord.HTTPException as theirs:
        raise _refusal(theirs) from theirs
    except (discord.DiscordException, aiohttp.ClientError, OSError) as theirs:
        raise PlatformFailed(f"Discord was not reached: {type(theirs).__name__}") from theirs
    except UNREADABLE as theirs:
        logger.warning("an answer of Discord's can't be read: %s", place_of(theirs))
        raise PlatformFailed(f"an answer of Discord's can't be read: {type(theirs).__name__}") from theirs


def too_fast(headers: Mapping[str, str]) -> TooFast:
    """What an answer of 429 with these headers asks for.

    One that has not been through Discord's own servers, or is a page, comes from the proxy in front of them:
    like Discord's own total, it counts for everything that the bot does.
    """
    pause = CLOUDFLARE_PAUSE
    with suppress(ValueError):  # a date
        pause = float(headers.get("Retry-After", pause))
    proxy = "Via" not in headers or "json" not in headers.get("Content-Type", "")
    return TooFast(pause, scope="bot" if proxy or "X-RateLimit-Global" in headers else "bucket")


def _refusal(theirs: discord.HTTPException) -> PlatformError:
    if theirs.status == TOO_MANY_REQUESTS:
        return too_fast(theirs.response.headers)
    return error_for(theirs.status, theirs.code)
