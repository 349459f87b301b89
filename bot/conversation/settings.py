"""What people may set, and how it is typed. Pure. Which value holds: `layers`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


class Kind(StrEnum):
    """What a setting's value is."""

    NUMBER = "number"
    TEXT = "text"
    """A system prompt."""
    MODEL = "model"
    """One of the models that the operator offers."""
    PRESET = "preset"
    """One of `PRESETS`: it stands for values of other settings."""
    LANGUAGE = "language"
    """One of the languages that the bot speaks."""


class Form(StrEnum):
    """Which form a setting stands in, where a platform's forms are small: five fields at most."""

    NUMBERS = "numbers"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row of the table. `field`: of `GenerationSettings`, unless it is a preset or a language; `word`:
    what people type. `meaning`: for the operator, whose variable sets the default.

    `form`: where it is asked for; None: as a menu of its own. `step` and `handle`: of a slider, which ends at
    `handle`; what is beyond is typed. `random`: the word `random` is a value too. `personal`: each person may
    set it for their own questions in a channel; else it is the channel's alone.
    """

    field: str
    word: str
    kind: Kind = Kind.NUMBER
    range: Range | None = None
    form: Form | None = Form.NUMBERS
    step: float = 0.0
    handle: float | None = None
    random: bool = False
    personal: bool = True
    meaning: str = ""

    @property
    def default(self) -> SettingValue:
        """Its value where nobody has said otherwise."""
        return getattr(GenerationSettings(), self.field, None)


PRESET, LANGUAGE = "preset", "language"
"""Fields that are set like the others, beside those of `GenerationSettings`."""

SETTINGS = (
    Setting(
        field="temperature",
        word="temperature",
        range=Range(low=0, high=2),
        step=0.05,
        handle=1,
        meaning="how bold the answers are",
    ),
    Setting(
        field="top_p",
        word="top_p",
        range=Range(low=0.05, high=1),
        step=0.01,
        handle=1,
        meaning="how much of the likeliest words is chosen among",
    ),
    Setting(
        field="max_new_tokens",
        word="max_tokens",
        range=Range(low=1, high=4096, whole=True),
        step=1,
        handle=4096,
        meaning="how long an answer may become",
    ),
    Setting(
        field="repetition_penalty",
        word="repetition_penalty",
        range=Range(low=1, high=2),
        step=0.05,
        handle=2,
        meaning="how much repeating is avoided; 1: not at all",
    ),
    Setting(
        field="seed",
        word="seed",
        range=Range(low=0, high=2**31 - 1, whole=True),
        random=True,
        meaning="the number that chance starts from, or `random`",
    ),
    Setting(
        field="system_prompt",
        word="system",
        kind=Kind.TEXT,
        form=Form.TEXTS,
        personal=False,
        meaning="who Mixtral is, where a channel has not said otherwise",
    ),
    Setting(field="model", word="model", kind=Kind.MODEL, form=Form.TEXTS, personal=False),
    Setting(field=PRESET, word=PRESET, kind=Kind.PRESET, form=None),
    Setting(field=LANGUAGE, word=LANGUAGE, kind=Kind.LANGUAGE, form=Form.TEXTS),
)
"""The table, in the order in which they are listed. A new one: its row here, its field in
`GenerationSettings`, its phrases, and its names on the wire in `adapters/models`."""

BY_WORD: Mapping[str, Setting] = MappingProxyType({each.word: each for each in SETTINGS})
BY_FIELD: Mapping[str, Setting] = MappingProxyType({each.field: each for each in SETTINGS})

WORDS: Mapping[str, str] = MappingProxyType(
    {each.word: each.field for each in SETTINGS if each.kind not in (Kind.PRESET, Kind.LANGUAGE)}
)
"""The word that people type -> the field of `GenerationSettings`."""

PERSONAL = tuple(each.field for each in SETTINGS if each.personal)
"""The fields that a person may set for their own questions."""

RANGES: Mapping[str, Range] = MappingProxyType(
    {each.field: each.range for each in SETTINGS if each.range is not None}
)

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


class BadValue(ValueError):
    """What was typed is not a value of this setting. `allowed` is its range; `None` for the system prompt.
    `random`: the word `random` would have done, too."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting.word)
        self.word = setting.word
        self.allowed = setting.range
        self.random = setting.random


def parse_setting(word: str, typed: str, tokens: Callable[[str], int]) -> SettingValue:
    """The value of what was typed: `None` for `default`, `"random"` for a random seed. Raises `BadValue`.

    `tokens` counts those of a system prompt.
    """
    setting, typed = BY_WORD[word], typed.strip()
    if typed.lower() == DEFAULT:
        return None
    if setting.kind is Kind.TEXT:
        if tokens(typed) > SYSTEM_PROMPT_TOKENS:
            raise BadValue(setting)
        return typed
    allowed = setting.range
    if allowed is None:
        return typed
    if setting.random and typed.lower() == RANDOM:
        return RANDOM
    try:
        number = float(typed.replace(",", "."))
    except ValueError:
        raise BadValue(setting) from None
    if not allowed.low <= number <= allowed.high or (allowed.whole and number != int(number)):
        raise BadValue(setting)
    return int(number) if allowed.whole else number


def is_text(name: str) -> bool:
    """Whether a field holds what somebody wrote, which goes when they want to be forgotten."""
    return name == "system_prompt" or name.startswith(PROMPT)
