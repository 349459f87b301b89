"""Connections on which a task that is cancelled ends, and to which every text can be sent."""

import asyncio
import codecs
from collections.abc import Iterable

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import RedisClusterException, RedisError

FAILURES = (RedisError, RedisClusterException, OSError)
"""What the client raises, whatever it is on."""

WELL_FORMED = "mixtral-well-formed"
"""How the client encodes what is no character: two halves of one become one, a lone half U+FFFD. What is no
UTF-8 is read as `BROKEN`."""

BROKEN = "\udc80"
"""What no text that was written has: a lone half."""


def _well_formed(error: UnicodeError) -> tuple[str | bytes, int]:
    match error:
        case UnicodeEncodeError(object=text, start=start, end=end):
            halves = text[start:end].encode("utf-16-le", "surrogatepass")
            return halves.decode("utf-16-le", "replace").encode(), end
        case UnicodeDecodeError(end=end):
            return BROKEN, end
    raise error


codecs.register_error(WELL_FORMED, _well_formed)


class _Cancellable(AbstractConnection):
    """redis-py sends through `asyncio.wait_for`, which before Python 3.12 loses a cancellation that comes in
    the moment in which the sending is done (bpo-37658): the task would go on for ever."""

    async def send_packed_command(
        self, command: bytes | str | Iterable[bytes], check_health: bool = True
    ) -> None:
        task = asyncio.current_task()
        before = task.cancelling() if task is not None else 0
        await super().send_packed_command(command, check_health)
        if task is not None and task.cancelling() > before:
            # Nobody reads the answer: it must not be taken for the next command's.
            await self.disconnect(nowait=True)
            raise asyncio.CancelledError


def cancellable(kind: type[AbstractConnection]) -> type[AbstractConnection]:
    """Such connections, of a kind that redis-py has."""
    return type(kind.__name__, (_Cancellable, kind), {})
