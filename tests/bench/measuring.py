"""Measures a row: the installed program, and around it platform, model and store, each a process."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.elsewhere import Elsewhere, elsewhere
from tests.bench.figures import Compared, Figures, Rest, Seen, figures, middle
from tests.bench.growth import Growth
from tests.bench.model import Model, model
from tests.bench.past import remember, said_elsewhere
from tests.bench.places import Place
from tests.bench.program import Program, program
from tests.bench.readers import Reader, reader
from tests.bench.rows import PLACES, RATE, Row
from tests.chaos.store import local_store

RESTS, LOOKS = 2.0, 30
"""Seconds for which it is looked at while nothing is asked; and how often, until it rests."""

AT_WORK = 50.0
"""Requests to the store in a second of a bot that does not rest: what was just put there is looked through
once, as something may wait there."""

WARM = 16
"""Tokens of a first answer, so that nothing is loaded for the first time in what is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A row's figures; to be drawn, how an answer grew that is neither the best nor the worst, and where the
    bot was seen to compute."""

    figures: Figures
    growth: Growth
    stacks: Mapping[str, int]


async def measure(row: Row) -> Measured:
    """Measure it once."""
    async with AsyncExitStack() as resources:
        folder = Path(resources.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))
        writer = await resources.enter_async_context(elsewhere(model))
        place = await resources.enter_async_context(elsewhere(PLACES[row.place]))
        store = await resources.enter_async_context(local_store(folder))
        await remember(store.url, said_elsewhere(row.conversations), 1)
        others = await resources.enter_async_context(elsewhere(reader)) if row.compared else None
        url = await writer.do(Model.url)
        variables = {**_asking(row, url), **await place.do(Place.variables), "REDIS_URL": store.url}
        bot = await resources.enter_async_context(program(folder, variables))
        await place.do(Place.connected)
        await writer.do(Model.begin, WARM, RATE)
        await place.do(Place.open, 1)
        await place.do(Place.play, 1, 0.0, WARM)
        if others:
            await others.do(Reader.prepare, url)
        await remember(store.url, await place.do(Place.open, row.opened or row.replies), row.history)
        await writer.do(Model.begin, row.tokens, RATE)
        rest = await _at_rest(bot)
        async with bot.using() as used:
            played = await place.do(Place.play, row.replies, row.spread, row.tokens)
        written = await writer.do(Model.written)
        growths = [
            Growth(asked_at=each.asked_at, written=written.get(each.tag, ()), seen=each.seen)
            for each in played.replies
        ]
        seen = Seen(
            growths=growths, played=played, used=used, rest=rest, compared=await _compared(row, others, url)
        )
    return Measured(figures=figures(row, seen), growth=middle(growths), stacks=used.watched.stacks)


def _asking(row: Row, url: str) -> Mapping[str, str]:
    """The variables with which a bot asks that model, for anybody as much as they like."""
    reached = (
        {"BENCH_PROVIDERS": url, "HF_TOKEN": "hf_local"}
        if row.by_provider
        else {"MODEL_URL": url, "MODEL_API": "chat"}
    )
    return {
        "WEB_PORT": "0",
        "BOT_USER_QUOTA": "100000/hour",
        # One more, as the first answer may not have given its place back yet.
        "MODEL_CONCURRENCY": str((row.at_once or row.replies) + 1),
        "LOG_LEVEL": "WARNING",
        **reached,
    }


async def _at_rest(bot: Program) -> Rest:
    for _ in range(LOOKS):
        trips = await bot.trips()
        await asyncio.sleep(RESTS)
        often = (await bot.trips() - trips - 1) / RESTS
        if often < AT_WORK:
            break
    return Rest(trips=often, memory=bot.memory)


async def _compared(row: Row, others: Elsewhere[Reader] | None, url: str) -> Compared:
    """What others need to read the same, where they are there."""
    if others is None:
        return Compared()
    return Compared(
        bare=await others.do(Reader.bare, url, row.replies, row.spread),
        hub=await others.do(Reader.hub, url, row.replies, row.spread),
    )
