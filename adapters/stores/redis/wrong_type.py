"""Keys of another type than the bot makes them: whoever did it, they are set aside, and all goes on."""

import logging
from typing import Any

from redis.exceptions import ResponseError

from adapters.stores.redis.keys import SET_ASIDE, kind_of, wrong

logger = logging.getLogger(__name__)

DAY = 24 * 3600

OF_MANY_KEYS = frozenset({"EXISTS", "DEL", "SUNION"})


def is_of_wrong_type(error: Exception) -> bool:
    """Whether a command, or one within a script, met such a key."""
    return isinstance(error, ResponseError) and "WRONGTYPE" in str(error)


class SettingAside:
    """In front of a client of redis-py's: it carries such a command out once the key is out of the way."""

    async def execute_command(self, *args: Any, **options: Any) -> Any:  # the library's own signature
        while True:
            try:
                return await self._carry_out(*args, **options)
            except ResponseError as error:
                if not (is_of_wrong_type(error) and await self._set_aside(args)):
                    raise

    async def _carry_out(self, *args: Any, **options: Any) -> Any:
        return await super().execute_command(*args, **options)  # type: ignore[misc]  # a client's

    async def _set_aside(self, command: tuple[Any, ...]) -> bool:
        """Rename what is of another type among the keys of a command, for a day; whether there was any."""
        moved = False
        for key in _keys(command):
            kind = kind_of(key)
            if kind is None or await self._carry_out("TYPE", key) in ("none", kind):
                continue
            await self._carry_out("RENAME", key, wrong(key))
            await self._carry_out("EXPIRE", wrong(key), DAY)
            logger.error("set aside: the key %s, which is of another type than the bot makes it", key)
            await self.execute_command("HINCRBY", SET_ASIDE, "key", 1)
            moved = True
        return moved


def _keys(command: tuple[Any, ...]) -> list[str]:
    name, *arguments = command
    if name == "EVALSHA":
        return [str(key) for key in arguments[2 : 2 + int(arguments[1])]]
    return [str(key) for key in (arguments if name in OF_MANY_KEYS else arguments[:1])]
