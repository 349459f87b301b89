"""What the bot may in the channels that it sees, and what it lacks there. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord

from adapters.finding import Finding, ok, warning

NAME = "discord permissions"
TEXT_CHANNELS = (0, 5)
"""Types of channels in which people write: text and announcements. Documented: "Channel Types"."""

NEEDED = {
    "send_messages": "Without it nothing is answered there.",
    "read_message_history": "Without it answers don't point at their questions, and threads are not read.",
    "attach_files": "Without it no file is handed over there.",
    "send_messages_in_threads": "Without it nothing is answered in threads there.",
    "create_public_threads": "Without it answers stand in the channel itself, in spite of DISCORD_THREADS.",
}
"""The permissions that the bot uses in a channel, by the library's names, with what is missing without."""

NAMED = 3
"""Channels that are named for each; of the others, how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guild:
    """A server as Discord tells of it: `permissions` is what the bot may there before any channel's own
    overwrites, `roles` the ids of its roles, `timed_out` until when it may nothing, "" where it may."""

    id: str
    name: str
    permissions: int
    roles: frozenset[str]
    bot: str
    timed_out: str
    channels: Sequence[Mapping[str, Any]]


def permission_findings(guilds: Sequence[Guild], *, threads: bool, now: datetime) -> list[Finding]:
    """What is so of the bot's permissions. `threads`: it shall open some."""
    needed = [name for name in NEEDED if threads or name != "create_public_threads"]
    lacking: dict[str, list[str]] = defaultdict(list)
    seen, findings = 0, []
    for guild in guilds:
        if guild.timed_out and datetime.fromisoformat(guild.timed_out) > now:
            remedy = "A moderator can end that, in the server's list of members."
            findings.append(warning(NAME, f"In {guild.name}, the bot is timed out and may nothing.", remedy))
        for channel in guild.channels:
            allowed = allowed_in(guild, channel)
            if channel["type"] in TEXT_CHANNELS and allowed.view_channel:
                seen += 1
                for name in needed:
                    if not getattr(allowed, name):
                        lacking[name].append(f"#{channel['name']} of {guild.name}")
    findings += [_lack(name, lacking[name], seen) for name in needed if lacking[name]]
    return findings or [ok(NAME, f"The bot may all that it needs in the {seen} channels that it sees.")]


def allowed_in(guild: Guild, channel: Mapping[str, Any]) -> discord.Permissions:
    """What the bot may in a channel: the order is that of "Permission Overwrites" in Discord's
    documentation: everybody's, those of its roles together, its own."""
    allowed = discord.Permissions(guild.permissions)
    if allowed.administrator:
        return discord.Permissions.all()
    overwrites = {each["id"]: each for each in channel.get("permission_overwrites", ())}
    for ids in ({guild.id}, guild.roles, {guild.bot}):
        held = [overwrites[each] for each in ids if each in overwrites]
        deny = _united(each["deny"] for each in held)
        allow = _united(each["allow"] for each in held)
        allowed = discord.Permissions(allowed.value & ~deny | allow)
    return allowed


def _united(bits: Iterable[str]) -> int:
    united = 0
    for each in bits:
        united |= int(each)
    return united


def _lack(name: str, channels: Sequence[str], seen: int) -> Finding:
    title = name.replace("_", " ").title().replace(" In ", " in ")
    named = ", ".join(channels[:NAMED])
    others = f" and {len(channels) - NAMED} more" if len(channels) > NAMED else ""
    text = f"In {len(channels)} of {seen} channels the bot lacks {title}: {named}{others}. {NEEDED[name]}"
    return warning(NAME, text, "Give it to the bot's role, in each channel's settings under Permissions.")
