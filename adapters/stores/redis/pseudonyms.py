"""Who somebody is, without saying it; and where something of theirs is kept.

A person's index has the conversations in which something of theirs is kept. Its key holds a pseudonym:
nothing but the things themselves says who somebody is.
"""

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from adapters.private_files import private_file
from adapters.stores.redis.client import Client, round_trip
from adapters.stores.redis.cluster import Command
from adapters.stores.redis.codec import dump
from adapters.stores.redis.connection import WELL_FORMED
from adapters.stores.redis.keys import ID_KEY, PREFIX, SALT
from adapters.stores.redis.script import store_errors
from adapters.stores.redis.server import RedisRefused
from bot.conversation.events import ChannelRef


class Pseudonyms:
    """`prepare` comes first. `kept`: seconds for which an index is kept after what was last noted in it.

    `key`: what pseudonyms are made with. "": with a salt that lies in the store and, where one is named, in
    the file `beside`.
    """

    def __init__(self, redis: Client, *, kept: int, key: str = "", beside: Path | None = None) -> None:
        self._redis = redis
        self._kept = kept
        self._salt = ""
        self._beside = beside
        self._key = _digest("mixtral-bot ids", key) if key else ""
        self.fingerprint = _digest("mixtral-bot id key", key)[:8] if key else ""

    async def prepare(self) -> None:
        """Learn the secret that pseudonyms are made with, the same in every process. Raises `RedisRefused`,
        where it is another one than in this store.

        Said again, it puts the secret back where the store has lost it: with another one, nobody could be
        forgotten any more.
        """
        with store_errors():
            if self._key:
                await self._redis.set(ID_KEY, self.fingerprint, nx=True)
            agreed, there = await round_trip(self._redis, [["GET", ID_KEY], ["GET", SALT]])
            if (agreed or "") != self.fingerprint:
                raise _refused(str(agreed), self.fingerprint)
            if there is None and not self._key:
                await self._redis.set(SALT, self._salt or self._read() or secrets.token_hex(16), nx=True)
                there = await self._redis.get(SALT)
            salt = str(there or "")
        if salt != self._salt:
            self._salt = salt
            self._write(salt)

    def _read(self) -> str:
        """The salt in the file; "" where there is none."""
        with suppress(OSError, UnicodeDecodeError):
            return self._beside.read_text().strip() if self._beside is not None else ""
        return ""

    def _write(self, salt: str) -> None:
        if self._beside is None or self._key or self._read() == salt:
            return
        with (
            suppress(OSError),
            private_file(self._beside) as file,
        ):
            file.truncate(0)
            file.write(salt)

    def pseudonym(self, person: str) -> str:
        """A name that is always the same for a person, or a text, and that nobody can trace back without the
        secret."""
        return _pseudonym(person, self._key or self._salt)

    def pseudonyms(self, person: str) -> tuple[str, ...]:
        """All names that they may have in the store; the first is the one that is given."""
        earlier = (_pseudonym(person, self._salt),) if self._key and self._salt else ()
        return (self.pseudonym(person), *earlier)

    def among(self, pseudonyms: Collection[str]) -> Callable[[str], bool]:
        """Tells whether a person is one of these."""
        return lambda name: self.pseudonym(name) in pseudonyms

    def indexes(self, person: str) -> Sequence[tuple[str, str, str]]:
        """For each of their names: of what goes by itself, of what is kept for good, and of what is being
        forgotten."""
        keys = [f"{PREFIX}:person:{{{each}}}" for each in self.pseudonyms(person)]
        return [(key, f"{key}:for-good", f"{key}:going") for key in keys]

    def noting(self, people: Iterable[str], channel: ChannelRef, *, for_good: bool = False) -> list[Command]:
        """The commands that note a conversation in these people's indexes; "" is nobody.

        `for_good`: what is kept there of theirs does not go by itself.
        """
        commands: list[Command] = []
        for person in dict.fromkeys(people):
            if person:
                passing, lasting, _ = self.indexes(person)[0]
                commands.append(["SADD", lasting if for_good else passing, dump(channel)])
                commands.append(["EXPIRE", passing, self._kept])
        return commands


def _digest(purpose: str, key: str) -> str:
    return hashlib.sha256(f"{purpose}\0{key}".encode()).hexdigest()


def _pseudonym(text: str, secret: str) -> str:
    coded = text.encode(errors=WELL_FORMED)
    return hashlib.blake2b(coded, key=secret.encode(), digest_size=12).hexdigest()


def _refused(agreed: str, ours: str) -> RedisRefused:
    if not ours:
        return RedisRefused(
            f"BOT_ID_KEY is not set, and what is kept knows people by the key {agreed}.",
            "Set it as it was: with another one nobody could be forgotten.",
        )
    return RedisRefused(
        f"BOT_ID_KEY: what is kept knows people by the key {agreed}, and this one is {ours}.",
        "Set the one that it was: with another one nobody could be forgotten. If nobody has that any more, "
        "begin with an empty Redis.",
    )
