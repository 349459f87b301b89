"""The short name of a turn, by which its lines in the log are found: of its question, the same in every
process."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2s

from bot.conversation.events import ChannelRef

_current: ContextVar[str] = ContextVar("turn", default="")


def turn_id(channel: ChannelRef, question: str) -> str:
    """Eight letters, made of where the question stands and its id there."""
    return blake2s(f"{channel.key} {question}".encode(errors="replace"), digest_size=4).hexdigest()


def current_turn() -> str:
    """Of what is being done just now; "" for nothing of a turn."""
    return _current.get()


@contextmanager
def at_work_on(channel: ChannelRef, question: str) -> Iterator[None]:
    """What is done inside is of this turn, and so is what that begins."""
    before = _current.set(turn_id(channel, question))
    try:
        yield
    finally:
        _current.reset(before)
