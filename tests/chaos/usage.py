"""What a bot uses, and whether it grows."""

import os
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median

from redis.asyncio import Redis

LASTING = ("mixtral:*:reply:*", "mixtral:*:quoted:*")
"""Keys that are kept as long as conversations are: one for each message of an answer, and for each that is
quoted."""

GROWTH = 1.05
"""By so much the second half of a run may use more than the first: chance does that."""

SPARE = 8
"""So many more of anything are none: a connection, the tasks of one answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """`memory` in megabytes; `keys` without those that each answer leaves."""

    memory: float
    descriptors: float
    tasks: float
    keys: float

    @property
    def row(self) -> str:
        return (
            f"{self.memory:6.1f} MB {self.descriptors:5.0f} descriptors "
            f"{self.tasks:5.0f} tasks {self.keys:6.0f} keys"
        )


def of_process(pid: int) -> tuple[float, int]:
    """Megabytes of memory and open descriptors, as Linux tells them."""
    status = Path(f"/proc/{pid}/status").read_text()
    [kilobytes] = re.findall(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    return int(kilobytes) / 1024, len(os.listdir(f"/proc/{pid}/fd"))


async def lasting(redis: Redis) -> int:
    """How many of those there are."""
    return sum([1 for pattern in LASTING async for _ in redis.scan_iter(pattern, count=1000)])


def typical(seen: Sequence[Usage]) -> Usage:
    """The median of each."""
    memory, descriptors, tasks, keys = (median(each) for each in zip(*map(astuple, seen), strict=True))
    return Usage(memory=memory, descriptors=descriptors, tasks=tasks, keys=keys)


def grown(minutes: Sequence[Usage]) -> list[str]:
    """What the second half of these uses more of than the first."""
    half = len(minutes) // 2
    if not half:
        return []
    before, after = typical(minutes[:half]), typical(minutes[-half:])
    pairs = zip(Usage.__slots__, astuple(before), astuple(after), strict=True)
    return [name for name, one, other in pairs if other > max(one * GROWTH, one + SPARE)]
