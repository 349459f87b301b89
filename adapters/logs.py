"""How the log looks: lines for people, or one JSON object a line. No error's message is in it: it may hold
what somebody wrote."""

import copy
import json
import logging
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from bot.conversation.turn_ids import current_turn

if TYPE_CHECKING:
    import asyncio

logger = logging.getLogger(__name__)

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

QUIET = ("aiohttp", "httpx2", "httpcore2", "huggingface_hub", "asyncio", "redis", "opentelemetry", "urllib3")
"""Libraries whose finer levels log what people wrote, and tokens; platforms name theirs."""


class Lines(logging.Formatter):
    """Lines of text, and where an error came from, without its message. `libraries`: loggers whose errors are
    told by their place alone: they log what they try again by themselves, with a trace each time."""

    def __init__(self, form: str | None = None, *, libraries: Iterable[str] = ()) -> None:
        super().__init__(form)
        self._libraries = tuple(libraries)

    def format(self, record: logging.LogRecord) -> str:
        """The line, with the trace as it is drawn here: another handler may have drawn it already."""
        return super().format(self._drawn(record))

    def _drawn(self, record: logging.LogRecord) -> logging.LogRecord:
        record = copy.copy(record)
        record.exc_text = None
        record.turn = f" [{turn}]" if (turn := current_turn()) else ""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and record.name.partition(".")[0] in self._libraries:
            record.msg, record.args = "%s: %s", (record.getMessage(), place_of(error))
            record.exc_info = None
        return record

    def formatException(self, ei: _Raised) -> str:
        """The type of the error, of what it groups and of what caused it, each with its trace."""
        return "" if ei[1] is None else "".join(_traced(ei[1])).rstrip()


class JsonLines(Lines):
    """Time, level, logger, message, the turn where it is about one, and the trace of an error where there is
    one: docs/operations.md has the schema."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message holds."""
        record = self._drawn(record)
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if turn := current_turn():
            line["turn"] = turn
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure_logging(
    level: str, style: str, *, quiet: Iterable[str] = (), silent: Iterable[str] = ()
) -> None:
    """Log to standard error. `quiet`: loggers whose finer levels quote people; `silent`: whose warnings do,
    too, so that what goes wrong there is reported by ourselves.
    """
    handler = logging.StreamHandler(sys.stderr)
    libraries = (*QUIET, *quiet)
    handler.setFormatter(
        JsonLines(libraries=libraries)
        if style == "json"
        else Lines("%(asctime)s %(levelname)s %(name)s%(turn)s: %(message)s", libraries=libraries)
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for library in silent:
        logging.getLogger(library).setLevel(logging.CRITICAL)
    for library in libraries:
        logging.getLogger(library).setLevel(max(logging.getLogger().level, logging.WARNING))


def unhandled(_loop: "asyncio.AbstractEventLoop", context: dict[str, Any]) -> None:
    """Log what nobody has caught. asyncio itself would quote it, and in brackets what a callback got."""
    logger.error("%s", context["message"].partition("(")[0], exc_info=context.get("exception"))


def report(error: BaseException) -> None:
    """Say what nobody caught, where it ends the program or a thread: the interpreter would quote it."""
    if logging.root.handlers:
        logger.critical("nobody caught this", exc_info=error)
    else:
        sys.stderr.write(Lines().formatException((type(error), error, error.__traceback__)) + "\n")


def report_threads() -> None:
    """Have told likewise what ends a thread, and what goes wrong while something is thrown away."""
    threading.excepthook = lambda told: report(told.exc_value or told.exc_type())
    sys.unraisablehook = lambda told: report(told.exc_value or told.exc_type())


def place_of(error: BaseException) -> str:
    """What arose and where, on one line, without its words: those may be people's."""
    trace = traceback.extract_tb(error.__traceback__)
    if not trace:
        return type(error).__name__
    last = trace[-1]
    file = "/".join(Path(last.filename).parts[-2:])
    return f"{type(error).__name__} at {file}:{last.lineno} in {last.name}"


def _traced(error: BaseException) -> Iterator[str]:
    if error.__cause__ is not None:
        yield from _traced(error.__cause__)
        yield "which caused\n"
    yield f"{type(error).__name__}\n"
    yield from traceback.format_tb(error.__traceback__)
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _traced(each)
