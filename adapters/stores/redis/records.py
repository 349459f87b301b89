"""Texts under names, for adapters that have something to remember: `bot.ports.Records`."""

from adapters.stores.redis.client import Client, round_trip
from adapters.stores.redis.codec import Unreadable
from adapters.stores.redis.keys import RECORDS, wrong
from adapters.stores.redis.script import over_limit, store_errors
from adapters.stores.redis.transcript import Transcript


class RedisRecords:
    """The records of one `kind`. Every method raises `StoreUnavailable`."""

    def __init__(self, redis: Client, kind: str, transcript: Transcript) -> None:
        self._redis = redis
        self._kind = kind
        self._transcript = transcript
        self._lines = transcript.lines

    def _key(self, name: str) -> str:
        return f"{RECORDS}{self._kind}:{name}"

    async def load(self, name: str) -> str | None:
        """What was saved under that name."""
        with store_errors():
            return await self._load(self._key(name))

    async def _load(self, key: str) -> str | None:
        """What is kept there. What can't be opened is set aside for good: somebody may find its key again."""
        text: str | None = await self._redis.get(key)  # type: ignore[assignment]  # decoded
        try:
            return None if text is None else self._lines.read(text)
        except Unreadable as error:
            await self._redis.rename(key, wrong(key))
            await self._transcript.count_aside("record", self._kind, error)
        return None

    async def save(self, name: str, text: str, seconds: int | None = None) -> None:
        """Keep it, for so long or for good."""
        with store_errors():
            await self._redis.set(self._key(name), self._lines.seal(text), ex=seconds)

    async def settle(self, name: str, text: str) -> str:
        """Keep it for good unless something is there already; what is there now."""
        with store_errors():
            while (there := await self._load(self._key(name))) is None:
                await self._redis.set(self._key(name), self._lines.seal(text), nx=True)
            return there

    async def take(self, name: str) -> bool:
        """Remove it; whether it was there. Of several who take it, one alone is told so."""
        with store_errors():
            return bool(await self._redis.delete(self._key(name)))

    async def claim(self, name: str, seconds: int) -> bool:
        """Whether nobody else claimed that name within the last `seconds`."""
        with store_errors():
            # Also on a full server: what frees memory is known once by this, too.
            [free] = await round_trip(
                self._redis,
                [["SET", self._key(name), "", "NX", "EX", seconds]],
                refused=over_limit(self._redis),
            )
            return bool(free)
