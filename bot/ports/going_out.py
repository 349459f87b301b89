"""Whether what a platform is to show, or a model to be asked, may still go out.

A library may wait within a call: for a rate limit that is used up, after a refusal, for a connection; and the
whole process may stand still. Meanwhile another process may have gone on with the answer: what goes out then
would stand over its text, or buy it once more. So whoever is at work on an answer says until when something
may be sent, and an adapter asks as each request goes out.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

from bot.errors import MixtralBotError, TooFast

SHORTLY = 0.5
"""Seconds after which whoever shows the answer looks again whether it may."""


def _in_another_turn() -> MixtralBotError:
    """What is shown would be another text by then, or none."""
    return TooFast(SHORTLY, scope="ours")


TooFastFor = Literal["bucket", "bot", "ours"]
"""Which limit a call was too fast for: as in `TooFast`."""

_Rule = tuple[Callable[[], bool], Callable[[], MixtralBotError]]

_rule: ContextVar[_Rule] = ContextVar("rule")


_count: ContextVar[Callable[[], None]] = ContextVar("count")

_refused: ContextVar[Callable[[TooFastFor], None]] = ContextVar("refused")


@contextmanager
def counted_by(count: Callable[[], None]) -> Iterator[None]:
    """Whenever a request of what is called inside goes out, `count` is called."""
    before = _count.set(count)
    try:
        yield
    finally:
        _count.reset(before)


@contextmanager
def refusals_counted_by(count: Callable[[TooFastFor], None]) -> Iterator[None]:
    """Whenever a platform says that a request of what is called inside came too fast, and its library sends
    it again by itself, `count` is called."""
    before = _refused.set(count)
    try:
        yield
    finally:
        _refused.reset(before)


@contextmanager
def sent_only_while(
    may: Callable[[], bool], refusal: Callable[[], MixtralBotError] = _in_another_turn
) -> Iterator[None]:
    """What is called inside goes out only while `may` says so; else its caller gets the `refusal`."""
    before = _rule.set((may, refusal))
    try:
        yield
    finally:
        _rule.reset(before)


def going_out() -> None:
    """A request of a call is about to be sent: it counts. Raises the refusal where it may not be sent any
    more."""
    may_go_out()
    gone_out()


def may_go_out() -> None:
    """The same for who knows better when it is really sent, and says so by `gone_out`: a connection may have
    to be made first."""
    if (rule := _rule.get(None)) is not None:
        may, refusal = rule
        if not may():
            raise refusal()


def gone_out() -> bool:
    """A request of a call is sent; whether somebody counts it."""
    count = _count.get(None)
    if count is not None:
        count()
    return count is not None


def was_too_fast(scope: TooFastFor) -> None:
    """The platform has said so of a request of a call, which its library is going to send again."""
    if (count := _refused.get(None)) is not None:
        count(scope)
