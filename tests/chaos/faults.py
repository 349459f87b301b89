"""What goes wrong, each a small function; two tables say how often which is drawn.

Faults of processes come one after another, so that somebody is always there to hear: nobody repeats on
Discord what nobody heard. Faults of what is around them come beside those, one after another, too.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from bot.answering.lease import LEASE
from tests.chaos.fleet import Fleet
from tests.chaos.store import FULL, NO_LIMIT, StoreServer
from tests.servers import discord as discords
from tests.servers import model as models
from tests.servers import slack as slacks
from tests.servers.model import ModelServer

BETWEEN_PROCESSES, BETWEEN_SURROUNDINGS = (1.0, 4.0), (2.0, 6.0)
"""Seconds between two faults."""

HEARS = 20.0
"""Seconds in which a bot that was started is connected to both platforms."""

TOLD = 1.0
"""Seconds in which a platform hears of what was refused while the store was full."""

FOREVER: Final = 1_000_000


@dataclass(slots=True, kw_only=True)
class Scene:
    """All that something can go wrong with. `only`: the names of those that are done, none for all. `done`:
    when each fault began, in seconds since 1970. `full`: from when until when the store took nothing new, by
    the loop's clock. `unheard`: while it is set, Discord tells nobody anything."""

    chance: random.Random
    fleet: Fleet
    store: StoreServer
    model: ModelServer
    discord: discords.DiscordServer
    slack: slacks.SlackServer
    only: Sequence[str] = ()
    done: list[tuple[float, str]] = field(default_factory=list)
    full: list[tuple[float, float]] = field(default_factory=list)
    unheard: bool = False

    def some(self, least: float, most: float) -> float:
        return self.chance.uniform(least, most)

    def victim(self) -> int:
        return self.chance.randrange(self.fleet.size)

    async def arrive(self, number: int) -> None:
        """Start a bot, and wait until it hears on both platforms, too: the next one that goes may be the only
        other."""
        transports = self.slack.transports
        sockets = transports.hellos
        await self.fleet.start(number)
        with suppress(TimeoutError):
            async with asyncio.timeout(HEARS):
                while transports.hellos == sockets:
                    await asyncio.sleep(0.1)
                await all_shards_heard(self.discord)


async def all_shards_heard(discord: discords.DiscordServer) -> None:
    """Wait until somebody listens to each shard."""
    shards, gateway = discord.gateway.sharding.shards, discord.gateway
    await discord.until(lambda: len(gateway.connected) == shards, timeout=60)


Fault = Callable[[Scene], Awaitable[None]]


async def kill(scene: Scene) -> None:
    """`kill -9`, and a new one a little later."""
    victim = scene.victim()
    await scene.fleet.kill(victim)
    await asyncio.sleep(scene.some(0, 2))
    await scene.arrive(victim)


async def freeze(scene: Scene) -> None:
    """SIGSTOP for 0.5 to 3 leases."""
    await scene.fleet.freeze(scene.victim(), scene.some(0.5, 3) * LEASE)


async def renew(scene: Scene) -> None:
    """SIGTERM, and the next one when it has ended: a step of a rolling restart."""
    victim = scene.victim()
    await scene.fleet.drain(victim)
    await scene.arrive(victim)


async def store_killed(scene: Scene) -> None:
    await scene.store.kill()
    await asyncio.sleep(scene.some(0.1, 3))
    await scene.store.start()


async def store_restarted(scene: Scene) -> None:
    await scene.store.stop()
    await scene.store.start()


async def store_paused(scene: Scene) -> None:
    await scene.store.freeze(scene.some(0.5, 8))


async def store_full(scene: Scene) -> None:
    """It takes nothing new; whoever asks is told so."""
    begun = asyncio.get_running_loop().time()
    await scene.store.limit_memory(FULL)
    await asyncio.sleep(scene.some(1, 6))
    await scene.store.limit_memory(NO_LIMIT)
    scene.full.append((begun, asyncio.get_running_loop().time() + TOLD))


async def model_cut(scene: Scene) -> None:
    """The next few answers break off in their midst."""
    cut = range(scene.chance.randrange(1, 5))
    scene.model.faults += [models.Fault(cut_after=scene.chance.randrange(1, 60)) for _ in cut]


async def model_down(scene: Scene) -> None:
    """The next few calls are refused."""
    scene.model.faults += [models.Fault(status=503)] * scene.chance.randrange(1, 5)


async def model_slow(scene: Scene) -> None:
    pace, scene.model.pace = scene.model.pace, scene.model.pace / 5
    await asyncio.sleep(scene.some(2, 8))
    scene.model.pace = pace


async def discord_storm(scene: Scene) -> None:
    """Every call about a message is refused for being too many, for some seconds."""
    storm = [
        discords.Fault(method=method, path="/channels/*/messages*", status=429, retry_after=0.5, times=None)
        for method in ("POST", "PATCH")
    ]
    scene.discord.edge.faults += storm
    await asyncio.sleep(scene.some(1, 6))
    for fault in storm:
        scene.discord.edge.faults.remove(fault)


async def slack_storm(scene: Scene) -> None:
    storm = [
        slacks.Fault(
            method=method, error="ratelimited", status=429, headers={"Retry-After": "1"}, times=FOREVER
        )
        for method in ("chat.postMessage", "chat.update", "chat.appendStream", "chat.stopStream")
    ]
    scene.slack.faults += storm
    await asyncio.sleep(scene.some(1, 6))
    for fault in storm:
        scene.slack.faults.remove(fault)


async def gateway_cut(scene: Scene) -> None:
    """Every connection to Discord is gone for a while; its sessions can be resumed."""
    async with scene.discord.disconnected():
        await asyncio.sleep(scene.some(0, 4))


async def sessions_lost(scene: Scene) -> None:
    """Every connection to Discord is gone, and what is said until somebody identifies anew is told nobody."""
    scene.unheard = True
    async with scene.discord.disconnected(forget=True):
        pass
    await all_shards_heard(scene.discord)
    scene.unheard = False


async def sockets_cut(scene: Scene) -> None:
    """Every connection of Socket Mode is gone, with a warning before it or without."""
    await scene.slack.transports.disconnect("refresh_requested", warn=scene.chance.random() < 0.5)


OF_PROCESSES: Mapping[Fault, int] = {kill: 3, freeze: 2, renew: 2}

OF_SURROUNDINGS: Mapping[Fault, int] = {
    store_killed: 3,
    store_restarted: 2,
    store_paused: 3,
    store_full: 2,
    model_cut: 2,
    model_down: 2,
    model_slow: 2,
    discord_storm: 2,
    slack_storm: 2,
    gateway_cut: 2,
    sessions_lost: 1,
    sockets_cut: 2,
}


def name(fault: Fault) -> str:
    """As an operator says it."""
    return fault.__name__.replace("_", " ")


NAMES = tuple(map(name, (*OF_PROCESSES, *OF_SURROUNDINGS)))


async def trouble(scene: Scene, ended: asyncio.Event) -> None:
    """Let things go wrong until it is ended, and the last of them be over."""
    of_processes, of_surroundings = (random.Random(scene.chance.random()) for _ in range(2))

    async def processes() -> None:
        while not ended.is_set():
            await _next(scene, of_processes, OF_PROCESSES, BETWEEN_PROCESSES)
            await scene.fleet.revive()

    async def surroundings() -> None:
        while not ended.is_set():
            await _next(scene, of_surroundings, OF_SURROUNDINGS, BETWEEN_SURROUNDINGS)

    await asyncio.gather(processes(), surroundings())
    await scene.fleet.revive()


async def _next(
    scene: Scene, chance: random.Random, faults: Mapping[Fault, int], between: tuple[float, float]
) -> None:
    await asyncio.sleep(chance.uniform(*between))
    wanted = {fault: weight for fault, weight in faults.items() if name(fault) in (scene.only or NAMES)}
    if wanted:
        [fault] = chance.choices([*wanted], [*wanted.values()])
        scene.done.append((time.time(), name(fault)))
        await fault(scene)
