"""What waits in each conversation, and its history, on Redis: `bot.ports.Mailbox`.

A conversation is an inbox (ids by their time), its requests (`messages`), the ids seen, a history, what was
heard in it, a lease and a state: the claim's number (`fence`), the request that is worked on (`current`) and
the question that it is about, what has been shown of its answer, and whether it shall end early; and what was
forgotten while it was worked on (`forgotten`: pseudonyms). Each method is one script over one hash tag. The
index of conversations where something may wait lies under other tags: it is written before the inbox, as an
entry too many is harmless.
"""

import json
import time
from collections.abc import Sequence

from redis.asyncio import Redis

from adapters.stores.redis.changes import published
from adapters.stores.redis.codec import (
    beginning,
    dump,
    dump_heard,
    load_channel,
    load_heard,
    load_request,
    load_settings,
    load_turn,
)
from adapters.stores.redis.keys import INDEX, Keys, index_of
from adapters.stores.redis.people import RedisPeople
from adapters.stores.redis.script import Script, store_errors
from bot.conversation.events import ChannelRef
from bot.conversation.requests import Claim, Interruption, Progress, Request, Work
from bot.conversation.settings import Layers
from bot.conversation.turns import Turn
from bot.errors import Interrupted, LeaseLost
from bot.ports import Submission

DAY = 24 * 3600
MOST_TURNS = 500
"""Turns kept of a conversation: 32,768 tokens hold no more than a few hundred short ones."""

MOST_HEARD = 20
"""Messages kept of what others say in a thread: what a question there is mostly about. Our choice."""

MOST_SESSIONS = 100
"""Conversations of a channel that its overview is made from."""

MOST_DUE = 100
"""Conversations taken over from one part of the index in one look."""


class RedisMailbox:
    """`lease`: seconds without a beat until another process may take a conversation over."""

    def __init__(self, redis: Redis, people: RedisPeople, *, lease: float, history_days: int) -> None:
        self._redis = redis
        self._people = people
        self._lease = lease
        self._kept = history_days * DAY
        self._submit, self._take, self._beat, self._commit, self._settle = (
            Script(name) for name in ("submit", "take", "beat", "commit", "settle")
        )

    async def submit(self, request: Request, *, only_known: bool = False) -> Submission:
        message = request.message
        keys, people = Keys(message.channel), (message.person, *(each.person for each in message.quotes))
        with store_errors():
            *_, became = await self._submit.after(
                [
                    ["ZADD", index_of(message.channel), time.time() + self._lease, dump(message.channel)],
                    *self._people.noting(people, message.channel),
                ],
                self._redis,
                [keys["inbox"], keys["messages"], keys["seen"], keys["history"], keys["heard"]],
                [
                    request.id,
                    request.at,
                    dump(request),
                    int(only_known),
                    DAY,
                    self._kept,
                    dump_heard(message),
                    MOST_HEARD,
                    *published(message.channel),
                ],
            )
        return Submission(became)

    async def take(self, channel: ChannelRef) -> Claim | None:
        keys = Keys(channel)
        workspace = [["HGETALL", keys.workspace.settings]] if channel.home else []
        with store_errors():
            *before, taken = await self._take.after(
                workspace,
                self._redis,
                [
                    *(keys[part] for part in ("inbox", "messages", "lease", "state", "history")),
                    keys.settings,
                    keys["heard"],
                ],
                [int(self._lease * 1000), self._kept],
            )
        if not taken:
            return None
        request, fence, epoch, text, replies, history, settings, heard, interruption = taken
        turns = (load_turn(turn) for turn in history)
        return Claim(
            request=load_request(request),
            turns=tuple(turn for turn in turns if turn.asked_at >= time.time() - self._kept),
            settings=Layers(
                workspace=load_settings(before[0]) if before else {},
                channel=load_settings(dict(zip(settings[::2], settings[1::2], strict=True))),
                private=channel.private,
            ),
            heard=tuple(load_heard(each)[1] for each in heard),
            progress=Progress(text=text, replies=tuple(json.loads(replies))),
            interruption=Interruption(interruption) if interruption else None,
            fence=fence,
            epoch=epoch,
        )

    async def beat(self, claim: Claim, progress: Progress) -> Interruption | None:
        return await self._keep(claim, progress, int(self._lease * 1000))

    async def release(self, claim: Claim, progress: Progress) -> None:
        await self._keep(claim, progress, 0)
        channel = claim.message.channel
        with store_errors():
            await self._redis.zadd(index_of(channel), {dump(channel): time.time()})

    async def _keep(self, claim: Claim, progress: Progress, milliseconds: int) -> Interruption | None:
        keys = Keys(claim.message.channel)
        with store_errors():
            kept = await self._beat(
                self._redis,
                [keys["lease"], keys["state"]],
                [
                    claim.fence,
                    claim.request.id,
                    progress.text,
                    json.dumps(progress.replies),
                    milliseconds,
                    *published(claim.message.channel, grown=True),
                ],
            )
        if kept == "lost":
            raise LeaseLost(claim.message.channel.key)
        return Interruption(kept) if kept else None

    async def commit(self, claim: Claim, turn: Turn | None) -> bool:
        keys = Keys(claim.message.channel)
        forgotten: frozenset[str] = frozenset()
        while (waiting := await self._committed(claim, turn, len(forgotten))) == "forgotten":
            with store_errors():
                forgotten = frozenset(map(str, await self._redis.smembers(keys["forgotten"])))
            turn = turn and turn.without(self._people.among(forgotten))
        if waiting == "lost":
            raise LeaseLost(claim.message.channel.key)
        if waiting in tuple(Interruption):
            raise Interrupted(Interruption(waiting))
        return bool(waiting)

    async def _committed(self, claim: Claim, turn: Turn | None, forgotten: int) -> int | str:
        keys = Keys(claim.message.channel)
        with store_errors():
            became: int | str = await self._commit(
                self._redis,
                [
                    *(keys[part] for part in ("inbox", "messages", "lease", "state", "history")),
                    keys.sessions,
                    keys["heard"],
                    keys["forgotten"],
                    keys["seen"],
                ],
                [
                    claim.fence,
                    claim.request.id,
                    claim.epoch,
                    "" if turn is None else dump(turn),
                    time.time() - self._kept,
                    self._kept,
                    MOST_TURNS,
                    claim.message.channel.channel,
                    MOST_SESSIONS,
                    "" if turn is None else beginning(turn),
                    int(claim.request.work is Work.ANSWER),
                    len(claim.heard),
                    forgotten,
                    *published(claim.message.channel),
                ],
            )
        return became

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
