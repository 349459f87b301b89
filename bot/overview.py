"""What a person finds in a settings form or on a home page: values for the adapters to draw."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.conversation import Session
from bot.generation import GenerationSettings, SettingValue
from bot.languages import amount
from bot.messages import ChannelRef
from bot.ports import ChannelMemory
from bot.settings import RANDOM, WORDS, effective


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingShown:
    """One setting: its word, its value as it would be typed, and whether it was set here."""

    word: str
    value: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A channel's settings, the latest conversations held in it, and how long they are kept."""

    settings: tuple[SettingShown, ...]
    sessions: tuple[Session, ...]
    history_days: int


Look = Callable[[ChannelRef], Awaitable[Overview]]
"""Gives a channel's overview. Raises `StoreUnavailable`."""


def overviews(memory: ChannelMemory, defaults: GenerationSettings, history_days: int) -> Look:
    """Overviews of what is kept in `memory`."""

    async def look(channel: ChannelRef) -> Overview:
        kept = await memory.settings(channel)
        values = effective(defaults, kept)
        return Overview(
            settings=tuple(
                SettingShown(word=word, value=_typed(getattr(values, field)), own=kept.get(field) is not None)
                for word, field in WORDS.items()
            ),
            sessions=tuple(await memory.sessions(channel)),
            history_days=history_days,
        )

    return look


def _typed(value: SettingValue) -> str:
    match value:
        case None:
            return RANDOM
        case str():
            return value
        case _:
            return amount(value)
