"""Which event loop the bot runs on."""

from asyncio import AbstractEventLoop
from collections.abc import Callable


def loop_factory() -> Callable[[], AbstractEventLoop] | None:
    """What makes it: uvloop where it is installed, else Python itself."""
    try:
        import uvloop  # noqa: PLC0415  # it is not there on every machine
    except ImportError:
        return None
    return uvloop.new_event_loop
