"""The bot itself, put together from its parts."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from adapters.composition.rules import Rules
from bot.answering.answer import Answerer
from bot.answering.candidates import Candidates
from bot.answering.files import ReadDocument
from bot.answering.lease import LEASE
from bot.answering.model_call import Deadlines
from bot.answering.question import Asker
from bot.answering.queue import Places
from bot.commands.context import Context
from bot.conversation.events import Invoked
from bot.conversation.generation import OfferedModel
from bot.conversation.measures import Measure
from bot.conversation.settings import GenerationSettings
from bot.display.draft import Boundary
from bot.display.paced import Paced
from bot.display.slots import Slots
from bot.ports import Meter, Model, Platform, Store, Tokenizer, unmeasured
from bot.service.intake import Intake
from bot.service.presence import Presence
from bot.service.prices import Prices
from bot.service.recent import Recent
from bot.service.refusals import Refusals
from bot.service.reporter import Identity, Reporter
from bot.service.service import Service
from bot.service.telling import Telling
from bot.service.watchers import Watchers
from bot.service.worker import Worker

BYTES_A_TOKEN = 6
"""What a token stands for at most, over a whole conversation: 3.7 bytes of English, 4.2 on the page of ours
that has most, 4.3 of source code, 4.9 of Russian. What does not fit a window so is not read."""


def seconds_since_boot() -> float:
    """Seconds, the machine's sleep among them where the system counts it: a lease runs out in them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def bot_service(
    rules: Rules,
    store: Store,
    *,
    platforms: Sequence[tuple[Platform, Slots]],
    models: Sequence[tuple[OfferedModel, Model]],
    tokenizer: Tokenizer,
    defaults: GenerationSettings,
    read_document: ReadDocument,
    boundary: Boundary,
    identity: Identity,
    presence: Presence,
    holds: Callable[[], Mapping[str, tuple[str, ...]]] = dict,
    meter: Meter = unmeasured,
    clock: Callable[[], float] = seconds_since_boot,
    now: Callable[[], float] = time.time,
) -> Service:
    """The bot on its platforms, one store and its models. `meter` counts what happens in it."""
    recent = Recent(now)

    def count(measure: Measure) -> None:
        recent.count(measure)
        meter(measure)

    spoken = {platform.name: platform for platform, _ in platforms}
    screens = {platform.name: Paced(platform, slots, count) for platform, slots in platforms}
    alone = frozenset(platform.name for platform, _ in platforms if platform.limits.alone)
    places = Places(store.line, rules.places, most=rules.most_waiting, lease=LEASE, meter=count)
    candidates = Candidates(
        [model for model, _ in models], {model.name: generator for model, generator in models}
    )
    answerer = Answerer(
        requests=store.requests,
        conversations=store.conversations,
        asker=Asker(
            candidates=candidates,
            tokenizer=tokenizer,
            read_document=read_document,
            places=places,
            defaults=defaults,
            deadlines=Deadlines(),
            meter=count,
        ),
        boundary=boundary,
        lease=LEASE,
        clock=clock,
        started=now(),
        meter=count,
    )
    watchers = Watchers(read=store.conversations.read, growing=answerer.growing)
    answerer.listeners.append(watchers.grew)

    async def do(command: Invoked) -> None:
        await intake.do(command)

    telling = Telling()
    room = BYTES_A_TOKEN * max(model.context_tokens for model, _ in models)
    worker = Worker(
        screens=screens,
        requests=store.requests,
        answerer=answerer,
        do=do,
        beat=LEASE / 3,
        room=room,
        meter=count,
    )
    intake = Intake(
        screens=screens,
        store=store,
        prices=Prices(
            people=store.people,
            quota=rules.quota,
            by_address=rules.by_address,
            admins=rules.admission.admins,
        ),
        admission=replace(rules.admission, alone=alone),
        context=Context(
            store=store,
            defaults=defaults,
            models=[model for model, _ in models],
            tokens=tokenizer.count,
            everyone=rules.everyone,
            history_days=rules.history_days,
            alone=alone,
            now=now,
            meter=count,
        ),
        take=worker.take,
        catch_up=rules.catch_up,
        telling=telling,
        refusals=Refusals(store, screens, telling),
    )
    return Service(
        platforms=spoken,
        intake=intake,
        worker=worker,
        answerer=answerer,
        store=store,
        watchers=watchers,
        places=places,
        reporter=Reporter(
            identity=identity,
            presence=presence,
            holds=holds,
            recent=recent,
            candidates=candidates,
            answerer=answerer,
            places=places,
        ),
        meter=count,
        lease=LEASE,
        drain_seconds=rules.shutdown_seconds,
    )
