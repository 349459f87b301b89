"""The line for the model, of all processes: `bot.ports.Line`."""

from collections.abc import Sequence

from adapters.stores.redis.client import Client
from adapters.stores.redis.keys import CHANGES, LINE
from adapters.stores.redis.pseudonyms import Pseudonyms
from adapters.stores.redis.script import Script, store_errors
from bot.conversation.requests import Ticket

PLACED, REFUSED = -1, -2
"""What the script gives in place of how many wait before a ticket."""


class RedisLine:
    """`lease`: seconds without a sign until a ticket is over."""

    def __init__(self, redis: Client, names: Pseudonyms, *, lease: float) -> None:
        self._redis = redis
        self._names = names
        self._lease = int(lease * 1000)
        self._line = Script("line", over_limit=True)

    async def join(self, ticket: Ticket, places: int, most: int) -> int | None:
        [before] = await self._say("join", [ticket], places, most)
        if before == REFUSED:
            return None
        return before + 1 if before != PLACED else 0

    async def sign(self, tickets: Sequence[Ticket], places: int) -> Sequence[int]:
        return [before + 1 for before in await self._say("sign", tickets, places)]

    async def leave(self, ticket: Ticket, places: int) -> None:
        await self._say("leave", [ticket], places)

    async def _say(self, how: str, tickets: Sequence[Ticket], places: int, most: int = 0) -> list[int]:
        named = [
            part
            for each in tickets
            for part in (each.id, self._names.pseudonym(each.person), int(each.placed))
        ]
        with store_errors():
            answer: list[int] = await self._line(
                self._redis, LINE, [how, places, self._lease, most, CHANGES, *named]
            )
        return answer
