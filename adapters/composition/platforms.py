"""The platforms that the bot is to run on, each with the pace that its calls keep."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from adapters.composition.rules import catch_up
from adapters.configuration import Settings
from adapters.first_steps import FirstSteps
from adapters.registration import Built, Needs, Registration, load
from bot.conversation.events import ChannelRef
from bot.display.slots import Slots
from bot.ports import Leases, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A platform, the pace of its calls, and what of it this process alone may have."""

    built: Built
    slots: Slots
    leases: Leases

    @property
    def name(self) -> str:
        """As in `ChannelRef.platform`."""
        return self.built.platform.name


def running_on(
    platforms: Sequence[Registration[Any]],
    settings: Settings,
    store: Store,
    leaving: asyncio.Event,
    first_steps: FirstSteps | None = None,
) -> Sequence[Running]:
    """Those of them that can run. `leaving`: the bot is told to stop. Raises what their `build` raises."""
    made = [_built(platform, settings, store, leaving, first_steps) for platform in platforms]
    return [each for each in made if each is not None]


def _built(
    platform: Registration[Any],
    settings: Settings,
    store: Store,
    leaving: asyncio.Event,
    first_steps: FirstSteps | None,
) -> Running | None:
    def heed(bucket: str, channel: ChannelRef, remaining: int, reset_after: float) -> None:
        slots.heed(bucket, channel, remaining, reset_after)

    def count() -> None:
        slots.count()

    leases = store.leases(platform.name)
    needs = Needs(
        variables=settings,
        records=store.records(platform.name),
        leases=leases,
        leaving=leaving,
        budget=store.budget,
        latest=partial(store.conversations.latest, platform.name),
        catch_up=catch_up(settings),
        history_days=settings.bot_history_days,
        heed=heed,
        count=count,
        first_steps=first_steps,
        servers=settings.bot_allowed_servers,
        roles=settings.bot_allowed_roles,
    )
    built: Built | None = load(platform.build)(needs)
    if built is None:
        return None
    slots = Slots(built.platform.limits, store.budget)
    return Running(built=built, slots=slots, leases=leases)
