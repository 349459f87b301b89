"""Where code stands in a text that people wrote, so that nothing is changed in it. Linear in its length."""

import re
from collections.abc import Iterator

_BACKTICKS = re.compile("`+")
_FENCE = 3


def outside_code(
    pattern: re.Pattern[str], text: str, *, inline_lines: bool = True
) -> Iterator[re.Match[str]]:
    """What the pattern finds, but for what touches code. Where it finds nothing, code is not looked for."""
    spans, span = None, None
    for each in pattern.finditer(text):
        if spans is None:
            spans = code_spans(text, inline_lines=inline_lines)
            span = next(spans, None)
        while span is not None and span[1] <= each.start():
            span = next(spans, None)
        if span is None or each.end() <= span[0]:
            yield each


def code_spans(text: str, *, inline_lines: bool = True) -> Iterator[tuple[int, int]]:
    """Where code begins and ends: between two runs of backticks of the same kind, three or more being one.
    `inline_lines`: what fewer enclose may have several lines."""
    runs = [run.span() for run in _BACKTICKS.finditer(text)]
    ends: list[int | None] = [None] * len(runs)
    latest: dict[int, int] = {}
    for number in range(len(runs) - 1, -1, -1):
        begin, behind = runs[number]
        kind = min(behind - begin, _FENCE)
        end = latest.get(kind)
        if end is not None and (inline_lines or kind == _FENCE or "\n" not in text[behind : runs[end][0]]):
            ends[number] = end
        latest[kind] = number
    number = 0
    while number < len(runs):
        end = ends[number]
        if end is None:
            number += 1
        else:
            yield runs[number][0], runs[end][1]
            number = end + 1
