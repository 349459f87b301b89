"""A model that says what it was given to say, at a pace, and knows when its stream was closed."""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence

from bot.conversation.generation import Finished, FinishReason, Prompt, StreamEvent, TextDelta
from bot.conversation.settings import GenerationSettings
from bot.errors import ModelError
from bot.ports import going_out


class Speaker:
    """`pieces` are the whole answer; where it `continues`, it goes on behind a prompt's beginning.
    `ends_with` comes after the pieces: a reason, or an error that is raised instead. `connects`: seconds
    until its request goes out."""

    def __init__(
        self,
        pieces: Sequence[str],
        *,
        every: float = 0.1,
        ends_with: FinishReason | ModelError = FinishReason.END,
        continues: bool = False,
    ) -> None:
        self.pieces = pieces
        self.every = every
        self.ends_with = ends_with
        self.continues = continues
        self.connects = 0.0
        self.prompts: list[Prompt] = []
        self.settings: list[GenerationSettings] = []
        self.speaking = 0
        self.most_speaking = 0

    def ignored(self, settings: GenerationSettings) -> tuple[str, ...]:
        return ()

    async def stream(self, prompt: Prompt, settings: GenerationSettings) -> AsyncGenerator[StreamEvent, None]:
        await asyncio.sleep(self.connects)
        going_out()
        self.prompts.append(prompt)
        self.settings.append(settings)
        self.speaking += 1
        self.most_speaking = max(self.most_speaking, self.speaking)
        try:
            for piece in self._pieces_after(prompt.beginning):
                await asyncio.sleep(self.every)
                yield TextDelta(text=piece)
            if isinstance(self.ends_with, ModelError):
                raise self.ends_with
            yield Finished(reason=self.ends_with)
        finally:
            self.speaking -= 1

    def _pieces_after(self, beginning: str) -> Sequence[str]:
        whole = "".join(self.pieces)
        if not (self.continues and beginning and whole.startswith(beginning)):
            return self.pieces
        return re.findall(r"\s*\S+|\s+$", whole[len(beginning) :])


class Words:
    """Counts a word as a token."""

    def count(self, text: str) -> int:
        return len(text.split())

    def head(self, text: str, tokens: int) -> str:
        return " ".join(text.split()[:tokens])


def anywhere(text: str, index: int) -> int:
    """A boundary between any two characters."""
    return index
