"""How soon an answer goes on whose process died. Pure."""

from collections.abc import Mapping, Sequence

NOTICED = 1.0
"""Seconds in which a model's server sees that who read from it is dead."""

UNDER_WAY = 0.1
"""Seconds in which what the dead had sent may still arrive."""


def recoveries(
    deaths: Sequence[float],
    left: Sequence[tuple[str, float]],
    texts: Mapping[str, Sequence[tuple[float, str]]],
) -> list[tuple[float, str]]:
    """Seconds from a death to the next sign of each answer that was being written then, and its question.
    `left`: for which question somebody left the model in mid-answer, and when; `texts`: what stood as each
    question's answer, with when."""
    seconds = []
    for death in deaths:
        for tag in {tag for tag, at in left if death <= at < death + NOTICED}:
            signs = [at for at, _ in texts.get(tag, ()) if at > death + UNDER_WAY]
            seconds += [(min(signs) - death, tag)] if signs else []
    return sorted(seconds)


def quantiles(seconds: Sequence[float]) -> Mapping[str, float]:
    """How many there are, and after how long half of them, 95 % and all had gone on."""
    if not seconds:
        return {"answers": 0}
    last = len(seconds) - 1
    places = {"p50": last // 2, "p95": round(last * 0.95), "max": last}
    return {"answers": len(seconds)} | {name: round(seconds[at], 1) for name, at in places.items()}
