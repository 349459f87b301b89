"""Draws how answers grew: what the model had written, and what stood there, over time. Pure."""

from collections.abc import Mapping, Sequence

from tests.bench.growth import Growth

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 30, 50
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00")
"""They are told apart by those who see fewer, too."""


def chart(growths: Mapping[str, Growth]) -> str:
    """A line for each, by its name, and one for what was written in the first of them; as SVG."""
    first = next(iter(growths.values()))
    words = len(first.written)
    lasts = [each.seen[-1][0] - each.written[0] for each in growths.values() if each.seen]
    seconds = max(first.written[-1] - first.written[0], *lasts)

    def line(points: Sequence[tuple[float, int]], colour: str, name: str, row: int) -> str:
        path = " ".join(
            f"{LEFT + at / seconds * (WIDTH - LEFT - RIGHT):.1f},"
            f"{HEIGHT - BOTTOM - count / words * (HEIGHT - TOP - BOTTOM):.1f}"
            for at, count in points
        )
        y = TOP + 18 * row
        return (
            f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{path}"/>'
            f'<line x1="{LEFT + 12}" x2="{LEFT + 32}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"/>'
            f'<text x="{LEFT + 38}" y="{y + 4}">{name}</text>'
        )

    written = [(at - first.written[0], number + 1) for number, at in enumerate(first.written)]
    lines = [line(written, "#888", "written by the model", 0)]
    for row, ((name, growth), colour) in enumerate(zip(growths.items(), COLOURS, strict=False), 1):
        lines.append(line(_stairs(growth), colour, f"seen, {name}", row))
    marks = [
        f'<text x="{LEFT + second / seconds * (WIDTH - LEFT - RIGHT):.1f}" y="{HEIGHT - BOTTOM + 18}" '
        f'text-anchor="middle">{second}</text>'
        for second in range(0, int(seconds) + 1, max(1, int(seconds) // 10))
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
            'font-family="sans-serif" font-size="12" fill="#555" role="img">',
            "<title>What stood there and what was written, over time</title>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
            f'<path d="M{LEFT},{TOP} V{HEIGHT - BOTTOM} H{WIDTH - RIGHT}" fill="none" stroke="#555"/>',
            *marks,
            f'<text x="{WIDTH / 2}" y="{HEIGHT - 12}" text-anchor="middle">seconds</text>',
            f'<text x="{LEFT - 8}" y="{TOP + 4}" text-anchor="end">{words}</text>',
            f'<text x="{LEFT - 8}" y="{HEIGHT - BOTTOM + 4}" text-anchor="end">0</text>',
            f'<text x="16" y="{HEIGHT / 2}" text-anchor="middle" '
            f'transform="rotate(-90 16 {HEIGHT / 2})">tokens</text>',
            *lines,
            "</svg>",
            "",
        ]
    )


def _stairs(growth: Growth) -> Sequence[tuple[float, int]]:
    """What stood there goes on standing until there is more."""
    points: list[tuple[float, int]] = [(0.0, 0)]
    for at, count in growth.seen:
        points += [(max(0.0, at - growth.written[0]), each) for each in (points[-1][1], count)]
    return points
