"""Dates as Slack's readers see them, in UTC. Pure.

Slack shows them in each reader's own zone; the model is told which one it reads.
"""

import re
from datetime import UTC, datetime

_TOKEN = re.compile(r"\{(\w+)\}")

_DATE, _SHORT, _LONG = "%B {day}, %Y", "%b {day}, %Y", "%A, %B {day}, %Y"
_TIME = "%H:%M UTC"

_FORMATS = {
    "date_num": "%Y-%m-%d",
    "date_slash": "%d/%m/%Y",
    "date": _DATE,
    "date_pretty": _DATE,
    "date_long_full": _DATE,
    "date_short": _SHORT,
    "date_short_pretty": _SHORT,
    "date_long": _LONG,
    "date_long_pretty": _LONG,
    "day_divider_pretty": _LONG,
    "time": _TIME,
    "time_secs": "%H:%M:%S UTC",
    "ago": f"{_DATE} {_TIME}",
}
"""Documented: "Date element". What counts from today is written like the others: the text is read later."""


def date_text(timestamp: object, form: str, fallback: str = "") -> str:
    """The moment (seconds since 1970) in the given form; the fallback where there is no such moment or
    form."""
    names = _TOKEN.findall(form)
    try:
        moment = datetime.fromtimestamp(int(str(timestamp)), UTC)
    except (OverflowError, ValueError, OSError):
        return fallback
    if not names or any(name not in _FORMATS for name in names):
        return fallback
    return _TOKEN.sub(
        lambda token: moment.strftime(_FORMATS[token[1]]).replace("{day}", str(moment.day)), form
    )
