"""How settings, their values and where those come from are said."""

import difflib
from collections.abc import Iterable, Sequence

from bot.conversation.generation import OfferedModel, find_model
from bot.conversation.layers import Effective, Scope
from bot.conversation.settings import RANDOM, SYSTEM_PROMPT_TOKENS, BadValue, Range, SettingValue
from bot.languages import Say, amount


def origin(effective: Effective, say: Say) -> str:
    """Where a value comes from, in words."""
    place = say(f"origin_{effective.origin}")
    if not effective.preset:
        return place
    return say("origin_preset", preset=say(f"preset_{effective.preset}"), place=place)


def place(scope: Scope, *, private: bool) -> str:
    """The phrase for where something is set that is set for these."""
    return "place_private" if scope is Scope.CHANNEL and private else f"place_{scope}"


def card(model: OfferedModel, say: Say) -> str:
    """What a person should know of a model: its size if the operator says it, its window, where it runs."""
    window = say("model_card", context=model.context_tokens, host=model.host)
    return f"{model.size}, {window}" if model.size else window


def as_typed(value: SettingValue) -> str:
    """A value as it would be typed."""
    match value:
        case None:
            return RANDOM
        case str():
            return value
        case _:
            return amount(value)


def in_words(value: SettingValue, models: Sequence[OfferedModel], say: Say) -> str:
    """A value in a sentence."""
    match value:
        case None:
            return say("random")
        case "":
            return say("none")
        case str() if find_model(models, value) is not None:
            return value
        case str():
            return f"“{value}”"
        case _:
            return say.number(value)


def name_list(names: Iterable[str]) -> str:
    """Names side by side."""
    return ", ".join(f"`{name}`" for name in names)


def no_such_model(typed: str, models: Sequence[OfferedModel], say: Say) -> str:
    """Which models there are, and the one that was probably meant."""
    names = [model.name for model in models]
    near = difflib.get_close_matches(typed, names, n=1, cutoff=0.3)
    return say("no_such_model", near=near[0] if near else names[0], names=name_list(names))


def limits(allowed: Range, say: Say) -> dict[str, str]:
    """What a phrase says of a range, as its ends may be typed."""
    return {"low": say.number(allowed.low), "high": say.number(allowed.high)}


def out_of_range(bad: BadValue, say: Say) -> str:
    """What the setting takes, in words."""
    if bad.allowed is None:
        return say("system_too_long", count=SYSTEM_PROMPT_TOKENS)
    key = "out_of_range_whole" if bad.allowed.whole else "out_of_range"
    if bad.random:
        key = "out_of_range_seed"
    return say(key, word=bad.word, **limits(bad.allowed, say))
