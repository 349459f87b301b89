"""What the model is asked for and what it gives: values, and the ranges of the settings as data."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


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
class Thinking:
    """A sign of life that is no text: the model reasons, or says what stands already.

    `characters`: how much reasoning has come with it; fewer than none where some was the answer after all.
    """

    characters: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StartsOver:
    """What follows is another text, in place of the one that was to be continued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakesBack:
    """What has come as text was reasoning: it is to stand nowhere. What follows is the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The model's last word on an answer. A stream that ends without one was cut off."""

    reason: FinishReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Nothing to show yet, and why; `seconds` is the guess of how long it will take, where there is one."""

    reason: Literal["waking", "busy"]
    seconds: float | None = None


StreamEvent = TextDelta | Thinking | StartsOver | TakesBack | Finished
"""What a model gives."""

ModelEvent = StreamEvent | Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedModel:
    """`name` is what people choose it by, `id` what its server knows it as. `host`: where it runs.

    `context_tokens`: its window, prompt and answer. `size`: as the operator describes it, or "".
    `fallback`: it is asked where another one fails.
    """

    name: str
    id: str
    host: str
    context_tokens: int
    size: str = ""
    fallback: bool = False


def find_model(models: Sequence[OfferedModel], name: str) -> OfferedModel | None:
    """The model of that name; `None` where it is not offered any more."""
    return next((model for model in models if model.name == name), None)
