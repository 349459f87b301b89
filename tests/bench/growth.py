"""How an answer grew for its reader: how far behind the model, and whether it came whole. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.bench.model import WORD

Texts = Sequence[tuple[float, str]]
"""What stood in a message, and since when."""

Steps = Sequence[tuple[float, int]]
"""How many of the answer's words stood there from when on, on this machine's clock; in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What was seen of one answer. `tag`: its question's, which was asked at `asked_at`."""

    tag: str
    asked_at: float
    seen: Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """The same beside what the model wrote: `written`, when each token was."""

    asked_at: float
    written: Sequence[float]
    seen: Steps

    @property
    def whole(self) -> bool:
        """Whether all of it stood there at the end."""
        return bool(self.seen and self.written) and self.seen[-1][1] >= len(self.written)

    @property
    def first_words(self) -> float | None:
        """Seconds from the question to the first of them."""
        return next((at - self.asked_at for at, count in self.seen if count), None)

    @property
    def last_words(self) -> float | None:
        """Seconds from the model's end until all stood there."""
        whole = (at for at, count in self.seen if count >= len(self.written))
        return next((at - self.written[-1] for at in whole), None) if self.written else None

    @property
    def delays(self) -> Sequence[float]:
        """Of each token that was seen, how long after it was written."""
        delays: list[float] = []
        for at, count in self.seen:
            delays += [at - written for written in self.written[len(delays) : count]]
        return delays


def words(text: str) -> int:
    """How many of the model's words a text shows."""
    return len(WORD.findall(text))


def steps(messages: Iterable[Texts]) -> Steps:
    """Of the texts that stood in each message of an answer, and since when: how many words there were in all.
    A message may lose words to the next one; the sum is what a reader has."""
    events = sorted((at, number, words(text)) for number, texts in enumerate(messages) for at, text in texts)
    latest: dict[int, int] = {}
    seen: list[tuple[float, int]] = []
    for at, number, count in events:
        latest[number] = count
        seen.append((at, sum(latest.values())))
    return seen
