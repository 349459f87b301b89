"""What a check found: one line of the doctor's report."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """`WARNING`: the bot runs, though not as well as it should. `WRONG`: it doesn't, or will fail people."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`text` says what is so and `remedy` what to do, a sentence or two each; no secret is in either."""

    name: str
    verdict: Verdict
    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What is to be checked of a platform, by name, and the `servers` it talks to, as URLs."""

    checks: Mapping[str, Awaitable[list[Finding]]]
    servers: Sequence[str] = ()


def ok(name: str, text: str) -> Finding:
    return Finding(name=name, verdict=Verdict.OK, text=text)


def warning(name: str, text: str, remedy: str) -> Finding:
    return Finding(name=name, verdict=Verdict.WARNING, text=text, remedy=remedy)


def wrong(name: str, text: str, remedy: str) -> Finding:
    return Finding(name=name, verdict=Verdict.WRONG, text=text, remedy=remedy)
