"""What a person finds in a settings form or on a home page: values for the adapters to draw."""

from dataclasses import dataclass

from bot.conversation import Session
from bot.generation import GenerationSettings, SettingValue
from bot.languages import Say, amount
from bot.messages import ChannelRef
from bot.models import Model
from bot.settings import RANDOM, WORDS, Layers, Setting, resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingShown:
    """One setting: its word, its value as it would be typed, and where that comes from.

    `own`: it was set in this channel or private session, not inherited.
    """

    word: str
    value: str
    setting: Setting
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What holds in a channel: its settings, what can be chosen, and the latest conversations held in it."""

    channel: ChannelRef
    settings: tuple[SettingShown, ...]
    preset: str
    language: str
    prompts: tuple[str, ...]
    models: tuple[Model, ...]
    sessions: tuple[Session, ...]
    history_days: int


def shown(defaults: GenerationSettings, layers: Layers) -> tuple[SettingShown, ...]:
    """Every setting with the value that holds."""
    found = resolved(defaults, layers)
    return tuple(
        SettingShown(
            word=word,
            value=typed(found[field].value),
            setting=found[field],
            own=layers.channel.get(field) is not None,
        )
        for word, field in WORDS.items()
    )


def origin(setting: Setting, say: Say) -> str:
    """Where a value comes from, in words."""
    place = say(f"origin_{setting.origin}")
    return (
        say("origin_preset", preset=say(f"preset_{setting.preset}"), place=place) if setting.preset else place
    )


def card(model: Model, say: Say) -> str:
    """What a person should know of a model: its size if the operator says it, its window, where it runs."""
    window = say("model_card", context=model.context_tokens, host=model.host)
    return f"{model.size}, {window}" if model.size else window


def typed(value: SettingValue) -> str:
    """A value as it would be typed."""
    match value:
        case None:
            return RANDOM
        case str():
            return value
        case _:
            return amount(value)
