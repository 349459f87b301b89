"""What others send, read so that it does no harm: JSON that nests without end, times that are none."""

import json
import re
from typing import Any

LONGEST_WAIT = 86_400.0
"""Seconds: whoever says more has no day in mind on which it would be worth while."""

_TIME = re.compile(r"[0-9]{1,11}(\.[0-9]{1,9})?")


def read_json(text: str | bytes) -> Any:
    """What a text of JSON says. Raises `ValueError`, also where it nests deeper than can be read."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError from error


def read_time(text: object) -> float:
    """Seconds since 1970, written in digits. Raises `ValueError` for anything else that Python would take for
    a number."""
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise ValueError("no time")  # not what it is: that may be people's
    return float(text)


def read_wait(text: str) -> float:
    """Seconds to wait, as a header says them. Raises `ValueError`, for a date, too."""
    seconds = float(text)
    if not 0.0 <= seconds <= LONGEST_WAIT:
        raise ValueError("no time to wait")
    return seconds
