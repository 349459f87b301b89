"""How much somebody may ask, as operators write it: `60/hour`, `5 per minute`, `100 per 2 days`. Pure."""

import re

from bot.conversation.requests import Quota

SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "month": 30 * 86_400,
    "year": 360 * 86_400,
}

_UNITS = "|".join(SECONDS)
_WRITTEN = re.compile(rf"\s*(\d+)\s*(?:/|per\b)\s*(\d*)\s*({_UNITS})s?\s*", re.ASCII | re.IGNORECASE)


def quota(rate: str) -> Quota:
    """What is meant. Raises `ValueError` where nothing is, and where nobody could ask at all."""
    written = _WRITTEN.fullmatch(rate)
    if written is None:
        raise ValueError
    questions, times, unit = written.groups()
    seconds = int(times or 1) * SECONDS[unit.lower()]
    if not int(questions) or not seconds:
        raise ValueError
    return Quota(questions=int(questions), seconds=seconds)
