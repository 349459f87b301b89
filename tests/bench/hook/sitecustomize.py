"""Python runs this at the start of a program that has this folder on its PYTHONPATH: so the bot is watched
from outside, and knows nothing of it.

SIGUSR1 begins: how late the event loop is, every few milliseconds, and how much of that it has computed
itself; and where the program is whenever it has computed for a few. SIGUSR2 ends, and writes all of it to the
file that BENCH_WATCHED names.
With BENCH_PROVIDERS, huggingface_hub finds Hugging Face's providers there.
"""

import json
import os
import signal
import time
from collections import Counter
from types import FrameType

EVERY = 0.01
"""Seconds between two looks at the loop."""

COMPUTED = 0.004
"""Seconds of processor time between two looks at the stack: as often as Linux counts it."""


class Watch:
    """What was seen since it began."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.held: list[float] = []
        self.stacks: Counter[str] = Counter()
        self._goes_on = False
        self._due = self._computed = 0.0

    def begin(self, number: int, frame: FrameType | None) -> None:
        """In the loop that runs."""
        import asyncio

        self.late, self.held, self.stacks, self._goes_on = [], [], Counter(), True
        asyncio.get_running_loop().call_soon_threadsafe(self._look_again)
        signal.setitimer(signal.ITIMER_PROF, COMPUTED, COMPUTED)

    def end(self, number: int, frame: FrameType | None) -> None:
        """Write it, in one step for whoever reads it."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        self._goes_on = False
        file = os.environ["BENCH_WATCHED"]
        with open(f"{file}.new", "w") as written:
            json.dump({"late": self.late, "held": self.held, "stacks": self.stacks}, written)
        os.replace(f"{file}.new", file)

    def stack(self, number: int, frame: FrameType | None) -> None:
        """Where the program is: a module and a function for each call, the innermost first."""
        calls: list[str] = []
        while frame is not None:
            calls.append(f"{frame.f_globals.get('__name__', '')}:{frame.f_code.co_name}")
            frame = frame.f_back
        self.stacks[";".join(calls)] += 1

    def _look_again(self) -> None:
        if self._goes_on:
            import asyncio

            self._due, self._computed = time.monotonic() + EVERY, time.thread_time()
            asyncio.get_running_loop().call_later(EVERY, self._look)

    def _look(self) -> None:
        late = max(0.0, time.monotonic() - self._due)
        self.late.append(late)
        self.held.append(min(late, time.thread_time() - self._computed))
        self._look_again()


if "BENCH_WATCHED" in os.environ:
    watch = Watch()
    signal.signal(signal.SIGUSR1, watch.begin)
    signal.signal(signal.SIGUSR2, watch.end)
    signal.signal(signal.SIGPROF, watch.stack)

if "BENCH_PROVIDERS" in os.environ:
    # The library has no variable for it, and its own way for those who have no other.
    from huggingface_hub.inference import _providers

    _providers.CONVERSATIONAL_AUTO_ROUTER.base_url = os.environ["BENCH_PROVIDERS"]
