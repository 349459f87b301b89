"""Who somebody is, without saying it; and where something of theirs is kept.

A person's index has the conversations in which something of theirs is kept. Its key holds a pseudonym:
nothing but the things themselves says who somebody is.
"""

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterable

from adapters.stores.redis.client import Client
from adapters.stores.redis.cluster import Command
from adapters.stores.redis.codec import dump
from adapters.stores.redis.connection import WELL_FORMED
from adapters.stores.redis.keys import PREFIX, SALT
from adapters.stores.redis.script import store_errors
from bot.conversation.events import ChannelRef


class Pseudonyms:
    """`prepare` comes first. `kept`: seconds for which an index is kept after what was last noted in it."""

    def __init__(self, redis: Client, *, kept: int) -> None:
        self._redis = redis
        self._kept = kept
        self._salt = ""

    async def prepare(self) -> None:
        """Learn the secret that pseudonyms are made with, the same in every process.

        Said again, it puts the secret back where the store has lost it: with another one, nobody could be
        forgotten any more.
        """
        with store_errors():
            if (there := await self._redis.get(SALT)) is None:
                await self._redis.set(SALT, self._salt or secrets.token_hex(16), nx=True)
                there = await self._redis.get(SALT)
            self._salt = str(there)

    def pseudonym(self, person: str) -> str:
        """A name that is always the same for a person, or a text, and that nobody can trace back without the
        secret."""
        salt = self._salt.encode()
        return hashlib.blake2b(person.encode(errors=WELL_FORMED), key=salt, digest_size=12).hexdigest()

    def pseudonyms(self, person: str) -> tuple[str, ...]:
        """All names that they may have in the store; the first is the one that is given."""
        return (self.pseudonym(person),)

    def among(self, pseudonyms: Collection[str]) -> Callable[[str], bool]:
        """Tells whether a person is one of these."""
        return lambda name: self.pseudonym(name) in pseudonyms

    def indexes(self, person: str) -> tuple[str, str, str]:
        """Of what goes by itself, of what is kept for good, and of what is being forgotten."""
        key = f"{PREFIX}:person:{{{self.pseudonym(person)}}}"
        return key, f"{key}:for-good", f"{key}:going"

    def noting(self, people: Iterable[str], channel: ChannelRef, *, for_good: bool = False) -> list[Command]:
        """The commands that note a conversation in these people's indexes; "" is nobody.

        `for_good`: what is kept there of theirs does not go by itself.
        """
        commands: list[Command] = []
        for person in dict.fromkeys(people):
            if person:
                passing, lasting, _ = self.indexes(person)
                commands.append(["SADD", lasting if for_good else passing, dump(channel)])
                commands.append(["EXPIRE", passing, self._kept])
        return commands
