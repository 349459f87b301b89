"""What the bot's own messages on Discord are called: `<channel>/<message>`. Pure.

A conversation that could not have its thread has its messages in the channel above: whoever edits one, and
whoever reacts to one, names the place with it, in every process and after a restart.
"""

from bot.conversation.events import ChannelRef


def message_name(channel: int | str, message: int | str) -> str:
    """The name of a message that stands in this channel."""
    return f"{channel}/{message}"


def channel_of(name: str, conversation: ChannelRef) -> str:
    """Where it stands; that of its conversation where there is no message yet."""
    channel, slash, _ = name.partition("/")
    return channel if slash else conversation.channel


def id_of(name: str) -> int:
    """Discord's id of a message."""
    return int(name.rpartition("/")[2])
