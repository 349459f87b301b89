"""Several bots on one store, one local Discord and one local Slack, while everything goes wrong.

    python -m tests.chaos --seed 1 --processes 4 --conversations 200 --messages 5

The seed is printed, and chooses every fault. It ends with 1 where a question was lost, doubled, cut, seen to
shrink, answered out of its order, left with a button to stop it or bought again after it had stood whole.
"""

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import Coroutine
from dataclasses import asdict
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

from tests.chaos.faults import NAMES
from tests.chaos.outcome import Outcome
from tests.chaos.run import Size, run


async def whole(running: Coroutine[None, None, Outcome]) -> Outcome:
    """What comes of a run. SIGTERM ends it, and leaves no bot behind."""
    task = asyncio.ensure_future(running)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


def keep(folder: Path, logs: Path, outcome: Outcome, name: str) -> None:
    """Leave the bots' logs there, and the story of each question to which something happened."""
    for log in folder.glob("bot*/bot.log"):
        copy(log, logs / f"{name}-{log.parent.name}.log")
    seen = {
        "faults": outcome.faults,
        "recovered": outcome.recovered,
        "stories": [asdict(each) for each in outcome.stories],
    }
    (logs / f"{name}.json").write_text(json.dumps(seen, indent=1))


def main() -> None:
    """Run each seed; exit with 1 where something happened that must not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1, help="so many, from the first on")
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--conversations", type=int, default=200, help="half of them on Slack")
    parser.add_argument("--messages", type=int, default=5, help="in each conversation")
    parser.add_argument("--only", nargs="*", choices=NAMES, default=(), help="these faults alone")
    parser.add_argument("--logs", type=Path, help="a folder for the bots' logs and what was seen")
    asked = parser.parse_args()
    if asked.logs:
        asked.logs.mkdir(parents=True, exist_ok=True)
    size = Size(processes=asked.processes, conversations=asked.conversations, messages=asked.messages)
    wrong = False
    for seed in range(asked.seed, asked.seed + asked.seeds):
        begun = time.monotonic()
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            outcome = asyncio.run(whole(run(seed, size, Path(folder), only=asked.only)))
            if asked.logs:
                keep(Path(folder), asked.logs, outcome, f"seed{seed}")
        taken = round(time.monotonic() - begun)
        print(json.dumps({"seed": seed, "seconds": taken, **outcome.report()}), flush=True)
        wrong |= outcome.wrong
    sys.exit(wrong)


if __name__ == "__main__":
    main()
