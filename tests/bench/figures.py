"""The figures of a row, from what was seen of it. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import islice
from statistics import fmean, median

from tests.bench.growth import Growth
from tests.bench.parts import by_module, by_part
from tests.bench.places import Played
from tests.bench.program import Used
from tests.bench.rows import Row

MODULES = 12
"""So many of them are told, those that compute most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What the bot uses while nothing is asked: requests to the store in a second, and megabytes."""

    trips: float
    memory: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Processor seconds to read the same streams without a bot."""

    bare: float = math.nan
    hub: float = math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that was seen of a row."""

    growths: Sequence[Growth]
    played: Played
    used: Used
    rest: Rest
    compared: Compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Times in seconds; of no reply, a time is `nan`.

    `first_words`, from the question to them; `delay`, of a token, from its leaving the model to its standing
    there, and `best`, what it would be at best; `last_words`, from the model's end. `lost`: replies that did
    not come whole. `cpu` of the bot, everything included, for 1,000 tokens, and a turn's `cpu_turn`; for the
    same streams that of `bare` reading and of huggingface_hub's client (`hub`), where that is measured.
    `core`: the share of a processor that it took. `memory` at most, in megabytes, and for each reply in
    kilobytes. `trips` to the store for a turn, without those at rest. `held`: how long the bot's loop was, by
    what it computed, and how `late` at most.
    `parts` of `cpu`, and of `modules`, where stacks were looked at.
    """

    row: str
    replies: int
    first_words: float
    first_words_p95: float
    delay: float
    delay_p95: float
    best: float
    last_words: float
    last_words_most: float
    lost: int
    too_fast: int
    edits: int
    seconds: float
    cpu: float
    cpu_turn: float
    bare: float
    hub: float
    core: float
    memory: float
    memory_reply: float
    trips: float
    held_p999: float
    held_most: float
    late: float
    parts: Mapping[str, float] = field(default_factory=dict)
    modules: Mapping[str, float] = field(default_factory=dict)


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest of these that so many are not above; `nan` of none."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def mean(values: Sequence[float]) -> float:
    """`nan` of none."""
    return fmean(values) if values else math.nan


def figures(row: Row, seen: Seen) -> Figures:
    """All of a row's. A token that was never seen has no delay: its reply is lost."""
    growths, played, used = seen.growths, seen.played, seen.used
    delays = [delay for growth in growths for delay in growth.delays]
    first = [seconds for growth in growths if (seconds := growth.first_words) is not None]
    last = [seconds for growth in growths if (seconds := growth.last_words) is not None]
    tokens = sum(len(growth.written) for growth in growths)
    return Figures(
        row=row.name,
        replies=row.replies,
        first_words=mean(first),
        first_words_p95=quantile(first, 0.95),
        delay=mean(delays),
        delay_p95=quantile(delays, 0.95),
        best=row.best,
        last_words=mean(last),
        last_words_most=quantile(last, 1.0),
        lost=sum(not growth.whole for growth in growths),
        too_fast=played.counts.too_fast,
        edits=played.counts.edits,
        seconds=played.seconds,
        cpu=used.cpu / tokens * 1000 if tokens else math.nan,
        cpu_turn=used.cpu / row.replies,
        bare=seen.compared.bare / tokens * 1000 if tokens else math.nan,
        hub=seen.compared.hub / tokens * 1000 if tokens else math.nan,
        core=used.cpu / played.seconds,
        memory=used.memory,
        memory_reply=max(0.0, used.memory - seen.rest.memory) * 1024 / row.replies,
        trips=max(0.0, used.trips - seen.rest.trips * played.seconds) / row.replies,
        held_p999=quantile(used.watched.held, 0.999),
        held_most=quantile(used.watched.held, 1.0),
        late=quantile(used.watched.late, 1.0),
        parts=by_part(used.watched.stacks),
        modules=dict(islice(by_module(used.watched.stacks).items(), MODULES)),
    )


def middle(growths: Sequence[Growth]) -> Growth:
    """The answer that as many are further behind as are closer to the model."""
    return sorted(growths, key=lambda growth: mean(growth.delays))[len(growths) // 2]


def typical(measured: Sequence[Figures]) -> Figures:
    """The median of each figure of a row that was measured several times; the shares are the last one's."""
    numbers = {
        each.name: median(getattr(figure, each.name) for figure in measured)
        for each in fields(Figures)
        if isinstance(getattr(measured[-1], each.name), float)
    }
    counted = {name: max(getattr(figure, name) for figure in measured) for name in ("lost", "too_fast")}
    return replace(measured[-1], **numbers, **counted)
