"""What is kept of a person, where it lies, and how it goes: `bot.ports.People`.

A person's index has the conversations in which something of theirs is kept. Its key holds a pseudonym:
nothing but the things themselves says who somebody is.
"""

import asyncio
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import fields, replace

from redis.asyncio import Redis

from adapters.redis.codec import dump, load_channel, load_heard, load_request, load_turn
from adapters.redis.keys import FORGETTING, INTERRUPTS, PARTS, PREFIX, Keys, index_of
from adapters.redis.script import Command, Script, store_errors
from bot.conversation import Forgotten, Interruption, Turn
from bot.messages import ChannelRef

SALT = f"{PREFIX}:record:salt"

AT_WORK = 10.0
"""Seconds that we wait for an answer to end which somebody is at work on."""


class RedisPeople:
    """`prepare` comes first. `kept`: seconds until an index goes in which nothing was noted."""

    def __init__(self, redis: Redis, *, kept: int) -> None:
        self._redis = redis
        self._kept = kept
        self._salt = b""
        self._amend = Script("amend")
        self._interrupt = Script("interrupt")

    async def prepare(self) -> None:
        """Learn the secret that pseudonyms are made with, the same in every process."""
        with store_errors():
            await self._redis.set(SALT, secrets.token_hex(16), nx=True)
            self._salt = str(await self._redis.get(SALT)).encode()

    def pseudonym(self, person: str) -> str:
        """A name that is always the same for a person, and that nobody can trace back without the secret."""
        return hashlib.blake2b(person.encode(), key=self._salt, digest_size=12).hexdigest()

    def noting(self, people: Sequence[str], channel: ChannelRef) -> list[Command]:
        """The commands that note a conversation in these people's indexes; "" is nobody."""
        commands: list[Command] = []
        for person in dict.fromkeys(people):
            if person:
                key = self._index(person)
                commands.append(["SADD", key, dump(channel)])
                commands.append(["EXPIRE", key, self._kept])
        return commands

    async def conversations(self, person: str) -> Sequence[ChannelRef]:
        with store_errors():
            members = await self._redis.smembers(self._index(person))
        return [load_channel(str(member)) for member in sorted(members)]

    async def unfinished(self) -> Sequence[str]:
        with store_errors():
            return sorted(str(person) for person in await self._redis.smembers(FORGETTING))

    async def forget(self, person: str) -> Forgotten:
        total = Forgotten()
        with store_errors():
            await self._redis.sadd(FORGETTING, person)
        for channel in await self.conversations(person):
            with store_errors():
                gone = await self._forget_in(channel, person)
                await self._redis.srem(self._index(person), dump(channel))
            total = Forgotten(
                **{each.name: getattr(total, each.name) + getattr(gone, each.name) for each in fields(total)}
            )
        with store_errors():
            await self._redis.srem(FORGETTING, person)
        return total

    async def _forget_in(self, channel: ChannelRef, person: str) -> Forgotten:
        keys = Keys(channel)
        await self._end_requests(channel, person)
        turns = mentions = ratings = 0
        for line in await self._lines(keys["history"]):
            turn = load_turn(line)
            mine = turn.person == person
            clean = None if mine else _without(turn, person)
            if clean != turn:
                await self._amend(self._redis, [keys["history"]], [line, dump(clean) if clean else ""])
            turns += mine
            mentions += 0 if mine else sum(quote.person == person for quote in turn.quotes)
            ratings += sum(person in version.ratings for version in turn.versions)
        for line in await self._lines(keys["heard"]):
            if load_heard(line)[1].person == person:
                mentions += int(await self._amend(self._redis, [keys["heard"]], [line, ""]))
        texts = await self._forget_texts(keys, person)
        if channel.home:
            texts += await self._forget_texts(keys.workspace, person)
        if not await self._redis.exists(keys["history"]):
            await self._redis.zrem(keys.sessions, channel.channel)
            if channel.private:
                await self._forget_session(channel)
        return Forgotten(turns=turns, mentions=mentions, texts=texts, ratings=ratings)

    async def _end_requests(self, channel: ChannelRef, person: str) -> None:
        """Withdraw what waits of theirs, and wait until what is worked on has ended."""
        keys = Keys(channel)
        stored: dict[str, str] = await self._redis.hgetall(keys["messages"])  # type: ignore[assignment]  # decoded
        theirs = {
            name: request.message.id
            for name, request in ((name, load_request(line)) for name, line in stored.items())
            if request.message.person == person
        }
        for message in set(theirs.values()):
            told = await self._interrupt(
                self._redis,
                [keys["inbox"], keys["messages"], keys["seen"], keys["state"]],
                [message, Interruption.WITHDRAW, "", "", 24 * 3600],
            )
            if told == "current":
                heard = json.dumps([channel.key, message, Interruption.WITHDRAW])
                await self._redis.publish(INTERRUPTS, heard)
        for name in theirs:
            for _ in range(int(AT_WORK / 0.1)):
                if not await self._redis.hexists(keys["messages"], name):
                    break
                await asyncio.sleep(0.1)
            else:
                # Nobody is at work on it: it died.
                await self._redis.hdel(keys["messages"], name)
                await self._redis.zrem(keys["inbox"], name)

    async def _forget_texts(self, keys: Keys, person: str) -> int:
        """Delete the system prompts that they wrote, and that it was they who wrote them."""
        authors: dict[str, str] = await self._redis.hgetall(keys.set_by)  # type: ignore[assignment]  # decoded
        theirs = [name for name, author in authors.items() if author == person]
        if not theirs:
            return 0
        deleted: int = await self._redis.hdel(keys.settings, *theirs)
        await self._redis.hdel(keys.set_by, *theirs)
        return deleted

    async def _forget_session(self, channel: ChannelRef) -> None:
        """Everything of a private conversation in which nobody else has asked."""
        keys = Keys(channel)
        await self._redis.delete(*(keys[part] for part in PARTS))
        await self._redis.zrem(index_of(channel), dump(channel))
        if not await self._redis.exists(keys.sessions):
            await self._redis.delete(keys.settings, keys.set_by, keys.once)

    async def _lines(self, key: str) -> list[str]:
        lines: list[str] = await self._redis.lrange(key, 0, -1)  # type: ignore[assignment]  # decoded
        return lines

    def _index(self, person: str) -> str:
        return f"{PREFIX}:person:{self.pseudonym(person)}"


def _without(turn: Turn, person: str) -> Turn:
    """Somebody else's turn without what is this person's."""
    return replace(
        turn,
        quotes=tuple(quote for quote in turn.quotes if quote.person != person),
        versions=tuple(
            replace(version, ratings={name: each for name, each in version.ratings.items() if name != person})
            for version in turn.versions
        ),
    )
