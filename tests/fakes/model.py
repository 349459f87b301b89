"""A model that says what it was given to say, at a pace, and knows when its stream was closed."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from bot.conversation.generation import Finished, FinishReason, Prompt, TextDelta
from bot.conversation.settings import GenerationSettings
from bot.errors import ModelError


class Speaker:
    """`ends_with` comes after the pieces: a reason, or an error that is raised instead."""

    def __init__(
        self,
        pieces: Sequence[str],
        *,
        every: float = 0.1,
        ends_with: FinishReason | ModelError = FinishReason.END,
    ) -> None:
        self.pieces = pieces
        self.every = every
        self.ends_with = ends_with
        self.prompts: list[Prompt] = []
        self.settings: list[GenerationSettings] = []
        self.speaking = 0
        self.most_speaking = 0

    async def stream(
        self, prompt: Prompt, settings: GenerationSettings
    ) -> AsyncGenerator[TextDelta | Finished, None]:
        self.prompts.append(prompt)
        self.settings.append(settings)
        self.speaking += 1
        self.most_speaking = max(self.most_speaking, self.speaking)
        try:
            for piece in self.pieces:
                await asyncio.sleep(self.every)
                yield TextDelta(text=piece)
            if isinstance(self.ends_with, ModelError):
                raise self.ends_with
            yield Finished(reason=self.ends_with)
        finally:
            self.speaking -= 1


class Words:
    """Counts a word as a token."""

    def count(self, text: str) -> int:
        return len(text.split())

    def head(self, text: str, tokens: int) -> str:
        return " ".join(text.split()[:tokens])


def anywhere(text: str, index: int) -> int:
    """A boundary between any two characters."""
    return index
