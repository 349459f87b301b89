"""Which names are meant for the bot but are none of its variables. Pure."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

OURS_ALONE = ("MODEL_", "BOT_")
"""Whatever begins like this is meant for the bot, as is what begins like a platform's variables."""

COMMON = ("HTTP_", "REDIS_", "LOG_", "DATA_", "HF_")
"""Others' variables begin like this too: in the environment, only a near miss is meant for the bot."""

FOREIGN = re.compile(r"HTTP_PROXY|WEB_CONCURRENCY|HF_\w+")
"""Well-known names of others, though they begin like ours."""

NEAR = 0.85
"""Likeness by difflib: one wrong letter in seven or more. `HTTP_PROXY` is 0.74 like `HTTP_PORT`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names that are `known`; how those begin that are ours alone, and those that are `common`."""

    known: Sequence[str]
    ours: tuple[str, ...]
    common: tuple[str, ...]


def complaints(names: Iterable[str], our: Names, *, shared: bool) -> list[str]:
    """A line for each name that is meant for the bot and not known to it, in the order of the names.

    `shared`: the names are the process environment's, where other programs keep theirs too.
    """
    lines = []
    for name in names:
        upper = name.upper()
        if upper in our.known:
            continue
        if _meant(upper, our, shared=shared):
            lines.append(f"{name} is not a variable of the bot{_neighbour(upper, our.known)}")
    return lines


def _meant(name: str, our: Names, *, shared: bool) -> bool:
    near = difflib.get_close_matches(name, our.known, n=1, cutoff=NEAR)
    if FOREIGN.fullmatch(name):
        return bool(near) and name.startswith("HF_")
    if name.startswith(our.ours) or (name.startswith(our.common) and not shared):
        return True
    # `GH_TOKEN` is as near to `HF_TOKEN` as a slip of the keys, `HTTPS_PORT` nearer to `HTTP_PORT`.
    return bool(near) and (name.startswith(our.common) or near[0].startswith(our.ours))


def _neighbour(name: str, known: Sequence[str]) -> str:
    alike = [each for each in known if each.partition("_")[0] == name.partition("_")[0]]
    near = difflib.get_close_matches(name, alike, n=1) or difflib.get_close_matches(name, known, n=1)
    return f": did you mean {near[0]}?" if near else ", which has none like it: remove it."
