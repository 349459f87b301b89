"""Whether a text stands inside a code fence, line by line. Pure.

The rules are CommonMark's: three or more backticks or tildes, indented by up to three columns, an end at
least as long as the beginning. Lists and quotes are followed as far as fences need it: a fence may be
indented with its list item, and one inside a quote ends with the quote. Lines come without their line break.
"""

import re
from dataclasses import dataclass

_QUOTE = r" {0,3}> ?"
_BEFORE = rf"(?P<quote>(?:{_QUOTE})*+)(?P<item>(?: *+(?:[-*+]|\d{{1,9}}[.)])[ \t]++)*+)(?P<indent>[ \t]*+)"
_START = re.compile(_BEFORE)
_OPENS = re.compile(_BEFORE + r"(?P<mark>`{3,}+(?=[^`]*\Z)|~{3,}+)(?P<info>.*)", re.DOTALL)
_MAY_OPEN = re.compile(_BEFORE + r"(?:[-*+]|\d{1,9}[.)]?|`{1,2}|`{3,}+[^`]*+|~{1,2}|~{3,}+.*+)?", re.DOTALL)
_ENDS = re.compile(r"(?P<indent>[ \t]*+)(?P<mark>`++|~++)[ \t]*+")
_MAY_END = re.compile(r"[ \t]*+(?:`*+|~*+)[ \t]*+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """An open fence: `quote` begins each of its lines, its end may be indented by up to `reach` columns."""

    quote: str
    indent: int
    mark: str
    info: str
    reach: int

    @property
    def end(self) -> str:
        """The line that closes it."""
        return f"{self.quote}{' ' * self.indent}{self.mark}"

    def reopening(self, longest: int) -> str:
        """The line that opens it once more, with as much of its information as `longest` characters hold."""
        for info in (self.info, self.info.split(" ", 1)[0]):
            if len(self.end) + len(info) <= longest:
                return self.end + info
        return self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a line means depends on the lines before it: the open fence, the list item's indentation.

    A fence whose mark ends beyond column `widest` is none: there would be no room to close and reopen it.
    """

    widest: int
    fence: Fence | None = None
    item: int = 0

    def after(self, line: str) -> "Reading":
        """How the next line is to be read."""
        if self.fence is not None:
            inside = _within(self.fence, line)
            if inside is None:
                return self._with(self.item).after(line)
            return self._with(self.item) if _ends(self.fence, inside) else self
        start = _START.match(line)
        if start is None or start.end() == len(line):
            return self
        item = _columns(start["item"])
        indent = item or _columns(start["indent"])
        outside = self._with(item or min(self.item, indent))
        opens = _OPENS.match(line)
        if opens is None or indent > (item or self.item) + 3:
            return outside
        fence = Fence(
            quote=opens["quote"],
            indent=indent,
            mark=opens["mark"],
            info=opens["info"].rstrip(),
            reach=(item or self.item) + 3,
        )
        return outside._with(outside.item, fence) if len(fence.end) <= self.widest else outside

    def _with(self, item: int, fence: Fence | None = None) -> "Reading":
        """`replace` takes five times as long, and a page may have thousands of lines."""
        if item == self.item and fence is self.fence:
            return self
        return Reading(widest=self.widest, fence=fence, item=item)

    def undecided(self, line: str) -> bool:
        """Whether more of an unfinished line may make it the beginning or the end of a fence."""
        if self.fence is None:
            return _MAY_OPEN.fullmatch(line) is not None
        inside = _within(self.fence, line)
        if inside is None:
            return not line.strip(" >") or _MAY_OPEN.fullmatch(line) is not None
        return _MAY_END.fullmatch(inside) is not None


def _within(fence: Fence, line: str) -> str | None:
    """The line without the quote's signs; `None` when it no longer belongs to the quote."""
    if not fence.quote:
        return line
    depth = fence.quote.count(">")
    quoted = re.match(rf"(?:{_QUOTE}){{{depth}}}+", line)
    return line[quoted.end() :] if quoted else None


def _ends(fence: Fence, line: str) -> bool:
    end = _ENDS.fullmatch(line)
    return (
        end is not None
        and end["mark"][0] == fence.mark[0]
        and len(end["mark"]) >= len(fence.mark)
        and _columns(end["indent"]) <= fence.reach
    )


def _columns(indent: str) -> int:
    return len(indent.expandtabs(4))
