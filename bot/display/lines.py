"""The lines of one page, and how each is to be read. Pure."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.display.fences import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a page, from `start` to `end` without its break, and how to read it and the next one."""

    start: int
    end: int
    text: str
    complete: bool
    before: Reading
    after: Reading

    @property
    def opens(self) -> bool:
        return self.after.fence is not None and self.after.fence is not self.before.fence

    @property
    def ends(self) -> bool:
        return self.before.fence is not None and self.after.fence is None

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def held(self) -> bool:
        """Whether the last line of a growing page is better not shown yet: it may become a fence, or just
        did."""
        return self.opens or (not self.complete and self.before.undecided(self.text))


@dataclass(slots=True, kw_only=True)
class Lines:
    """Each is read once, however often the page grows. Of a longer one, the first `limit` letters say what it
    is. `reading`: how the first one is to be read; `lead`: what stands before it on the page."""

    limit: int
    reading: Reading
    lead: str = ""
    _read: list[Line] = field(default_factory=list)

    def forwards(self, window: str) -> Iterator[Line]:
        """Those of the page's beginning."""
        known = self._known(window)
        yield from self._read[:known]
        yield from self._fresh(window, known)

    def backwards(self, window: str) -> Iterator[Line]:
        """The same, the last one first: what was read before is not looked through again."""
        known = self._known(window)
        yield from reversed(list(self._fresh(window, known)))
        for number in range(known - 1, -1, -1):
            yield self._read[number]

    def _known(self, window: str) -> int:
        """How many of those that have been read stand whole in the window."""
        return bisect_left(self._read, len(window), key=lambda line: line.end)

    def _fresh(self, window: str, known: int) -> Iterator[Line]:
        """Those behind the ones that are known."""
        last = self._read[known - 1] if known else None
        reading, start = (last.after, last.end + 1) if last else (self.reading, 0)
        while start < len(window):
            found = window.find("\n", start)
            end = found if found >= 0 else len(window)
            text = window[start : min(end, start + self.limit)]
            if start == 0:
                text = self.lead + text
            after = reading.after(text)
            if start == 0 and after.item < reading.item:
                # The indentation of a page's first line is not shown, so it does not end a list.
                after = Reading(widest=after.widest, fence=after.fence, item=reading.item)
            complete = found >= 0 or len(text) >= self.limit
            line = Line(start=start, end=end, text=text, complete=complete, before=reading, after=after)
            if found >= 0 and start == (self._read[-1].end + 1 if self._read else 0):
                self._read.append(line)
            yield line
            reading = after
            start = end + 1


def closing(reading: Reading) -> str:
    """The line that closes a fence which is open there."""
    return f"\n{reading.fence.end}" if reading.fence is not None else ""
