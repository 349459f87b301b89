"""Plays what goes wrong, and looks at which alerts fire, when, and whether they end."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.watch.acts import Act
from tests.watch.prometheus import RULES, Prometheus
from tests.watch.scaled import EVALUATED, Rule, rules, seconds
from tests.watch.stage import Stage

LOOKS = 0.2
"""Seconds between two looks."""

CALM = 150.0
"""Seconds in which alerts have to end when nothing is wrong any more: some look back at a minute."""


@dataclass(slots=True)
class Watching:
    """What Prometheus says, look after look. Times are in seconds since 1970. `waits`: how long each alert's
    expression has to hold. `fired`: of each that fires, since when that does and when it was first seen to;
    `seen`: when each began to fire since that was cleared; `early`: those that did sooner than their rules
    say; `pending`: whether some may fire soon."""

    prometheus: Prometheus
    waits: Mapping[str, float]
    fired: dict[str, tuple[float, float]] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)
    early: set[str] = field(default_factory=set)
    pending: bool = False

    async def look(self) -> None:
        """Once."""
        active = await self.prometheus.alerts()
        firing = [alert for alert in active if alert.fires]
        self.pending = len(active) > len(firing)
        now = time.time()
        for alert in firing:
            if alert.name not in self.fired:
                self.seen.setdefault(alert.name, now)
            since, _ = self.fired.setdefault(alert.name, (alert.since, now))
            if now - since < self.waits[alert.name] - EVALUATED:
                self.early.add(alert.name)
        for name in {*self.fired} - {alert.name for alert in firing}:
            del self.fired[name]

    async def until(self, names: Collection[str], within: float) -> None:
        """Look until all of these have begun to fire, or the time is over; none: for all of it."""
        end = time.time() + within
        while time.time() < end and not (names and {*names} <= {*self.seen}):
            await self.look()
            await asyncio.sleep(LOOKS)

    async def until_calm(self) -> None:
        """Look until nothing is active any more, or it takes too long."""
        end = time.time() + CALM
        while time.time() < end:
            await self.look()
            if not (self.fired or self.pending):
                return
            await asyncio.sleep(LOOKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What came of an act. Seconds from its begin until each of its alerts fired; those that did not, those
    that fired though it was not about them, those that fired too early, and those that did not end."""

    name: str
    took: Mapping[str, float]
    missing: Sequence[str]
    strange: Sequence[str]
    early: Sequence[str]
    lasting: Sequence[str]

    @property
    def wrong(self) -> bool:
        return bool(self.missing or self.strange or self.early or self.lasting)

    def lines(self) -> Iterator[str]:
        """For whoever reads it."""
        for name, took in self.took.items():
            yield f"{self.name:42} {name:31} after {took:5.1f} s"
        if not (self.took or self.wrong):
            yield f"{self.name:42} no alert"
        for words, names in {
            "does NOT fire": self.missing,
            "fires for NO reason": self.strange,
            "fires too EARLY": self.early,
            "does NOT end": self.lasting,
        }.items():
            for name in names:
                yield f"{self.name:42} {name:31} {words}"


def waits(rules: Sequence[Rule], factor: float) -> Mapping[str, float]:
    """How long the expression of each alert has to hold until it fires."""
    return {rule["alert"]: seconds(rule.get("for", "")) / factor for rule in rules}


async def played(on: Stage, acts: Sequence[Act], factor: float) -> AsyncIterator[Scene]:
    """Each of them in turn, the next one when no alert is active any more."""
    watching = Watching(on.prometheus, waits(rules(RULES), factor))
    await watching.until_calm()
    for act in acts:
        watching.seen.clear()
        watching.early.clear()
        begin = time.time()
        async with act.fault(on):
            await watching.until(act.brings, act.seconds)
            seen, early = dict(watching.seen), sorted(watching.early)
        if act is not acts[-1]:
            await watching.until_calm()
        yield Scene(
            name=act.name,
            took={name: seen[name] - begin for name in act.brings if name in seen},
            missing=[name for name in act.brings if name not in seen],
            strange=[name for name in seen if name not in (*act.brings, *act.also)],
            early=early,
            lasting=sorted(watching.fired) if act is not acts[-1] else (),
        )
