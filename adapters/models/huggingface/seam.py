"""Where an answer is continued: one text of two halves, whatever the server makes of the first. Pure."""

import unicodedata

SURE = 20
"""Characters that two texts begin with alike by no accident."""

CLOSING = ",.;:!?)]}%\"'\N{HORIZONTAL ELLIPSIS}\N{RIGHT SINGLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
OPENING = "([{/\N{LEFT SINGLE QUOTATION MARK}\N{LEFT DOUBLE QUOTATION MARK}"


class Seam:
    """The pieces that a server sends behind an answer's `beginning` -> those that follow it.

    A server that can't go on may say the beginning again: its pieces wait while they are the same.
    `in_words`: it was asked to go on by a message of its own, and so brings no blank between the two.
    """

    def __init__(self, beginning: str, *, in_words: bool) -> None:
        self._beginning = beginning
        self._in_words = in_words
        self._said = beginning.lstrip()
        self._held: list[str] = []
        self._same = 0
        self._waiting = bool(beginning)
        self.repeats = False
        """Whether the server has said the beginning again."""
        self.starts_over = False
        """Whether it has then said something else: what follows is another text, not the rest of this one."""

    @property
    def continues(self) -> bool:
        """Whether what follows is the rest of a text, not one of its own."""
        return bool(self._beginning) and not self.starts_over

    def add(self, piece: str) -> str:
        """What may be shown now that `piece` has come."""
        if not self._waiting:
            return piece
        self._held.append(piece)
        fresh = piece if self._same else piece.lstrip()
        if self._said.startswith(fresh, self._same) and self._same + len(fresh) < len(self._said):
            self._same += len(fresh)
            return ""
        self._waiting = False
        new, old = "".join(self._held).lstrip(), self._said
        if new.startswith(old) and self._is_repetition(old):
            self.repeats = True
            return new[len(old) :]
        if not new.startswith(old) and new.startswith(old[:SURE]) and len(old) >= SURE:
            self.repeats = self.starts_over = True
            return new
        return self._joined()

    def begin_again(self) -> None:
        """What has come was none of the text."""
        self._held, self._same = [], 0
        self._waiting = bool(self._beginning)
        self.repeats = self.starts_over = False

    def rest(self) -> str:
        """What waits, once no more pieces come: nothing new, if it was the beginning once more."""
        if not self._waiting:
            return ""
        self._waiting = False
        self.repeats = self._is_repetition("".join(self._held).lstrip())
        return "" if self.repeats else self._joined()

    def _is_repetition(self, same: str) -> bool:
        """A text that goes on brings its blank, or is the rest of a word."""
        return bool(same) and (len(same) >= SURE or not "".join(self._held)[:1].isspace())

    def _joined(self) -> str:
        held = "".join(self._held)
        blank = " " if self._in_words and needs_blank(self._beginning, held) else ""
        return blank + held


def needs_blank(before: str, after: str) -> bool:
    """Whether two halves of a text are two words where they meet."""
    if not before or not after:
        return False
    last, first = before[-1], after[0]
    if last.isspace() or first.isspace() or last in OPENING or first in CLOSING:
        return False
    return not (_spaceless(last) and _spaceless(first))


def _spaceless(character: str) -> bool:
    """Chinese and Japanese put no blanks between words."""
    return unicodedata.east_asian_width(character) in "WF"
