"""How much somebody may ask, as operators write it: `60/hour`, `5 per minute`, `100 per 2 days`. Pure."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


def quota(rate: str) -> "Quota":
    """What is meant. Raises `ValueError` where nothing is, and where nobody could ask at all."""
    from bot.conversation.requests import Quota  # noqa: PLC0415  # to read a configuration needs none

    questions, seconds = read(rate)
    return Quota(questions=questions, seconds=seconds)


def read(rate: str) -> tuple[int, int]:
    """So many questions in so many seconds. Raises as `quota` does."""
    written = _WRITTEN.fullmatch(rate)
    if written is None:
        raise ValueError
    questions, times, unit = written.groups()
    seconds = int(times or 1) * SECONDS[unit.lower()]
    if not int(questions) or not seconds:
        raise ValueError
    return int(questions), seconds
