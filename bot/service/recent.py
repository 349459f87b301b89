"""What went wrong lately, by kind: for whoever asks how it stands."""

from collections.abc import Callable

from bot.conversation.fleet import Fault
from bot.conversation.measures import (
    DONE,
    CallEnded,
    Ended,
    GivenUp,
    LineWasFull,
    Measure,
    ModelFailed,
    TurnEnded,
)


class Recent:
    """`now` gives seconds since 1970."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._faults: dict[str, Fault] = {}

    def count(self, measure: Measure) -> None:
        """Remember it, where it is no good news."""
        if kind := _kind(measure):
            before = self._faults.get(kind)
            count = 1 + (before.count if before is not None else 0)
            self._faults[kind] = Fault(kind=kind, count=count, at=self._now())

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The latest first."""
        return tuple(sorted(self._faults.values(), key=lambda fault: -fault.at))


def _kind(measure: Measure) -> str:
    match measure:
        case ModelFailed(model=model, kind=kind):
            return f"{model}: {kind}"
        case CallEnded(platform=platform, bucket=bucket, how=how) if how != DONE:
            return f"{platform} {bucket}: {how}"
        case TurnEnded(platform=platform, how=Ended.FAILED):
            return f"{platform}: answer failed"
        case GivenUp(platform=platform):
            return f"{platform}: given up"
        case LineWasFull():
            return "line full"
    return ""
