"""What people may set, how it is typed, and which value holds. Pure.

A value is looked for in the private session or the channel, then in the workspace, then among the operator's
defaults. In each of these a value of its own goes before that of the preset chosen there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType

SettingValue = float | int | str | None
"""One setting's value; `None` is the random seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The numbers that a setting may take, both ends included. `whole`: integers only."""

    low: float
    high: float
    whole: bool = False


RANGES: Mapping[str, Range] = MappingProxyType(
    {
        "temperature": Range(low=0, high=2),
        "max_new_tokens": Range(low=1, high=4096, whole=True),
        "top_p": Range(low=0.05, high=1),
        "repetition_penalty": Range(low=1, high=2),
        "seed": Range(low=0, high=2**31 - 1, whole=True),
    }
)


LOWEST_TEMPERATURE = 0.01
"""Servers refuse temperature 0 (TGI's route answers 422), so anything lower counts as this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationSettings:
    """How the model shall write. The defaults are those of the page that the project began as."""

    temperature: float = 0.9
    max_new_tokens: int = 256
    top_p: float = 0.9
    repetition_penalty: float = 1.2
    seed: int | None = 42
    """`None`: another seed for each answer."""
    system_prompt: str = ""
    model: str = ""
    """By the operator's name for it."""


WORDS: Mapping[str, str] = MappingProxyType(
    {
        "temperature": "temperature",
        "top_p": "top_p",
        "max_tokens": "max_new_tokens",
        "repetition_penalty": "repetition_penalty",
        "seed": "seed",
        "system": "system_prompt",
        "model": "model",
    }
)
"""The word that people type -> the field of `GenerationSettings`."""

PRESET, LANGUAGE = "preset", "language"
"""Fields that are set like the others, beside those of `GenerationSettings`."""

PROMPT = "prompt:"
"""What the field of a saved system prompt begins with; its name follows."""

PRESETS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "precise": {"temperature": 0.2, "top_p": 0.7, "repetition_penalty": 1.1},
        "balanced": {"temperature": 0.9, "top_p": 0.9, "repetition_penalty": 1.2},
        "creative": {"temperature": 1.2, "top_p": 0.95, "repetition_penalty": 1.15},
    }
)
"""`balanced` is what the project's first page began with; the other two are our own choice around it."""

SYSTEM_PROMPT_TOKENS = 2000
"""A sixteenth of Mixtral's window, spent on every question."""

SYSTEM_PROMPT_LENGTH = 8000
"""Characters: what so many tokens of English come to. For forms, which know no tokens."""

RANDOM = "random"
DEFAULT = "default"

Layer = Mapping[str, SettingValue]
"""What is set in one place, by field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """What is set for a conversation. `private`: `channel` holds a private session's settings."""

    workspace: Layer = field(default_factory=dict)
    channel: Layer = field(default_factory=dict)
    private: bool = False


class Origin(StrEnum):
    """Where a value comes from."""

    DEFAULT = "default"
    WORKSPACE = "workspace"
    CHANNEL = "channel"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A value that holds, where it was set, and by which preset there, if by one."""

    value: SettingValue
    origin: Origin
    preset: str = ""


class BadValue(ValueError):
    """What was typed is not a value of this setting. `allowed` is its range; `None` for the system prompt."""

    def __init__(self, word: str, allowed: Range | None) -> None:
        super().__init__(word)
        self.word = word
        self.allowed = allowed


def parse_setting(word: str, typed: str, tokens: Callable[[str], int]) -> SettingValue:
    """The value of what was typed: `None` for `default`, `"random"` for a random seed. Raises `BadValue`.

    `tokens` counts those of a system prompt.
    """
    name = WORDS[word]
    typed = typed.strip()
    if typed.lower() == DEFAULT:
        return None
    if name == "system_prompt":
        if tokens(typed) > SYSTEM_PROMPT_TOKENS:
            raise BadValue(word, None)
        return typed
    if name not in RANGES:
        return typed
    if name == "seed" and typed.lower() == RANDOM:
        return RANDOM
    allowed = RANGES[name]
    try:
        number = float(typed.replace(",", "."))
    except ValueError:
        raise BadValue(word, allowed) from None
    if not allowed.low <= number <= allowed.high or (allowed.whole and number != int(number)):
        raise BadValue(word, allowed)
    return int(number) if allowed.whole else number


def resolved(defaults: GenerationSettings, layers: Layers) -> Mapping[str, Setting]:
    """Every field of `GenerationSettings` with the value that holds. Unknown names are passed over."""
    own = Origin.PRIVATE if layers.private else Origin.CHANNEL
    return {
        each.name: _found(each.name, layers.channel, own)
        or _found(each.name, layers.workspace, Origin.WORKSPACE)
        or Setting(value=getattr(defaults, each.name), origin=Origin.DEFAULT)
        for each in fields(GenerationSettings)
    }


def effective(defaults: GenerationSettings, layers: Layers) -> GenerationSettings:
    """The settings that hold."""
    values = {name: setting.value for name, setting in resolved(defaults, layers).items()}
    return GenerationSettings(**values)  # type: ignore[arg-type]  # names and types were checked by parse_setting


def chosen(layers: Layers, name: str) -> str:
    """What is set for a field that has no default; "" for nothing."""
    return str(layers.channel.get(name) or layers.workspace.get(name) or "")


def saved_prompts(layer: Layer) -> Mapping[str, str]:
    """The system prompts that are kept there, by name."""
    return {
        name.removeprefix(PROMPT): str(text)
        for name, text in sorted(layer.items())
        if name.startswith(PROMPT)
    }


def is_text(name: str) -> bool:
    """Whether a field holds what somebody wrote, which goes when they want to be forgotten."""
    return name == "system_prompt" or name.startswith(PROMPT)


def _found(name: str, layer: Layer, origin: Origin) -> Setting | None:
    value = layer.get(name)
    if value is not None:
        return Setting(value=None if value == RANDOM and name == "seed" else value, origin=origin)
    preset = str(layer.get(PRESET) or "")
    value = PRESETS.get(preset, {}).get(name)
    return None if value is None else Setting(value=value, origin=origin, preset=preset)
