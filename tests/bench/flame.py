"""Draws where the bot computes: each call as wide as its share, what it calls above it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from xml.sax.saxutils import escape

from tests.bench.parts import OTHER, PARTS, SHARED, part_of

WIDTH, LINE, LETTER = 1100, 16, 6.2
LEAST = 0.004
"""The share from which on a call is drawn."""

NAMES = (*PARTS, *SHARED, OTHER)
HUES = ("#9fd3f2", "#f7d98b", "#8fd9bf", "#e8b7d3", "#f2b391", "#ddd", "#eee")
COLOURS = dict(zip(NAMES, HUES, strict=True))


@dataclass(slots=True)
class _Call:
    times: int = 0
    calls: "dict[str, _Call]" = field(default_factory=dict)


def flame(stacks: Mapping[str, int]) -> str:
    """As SVG, the outermost calls at the bottom. What all have in common is left out."""
    outermost = {tuple(reversed(stack.split(";"))): times for stack, times in stacks.items()}
    shared = _in_common(list(outermost))
    root = _Call()
    for stack, times in outermost.items():
        call = root
        call.times += times
        for name in stack[shared:]:
            call = call.calls.setdefault(name, _Call())
            call.times += times
    boxes = [*_boxes(root, root.times, (), 0.0)]
    height = (max((len(names) for names, _, _ in boxes), default=0) + 2) * LINE
    drawn = [_drawn(names, left, share, height) for names, left, share in boxes]
    legend = [
        f'<rect x="{110 * number}" y="0" width="104" height="{LINE - 1}" fill="{colour}"/>'
        f'<text x="{110 * number + 4}" y="{LINE - 4}">{part}</text>'
        for number, (part, colour) in enumerate(COLOURS.items())
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
            'font-family="monospace" font-size="10" role="img">',
            "<title>Where the bot computes</title>",
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
            *legend,
            *drawn,
            "</svg>",
            "",
        ]
    )


def _in_common(stacks: Sequence[Sequence[str]]) -> int:
    """How many calls from the outermost on are the same in all of them."""
    together = zip(*stacks, strict=False)
    return sum(1 for _ in takewhile(lambda calls: len(set(calls)) == 1, together))


def _boxes(
    call: _Call, total: int, names: Sequence[str], left: float
) -> Iterator[tuple[Sequence[str], float, float]]:
    """The calls of a box, from the outermost on, where it begins and its share."""
    for name, inner in sorted(call.calls.items()):
        share = inner.times / total
        if share >= LEAST:
            yield (*names, name), left, share
            yield from _boxes(inner, total, (*names, name), left)
        left += share


def _drawn(names: Sequence[str], left: float, share: float, height: int) -> str:
    x, y, width = left * WIDTH, height - len(names) * LINE, share * WIDTH
    colour = COLOURS[part_of(";".join(reversed(names)))]
    name = names[-1]
    text = name.rpartition(".")[2][: max(0, int((width - 4) / LETTER))]
    box = f'x="{x:.1f}" y="{y}" width="{max(0.3, width - 0.5):.1f}" height="{LINE - 1}"'
    return (
        f'<g><title>{escape(name)} {share:.1%}</title><rect {box} fill="{colour}"/>'
        f'<text x="{x + 2:.1f}" y="{y + LINE - 5}">{escape(text)}</text></g>'
    )
