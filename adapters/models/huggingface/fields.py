"""What each setting is called on the wire, in either protocol. Pure.

A row for each name; of a setting's rows the first holds that the server has not refused.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.conversation.settings import LOWEST_TEMPERATURE, RANGES, GenerationSettings

STOPS = ("</s>", "[INST]")


def _as_it_is(value: float) -> float | None:
    return value


def _above_zero(value: float) -> float | None:
    return max(value, LOWEST_TEMPERATURE)


def _below_one(value: float) -> float | None:
    """TGI refuses 1, which changes nothing anyway."""
    return value if value < 1 else None


def _above_one(value: float) -> float | None:
    """OpenAI's penalty is 0 for none, up to 2: 1.2 is about 0.2 there. transformers' server adds the 1 again
    and means the very same penalty."""
    return value - RANGES["repetition_penalty"].low if value != 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`setting`: of `GenerationSettings`; `names`: on the wire, sent together; `value`: what is sent for a
    setting's value, None for nothing. `standard`: any OpenAI-style server takes it."""

    setting: str
    names: tuple[str, ...]
    value: Callable[[float], float | None] = _as_it_is
    standard: bool = False


CHAT = (
    Row(setting="max_new_tokens", names=("max_tokens",), standard=True),
    # OpenAI's newer name, which its newest models want alone.
    Row(setting="max_new_tokens", names=("max_completion_tokens",)),
    Row(setting="temperature", names=("temperature",), value=_above_zero, standard=True),
    Row(setting="top_p", names=("top_p",), value=_below_one, standard=True),
    Row(setting="seed", names=("seed",)),
    # vLLM and SGLang know the first name, the llama.cpp family the second; each passes over the other. 1, for
    # none, is sent too: llama-cpp-python takes 1.1 where nothing is said.
    Row(setting="repetition_penalty", names=("repetition_penalty", "repeat_penalty")),
    Row(setting="repetition_penalty", names=("frequency_penalty",), value=_above_one),
)
TEXT = (
    Row(setting="max_new_tokens", names=("max_new_tokens",), standard=True),
    Row(setting="temperature", names=("temperature",), value=_above_zero),
    Row(setting="top_p", names=("top_p",), value=_below_one),
    Row(setting="repetition_penalty", names=("repetition_penalty",)),
    Row(setting="seed", names=("seed",)),
)

OWN_SERVERS_ALONE = ("repetition_penalty", "repeat_penalty")
"""Names that Hugging Face's providers refuse, or pass over."""

CONTINUE = {"continue_final_message": True, "add_generation_prompt": False}
"""vLLM, SGLang and transformers go on from an answer's beginning when they are told so; the llama.cpp family
does it unasked."""


@dataclass(slots=True, kw_only=True)
class Fields:
    """What one server takes for one model: it is learnt from what it refuses.

    `refused`: names that it does not take at all; `out_of_range`: values that it does not take for a name.
    """

    rows: Sequence[Row]
    refused: set[str] = field(default_factory=set)
    out_of_range: set[tuple[str, float]] = field(default_factory=set)

    def body(self, settings: GenerationSettings) -> Mapping[str, object]:
        """What to send for these settings."""
        sent: dict[str, object] = {}
        for row, value in self._used(settings):
            if value is not None:
                sent |= dict.fromkeys(row.names, value)
        if "stop" not in self.refused:
            sent["stop"] = [*STOPS]
        return sent

    def ignored(self, settings: GenerationSettings) -> tuple[str, ...]:
        """The settings that have no effect there, by the names of `GenerationSettings`."""
        used = {row.setting for row, _ in self._used(settings)}
        return tuple(dict.fromkeys(row.setting for row in self.rows if row.setting not in used))

    def standard_alone(self) -> "Fields":
        """The same for a server that takes nothing else; a stop is an old and usual field."""
        others = {name for row in self.rows if not row.standard for name in row.names}
        return Fields(
            rows=self.rows, refused=self.refused | others | {*CONTINUE}, out_of_range=self.out_of_range
        )

    def refuse(self, names: Sequence[str], sent: Mapping[str, object], *, value: bool) -> None:
        """The server takes these no more. `value`: it minds what was sent for them, not the names."""
        for name in names:
            number = sent.get(name)
            if value and isinstance(number, int | float) and not isinstance(number, bool):
                self.out_of_range.add((name, number))
            else:
                self.refused.add(name)

    def _used(self, settings: GenerationSettings) -> Iterator[tuple[Row, float | None]]:
        """Of each setting the first row that the server takes, and what is sent for it."""
        used: set[str] = set()
        for row in self.rows:
            setting = getattr(settings, row.setting)
            value = None if setting is None else row.value(setting)
            refused = any(name in self.refused or (name, value) in self.out_of_range for name in row.names)
            if row.setting not in used and not refused:
                used.add(row.setting)
                yield row, value
