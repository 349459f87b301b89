"""One answer from the model: deadlines, patience while it wakes, and new tries before the first word. Pure.

Nothing starts over once a word was passed on: a reader would see it twice.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass

from bot.conversation.generation import (
    Finished,
    ModelEvent,
    OfferedModel,
    Prompt,
    StartsOver,
    StreamEvent,
    TakesBack,
    TextDelta,
    Thinking,
    Waiting,
)
from bot.conversation.measures import DONE, LEFT, ModelRead
from bot.conversation.settings import GenerationSettings
from bot.conversation.wellformed import WellFormedPieces
from bot.errors import ModelBusy, ModelError, ModelSilent, ModelUnreachable, ModelWaking, NotSent
from bot.ports import Meter, Model

TRIES_AGAIN = 3
BACKOFF = 1.0
"""Seconds before the first new try at most; doubled for each, with full jitter, so that many who failed
together do not come back together."""

LONGEST_RETRY_AFTER = 60.0
"""Seconds. Who is asked to wait longer than this had better tell the person."""

WAKING_POLL = 10.0
"""Seconds between two looks at an endpoint that wakes up, at most."""

NOTICEABLE = 2.0
"""Seconds of waiting that a person should be told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Seconds: until the first word (a full window waits long in a busy server's queue), between two pieces,
    for the whole answer (4096 tokens at 7 a second), and for an endpoint to wake up (it loads 93 GB)."""

    first: float = 120.0
    silence: float = 60.0
    whole: float = 600.0
    waking: float = 600.0


async def model_call(
    generator: Model,
    prompt: Prompt,
    settings: GenerationSettings,
    *,
    deadlines: Deadlines,
    patient: bool = True,
    failed: Callable[[ModelError], None] = lambda _: None,
) -> AsyncGenerator[ModelEvent, None]:
    """The answer's pieces, preceded by `Waiting`s where there is something to wait for. Not `patient`: it is
    asked once, as somebody else can be. `failed` is told of each request that comes to nothing.

    Raises the errors under `ModelError`; `ModelSilent` when a deadline passed. Closing it ends the request.
    """
    loop = asyncio.get_running_loop()
    awake_by = loop.time() + deadlines.waking
    failures = 0
    while True:
        started = False
        try:
            async with aclosing(_well_formed(_on_time(generator, prompt, settings, deadlines))) as events:
                async for event in events:
                    started = started or not isinstance(event, Thinking)
                    yield event
                return
        except ModelWaking as waking:
            failed(waking)
            if not patient or started or loop.time() >= awake_by:
                raise
            yield Waiting(reason="waking", seconds=waking.estimated)
            await asyncio.sleep(min(waking.estimated or WAKING_POLL, WAKING_POLL))
        except (ModelBusy, ModelUnreachable) as error:
            failed(error)
            asked = error.retry_after if isinstance(error, ModelBusy) else None
            failures += 1
            most = TRIES_AGAIN if patient else 0
            if started or failures > most or (asked or 0) > LONGEST_RETRY_AFTER:
                raise
            pause = (asked or 0) + random.uniform(0, BACKOFF * 2 ** (failures - 1))
            if pause >= NOTICEABLE:
                yield Waiting(reason="busy", seconds=pause)
            await asyncio.sleep(pause)
        except NotSent:
            raise
        except ModelError as error:
            failed(error)
            raise


async def _well_formed(
    events: AsyncGenerator[StreamEvent, None],
) -> AsyncGenerator[StreamEvent, None]:
    """The same without half characters."""
    pieces = WellFormedPieces()
    async with aclosing(events):
        async for event in events:
            text = ""
            if isinstance(event, StartsOver | TakesBack):
                pieces = WellFormedPieces()
            elif isinstance(event, TextDelta):
                text = pieces.add(event.text)
            elif isinstance(event, Finished):
                text = pieces.rest()
            if text:
                yield TextDelta(text=text)
            if not isinstance(event, TextDelta):
                yield event


async def _on_time(
    generator: Model, prompt: Prompt, settings: GenerationSettings, deadlines: Deadlines
) -> AsyncGenerator[StreamEvent, None]:
    """The generator's events, or `ModelSilent` when the next one does not come in time. The time for the
    whole answer begins when the model is done with thinking."""
    loop = asyncio.get_running_loop()
    whole = loop.time() + deadlines.whole
    patience = deadlines.first
    async with aclosing(generator.stream(prompt, settings)) as events:
        while True:
            try:
                async with asyncio.timeout_at(min(loop.time() + patience, whole)):
                    event = await anext(events)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                raise ModelSilent(f"nothing for {patience:.0f} s, or not done in time") from error
            yield event
            patience = deadlines.silence
            if isinstance(event, Thinking):
                whole = loop.time() + deadlines.whole


@contextmanager
def told_of(model: OfferedModel, meter: Meter) -> Iterator[None]:
    """What is read of this model inside is told as one: how long it took, and how it ended."""
    clock = asyncio.get_running_loop().time
    began, how = clock(), LEFT
    try:
        yield
        how = DONE
    except ModelError as error:
        how = LEFT if isinstance(error, NotSent) else error.kind
        raise
    finally:
        meter(ModelRead(model=model.name, server=model.host, seconds=clock() - began, how=how))
