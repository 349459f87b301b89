"""What building a prompt costs: `python -m tests.bench.prompt`."""

import sys
import time

from adapters.models.tokenizer import MixtralTokenizer
from bot.answering.prompt import build_prompt
from bot.conversation.settings import GenerationSettings
from bot.conversation.turns import Turn
from tests.fakes.messages import turn

WINDOW = 32_768


def history(words: int, tokens: int, tokenizer: MixtralTokenizer) -> list[Turn]:
    """Exchanges of `words` words in question and answer each, a little over `tokens` in all."""
    turns: list[Turn] = []
    total = 0
    while total < tokens:
        number = len(turns)
        question = " ".join(f"why{number + word}" for word in range(words))
        answer = "\n".join(f"Because of {number * word}." for word in range(words))
        total += tokenizer.count(question) + tokenizer.count(answer) + 8
        turns.append(turn(question, answer, message=str(number), asked_at=float(number)))
    return turns


def milliseconds(turns: list[Turn], tokenizer: MixtralTokenizer, system: str) -> tuple[float, int]:
    """How long one build took, and the tokens of its prompt."""
    began = time.perf_counter()
    prompt = build_prompt(
        turns,
        "And now?",
        "Ada",
        GenerationSettings(system_prompt=system),
        tokenizer=tokenizer,
        context_tokens=WINDOW,
        name_speakers=True,
    )
    return (time.perf_counter() - began) * 1000, prompt.tokens


def main() -> None:
    """Print one line for each shape of a full window."""
    for words, system in ((10, ""), (10, "Be brief. " * 50), (200, "Be brief.")):
        tokenizer = MixtralTokenizer()
        turns = history(words, WINDOW, tokenizer)
        cold_tokenizer = MixtralTokenizer()
        cold_tokenizer.count("the vocabulary is read here")
        cold, tokens = milliseconds(turns, cold_tokenizer, system)
        known = sorted(milliseconds(turns, cold_tokenizer, system)[0] for _ in range(50))
        sys.stdout.write(
            f"{tokens} tokens of {len(turns)} exchanges, system prompt of {len(system)} letters: "
            f"counts known {known[25]:.2f} ms (slowest of 50: {known[-1]:.2f} ms), cold {cold:.1f} ms\n"
        )


if __name__ == "__main__":
    main()
