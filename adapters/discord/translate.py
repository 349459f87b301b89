"""What discord.py hands us, as the bot's own values. Pure: it reads objects and asks nobody."""

import re

import discord

from bot.messages import Address, Attachment, Author, ChannelRef, CommandInvoked, IncomingMessage, Quote

PLATFORM = "discord"
EPOCH_MILLISECONDS = 1_420_070_400_000
"""When Discord's ids begin to count: the first second of 2015."""

Interaction = discord.Interaction[discord.Client]

_MARKUP = re.compile(
    r"<(?:@!?(?P<user>\d+)|@&(?P<role>\d+)|#(?P<channel>\d+)|a?:(?P<emoji>\w+):\d+|/(?P<command>[^:>]+):\d+)>"
)


def incoming(
    message: discord.Message, *, bot: int, message_content: bool, threads: bool
) -> IncomingMessage | None:
    """The message, if it is or may be meant for the bot whose user id is `bot`.

    `message_content`: the bot may read what does not mention it. `threads`: a mention in a channel is
    answered in a thread of its own, whose id is, by Discord's rule, that of the message it begins at.
    """
    if message.author.bot or message.webhook_id is not None:
        return None
    if message.type not in (discord.MessageType.default, discord.MessageType.reply):
        return None
    address = _address(message, bot, message_content=message_content)
    if address is None:
        return None
    channel = _place(message.channel, _guild_id(message))
    if threads and address is Address.MENTION and isinstance(message.channel, discord.TextChannel):
        channel = ChannelRef(
            platform=PLATFORM, workspace=channel.workspace, channel=str(message.id), parent=channel.channel
        )
    text = _rendered(_without_own_mentions(message, bot), message)
    attachments = tuple(
        Attachment(name=one.filename, url=one.url, size=one.size, media_type=one.content_type or "")
        for one in message.attachments
    )
    unasked = address in (Address.REPLY, Address.FOLLOW_UP)
    if unasked and not (text or attachments or message.message_snapshots):
        return None  # a sticker, or a reply that may not be read because its ping was turned off
    return IncomingMessage(
        channel=channel,
        id=str(message.id),
        author=Author(
            id=str(message.author.id),
            name=message.author.display_name,
            locale=message.guild.preferred_locale.value if message.guild else "en",
        ),
        text=text,
        sent_at=sent_at(message.id),
        address=address,
        attachments=attachments,
        quotes=_quotes(message),
    )


def asked(interaction: Interaction, text: str) -> IncomingMessage:
    """What somebody asked with a slash command."""
    return IncomingMessage(
        channel=_place(interaction.channel, interaction.guild_id),
        id=str(interaction.id),
        author=_invoker(interaction),
        text=text.strip(),
        sent_at=sent_at(interaction.id),
        address=Address.COMMAND,
        reply_token=_reply_token(interaction),
    )


def invoked(interaction: Interaction, name: str, argument: str) -> CommandInvoked:
    """Any other slash command."""
    return CommandInvoked(
        channel=_place(interaction.channel, interaction.guild_id),
        id=str(interaction.id),
        author=_invoker(interaction),
        name=name,
        argument=argument.strip(),
        reply_token=_reply_token(interaction),
    )


def sent_at(snowflake: int) -> float:
    """When an id was made, in seconds since 1970. Of two ids, the later never has the earlier time.

    The 22 bits below the millisecond say in which order, and count as its fraction as far as a float goes.
    """
    return (snowflake / (1 << 22) + EPOCH_MILLISECONDS) / 1000


def interaction_token(reply_token: str) -> tuple[int, str]:
    """The application's id and the interaction's token, out of a `reply_token` made here."""
    _, application, token = reply_token.split(":", 2)
    return int(application), token


def _reply_token(interaction: Interaction) -> str:
    return f"interaction:{interaction.application_id}:{interaction.token}"


def _invoker(interaction: Interaction) -> Author:
    user = interaction.user
    return Author(id=str(user.id), name=user.display_name, locale=interaction.locale.value)


def _address(message: discord.Message, bot: int, *, message_content: bool) -> Address | None:
    if isinstance(message.channel, discord.DMChannel):
        return Address.PRIVATE
    answered = _answered(message)
    if isinstance(answered, discord.Message) and answered.author.id == bot:
        return Address.REPLY
    if any(user.id == bot for user in message.mentions) or _own_roles(message, bot):
        return Address.MENTION
    among_others = bool(message.mentions or message.role_mentions or message.mention_everyone or answered)
    if isinstance(message.channel, discord.Thread) and message_content and not among_others:
        return Address.FOLLOW_UP
    return None


def _answered(message: discord.Message) -> discord.Message | discord.DeletedReferencedMessage | None:
    """The message that this one is a reply to."""
    reference = message.reference
    if message.type is not discord.MessageType.reply or reference is None:
        return None
    return reference.resolved or discord.DeletedReferencedMessage(reference)


def _own_roles(message: discord.Message, bot: int) -> set[int]:
    """The bot's own managed role, where it is mentioned. Roles that people gave it address others too."""
    return {role.id for role in message.role_mentions if role.tags is not None and role.tags.bot_id == bot}


def _without_own_mentions(message: discord.Message, bot: int) -> str:
    own = "|".join([f"<@!?{bot}>", *(f"<@&{role}>" for role in _own_roles(message, bot))])
    text = re.sub(rf"\A\s*(?:{own})[,:]?", "", message.content)
    text = re.sub(rf",?[ \t]*(?:{own})(?=[,.:;!?]|\Z)|(?:{own})[ \t]*", "", text)
    return text.strip()


def _rendered(text: str, message: discord.Message) -> str:
    """The text as its readers see it: names in place of ids."""
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


def _quotes(message: discord.Message) -> tuple[Quote, ...]:
    """What the author pointed at: the message replied to, or those forwarded; whose they are is hidden."""
    quotes: list[Quote] = []
    answered = _answered(message)
    if isinstance(answered, discord.Message) and answered.content:
        text = _rendered(answered.content, answered)
        quotes.append(Quote(author=answered.author.display_name, text=text))
    quotes.extend(
        Quote(author="", text=_rendered(forwarded.content, message))
        for forwarded in message.message_snapshots
        if forwarded.content
    )
    return tuple(quotes)


def _guild_id(message: discord.Message) -> int | None:
    if isinstance(message.channel, discord.PartialMessageable):
        return message.channel.guild_id
    return message.guild.id if message.guild else None


def _place(channel: object, guild: int | None) -> ChannelRef:
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    return ChannelRef(
        platform=PLATFORM,
        workspace=str(guild or ""),
        channel=str(getattr(channel, "id", "")),
        parent=str(parent or ""),
        private=guild is None,
    )
