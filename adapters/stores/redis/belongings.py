"""What of a person lies in one conversation: found, and taken out.

People and the texts of system prompts are known here by their pseudonyms, alike.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace

from redis.asyncio import Redis

from adapters.stores.redis.changes import published
from adapters.stores.redis.codec import dump, load_heard, load_request, load_turn
from adapters.stores.redis.keys import CHANGES, Keys
from adapters.stores.redis.script import Script
from bot.conversation.events import ChannelRef, Said
from bot.conversation.requests import Interruption, Request, Work
from bot.conversation.turns import Rating, Turn

DAY = 24 * 3600

AT_WORK = 10.0
"""Seconds that we wait for an answer to end which somebody is at work on."""

LOOK = 0.1
"""Seconds between two looks whether it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is a person's, as in `bot.conversation.Kept`."""

    turns: tuple[Turn, ...]
    waiting: tuple[Said, ...]
    mentions: tuple[str, ...]
    ratings: tuple[tuple[str, Rating], ...]


class Belongings:
    """`among` tells of pseudonyms whether a person, or a text, is one of them."""

    def __init__(self, redis: Redis, among: Callable[[Collection[str]], Callable[[str], bool]]) -> None:
        self._redis = redis
        self._among = among
        self._amend, self._interrupt, self._abandon, self._reword = (
            Script(name) for name in ("amend", "interrupt", "abandon", "reword")
        )

    async def find(self, channel: ChannelRef, person: str) -> Found:
        """What is theirs."""
        conversation = Keys(channel).conversation
        turns = [load_turn(line) for line in await self._lines(f"{conversation}:history")]
        requests = [request for _, _, request in await self._requests(conversation)]
        others = [turn.quotes for turn in turns if turn.person != person]
        others += [request.message.quotes for request in requests if request.message.person != person]
        heard = [load_heard(line)[1] for line in await self._lines(f"{conversation}:heard")]
        return Found(
            turns=tuple(turn for turn in turns if turn.person == person),
            waiting=tuple(
                request.message
                for request in requests
                if request.message.person == person and request.work in (Work.ANSWER, Work.REDO)
            ),
            mentions=tuple(
                quote.text for quotes in (*others, heard) for quote in quotes if quote.person == person
            ),
            ratings=tuple(
                (turn.message, version.ratings[person])
                for turn in turns
                for version in turn.versions
                if person in version.ratings
            ),
        )

    async def prompts(self, conversation: str, texts: Collection[str]) -> set[str]:
        """Those of these system prompts that answers were written under."""
        found = set()
        for line in await self._lines(f"{conversation}:history"):
            for version in load_turn(line).versions:
                text = str(version.account.settings.get("system_prompt", "")) if version.account else ""
                if self._among(texts)(text):
                    found.add(text)
        return found

    async def withdraw(self, channel: ChannelRef, person: str, alive: Callable[[], Awaitable[None]]) -> int:
        """End all that waits or is worked on of theirs, or about their questions; how many of them were new.

        `alive` is called while we wait for somebody to end what they are at work on.
        """
        keys = Keys(channel)
        asked = {turn.message for turn in (await self.find(channel, person)).turns}
        theirs = [
            (name, request)
            for name, _, request in await self._requests(keys.conversation)
            if request.message.person == person or request.message.id in asked
        ]
        for message in {request.message.id for _, request in theirs}:
            await self._interrupt(
                self._redis,
                [keys["inbox"], keys["messages"], keys["seen"], keys["state"]],
                [
                    message,
                    Interruption.WITHDRAW,
                    "",
                    "",
                    DAY,
                    *published(channel, message=message, how=Interruption.WITHDRAW),
                ],
            )
        for name, _ in theirs:
            await self._ended(keys, name, alive)
        return sum(request.work is Work.ANSWER for _, request in theirs)

    async def _ended(self, keys: Keys, name: str, alive: Callable[[], Awaitable[None]]) -> None:
        """Wait until a request is gone: dropped by who is at work on it, or by us where nobody is."""
        parts = [keys[part] for part in ("inbox", "messages", "lease", "state")]
        for _ in range(int(AT_WORK / LOOK)):
            if await self._abandon(self._redis, parts, [name]):
                return
            await alive()
            await asyncio.sleep(LOOK)
        await self._redis.hdel(keys["messages"], name)
        await self._redis.zrem(keys["inbox"], name)

    async def clean(self, conversation: str, gone: Collection[str]) -> Counter[str]:
        """Take out what is of these people and texts, and see to it that what is worked on brings none of it
        back; how much there was, by the names in `bot.conversation.Forgotten`."""
        count = await self._swept(conversation, gone)
        if await self._redis.hexists(f"{conversation}:state", "current"):
            await self._redis.sadd(f"{conversation}:forgotten", *gone)
            await self._redis.expire(f"{conversation}:forgotten", DAY)
        # What was committed in between, or changed under our hands.
        while more := await self._swept(conversation, gone):
            count += more
        return count

    async def _swept(self, conversation: str, gone: Collection[str]) -> Counter[str]:
        is_gone = self._among(gone)
        count: Counter[str] = Counter()
        for line in await self._lines(f"{conversation}:history"):
            turn = load_turn(line)
            left = turn.without(is_gone)
            if left != turn:
                new = "" if left is None else dump(left)
                if await self._amend(self._redis, [f"{conversation}:history"], [line, new, CHANGES, ""]):
                    count += _lost(turn, left, is_gone)
        for line in await self._lines(f"{conversation}:heard"):
            if is_gone(load_heard(line)[1].person):
                count["mentions"] += await self._amend(
                    self._redis, [f"{conversation}:heard"], [line, "", CHANGES, ""]
                )
        for name, line, request in await self._requests(conversation):
            quotes = tuple(quote for quote in request.message.quotes if not is_gone(quote.person))
            if len(quotes) < len(request.message.quotes):
                new = dump(replace(request, message=replace(request.message, quotes=quotes)))
                if await self._reword(self._redis, [f"{conversation}:messages"], [name, line, new]):
                    count["mentions"] += len(request.message.quotes) - len(quotes)
        return +count

    async def _requests(self, conversation: str) -> list[tuple[str, str, Request]]:
        stored: dict[str, str] = await self._redis.hgetall(f"{conversation}:messages")  # type: ignore[assignment]  # decoded
        return [(name, line, load_request(line)) for name, line in stored.items()]

    async def _lines(self, key: str) -> list[str]:
        lines: list[str] = await self._redis.lrange(key, 0, -1)  # type: ignore[assignment]  # decoded
        return lines


def _lost(turn: Turn, left: Turn | None, is_gone: Callable[[str], bool]) -> Counter[str]:
    """What was taken out of a turn. `accounts`: at least the system prompt, which is counted elsewhere."""
    return Counter(
        turns=int(left is None),
        mentions=0 if left is None else len(turn.quotes) - len(left.quotes),
        ratings=sum(is_gone(person) for version in turn.versions for person in version.ratings),
        accounts=int(left is not None),
    )
