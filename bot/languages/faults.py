"""Which words an error of the model, or of the store, is told in."""

from bot.errors import (
    ContextTooLong,
    ModelBusy,
    ModelError,
    ModelGaveUp,
    ModelRefused,
    ModelSilent,
    ModelUnreachable,
    ModelWaking,
    NoCredits,
    StoreFull,
    StoreUnavailable,
    StreamBroke,
    TokenRefused,
    UnknownModel,
)

INSTEAD = {
    ModelBusy: "model_busy",
    ModelUnreachable: "model_unreachable",
    ModelWaking: "model_waking",
    TokenRefused: "token_refused",
    UnknownModel: "unknown_model",
    NoCredits: "no_credits",
    ContextTooLong: "context_too_long",
    ModelRefused: "model_refused",
    ModelSilent: "model_silent",
    ModelGaveUp: "model_gave_up",
    StreamBroke: "stream_broke",
}
"""What is said in place of an answer."""

BELOW = {
    ModelSilent: "fell_silent",
    ModelGaveUp: "gave_up",
    ModelBusy: "broke_off_busy",
    ContextTooLong: "broke_off_long",
    TokenRefused: "broke_off_token",
    NoCredits: "broke_off_credits",
}
"""What is said below the words that the model had said before."""

BELOW_CUT = frozenset({"broke_off", *BELOW.values()})
"""Below these, the model can be asked to go on."""


def fault(error: ModelError, *, started: bool) -> str:
    """The phrase for `error`; `started`: below the words that the model had said before it."""
    if started:
        return BELOW.get(type(error), "broke_off")
    return INSTEAD.get(type(error), "model_refused")


def store_fault(error: StoreUnavailable) -> str:
    """The phrase for what the store could not take."""
    return "store_full" if isinstance(error, StoreFull) else "store_unavailable"
