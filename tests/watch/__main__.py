"""Real processes, a real Prometheus with the rules of deploy/, and everything that an alert is about.

    python -m tests.watch --factor 60

Rules look at stretches that are shorter by the factor, and wait for less long by it. It ends with 1 where an
alert does not fire when it should, fires before or beside that, or does not end; or where a query of the
dashboard finds nothing. Where there is no Prometheus, it says so.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.watch.acts import ACTS, Act
from tests.watch.board import Drawn, drawn
from tests.watch.play import Scene, played
from tests.watch.prometheus import program
from tests.watch.stage import stage


def keep(board: Sequence[Drawn], file: Path) -> None:
    """Write the dashboard's series, to be drawn."""
    content = [{"panel": each.panel, "query": each.query, "series": [*each.series.items()]} for each in board]
    file.write_text(json.dumps(content))


async def run(found: str, acts: Sequence[Act], factor: float, kept: Path | None) -> bool:
    """Whether something is wrong."""
    wrong = False
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        async with stage(found, Path(folder), factor) as on:
            begin = time.time()
            talking = asyncio.create_task(on.talk())
            scenes: list[Scene] = []
            async for scene in played(on, acts, factor):
                scenes.append(scene)
                print("\n".join(scene.lines()), flush=True)
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)
            board = await drawn(on.prometheus, begin, factor)
            empty = [each for each in board if each.empty]
    fired = {name for scene in scenes for name in scene.took}
    print(
        f"{len(fired)} alerts fired in {time.time() - begin:.0f} s; {len(board)} queries of the dashboard, "
        f"of which {len(empty)} found nothing"
    )
    for each in empty:
        print(f"{each.panel}: nothing for {each.query}")
    if kept is not None:
        keep(board, kept)
    wrong = any(scene.wrong for scene in scenes)
    return wrong or (bool(empty) and acts == ACTS)


def main() -> None:
    """Play them all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--factor", type=float, default=60.0, help="a minute of the rules is a second at 60")
    parser.add_argument("--only", nargs="*", choices=[act.name for act in ACTS], default=())
    parser.add_argument("--keep", type=Path, help="a file for the dashboard's series, as JSON")
    asked = parser.parse_args()
    found = program()
    if found is None:
        print(
            "not run: there is no prometheus here (Debian's package has it, as make check-deploy fetches it)"
        )
        return
    acts = tuple(act for act in ACTS if act.name in asked.only) or ACTS
    sys.exit(asyncio.run(run(found, acts, asked.factor, asked.keep)))


if __name__ == "__main__":
    main()
