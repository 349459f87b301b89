"""What earlier versions kept, as they kept it: each file is a backup of the store of a bot of that commit.

    format-1-first.backup   b8ae9777, the first that says a format; it says `readable_from`, too
    format-1.backup         fca7f59b, the last that wrote format 1
    format-2.backup         9185304f

`python -m tests.recorded` makes one: the program of a checkout runs between a local Discord, a model and a
store, people talk to it, and it is killed in the midst of an answer. Who raises `FORMAT` adds one.
"""

from dataclasses import replace
from pathlib import Path

from adapters.operator.backup.archive import Reading
from adapters.stores.redis.client import Client
from adapters.stores.redis.pasting import Pasting

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.backup"))


async def put(file: Path, redis: Client) -> int:
    """Have it hold what was recorded, as if that were kept for good: it is over by now. The format of it."""
    with file.open("rb") as content:
        reading, pasting = Reading(content), Pasting(redis)
        summary = reading.check("")
        await pasting.begin()
        for entry in reading.entries():
            await pasting.put(replace(entry, until=0))
        await pasting.end(summary.format)
    return summary.format
