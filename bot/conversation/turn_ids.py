"""The short name of a turn, by which its lines in the log are found: of its question, the same in every
process."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2s

from bot.conversation.events import ChannelRef

_current: ContextVar[tuple[str, str]] = ContextVar("turn", default=("", ""))


def turn_id(channel: ChannelRef, question: str) -> str:
    """Eight letters, made of where the question stands and its id there."""
    return _digest(channel, question, size=4)


def current_turn() -> str:
    """Of what is being done just now; "" for nothing of a turn."""
    return _current.get()[0]


def current_trace() -> str:
    """Thirty-two letters for what is being done of a turn just now, of which the first eight are the turn's;
    "" for nothing that is traced. The same in every process: whoever goes on with it, does in its trace."""
    return _current.get()[1]


@contextmanager
def at_work_on(channel: ChannelRef, question: str, *, request: str = "") -> Iterator[None]:
    """What is done inside is of this turn, and so is what that begins. `request`: which of those that came of
    the question is traced, "" for none."""
    turn = turn_id(channel, question)
    before = _current.set((turn, f"{turn}{_digest(channel, request, size=12)}" if request else ""))
    try:
        yield
    finally:
        _current.reset(before)


def _digest(channel: ChannelRef, of: str, *, size: int) -> str:
    return blake2s(f"{channel.key} {of}".encode(errors="replace"), digest_size=size).hexdigest()
