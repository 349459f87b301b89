"""What Discord sends for each thing in the world: JSON objects in the shapes of its API, version 10."""

from datetime import UTC, datetime

from tests.servers.discord.permissions import EVERYBODY
from tests.servers.discord.world import (
    DISCORD_EPOCH_MS,
    HAS_THREAD,
    PUBLIC_THREAD,
    REPLY,
    Channel,
    File,
    Message,
    Payload,
    Role,
    User,
    World,
)

MESSAGE_CONTENT = 1 << 15
REPLIED_TO, FORWARDED = 0, 1
SNAPSHOT = (
    "content",
    "timestamp",
    "edited_timestamp",
    "mentions",
    "mention_roles",
    "attachments",
    "embeds",
    "components",
    "type",
    "flags",
)


def timestamp(snowflake: str) -> str:
    """The time that an id carries, in ISO 8601."""
    return datetime.fromtimestamp(((int(snowflake) >> 22) + DISCORD_EPOCH_MS) / 1000, UTC).isoformat()


def user(one: User) -> Payload:
    return {
        "id": one.id,
        "username": one.name,
        "discriminator": "0",
        "global_name": None if one.bot else one.name.title(),
        "avatar": None,
        "bot": one.bot,
    }


def member(world: World, one: User) -> Payload:
    roles = [role.id for role in world.roles.values() if role.bot == one.id]
    roles += sorted(world.given.get(one.id, ()))
    return {
        "nick": None,
        "avatar": None,
        "roles": roles,
        "joined_at": timestamp(world.guild),
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


def channel(world: World, one: Channel) -> Payload:
    if one.recipient:
        return {"id": one.id, "type": one.kind, "recipients": [user(one.recipient)], "last_message_id": None}
    shape: Payload = {
        "id": one.id,
        "type": one.kind,
        "name": one.name,
        "guild_id": world.guild_of(one),
        "parent_id": one.parent or None,
        "position": 0,
        "permission_overwrites": _taken_from_bot(world),
        "rate_limit_per_user": 0,
        "nsfw": False,
        "topic": None,
        "last_message_id": next(reversed(one.messages), None),
        "permissions": str(world.bot_permissions),
    }
    if one.kind == PUBLIC_THREAD:
        shape |= {
            "owner_id": one.owner or world.bot.id,
            "member_count": 1,
            "message_count": len(one.messages),
            "total_message_sent": len(one.messages),
            "thread_metadata": {
                "archived": one.archived,
                "auto_archive_duration": 1440,
                "archive_timestamp": timestamp(one.id),
                "locked": one.locked,
                "create_timestamp": timestamp(one.id),
            },
        }
    return shape


def _taken_from_bot(world: World) -> list[Payload]:
    """What everybody may and the bot does not."""
    deny = EVERYBODY & ~world.bot_permissions
    return [{"id": world.bot_role.id, "type": 0, "allow": "0", "deny": str(deny)}] if deny else []


def guild(world: World, number: str) -> Payload:
    """What GUILD_CREATE carries. Without the members intent, the bot alone is among the members."""
    everybody = Role(id=number, name="@everyone", permissions=EVERYBODY)
    channels = [one for one in world.channels.values() if world.guild_of(one) == number]
    return {
        "id": number,
        "name": "a local guild",
        "owner_id": world.owner or number,
        "roles": [
            {
                "id": role.id,
                "name": role.name,
                "position": position,
                "permissions": str(world.bot_permissions if role.bot else role.permissions),
                "color": 0,
                "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
                "hoist": False,
                "managed": bool(role.bot),
                "mentionable": True,
                "flags": 0,
                **({"tags": {"bot_id": role.bot}} if role.bot else {}),
            }
            for position, role in enumerate((everybody, *world.roles.values()))
        ],
        "channels": [channel(world, one) for one in channels if not one.parent],
        "threads": [channel(world, one) for one in channels if one.parent],
        "members": [member(world, world.bot) | {"user": user(world.bot)}],
        "member_count": len(world.users),
        "large": False,
        "unavailable": False,
        "preferred_locale": "en-US",
        "joined_at": timestamp(world.guild),
        **dict.fromkeys(("verification_level", "default_message_notifications", "mfa_level"), 0),
        **dict.fromkeys(("explicit_content_filter", "nsfw_level", "premium_tier", "afk_timeout"), 0),
        **{key: [] for key in ("emojis", "stickers", "features", "presences", "voice_states")},
        **{key: [] for key in ("stage_instances", "guild_scheduled_events", "soundboard_sounds")},
        "system_channel_flags": 0,
    }


def attachment(base: str, file: File) -> Payload:
    return {
        "id": file.id,
        "filename": file.name,
        "size": len(file.content),
        "url": base + file.path,
        "proxy_url": base + file.path,
        "content_type": file.media_type,
    }


def readable(world: World, one: Message, granted: bool) -> bool:
    """Whether the bot may see what a message says; `granted`: it has the message-content intent.

    Without it: in direct messages, where it is mentioned itself (a ping by a reply counts, one of its role
    does not) and in what it wrote. Source: Discord's documentation of the message-content intent.
    """
    return granted or one.channel.direct or one.author == world.bot or world.bot in one.mentions


def message(world: World, base: str, one: Message, *, granted: bool, nested: bool = False) -> Payload:
    """A message as REST gives it; `base` is where the server's files are found."""
    seen = readable(world, one, granted)
    shape: Payload = {
        "id": one.id,
        "channel_id": one.channel.id,
        "author": user(one.author),
        "content": one.content if seen else "",
        "timestamp": timestamp(one.id),
        "edited_timestamp": one.edited_at.isoformat() if one.edited_at else None,
        "tts": False,
        "mention_everyone": one.mention_everyone,
        "mentions": [user(u) for u in one.mentions],
        "mention_roles": list(one.mention_roles),
        "attachments": [attachment(base, f) for f in one.files] if seen else [],
        "embeds": list(one.embeds) if seen else [],
        "components": list(one.components) if seen else [],
        "pinned": False,
        "type": one.kind,
        "flags": one.flags,
    }
    if one.nonce:
        shape["nonce"] = one.nonce
    if one.webhook:
        shape |= {"webhook_id": one.webhook, "application_id": one.webhook}
    if one.flags & HAS_THREAD and one.id in world.channels:
        shape["thread"] = channel(world, world.channels[one.id])
    if one.forwards:
        original = message(world, base, one.forwards, granted=True)
        shape["message_reference"] = _reference(world, one.forwards.channel, one.forwards.id, FORWARDED)
        shape["message_snapshots"] = [{"message": {key: original[key] for key in SNAPSHOT}}] if seen else []
    if one.kind == REPLY:
        shape["message_reference"] = _reference(world, one.channel, one.reference, REPLIED_TO)
        if not nested:
            quoted = one.channel.messages.get(one.reference)
            shape["referenced_message"] = (
                message(world, base, quoted, granted=granted, nested=True) if quoted else None
            )
    return shape


def _reference(world: World, place: Channel, message_id: str, kind: int) -> Payload:
    guild_id = {} if place.direct else {"guild_id": world.guild_of(place)}
    return {"type": kind, "message_id": message_id, "channel_id": place.id, **guild_id}


def message_event(world: World, base: str, one: Message, *, granted: bool) -> Payload:
    """A message as the gateway tells it: in a guild, with the guild's id and the author's membership."""
    shape = message(world, base, one, granted=granted) | {"channel_type": one.channel.kind}
    if one.channel.direct:
        return shape
    people = [user(u) | {"member": member(world, u)} for u in one.mentions]
    home = {"guild_id": world.guild_of(one.channel), "member": member(world, one.author)}
    return shape | home | {"mentions": people}
