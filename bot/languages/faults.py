"""Which words an error of the model is told in."""

from bot.errors import (
    ContextTooLong,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelSilent,
    ModelUnreachable,
    ModelWaking,
    NoCredits,
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
    StreamBroke: "stream_broke",
}
"""What is said in place of an answer."""


def fault(error: ModelError, *, started: bool) -> str:
    """The phrase for `error`; `started`: below the words that the model had said before it."""
    if started:
        return "fell_silent" if isinstance(error, ModelSilent) else "broke_off"
    return INSTEAD.get(type(error), "model_refused")
