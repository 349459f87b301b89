"""What discord.py hands us, as the bot's own values. Pure: it reads objects and asks nobody."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

import discord

from adapters.platforms.discord.content import attachments, quoted_text
from adapters.platforms.discord.message_names import message_name
from adapters.platforms.discord.references import WRITTEN, quote, reply_target, with_references
from adapters.platforms.discord.text import own_roles, rendered, without_own_mentions
from bot.conversation.content import Quote
from bot.conversation.events import (
    Address,
    Author,
    ChannelRef,
    Closed,
    Deleted,
    Edited,
    Invoked,
    Said,
    Standing,
)
from bot.conversation.verbs import REACTIONS

PLATFORM = "discord"
EPOCH_MILLISECONDS = 1_420_070_400_000
"""When Discord's ids begin to count: the first second of 2015."""

SKINS = "".join(map(chr, range(0x1F3FB, 0x1F400)))


def incoming(message: discord.Message, *, bot: int, message_content: bool, threads: bool) -> Said | None:
    """The message, if it is or may be meant for the bot whose user id is `bot`.

    `message_content`: the bot may read what does not mention it. `threads`: a mention in a channel is
    answered in a thread of its own, whose id is, by Discord's rule, that of the message it begins at.
    """
    if message.author.bot or message.webhook_id is not None or message.type not in WRITTEN:
        return None
    address = _address(message, bot, message_content=message_content)
    if address is None:
        return None
    channel = place(message.channel, _guild_id(message))
    if threads and address is Address.MENTION and isinstance(message.channel, discord.TextChannel):
        channel = below(channel, message.id)
    text = rendered(without_own_mentions(message, bot), message)
    unasked = address in (Address.REPLY, Address.FOLLOW_UP)
    if unasked and not (text or attachments(message) or message.message_snapshots or message.poll):
        return None  # a sticker, or a reply that may not be read because its ping was turned off
    said = _message(message, channel, address, text)
    return with_references(said, message, bot=bot, message_content=message_content)


def edit_in(message: discord.Message, *, bot: int, message_content: bool, threads: bool) -> Edited | None:
    """An edit, if somebody else than the bot has made it: of what others said, too, as that may be quoted.

    Without the time of an edit nobody has made one: Discord has added a preview, or a thread. Where the bot
    may not read the new text, that is "".
    """
    if message.edited_at is None or message.author.id == bot or message.type not in WRITTEN:
        return None
    said = incoming(message, bot=bot, message_content=message_content, threads=threads)
    if said is None:
        channel = place(message.channel, _guild_id(message))
        said = _message(message, channel, Address.OVERHEARD, quoted_text(message))
    return Edited(message=said, edited_at=message.edited_at.timestamp())


def missed_events(
    message: discord.Message, *, bot: int, message_content: bool, threads: bool, last: int
) -> Sequence[Said | Edited]:
    """What a message says that is read afterwards, as it stands there now, and its edit: what it said before
    may be known. It is late up to the id `last`."""
    late = message.id <= last
    said = incoming(message, bot=bot, message_content=message_content, threads=threads)
    edit = edit_in(message, bot=bot, message_content=message_content, threads=threads)
    return [
        *([replace(said, late=late)] if said is not None else []),
        *([replace(edit, message=replace(edit.message, late=late))] if edit is not None else []),
    ]


def earlier_quote(message: discord.Message, channel: ChannelRef, *, bot: int) -> Quote | None:
    """A message of a thread as one that was said there between others than the bot; `None` for the bot's own
    and what was said to it, which are no news to it."""
    if message.type is discord.MessageType.thread_starter_message:
        begins = message.reference.resolved if message.reference else None
        return earlier_quote(begins, channel, bot=bot) if isinstance(begins, discord.Message) else None
    if message.author.id == bot or message.type not in WRITTEN:
        return None
    to_bot = _address(message, bot, message_content=True) in (Address.MENTION, Address.REPLY)
    said = quote(message, channel, bot=bot, files=True)
    return None if to_bot or not said.text else said


def deletions(channel: object, guild: int | None, messages: Iterable[int]) -> Sequence[Deleted]:
    """Messages that are gone, in their channel and as beginnings of threads of the bot's own."""
    where = place(channel, guild)
    threaded = guild is not None and not where.parent
    return [
        Deleted(channel=each, id=str(message))
        for message in messages
        for each in ((where, below(where, message)) if threaded else (where,))
    ]


def closure(guild: int, channel: int, parent: int = 0) -> Closed:
    """A channel that is gone, or a thread below its `parent`."""
    return Closed(
        channel=ChannelRef(
            platform=PLATFORM, workspace=str(guild), channel=str(channel), parent=str(parent or "")
        )
    )


def reaction_command(
    event: discord.RawReactionActionEvent, channel: object, *, bot: int, at: float
) -> Invoked | None:
    """What a reaction to one of the bot's messages asks for, a thumb in every colour of skin. Given again at
    another time, it is another."""
    verb = REACTIONS.get((event.emoji.name or "").rstrip(SKINS)) if event.emoji.id is None else None
    # Discord leaves the author out of what webhooks wrote, as the answers to slash commands are.
    if verb is None or event.user_id == bot or event.message_author_id not in (bot, None):
        return None
    member = event.member
    if member is not None and member.bot:
        return None
    return Invoked(
        channel=place(channel, event.guild_id),
        id=f"{event.message_id}:{event.user_id}:{verb.word}:{at:.6f}",
        author=Author(
            id=str(event.user_id),
            name=member.display_name if member else "",
            locale=member.guild.preferred_locale.value if member else "en",
            standing=_standing_in(channel, member) if member else Standing.MEMBER,
            roles=role_ids(member),
        ),
        verb=verb.word,
        target=message_name(event.channel_id, event.message_id),
        quiet=True,
    )


def standing(permissions: discord.Permissions) -> Standing:
    """What somebody with these permissions may manage. The owner of a guild has all of them."""
    if permissions.administrator or permissions.manage_guild:
        return Standing.WORKSPACE
    return Standing.CHANNEL if permissions.manage_channels else Standing.MEMBER


def role_ids(user: discord.User | discord.Member | None) -> tuple[str, ...] | None:
    """Those that people were given: everybody's own is none of them. `None` where they have none."""
    roles = user.roles if isinstance(user, discord.Member) and user.guild else ()
    return tuple(str(role.id) for role in roles if not role.is_default()) or None


def place(channel: object, guild: int | None) -> ChannelRef:
    """The conversation that a channel, a thread or a direct message holds."""
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    return ChannelRef(
        platform=PLATFORM,
        workspace=str(guild or ""),
        channel=str(getattr(channel, "id", "")),
        parent=str(parent or ""),
        private=guild is None,
    )


def below(channel: ChannelRef, message: int) -> ChannelRef:
    """The thread that begins at a message of this channel."""
    return ChannelRef(
        platform=PLATFORM, workspace=channel.workspace, channel=str(message), parent=channel.channel
    )


def sent_at(snowflake: int) -> float:
    """When an id was made, in seconds since 1970. Of two ids, the later never has the earlier time.

    The 22 bits below the millisecond say in which order, and count as its fraction as far as a float goes.
    """
    return (snowflake / (1 << 22) + EPOCH_MILLISECONDS) / 1000


def _message(message: discord.Message, channel: ChannelRef, address: Address, text: str) -> Said:
    return Said(
        channel=channel,
        id=str(message.id),
        author=Author(
            id=str(message.author.id),
            name=message.author.display_name,
            locale=message.guild.preferred_locale.value if message.guild else "en",
            standing=_standing_in(message.channel, message.author),
            roles=role_ids(message.author),
        ),
        text=text,
        sent_at=sent_at(message.id),
        address=address,
    )


def _address(message: discord.Message, bot: int, *, message_content: bool) -> Address | None:
    if _is_private(message.channel):
        return Address.PRIVATE
    replied = reply_target(message)
    if isinstance(replied, discord.Message) and replied.author.id == bot:
        return Address.REPLY
    if any(user.id == bot for user in message.mentions) or own_roles(message, bot):
        return Address.MENTION
    if not isinstance(message.channel, discord.Thread) or not message_content:
        return None
    among_others = bool(message.mentions or message.role_mentions or message.mention_everyone or replied)
    return None if among_others else Address.FOLLOW_UP


def _is_private(channel: object) -> bool:
    if isinstance(channel, discord.PartialMessageable):
        return channel.type is discord.ChannelType.private
    return isinstance(channel, discord.DMChannel)


def _standing_in(channel: object, user: discord.User | discord.Member) -> Standing:
    if not isinstance(user, discord.Member) or not user.guild:
        return Standing.MEMBER
    if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        with suppress(discord.ClientException):  # a thread whose channel we do not know
            return standing(channel.permissions_for(user))
    return standing(user.guild_permissions)


def _guild_id(message: discord.Message) -> int | None:
    if isinstance(message.channel, discord.PartialMessageable):
        return message.channel.guild_id
    return message.guild.id if message.guild else None
