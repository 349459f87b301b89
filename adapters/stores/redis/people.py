"""What is kept of a person, where it lies, what they spend, and how it goes: `bot.ports.People`."""

import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from itertools import chain

from adapters.stores.redis.changes import publication
from adapters.stores.redis.client import Client, round_trip
from adapters.stores.redis.codec import Unreadable, dump, load_channel
from adapters.stores.redis.footprint import Footprint
from adapters.stores.redis.keys import FORGETTING, PARTS, PREFIX, Keys, index_of
from adapters.stores.redis.latest import latest_index
from adapters.stores.redis.retention import rewrite_files
from adapters.stores.redis.script import Script, store_errors
from adapters.stores.redis.transcript import Transcript, values
from bot.conversation.events import ChannelRef
from bot.conversation.requests import Lane, Price, Quota
from bot.conversation.settings import is_text
from bot.conversation.turns import Forgotten, Kept


class RedisPeople:
    """`lease`: seconds without a sign of life until another process ends what was begun."""

    def __init__(self, redis: Client, transcript: Transcript, *, lease: float) -> None:
        self._redis = redis
        self._transcript = transcript
        self._names = transcript.people
        self._lease = lease
        self._footprint = Footprint(redis, transcript)
        self._price, self._vacate = Script("price"), Script("vacate")

    async def spend(self, person: str, event: str, quota: Quota) -> Price:
        key = f"{PREFIX}:quota:{{{self._names.pseudonym(person)}}}"
        with store_errors():
            milliseconds, repeated = await self._price(
                self._redis,
                [f"{key}:spent", f"{key}:refused"],
                [event, quota.questions, int(quota.seconds * 1000)],
            )
        return Price(resets_in=milliseconds / 1000 if milliseconds else None, repeated=bool(repeated))

    def pseudonym(self, person: str) -> str:
        """As in `Pseudonyms`."""
        return self._names.pseudonym(person)

    async def export(self, person: str) -> Sequence[Kept]:
        found, told = [], set[str]()
        with store_errors():
            for channel in await self._conversations(person):
                theirs = await self._footprint.find(channel, person)
                texts, own = await self._written(channel, person, told)
                each = Kept(
                    channel=channel,
                    turns=theirs.turns,
                    waiting=theirs.waiting,
                    mentions=theirs.mentions,
                    ratings=theirs.ratings,
                    texts=texts,
                    settings=own,
                )
                if each != Kept(channel=channel):
                    found.append(each)
        return found

    async def _written(
        self, channel: ChannelRef, person: str, told: set[str]
    ) -> tuple[tuple[tuple[str, str], ...], dict[str, int | float | str | None]]:
        """The texts that they wrote among the settings, and those that answers were written under; and what
        is set in their private session, or by them for their own questions. What was `told` before is not
        told again."""
        keys, texts, own = Keys(channel), list[tuple[str, str]](), {}
        for key in _places(keys):
            if key in told:
                continue
            told.add(key)
            settings = await self._transcript.settings(keys, key, await self._transcript.hash(key))
            texts += [(name, str(value)) for name, (value, author) in settings.items() if author == person]
            if key == keys.settings:
                if channel.private:
                    own = {name: value for name, value in values(settings).items() if not is_text(name)}
                else:
                    own = dict(await self._transcript.personal(keys, await self._personal(keys, person)))
                current = {text for _, text in texts}
                for text, author in (await self._transcript.written(keys)).values():
                    if author == person and text not in current:
                        texts.append(("system_prompt", text))
        return tuple(texts), own

    async def _personal(self, keys: Keys, person: str) -> dict[str, str]:
        """What they have set for their own questions in the channel, as it is written."""
        whose = self._transcript.lines.fields("", person)
        stored = await self._transcript.hash(keys.personal)
        return {name: line for name, line in stored.items() if name.partition(":")[2] in whose}

    async def unfinished(self) -> Sequence[str]:
        with store_errors():
            late = await self._redis.zrange(FORGETTING, "-inf", time.time() - self._lease, byscore=True)
        return sorted({person for each in late if (person := self._forgetting(str(each)))})

    async def forget(self, person: str) -> Forgotten:
        async def alive() -> None:
            await self._transcript.carry_out([["ZADD", FORGETTING, time.time(), member]])

        count: Counter[str] = Counter()
        self._transcript.recent.clear()
        with store_errors():
            begun = map(str, await self._redis.zrange(FORGETTING, 0, -1))
            earlier = [each for each in begun if self._forgetting(each) == person]
            member = earlier[0] if earlier else self._transcript.lines.seal(person)
            await alive()
            # Meanwhile something of theirs may get to where nothing was: their index has that by then.
            while channels := await self._conversations(person):
                for channel in channels:
                    await alive()
                    count += await self._forget_in(channel, person, alive)
            await self._redis.zrem(FORGETTING, member, *earlier)
            await rewrite_files(self._redis)
        self._transcript.recent.clear()
        return Forgotten(**{name: count[name] for name in ("turns", "mentions", "texts", "ratings")})

    def _forgetting(self, member: str) -> str:
        """Who is being forgotten; "" where that can't be read any more."""
        with suppress(Unreadable):
            return self._transcript.lines.read(member)
        return ""

    async def _forget_in(
        self, channel: ChannelRef, person: str, alive: Callable[[], Awaitable[None]]
    ) -> Counter[str]:
        """Delete everything of theirs in a conversation."""
        count: Counter[str] = Counter()
        (*noted, going), *earlier = self._names.indexes(person)
        await self._transcript.carry_out([["SADD", going, dump(channel)]])
        for index in (*noted, *chain.from_iterable(earlier)):
            await self._redis.srem(index, dump(channel))
        count["texts"] += await self._forget_texts(channel, person)
        if personal := await self._personal(Keys(channel), person):
            await self._redis.hdel(Keys(channel).personal, *personal)
        count["turns"] += await self._footprint.withdraw(channel, person, alive)
        count += await self._footprint.clean(channel, {self._names.pseudonym(person)})
        await self._forget_place(channel, person)
        if channel.private:
            await self._redis.zrem(latest_index(channel.platform, private=True), dump(channel))
        await self._redis.srem(going, dump(channel))
        where, change = publication(channel)
        await self._redis.publish(where, f"{change}0]")
        return count

    async def _forget_texts(self, channel: ChannelRef, person: str) -> int:
        """Delete the texts that they wrote among the settings, and those that answers were written under: the
        turns that refer to them have none then."""
        keys, deleted = Keys(channel), 0
        gone: dict[str, str] = {}
        for key in _places(keys):
            settings = await self._transcript.settings(keys, key, await self._transcript.hash(key))
            theirs = {name: str(value) for name, (value, author) in settings.items() if author == person}
            gone |= {name: "" for text in theirs.values() for name in self._names.pseudonyms(text)}
            if theirs:
                fields = [each for name in theirs for each in self._transcript.lines.setting_fields(name)]
                deleted += await self._redis.hdel(key, *fields)
        # Whoever read a setting before this mark keeps its text before it, and so before the next look, or
        # never.
        await self._footprint.mark(channel, {self._names.pseudonym(person)})
        for digest, (_, author) in (await self._transcript.written(keys)).items():
            if author == person:
                gone[digest] = ""
        if gone:
            marks = [part for pair in gone.items() for part in pair]
            await self._transcript.carry_out(
                [["HSET", keys.texts, *marks], ["EXPIRE", keys.texts, 2 * self._transcript.kept]]
            )
        return deleted

    async def _forget_place(self, channel: ChannelRef, person: str) -> None:
        """Take a conversation away in which nothing is left: all of it where it is private; and what could
        not be read and names them."""
        keys = Keys(channel)
        for line in await self._redis.lrange(keys.aside, 0, -1):
            if channel.private or self._names_them(str(line), person):
                await self._redis.lrem(keys.aside, 0, str(line))
        gone = await self._vacate(
            self._redis,
            [
                *(keys.sessions, keys.settings, keys.texts, keys.text_ages, keys.at_work),
                *(keys[part] for part in ("inbox", "history", *PARTS)),
            ],
            [channel.channel, int(channel.private)],
        )
        # In the commands' lane stands what they asked for just now.
        if gone and not await self._redis.exists(Keys(channel, Lane.COMMANDS)["inbox"]):
            await self._redis.zrem(index_of(channel), dump(channel))

    def _names_them(self, line: str, person: str) -> bool:
        """Whether a record that could not be read says who they are, as far as it lies open."""
        with suppress(Unreadable):
            line = self._transcript.lines.read(line)
        names = (person, *self._names.pseudonyms(person))
        return any(json.dumps(name, ensure_ascii=False) in line for name in names)

    async def _conversations(self, person: str) -> Sequence[ChannelRef]:
        channels, named = [], self._names.indexes(person)
        found = await round_trip(self._redis, [["SUNION", *each] for each in named])
        indexes = list(chain.from_iterable(named))
        for member in sorted({str(member) for members in found for member in members}):
            try:
                channel = load_channel(member)
            except Unreadable as error:
                for index in indexes:
                    await self._redis.srem(index, member)
                await self._transcript.count_aside("channel", "a person's index", error)
                continue
            if dump(channel) != member:  # as another version writes it; it is taken out as this one does
                for index in indexes:
                    if await self._redis.srem(index, member):
                        await self._transcript.carry_out([["SADD", index, dump(channel)]])
            channels.append(channel)
        return channels


def _places(keys: Keys) -> list[str]:
    """Where the settings lie that hold for a channel."""
    return [keys.settings, *([keys.workspace] if keys.channel.home else [])]
