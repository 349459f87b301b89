"""The answer that a verb is about: the one that it names, or the latest."""

import asyncio

from bot.commands.context import Context
from bot.conversation.events import Invoked
from bot.conversation.requests import Running, Snapshot

COMMITTED = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between looks whether work on an answer has ended: its last text stands there a moment before it
is kept, and people press, or type, when they see it."""


def is_about(command: Invoked, running: Running | None) -> bool:
    """Whether the answer that is being written is the one that a verb is about."""
    return running is not None and command.target in ("", running.request.message.id, *running.replies)


async def snapshot_after_work(command: Invoked, context: Context) -> Snapshot:
    """What stands in the conversation once work on the answer that a verb is about has ended, if that takes
    no longer than a moment."""
    stands = await context.store.conversations.read(command.channel, command.target)
    for pause in COMMITTED:
        if not is_about(command, stands.running):
            break
        await asyncio.sleep(pause)
        stands = await context.store.conversations.read(command.channel, command.target)
    return stands
