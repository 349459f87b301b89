"""Everything that is kept, on one Redis: `bot.ports.Store`."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from adapters.stores.redis.budget import RedisBudget
from adapters.stores.redis.changes import RedisChanges
from adapters.stores.redis.channel_settings import RedisChannelSettings
from adapters.stores.redis.client import Client
from adapters.stores.redis.conversations import RedisConversations
from adapters.stores.redis.fleet import RedisFleet
from adapters.stores.redis.keys import SET_ASIDE
from adapters.stores.redis.leases import RedisLeases
from adapters.stores.redis.line import RedisLine
from adapters.stores.redis.people import RedisPeople
from adapters.stores.redis.pseudonyms import Pseudonyms
from adapters.stores.redis.records import RedisRecords
from adapters.stores.redis.requests import DAY, RedisRequests
from adapters.stores.redis.retention import Retention
from adapters.stores.redis.rotation import Rotation
from adapters.stores.redis.script import store_errors
from adapters.stores.redis.sealing import NO_KEYS, KeyList, Sealing
from adapters.stores.redis.seals import Seals
from adapters.stores.redis.transcript import Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`aside`: how many records could not be read and were set aside, by their kind."""

    aside: dict[str, int]


class RedisStore:
    """`prepare` comes first. `lease`: seconds that a conversation stays with a process that no longer gives a
    sign of life. `history_days`: how long a conversation is kept after its last question. `process`: this
    one's name; `gone`: those of processes that have died.
    `keys`: what is kept is sealed with. `id_key`, `salt_file`: `key` and
    `beside` of `Pseudonyms`."""

    def __init__(
        self,
        redis: Client,
        *,
        lease: float,
        history_days: int,
        process: str = "",
        gone: Collection[str] = (),
        keys: KeyList = NO_KEYS,
        id_key: str = "",
        salt_file: Path | None = None,
    ) -> None:
        kept = history_days * DAY
        self._lease = lease
        self.process = process
        self._gone = gone
        self.redis = redis
        # A question goes with its conversation: `kept` after the last question there, which may come as long
        # after it.
        self._names = Pseudonyms(redis, kept=2 * kept + 2 * DAY, key=id_key, beside=salt_file)
        self._seals = Seals(redis, keys, people=self._names.fingerprint)
        transcript = Transcript(redis, self._names, self._seals.formats, self._seals.sealing, kept=kept)
        self._transcript = transcript
        self.requests = RedisRequests(
            redis, transcript, lease=lease, prepare=self.prepare, process=process, gone=gone
        )
        self.conversations = RedisConversations(redis, transcript)
        self.settings = RedisChannelSettings(redis, transcript)
        self.people = RedisPeople(redis, transcript, lease=lease)
        self.changes = RedisChanges(redis)
        self.budget = RedisBudget(redis)
        self.fleet = RedisFleet(redis)
        self.rotation = Rotation(redis, transcript.lines, self._seals, self.leases("rotation"))
        self.retention = Retention(redis, self.records("retention"), kept=kept)
        self.line = RedisLine(redis, self._names, lease=lease)

    @property
    def sealing(self) -> Sealing:
        """With which key what is kept is sealed, as was agreed on last."""
        return self._seals.sealing

    def records(self, kind: str) -> RedisRecords:
        return RedisRecords(self.redis, kind, self._transcript)

    def leases(self, kind: str) -> RedisLeases:
        return RedisLeases(self.redis, kind, process=self.process, gone=self._gone, seconds=self._lease)

    async def prepare(self) -> None:
        """See that what is kept can be read here, and that what all processes need is there.

        Said again, it is a sign of life. Raises `RedisRefused`, which says what to do.
        """
        await self._seals.agree()
        await self._names.prepare()

    async def health(self) -> Health:
        """How it stands with what is kept."""
        with store_errors():
            aside = await self.redis.hgetall(SET_ASIDE)
        return Health(aside={str(kind): int(count) for kind, count in aside.items()})
