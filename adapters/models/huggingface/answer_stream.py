"""How an answer's stream goes, and how it ends. A pure machine: pieces in, what is passed on out."""

import re
from collections.abc import Iterator

from adapters.models.huggingface.failures import Failure, meaning
from adapters.models.huggingface.pieces import Piece
from adapters.models.huggingface.seam import Seam
from adapters.models.huggingface.stops import StopCut
from adapters.models.huggingface.thoughts import Cut, ThoughtCut
from bot.conversation.generation import Finished, FinishReason, StartsOver, TakesBack, TextDelta, Thinking
from bot.errors import ModelGaveUp, ModelUnreachable, StreamBroke

REASONS = {
    "stop": FinishReason.END,
    "eos": FinishReason.END,
    "eos_token": FinishReason.END,
    "stop_sequence": FinishReason.END,
    "end_turn": FinishReason.END,
    "length": FinishReason.LENGTH,
    "max_tokens": FinishReason.LENGTH,
    "model_length": FinishReason.LENGTH,
    "content_filter": FinishReason.FILTERED,
}
"""Endings that are one. After any other (`abort`, `error`, `tool_calls`) the answer is not whole."""


NOTHING = Cut()


class AnswerStream:
    """Nothing that comes after its end changes anything: it is `over`. `within`: as `ThoughtCut` says."""

    def __init__(self, seam: Seam, stops: tuple[str, ...], *, sent: str, within: bool = False) -> None:
        self._seam = seam
        self._within = within
        self._thoughts = ThoughtCut(within=within)
        self._stop_texts = stops
        self._stops = StopCut(stops)
        self._sent = sent
        self._begun = False
        self._blanks: list[str] = []
        self._reasoned = False
        self._finish = ""
        self._failure: object = None

    @property
    def over(self) -> bool:
        """Whether the server has said how it ends, or the answer came to a stop."""
        return bool(self._finish or self._failure)

    @property
    def begins_within(self) -> bool | None:
        """Whether this model's answers begin within reasoning, once this one has shown it."""
        if self._thoughts.ended_alone:
            return True
        return False if self._within and REASONS.get(self._finish) is FinishReason.END else None

    def add(self, piece: Piece) -> Iterator[TextDelta | Thinking | StartsOver | TakesBack]:
        """What is passed on of the next piece."""
        if self.over:
            return
        self._failure, self._finish = piece.failure, piece.finish.lower()
        cut = self._thoughts.add(piece.text)
        rest = self._thoughts.rest() if self._finish else NOTHING
        thought = cut.thought + rest.thought + len(piece.reasoning)
        self._reasoned = self._reasoned or thought > 0
        if cut.takes_back:
            yield from self._take_back()
        shown = self._stops.text_before_stop(cut.text + rest.text)
        if self._stops.reached:
            self._finish = "stop"
        elif self._finish:
            shown += self._stops.rest()
        following = self._seam.add(shown) + (self._seam.rest() if self._finish else "")
        following = self._without_blank(following)
        if thought or (shown and not following):
            yield Thinking(characters=thought)
        if self._seam.starts_over and not self._begun:
            yield StartsOver()
        if following:
            self._begun = True
            yield TextDelta(text=following)

    def end(self) -> Finished:
        """How it ended, once nothing more comes. Raises the errors under `ModelError`."""
        if self._failure is not None:
            error = meaning(Failure(body=self._failure), self._sent)
            if self._begun and isinstance(error, ModelUnreachable):
                raise ModelGaveUp(str(error))
            raise error
        if not self._finish:
            raise StreamBroke("the stream ended without a finish reason")
        if self._finish not in REASONS:
            word = self._finish if re.fullmatch(r"[\w-]{1,40}", self._finish) else "unknown"
            raise ModelGaveUp(f"finish reason {word}")
        return Finished(reason=REASONS[self._finish])

    def _take_back(self) -> Iterator[TakesBack]:
        """All that has come was reasoning, also where that began in another stream."""
        if self._begun or self._seam.continues:
            yield TakesBack()
        self._begun = False
        self._stops = StopCut(self._stop_texts)
        self._seam.begin_again()

    def _without_blank(self, text: str) -> str:
        """An answer begins with no blank; one that is continued brings that between its halves. Blanks wait:
        reasoning may follow."""
        if self._begun or self._seam.continues:
            return text
        if not text.strip():
            self._blanks.append(text)
            return ""
        blanks, self._blanks = "".join(self._blanks), []
        return text.lstrip() if self._reasoned else f"{blanks}{text}".removeprefix(" ")
