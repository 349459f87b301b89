"""Where one visible character ends and the next begins: Unicode's extended grapheme clusters."""

import regex

LOOK_BACK = 4096
"""Code points. Whether two flags or the links of an emoji belong together depends on what stands before
them, as far as the run goes; a run longer than this (no page of a platform is) may be cut within."""

_GRAPHEME = regex.compile(r"\X")
_BINDS_ONWARD = regex.compile(
    r"[\p{Grapheme_Cluster_Break=Extend}\p{Grapheme_Cluster_Break=ZWJ}]"
    r"(?=[\p{Extended_Pictographic}\p{Indic_Conjunct_Break=Consonant}])"
)
"""Between these a break can depend on more than the two (rules GB9c and GB11)."""


def boundary(text: str, index: int) -> int:
    """The last grapheme boundary of `text` at or before `index`.

    It looks back to the nearest place that is a boundary whatever stands before it, usually the neighbouring
    letter, and goes forward from there; the cost does not grow with the text.
    """
    if index >= len(text):
        return len(text)
    if index <= 0:
        return 0
    start = index
    floor = max(index - LOOK_BACK, 0)
    while start > floor and not _surely_parted(text, start):
        start -= 1
    # What follows `index` can't change whether there is a boundary at it.
    last = start
    for cluster in _GRAPHEME.finditer(text, start, index + 1):
        last = cluster.start()
    return last


def _surely_parted(text: str, index: int) -> bool:
    """Whether a boundary stands at `index`, judged by the two neighbours alone."""
    if _BINDS_ONWARD.match(text, index - 1):
        return False
    first = _GRAPHEME.match(text, index - 1, index + 1)
    return first is not None and first.end() == index
