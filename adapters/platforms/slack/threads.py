"""In which thread an answer stands: a reaction names its message alone."""

from contextlib import suppress

from adapters.platforms.slack.translate import address_of
from bot.conversation.events import ChannelRef
from bot.errors import StoreUnavailable
from bot.ports import Records


class Threads:
    """Kept in the store, for every process and over a restart, as long as the answers themselves."""

    def __init__(self, records: Records, days: int) -> None:
        self._records = records
        self._seconds = days * 86_400

    async def keep(self, channel: ChannelRef, message: str) -> None:
        """A message of ours stands in this thread; where that can't be kept, reactions to it say nothing."""
        home, thread = address_of(channel)
        with suppress(StoreUnavailable):
            await self._records.save(_name(channel.workspace, home, message), thread or "", self._seconds)

    async def find(self, workspace: str, home: str, message: str) -> str | None:
        """The thread's `ts`, if the message is one of ours. Raises `StoreUnavailable`."""
        return await self._records.load(_name(workspace, home, message)) or None


def _name(workspace: str, home: str, message: str) -> str:
    return f"thread:{workspace}:{home}:{message}"
