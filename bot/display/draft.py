"""The answer so far, as pages that fit the platform's messages. Pure.

What a page shows (`Page.text`) is a slice of the answer (`Page.body`) plus what its reader needs: a code
fence that the split cut is closed at the end of one page and opened again, with its language, on the next.
The bodies of all pages, joined, are the answer, to the letter.

Where a page ends is decided as soon as it overflows, from the letters at hand alone and only if no letter to
come could change it. So a full page stays as it is, and the pages do not depend on the pieces in which the
text arrived.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.conversation.views import Page
from bot.display.fences import Reading
from bot.display.lines import Line, Lines, closing

Boundary = Callable[[str, int], int]
"""`boundary(text, index)`: the last grapheme boundary of `text` at or before `index`."""

STEP = 2000
"""Characters that are read at once: some milliseconds at most."""

_SPACES = re.compile(r"\s*+")
_SENTENCE = re.compile(r"""[.!?…]["'”’»)\]*_]*(?=\s)|[。！？]""")  # noqa: RUF001  # they end Chinese sentences
_WORD = re.compile(r"(?=\s)")
_LOOKS_FENCED = re.compile(r"[ \t]*+[`~]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Split:
    """A page shows the letters up to `shown`, the next one begins at `end`."""

    shown: int
    end: int
    reading: Reading


class Draft:
    """Text comes in at one end, pages of at most `limit` (50 or more) code points stand at the other.

    A page ends with a paragraph, else a line, a sentence, a word, as long as it stays at least half full;
    else with a grapheme; only a grapheme longer than a page is cut. White space between two pages is in
    their bodies and not shown; in a code block that is the line break alone.
    """

    def __init__(self, limit: int, boundary: Boundary) -> None:
        self._limit = limit
        self._boundary = boundary
        # A page may end just before a line that begins behind its last letter.
        self._sight = 2 * limit + 2
        self._pieces: list[str] = []
        self._waiting = 0  # characters of them
        self._rest = ""  # what is on no full page yet
        self._solid = 0  # how long it is up to its last visible letter
        self._full: list[Page] = []
        self._head = ""  # what stands on the open page before the rest
        self._lines = Lines(limit=min(limit, STEP), reading=Reading(widest=limit // 5))
        self._drawn: dict[bool, tuple[Page, ...]] = {}  # as it stands, by `final`

    def append(self, text: str) -> None:
        """Add the next piece."""
        self._pieces.append(text)
        self._waiting += len(text)
        self._drawn.clear()

    def read(self) -> bool:
        """Read on in what was added, as much as may be done at once; whether there is more. Nobody need call
        it: so a long text that comes in one piece lets others have their turn."""
        if self._waiting <= STEP:
            return False
        fresh = "".join(self._pieces)
        self._pieces = [fresh[:STEP]]
        self._fill_pages(final=False)
        next(self._lines.backwards(self._shown()), None)  # from now on it is known how its lines are read
        self._pieces, self._waiting = [fresh[STEP:]], len(fresh) - STEP
        return True

    def pages(self, final: bool = False) -> tuple[Page, ...]:
        """All pages; none shows white space alone, and a text of nothing else has none.

        Until `final`, an unfinished line that may turn out to be a fence is held back, and so are the few
        letters that overflow the last page before it is sure where it ends. Only the last page is computed
        again, and only if a piece has come.
        """
        if final not in self._drawn:
            self._drawn = {final: self._draw(final)}
        return self._drawn[final]

    def _draw(self, final: bool) -> tuple[Page, ...]:
        self._fill_pages(final)
        last = self._open_page(final)
        return tuple(self._full) if last is None else (*self._full, last)

    def _fill_pages(self, final: bool) -> None:
        self._take_in()
        done = 0
        while (split := self._overflow(done, final)) is not None:
            done = self._fill(done, split)
        self._rest = self._rest[done:]
        self._solid -= done

    def _take_in(self) -> None:
        fresh = "".join(self._pieces)
        self._pieces.clear()
        self._waiting = 0
        if visible := fresh.rstrip():
            self._solid = len(self._rest) + len(visible)
        self._rest += fresh

    def _first(self, start: int) -> int:
        """Where the page that begins at `start` shows its first letter: white space counts in fences only."""
        if self._lines.reading.fence is not None:
            return start
        if start >= self._solid:
            return len(self._rest)
        spaces = _SPACES.match(self._rest, start)
        return spaces.end() if spaces else start

    def _overflow(self, start: int, final: bool) -> _Split | None:
        """How the page that begins at `start` ends; `None` when all fits, or when it is too early to say."""
        first = self._first(start)
        window = self._rest[first : first + self._sight]
        if len(self._head) + self._solid - first <= self._limit:
            if not final or self._fits(self._rest[first : self._solid]):
                return None
            return self._split(window, whole=True)
        return self._split(window, whole=final and len(self._rest) <= first + len(window))

    def _fits(self, shown: str) -> bool:
        last = next(self._lines.backwards(shown), None)
        reading = self._lines.reading if last is None else last.after
        return len(self._head) + len(shown) + len(closing(reading)) <= self._limit

    def _fill(self, start: int, split: _Split) -> int:
        """Make a full page; where the next one begins."""
        first = self._first(start)
        text = self._text(self._rest[first : first + split.shown], split.reading)
        end = first + split.end
        self._full.append(Page(number=len(self._full), body=self._rest[start:end], text=text, full=True))
        lead = self._head = ""
        if (fence := split.reading.fence) is not None:
            lead = fence.quote if self._rest[end - 1] != "\n" else ""
            self._head = f"{fence.reopening(self._limit // 4)}\n{lead}"
        self._lines = Lines(limit=min(self._limit, STEP), reading=split.reading, lead=lead)
        return end

    def _shown(self) -> str:
        """What is on no full page, without the blanks around it that are not shown."""
        return self._rest[self._first(0) : max(0, self._solid)]

    def _open_page(self, final: bool) -> Page | None:
        first, end, shown = self._first(0), len(self._rest), self._shown()
        if not shown:
            return None
        lines = self._lines.backwards(shown)
        last = next(lines)
        if not final:
            while last.held or last.blank:
                end = first + last.start
                if (before := next(lines, None)) is None:
                    return None
                last = before
            shown = shown[: last.end]
        reading = last.after
        if not final and len(self._head) + len(shown) + len(closing(reading)) > self._limit:
            window = self._rest[first : min(end, first + self._sight)]
            split = self._split(window, whole=True)
            if split is None:
                return None
            end, shown, reading = first + split.end, shown[: split.shown], split.reading
        return Page(
            number=len(self._full),
            body=self._rest[:end],
            text=self._text(shown, reading),
            full=final,
            final=final,
        )

    def _text(self, shown: str, reading: Reading) -> str:
        if reading.fence is None:
            shown = shown.rstrip()
        return f"{self._head}{shown}{closing(reading)}"

    def _split(self, window: str, *, whole: bool) -> _Split | None:
        """Where a page that shows the beginning of `window` ends; `whole`: nothing comes after it.

        `None` while an unfinished line leaves it open.
        """
        room = self._limit - len(self._head)
        half = self._limit // 2 - len(self._head)
        paragraph = line_end = anywhere = forced = None
        previous: Line | None = None
        for line in self._lines.forwards(window):
            if not (line.complete or whole) and line.before.undecided(line.text):
                return None
            if previous is not None:
                here = _Split(shown=previous.end, end=line.start, reading=line.before)
                forced = here
                if not previous.opens and not line.ends:
                    anywhere = here
                    if here.shown >= half:
                        line_end = here
                        if line.before.fence is None and (
                            previous.blank or previous.ends or line.blank or line.opens
                        ):
                            paragraph = here
            if line.end + len(closing(line.after)) > room:
                break
            previous = line
        if better := paragraph or line_end:
            return better
        inside = None if line.opens or line.ends else self._split_line(window, line, room, half)
        return inside or anywhere or forced or self._cut_line(window, line, room)

    def _split_line(self, window: str, line: Line, room: int, half: int) -> _Split | None:
        """The best place inside of a line that is no fence."""
        reading = line.before
        most = room - len(closing(reading))
        least = max(half, line.start + 1)
        for pattern in (_SENTENCE, _WORD) if reading.fence is None else (_WORD,):
            ends = [match.end() for match in pattern.finditer(window, least - 1, most + 1)]
            for end in reversed(ends):
                if least <= end <= most and self._may_part(window, end):
                    return _Split(shown=end, end=end, reading=reading)
        end = last = self._boundary(window, most)
        while end > least and not self._may_part(window, end):
            end = self._boundary(window, end - 1)
        if end < least or not self._may_part(window, end):
            end = last
        return _Split(shown=end, end=end, reading=reading) if end > line.start else None

    def _may_part(self, window: str, index: int) -> bool:
        """Whether the next page may begin here: not in a grapheme, nor with what would pass for a fence."""
        return not _LOOKS_FENCED.match(window, index) and self._boundary(window, index) == index

    def _cut_line(self, window: str, line: Line, room: int) -> _Split:
        """The end of a page that is nothing but the beginning of one fence's line, or of one grapheme."""
        reading = line.after if line.opens or line.ends else line.before
        most = room - len(closing(reading))
        end = self._boundary(window, most)
        if end <= reading.widest:
            end = most
        return _Split(shown=end, end=end, reading=reading)
