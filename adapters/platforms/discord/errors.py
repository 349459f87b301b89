"""What goes wrong at Discord, as the bot's own errors."""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import aiohttp
import discord

from adapters.logs import place_of
from adapters.platforms.discord.refusals import (
    CHANNEL_RIGHTS,
    PROXY_REMEDY,
    REFUSALS,
    TOKEN_REMEDY,
    Accessory,
    Kind,
    Refusal,
)
from adapters.received import read_json, read_wait
from bot.errors import AccessLost, ContentRefused, Forbidden, Gone, PlatformError, PlatformFailed, TooFast

logger = logging.getLogger(__name__)

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, THREAD_EXISTS, ARCHIVED = 10003, 10008, 160004, 50083
ALREADY_ACKNOWLEDGED, INVALID_FORM = 40060, 50035
TOO_MANY_REQUESTS = 429
"""Error codes and a status, from "Opcodes and Status Codes" in Discord's documentation."""

UNKNOWN = range(10_000, 11_000)
"""The codes for what is not there (any more)."""

FIELDS = {
    "message_reference": Accessory.REFERENCE,
    "components": Accessory.BUTTONS,
    "attachments": Accessory.FILE,
    "files": Accessory.FILE,
}
"""Fields of a message that can be left out where one of them is malformed."""

CLOUDFLARE_PAUSE = 60.0
"""Seconds to stay away when Discord's proxy refuses us and does not say for how long."""

UNREADABLE = (LookupError, TypeError, ValueError, AttributeError)
"""What discord.py raises where an answer is not Discord's own: a proxy's page, or another shape. It reads it
as if it were."""

WRONG_TOKEN = f"Discord does not accept DISCORD_TOKEN. {TOKEN_REMEDY}"

INTENT_REMEDY = "Turn it on, on the developer portal's Bot page, or set DISCORD_MESSAGE_CONTENT=false."
NO_MESSAGE_CONTENT = f"DISCORD_MESSAGE_CONTENT=true needs the Message Content Intent. {INTENT_REMEDY}"

OUTDATED = "Discord no longer takes connections as this version makes them: a newer version is needed."
SHARDING_REQUIRED = 4011
CLOSED = {
    4004: WRONG_TOKEN,
    4010: OUTDATED,
    4012: OUTDATED,
    4013: OUTDATED,
    4014: NO_MESSAGE_CONTENT,
}
"""What a connection that the gateway closed for good, by its code, comes to; after every other one it is made
again; where the shards are too few, with more. From "Opcodes and Status Codes" in Discord's documentation."""


TOO_FEW_SHARDS = (
    "DISCORD_SHARD_COUNT is too small for all the servers that the bot is in: raise or remove it."
)
TOO_MANY_GUILDS = "The bot is in more servers than Discord lets it serve: take it out of some."


class DiscordRefused(PlatformError):
    """Discord does not let the bot in; the message is the remedy, in one line."""


@contextmanager
def library_errors(*, remedy: str = "") -> Iterator[None]:
    """Library exceptions, as ours. Only codes are kept of them: their texts may quote what people wrote.
    `remedy` as in `refusal_error`."""
    try:
        yield
    except discord.RateLimited as theirs:
        raise TooFast(theirs.retry_after) from theirs
    except discord.HTTPException as theirs:
        raise refusal_error(theirs, remedy=remedy) from theirs
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
        pause = read_wait(headers.get("Retry-After", str(pause)))
    everywhere = from_a_proxy(headers) or "X-RateLimit-Global" in headers
    return TooFast(pause, scope="bot" if everywhere else "bucket")


def from_a_proxy(headers: Mapping[str, str]) -> bool:
    """Whether an answer has not been through Discord's own servers, or is a page."""
    return "Via" not in headers or "json" not in headers.get("Content-Type", "")


def long_refusal(fast: TooFast, body: bytes) -> PlatformError:
    """What an answer of 429 that asks to wait for long comes to: its code may say that waiting is no use."""
    with suppress(ValueError):
        answer = read_json(body)
        code = answer.get("code") if isinstance(answer, dict) else None
        if code in REFUSALS and REFUSALS[code].kind is not Kind.FAST:
            return error_for(TOO_MANY_REQUESTS, code)
    return fast


def refusal_error(theirs: discord.HTTPException, *, remedy: str = "") -> PlatformError:
    """The bot's own error for a refusal. `remedy`: for the call that was refused, where the permission is one
    of its own."""
    refusal = REFUSALS.get(theirs.code)
    if theirs.status == TOO_MANY_REQUESTS and (refusal is None or refusal.kind is Kind.FAST):
        return too_fast(theirs.response.headers)
    page = "json" not in theirs.response.headers.get("Content-Type", "")
    return error_for(theirs.status, theirs.code, page=page, fields=_malformed(theirs), remedy=remedy)


def error_for(
    status: int, code: int, *, page: bool = False, fields: tuple[str, ...] = (), remedy: str = ""
) -> PlatformError:
    """The same by its parts. Of a code that is not known the status says enough: what would be refused for
    ever is not tried again. `page`: a proxy's, in place of Discord's answer; `fields`: the malformed ones."""
    refusal = REFUSALS.get(code) or _by_status(status, code, page=page)
    said = ", ".join(filter(None, (f"Discord answered {status}", f"code {code}" if code else "", *fields)))
    said = f"{said}: {refusal.meaning}"
    match refusal.kind:
        case Kind.GONE | Kind.OVER:
            return Gone(said)
        case Kind.PLACE:
            return Forbidden(f"{said}. {remedy or refusal.remedy}".rstrip())
        case Kind.ACCESS:
            return AccessLost(f"{said}. {refusal.remedy}")
        case Kind.BLOCKED:
            return ContentRefused(said, blocked=True)
        case Kind.CONTENT:
            return ContentRefused(f"{said}. {refusal.remedy}".rstrip(), blocked=False)
    return PlatformFailed(said)


def accessories(theirs: discord.HTTPException) -> frozenset[Accessory]:
    """What may be what was refused, beside the text."""
    if theirs.code == INVALID_FORM:
        fields = _malformed(theirs)
        return frozenset(FIELDS[each] for each in fields if each in FIELDS)
    refusal = REFUSALS.get(theirs.code) or _by_status(theirs.status, theirs.code, page=False)
    return frozenset({refusal.accessory} if refusal.accessory else ())


def is_over(theirs: discord.HTTPException) -> bool:
    """Whether an interaction can't be answered that way any more, or its first answer was deleted."""
    refusal = REFUSALS.get(theirs.code)
    return theirs.code == UNKNOWN_MESSAGE or (refusal is not None and refusal.kind is Kind.OVER)


def _by_status(status: int, code: int, *, page: bool) -> Refusal:
    if status >= 500 or status in (408, 425):
        return Refusal(status=status, kind=Kind.FAILED, meaning="it may pass")
    if page:
        return Refusal(status=status, kind=Kind.ACCESS, meaning="a web page", remedy=PROXY_REMEDY)
    if status == 401:
        return Refusal(status=status, kind=Kind.ACCESS, meaning="unauthorized", remedy=TOKEN_REMEDY)
    if status == 403:
        return Refusal(status=status, kind=Kind.PLACE, meaning="forbidden", remedy=CHANNEL_RIGHTS)
    if status == 404 and code in UNKNOWN:
        return Refusal(status=status, kind=Kind.GONE, meaning="not there")
    file = Accessory.FILE if status == 413 else None
    return Refusal(status=status, kind=Kind.CONTENT, meaning="refused", accessory=file)


def _malformed(theirs: discord.HTTPException) -> tuple[str, ...]:
    """The fields that Discord calls malformed, by their names alone: the library writes each into a line of
    its own."""
    if theirs.code != INVALID_FORM:
        return ()
    return tuple(dict.fromkeys(re.findall(r"^In (\w+)", theirs.text, re.MULTILINE)))
