"""What cutting a growing answer into pages costs, by its length: `python -m tests.bench.draft`."""

import sys
import time

from adapters.graphemes import boundary
from bot.display.draft import Draft

PIECE = 20
"""Letters that come at once; each time the pages are asked for."""

LENGTHS = (20_000, 200_000)

TEXTS = {
    "prose with code": "A sentence of eight words stands here alone.\n\n```py\nprint(1)\n```\n\n",
    "families of emoji": "👨\u200d👩\u200d👧\u200d👦 ",
    "marks of quotation": "> ",
    "backticks": "`",
    "lists": "1. ",
}


def microseconds(text: str) -> float:
    """Of one piece, on average."""
    draft = Draft(2000, boundary)
    began = time.perf_counter()
    for at in range(0, len(text), PIECE):
        draft.append(text[at : at + PIECE])
        draft.pages()
    draft.pages(final=True)
    return (time.perf_counter() - began) / (len(text) / PIECE) * 1e6


def main() -> None:
    """Print one line for each kind of text: a piece costs the same in a long answer as in a short one."""
    for name, part in TEXTS.items():
        costs = [microseconds((part * length)[:length]) for length in LENGTHS]
        of = ", ".join(
            f"{cost:.0f} µs in {length} letters" for cost, length in zip(costs, LENGTHS, strict=True)
        )
        sys.stdout.write(f"pages of {name}, a piece of {PIECE} letters: {of}\n")


if __name__ == "__main__":
    main()
