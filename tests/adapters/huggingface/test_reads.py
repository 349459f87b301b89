"""When streams are read: all that rest are read on at once."""

import asyncio
from contextlib import ExitStack

import pytest

from adapters.models.huggingface.reads import LONGEST_REST, SHORTEST_REST, Reads


class Socket(asyncio.ReadTransport):
    """Is read from, or not."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = True

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True


async def rested(streams: int) -> set[float]:
    """How long each of so many streams rests that begin to at once."""
    reads, loop = Reads(), asyncio.get_running_loop()

    async def rest() -> float:
        socket, began = Socket(), loop.time()
        resting = asyncio.ensure_future(reads.rest(socket))
        await asyncio.sleep(0)
        assert not socket.reading
        await resting
        assert socket.reading
        return round(loop.time() - began, 6)

    with ExitStack() as all_of_them:
        for _ in range(streams):
            all_of_them.enter_context(reads.stream())
        return set(await asyncio.gather(*(rest() for _ in range(streams))))


@pytest.mark.looptime
@pytest.mark.parametrize(
    ("streams", "seconds"), [(1, SHORTEST_REST), (40, 0.08), (50, 0.1), (1000, LONGEST_REST)]
)
async def test_the_more_streams_there_are_the_longer_each_rests(streams: int, seconds: float) -> None:
    assert await rested(streams) == {seconds}


@pytest.mark.looptime
async def test_who_begins_to_rest_later_is_read_with_the_others() -> None:
    reads, loop = Reads(), asyncio.get_running_loop()
    with ExitStack() as all_of_them:
        for _ in range(25):
            all_of_them.enter_context(reads.stream())
        first = asyncio.ensure_future(reads.rest(Socket()))
        await asyncio.sleep(0.03)
        await reads.rest(Socket())
        assert loop.time() == pytest.approx(0.05)
        await first


@pytest.mark.looptime
async def test_a_stream_that_is_left_while_it_rests_holds_up_no_other() -> None:
    reads = Reads()
    left, other = (asyncio.ensure_future(reads.rest(Socket())) for _ in range(2))
    await asyncio.sleep(0)
    left.cancel()
    await other
    assert left.cancelled()
