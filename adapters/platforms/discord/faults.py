"""What goes wrong at Discord, as the bot's own errors."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.errors import ChannelGone, PlatformError, PlatformFailed, TooFast

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK = 10003, 10008, 10015
INVALID_WEBHOOK_TOKEN, THREAD_ARCHIVED, THREAD_EXISTS = 50027, 50083, 160004
TOKEN_REFUSED = 4004
"""Error and close codes, from "Opcodes and Status Codes" in Discord's documentation."""

CLOUDFLARE_PAUSE = 60.0
"""Seconds to stay away when Discord's proxy refuses us and does not say for how long."""

TOKEN_REMEDY = "Reset the token on the developer portal's Bot page."  # noqa: S105  # words about one
WRONG_TOKEN = f"Discord does not accept DISCORD_TOKEN. {TOKEN_REMEDY}"

INTENT_REMEDY = "Turn it on, on the developer portal's Bot page, or set DISCORD_MESSAGE_CONTENT=false."
NO_MESSAGE_CONTENT = f"DISCORD_MESSAGE_CONTENT=true needs the Message Content Intent. {INTENT_REMEDY}"


class DiscordRefused(PlatformError):
    """Discord does not let the bot in; the message is the remedy, in one line."""


@contextmanager
def faults() -> Iterator[None]:
    """Library exceptions, as ours. Only codes are kept of them: their texts may quote what people wrote."""
    try:
        yield
    except discord.RateLimited as theirs:
        raise TooFast(theirs.retry_after) from theirs
    except discord.HTTPException as theirs:
        gone = theirs.code in (UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, THREAD_ARCHIVED)
        if gone or isinstance(theirs, discord.Forbidden):
            raise ChannelGone(f"Discord answered {theirs.status}, code {theirs.code}") from theirs
        if theirs.status == 429:
            pause = theirs.response.headers.get("Retry-After", CLOUDFLARE_PAUSE)
            raise TooFast(float(pause), scope="bot") from theirs  # Cloudflare: the library waits for others
        raise PlatformFailed(f"Discord answered {theirs.status}, code {theirs.code}") from theirs
    except (discord.DiscordException, aiohttp.ClientError, OSError) as theirs:
        raise PlatformFailed(f"Discord was not reached: {type(theirs).__name__}") from theirs
