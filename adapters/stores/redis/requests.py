"""What waits in each conversation, on Redis: `bot.ports.Requests`.

A lane of a conversation is an inbox (ids by their time), its requests (`messages`), the ids seen, a lease and
a state: the claim's number (`fence`), the request that is worked on (`current`) and the question that it is
about, what has been shown of its answer, how often it was begun, whether it shall end early; and while it is
worked on, who was forgotten (`forgotten`: pseudonyms) and which messages that it may quote have other words
(`requoted`). Each method is one script over one hash tag.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from adapters.stores.redis.changes import publication
from adapters.stores.redis.claims import Claiming, Claims
from adapters.stores.redis.client import Client, round_trip
from adapters.stores.redis.cluster import Command
from adapters.stores.redis.commits import Commits
from adapters.stores.redis.footprint import lane_of
from adapters.stores.redis.index import ActiveIndex
from adapters.stores.redis.keys import Keys
from adapters.stores.redis.latest import noting_latest
from adapters.stores.redis.script import Script, store_errors
from adapters.stores.redis.together import Company
from adapters.stores.redis.transcript import Transcript
from bot.conversation.events import ChannelRef
from bot.conversation.requests import (
    NOTHING_YET,
    Claim,
    Interruption,
    Lane,
    Progress,
    Request,
    Submission,
)
from bot.conversation.turns import Turn
from bot.errors import Interrupted, LeaseLost, StoreFull

logger = logging.getLogger(__name__)

DAY = 24 * 3600

APART = 0.06
"""Seconds between two round trips for signs of life and ends of answers. Fifty answers that grow give fifty
signs a second: three share a round trip, and a text is seen 0.03 s later."""


class RedisRequests:
    """`lease`: seconds without a beat until another process may take a conversation over. `prepare`: the
    store's, and so are `process` and `gone`."""

    def __init__(
        self,
        redis: Client,
        transcript: Transcript,
        *,
        lease: float,
        prepare: Callable[[], Awaitable[None]],
        process: str,
        gone: Collection[str],
    ) -> None:
        self._redis = redis
        self._prepare = prepare
        self._transcript = transcript
        self._people = transcript.people
        self._lines = transcript.lines
        self._lease = lease
        self._process = process
        self._index = ActiveIndex(redis, transcript, lease=lease, gone=gone)
        self._claims = Claims(redis, transcript, lease=lease)
        self._commits = Commits(redis, transcript)
        self._submit, self._abandon = Script("submit"), Script("abandon")
        self._take = Script("take", parts=("submit", "claim"))
        self._company = Company(APART)
        self._beat, self._restore = (Script(name, over_limit=True) for name in ("beat", "restore"))

    async def submit(self, request: Request, *, only_known: bool = False) -> Submission:
        before, keys, arguments = self._submitting(request, only_known=only_known)
        try:
            with store_errors():
                return Submission((await self._submit.after(before, self._redis, keys, arguments))[-1])
        except StoreFull as full:
            return await self._known(request, full)

    async def take(
        self, request: Request, *, only_known: bool = False, room: int | None = None
    ) -> tuple[Submission, Claim | None]:
        before, keys, arguments = self._submitting(request, only_known=only_known)
        claiming = self._claims.claiming(Keys(request.message.channel, request.lane), room)
        try:
            with store_errors():
                *given, (became, claimed) = await self._take.after(
                    [*before, *claiming.before],
                    self._redis,
                    [*keys, *claiming.keys],
                    [*arguments, *claiming.arguments],
                )
        except StoreFull as full:
            return await self._known(request, full), None
        return Submission(became), await self._claimed(claiming, [*given[len(before) :], claimed])

    async def _claimed(self, claiming: Claiming, given: Sequence[Any]) -> Claim | None:
        """What came with a request that is taken in, whatever becomes of this: it is claimed once more, when
        the lease is over."""
        if not given[-1]:
            return None
        try:
            with store_errors():
                return await self._claims.claimed(claiming, given)
        except Exception as error:
            logger.warning("%s: not claimed: %s", claiming.place.channel.key, type(error).__name__)
            return None

    async def _known(self, request: Request, full: StoreFull) -> Submission:
        """What became before of a request that the store does not take; raises that where it was not
        known."""
        with store_errors():
            seen = Keys(request.message.channel, request.lane)["seen"]
            if await self._redis.zscore(seen, request.id) is None:
                raise full
        return Submission.DUPLICATE

    def _submitting(self, request: Request, *, only_known: bool) -> tuple[list[Command], list[str], Command]:
        """The commands before the script that submits, its keys and its arguments."""
        message = request.message
        keys = Keys(message.channel, request.lane)
        people = (message.person, *(each.person for each in message.quotes))
        return (
            [
                self._index.noting(message.channel),
                *noting_latest(request),
                *self._people.noting(people, message.channel),
                *self._transcript.quoting(keys, message.quotes),
            ],
            [keys[part] for part in ("inbox", "messages", "seen", "history", "state")],
            [
                request.id,
                request.at,
                self._lines.request(request),
                int(only_known),
                DAY,
                self._transcript.kept,
                *publication(message.channel),
            ],
        )

    async def claim(
        self, channel: ChannelRef, lane: Lane = Lane.QUESTIONS, *, room: int | None = None
    ) -> Claim | None:
        with store_errors():
            return await self._claims.claim(Keys(channel, lane), room)

    async def beat(self, claim: Claim, progress: Progress) -> Interruption | None:
        # First words do not wait.
        await self._company.join(claim.message.channel.key, hurry=not progress.replies)
        told = await self._keep(claim, progress, "beat")
        return Interruption(told) if told in tuple(Interruption) else None

    async def release(self, claim: Claim, progress: Progress | None, *, failed: bool = False) -> None:
        pause = await self._keep(claim, progress, "failed" if failed else "release")
        with store_errors():
            await self._index.note(claim.message.channel, int(pause) / 1000 if failed else 0.0)

    async def _keep(self, claim: Claim, progress: Progress | None, how: str) -> int | str:
        keys = Keys(claim.message.channel, claim.request.lane)
        shown = progress or NOTHING_YET
        account, texts = self._lines.account(shown.account)
        with store_errors():
            while True:
                *_, kept = await self._beat.after(
                    [
                        *self._transcript.keeping(keys, texts),
                        *self._transcript.replying(keys, claim.message.id, shown.replies),
                    ],
                    self._redis,
                    [keys["lease"], keys["state"]],
                    [
                        claim.fence,
                        claim.request.id,
                        how,
                        int(self._lease * 1000),
                        self._lines.seal(shown.text),
                        "" if progress is None else json.dumps(shown.replies),
                        shown.ended,
                        account,
                        *publication(claim.message.channel, grown=True),
                        self._process,
                    ],
                )
                if kept != "gone":
                    break
                await self._put_back(keys, claim)
        if kept == "lost":
            raise LeaseLost(claim.message.channel.key)
        result: int | str = kept
        return result

    async def _put_back(self, keys: Keys, claim: Claim) -> None:
        """The store has lost all that it had: that somebody else has claimed the conversation does not
        follow."""
        request = claim.request
        await self._restore(
            self._redis,
            [keys[part] for part in ("inbox", "messages", "seen", "state")],
            [
                claim.fence,
                request.id,
                request.at,
                self._lines.request(request),
                claim.message.id,
                claim.epoch,
                DAY,
                self._transcript.kept,
            ],
        )
        await self._index.note(claim.message.channel, self._lease)

    async def commit(self, claim: Claim, turn: Turn | None) -> bool:
        keys = Keys(claim.message.channel, claim.request.lane)
        await self._company.join_last(claim.message.channel.key)
        with store_errors():
            while (waiting := await self._commits.commit(keys, claim, turn)) == "gone":
                await self._put_back(keys, claim)
        if waiting == "lost":
            raise LeaseLost(claim.message.channel.key)
        if waiting in tuple(Interruption):
            raise Interrupted(Interruption(waiting))
        return bool(waiting)

    async def drop(self, channel: ChannelRef, lane: Lane = Lane.QUESTIONS) -> Request | None:
        keys = Keys(channel, lane)
        with store_errors():
            current, oldest = await round_trip(
                self._redis, [["HGET", keys["state"], "current"], ["ZRANGE", keys["inbox"], 0, 0]]
            )
            name = str(current or next(iter(oldest), ""))
            line = str(await self._redis.hget(keys["messages"], name) or "")
            if request := (await self._transcript.requests(keys, {name: line})).get(name):
                await self._abandon(self._redis, lane_of(keys), [name, 1])
                where, change = publication(channel, message=name)
                await self._redis.publish(where, f"{change}0]")
        return request

    async def orphans(self, wanted: Callable[[ChannelRef, Lane], bool]) -> Sequence[ChannelRef]:
        with store_errors():
            await self._prepare()  # what the store has lost since is put back
            self._transcript.recent.forget_oldest()
            return await self._index.due(wanted)
