"""Each conversation's waiting questions and its history on Redis: `bot.ports.Mailbox`.

A conversation is an inbox (ids by the time of writing), its messages, the ids seen, a history, a lease and a
state: the claim's number (`fence`), the question being answered (`current`) and what has been shown of its
answer. Each method is one script over one hash tag. The index of conversations where something may wait lies
under other tags: it is written before the inbox, as an entry too many is harmless.
"""

import json
import time
from collections.abc import Sequence

from redis.asyncio import Redis

from adapters.redis.codec import dump, load_channel, load_message, load_settings, load_turn
from adapters.redis.keys import INDEX, Keys, index_of
from adapters.redis.script import Script, store_errors
from bot.conversation import Claim, Progress, Turn
from bot.errors import LeaseLost
from bot.messages import ChannelRef, IncomingMessage
from bot.ports import Submission

DAY = 24 * 3600
MOST_TURNS = 500
"""Turns kept of a conversation: 32,768 tokens hold no more than a few hundred short ones."""

MOST_SESSIONS = 100
"""Conversations of a channel that its overview is made from."""

MOST_DUE = 100
"""Conversations taken over from one part of the index in one look."""


class RedisMailbox:
    """`lease`: seconds without a beat until another process may take a conversation over."""

    def __init__(self, redis: Redis, *, lease: float, history_days: int) -> None:
        self._redis = redis
        self._lease = lease
        self._kept = history_days * DAY
        self._submit, self._take, self._beat, self._commit, self._settle = (
            Script(name) for name in ("submit", "take", "beat", "commit", "settle")
        )

    async def submit(self, message: IncomingMessage, *, only_known: bool = False) -> Submission:
        keys = Keys(message.channel)
        with store_errors():
            became = await self._submit(
                self._redis,
                [keys["inbox"], keys["messages"], keys["seen"], keys["history"]],
                [message.id, message.sent_at, dump(message), int(only_known), DAY, self._kept],
                first=["ZADD", index_of(message.channel), time.time() + self._lease, dump(message.channel)],
            )
        return Submission(became)

    async def take(self, channel: ChannelRef) -> Claim | None:
        keys = Keys(channel)
        with store_errors():
            taken = await self._take(
                self._redis,
                [
                    *(keys[part] for part in ("inbox", "messages", "lease", "state", "history")),
                    keys.settings,
                ],
                [int(self._lease * 1000), self._kept],
            )
        if not taken:
            return None
        message, fence, epoch, text, replies, history, settings = taken
        turns = (load_turn(turn) for turn in history)
        return Claim(
            message=load_message(message),
            turns=tuple(turn for turn in turns if turn.asked_at >= time.time() - self._kept),
            settings=load_settings(dict(zip(settings[::2], settings[1::2], strict=True))),
            progress=Progress(text=text, replies=tuple(json.loads(replies))),
            fence=fence,
            epoch=epoch,
        )

    async def beat(self, claim: Claim, progress: Progress) -> None:
        await self._keep(claim, progress, int(self._lease * 1000))

    async def release(self, claim: Claim, progress: Progress) -> None:
        await self._keep(claim, progress, 0)
        channel = claim.message.channel
        with store_errors():
            await self._redis.zadd(index_of(channel), {dump(channel): time.time()})

    async def _keep(self, claim: Claim, progress: Progress, milliseconds: int) -> None:
        keys = Keys(claim.message.channel)
        with store_errors():
            kept = await self._beat(
                self._redis,
                [keys["lease"], keys["state"]],
                [claim.fence, claim.message.id, progress.text, json.dumps(progress.replies), milliseconds],
            )
        if kept != "kept":
            raise LeaseLost(claim.message.channel.key)

    async def commit(self, claim: Claim, turn: Turn | None) -> bool:
        keys = Keys(claim.message.channel)
        with store_errors():
            waiting = await self._commit(
                self._redis,
                [
                    *(keys[part] for part in ("inbox", "messages", "lease", "state", "history")),
                    keys.sessions,
                ],
                [
                    claim.fence,
                    claim.message.id,
                    claim.epoch,
                    "" if turn is None else dump(turn),
                    time.time() - self._kept,
                    self._kept,
                    MOST_TURNS,
                    claim.message.channel.channel,
                    MOST_SESSIONS,
                ],
            )
        if waiting < 0:
            raise LeaseLost(claim.message.channel.key)
        return bool(waiting)

    async def orphans(self) -> Sequence[ChannelRef]:
        now = time.time()
        with store_errors():
            look = self._redis.pipeline(transaction=False)
            for shard in INDEX:
                look.zrange(shard, "-inf", now, byscore=True, offset=0, num=MOST_DUE, withscores=True)
            due = [
                (shard, member, score)
                for shard, entries in zip(INDEX, await look.execute(), strict=True)
                for member, score in entries
            ]
            return await self._adopted(due, now) if due else []

    async def _adopted(self, due: Sequence[tuple[str, str, float]], now: float) -> list[ChannelRef]:
        channels = [load_channel(member) for _, member, _ in due]
        look = self._redis.pipeline(transaction=False)
        for channel in channels:
            look.exists(Keys(channel)["inbox"])
            look.pttl(Keys(channel)["lease"])
        found = await look.execute()
        adopted = []
        for (shard, member, score), channel, waits, leased in zip(
            due, channels, found[::2], found[1::2], strict=True
        ):
            again: float | str = now + max(self._lease, leased / 1000) if waits else ""
            moved = await self._settle(self._redis, [shard], [member, repr(score), again])
            if moved and waits and leased <= 0:
                adopted.append(channel)
        return adopted
