"""A `Model` in place of a model: it streams back exactly what the model would have been sent."""

import asyncio
import re
from collections.abc import AsyncGenerator
from dataclasses import asdict

from bot.conversation.generation import Finished, FinishReason, Prompt, StreamEvent, TextDelta
from bot.conversation.settings import GenerationSettings

HUMAN_PACE = 30.0
"""Words a second: about as fast as a hosted Mixtral writes."""

INTRODUCTION = (
    "This is a dry run: no model is set up, so here is what it would have been sent. "
    "Set MODEL_URL or HF_TOKEN for real answers.\n\n"
)


class DryRunGenerator:
    """`pace` in words a second."""

    def __init__(self, *, pace: float = HUMAN_PACE) -> None:
        self._pace = pace

    @property
    def continues(self) -> bool:
        """It says the same again."""
        return False

    def ignored(self, settings: GenerationSettings) -> tuple[str, ...]:
        """None: all are shown."""
        return ()

    async def stream(self, prompt: Prompt, settings: GenerationSettings) -> AsyncGenerator[StreamEvent, None]:
        """What would have been sent, word by word, then `Finished`."""
        for word in re.findall(r"\s*\S+|\s+$", sent(prompt, settings)):
            yield TextDelta(text=word)
            await asyncio.sleep(1 / self._pace)
        yield Finished(reason=FinishReason.END)


def sent(prompt: Prompt, settings: GenerationSettings) -> str:
    """The prompt to the letter in a code block, and the settings that go with it. An earlier dry run's answer
    in it is told by its first words: each would have all those before it in it."""
    text = prompt.text
    for message in prompt.messages:
        if message.role == "assistant" and message.content.startswith(INTRODUCTION.strip()):
            text = text.replace(message.content, f"{message.content.partition('.')[0]} …")
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    values = ", ".join(
        f"{name} {'random' if value is None else value}"
        for name, value in asdict(settings).items()
        if name != "system_prompt"
    )
    return f"{INTRODUCTION}{fence}text\n{text}\n{fence}\n{prompt.tokens} tokens; {values}"
