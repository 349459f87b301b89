"""Reads what stands around a question: what was said before it in its thread, and what it links to."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.conversation.content import Attachment, Quote
from bot.conversation.events import Said
from bot.conversation.turns import Turn
from bot.errors import PlatformError
from bot.languages import Say
from bot.ports import Platform

MAX_BEFORE = 20
"""Messages of a thread that are read before a question there: what it is mostly about. Our choice."""

MAX_LINKED = 3
"""Linked messages that are read for one question. Our choice."""

READING = 1.0
"""Seconds that each may take: the question is asked without them then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """The messages as the model reads them, and the files that hang on them; `notes` tell the person which it
    will not see."""

    quotes: tuple[Quote, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()


async def read_quotes(
    message: Said, turns: Sequence[Turn], platform: Platform, say: Say, *, since: float
) -> Quotes:
    """What others said before in the thread, not before `since`, and what the question links to, as it stands
    there now."""
    before, linked = await asyncio.gather(
        _before(message, turns, platform, since), _linked(message, turns, platform)
    )
    notes = (say("link_unreadable"),) if linked is None else ()
    there = {quote.message for quote in linked or ()}
    quotes = (*(quote for quote in before if quote.message not in there), *(linked or ()))
    return Quotes(
        quotes=tuple(replace(quote, attachments=()) for quote in quotes),
        attachments=tuple(file for quote in quotes for file in quote.attachments),
        notes=notes,
    )


async def _before(
    message: Said, turns: Sequence[Turn], platform: Platform, since: float
) -> tuple[Quote, ...]:
    """None, where it can't be read in time. What the model knows already is left out: the `turns`, and the
    messages that are quoted."""
    channel = message.channel
    if not channel.parent or channel.private:
        return ()
    try:
        async with asyncio.timeout(READING):
            said = await platform.before(channel, message.id, MAX_BEFORE, since=since)
    except (PlatformError, TimeoutError):
        return ()
    quotes = (*message.quotes, *(quote for turn in turns for quote in turn.quotes))
    known = {turn.message for turn in turns} | {quote.message for quote in quotes}
    return tuple(quote for quote in said if not quote.message or quote.message not in known)


async def _linked(message: Said, turns: Sequence[Turn], platform: Platform) -> tuple[Quote, ...] | None:
    """`None` where not all of them can be read."""
    known = {quote.message for quote in message.quotes} | {
        said for turn in turns for said in (turn.message, *turn.replies)
    }
    wanted = [each for each in dict.fromkeys(message.linked) if each not in known][:MAX_LINKED]
    if not wanted:
        return ()
    try:
        async with asyncio.timeout(READING):
            quotes = tuple(await platform.linked(message.channel, wanted))
    except (PlatformError, TimeoutError):
        return None
    return quotes if len(quotes) == len(wanted) else None
