"""Discord's permissions, as far as this world knows them. Bits from "Permissions" in its documentation."""

from tests.servers.discord.edge import Refused
from tests.servers.discord.world import Channel, User, World

MANAGE_CHANNELS, MANAGE_GUILD = 1 << 4, 1 << 5
VIEW_CHANNEL, SEND_MESSAGES, ATTACH_FILES, READ_MESSAGE_HISTORY = 1 << 10, 1 << 11, 1 << 15, 1 << 16
MANAGE_THREADS, CREATE_PUBLIC_THREADS, SEND_MESSAGES_IN_THREADS = 1 << 34, 1 << 35, 1 << 38
ALL = (1 << 50) - 1

EVERYBODY = (
    VIEW_CHANNEL
    | SEND_MESSAGES
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS
)
"""What people may who have no role."""


def permissions(world: World, user: User) -> int:
    """What somebody may; the guild's owner may everything."""
    if user.id == world.owner:
        return ALL
    if user == world.bot:
        return world.bot_permissions
    held = EVERYBODY
    for role in world.roles.values():
        if role.id in world.given.get(user.id, ()):
            held |= role.permissions
    return held


def missing(world: World, permission: int) -> None:
    """Refuse the bot what it may not do."""
    if not world.bot_permissions & permission:
        raise Refused(403, 50013, "Missing Permissions")


def may_write(world: World, channel: Channel, *, replying: bool, files: bool) -> None:
    """Refuse a message that the bot may not write. In private, nobody needs a permission."""
    if channel.direct:
        return
    missing(world, VIEW_CHANNEL)
    may_reopen(world, channel)
    missing(world, SEND_MESSAGES_IN_THREADS if channel.parent else SEND_MESSAGES)
    if replying and not world.bot_permissions & READ_MESSAGE_HISTORY:
        raise Refused(403, 160002, "Cannot reply without permission to read message history")
    if files:
        missing(world, ATTACH_FILES)


def may_reopen(world: World, channel: Channel) -> None:
    """Refuse to write in, or to open again, a thread that somebody locked."""
    if channel.locked and not world.bot_permissions & MANAGE_THREADS:
        raise Refused(400, 160005, "Thread is locked")
