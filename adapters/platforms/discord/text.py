"""What a message of Discord's says, as its readers see it. Pure."""

import re

import discord

_MARKUP = re.compile(
    r"<(?:@!?(?P<user>\d+)|@&(?P<role>\d+)|#(?P<channel>\d+)|a?:(?P<emoji>\w+):\d+|/(?P<command>[^:>]+):\d+)>"
)


def own_roles(message: discord.Message, bot: int) -> set[int]:
    """The bot's own managed role, where it is mentioned. Roles that people gave it address others too."""
    return {role.id for role in message.role_mentions if role.tags is not None and role.tags.bot_id == bot}


def without_own_mentions(message: discord.Message, bot: int) -> str:
    """The text with the mentions of the bot whose user id is `bot` taken out."""
    own = "|".join([f"<@!?{bot}>", *(f"<@&{role}>" for role in own_roles(message, bot))])
    text = re.sub(rf"\A\s*(?:{own})[,:]?", "", message.content)
    text = re.sub(rf",?[ \t]*(?:{own})(?=[,.:;!?]|\Z)|(?:{own})[ \t]*", "", text)
    return text.strip()


def rendered(text: str, message: discord.Message) -> str:
    """The text with names in place of ids."""
    people = {str(user.id): user.display_name for user in message.mentions}

    def name(found: re.Match[str]) -> str:
        match found.lastgroup, found[found.lastgroup or 0]:
            case "user", user:
                return f"@{people[user]}" if user in people else found[0]
            case "role", role_id:
                role = message.guild and message.guild.get_role(int(role_id))
                return f"@{role.name}" if role else found[0]
            case "channel", channel_id:
                channel = message.guild and message.guild.get_channel_or_thread(int(channel_id))
                return f"#{channel.name}" if channel else found[0]
            case "emoji", emoji:
                return f":{emoji}:"
            case _, command:
                return f"/{command}"

    return _MARKUP.sub(name, text)
