"""How it stands with all processes, as lines of plain text that fit 80 columns. Pure."""

import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from bot.conversation.fleet import ProcessState, Sign

WIDTH = 80

DEAD = 6.0
"""Seconds without a sign, of which there is one a second, after which what a process held is others': a
lease."""

MOST_FAULTS = 8
MOST_ANSWERS = 20
NAME = 26


def is_alive(sign: Sign) -> bool:
    """Whether it gave a sign lately."""
    return sign.ago < DEAD


def drawn(signs: Sequence[Sign], *, now: float) -> Iterator[str]:
    """`now` in seconds since 1970."""
    signs = sorted(signs, key=lambda sign: (not is_alive(sign), sign.state.started, sign.state.name))
    there = [each.state for each in signs if is_alive(each)]
    waiting = sum(each.waiting for each in there)
    running = sum(sum(each.running.values()) for each in there)
    processes = _number(len(there), "process", "processes")
    answers = _number(running, "answer", "answers")
    yield _wide(f"{processes}, {answers} growing, {waiting} in line", _clock(now))
    if not signs:
        yield "No process has given a sign for ten minutes."
        return
    yield ""
    yield f"{'PROCESS':<{NAME}} {'VERSION':<9} {'UP':>5} {'SIGN':>6} {'STORE':>8} ANSWERS LINE HELD"
    for sign in signs:
        yield from _process(sign, now)
    yield from _platforms(there)
    yield from _models(there)
    yield from _answers(there)
    yield from _faults(there)


def _process(sign: Sign, now: float) -> Iterator[str]:
    state, name = sign.state, f"{_cut(sign.state.name, NAME):<{NAME}}"
    if not is_alive(sign):
        yield f"{name} gone: no sign for {_length(sign.ago)}"
        return
    yield (
        f"{name} {_cut(state.version, 9):<9} {_length(now - state.started):>5} {sign.ago:>4.1f} s "
        f"{_milliseconds(state.store):>8} {sum(state.running.values()):>7} {state.waiting:>4} {state.held:>4}"
    )
    if lacks := [need for need, there in state.needs.items() if not there]:
        words = ["is being stopped" if need == "open" else f"{need} is not well" for need in lacks]
        yield from _wrapped("  ", ", ".join(words))


def _platforms(states: Sequence[ProcessState]) -> Iterator[str]:
    names = sorted({name for state in states for name in state.platforms})
    if names:
        yield from ("", "PLATFORMS")
    for name in names:
        on = [state for state in states if name in state.platforms]
        off = [state.name for state in on if not state.platforms[name]]
        connected = f"connected on {len(on) - len(off)} of {len(on)}"
        yield from _wrapped(
            f"{_cut(name, 12):<12} ", connected + (f"; not on {', '.join(off)}" if off else "")
        )
        for state in on:
            if held := state.holds.get(name):
                yield from _wrapped(" " * 13, f"{_cut(state.name, NAME)} has {', '.join(held)}")


def _models(states: Sequence[ProcessState]) -> Iterator[str]:
    models = sorted({(each.model, each.server) for state in states for each in state.models})
    if models:
        yield from ("", f"{'MODEL':<32} {'SERVER':<30} {'STATE':<16}".rstrip())
    for model, server in models:
        resting = sum(
            each.resting
            for state in states
            for each in state.models
            if (each.model, each.server) == (model, server)
        )
        how = f"rests on {resting} of {len(states)}" if resting else "well"
        yield f"{_cut(model, 32):<32} {_cut(server, 30):<30} {how:<16}".rstrip()


def _answers(states: Sequence[ProcessState]) -> Iterator[str]:
    answers = sorted(
        ((state.name, answer) for state in states for answer in state.answers),
        key=lambda each: -each[1].seconds,
    )
    if answers:
        yield from ("", f"{'TURN':<8}  {'PLATFORM':<12} {'PLACE':<8} {'SECONDS':>7} {'TOKENS/S':>8}  PROCESS")
    for name, answer in answers[:MOST_ANSWERS]:
        place = "private" if answer.private else "channel"
        yield (
            f"{answer.turn:<8}  {_cut(answer.platform, 12):<12} {place:<8} {answer.seconds:>7.0f} "
            f"{answer.rate:>8.0f}  {_cut(name, NAME)}"
        )
    if len(answers) > MOST_ANSWERS:
        yield f"and {len(answers) - MOST_ANSWERS} more"


def _faults(states: Sequence[ProcessState]) -> Iterator[str]:
    faults = sorted(
        ((state.name, fault) for state in states for fault in state.faults), key=lambda each: -each[1].at
    )
    if faults:
        yield from ("", f"{'LAST':<9} {'TIMES':>5}  {'ERROR':<34} PROCESS")
    for name, fault in faults[:MOST_FAULTS]:
        yield f"{_clock(fault.at):<9} {fault.count:>5}  {_cut(fault.kind, 34):<34} {_cut(name, NAME)}"


def _wide(left: str, right: str) -> str:
    return f"{left}{right:>{WIDTH - len(left)}}"


def _wrapped(before: str, text: str) -> Iterator[str]:
    yield from textwrap.wrap(
        text, WIDTH, initial_indent=before, subsequent_indent=" " * len(before), break_on_hyphens=False
    )


def _cut(text: str, most: int) -> str:
    """Without its middle, where it is too long: names of machines differ at their ends."""
    half = (most - 1) // 2
    return text if len(text) <= most else f"{text[:half]}…{text[half - most + 1 :]}"


def _number(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _clock(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%H:%M:%S}Z"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _length(seconds: float) -> str:
    for length, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(0.0, seconds):.0f} s"
