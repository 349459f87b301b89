"""Everything that goes wrong, as one tree. Each error says what the bot does about it.

    MixtralBotError
    ├── ModelError              the person is told in words; the answer ends
    │   ├── ModelBusy           retried before the first word, after `retry_after`
    │   ├── ModelUnreachable    retried likewise
    │   ├── ModelWaking         waited for, and the person sees that
    │   ├── TokenRefused        told: the operator must set another token
    │   ├── UnknownModel        told: no server or provider has this model
    │   ├── NoCredits           told
    │   ├── ContextTooLong      told: the server's window is smaller than we were told
    │   ├── ModelRefused        told: the server does not take this request
    │   ├── LineFull            told how many wait: it was not asked
    │   ├── NotSent             asked later, if the question is still this process's then
    │   ├── ModelSilent         no word in time, or none any more: what was shown stays
    │   ├── ModelGaveUp         the server ended it before its end: what was shown stays
    │   └── StreamBroke         cut off in mid-answer: the same model goes on once where it can, unseen
    ├── PlatformError
    │   ├── Gone                somebody deleted it: the answer ends quietly, the model is stopped
    │   ├── Forbidden           the bot may not write there: the person is told where they can be
    │   │   └── AccessLost      nor anywhere, for its own access is broken: they are told that it is
    │   ├── ContentRefused      not this text: what stands there is settled, with a line that says why
    │   ├── TooFast             the pacer waits for `retry_after`, the text is shown then
    │   └── PlatformFailed      tried again a few times; then the person is told, if they can be
    └── StoreError
        ├── LeaseLost           another process has the conversation: this one lets go at once
        ├── Interrupted         the question was deleted or edited meanwhile: so is what became of it
        └── StoreUnavailable    the person is told, nothing is half done
            └── StoreFull       the person is told to ask again later; what was taken on goes on

A library's own exceptions stop at its adapter: `raise ModelBusy(...) from theirs`.
No message of an error carries a token or what people wrote: they reach the log.
"""

import re
from typing import Literal

from bot.conversation.requests import Interruption


class MixtralBotError(Exception):
    """The root of what the bot raises itself."""

    @property
    def kind(self) -> str:
        """The word for it in counts: of an adapter's own error, that of the one above it in the tree."""
        return word_for(next(each for each in type(self).__mro__ if each.__module__ == __name__))


def word_for(error: type[MixtralBotError]) -> str:
    """As in `kind`, for one of this tree."""
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", error.__name__).lower()
    return re.sub("^(model|platform|store)_", "", words)


class ModelError(MixtralBotError):
    """The model gave no answer, or no whole one."""


class ModelBusy(ModelError):
    """Overloaded or rate limited. `retry_after`: seconds that the server asks for, where it does."""

    def __init__(self, detail: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class ModelUnreachable(ModelError):
    """No connection, or a server error before the first word."""


class ModelWaking(ModelError):
    """The endpoint scales up from zero. `estimated`: seconds, by its own guess, where it makes one."""

    def __init__(self, detail: str = "", *, estimated: float | None = None) -> None:
        super().__init__(detail)
        self.estimated = estimated


class TokenRefused(ModelError):
    """No token, a wrong one, or one without the right."""


class UnknownModel(ModelError):
    """The server does not have this model, or no provider serves it."""


class NoCredits(ModelError):
    """The account's credits are used up."""


class ContextTooLong(ModelError):
    """The server says that prompt and answer do not fit its window."""


class ModelRefused(ModelError):
    """The server does not take the request, for another reason."""


class LineFull(ModelError):
    """So many wait for the model already as may. `seconds`: how long it takes until they have been answered,
    as far as that is known."""

    def __init__(self, waiting: int, *, seconds: float | None) -> None:
        super().__init__(f"{waiting} wait already")
        self.waiting = waiting
        self.seconds = seconds


class NotSent(ModelError):
    """The request was not sent: another process may have the question by now."""


class ModelSilent(ModelError):
    """A deadline passed: for the first word, between two, or for the whole."""


class ModelGaveUp(ModelError):
    """The server said that it ends here, and not because the answer does."""


class StreamBroke(ModelError):
    """The stream ended without a last word."""


class PlatformError(MixtralBotError):
    """A chat platform did not do what it was asked."""


class Gone(PlatformError):
    """The channel or message was deleted: there is nobody to show anything to."""


class Forbidden(PlatformError):
    """The bot may not write in this place. The message names what it lacks and how to give it."""


class AccessLost(Forbidden):
    """The platform refuses the bot itself: its token, its scopes, the address it calls from. The place is not
    to blame, and whoever runs the bot has to mend it; the message says how."""


class ContentRefused(PlatformError):
    """The platform does not take this text, however often it is sent. `blocked`: by the place's own rules,
    so it must not be handed out another way; else it is too long or not well-formed for the platform."""

    def __init__(self, detail: str, *, blocked: bool) -> None:
        super().__init__(detail)
        self.blocked = blocked


class TooFast(PlatformError):
    """A rate limit was hit after all. `retry_after`: seconds; `scope`: whether it is the one of this kind of
    call in this place, one for the whole bot, or none of the platform's: the call was `ours` to put off."""

    def __init__(self, retry_after: float, *, scope: Literal["bucket", "bot", "ours"] = "bucket") -> None:
        super().__init__(f"rate limited for {retry_after:.1f} s")
        self.retry_after = retry_after
        self.scope = scope


class PlatformFailed(PlatformError):
    """An error of the platform or the network that may pass."""


class StoreError(MixtralBotError):
    """The conversation store did not do what it was asked."""


class LeaseLost(StoreError):
    """The lease ran out and another process took over."""


class Interrupted(StoreError):
    """The question is no longer what it was when its answer began. `how`: what became of it."""

    def __init__(self, how: Interruption) -> None:
        super().__init__(how)
        self.how = how


class StoreUnavailable(StoreError):
    """The store does not answer."""


class StoreFull(StoreUnavailable):
    """The store answers, and takes nothing from anybody before its operator makes room."""
