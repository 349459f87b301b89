"""The dry run says exactly what a model would have been sent."""

import asyncio

import pytest

from adapters.models.dry_run import HUMAN_PACE, DryRunGenerator
from bot.conversation.generation import ChatMessage, Finished, Prompt, TextDelta
from bot.conversation.settings import GenerationSettings

pytestmark = pytest.mark.looptime


async def said(text: str) -> str:
    prompt = Prompt(messages=(), text=text, tokens=7)
    pieces = [event async for event in DryRunGenerator().stream(prompt, GenerationSettings(seed=None))]
    assert isinstance(pieces[-1], Finished)
    return "".join(piece.text for piece in pieces if isinstance(piece, TextDelta))


async def test_it_says_the_prompt_to_the_letter_and_the_settings() -> None:
    text = await said("[INST] Why  is\n\tthe sky blue? [/INST]")
    assert "```text\n[INST] Why  is\n\tthe sky blue? [/INST]\n```" in text
    assert (
        "7 tokens; temperature 0.9, max_new_tokens 256, top_p 0.9, repetition_penalty 1.2, seed random"
        in text
    )


async def test_a_prompt_with_a_code_block_stays_inside_its_own() -> None:
    assert "````text\n[INST] ```py\n1\n``` [/INST]\n````" in await said("[INST] ```py\n1\n``` [/INST]")


async def test_an_earlier_answer_of_its_own_is_not_said_again() -> None:
    first = await said("[INST] One? [/INST]")
    messages = (
        ChatMessage(role="user", content="One?"),
        ChatMessage(role="assistant", content=first),
        ChatMessage(role="user", content="Two?"),
    )
    prompt = Prompt(messages=messages, text=f"[INST] One? [/INST] {first}</s>[INST] Two? [/INST]", tokens=7)
    pieces = [event async for event in DryRunGenerator().stream(prompt, GenerationSettings(seed=None))]
    second = "".join(piece.text for piece in pieces if isinstance(piece, TextDelta))
    assert "[INST] One? [/INST] This is a dry run" in second
    assert " …</s>[INST] Two? [/INST]" in second
    assert len(second) < 2 * len(first)


async def test_it_writes_at_a_human_pace() -> None:
    await said("word " * 300)
    assert asyncio.get_running_loop().time() > 300 / HUMAN_PACE
