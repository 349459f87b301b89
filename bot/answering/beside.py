"""Work that takes as long as a text is, and lets others compute meanwhile: it is done beside the loop.

That holds for a tokenizer in native code, which lets the interpreter go and ends in time that grows as its
text does; not for a regular expression or a lexer, which hold it in a thread, too.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 20_000
"""Characters for which a thread is not worth while: a tokenizer takes some milliseconds."""


async def beside_the_loop(characters: int, work: Callable[[], T]) -> T:
    """What the work gives; in a thread, where it is about so many characters."""
    return work() if characters <= AT_ONCE else await asyncio.to_thread(work)
