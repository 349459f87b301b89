"""What a message of Discord's says, as its readers see it. Pure, and linear in the text's length.

Nothing inside code is touched: it stands there as it was written.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import discord

from adapters.code_spans import outside_code

_MARKUP = re.compile(
    r"<(?:@!?(?P<user>\d+)|@&(?P<role>\d+)|#(?P<channel>\d+)|a?:(?P<emoji>\w{1,32}):\d+"
    r"|/(?P<command>[^:<>]{1,100}):\d+|t:(?P<time>-?\d{1,13})(?::(?P<style>[tTdDfFRsS]))?"
    r"|id:(?P<place>\w{1,20})(?::\d+)?)>"
)
_LINK = re.compile(
    r"https://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/channels/(?:\d+|@me)/(?P<channel>\d+)/(?P<message>\d+)"
)

_DATES = {
    "t": "%H:%M UTC",
    "T": "%H:%M:%S UTC",
    "d": "%d/%m/%Y",
    "D": "%d %B %Y",
    "F": "%A, %d %B %Y %H:%M UTC",
    "s": "%d/%m/%Y %H:%M UTC",
    "S": "%d/%m/%Y %H:%M:%S UTC",
}
_DATE = "%d %B %Y %H:%M UTC"
"""How a moment is written, by its style; one that counts from now is written like this, too, since the text
is read later."""


def own_roles(message: discord.Message, bot: int) -> set[int]:
    """The bot's own managed role, where it is mentioned. Roles that people gave it address others too."""
    return {role.id for role in message.role_mentions if role.tags is not None and role.tags.bot_id == bot}


def without_own_mentions(message: discord.Message, bot: int) -> str:
    """The text with the mentions of the bot whose user id is `bot` taken out."""
    own = re.compile("|".join([f"<@!?{bot}>", *(f"<@&{role}>" for role in own_roles(message, bot))]))
    text, parts, end = message.content, list[str](), 0
    for mention in outside_code(own, text):
        parts.append(text[end : mention.start()])
        end = mention.end()
    parts.append(text[end:])
    kept = parts[0]
    for part in parts[1:]:
        if part and part[0] not in ",.:;!?":
            kept += part.lstrip(" \t")
        elif kept.strip():
            kept = kept.rstrip(" \t").removesuffix(",") + part
        else:
            kept += part.lstrip(",:")
    return kept.strip()


def rendered(text: str, message: discord.Message) -> str:
    """The text with names in place of ids and dates in place of numbers."""
    people = {str(user.id): user.display_name for user in message.mentions}
    parts, end = list[str](), 0
    for mark in outside_code(_MARKUP, text):
        parts += (text[end : mark.start()], _name(mark, people, message.guild))
        end = mark.end()
    return "".join((*parts, text[end:]))


def linked_messages(text: str) -> Iterator[tuple[int, int]]:
    """The channel and the message of each address of a message in the text."""
    return ((int(link["channel"]), int(link["message"])) for link in outside_code(_LINK, text))


def _name(mark: re.Match[str], people: dict[str, str], guild: discord.Guild | None) -> str:
    """What a reader sees in place of a mark; the mark itself where that is not known here."""
    if user := mark["user"]:
        return f"@{people[user]}" if user in people else mark[0]
    if role_id := mark["role"]:
        role = guild and guild.get_role(int(role_id))
        return f"@{role.name}" if role else mark[0]
    if channel_id := mark["channel"]:
        channel = guild and guild.get_channel_or_thread(int(channel_id))
        return f"#{channel.name}" if channel else mark[0]
    if emoji := mark["emoji"]:
        return f":{emoji}:"
    if command := mark["command"]:
        return f"/{command}"
    if place := mark["place"]:
        return f"#{place}"
    try:
        return datetime.fromtimestamp(int(mark["time"]), UTC).strftime(_DATES.get(mark["style"] or "", _DATE))
    except (OverflowError, ValueError, OSError):
        return mark[0]  # no date that a calendar has
