"""Lengths of time, as people say them."""

import math

from bot.languages import Say


def duration(say: Say, seconds: float) -> str:
    """`seconds` rounded up to a whole number of seconds, minutes or hours, in the speaker's words."""
    for length, unit in ((3600, "hours"), (60, "minutes")):
        if seconds > length:
            return say(unit, count=math.ceil(seconds / length))
    return say("seconds", count=max(1, math.ceil(seconds)))
