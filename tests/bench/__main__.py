"""`make bench`: how far behind the model readers are on local platforms, and what the bot uses meanwhile.

    python -m tests.bench                              the usual rows, in five minutes
    python -m tests.bench --rows 'discord-*' slack-10  these
    python -m tests.bench --all --document docs/performance.md

The installed program runs between a model, a Discord, a Slack and a store, which are processes of their own.
The same streams are read by aiohttp and by huggingface_hub's client alone, in the same minute: compare with
those, as a busy machine slows all of them down.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Coroutine, Sequence
from fnmatch import fnmatch
from pathlib import Path

from tests.bench import draft, prompt, stop
from tests.bench.figures import typical
from tests.bench.idle import idle
from tests.bench.machine import machine
from tests.bench.measuring import Measured, measure
from tests.bench.report import Report
from tests.bench.rows import ROWS, Row


async def report(rows: Sequence[Row], times: int) -> Report:
    """Measure these rows in turn, so many times, and what the bot needs before anybody asks."""
    measured: dict[str, list[Measured]] = {row.name: [] for row in rows}
    on, at_rest = machine(), await idle()
    for number in range(times):
        for row in rows:
            print(f"{row.name} {number + 1}/{times} …", file=sys.stderr, flush=True)
            try:
                measured[row.name].append(await measure(row))
            except (RuntimeError, EOFError, OSError) as error:
                print(f"{row.name} could not be measured: {error}", file=sys.stderr, flush=True)
    seen = {name: each for name, each in measured.items() if each}
    return Report(
        machine=on,
        rows=[typical([one.figures for one in each]) for each in seen.values()],
        growths={name: each[-1].growth for name, each in seen.items()},
        stacks={name: each[-1].stacks for name, each in seen.items()},
        idle=at_rest,
    )


async def whole(running: Coroutine[None, None, Report]) -> Report:
    """What comes of it. SIGTERM ends it, and leaves no process behind."""
    task = asyncio.ensure_future(running)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


def chosen(patterns: Sequence[str], *, everything: bool) -> Sequence[Row]:
    """Rows whose names look like one of these; without any, the usual ones."""
    if everything or patterns:
        return [row for row in ROWS if everything or any(fnmatch(row.name, each) for each in patterns)]
    return [row for row in ROWS if row.usual]


def main() -> None:
    """Measure, and say it."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="rows: " + " ".join(row.name for row in ROWS),
    )
    parser.add_argument("--rows", nargs="+", default=(), help="names, or patterns as of files")
    parser.add_argument("--all", action="store_true", help="all rows, and what prompt, pages and stops cost")
    parser.add_argument("--times", type=int, default=1, help="so often; medians are told")
    parser.add_argument("--json", type=Path, help="a file for all figures; - for the output")
    parser.add_argument("--document", type=Path, help="a page that they are put into")
    asked = parser.parse_args()
    said = asyncio.run(whole(report(chosen(asked.rows, everything=asked.all), asked.times)))
    if str(asked.json) == "-":
        print(said.json)
        return
    print(said.text)
    if asked.json:
        asked.json.write_text(said.json)
    if asked.document:
        said.write_into(asked.document)
    if asked.all:
        prompt.main()
        draft.main()
        stop.main()


if __name__ == "__main__":
    main()
