"""What is said of a value that can't be set."""

import difflib
from collections.abc import Mapping, Sequence

from bot.conversation.generation import OfferedModel
from bot.conversation.settings import SYSTEM_PROMPT_TOKENS, BadValue, Range
from bot.languages import Say


def listed(names: Mapping[str, object]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def no_such_model(typed: str, models: Sequence[OfferedModel], say: Say) -> str:
    names = [model.name for model in models]
    near = difflib.get_close_matches(typed, names, n=1, cutoff=0.3)
    return say(
        "no_such_model", near=near[0] if near else names[0], names=", ".join(f"`{name}`" for name in names)
    )


def out_of_range(bad: BadValue, say: Say) -> str:
    """What the setting takes, in words."""
    allowed: Range | None = bad.allowed
    if allowed is None:
        return say("system_too_long", count=SYSTEM_PROMPT_TOKENS)
    key = "out_of_range_whole" if allowed.whole else "out_of_range"
    if bad.word == "seed":
        key = "out_of_range_seed"
    return say(key, word=bad.word, low=allowed.low, high=allowed.high)
