"""What a person is told while a model has no words for them yet."""

from bot.conversation.generation import Waiting
from bot.errors import LineFull
from bot.languages import Say
from bot.languages.times import duration


def line_full(full: LineFull, say: Say) -> str:
    """Too many wait already."""
    if full.seconds is None:
        return say("line_full")
    return say("line_full_for", waiting=full.waiting, time=duration(say, full.seconds))


def waiting(event: Waiting, say: Say) -> str:
    """The server is busy, or wakes up."""
    if event.reason == "busy":
        return say("busy")
    if event.seconds is None:
        return say("waking")
    return say("waking_seconds", time=duration(say, event.seconds))
