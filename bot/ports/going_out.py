"""Whether what a platform is to show may still go out.

A platform's library may wait within a call: for a rate limit that is used up, or after a refusal. Meanwhile
another process may have gone on with the answer, and what goes out then would stand over its text. So whoever
shows an answer says until when it may be sent, and a platform asks as each request goes out.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.errors import TooFast

SHORTLY = 0.5
"""Seconds after which whoever shows the answer looks again whether it may."""

_may: ContextVar[Callable[[], bool]] = ContextVar("may")


@contextmanager
def sent_only_while(may: Callable[[], bool]) -> Iterator[None]:
    """What is called inside goes out only while `may` says so."""
    before = _may.set(may)
    try:
        yield
    finally:
        _may.reset(before)


def going_out() -> None:
    """A request of a call is about to be sent. Raises `TooFast` where it may not be any more: in another
    turn it would be another text, or none."""
    may = _may.get(None)
    if may is not None and not may():
        raise TooFast(SHORTLY)
