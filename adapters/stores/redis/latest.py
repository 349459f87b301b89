"""Where something was asked lately: what a platform looks through that does not say where there is news.

Of a private conversation nothing but its place stands here, for a day, and it goes with the person.
"""

import time

from adapters.stores.redis.cluster import Command
from adapters.stores.redis.codec import dump
from adapters.stores.redis.keys import LATEST
from bot.conversation.requests import Lane, Request

DAY = 24 * 3600

MOST = 100
"""Conversations in one index."""


def latest_index(platform: str, *, private: bool) -> str:
    """The key of a platform's private conversations, or of its others, by when something was last asked."""
    return f"{LATEST}:{platform}:{'private' if private else 'shared'}"


def noting_latest(request: Request) -> list[Command]:
    """The commands that note the conversation of a question."""
    channel, now = request.message.channel, time.time()
    if request.lane is not Lane.QUESTIONS:
        return []
    index = latest_index(channel.platform, private=channel.private)
    return [
        ["ZADD", index, now, dump(channel)],
        ["ZREMRANGEBYSCORE", index, "-inf", now - DAY],
        ["ZREMRANGEBYRANK", index, 0, -MOST - 1],
        ["EXPIRE", index, DAY],
    ]
