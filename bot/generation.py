"""What the model is asked for and what it gives: values, and the ranges of the settings as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """One message of a chat protocol. Mixtral knows no system role; see `prompt`."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One conversation in both forms that servers take, made from the same turns.

    `text` carries no BOS: servers add it. `tokens` counts the whole prompt with that BOS.
    `beginning`: what has been answered already and is to be continued; the last of `messages` then, and the
    end of `text`. `left_out_turns` is how many of the oldest exchanges did not fit, `left_out_tokens` how
    many tokens of the newest message did not.
    """

    messages: tuple[ChatMessage, ...]
    text: str
    tokens: int
    beginning: str = ""
    left_out_turns: int = 0
    left_out_tokens: int = 0


class FinishReason(StrEnum):
    """Why the model stopped by itself."""

    END = "end"
    LENGTH = "length"
    FILTERED = "filtered"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDelta:
    """The next piece of the answer, never empty."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The model's last word on an answer. A stream that ends without one was cut off."""

    reason: FinishReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Nothing to show yet, and why; `seconds` is the guess of how long it will take, where there is one."""

    reason: Literal["waking", "busy"]
    seconds: float | None = None


ModelEvent = TextDelta | Finished | Waiting
