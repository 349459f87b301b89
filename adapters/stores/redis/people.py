"""What is kept of a person, where it lies, and how it goes: `bot.ports.People`.

A person's index has the conversations in which something of theirs is kept. Its key holds a pseudonym:
nothing but the things themselves says who somebody is.
"""

import hashlib
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from adapters.stores.redis.authors import Authors, places
from adapters.stores.redis.belongings import DAY, Belongings
from adapters.stores.redis.changes import published
from adapters.stores.redis.codec import dump, load_channel, load_settings
from adapters.stores.redis.keys import (
    FORGETTING,
    PARTS,
    PREFIX,
    Keys,
    index_of,
    states_of_channel,
    states_of_workspace,
)
from adapters.stores.redis.script import Command, store_errors
from bot.conversation.events import ChannelRef
from bot.conversation.settings import Layer
from bot.conversation.turns import Forgotten, Kept

SALT = f"{PREFIX}:record:salt"


class RedisPeople:
    """`prepare` comes first. `kept`: seconds for which a conversation is kept after its last question.
    `lease`: seconds without a sign of life until another process ends what was begun."""

    def __init__(self, redis: Redis, *, kept: int, lease: float) -> None:
        self._redis = redis
        self._lease = lease
        # A question goes with its conversation: `kept` after the last question there, which may come as long
        # after it. What is quoted in one was overheard a day before.
        self._kept = 2 * kept + 2 * DAY
        self._salt = b""
        self.authors = Authors(redis, self.pseudonym, kept=self._kept)
        self._belongings = Belongings(redis, self.among)

    async def prepare(self) -> None:
        """Learn the secret that pseudonyms are made with, the same in every process."""
        with store_errors():
            await self._redis.set(SALT, secrets.token_hex(16), nx=True)
            self._salt = str(await self._redis.get(SALT)).encode()

    def pseudonym(self, person: str) -> str:
        """A name that is always the same for a person, and that nobody can trace back without the secret."""
        return hashlib.blake2b(person.encode(errors="replace"), key=self._salt, digest_size=12).hexdigest()

    def noting(self, people: Iterable[str], channel: ChannelRef, *, for_good: bool = False) -> list[Command]:
        """The commands that note a conversation in these people's indexes; "" is nobody.

        `for_good`: what is kept there of theirs does not go by itself.
        """
        commands: list[Command] = []
        for person in dict.fromkeys(people):
            if person:
                passing, lasting = self._indexes(person)
                commands.append(["SADD", lasting if for_good else passing, dump(channel)])
                commands.append(["EXPIRE", passing, self._kept])
        return commands

    async def note(self, people: Iterable[str], channel: ChannelRef) -> None:
        """Note a conversation in these people's indexes."""
        with store_errors():
            await self._carry_out(self.noting(people, channel))

    def among(self, pseudonyms: Collection[str]) -> Callable[[str], bool]:
        """Tells whether a person, or a text, is one of these."""
        return lambda name: self.pseudonym(name) in pseudonyms

    async def kept(self, person: str) -> Sequence[Kept]:
        found, told = [], set()
        with store_errors():
            for channel in await self._conversations(person):
                theirs = await self._belongings.find(channel, person)
                fresh = [keys for keys in places(channel) if keys.settings not in told]
                told |= {keys.settings for keys in fresh}
                settings = await self._own(channel) if channel.private and Keys(channel) in fresh else {}
                texts = [text for keys in fresh for text in await self._texts(keys, channel, person)]
                each = Kept(
                    channel=channel,
                    turns=theirs.turns,
                    waiting=theirs.waiting,
                    mentions=theirs.mentions,
                    ratings=theirs.ratings,
                    texts=tuple(texts),
                    settings=settings,
                )
                if each != Kept(channel=channel):
                    found.append(each)
        return found

    async def unfinished(self) -> Sequence[str]:
        with store_errors():
            late = await self._redis.zrange(
                FORGETTING,
                "-inf",
                time.time() - self._lease,
                byscore=True,
            )
        return sorted(str(person) for person in late)

    async def forget(self, person: str) -> Forgotten:
        async def alive() -> None:
            await self._redis.zadd(FORGETTING, {person: time.time()})

        count: Counter[str] = Counter()
        with store_errors():
            await alive()
            for channel in await self._conversations(person):
                await alive()
                count += await self._forget_texts(channel, person)
                count["turns"] += await self._belongings.withdraw(channel, person, alive)
                count += await self._belongings.clean(Keys(channel).conversation, {self.pseudonym(person)})
                await self._forget_place(channel)
                await self._redis.publish(*published(channel))
                for index in self._indexes(person):
                    await self._redis.srem(index, dump(channel))
            await self._redis.zrem(FORGETTING, person)
            await self._rewrite()
        return Forgotten(**{name: count[name] for name in ("turns", "mentions", "texts", "ratings")})

    async def _own(self, channel: ChannelRef) -> Layer:
        stored: dict[str, str] = await self._redis.hgetall(Keys(channel).settings)  # type: ignore[assignment]  # decoded
        return load_settings(stored)

    async def _texts(self, keys: Keys, channel: ChannelRef, person: str) -> list[tuple[str, str]]:
        """The system prompts that they wrote, those that only past answers were written under too."""
        current = await self.authors.current(keys, person)
        earlier = await self._written(keys, person) - {self.pseudonym(text) for _, text in current}
        found: set[str] = set()
        if earlier:
            async for conversation in self._under(keys, channel):
                found |= await self._belongings.prompts(conversation, earlier)
        return [*current, *(("system_prompt", text) for text in sorted(found))]

    async def _forget_texts(self, channel: ChannelRef, person: str) -> Counter[str]:
        """Delete the system prompts that they wrote, wherever answers were written under them."""
        deleted = 0
        for keys in places(channel):
            gone = await self._written(keys, person)
            if not gone:
                continue
            # First of all, so that a process that goes on after this one has died knows them too.
            await self._carry_out(self.authors.remembering(keys, dict.fromkeys(gone, person)))
            current = [name for name, _ in await self.authors.current(keys, person)]
            if current:
                deleted += await self._redis.hdel(keys.settings, *current)
                await self._redis.hdel(keys.set_by, *current)
            async for conversation in self._under(keys, channel):
                await self._belongings.clean(conversation, gone)
            await self._redis.hdel(keys.written, *gone)
        return Counter(texts=deleted)

    async def _written(self, keys: Keys, person: str) -> set[str]:
        known = await self.authors.known(keys)
        return {text for text, author in known.items() if author == person}

    async def _under(self, keys: Keys, channel: ChannelRef) -> AsyncIterator[str]:
        """What the keys begin with of every conversation that the settings of a place hold for."""
        whole = keys != Keys(channel)
        pattern = states_of_workspace(channel) if whole else states_of_channel(channel)
        async for key in self._redis.scan_iter(match=pattern, count=1000):
            yield str(key).removesuffix(":state")

    async def _forget_place(self, channel: ChannelRef) -> None:
        """Take a conversation away in which nothing is left: all of it where it is private."""
        keys = Keys(channel)
        if await self._redis.exists(keys["history"]):
            return
        await self._redis.zrem(keys.sessions, channel.channel)
        if channel.private:
            await self._redis.delete(*(keys[part] for part in PARTS))
            await self._redis.zrem(index_of(channel), dump(channel))
            if not await self._redis.exists(keys.sessions):
                await self._redis.delete(keys.settings, keys.set_by, keys.written, keys.once)

    async def _rewrite(self) -> None:
        """Let the server write its append-only file anew, which still has what was deleted."""
        with suppress(RedisError):
            if (await self._redis.info("persistence")).get("aof_enabled"):
                await self._redis.bgrewriteaof()

    async def _carry_out(self, commands: Sequence[Command]) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        await pipeline.execute()

    async def _conversations(self, person: str) -> Sequence[ChannelRef]:
        members = await self._redis.sunion(list(self._indexes(person)))
        return [load_channel(str(member)) for member in sorted(members)]

    def _indexes(self, person: str) -> tuple[str, str]:
        """Of what goes by itself, and of what is kept for good."""
        key = f"{PREFIX}:person:{{{self.pseudonym(person)}}}"
        return key, f"{key}:for-good"
