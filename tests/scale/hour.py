"""The busiest hour of a fleet, simulated: people who ask, the line for the model, the calls of Discord.

Pure: a seed chooses everything, and time is a number. People ask independently of each other. Each answer has
a place of the model's from its turn to its last word; who comes when all are taken waits in the order of
coming. First words and last texts go out before texts that grow, as `bot.display.pacing` has it; those
share what is left.
"""

import math
import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import accumulate

QUESTIONS = 5.0
"""A day, of a person who asks at all that day. Assumed: multiply it by your own."""

BUSIEST = 0.12
"""The part of a day's questions that comes in its busiest hour; 1/24 is 0.04. Assumed."""

TOKENS, SPREAD = 256.0, 0.6
"""Of an answer, as in docs/performance.md, and the standard deviation of their logarithm. The latter is
assumed: one answer of ten has 460."""

MOST_TOKENS = 4096
"""The most that `BOT_MAX_NEW_TOKENS` may be."""

PACE, FIRST = 40.0, 0.5
"""Tokens a second of one answer, as in docs/performance.md, and seconds until the first one. Yours depend on
the model's server: `mixtral_bot_tokens_per_second`, `mixtral_bot_first_token_seconds`."""

CALLS = 50.0
"""Of a Discord bot in a second. Documented."""

GROWTH = 5.1 / 5
"""Seconds between two edits in one channel, as `adapters.platforms.discord.limits` has them."""

MOST_PLACES = 1000
"""Of `MODEL_CONCURRENCY`."""

HOUR, BEFORE = 3600.0, 600.0
"""Seconds that are looked at, and those before, in which the line gets as long as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """One store with its processes. `users`: daily ones; `places`: `MODEL_CONCURRENCY`; `calls`: those of a
    second that the platform allows all of them, 0 for any number."""

    users: int
    places: int
    calls: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """What came of it. `at_once`: answers that are written, on average; `most`: in all but one second of a
    thousand. `waited`: the part that waited for a place; `wait`: seconds on average, `late` those that one of
    a hundred waits at least. `first_late`: what the platform's limit adds to first and last words, likewise;
    `edits`: of a growing answer; `used`: the part of the platform's calls that first and last words take."""

    turns: int
    at_once: float
    most: int
    waited: float
    wait: float
    late: float
    first_late: float
    edits: float
    used: float


def rate(users: int) -> float:
    """Questions a second in the busiest hour."""
    return users * QUESTIONS * BUSIEST / HOUR


def holds() -> float:
    """Seconds for which an answer has its place, on average."""
    return FIRST + TOKENS / PACE


def enough_places(users: int) -> int:
    """So many that few wait: what is written at once on average, and two standard deviations more."""
    load = rate(users) * holds()
    return math.ceil(load + 2 * math.sqrt(load))


def foretold_wait(fleet: Fleet) -> float:
    """Seconds on average, by Erlang's formula, corrected by how uneven answers are."""
    load, places = rate(fleet.users) * holds(), fleet.places
    if load >= places:
        return math.inf
    blocked = 1.0
    for number in range(1, places + 1):
        blocked = load * blocked / (number + load * blocked)
    waits = blocked / (1 - load / places * (1 - blocked))
    uneven = (math.exp(SPREAD**2) - 1) * (TOKENS / PACE / holds()) ** 2
    return waits * holds() / (places - load) * (1 + uneven) / 2


def busiest_hour(fleet: Fleet, seed: int) -> Hour:
    """Play it."""
    chance = random.Random(seed)
    came = _arrivals(chance, rate(fleet.users))
    began, ended = _served(chance, came, fleet.places)
    counted = [number for number, at in enumerate(came) if at >= BEFORE]
    waits = sorted(began[number] - came[number] for number in counted)
    busy = _at_once(began, ended)
    urgent = sorted([at + FIRST for at in began] + ended)
    late = _late(urgent, fleet.calls)
    return Hour(
        turns=len(counted),
        at_once=sum(busy) / len(busy),
        most=sorted(busy)[int(0.999 * len(busy))],
        waited=sum(wait > 0 for wait in waits) / len(waits),
        wait=sum(waits) / len(waits),
        late=waits[int(0.99 * len(waits))],
        first_late=late[int(0.99 * len(late))],
        edits=_edits(urgent, busy, fleet.calls) / len(counted),
        used=len([at for at in urgent if _in_the_hour(at)]) / HOUR / fleet.calls if fleet.calls else 0.0,
    )


def _arrivals(chance: random.Random, every: float) -> Sequence[float]:
    gaps = (chance.expovariate(every) for _ in range(round(every * (BEFORE + HOUR) * 1.2) + 100))
    times = list(accumulate(gaps))
    return times[: bisect_right(times, BEFORE + HOUR)]


def _served(chance: random.Random, came: Sequence[float], places: int) -> tuple[list[float], list[float]]:
    """When each answer has its place, and when its last word comes."""
    free = [0.0] * places
    began, ended = [], []
    middle = math.log(TOKENS) - SPREAD**2 / 2
    for at in came:
        begin = max(at, heappop(free))
        tokens = min(MOST_TOKENS, max(1.0, chance.lognormvariate(middle, SPREAD)))
        end = begin + FIRST + tokens / PACE
        heappush(free, end)
        began.append(begin)
        ended.append(end)
    return began, ended


def _at_once(began: Sequence[float], ended: Sequence[float]) -> list[int]:
    """How many answers are written in each second of the hour."""
    starts, ends = sorted(began), sorted(ended)
    seconds = range(int(BEFORE), int(BEFORE + HOUR))
    return [bisect_right(starts, at) - bisect_right(ends, at) for at in seconds]


def _late(urgent: Sequence[float], calls: float) -> list[float]:
    """By how much each first or last text is late, as calls before it go out one after another."""
    free, late = 0.0, []
    for at in urgent:
        free = max(at, free) + (1 / calls if calls else 0.0)
        if _in_the_hour(at):
            late.append(free - at - (1 / calls if calls else 0.0))
    return sorted(late)


def _edits(urgent: Sequence[float], busy: Sequence[int], calls: float) -> float:
    """Texts that grow, in the whole hour: as many as channels allow, of what urgent ones leave."""
    total = 0.0
    for number, answers in enumerate(busy):
        second = BEFORE + number
        taken = bisect_right(urgent, second + 1) - bisect_right(urgent, second)
        wanted = answers / GROWTH
        total += min(wanted, max(0.0, calls - taken)) if calls else wanted
    return total


def _in_the_hour(at: float) -> bool:
    return BEFORE <= at < BEFORE + HOUR
