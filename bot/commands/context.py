"""What a verb's function is given, and what it gives."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

from bot.conversation.events import Invoked
from bot.conversation.generation import OfferedModel
from bot.conversation.requests import Request
from bot.conversation.settings import GenerationSettings
from bot.conversation.views import Notice, Outcome
from bot.languages import Say
from bot.ports import Meter, Store, unmeasured


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything that verbs work on.

    `defaults`: how the model writes where nobody has said otherwise. `models`: those on offer, the first one
    by default. `tokens` counts those of a text. `everyone`: anybody in a channel may change its settings, not
    only those who manage it. `alone`: the platforms where there is nobody else (`PlatformLimits`). `now`: the
    time in seconds since 1970. `meter` counts ratings.
    """

    store: Store
    defaults: GenerationSettings
    models: Sequence[OfferedModel]
    tokens: Callable[[str], int]
    everyone: bool
    history_days: int
    alone: Collection[str]
    now: Callable[[], float]
    meter: Meter = unmeasured


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What comes of a verb: something to say, something to be done in the conversation, or both.

    `already`: what is said when the request waits or was done already.
    """

    notice: Notice | None = None
    request: Request | None = None
    already: str = ""


Handler = Callable[[Invoked, Context, Say], Awaitable[Response]]
"""Does what one verb says, for somebody who speaks this language. Raises `StoreUnavailable`."""


def plain(text: str, outcome: Outcome = Outcome.SAID) -> Response:
    """A plain answer to one person."""
    return Response(notice=Notice(text=text, outcome=outcome))
