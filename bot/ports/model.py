"""A model, and what counts its tokens."""

from collections.abc import AsyncGenerator
from typing import Protocol

from bot.conversation.generation import Prompt, StreamEvent
from bot.conversation.settings import GenerationSettings


class Model(Protocol):
    """A model. Closing the stream (`aclose`) ends the request at the server."""

    @property
    def continues(self) -> bool:
        """Whether it goes on from `Prompt.beginning` as if it had not been interrupted."""

    def ignored(self, settings: GenerationSettings) -> tuple[str, ...]:
        """Those of the settings that have no effect, as far as is known: its server refuses them."""

    def stream(self, prompt: Prompt, settings: GenerationSettings) -> AsyncGenerator[StreamEvent, None]:
        """The answer's pieces, then `Finished`. Raises the errors under `ModelError`.

        It calls `going_out` as each of its requests goes out, and lets pass what that raises.
        """


class Tokenizer(Protocol):
    """Counts the model's tokens."""

    def count(self, text: str) -> int:
        """How many tokens `text` is, without BOS or EOS. Equal texts are counted once."""

    def head(self, text: str, tokens: int) -> str:
        """The longest beginning of `text` of at most `tokens` tokens."""
