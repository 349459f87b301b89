"""Lengths of time, as people say them."""

import math

from bot.languages import Say


def duration(say: Say, seconds: float) -> str:
    """`seconds` rounded up to a whole number of seconds, minutes or hours, in the speaker's words."""
    if seconds > 3600:
        return say.duration(math.ceil(seconds / 3600), "hour")
    if seconds > 60:
        return say.duration(math.ceil(seconds / 60), "minute")
    return say.duration(max(1, math.ceil(seconds)), "second")
