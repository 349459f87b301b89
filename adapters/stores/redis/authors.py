"""Who wrote the system prompts among the settings, and those that stood there before.

Each turn keeps the system prompt that its answer was written under, also when another one has been set
since. Whoever wrote it may want it deleted there too, so authors are remembered, by the text's pseudonym, for
as long as a turn may hold it. A text that somebody sets again, as from the saved ones, stays its first
author's.
"""

import json
from collections.abc import Callable, Mapping

from redis.asyncio import Redis

from adapters.stores.redis.keys import Keys
from adapters.stores.redis.script import Command
from bot.conversation.events import ChannelRef
from bot.conversation.settings import Layer, is_text


def places(channel: ChannelRef) -> list[Keys]:
    """The keys of the settings that hold for a channel: its own, and those of its workspace."""
    return [Keys(channel), *([Keys(channel).workspace] if channel.home else [])]


class Authors:
    """`kept`: seconds for which a turn may hold a text that has been replaced."""

    def __init__(self, redis: Redis, pseudonym: Callable[[str], str], *, kept: int) -> None:
        self._redis = redis
        self._pseudonym = pseudonym
        self._kept = kept

    async def known(self, keys: Keys) -> dict[str, str]:
        """Who wrote what stands or stood in one place, by the text's pseudonym."""
        look = self._redis.pipeline(transaction=False)
        for key in (keys.settings, keys.set_by, keys.written):
            look.hgetall(key)
        settings, set_by, written = await look.execute()
        current = {
            self._pseudonym(json.loads(settings[name])): author
            for name, author in set_by.items()
            if name in settings
        }
        return {**written, **current}

    async def current(self, keys: Keys, person: str) -> list[tuple[str, str]]:
        """The texts of theirs that stand in one place, each with its field."""
        authors: dict[str, str] = await self._redis.hgetall(keys.set_by)  # type: ignore[assignment]  # decoded
        fields = [name for name, author in authors.items() if author == person]
        texts = await self._redis.hmget(keys.settings, fields) if fields else []
        return [
            (name, json.loads(text)) for name, text in zip(fields, texts, strict=True) if text is not None
        ]

    async def of_texts(self, channel: ChannelRef, texts: Mapping[str, str], *, by: str) -> dict[str, str]:
        """Whose each of these texts is that `by` sets, by its field."""
        if not texts:
            return {}
        known: dict[str, str] = {}
        for keys in reversed(places(channel)):
            known |= await self.known(keys)
        return {name: known.get(self._pseudonym(text), by) for name, text in texts.items()}

    async def keeping(self, keys: Keys, changes: Layer, authors: Mapping[str, str]) -> list[Command]:
        """The commands that remember whose the texts are that are about to be set or replaced."""
        if not any(map(is_text, changes)):
            return []
        known = await self.known(keys)
        known |= {self._pseudonym(str(changes[name])): author for name, author in authors.items()}
        return self.remembering(keys, known)

    def remembering(self, keys: Keys, known: Mapping[str, str]) -> list[Command]:
        """The commands that keep what `known` gave."""
        if not known:
            return []
        flat = [each for pair in known.items() for each in pair]
        return [["HSET", keys.written, *flat], ["EXPIRE", keys.written, self._kept]]
