"""Where what happens is counted."""

from collections.abc import Callable

from bot.conversation.measures import Measure

Meter = Callable[[Measure], None]
"""Counts one thing that has happened, at once, and raises nothing. Nothing of it is called for a token."""


def unmeasured(measure: Measure) -> None:
    """Count nothing."""
