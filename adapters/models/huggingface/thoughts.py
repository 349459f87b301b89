"""Reasoning that stands in the text, up to `</think>`: nobody is to read it. Pure.

Models begin it with `<think>` where an answer or a line of it begins. Templates that end the prompt with that
tag leave the other one alone: all that stands before it is reasoning, and may have been shown by then.
"""

import re
from dataclasses import dataclass

from adapters.models.huggingface.seam import OPENING

OPEN, CLOSE = "<think>", "</think>"
MARK = re.compile("</?think>")
FENCE = re.compile("`{3,}|~{3,}")
LONGEST_FENCE = 20
QUOTES = f"{OPENING}\"'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What to show, and how many characters of reasoning came: fewer than none where some were none after
    all. `takes_back`: what was shown before was reasoning."""

    text: str = ""
    thought: int = 0
    takes_back: bool = False


class ThoughtCut:
    """An answer's pieces -> what to show of them. A mark that is cut in two waits for the next piece.

    `within`: the model's answers are known to begin within reasoning. One that never ends it was none.
    """

    def __init__(self, *, within: bool = False) -> None:
        self._held = ""
        self._thinking = within
        self._unsure: list[str] | None = [] if within else None
        self._place = _Place()
        self._shown = 0
        self._marked = False
        self.ended_alone = False
        """Whether reasoning came to its end that had no beginning."""

    def add(self, piece: str) -> Cut:
        """What may be shown now that `piece` has come."""
        text, self._held = self._held + piece, ""
        shown: list[str] = []
        thought, at, takes_back = 0, 0, False
        while at < len(text):
            before, mark, at = self._up_to_mark(text, at)
            if self._thinking:
                thought += len(before)
                self._think(before, mark)
                continue
            self._show(before, shown)
            if mark == CLOSE and self._ends_what_stands(text[at : at + 1]):
                if at == len(text) and self._place.is_unclear:
                    self._held = mark
                    break
                thought, takes_back = thought + self._shown, True
                self.ended_alone = self._shown > 0
                self._shown, self._place = 0, _Place()
                shown.clear()
            elif mark == OPEN and self._place.begins_line:
                self._thinking = True
            else:
                self._show(mark, shown)
            self._marked = self._marked or bool(mark)
        return Cut(text="".join(shown), thought=thought, takes_back=takes_back)

    def rest(self) -> Cut:
        """What waits, once no more pieces come: it was no mark, or no reasoning at all."""
        held, self._held = self._held, ""
        if not self._thinking:
            return Cut(text=held)
        text = "".join(self._unsure or ())
        if not text or text.lstrip().startswith(OPEN):
            return Cut()
        return Cut(text=text + held, thought=-len(text))

    def _up_to_mark(self, text: str, at: int) -> tuple[str, str, int]:
        """The text up to the next mark, that mark, and where it ends; what may be one's beginning is held."""
        if text.find(OPEN[0], at) < 0:  # as both marks begin
            return text[at:], "", len(text)
        found = text.find(CLOSE, at) if self._thinking else -1
        if found >= 0:
            return text[at:found], CLOSE, found + len(CLOSE)
        if not self._thinking and (match := MARK.search(text, at)):
            return text[at : match.start()], match[0], match.end()
        kept = max(overlap(text[at:], mark) for mark in (CLOSE, "" if self._thinking else OPEN))
        self._held = text[len(text) - kept :]
        return text[at : len(text) - kept], "", len(text)

    def _think(self, before: str, mark: str) -> None:
        if self._unsure is not None:
            self._unsure.append(before)
        if mark:
            self.ended_alone = self._unsure is not None
            self._thinking, self._unsure, self._marked = False, None, True

    def _show(self, text: str, shown: list[str]) -> None:
        shown.append(text)
        self._place.add(text)
        self._shown += len(text) if self._shown else len(text.lstrip())

    def _ends_what_stands(self, after: str) -> bool:
        """Whether a `</think>` is the end of reasoning, not a word about it. Only the answer's first mark may
        be. In the middle of a line, with a blank before it, it is a word."""
        if self._marked or self._place.in_code:
            return False
        return not self._place.is_unclear or after in ("", "\r", "\n")


@dataclass(slots=True)
class _Place:
    """Where a text has come to. `_opening`: its last line's first characters that are no blank."""

    _opening: str = ""
    _ticks: int = 0
    _last: str = ""
    _fence: str = ""

    @property
    def begins_line(self) -> bool:
        return not self._opening and not self._fence

    @property
    def in_code(self) -> bool:
        return bool(self._fence) or self._ticks % 2 == 1

    @property
    def is_unclear(self) -> bool:
        """Whether what follows stands here as a word would."""
        return bool(self._opening) and (self._last.isspace() or self._last in QUOTES)

    def add(self, text: str) -> None:
        line, *others = text.split("\n")
        self._continue(line)
        for line in others:
            self._end_line()
            self._continue(line)

    def _continue(self, text: str) -> None:
        self._opening = (self._opening + text).lstrip()[:LONGEST_FENCE]
        self._ticks += text.count("`")
        self._last = text[-1:] or self._last

    def _end_line(self) -> None:
        """A fence ends at one that is as long."""
        if self._fence:
            self._fence = "" if self._opening.startswith(self._fence) else self._fence
        elif found := FENCE.match(self._opening):
            self._fence = found[0]
        self._opening, self._ticks = "", 0


def overlap(text: str, mark: str) -> int:
    """How many characters at the text's end are the mark's first."""
    at = text.find(mark[0], max(0, len(text) - len(mark) + 1)) if mark else -1
    while at >= 0:
        if mark.startswith(text[at:]):
            return len(text) - at
        at = text.find(mark[0], at + 1)
    return 0
