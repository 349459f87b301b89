"""What of a person lies in one conversation: found, and taken out. They are known here by their pseudonym."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace

from adapters.stores.redis.changes import publication
from adapters.stores.redis.client import Client
from adapters.stores.redis.codec import mention
from adapters.stores.redis.keys import Keys
from adapters.stores.redis.script import Script
from adapters.stores.redis.transcript import Transcript
from bot.conversation.events import ChannelRef, Said
from bot.conversation.requests import Interruption, Lane, Request, Work
from bot.conversation.turns import Rating, Turn

DAY = 24 * 3600

AT_WORK = 10.0
"""Seconds that we wait for an answer to end which somebody is at work on."""

LOOK = 0.1
"""Seconds between two looks whether it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is a person's, as in `bot.conversation.turns.Kept`."""

    turns: tuple[Turn, ...]
    waiting: tuple[Said, ...]
    mentions: tuple[str, ...]
    ratings: tuple[tuple[str, Rating], ...]


class Footprint:
    """What a person left in a conversation."""

    def __init__(self, redis: Client, transcript: Transcript) -> None:
        self._redis = redis
        self._transcript = transcript
        self._interrupt, self._abandon, self._mark = (
            Script(name, over_limit=True) for name in ("interrupt", "abandon", "mark")
        )

    async def find(self, channel: ChannelRef, person: str) -> Found:
        """What is theirs."""
        keys = Keys(channel)
        turns = [turn for _, turn in await self._transcript.whole_turns(keys)]
        requests = [request for _, request in (await self._requests(keys)).values()]
        others = [turn.quotes for turn in turns if turn.person != person]
        others += [request.message.quotes for request in requests if request.message.person != person]
        return Found(
            turns=tuple(turn for turn in turns if turn.person == person),
            waiting=tuple(
                request.message
                for request in requests
                if request.message.person == person and request.work in (Work.ANSWER, Work.REDO)
            ),
            mentions=tuple(quote.text for quotes in others for quote in quotes if quote.person == person),
            ratings=tuple(
                (turn.message, version.ratings[person])
                for turn in turns
                for version in turn.versions
                if person in version.ratings
            ),
        )

    async def withdraw(self, channel: ChannelRef, person: str, alive: Callable[[], Awaitable[None]]) -> int:
        """End all that waits or is worked on of theirs, or about their questions; how many of them were new.

        `alive` is called while we wait for somebody to end what they are at work on.
        """
        keys, theirs = Keys(channel), list[tuple[str, Request]]()
        asked = {
            turn.message for _, turn in await self._transcript.whole_turns(keys) if turn.person == person
        }
        for name, (_, request) in (await self._requests(keys)).items():
            if request.message.person == person or request.message.id in asked:
                theirs.append((name, request))
        for message in {request.message.id for _, request in theirs}:
            how = Interruption.WITHDRAW
            await self._interrupt(
                self._redis,
                [
                    *(keys[part] for part in ("inbox", "messages", "seen", "state", "history")),
                    *(keys.quoted(message), keys["requoted"], keys.at_work, keys["ids"]),
                ],
                [
                    message,
                    how,
                    "",
                    "",
                    DAY,
                    mention(message),
                    "",
                    *publication(channel, message=message, how=how),
                ],
            )
        for name, _ in theirs:
            await self._ended(keys, name, alive)
        commands = Keys(channel, Lane.COMMANDS)
        for name, (_, request) in (await self._requests(commands)).items():
            # The one that is being done just now may be this forgetting: it ends by itself.
            if request.message.person == person:
                await self._abandon(self._redis, lane_of(commands), [name, 0])
                where, change = publication(channel, message=name)
                await self._redis.publish(where, f"{change}0]")
        return sum(request.work is Work.ANSWER for _, request in theirs)

    async def _ended(self, keys: Keys, name: str, alive: Callable[[], Awaitable[None]]) -> None:
        """Wait until a request is gone: dropped by who is at work on it, or by us where nobody is."""
        for _ in range(int(AT_WORK / LOOK)):
            if await self._abandon(self._redis, lane_of(keys), [name, 0]):
                return
            await alive()
            await asyncio.sleep(LOOK)
        await self._redis.hdel(keys["messages"], name)
        await self._redis.zrem(keys["inbox"], name)

    async def clean(self, channel: ChannelRef, gone: Collection[str]) -> Counter[str]:
        """Take out what is of these people, and see to it that what is worked on brings none of it back; how
        much there was, by the names in `bot.conversation.turns.Forgotten`."""
        keys = Keys(channel)
        count = await self._swept(keys, gone)
        await self.mark(channel, gone)
        # What was committed in between, or changed under our hands.
        while more := await self._swept(keys, gone):
            count += more
        return count

    async def mark(self, channel: ChannelRef, gone: Collection[str]) -> None:
        """See to it that what is being worked on brings nothing of these people back."""
        keys = Keys(channel)
        await self._mark(self._redis, [keys["state"], keys["forgotten"]], [DAY, *gone])

    async def _swept(self, keys: Keys, gone: Collection[str]) -> Counter[str]:
        is_gone = self._transcript.people.among(gone)
        count: Counter[str] = Counter()
        for line, turn in await self._transcript.whole_turns(keys):
            left = turn.without(is_gone)
            if left != turn and await self._transcript.amend(keys, line, turn, left):
                count += _lost(turn, left, is_gone)
        for name, (line, request) in (await self._requests(keys)).items():
            quotes = tuple(quote for quote in request.message.quotes if not is_gone(quote.person))
            if len(quotes) < len(request.message.quotes):
                new = self._transcript.lines.request(
                    replace(request, message=replace(request.message, quotes=quotes))
                )
                if await self._transcript.reword(keys, name, line, new):
                    count["mentions"] += len(request.message.quotes) - len(quotes)
        return +count

    async def _requests(self, keys: Keys) -> dict[str, tuple[str, Request]]:
        stored: dict[str, str] = await self._redis.hgetall(keys["messages"])  # type: ignore[assignment]  # decoded
        requests = await self._transcript.requests(keys, stored)
        return {name: (stored[name], request) for name, request in requests.items()}


def lane_of(keys: Keys) -> list[str]:
    """The keys of a lane, for the script that drops a request."""
    return [keys[part] for part in ("inbox", "messages", "lease", "state")]


def _lost(turn: Turn, left: Turn | None, is_gone: Callable[[str], bool]) -> Counter[str]:
    """What was taken out of a turn."""
    return Counter(
        turns=int(left is None),
        mentions=0 if left is None else len(turn.quotes) - len(left.quotes),
        ratings=sum(is_gone(person) for version in turn.versions for person in version.ratings),
    )
