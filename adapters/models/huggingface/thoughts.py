"""What a model thinks aloud before it answers, between `<think>` and `</think>`: for nobody to read. Pure."""

OPEN, CLOSE = "<think>", "</think>"


class Thoughts:
    """An answer's pieces -> what of each is the answer. Only where it begins so: later such words are its
    own."""

    def __init__(self) -> None:
        self._held = ""
        self._inside = False
        self._over = False

    def part(self, piece: str) -> tuple[str, int]:
        """The answer's part of what is known now that `piece` has come, and how many characters of it were
        thought."""
        if self._over:
            return piece, 0
        text, self._held = self._held + piece, ""
        if not self._inside:
            begun = text.lstrip()
            if not begun.startswith(OPEN):
                if OPEN.startswith(begun):
                    self._held = begun
                    return "", 0
                self._over = True
                return text, 0
            self._inside, text = True, begun[len(OPEN) :]
        thought, close, answer = text.partition(CLOSE)
        if close:
            self._over = True
            return answer.lstrip(), len(thought)
        kept = next((n for n in range(len(CLOSE) - 1, 0, -1) if text.endswith(CLOSE[:n])), 0)
        self._held = text[len(text) - kept :]
        return "", len(text) - kept

    def rest(self) -> str:
        """What waits, once no more pieces come: it was no thought."""
        held, self._held = self._held, ""
        return "" if self._inside else held
