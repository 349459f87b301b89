"""Recorded payloads, and the real library's objects made of them as its gateway makes them."""

import json
from pathlib import Path
from typing import Any

import discord

from adapters.platforms.discord.translate import incoming
from bot.conversation.events import Said

PAYLOADS = Path(__file__).parent / "payloads"
BOT, ADA, GRACE = "9000000000000000009", "2001000000000000002", "2001000000000000001"
GUILD, CHANNEL, VOICE, THREAD = (f"11430000000000000{number}" for number in ("00", "21", "22", "31"))
OWN_ROLE, KEEPERS, OTHER_BOTS_ROLE = (f"11430000000000000{number}" for number in ("11", "12", "13"))


def recorded(name: str, **changes: Any) -> dict[str, Any]:
    """The payload of that name, with some of its fields changed."""
    content: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return content | changes


def person(user: str, name: str) -> dict[str, Any]:
    """Somebody in a payload's `mentions`."""
    return {"id": user, "username": name.lower(), "global_name": name, "discriminator": "0", "avatar": None}


def connected(guild: dict[str, Any] | None = None) -> discord.Client:
    """A client that knows the recorded guild or another one."""
    client = discord.Client(intents=discord.Intents(guilds=True, messages=True))
    # The library's own parsing, which has no public door but the gateway.
    state = client._connection
    state.user = discord.ClientUser(state=state, data=person(BOT, "mixtral"))  # type: ignore[arg-type]
    state._add_guild(discord.Guild(data=guild or recorded("guild"), state=state))  # type: ignore[arg-type]
    return client


def parsed(payload: dict[str, Any], client: discord.Client) -> discord.Message:
    """The message of a MESSAGE_CREATE."""
    state = client._connection
    channel, _ = state._get_guild_channel(payload)  # type: ignore[arg-type]
    return discord.Message(state=state, channel=channel, data=payload)  # type: ignore[arg-type]


def heard(
    payload: dict[str, Any],
    *,
    message_content: bool = False,
    threads: bool = False,
    guild: dict[str, Any] | None = None,
) -> Said | None:
    """What the bot makes of a MESSAGE_CREATE in the recorded guild or another one, or in private."""
    message = parsed(payload, connected(guild))
    return incoming(message, bot=int(BOT), message_content=message_content, threads=threads)
