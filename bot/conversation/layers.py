"""Which value of a setting holds, and where it was set. Pure.

A value is looked for among what the person who asks has set for their own questions in the channel, then in
the channel (or the private session), then in the workspace, then among the operator's defaults. In each of
these a value of its own goes before that of the preset chosen there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum

from bot.conversation.settings import PRESET, PRESETS, PROMPT, RANDOM, GenerationSettings, SettingValue

Layer = Mapping[str, SettingValue]
"""What is set in one place, by field."""


class Scope(StrEnum):
    """For whom something is set."""

    ME = "me"
    """For the person's own questions in the channel."""
    CHANNEL = "channel"
    """For the channel with its threads; in private, for the session."""
    WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """What is set for a conversation, and for one person in it. `private`: `channel` holds a private
    session's settings, and nobody has others there."""

    workspace: Layer = field(default_factory=dict)
    channel: Layer = field(default_factory=dict)
    personal: Layer = field(default_factory=dict)
    private: bool = False

    @property
    def shared(self) -> "Layers":
        """What holds for those who have set nothing for themselves."""
        return replace(self, personal={})


class Origin(StrEnum):
    """Where a value comes from."""

    DEFAULT = "default"
    WORKSPACE = "workspace"
    CHANNEL = "channel"
    PRIVATE = "private"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """A value that holds, where it was set, and by which preset there, if by one."""

    value: SettingValue
    origin: Origin
    preset: str = ""


def resolved(defaults: GenerationSettings, layers: Layers) -> Mapping[str, Effective]:
    """Every field of `GenerationSettings` with the value that holds. Unknown names are passed over."""
    own = Origin.PRIVATE if layers.private else Origin.CHANNEL
    return {
        each.name: _layer_value(each.name, layers.personal, Origin.PERSON)
        or _layer_value(each.name, layers.channel, own)
        or _layer_value(each.name, layers.workspace, Origin.WORKSPACE)
        or Effective(value=getattr(defaults, each.name), origin=Origin.DEFAULT)
        for each in fields(GenerationSettings)
    }


def effective(defaults: GenerationSettings, layers: Layers) -> GenerationSettings:
    """The settings that hold."""
    values = {name: setting.value for name, setting in resolved(defaults, layers).items()}
    return GenerationSettings(**values)  # type: ignore[arg-type]  # names and types were checked by parse_setting


def chosen(layers: Layers, name: str) -> str:
    """What is set for a field that has no default; "" for nothing."""
    places = (layers.personal, layers.channel, layers.workspace)
    return next((str(place[name]) for place in places if place.get(name)), "")


def saved_prompts(layer: Layer) -> Mapping[str, str]:
    """The system prompts that are kept there, by name."""
    return {
        name.removeprefix(PROMPT): str(text)
        for name, text in sorted(layer.items())
        if name.startswith(PROMPT)
    }


def _layer_value(name: str, layer: Layer, origin: Origin) -> Effective | None:
    value = layer.get(name)
    if value is not None:
        return Effective(value=None if value == RANDOM and name == "seed" else value, origin=origin)
    preset = str(layer.get(PRESET) or "")
    value = PRESETS.get(preset, {}).get(name)
    return None if value is None else Effective(value=value, origin=origin, preset=preset)
