"""Where an answer stops. TGI and transformers' server send the stop along: nobody is to read it. Pure."""

from adapters.models.huggingface.thoughts import overlap


class StopCut:
    """An answer's pieces -> what to show of them. What may be a stop's beginning waits for the next piece."""

    def __init__(self, stops: tuple[str, ...]) -> None:
        self._stops = stops
        self._firsts = frozenset(stop[0] for stop in stops)
        self._held = ""
        self.reached = False

    def text_before_stop(self, piece: str) -> str:
        """What may be shown now that `piece` has come; nothing more once a stop is reached."""
        if self.reached:
            return ""
        text = self._held + piece
        if not any(first in text for first in self._firsts):
            self._held = ""
            return text
        found = [text.index(stop) for stop in self._stops if stop in text]
        if found:
            self.reached, self._held = True, ""
            return text[: min(found)]
        kept = max((overlap(text, stop) for stop in self._stops), default=0)
        self._held = text[len(text) - kept :]
        return text[: len(text) - kept]

    def rest(self) -> str:
        """What waits, once no more pieces come: it was no stop."""
        held, self._held = self._held, ""
        return held
