"""The composition root: the one place where objects are made and handed to each other."""

import asyncio
import gc
import logging
import signal
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from adapters.composition.models import models
from adapters.composition.platforms import Running, running_on
from adapters.composition.rules import rules
from adapters.composition.service import bot_service
from adapters.composition.store import open_store, store_when_there
from adapters.composition.watching import both, identity, metrics_routes, new_metrics
from adapters.configuration import Settings
from adapters.configuration.settings import generation_defaults
from adapters.documents import ReaderProcesses
from adapters.first_steps import FirstSteps
from adapters.graphemes import boundary
from adapters.http import HttpServer, PortTaken, is_ready
from adapters.locale_data import Cldr
from adapters.logs import unhandled
from adapters.metrics.counting import Counting
from adapters.metrics.loop_lag import lag_counted
from adapters.metrics.store import TimedStore
from adapters.models.huggingface.connections import Connections
from adapters.models.tokenizer import MixtralTokenizer
from adapters.registration import Built, Registration
from adapters.service_manager import service_manager
from adapters.stores.redis.store import RedisStore
from adapters.traces.sending import traces
from bot.languages import speaker
from bot.service.presence import Presence

logger = logging.getLogger(__name__)


async def serve(
    settings: Settings,
    platforms: Sequence[Registration[Any]],
    announce: Callable[[Collection[str]], None],
    environ: Mapping[str, str],
    *,
    stop: asyncio.Event | None = None,
    first_steps: FirstSteps | None = None,
) -> bool:
    """Put everything together and run it; SIGTERM and SIGINT let running answers end first, and said again
    hand them over at once.

    `announce` is told once which platforms can be reached, before anybody is answered on them. `environ`
    names the service manager that started the process, where one wants to hear of it. `stop`: what else may
    tell it to stop sets it. `first_steps`: the way to a model. Whether nothing that was asked went
    unanswered, on a platform that wants to know.
    """
    speaker.rely_on(Cldr())
    stop, hurry, loop = stop or asyncio.Event(), asyncio.Event(), asyncio.get_running_loop()
    loop.set_exception_handler(unhandled)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _told_to_stop, stop, hurry)
    async with AsyncExitStack() as resources:
        if any(platform.terminal for platform in platforms):
            store: RedisStore | None = await resources.enter_async_context(open_store(settings))
        else:
            store = await store_when_there(settings, resources, stop)
        if store is None:
            return True
        offered = models(settings, await resources.enter_async_context(Connections()))
        running = running_on(platforms, settings, store, stop, first_steps)
        announce([each.name for each in running])
        for each in running:
            if each.built.interrupt is not None:
                loop.add_signal_handler(signal.SIGINT, _interrupted, each.built, stop)
        spans = await resources.enter_async_context(traces(environ))
        metrics = new_metrics([each.built.platform for each in running], [model for model, _ in offered])
        meter = both(Counting(metrics), spans)
        await resources.enter_async_context(lag_counted(metrics))
        service = bot_service(
            rules(settings),
            TimedStore(store, meter),
            platforms=[(each.built.platform, each.slots) for each in running],
            models=offered,
            tokenizer=MixtralTokenizer(),
            defaults=generation_defaults(settings, offered[0][0].name),
            read_document=ReaderProcesses().text,
            boundary=boundary,
            identity=identity(store.process),
            presence=Presence({each.name: each.built.connected for each in running}),
            holds=lambda: _holds(running),
            meter=meter,
        )
        routes = [route for each in running for route in each.built.routes]
        server = partial(
            HttpServer,
            settings.http_host,
            ready=service.readiness,
            routes=[*metrics_routes(metrics, service), *routes],
        )
        asked_for = bool(routes) or "http_port" in settings.model_fields_set
        needed = asked_for and not any(platform.terminal for platform in platforms)
        await _listen(server, settings.http_port, resources, needed=needed)
        await resources.enter_async_context(
            service_manager(environ, lambda: is_ready(service.readiness()), stop)
        )
        # What is here now stays: to look through it for garbage would hold the loop for 80 ms each time.
        gc.freeze()
        await service.run(stop, hurry)
    return not any(each.built.unanswered() for each in running)


def _holds(running: Sequence[Running]) -> dict[str, tuple[str, ...]]:
    """What of each platform this process alone may have."""
    return {each.name: tuple(sorted(each.leases.used)) for each in running if each.leases.used}


async def _listen(
    server: Callable[[int], HttpServer], port: int, resources: AsyncExitStack, *, needed: bool
) -> None:
    """Serve at this port, or at a free one where nobody asked for it: several terminals can be open, and a
    model server may have been there first. Raises `PortTaken` where that one is `needed`."""
    try:
        await resources.enter_async_context(server(port))
    except PortTaken as taken:
        if needed:
            raise
        free = await resources.enter_async_context(server(0))
        logger.info("%s Whoever looks after this process finds it at port %d.", taken.what, free.port)


def _told_to_stop(stop: asyncio.Event, hurry: asyncio.Event) -> None:
    if stop.is_set():
        hurry.set()
    stop.set()


def _interrupted(built: Built, stop: asyncio.Event) -> None:
    """Ctrl-C ends the answer that grows; where there is none, and the second time, the program."""
    if built.interrupt is None or not built.interrupt():
        stop.set()
