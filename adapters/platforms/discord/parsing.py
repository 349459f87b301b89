"""Keeps the connection where discord.py can't read an event.

Discord adds fields and kinds before a library knows them, and people write half characters. An exception in
its parser ends the connection, and with it all that happens until the next one.
"""

import json
import logging
from collections.abc import Callable
from typing import Any

import discord

from adapters.platforms.discord.message_parts import leave_out_unreadable_parts
from bot.conversation.wellformed import well_formed

logger = logging.getLogger(__name__)

NEEDED = frozenset({"READY", "RESUMED", "GUILD_CREATE"})
"""Without these nothing works: the connection begins anew."""

_from_json = discord.utils._from_json


def pass_over_unreadable(client: discord.Client) -> None:
    """Let an event that the library can't read be passed over, with a line in the log, and be read without
    the parts of it that can't be. The parts are left out, and half characters replaced, for the whole
    process."""
    discord.utils._from_json = well_formed_json  # type: ignore[assignment]  # it is given no other types
    leave_out_unreadable_parts()
    # The library has no public door to its parsers but the gateway itself.
    parsers = client._connection.parsers
    for name, parse in parsers.items():
        if name not in NEEDED:
            parsers[name] = _forgiving(name, parse)


def well_formed_json(text: str | bytes) -> Any:
    """What a text of JSON says, half characters in it replaced.

    The library reads with `orjson` where that is installed, which takes an escaped half for no JSON at all.
    """
    try:
        return _from_json(text)
    except ValueError:
        return json.loads(well_formed(json.dumps(json.loads(text), ensure_ascii=False)))


def _forgiving(name: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def attempt(event: Any) -> None:
        try:
            parse(event)
        except Exception as error:
            # Not its words: they may be people's.
            logger.warning("an event can't be read: %s (%s)", name, type(error).__name__)

    return attempt
