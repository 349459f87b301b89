"""What a person finds in a settings form or on a home page: values for the adapters to draw."""

from bot.conversation.generation import OfferedModel
from bot.conversation.settings import (
    RANDOM,
    WORDS,
    GenerationSettings,
    Layers,
    Setting,
    SettingValue,
    resolved,
)
from bot.conversation.views import SettingShown
from bot.languages import Say, amount


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


def card(model: OfferedModel, say: Say) -> str:
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
