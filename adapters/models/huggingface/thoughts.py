"""Reasoning that stands in the text, between `<think>` and `</think>`: nobody is to read it. Pure."""

OPEN, CLOSE = "<think>", "</think>"


class ThoughtCut:
    """An answer's pieces -> what to show of them. A mark that is cut in two waits for the next piece.

    In code it is no mark: an answer may be about it.
    """

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False
        self._in_code = False

    def add(self, piece: str) -> tuple[str, int]:
        """What may be shown now that `piece` has come, and how many characters of reasoning came."""
        text, self._held = self._held + piece, ""
        shown, thought = "", 0
        while text:
            mark = CLOSE if self._thinking else OPEN
            before, found, after = text.partition(mark)
            if not found:
                kept = overlap(before, mark)
                before, self._held = before[: len(before) - kept], before[len(before) - kept :]
            if self._thinking:
                thought += len(before)
                self._thinking = not found
            else:
                self._in_code ^= before.count("`") % 2 == 1
                shown += before
                if found and self._in_code:
                    shown += found
                elif found:
                    self._thinking = True
            text = after
        return shown, thought

    def rest(self) -> str:
        """What waits, once no more pieces come: it was no mark."""
        held, self._held = self._held, ""
        return "" if self._thinking else held


def overlap(text: str, mark: str) -> int:
    """How many characters at the text's end are the mark's first."""
    return next((n for n in range(min(len(mark) - 1, len(text)), 0, -1) if text.endswith(mark[:n])), 0)
